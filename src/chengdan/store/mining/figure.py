"""The records behind one figure of the report."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    Float,
    Select,
    Text,
    and_,
    cast,
    func,
    literal,
    select,
)

from chengdan.kernel.mark import MarkKind
from chengdan.kernel.pipeline import StageKind
from chengdan.store.mining.deliverables import crossings
from chengdan.store.mining.moves import Moves
from chengdan.store.mining.sample import Condition, Sample, inside, seconds
from chengdan.store.query import labelled, stored

MEASURES = (
    "entered", "ended", "forward", "lost", "back", "open", "again", "bounced", "won_outcome", "lost_outcome",
    "done", "redone", "met", "skipped",
)  # fmt: skip
STANDING = {"open": StageKind.OPEN, "won_outcome": StageKind.WON, "lost_outcome": StageKind.LOST}
"""Figures of where records stand now: in which kind of stage."""
_NOTHING = cast(literal(None), Float).label("seconds")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the report, to be opened: what is counted, of which stage, towards which, of which sub-step."""

    measure: str
    stage: str = ""
    to: str = ""
    step: str = ""


def figure_statement(sample: Sample, figure: Figure, limit: int) -> Select[Any]:
    """The records behind a figure, the latest first: id, title, owner, stage, when, seconds spent before;
    and how many there are at all."""
    found = _behind(sample, figure)
    ranked = select(
        found.c.record_id,
        found.c.at,
        found.c.seconds,
        func.row_number().over(partition_by=found.c.record_id, order_by=found.c.at.desc()).label("nth"),
    ).subquery("ranked")
    once = (
        select(ranked.c.record_id, ranked.c.at, ranked.c.seconds, func.count().over().label("total"))
        .where(ranked.c.nth == 1)
        .order_by(ranked.c.at.desc())
        .limit(limit)
        .subquery("once")
    )
    item = sample.viewing.edition.snapshot.objects[sample.object]
    table = sample.viewing.edition.tables.alias(sample.object)
    hidden = item.title in sample.viewing.access(sample.object).hidden
    title = literal(None) if hidden else stored(sample.viewing, item, item.title, table)
    return (
        select(
            table.c.id,
            cast(title, Text),
            labelled(sample.viewing, "user", table.c.owner),
            table.c[sample.pipeline.field],
            once.c.at,
            once.c.seconds,
            once.c.total,
        )
        .select_from(once.join(table, table.c.id == once.c.record_id))
        .order_by(once.c.at.desc())
    )


def _behind(sample: Sample, figure: Figure) -> CTE:
    if figure.measure in ("done", "redone"):
        return _done(sample, figure)
    if figure.measure in STANDING:
        return _standing(sample, figure)
    moves = Moves(sample)
    if figure.measure in ("met", "skipped"):
        x = crossings(moves, moves.inside, figure.step).c
        side = x.lacked if figure.measure == "skipped" else ~x.lacked
        return select(x.record_id, x.at, _NOTHING).where(side).cte("found")
    c = moves.rows.c
    conditions = [_conditions(moves)[figure.measure]]
    if figure.stage:
        arriving = figure.measure in ("entered", "again")
        conditions.append((c.target if arriving else c.origin) == figure.stage)
    if figure.to:
        conditions.append(c.target == figure.to)
    return select(c.record_id, c.at, moves.stay.label("seconds")).where(*conditions).cte("found")


def _standing(sample: Sample, figure: Figure) -> CTE:
    records, kind = sample.records, STANDING[figure.measure]
    c = records.c
    conditions = [sample.among(c.now, kind) if kind is StageKind.OPEN else sample.closed(records, kind)]
    if figure.stage:
        conditions.append(c.now == figure.stage)
    return select(c.id.label("record_id"), c.now_since.label("at"), _NOTHING).where(*conditions).cte("found")


def _done(sample: Sample, figure: Figure) -> CTE:
    c = sample.marks(MarkKind.DONE).c
    conditions = [c.name == figure.step, inside(c.at)]
    if figure.measure == "redone":
        conditions.append(c.again)
    return select(c.record_id, c.at, seconds(c.at - c.since).label("seconds")).where(*conditions).cte("found")


def _conditions(moves: Moves) -> dict[str, Condition]:
    c = moves.rows.c
    return {
        "entered": moves.inside,
        "ended": moves.ended,
        "forward": and_(moves.ended, moves.onward),
        "lost": moves.lost,
        "back": and_(moves.ended, moves.backward),
        "again": and_(moves.inside, c.again),
        "bounced": and_(moves.inside, c.bounced),
    }
