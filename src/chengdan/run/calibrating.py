"""Calibration: what became of records in the past says how well each signal tells."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.types import Date, DateTime

from chengdan.expr import Kind
from chengdan.expr.evaluate import SHANGHAI
from chengdan.expr.sql import compile_filter
from chengdan.kernel.calibration import Case, Evidence, calibrated, evidence
from chengdan.kernel.field import FieldType
from chengdan.kernel.score import Score, standing
from chengdan.run.figuring import figures
from chengdan.run.runtime import Runtime
from chengdan.store import scores
from chengdan.store.edition import Edition
from chengdan.store.statement import render

CASES_BACK = 6
MOST_CASES = 4_000


def calibrate(runtime: Runtime, score: Score) -> dict[str, Evidence]:
    """Learn from what became of records how well each signal tells; kept beside the score."""
    now = runtime.clock()
    found = past_cases(runtime, score, now)
    told = evidence(score, found)
    weights = calibrated(score, told)
    colors: dict[str, list[int]] = {}
    for case in found:
        color = standing(score, weights, case.figures).color
        if color is not None:
            tally = colors.setdefault(color, [0, 0])
            tally[0] += case.lost
            tally[1] += 1
    kept = {
        "signals": {name: {"auc": round(one.auc, 4), "won": one.won, "lost": one.lost} for name, one in told.items()},
        "won": sum(not case.lost for case in found),
        "lost": sum(case.lost for case in found),
        "colors": {color: {"lost": lost, "cases": cases} for color, (lost, cases) in colors.items()},
    }  # fmt: skip
    with runtime.pool.connection() as connection:
        scores.keep_evidence(connection, score.name, now, kept)
    return told


@dataclass(frozen=True, slots=True)
class _Ended:
    subject: UUID
    lost: bool


def past_cases(runtime: Runtime, score: Score, now: datetime) -> list[Case]:
    """What was known of records at some times of the past, and whether they were won or lost in the days that followed."""
    outcome = score.outcome
    if outcome is None:
        return []
    found: list[Case] = []
    step = timedelta(days=outcome.days)
    for back in range(1, CASES_BACK + 1):
        then = now - back * step
        with runtime.pool.connection() as connection:
            connection.execute("SET LOCAL statement_timeout = 0")
            ended = _ended(connection, runtime.edition, score, then, then + step)
            lost = {one.subject: one.lost for one in ended}
            known = figures(connection, runtime.edition, score, then, list(lost), past=True) if lost else ()
            found.extend(Case(figured, lost[id]) for id, figured in known)
    return found


def _ended(connection: Any, edition: Edition, score: Score, since: datetime, until: datetime) -> list[_Ended]:
    """What became of each record from `since` on until `until`: the last that ended of what was under way at `since`.

    What began later would only tell that something was under way.
    """
    outcome = score.outcome
    if outcome is None:
        return []
    snapshot, context = edition.snapshot, edition.context(until, None)
    table = edition.tables.alias(outcome.object)
    won, lost = (
        compile_filter(
            snapshot.compiled(outcome.object, text, expect=Kind.BOOLEAN).expression, table, context
        )
        for text in (outcome.won, outcome.lost)
    )
    on, per = table.c[outcome.on], table.c[outcome.per]
    dated = snapshot.objects[outcome.object].by_name[outcome.on].type is FieldType.DATE
    type = Date() if dated else DateTime(timezone=True)
    statement = render(
        select(per, lost)
        .ext(distinct_on(per))
        .where(
            and_(table.c.archived_at.is_(None), per.is_not(None), table.c.created_at <= since),
            on > bindparam("since", type_=type),
            on <= bindparam("until", type_=type),
            or_(won, lost),
        )
        .order_by(per, on.desc(), table.c.id.desc())
        .limit(MOST_CASES)
    )
    bounds = [at.astimezone(SHANGHAI).date() if dated else at for at in (since, until)]
    sql, params = statement.bound(since=bounds[0], until=bounds[1])
    return [_Ended(id, bool(gone)) for id, gone in connection.run(sql, params).fetchall()]
