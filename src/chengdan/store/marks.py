"""The table of marks: written in the transaction of the events that leave them, and made again from the journal.

Narrow rows beside the journal, because a report over a million events would otherwise read every event of every kind and
take its JSON apart.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.json import dumps_text
from chengdan.kernel.event import EventKind
from chengdan.kernel.mark import HAPPENED_AT, RESOURCE, WITHOUT, Placed, marks_of
from chengdan.kernel.snapshot import Snapshot
from chengdan.store.connection import Connection
from chengdan.store.sending import Write

_INSERT: LiteralString = """
INSERT INTO chengdan.mark (object, record_id, at, kind, name, stage, met, without, actor, resource,
  visit, since, again, bounced, after, after_at)
WITH fresh AS MATERIALIZED (
  SELECT * FROM ROWS FROM (json_to_recordset(%s) AS (object text, record_id uuid, at timestamptz, kind text, name text,
    stage text, met text[], without text[], actor uuid, resource text))
  WITH ORDINALITY AS f(object, record_id, at, kind, name, stage, met, without, actor, resource, n)
)
SELECT f.object, f.record_id, f.at, f.kind, f.name, f.stage, f.met, f.without, f.actor, f.resource,
  e.entered + (f.kind = 'entered')::int, e.since, coalesce(e.again, false),
  f.kind = 'entered' AND coalesce(e.origins[1] = f.name, false), e.names[1], e.after_at
FROM fresh f CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE kind = 'entered') AS entered,
    max(at) FILTER (WHERE kind = 'entered') AS since,
    bool_or(kind = f.kind AND name = f.name) AS again,
    array_agg(stage ORDER BY n DESC) FILTER (WHERE kind = 'entered') AS origins,
    array_agg(name ORDER BY n DESC) FILTER (WHERE kind IN ('entered', 'done')) AS names,
    max(at) FILTER (WHERE kind IN ('entered', 'done')) AS after_at
  FROM (
    SELECT kind, name, stage, at, id - 9223372036854775807 AS n FROM chengdan.mark m
    WHERE m.object = f.object AND m.record_id = f.record_id
    UNION ALL SELECT kind, name, stage, at, n FROM fresh b WHERE b.record_id = f.record_id AND b.n < f.n
  ) earlier
) e ORDER BY f.n
"""
"""Marks with what they carry of those before them of their record, in the order in which they were left."""
ROWS_PER_INSERT = 64
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


def writes(left: Sequence[Placed]) -> list[Write]:
    """Statements that insert marks. One after the other: each sees what the marks before it left."""
    found = []
    for start in range(0, len(left), ROWS_PER_INSERT):
        rows = [_row(placed) for placed in left[start : start + ROWS_PER_INSERT]]
        found.append(Write(_INSERT, [dumps_text(rows)], "mark"))
    return found


def insert(connection: Connection, left: Sequence[Placed]) -> None:
    """Insert marks at once."""
    for write in writes(left):
        connection.execute(write.text, write.params)


def _row(placed: Placed) -> dict[str, Any]:
    mark = placed.mark
    return {
        "object": placed.object,
        "record_id": placed.record,
        "at": placed.at,
        "kind": mark.kind,
        "name": mark.name,
        "stage": mark.stage,
        "met": mark.met or None,
        "without": mark.without or None,
        "actor": placed.actor,
        "resource": placed.resource,
    }


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
    total = 0
    found = _read(connection, snapshot_of, objects)
    while part := list(islice(found, ROWS_PER_INSERT)):
        insert(connection, part)
        total += len(part)
    return total


def _read(
    connection: Connection, snapshot_of: Callable[[int], Snapshot], objects: Sequence[str]
) -> Iterator[Placed]:
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
                yield Placed(object, record, happened, actor, data.get(RESOURCE), mark)


def _complete(data: dict[str, Any], at: Any, override: tuple[Any, dict[str, Any]] | None) -> None:
    """Events did not always say what a move went without; then the override of the same moment does."""
    if override is not None and WITHOUT not in data and override[0] == at:
        data[WITHOUT] = [*override[1].get("hard", ()), *override[1].get("soft", ())]
