"""A unit: one transaction, the snapshot it is pinned to, the records it knows, and what it will write.

Writes wait in the unit until `flush`, so that several changes to one record become one, those of a request leave as one
statement and those of a batch by COPY.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
from psycopg_pool import ConnectionPool

from chengdan.base.json import dumps_text
from chengdan.expr.sql import SqlContext
from chengdan.kernel.access import NOBODY, Principal
from chengdan.kernel.event import Event
from chengdan.kernel.gate import Signature
from chengdan.kernel.mark import HAPPENED_AT, RESOURCE, Placed, followed, marks_of
from chengdan.kernel.rollup import Effect
from chengdan.kernel.snapshot import Snapshot
from chengdan.store import journal, marks, rollups, rows, scores
from chengdan.store.answers import Answer, KeptAnswers
from chengdan.store.connection import Connection, Rows
from chengdan.store.edition import Edition
from chengdan.store.sending import Write, send
from chengdan.store.tables import Tables

Key: TypeAlias = tuple[str, UUID]
Row: TypeAlias = dict[str, Any]
Children: TypeAlias = tuple[frozenset[str], Mapping[UUID, list[Mapping[str, Any]]]]
COPY_FROM = 20


@dataclass(frozen=True, slots=True)
class Sighting:
    """Records of an object that somebody read with sensitive fields, and in which way."""

    object: str
    how: str
    records: tuple[UUID, ...]


@dataclass
class Work:
    """What a unit has read and will write; shared by all that act within it.

    `due` are the records whose scores must be worked out anew, `followed` the locked records that somebody follows.
    `ordered` counts the commands that rules gave. `children` and `files` are what a batch has read ahead for many records
    (see `store.preload`). `quiet` holds back notifications and timers: history that is brought in is no news.
    """

    records: dict[Key, Row] = field(default_factory=dict)
    inserts: dict[str, dict[UUID, Row]] = field(default_factory=lambda: defaultdict(dict))
    updates: dict[Key, set[str]] = field(default_factory=dict)
    events: list[journal.Row] = field(default_factory=list)
    left: list[Placed] = field(default_factory=list)
    statements: list[Write] = field(default_factory=list)
    rollups: dict[Key, dict[str, Effect]] = field(default_factory=lambda: defaultdict(dict))
    due: set[Key] = field(default_factory=set)
    sightings: list[Sighting] = field(default_factory=list)
    reading: str = "list"
    fired: set[tuple[str, UUID]] = field(default_factory=set)
    ordered: int = 0
    locked: dict[Any, Any] = field(default_factory=dict)
    followed: set[UUID] = field(default_factory=set)
    sighted: set[tuple[frozenset[str], str, UUID]] = field(default_factory=set)
    children: dict[tuple[str, str], Children] = field(default_factory=dict)
    files: dict[UUID, Mapping[str, int]] = field(default_factory=dict)
    signatures: dict[UUID, Mapping[str, Sequence[Signature]]] = field(default_factory=dict)
    teams: dict[Any, Any] = field(default_factory=dict)
    numbers: dict[str, list[int]] = field(default_factory=dict)
    people_changed: bool = False
    people_told: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """That a unit tells of what happened elsewhere: when it is written down, and who is said to have done it there."""

    at: datetime
    resource: str | None


@dataclass(frozen=True)
class Unit:
    """One transaction as somebody acts in it. `cause` says through what; `depth` how many rules led here.

    `told`: it brings in history, and `now` is when that happened.
    """

    connection: Connection
    edition: Edition
    principal: Principal
    actor: UUID | None
    now: datetime
    cause: str
    work: Work
    depth: int = 0
    batch: bool = False
    told: Told | None = None
    answers: KeptAnswers | None = None

    @property
    def snapshot(self) -> Snapshot:
        return self.edition.snapshot

    @property
    def tables(self) -> Tables:
        return self.edition.tables

    @property
    def sql_context(self) -> SqlContext:
        """What expressions see in this unit's statements: its moment, who acts, and their time zone."""
        return self.edition.context(self.now, self.principal.user, ZoneInfo(self.principal.time_zone))

    def within(self, principal: Principal, cause: str) -> "Unit":
        """The same transaction, acted in by `principal` because of `cause`, one rule deeper."""
        return replace(self, principal=principal, cause=cause, depth=self.depth + 1)

    def telling(self, happened_at: datetime, resource: str | None) -> "Unit":
        """The same transaction, told what happened at another moment: records bear that, events that they say so."""
        written_at = self.told.at if self.told else self.now
        return replace(self, now=happened_at, told=Told(written_at, resource))

    def execute(self, statement: Any, params: Any = ()) -> psycopg.Cursor[tuple[Any, ...]] | Rows:
        """Send a statement now; its result is waited for when it is read.

        A text has its places as `%s` or `%(name)s`, bytes (of a `Statement`) as `$1`.
        """
        if isinstance(statement, bytes):
            return self.connection.run(statement, params)
        return self.connection.execute(statement, params)

    def figures(self, statement: bytes, params: Sequence[Any]) -> Answer:
        """The rows of a statement over very many records: a kept answer where there is one."""
        if self.answers is not None:
            return self.answers.ask(self.connection, statement, params, self.now)
        return Answer(self.execute(statement, params).fetchall(), self.now)

    # --- what is known

    def sight(self, object: str, id: UUID) -> None:
        """Note that the principal may read a record: it was found within reach."""
        self.work.sighted.add((self.principal.roles, object, id))

    def knows(self, object: str, id: UUID) -> bool:
        """Whether the unit has a record that the principal may read and that is not archived."""
        row = self.work.records.get((object, id))
        if row is None or row["archived_at"] is not None:
            return False
        return (self.principal.roles, object, id) in self.work.sighted

    def people(self, question: bytes, params: tuple[Any, ...]) -> list[UUID]:
        """The ids of people that a query finds; remembered, unless people were changed in this unit."""

        def ask() -> list[UUID]:
            return [id for (id,) in self.execute(question, params).fetchall()]

        if self.work.people_changed or self.work.people_told:
            return ask()
        return self.edition.people.remembered((question, params), ask)

    # --- what will be written

    def insert(self, object: str, row: Row) -> None:
        """Write a new record at the next flush."""
        self._outdate(object)
        self.work.records[object, row["id"]] = row
        self.sight(object, row["id"])
        self.work.inserts[object][row["id"]] = row

    def update(self, object: str, row: Row, changed: Iterable[str]) -> None:
        """Write the `changed` columns of a record at the next flush; `row` is the record after."""
        self._outdate(object)
        key = (object, row["id"])
        self.work.records[key] = row
        if row["id"] in self.work.inserts.get(object, ()):
            self.work.inserts[object][row["id"]] = row
        else:
            self.work.updates.setdefault(key, set()).update(changed)

    def _outdate(self, object: str) -> None:
        """Forget the lists of children of `object` that were read ahead."""
        for key in [key for key in self.work.children if key[0] == object]:
            del self.work.children[key]

    def record(self, event: Event) -> None:
        """Append an event, and the marks that it leaves, at the next flush."""
        data, at, resource = event.data or {}, self.now, None
        if self.told is not None:
            at, resource = self.told.at, self.told.resource
            data = {**data, HAPPENED_AT: self.now, **({RESOURCE: resource} if resource else {})}
        self.work.events.append((
            at,
            self.actor,
            event.cause or self.cause,
            event.object,
            event.record,
            event.kind,
            dumps_text(data),
            self.snapshot.version,
        ))  # fmt: skip
        pipeline = self.snapshot.pipeline_of(event.object)
        if pipeline is not None and event.record is not None:
            for mark in marks_of(pipeline, event.kind, data):
                placed = Placed(event.object, event.record, self.now, self.actor, resource, mark)
                self.work.left.append(placed)

    def later(self, statement: str, params: Sequence[Any], target: Hashable = None) -> None:
        """Run a statement at the next flush, after the records are written; `target` as in `sending.Write`."""
        self.work.statements.append(Write(statement, params, target))

    def pending(self, object: str) -> bool:
        """Whether records of `object` wait to be written, so that a query would not see them."""
        return bool(self.work.inserts.get(object)) or any(key[0] == object for key in self.work.updates)

    def flush(self) -> None:
        """Write everything that waits: records, then rollups over them, then statements and events.

        Rows of records come before those of timers, here as in every unit that holds a record: that keeps units from
        locking each other out.
        """
        work = self.work
        writes = self._record_writes()
        effects, work.rollups = work.rollups, defaultdict(dict)
        writes.extend(rollups.shifts(self.edition, effects))
        statements, work.statements = work.statements, []
        writes.extend(statements)
        due, work.due = work.due, set()
        if due:
            writes.append(scores.mark(due))
        events, work.events = work.events, []
        left, work.left = work.left, []
        first: list[Placed] = []
        copied = self.batch and len(events) > COPY_FROM
        if copied:
            first, left = marks.apart(left)
        else:
            writes.extend(journal.writes(events))
        writes.extend(marks.writes(left))
        send(self.connection, self.edition.joints, writes)
        if copied:
            journal.copy(self.connection, events)
        if first:
            marks.copy(self.connection, followed(first))
        rollups.recount(self.connection, self.edition, effects)
        for parent in effects:
            work.records.pop(parent, None)
        if work.people_changed:
            work.people_changed, work.people_told = False, True
            self.connection.execute("SELECT pg_notify('chengdan_access', '')")

    def _record_writes(self) -> list[Write]:
        work, edition = self.work, self.edition
        writes: list[Write] = []
        for object, inserted in work.inserts.items():
            if self.batch and len(inserted) > COPY_FROM:
                rows.copy(self.connection, edition, object, list(inserted.values()))
            else:
                writes.extend(rows.insert(edition, object, row) for row in inserted.values())
        work.inserts.clear()
        updates, work.updates = work.updates, {}
        for (object, id), changed in updates.items():
            writes.append(rows.update(edition, object, work.records[object, id], changed))
        return writes


@contextmanager
def open_unit(
    pool: ConnectionPool[Connection],
    edition: Edition,
    principal: Principal,
    now: datetime,
    cause: str,
    *,
    batch: bool = False,
) -> Iterator[Unit]:
    """A unit over a pooled connection: committed on leaving, rolled back on any error."""
    connection = pool.getconn()
    try:
        actor = None if principal.user == NOBODY else principal.user
        unit = Unit(connection, edition, principal, actor, now, cause, Work(), batch=batch)
        yield unit
        unit.flush()
        connection.finish()
    except BaseException:
        connection.give_up()
        raise
    finally:
        pool.putconn(connection)
    if unit.work.people_told:
        edition.people.forget()
