"""Loading a whole history at once: rows and their events by COPY, then what is derived from them, set-wise.

For data that was made, not entered: the demo company. It goes into an empty company only, and it keeps the rule that every
record stands on its events; what people and programs enter comes through `run.action`. A load that is cut short leaves
nothing: `undertaken` notes that it began and that it ended, and what has not ended is made anew.
"""

import gc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from typing import Any, Protocol
from uuid import UUID

from psycopg import sql

from chengdan.base.errors import ChengdanError
from chengdan.base.json import dumps_text
from chengdan.kernel.event import EventKind
from chengdan.kernel.field import FieldType
from chengdan.kernel.gate import CHECKLIST
from chengdan.kernel.mark import Placed, followed, marks_of
from chengdan.run.loading_processes import Blocks, load_blocks
from chengdan.run.runtime import Runtime
from chengdan.store import copying, ddl, journal, loads, marks, numbering, rollups, signatures, system
from chengdan.store.connection import Connection
from chengdan.store.edition import Edition
from chengdan.store.tables import SCHEMA

CAUSE = journal.LOADED
_FILE = ("id", "sha256", "name", "size", "mime", "kind", "object", "record_id", "created_at", "created_by")
_SIGNATURE = (
    "id", "object", "record_id", "deliverable", "file_id", "method", "state", "reason", "created_at", "created_by",
    "fingerprint",
)  # fmt: skip
_TIMER = ("object", "record_id", "key", "due_at", "rule", "snapshot")
_NOTICE = (
    "id", "user_id", "at", "zh", "en", "urgent", "object", "record_id", "rule", "read_at", "passed_on",
)  # fmt: skip


class Batch(Protocol):
    """Rows of one object and the events that made them: (at, actor, kind, record, data).

    `timers` are (object, record, key, due_at, rule), `notices` (id, user, at, zh, en, urgent, object, record, rule, read_at).
    """

    @property
    def object(self) -> str: ...
    @property
    def columns(self) -> Sequence[str]: ...
    @property
    def rows(self) -> Sequence[tuple[Any, ...]]: ...
    @property
    def events(self) -> Sequence[tuple[datetime, UUID | None, str, UUID, Mapping[str, Any]]]: ...
    @property
    def timers(self) -> Sequence[tuple[Any, ...]]: ...
    @property
    def notices(self) -> Sequence[tuple[Any, ...]]: ...


Told = Callable[[str], None]
"""Hears what is being done, in both languages."""


class NotEmpty(ChengdanError):
    code = "LOAD-001"
    status = 409
    zh = "已有数据，不能再装入演示公司。"
    en = "There are records already; the demo company goes into an empty installation only."


def is_empty(runtime: Runtime) -> bool:
    """Whether there is nobody in the company yet."""
    with runtime.pool.connection() as connection:
        return connection.execute('SELECT 1 FROM data."user" LIMIT 1').fetchone() is None


@contextmanager
def undertaken(runtime: Runtime) -> Iterator[None]:
    """Note that a load begins and, unless it fails, that it ended. Raises NotEmpty, PartlyLoaded."""
    with loads.alone(runtime.url):
        if not is_empty(runtime):
            raise NotEmpty()
        with runtime.pool.connection() as connection:
            loads.begin(connection, runtime.clock())
        yield
        with runtime.pool.connection() as connection:
            loads.end(connection, runtime.clock())


def load(
    runtime: Runtime,
    batches: Iterable[Batch],
    files: Iterable[tuple[str, str, str, bytes]] = (),
    blocks: Blocks | None = None,
    told: Told = lambda step: None,
) -> dict[str, int]:
    """Load files' bytes (name, mime, sha256, content), the batches, then the blocks, and what is derived from them all.

    Returns the number of records per object.
    """
    for name, _mime, _sha256, content in files:
        runtime.blobs.put(BytesIO(content), name=name, max_bytes=len(content) + 1)
    counts: Counter[str] = Counter()
    with runtime.pool.connection() as connection:
        ddl.drop_indexes(connection, runtime.edition.tables)
    with runtime.pool.connection() as connection:
        counts.update(load_batches(connection, runtime.edition, batches))
    for loaded in load_blocks(runtime.url, blocks, load_batches) if blocks else ():
        counts.update(loaded)
        told(f"装入 Loading: {sum(counts.values()):,}")
    told("汇总、建索引 Rollups and indexes…")
    _derive(runtime, runtime.edition)
    with runtime.pool.connection() as connection:
        ddl.build_indexes(connection, runtime.edition.tables)
        connection.execute("ANALYZE")
    return dict(counts)


def load_batches(connection: Connection, edition: Edition, batches: Iterable[Batch]) -> Counter[str]:
    """Load batches, each in a transaction of its own; the number of records per object."""
    counts: Counter[str] = Counter()
    gc.disable()
    try:
        for batch in batches:
            with connection.transaction():
                connection.execute("SET LOCAL statement_timeout = 0")
                _load(connection, edition, batch)
            counts[batch.object] += len(batch.rows)
    finally:
        gc.enable()
    return counts


