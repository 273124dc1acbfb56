"""Deliverables: with and without which gates were passed, what became of those records, and when sub-steps were done."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ARRAY,
    CTE,
    BigInteger,
    Boolean,
    ColumnElement,
    FromClause,
    Select,
    Subquery,
    Text,
    and_,
    any_,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
    values,
)
from sqlalchemy.dialects.postgresql import distinct_on

from chengdan.kernel.mark import MarkKind
from chengdan.kernel.pipeline import StageKind
from chengdan.store import system
from chengdan.store.mining.moves import Moves
from chengdan.store.mining.sample import Condition, Sample, count, inside, seconds, typical


def crossings(moves: Moves, where: Condition, only: str | None = None) -> CTE:
    """For each record and deliverable, or but for one, the last time that a gate demanded it: whether it went without."""
    c = moves.rows.c
    asked = true() if only is None else or_(literal(only) == any_(c.met), literal(only) == any_(c.without))
    onward = select(moves.rows).where(where, moves.onward, asked).cte("onward").prefix_with("MATERIALIZED")
    o = onward.c
    rows = _demanded(onward, o.met, o.without, (o.record_id, o.owner, o.team, o.now, o.at, o.visit))
    last = (
        select(rows)
        .where(true() if only is None else rows.c.name == only)
        .ext(distinct_on(rows.c.record_id, rows.c.name))
        .order_by(rows.c.record_id, rows.c.name, rows.c.visit.desc())
    )
    return last.cte("crossings")


def _counted(moves: Moves, where: Condition) -> Subquery:
    """Over how many records each deliverable was there or lacked the last time that a gate demanded it, by whether they are won.

    Who never went back passed no gate twice: of those only the lists are counted, which are few. The others are gone through
    one by one.
    """
    c = moves.rows.c
    won = moves.sample.among(c.now, StageKind.WON).label("won")
    returned = select(c.record_id).where(where, moves.backward).cte("returned")
    back = select(returned.c.record_id)
    lists = (
        select(c.met, c.without, won, func.count().label("n"))
        .where(where, moves.onward, c.record_id.not_in(back))
        .group_by(c.met, c.without, won)
        .subquery("lists")
    )
    straight = _demanded(lists, lists.c.met, lists.c.without, (lists.c.won, lists.c.n)).c
    looped = crossings(moves, and_(where, c.record_id.in_(back))).c
    either = union_all(
        select(straight.name, straight.lacked, straight.won, straight.n),
        select(looped.name, looped.lacked, moves.sample.among(looped.now, StageKind.WON), literal(1)),
    )
    return either.subquery("counted")


def _demanded(
    source: FromClause,
    met: ColumnElement[Any],
    without: ColumnElement[Any],
    columns: Sequence[ColumnElement[Any]],
) -> Subquery:
    """A row for each deliverable in two lists of a row: in the first those that were there, in the second those that lacked."""
    sides = values(column("names", ARRAY(Text)), column("lacked", Boolean), name="sides")
    sides = sides.data([(met, False), (without, True)]).lateral()
    each = func.unnest(sides.c.names).table_valued(column("name", Text)).lateral("each")
    joined = source.join(sides, true()).join(each, true())
    return select(*columns, each.c.name, sides.c.lacked).select_from(joined).subquery("demanded")


def demands_statement(moves: Moves) -> Select[Any]:
    """Per deliverable: over how many records its gate was passed with it and without it in the period."""
    c = _counted(moves, moves.inside).c
    return select(c.name, _sum(c.n, ~c.lacked), _sum(c.n, c.lacked)).group_by(c.name)


def closed_statement(moves: Moves) -> Select[Any]:
    """Over the records won or lost in the period, per deliverable: passed its gate with it, of these won; the same without."""
    c = _counted(moves, moves.sample.closed(moves.rows, StageKind.WON, StageKind.LOST)).c
    sides = (~c.lacked, and_(~c.lacked, c.won), c.lacked, and_(c.lacked, c.won))
    return select(c.name, *[_sum(c.n, where) for where in sides]).group_by(c.name)


def _sum(number: ColumnElement[Any], where: Condition) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(number).filter(where), 0), BigInteger)


def entries_statement(moves: Moves) -> Select[Any]:
    """Over the stays that ended in the period, per stage and deliverable of the gate before it: came in with it, of these
    went on; came in without it, of these went on."""
    left, came = moves.rows.c, system.mark.alias("came")
    forward = moves.onward.label("forward")
    before = and_(
        came.c.object == moves.sample.object,
        came.c.kind == str(MarkKind.ENTERED),
        came.c.record_id == left.record_id,
        came.c.visit == left.visit - 1,
    )
    lists = (
        select(left.origin, came.c.met, came.c.without, forward, func.count().label("n"))
        .select_from(moves.rows.join(came, before))
        .where(moves.ended)
        .group_by(left.origin, came.c.met, came.c.without, forward)
        .subquery("lists")
    )
    c = _demanded(lists, lists.c.met, lists.c.without, (lists.c.origin, lists.c.forward, lists.c.n)).c
    sides = (~c.lacked, and_(~c.lacked, c.forward), c.lacked, and_(c.lacked, c.forward))
    return select(c.origin, c.name, *[_sum(c.n, where) for where in sides]).group_by(c.origin, c.name)


def substeps_statement(sample: Sample) -> Select[Any]:
    """Per sub-step: times done, times done again, times undone, and [median, p90] of seconds since its stage was entered."""
    c = sample.marks(MarkKind.DONE, MarkKind.UNDONE).c
    done = c.kind == str(MarkKind.DONE)
    return (
        select(
            c.name,
            count(done),
            count(and_(done, c.again)),
            count(~done),
            typical(seconds(c.at - c.since), done),
        )
        .where(inside(c.at))
        .group_by(c.name)
    )
