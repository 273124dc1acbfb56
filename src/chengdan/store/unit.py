"""A unit: one transaction, the snapshot it is pinned to, the records it knows, and what it will write.

Writes wait in the unit until `flush`, so that several changes to one record become one statement and a batch becomes
COPY. In a request everything goes through one pipeline: a read, then all writes and the commit.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from chengdan.base.json import dumps_text
from chengdan.kernel.access import Principal
from chengdan.kernel.event import Event
from chengdan.kernel.snapshot import Snapshot
from chengdan.store import journal, rollups, rows
from chengdan.store.edition import Edition
from chengdan.store.tables import Tables

Connection: TypeAlias = psycopg.Connection[tuple[Any, ...]]
Key: TypeAlias = tuple[str, UUID]
Row: TypeAlias = dict[str, Any]
COPY_FROM = 20


@dataclass
class Work:
    """What a unit has read and will write; shared by all that act within it.

    `quiet` holds back notifications and timers: history that is brought in is no news.
    """

    records: dict[Key, Row] = field(default_factory=dict)
    inserts: dict[str, dict[UUID, Row]] = field(default_factory=lambda: defaultdict(dict))
    updates: dict[Key, set[str]] = field(default_factory=dict)
    events: list[journal.Row] = field(default_factory=list)
    statements: list[tuple[Any, Any]] = field(default_factory=list)
    rollups: dict[str, set[tuple[str, UUID]]] = field(default_factory=lambda: defaultdict(set))
    fired: set[tuple[str, UUID]] = field(default_factory=set)
    locked: dict[Any, Any] = field(default_factory=dict)
    teams: dict[Any, Any] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    people_changed: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Unit:
    """One transaction as somebody acts in it. `cause` says through what; `depth` how many rules led here."""

    connection: Connection
    edition: Edition
    principal: Principal
    actor: UUID | None
    now: datetime
    cause: str
    work: Work
    depth: int = 0
    pipelined: bool = True

    @property
    def snapshot(self) -> Snapshot:
        return self.edition.snapshot

    @property
    def tables(self) -> Tables:
        return self.edition.tables

    def within(self, principal: Principal, cause: str) -> "Unit":
        """The same transaction, acted in by `principal` because of `cause`, one rule deeper."""
        return replace(self, principal=principal, cause=cause, depth=self.depth + 1)

    def execute(self, statement: Any, params: Any = None) -> psycopg.Cursor[tuple[Any, ...]]:
        """Send a statement now; its result is waited for when it is read."""
        return self.connection.execute(statement, params)

    # --- what will be written

    def insert(self, object: str, row: Row) -> None:
        """Write a new record at the next flush."""
        self.work.records[object, row["id"]] = row
        self.work.inserts[object][row["id"]] = row

    def update(self, object: str, row: Row, changed: Iterable[str]) -> None:
        """Write the `changed` columns of a record at the next flush; `row` is the record after."""
        key = (object, row["id"])
        self.work.records[key] = row
        if row["id"] in self.work.inserts.get(object, ()):
            self.work.inserts[object][row["id"]] = row
        else:
            self.work.updates.setdefault(key, set()).update(changed)

    def record(self, event: Event) -> None:
        """Append an event at the next flush."""
        self.work.events.append((
            self.now,
            self.actor,
            event.cause or self.cause,
            event.object,
            event.record,
            event.kind,
            dumps_text(event.data or {}),
            self.snapshot.version,
        ))  # fmt: skip

    def later(self, statement: Any, params: Any) -> None:
        """Run a statement at the next flush, after the records are written."""
        self.work.statements.append((statement, params))

    def pending(self, object: str) -> bool:
        """Whether records of `object` wait to be written, so that a query would not see them."""
        return bool(self.work.inserts.get(object)) or any(key[0] == object for key in self.work.updates)

    def flush(self) -> None:
        """Write everything that waits: records, then rollups over them, then statements and events."""
        work = self.work
        for object, inserted in work.inserts.items():
            if inserted:
                self._insert_all(object, list(inserted.values()))
        work.inserts.clear()
        updates, work.updates = work.updates, {}
        for (object, id), changed in updates.items():
            rows.update(self.connection, self.edition, object, work.records[object, id], changed)
        touched, work.rollups = work.rollups, defaultdict(set)
        for parent, entries in touched.items():
            rollups.recompute(self.connection, self.edition, parent, entries)
            for _name, id in entries:
                work.records.pop((parent, id), None)
        statements, work.statements = work.statements, []
        for statement, params in statements:
            self.connection.execute(statement, params)
        events, work.events = work.events, []
        if not self.pipelined and len(events) > COPY_FROM:
            journal.copy(self.connection, events)
        else:
            journal.append(self.connection, events)
        if work.people_changed:
            work.people_changed = False
            self.connection.execute("SELECT pg_notify('chengdan_access', '')")

    def _insert_all(self, object: str, new: Sequence[Row]) -> None:
        if not self.pipelined and len(new) > COPY_FROM:
            rows.copy(self.connection, self.edition, object, new)
        else:
            for row in new:
                rows.insert(self.connection, self.edition, object, row)


@contextmanager
def open_unit(
    pool: ConnectionPool[Connection],
    edition: Edition,
    principal: Principal,
    now: datetime,
    cause: str,
    *,
    pipelined: bool = True,
) -> Iterator[Unit]:
    """A unit over a pooled connection: committed on leaving, rolled back on any error."""
    with pool.connection() as connection:
        unit = Unit(connection, edition, principal, principal.user, now, cause, Work(), pipelined=pipelined)
        if not pipelined:
            yield unit
            unit.flush()
            return
        with connection.pipeline():
            yield unit
            unit.flush()
            connection.commit()
