"""Deliverables: with and without which gates were passed, what became of those visits, and when sub-steps were done."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Text,
    and_,
    case,
    cast,
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
from chengdan.store.mining.sample import Condition, Sample, along, inside, one_of, seconds, seen_before
from chengdan.store.mining.visits import Visits, count, typical


def crossings(visits: Visits, where: Condition) -> CTE:
    """For each record and deliverable the last time that a gate demanded it: whether it went without."""
    c = visits.rows.c
    rows = _demanded(visits.rows, (c.met, c.without), (c.record_id, c.left_at), where)
    last = (
        select(rows)
        .ext(distinct_on(rows.c.record_id, rows.c.name))
        .order_by(rows.c.record_id, rows.c.name, rows.c.left_at.desc())
    )
    return last.cte("crossings")


def _counted(visits: Visits, where: Condition) -> Subquery:
    """Over how many records each deliverable was there or lacked the last time that a gate demanded it, by whether they are won.

    Who never went back passed no gate twice: of those only the lists are counted, which are few. The others are gone through
    one by one.
    """
    c, sample = visits.rows.c, visits.sample
    records = sample.records
    won = sample.among(records.c.now, StageKind.WON).label("won")
    returned = select(c.record_id).where(visits.backward)
    lists = (
        select(c.met, c.without, won, func.count().label("n"))
        .select_from(visits.rows.join(records, records.c.id == c.record_id))
        .where(where, c.record_id.not_in(returned))
        .group_by(c.met, c.without, won)
        .cte("lists")
    )
    straight = _demanded(lists, (lists.c.met, lists.c.without), (lists.c.won, lists.c.n), true())
    looped = crossings(visits, and_(where, c.record_id.in_(returned)))
    either = union_all(
        select(straight.c.name, straight.c.without, straight.c.won, straight.c.n),
        select(looped.c.name, looped.c.without, won, literal(1)).select_from(
            looped.join(records, records.c.id == looped.c.record_id)
        ),
    )
    return either.subquery("counted")


def _demanded(
    source: FromClause,
    sides: tuple[ColumnElement[Any], ColumnElement[Any]],
    columns: Sequence[ColumnElement[Any]],
    where: Condition,
) -> Subquery:
    """A row for each deliverable in two lists of a row: in the first those that were there, in the second those that lacked."""
    parts = []
    for names, without in zip(sides, (False, True), strict=True):
        each = func.unnest(names).table_valued(column("name", Text)).lateral("each")
        parts.append(
            select(*columns, each.c.name, literal(without).label("without"))
            .select_from(source.join(each, true()))
            .where(where)
        )
    return union_all(*parts).subquery("demanded")


def demands_statement(visits: Visits) -> Select[Any]:
    """Per deliverable: over how many records its gate was passed with it and without it in the period."""
    c = _counted(visits, visits.forward).c
    return select(c.name, _sum(c.n, ~c.without), _sum(c.n, c.without)).group_by(c.name)


def closed_statement(visits: Visits) -> Select[Any]:
    """Over the records won or lost in the period, per deliverable: passed its gate with it, of these won; the same without."""
    rows = visits.rows.c
    closed = select(rows.record_id).where(visits.outcome(StageKind.WON, StageKind.LOST)).cte("closed")
    c = _counted(visits, and_(rows.record_id.in_(select(closed.c.record_id)), visits.onward)).c
    sides = (~c.without, and_(~c.without, c.won), c.without, and_(c.without, c.won))
    return select(c.name, *[_sum(c.n, where) for where in sides]).group_by(c.name)


def _sum(number: ColumnElement[Any], where: Condition) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(number).filter(where), 0), BigInteger)


def entries_statement(visits: Visits) -> Select[Any]:
    """Over the visits that ended in the period, per stage and deliverable of the gate before it: came in with it, of these
    went on; came in without it, of these went on."""
    c = visits.rows.c
    forward = visits.forward.label("forward")
    rows = _demanded(visits.rows, (c.came_with, c.came_without), (c.stage, forward), visits.ended)
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
            count(and_(done, rows.c.again)),
            count(rows.c.kind == str(MarkKind.UNDONE)),
            typical(since, done),
        )
        .where(rows.c.kind != str(MarkKind.ENTERED), inside(rows.c.at))
        .group_by(rows.c.name)
    )


def worked(sample: Sample) -> CTE:
    """What was done, each with when the stage of that moment was entered, and whether it had been done before."""
    mark, records = system.mark.alias("m"), sample.records
    entered = func.max(case((mark.c.kind == str(MarkKind.ENTERED), mark.c.at)))
    done = case((mark.c.kind == str(MarkKind.DONE), mark.c.name))
    kinds = [str(kind) for kind in (MarkKind.ENTERED, MarkKind.DONE, MarkKind.UNDONE)]
    return (
        select(
            mark.c.record_id,
            mark.c.kind,
            mark.c.name,
            mark.c.at,
            along(mark, entered).label("entered_at"),
            seen_before(mark, done).label("again"),
        )
        .select_from(mark.join(records, records.c.id == mark.c.record_id))
        .where(mark.c.object == sample.object, one_of(mark.c.kind, kinds))
        .cte("steps")
    )
