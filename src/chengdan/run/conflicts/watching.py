"""Watching for conflicts: behind the journal, within a second of what caused them, and once a night over everything.

Nothing of it happens while somebody writes: a write costs no more, and no path of writing goes past it.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from chengdan.kernel.access import NOBODY, Principal
from chengdan.kernel.conflict import Conflict, ConflictKind
from chengdan.kernel.event import EventKind
from chengdan.kernel.snapshot import AUTOMATION
from chengdan.run.conflicts.keeping import look
from chengdan.run.conflicts.telling import Heard, tell_rest
from chengdan.run.runtime import Runtime
from chengdan.store import journal, likenesses
from chengdan.store.journal import Followed
from chengdan.store.statement import render
from chengdan.store.unit import Unit

WATCHER = Principal(NOBODY, AUTOMATION.name, frozenset({AUTOMATION.name}))
NAME, CAUSE = "conflicts", "conflict"
NIGHT_HOUR = 2
MAX_EVENTS = 20_000
"""So many events of one transaction are looked at together; what more of them cause is found in the night."""
_TELLING = frozenset(
    {
        EventKind.CREATED,
        EventKind.UPDATED,
        EventKind.ARCHIVED,
        EventKind.RESTORED,
        EventKind.SHARED,
        EventKind.UNSHARED,
        EventKind.FILE_ATTACHED,
        EventKind.FILE_REMOVED,
    }
)
_PLACE: LiteralString = "SELECT xid FROM chengdan.reading WHERE name = %s FOR UPDATE SKIP LOCKED"
_START: LiteralString = "INSERT INTO chengdan.reading (name, xid) VALUES (%s, %s) ON CONFLICT DO NOTHING"
_MOVE: LiteralString = "UPDATE chengdan.reading SET xid = %s WHERE name = %s"
_SWEEP: LiteralString = "UPDATE chengdan.reading SET swept_on = %s WHERE name = %s AND (swept_on IS NULL OR swept_on < %s) RETURNING swept_on"
_log = logging.getLogger(__name__)


def follow(runtime: Runtime) -> int:
    """Look at what was written since the last time; the number of events read. One process at a time does it."""
    if not runtime.snapshot.conflicts:
        return 0
    upto = 0
    try:
        with runtime.unit(WATCHER, CAUSE, batch=True) as unit:
            row = unit.execute(_PLACE, (NAME,)).fetchone()
            if row is None:
                unit.execute(_START, (NAME, journal.watermark(unit.connection)))
                return 0
            tail = _tail(unit, row[0])
            upto = tail.upto
            look_at(unit, _touched(tail.events))
            if upto > row[0]:
                unit.execute(_MOVE, (upto, NAME))
            return len(tail.events)
    except Exception:
        if not upto:
            raise
        _log.exception("the watch for conflicts passes over some events; the night finds what they cause")
        with runtime.pool.connection() as connection:
            connection.execute(_MOVE, (upto, NAME))
        return 0


def _tail(unit: Unit, after: int) -> journal.Tail:
    """What was written from `after` on: a transaction as a whole where it has not more than MAX_EVENTS."""
    tail = journal.tail(unit.connection, after)
    if tail.torn:
        tail = journal.tail(unit.connection, after, MAX_EVENTS)
    if tail.torn:
        _log.warning(
            "the watch for conflicts passes over the rest of a transaction of over %d events", MAX_EVENTS
        )
    return tail


def sweep_due(runtime: Runtime) -> bool:
    """Whether it is night, and this process the first to look at everything; then it has done so."""
    here = runtime.clock().astimezone(ZoneInfo(str(runtime.config.time_zone)))
    if here.hour < NIGHT_HOUR or not runtime.snapshot.conflicts:
        return False
    with runtime.pool.connection() as connection:
        due = connection.execute(_SWEEP, (here.date(), NAME, here.date())).fetchone() is not None
    if due:
        sweep(runtime)
    return due


def sweep(runtime: Runtime, now: datetime | None = None) -> int:
    """Look at all records, a page of them in a unit of its own; the number of new conflicts."""
    by_object: dict[str, list[Conflict]] = defaultdict(list)
    for conflict in runtime.snapshot.conflicts.values():
        by_object[conflict.object].append(conflict)
    return sum(_sweep_object(runtime, object, conflicts, now) for object, conflicts in by_object.items())


def _sweep_object(runtime: Runtime, object: str, conflicts: Sequence[Conflict], now: datetime | None) -> int:
    with runtime.unit(WATCHER, CAUSE, now=now) as unit:
        pages = list(likenesses.pages(unit, object))
    twins = [conflict for conflict in conflicts if conflict.kind is ConflictKind.TWINS]
    for page in pages if twins else ():
        with runtime.unit(WATCHER, CAUSE, now=now) as unit:
            likenesses.refresh(unit, object, likenesses.compared(unit, twins), page)
    return sum(_sweep_pages(runtime, conflict, pages, now) for conflict in conflicts)


def _sweep_pages(
    runtime: Runtime, conflict: Conflict, pages: Sequence[Sequence[UUID]], now: datetime | None
) -> int:
    fresh, heard = 0, Heard()
    for page in pages:
        with runtime.unit(WATCHER, CAUSE, now=now, batch=True) as unit:
            unit.execute("SET LOCAL statement_timeout = '10min'")
            fresh += look(unit, conflict, page, heard)
    with runtime.unit(WATCHER, CAUSE, now=now, batch=True) as unit:
        tell_rest(unit, conflict, heard)
    return fresh


def look_at(unit: Unit, touched: Mapping[str, set[UUID]]) -> None:
    """Look for every conflict that a change of the `touched` records, by object, may cause or end."""
    conflicts = unit.snapshot.conflicts.values()
    for object, ids in touched.items():
        twins = [one for one in conflicts if one.object == object and one.kind is ConflictKind.TWINS]
        likenesses.refresh(unit, object, likenesses.compared(unit, twins), sorted(ids))
    for conflict in conflicts:
        ids = set(touched.get(conflict.object, ()))
        if conflict.kind is not ConflictKind.TWINS:
            child = unit.snapshot.children_of(conflict.object)[conflict.of]
            ids |= _parents(unit, child.object, child.field, touched.get(child.object, set()))
        if ids:
            heard = Heard()
            look(unit, conflict, sorted(ids), heard)
            tell_rest(unit, conflict, heard)


def _touched(events: list[Followed]) -> Mapping[str, set[UUID]]:
    touched: dict[str, set[UUID]] = defaultdict(set)
    for event in events:
        if event.kind in _TELLING and event.record is not None:
            touched[event.object].add(event.record)
    return touched


def _parents(unit: Unit, object: str, field: str, ids: set[UUID]) -> set[UUID]:
    if not ids:
        return set()
    table = unit.tables[object]
    query = select(table.c[field]).distinct()
    query = query.where(table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), table.c[field].is_not(None))
    sql, params = render(query).bound(ids=sorted(ids))
    return {id for (id,) in unit.execute(sql, params).fetchall()}
