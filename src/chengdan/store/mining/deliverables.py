"""Deliverables: with and without which gates were passed, what became of those visits, and when sub-steps were done."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Subquery,
    Text,
    and_,
    case,
    column,
    func,
    literal,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from chengdan.kernel.mark import MarkKind
from chengdan.kernel.pipeline import StageKind
from chengdan.store import system
from chengdan.store.mining.sample import Condition, Sample, along, inside, one_of, seconds
from chengdan.store.mining.visits import Visits, count, typical


def crossings(visits: Visits, where: Condition) -> CTE:
    """For each record and deliverable the last time that a gate demanded it: whether it went without."""
    c = visits.rows.c
    columns = (c.record_id, c.owner, c.team, c.now, c.left_at)
    rows = _demanded(visits, (c.met, c.without), columns, where)
    last = (
        select(rows)
        .ext(distinct_on(rows.c.record_id, rows.c.name))
        .order_by(rows.c.record_id, rows.c.name, rows.c.left_at.desc())
    )
    return last.cte("crossings")


def _demanded(
    visits: Visits,
    sides: tuple[ColumnElement[Any], ColumnElement[Any]],
    columns: Sequence[ColumnElement[Any]],
    where: Condition,
) -> Subquery:
    """A row for each deliverable in the lists of a visit: in the first those that were there, in the second those that lacked."""
    parts = []
    for names, without in zip(sides, (False, True), strict=True):
        each = func.unnest(names).table_valued(column("name", Text)).lateral("each")
        parts.append(
            select(*columns, each.c.name, literal(without).label("without"))
            .select_from(visits.rows.join(each, true()))
            .where(where)
        )
    return union_all(*parts).subquery("demanded")


def demands_statement(visits: Visits) -> Select[Any]:
    """Per deliverable: over how many records its gate was passed with it and without it in the period."""
    c = crossings(visits, visits.forward).c
    return select(c.name, count(~c.without), count(c.without)).group_by(c.name)


def closed_statement(visits: Visits) -> Select[Any]:
    """Over the records won or lost in the period, per deliverable: passed its gate with it, of these won; the same without."""
    rows, sample = visits.rows.c, visits.sample
    closed = select(rows.record_id).where(visits.outcome(StageKind.WON, StageKind.LOST)).cte("closed")
    c = crossings(visits, and_(rows.record_id.in_(select(closed.c.record_id)), visits.onward)).c
    won = sample.among(c.now, StageKind.WON)
    counted = (~c.without, and_(~c.without, won), c.without, and_(c.without, won))
    return select(c.name, *[count(where) for where in counted]).group_by(c.name)


def entries_statement(visits: Visits) -> Select[Any]:
    """Over the visits that ended in the period, per stage and deliverable of the gate before it: came in with it, of these
    went on; came in without it, of these went on."""
    c = visits.rows.c
    forward = visits.forward.label("forward")
    rows = _demanded(visits, (c.came_with, c.came_without), (c.stage, forward), visits.ended)
    r = rows.c
    counted = [~r.without, and_(~r.without, r.forward), r.without, and_(r.without, r.forward)]
    return select(r.stage, r.name, *[count(where) for where in counted]).group_by(r.stage, r.name)


def substeps_statement(sample: Sample) -> Select[Any]:
    """Per sub-step: times done, times done again, times undone, and [median, p90] of seconds since its stage was entered."""
    rows = worked(sample)
    done = rows.c.kind == str(MarkKind.DONE)
    since = seconds(rows.c.at - rows.c.entered_at)
    return (
        select(
            rows.c.name,
            count(done),
            count(and_(done, rows.c.nth > 1)),
            count(rows.c.kind == str(MarkKind.UNDONE)),
            typical(since, done),
        )
        .where(rows.c.kind != str(MarkKind.ENTERED), inside(rows.c.at))
        .group_by(rows.c.name)
    )


def worked(sample: Sample) -> CTE:
    """What was done, each with when the stage of that moment was entered, and which time it was."""
    mark, records = system.mark.alias("m"), sample.records
    entered = func.max(case((mark.c.kind == str(MarkKind.ENTERED), mark.c.at)))
    kinds = [str(kind) for kind in (MarkKind.ENTERED, MarkKind.DONE, MarkKind.UNDONE)]
    return (
        select(
            mark.c.record_id,
            mark.c.kind,
            mark.c.name,
            mark.c.at,
            along(mark, entered).label("entered_at"),
            along(mark, func.row_number(), mark.c.name, mark.c.kind).label("nth"),
        )
        .select_from(mark.join(records, records.c.id == mark.c.record_id))
        .where(mark.c.object == sample.object, one_of(mark.c.kind, kinds))
        .cte("steps")
    )
