"""Gates passed by exception: how many, the newest of them, and how many by whom, into which stage, without what."""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    ScalarSelect,
    Select,
    Subquery,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    text,
)

from chengdan.expr import Expression
from chengdan.kernel.event import EventKind
from chengdan.kernel.mark import HAPPENED_AT
from chengdan.store import system
from chengdan.store.panels import chosen, titled
from chengdan.store.query import Viewing, labelled

MOST = 10_000
"""How many exceptions of an object, the newest, are looked at; which of them are within reach shows then."""


def overrides_statement(
    viewing: Viewing, object: str, filter: Expression | None, mine: bool, limit: int, groups: int
) -> Select[Any]:
    """Gates passed in spite of what lacked, and scans answered for, since the open parameter `since`, as one row.

    How many there are of records within reach, archived or not; whether older ones were left aside; then four JSON arrays:
    the newest `limit`, and the greatest `groups` by person, by stage, by deliverable.
    """
    latest = _latest(object)
    found = _found(viewing, object, filter, mine, latest)
    people = select(found.c.actor.label("key")).subquery("people")
    name = labelled(viewing, "user", people.c.key).op("->>")("label")
    stages = select(found.c.data["to"].astext.label("key")).subquery("stages")
    lacking = select(func.jsonb_array_elements_text(_lacking(found)).label("key")).subquery("lacking")
    return select(
        select(func.count()).select_from(found).scalar_subquery(),
        select(func.count() > MOST).select_from(latest).scalar_subquery(),
        _newest(viewing, found, limit),
        _tally(people, groups, name.label("label")),
        _tally(stages, groups),
        _tally(lacking, groups),
    )


def _latest(object: str) -> CTE:
    """The newest exceptions of an object, MOST of them and one more, whosever records they are on.

    What a history that was brought in tells of earlier times is none of them.
    """
    event = system.event.c
    since = bindparam("since", type_=system.Instant)
    happened_at = func.coalesce(cast(event.data[HAPPENED_AT].astext, system.Instant), event.at)
    return (
        select(event.at, event.actor, event.record_id, event.kind, event.data)
        .where(
            event.object == object,
            event.at >= since,
            happened_at >= since,
            text(system.EXCEPTIONAL),
        )
        .order_by(event.at.desc())
        .limit(MOST + 1)
        .cte("latest")
    )


def _found(viewing: Viewing, object: str, filter: Expression | None, mine: bool, latest: CTE) -> CTE:
    """The newest MOST of them that are on the records asked for, with these records' ids and titles."""
    newest = select(latest).order_by(latest.c.at.desc()).limit(MOST).subquery()
    table = viewing.edition.tables.alias(object)
    columns = (newest.c.at, newest.c.actor, table.c.id, titled(viewing, object, table).label("title"))
    return (
        select(*columns, newest.c.kind, newest.c.data)
        .select_from(newest.join(table, table.c.id == newest.c.record_id))
        .where(viewing.reach(object, table), *chosen(viewing, table, filter, mine))
        .cte("found")
    )


def _lacking(found: CTE) -> ColumnElement[Any]:
    """What an exception went without: the deliverables that a gate asked for, or the one whose scan was answered for."""
    data = found.c.data
    vouched = found.c.kind == str(EventKind.SIGNATURE_VOUCHED)
    return case((vouched, func.jsonb_build_array(data["deliverable"])), else_=data["hard"] + data["soft"])


def _newest(viewing: Viewing, found: CTE, limit: int) -> ScalarSelect[Any]:
    """The last `limit` exceptions: when, by whom, which record, the kind and data of the event."""
    last = select(found).order_by(found.c.at.desc()).limit(limit).subquery("last")
    by = labelled(viewing, "user", last.c.actor).label("by")
    rows = select(last.c.at, by, last.c.id, last.c.title, last.c.kind, last.c.data)
    return _array(rows.order_by(last.c.at.desc()))


def _tally(keys: Subquery, groups: int, *more: ColumnElement[Any]) -> ScalarSelect[Any]:
    """How often each of the `keys` occurs, the most often first, and what else is told of it."""
    count = func.count()
    rows = select(keys.c.key, count.label("count"), *more).group_by(keys.c.key)
    return _array(rows.order_by(count.desc(), keys.c.key).limit(groups))


def _array(rows: Select[Any]) -> ScalarSelect[Any]:
    """Rows in their order as a JSON array."""
    array = func.coalesce(func.json_agg(literal_column("x")), literal_column("'[]'"))
    return select(array).select_from(rows.subquery("x")).scalar_subquery()
