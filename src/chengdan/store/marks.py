"""The table of marks: written in the transaction of the events that leave them, and made again from the journal.

Narrow rows beside the journal, because a report over a million events would otherwise read every event of every kind and
take its JSON apart.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, LiteralString
from uuid import UUID

from chengdan.kernel.event import EventKind
from chengdan.kernel.mark import HAPPENED_AT, RESOURCE, WITHOUT, Placed, marks_of
from chengdan.kernel.snapshot import Snapshot
from chengdan.store.connection import Connection
from chengdan.store.sending import Write

Row = tuple[Any, ...]

_INSERT: LiteralString = "INSERT INTO chengdan.mark (object, record_id, at, kind, name, stage, met, without, actor, resource) VALUES "
_PLACES: LiteralString = "(%s, %s, %s, %s, %s, %s, %s::text[], %s::text[], %s, %s)"
_COPY: LiteralString = (
    "COPY chengdan.mark (object, record_id, at, kind, name, stage, met, without, actor, resource) FROM STDIN"
)
ROWS_PER_INSERT = 8
ROWS_PER_FETCH = 5_000
LEAVING = (
    EventKind.CREATED,
    EventKind.MOVED,
    EventKind.UPDATED,
    EventKind.SUBSTEP_DONE,
    EventKind.SUBSTEP_UNDONE,
    EventKind.SUBSTEP_WORKED,
    EventKind.FILE_ATTACHED,
    EventKind.FILE_REMOVED,
    EventKind.SIGNED,
    EventKind.SIGNATURE_VOUCHED,
)
_JOURNAL: LiteralString = (
    "SELECT at, actor, object, record_id, kind, data, snapshot FROM chengdan.event "
    "WHERE kind = ANY(%s) AND object = ANY(%s) ORDER BY xid, seq"
)
_NEEDED: LiteralString = (
    "SELECT NOT EXISTS (SELECT FROM chengdan.mark) AND EXISTS "
    "(SELECT FROM chengdan.event WHERE kind = 'record.created' AND object = ANY(%s))"
)


def row(placed: Placed) -> Row:
    """A mark as its columns."""
    mark = placed.mark
    return (
        placed.object,
        placed.record,
        placed.at,
        mark.kind,
        mark.name,
        mark.stage,
        _array(mark.met),
        _array(mark.without),
        placed.actor,
        placed.resource,
    )


def _array(names: Sequence[str]) -> str | None:
    """Api names as PostgreSQL writes an array."""
    return "{" + ",".join(names) + "}" if names else None


def writes(rows: Sequence[Row]) -> list[Write]:
    """Statements that insert marks, a few in each: for those of a request."""
    found = []
    for start in range(0, len(rows), ROWS_PER_INSERT):
        part = rows[start : start + ROWS_PER_INSERT]
        text = _INSERT + ", ".join([_PLACES] * len(part))
        found.append(Write(text, [value for row in part for value in row], ("mark", start)))
    return found


def copy(connection: Connection, rows: Iterable[Row]) -> None:
    """Insert many marks with COPY; not possible inside a pipeline."""
    with connection.cursor().copy(_COPY) as stream:
        for one in rows:
            stream.write_row(one)


def lost(connection: Connection, objects: Sequence[str]) -> bool:
    """Whether there are no marks although records of these objects have a history."""
    found = connection.execute(_NEEDED, (list(objects),)).fetchone()
    return bool(found and found[0])


def rebuild(connection: Connection, snapshot_of: Callable[[int], Snapshot], objects: Sequence[str]) -> int:
    """Make all marks again from the journal, each by the definitions of its time; returns their number.

    In the open transaction: whoever reads meanwhile sees those that were there.
    """
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute("DELETE FROM chengdan.mark")
    total, part = 0, []
    for one in _read(connection, snapshot_of, objects):
        part.append(one)
        if len(part) == ROWS_PER_FETCH:
            copy(connection, part)
            total, part = total + len(part), []
    copy(connection, part)
    return total + len(part)


def _read(
    connection: Connection, snapshot_of: Callable[[int], Snapshot], objects: Sequence[str]
) -> Iterator[Row]:
    overrides: dict[UUID, tuple[Any, dict[str, Any]]] = {}
    kinds = [*LEAVING, EventKind.GATE_OVERRIDDEN]
    with connection.cursor(name="marks") as cursor:
        cursor.itersize = ROWS_PER_FETCH
        cursor.execute(_JOURNAL, ([str(kind) for kind in kinds], list(objects)))
        for at, actor, object, record, kind, data, version in cursor:
            pipeline = snapshot_of(version).pipeline_of(object)
            if pipeline is None or record is None:
                continue
            if kind == EventKind.GATE_OVERRIDDEN:
                overrides[record] = at, data
                continue
            if kind in (EventKind.MOVED, EventKind.CREATED):
                _complete(data, at, overrides.pop(record, None))
            happened = data.get(HAPPENED_AT) or at
            for mark in marks_of(pipeline, kind, data):
                yield row(Placed(object, record, happened, actor, data.get(RESOURCE), mark))


def _complete(data: dict[str, Any], at: Any, override: tuple[Any, dict[str, Any]] | None) -> None:
    """Events did not always say what a move went without; then the override of the same moment does."""
    if override is not None and WITHOUT not in data and override[0] == at:
        data[WITHOUT] = [*override[1].get("hard", ()), *override[1].get("soft", ())]
