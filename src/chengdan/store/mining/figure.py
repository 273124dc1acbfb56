"""The records behind one figure of the report."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Select,
    Text,
    cast,
    func,
    literal,
    select,
)

from chengdan.kernel.mark import MarkKind
from chengdan.kernel.pipeline import StageKind
from chengdan.store.mining.deliverables import crossings, worked
from chengdan.store.mining.sample import Condition, Sample, inside, seconds
from chengdan.store.mining.visits import Visits
from chengdan.store.query import labelled, stored

MEASURES = (
    "entered", "ended", "forward", "lost", "back", "open", "again", "bounced", "won_outcome", "lost_outcome",
    "done", "redone", "met", "skipped",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the report, to be opened: what is counted, of which stage, towards which, of which sub-step."""

    measure: str
    stage: str = ""
    to: str = ""
    step: str = ""


def figure_statement(sample: Sample, figure: Figure, limit: int) -> Select[Any]:
    """The records behind a figure, the latest first: id, title, owner, stage, when, seconds; and how many there are at all."""
    visits = Visits.of(sample)
    found = _behind(sample, visits, figure)
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


def _behind(sample: Sample, visits: Visits, figure: Figure) -> CTE:
    c = visits.rows.c
    if figure.measure in ("done", "redone"):
        steps = worked(sample)
        s = steps.c
        conditions = [s.kind == str(MarkKind.DONE), s.name == figure.step, inside(s.at)]
        if figure.measure == "redone":
            conditions.append(s.again)
        return (
            select(s.record_id, s.at, seconds(s.at - s.entered_at).label("seconds"))
            .where(*conditions)
            .cte("found")
        )
    if figure.measure in ("met", "skipped"):
        x = crossings(visits, visits.forward).c
        side = x.without if figure.measure == "skipped" else ~x.without
        nothing = cast(literal(None), Float).label("seconds")
        return (
            select(x.record_id, x.left_at.label("at"), nothing)
            .where(x.name == figure.step, side)
            .cte("found")
        )
    where, at = _conditions(visits)[figure.measure]
    conditions = [where]
    if figure.stage:
        conditions.append(c.stage == figure.stage)
    if figure.to:
        conditions.append(c.next == figure.to)
    return select(c.record_id, at.label("at"), visits.stay.label("seconds")).where(*conditions).cte("found")


def _conditions(visits: Visits) -> dict[str, tuple[Condition, ColumnElement[Any]]]:
    c = visits.rows.c
    return {
        "entered": (visits.entered, c.entered_at),
        "ended": (visits.ended, c.left_at),
        "forward": (visits.forward, c.left_at),
        "lost": (visits.lost, c.left_at),
        "back": (visits.back, c.left_at),
        "open": (visits.open, c.entered_at),
        "again": (visits.again, c.entered_at),
        "bounced": (visits.bounced, c.left_at),
        "won_outcome": (visits.outcome(StageKind.WON), c.entered_at),
        "lost_outcome": (visits.outcome(StageKind.LOST), c.entered_at),
    }