def _load(connection: Connection, edition: Edition, batch: Batch) -> None:
    ticked = _ticked(batch) if edition.snapshot.pipeline_of(batch.object) else {}
    columns = (*batch.columns, CHECKLIST) if ticked else tuple(batch.columns)
    id_at = batch.columns.index("id")
    rows = ((*row, dumps_text(ticked.get(row[id_at], {}))) for row in batch.rows) if ticked else batch.rows
    copying.copy(connection, SCHEMA, batch.object, columns, rows)
    version = edition.snapshot.version
    journal.copy(
        connection,
        (
            (at, actor, CAUSE, batch.object, record, kind, dumps_text(data), version)
            for at, actor, kind, record, data in batch.events
        ),
    )
    pipeline = edition.snapshot.pipeline_of(batch.object)
    if pipeline is not None:
        left = (
            Placed(batch.object, record, at, actor, None, mark)
            for at, actor, kind, record, data in batch.events
            for mark in marks_of(pipeline, kind, data)
        )
        marks.copy(connection, followed(left))
    _file_rows(connection, batch)
    _signature_rows(connection, batch)
    _left_behind(connection, batch, version)


def _ticked(batch: Batch) -> dict[UUID, dict[str, Any]]:
    """The checklist of each record, from the sub-steps that its events say were done."""
    found: dict[UUID, dict[str, Any]] = {}
    for at, actor, kind, record, data in batch.events:
        if kind == EventKind.SUBSTEP_DONE:
            found.setdefault(record, {})[data["name"]] = {"at": at, "by": actor}
    return found


def _file_rows(connection: Connection, batch: Batch) -> None:
    rows = [
        (
            data["file"],
            data["sha256"],
            data["name"],
            data["size"],
            data.get("mime", "image/png"),
            data["kind"],
            batch.object,
            record,
            at,
            actor,
        )
        for at, actor, kind, record, data in batch.events
        if kind == EventKind.FILE_ATTACHED
    ]
    if rows:
        copying.copy(connection, system.SCHEMA, "file", _FILE, rows)


_SIGNED = {
    EventKind.SIGNED: signatures.SIGNED,
    EventKind.SIGNATURE_MISSING: signatures.UNSIGNED,
    EventKind.SIGNATURE_VOUCHED: signatures.VOUCHED,
}


def _signature_rows(connection: Connection, batch: Batch) -> None:
    """The signatures that the events tell of, each in its last state."""
    rows: dict[UUID, tuple[Any, ...]] = {}
    for at, actor, kind, record, data in batch.events:
        state = _SIGNED.get(EventKind(kind)) if kind.startswith("signature.") else None
        if state is not None:
            first = rows.get(data["signature"], (None,) * 8 + (at, actor))
            rows[data["signature"]] = (
                data["signature"], batch.object, record, data["deliverable"], data["file"], data["method"], state,
                data.get("reason", ""), first[8], first[9],
            )  # fmt: skip
    if rows:
        copying.copy(
            connection, system.SCHEMA, "signature", _SIGNATURE, ((*row, "") for row in rows.values())
        )


def _left_behind(connection: Connection, batch: Batch, version: int) -> None:
    """The timers that run, and what people were told."""
    if batch.timers:
        copying.copy(connection, system.SCHEMA, "timer", _TIMER, ((*one, version) for one in batch.timers))
    if batch.notices:
        copying.copy(
            connection, system.SCHEMA, "notification", _NOTICE, ((*one, True) for one in batch.notices)
        )


def _derive(runtime: Runtime, edition: Edition) -> None:
    """Rollups and auto-number counters, from the rows: set-wise, for which no index is of use."""
    snapshot = edition.snapshot
    for item in sorted(snapshot.objects.values(), key=lambda item: snapshot.upwards[item.name]):
        with runtime.pool.connection() as connection:
            connection.execute("SET LOCAL statement_timeout = 0")
            connection.execute("SET LOCAL work_mem = '256MB'")
            if any(field.rollup for field in item.fields):
                rollups.recompute_all(connection, edition, item.name)
            for field in item.fields:
                if field.type is FieldType.AUTO_NUMBER:
                    _advance(connection, item.name, field.name)


def _advance(connection: Connection, object: str, field: str) -> None:
    """Let an auto number go on after the highest number that was loaded."""
    highest = sql.SQL("SELECT coalesce(max(substring({} from '[0-9]+$')::bigint), 0) FROM {}").format(
        sql.Identifier(field), sql.Identifier(SCHEMA, object)
    )
    row = connection.execute(highest).fetchone()
    if row and row[0]:
        name = f'{SCHEMA}."{numbering.sequence_of(object, field)}"'
        connection.execute("SELECT setval(%s::regclass, %s)", (name, row[0]))
