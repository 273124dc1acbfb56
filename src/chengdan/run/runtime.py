"""The runtime of one process: the database, the snapshot in force, and units over them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from chengdan.base.clock import Clock, utc_now
from chengdan.base.config import Config
from chengdan.base.label import Label
from chengdan.kernel.access import Principal
from chengdan.kernel.calendar import WorkCalendar
from chengdan.kernel.gate import GateBlocked
from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.validate import build
from chengdan.run import publish as publishing
from chengdan.run.action import apply
from chengdan.run.commands import Command
from chengdan.run.errors import DuplicateValue
from chengdan.run.passing import blocked_event
from chengdan.run.sightings import Sightings
from chengdan.store import catalog, ddl, journal, marks, migrate, sessions
from chengdan.store.answers import KeptAnswers
from chengdan.store.connection import OPTIONS, WRITING_OPTIONS, Connection
from chengdan.store.edition import Edition
from chengdan.store.engine import open_database
from chengdan.store.files import Blobs, configured_blobs
from chengdan.store.listening import Listener
from chengdan.store.secrets import Secrets, configured_secrets
from chengdan.store.unit import Row, Unit, Work, open_unit

PARTITIONS_AHEAD_DAYS = 400
SECOND = timedelta(seconds=1)
DEADLOCKS_BORNE = 3
T = TypeVar("T")


@dataclass
class Runtime:
    """What a process runs on. Only `edition` changes: it is replaced whole when a snapshot is published."""

    config: Config
    url: str
    pool: ConnectionPool[Connection]
    read_pool: ConnectionPool[Connection]
    blobs: Blobs
    secrets: Secrets
    edition: Edition
    answers: KeptAnswers
    sightings: Sightings
    clock: Clock = utc_now
    demo: bool = False
    access_listeners: list[Callable[[], None]] = field(default_factory=list)

    @classmethod
    @contextmanager
    def open(cls, config: Config, clock: Clock = utc_now) -> Iterator["Runtime"]:
        """Start or reach the database, bring its system tables up to date, and follow what is published."""
        with open_database(config) as url, cls.over(url, config, clock) as runtime:
            yield runtime

    @classmethod
    @contextmanager
    def over(cls, url: str, config: Config, clock: Clock = utc_now) -> Iterator["Runtime"]:
        """A runtime over a database that is there already."""
        migrate.migrate(url)
        with _pool(url, config) as pool, _pool(url, config, autocommit=True) as read_pool:
            with pool.connection() as connection:
                _prepare(connection, clock().date())
                edition = edition_in_force(connection)
                ddl.build_indexes(connection, edition.tables)
                if marks.lost(connection, _piped(edition)):
                    rebuild_marks(connection, edition)
            runtime = cls(
                config,
                url,
                pool,
                read_pool,
                configured_blobs(config),
                configured_secrets(config),
                edition,
                KeptAnswers(read_pool),
                Sightings(pool),
                clock,
            )
            channels = (catalog.CHANNEL, sessions.ACCESS_CHANNEL)
            listener = Listener(url, channels, runtime._take_up, runtime._heard)
            listener.start()
            try:
                yield runtime
            finally:
                runtime.answers.close()
                runtime.sightings.close()
                listener.stop()

    @property
    def snapshot(self) -> Snapshot:
        """The snapshot in force in this process."""
        return self.edition.snapshot

    @contextmanager
    def unit(
        self,
        principal: Principal,
        cause: str = "http",
        *,
        now: datetime | None = None,
        batch: bool = False,
    ) -> Iterator[Unit]:
        """One transaction on the snapshot in force now; committed on leaving without an error.

        Raises DuplicateValue where the database refuses a value that another record has.
        """
        edition = self.edition
        try:
            with open_unit(self.pool, edition, principal, now or self.clock(), cause, batch=batch) as unit:
                yield unit
        except psycopg.errors.UniqueViolation as error:
            raise _duplicate(edition.snapshot, error) from None

    @contextmanager
    def reader(self, principal: Principal) -> Iterator[Unit]:
        """A unit for reading: no transaction, one query after the other, at the end of the clock's second.

        So what was made just before it lies before its `now`.
        """
        with self.read_pool.connection() as connection, self.reading(connection, principal) as reader:
            yield reader

    @contextmanager
    def reading(self, connection: Connection, principal: Principal) -> Iterator[Unit]:
        """As `reader`, over a connection in autocommit mode."""
        now, user = self.clock().replace(microsecond=0) + SECOND, principal.user
        reader = Unit(connection, self.edition, principal, user, now, "read", Work(), answers=self.answers)
        try:
            yield reader
        finally:
            if reader.work.sightings:
                self.sightings.note(reader)

    def act(self, principal: Principal, command: Command, cause: str = "http") -> tuple[Row, Unit]:
        """Carry out one command in a unit of its own. Raises and repeats as `attempt`."""
        return self.attempt(principal, cause, lambda unit: (apply(unit, command), unit))

    def attempt(self, principal: Principal, cause: str, carry_out: Callable[[Unit], T]) -> T:
        """Do something in a unit of its own. A refusal by a gate leaves its `gate.blocked` event.

        Where PostgreSQL ends a deadlock at its cost, it is done again.
        """
        try:
            for _ in range(DEADLOCKS_BORNE):
                with suppress(psycopg.errors.DeadlockDetected):
                    return self._attempt(principal, cause, carry_out)
            return self._attempt(principal, cause, carry_out)
        except GateBlocked as blocked:
            if blocked.attempt.origin is not None:
                with self.unit(principal, cause) as unit:
                    unit.record(blocked_event(blocked))
            raise

    def _attempt(self, principal: Principal, cause: str, carry_out: Callable[[Unit], T]) -> T:
        with self.unit(principal, cause) as unit:
            return carry_out(unit)

    def publish(self, files: Mapping[str, str], *, by: UUID | None = None, note: str = "") -> Snapshot:
        """Publish manifests and run on them from now on. Raises as `run.publish.publish`."""
        with self.pool.connection() as connection:
            snapshot = publishing.publish(
                connection, self.snapshot, files, by=by, now=self.clock(), note=note
            )
        self.reload()
        return snapshot

    def plan(self, files: Mapping[str, str]) -> publishing.Plan:
        """What publishing `files` would do."""
        with self.pool.connection() as connection:
            return publishing.plan(connection, self.snapshot, files)

    def reload(self) -> None:
        """Take up the newest published snapshot; units that are open go on with theirs."""
        with self.pool.connection() as connection:
            if catalog.latest_version(connection) != self.snapshot.version:
                self.edition = edition_in_force(connection)

    def reload_calendar(self) -> None:
        """Take up the calendar of working days as it stands now."""
        with self.pool.connection() as connection:
            self.edition = Edition.of(self.snapshot, _calendar(connection))

    def _take_up(self) -> None:
        """Whatever was published and whoever changed while nobody listened."""
        self.reload()
        self._people_changed()

    def _heard(self, channel: str) -> None:
        if channel == catalog.CHANNEL:
            self.reload()
        else:
            self._people_changed()

    def _people_changed(self) -> None:
        self.edition.people.forget()
        for listener in self.access_listeners:
            listener()


@contextmanager
def _pool(url: str, config: Config, *, autocommit: bool = False) -> Iterator[ConnectionPool[Connection]]:
    with ConnectionPool(
        url,
        min_size=min(2, config.pool_size),
        max_size=config.pool_size,
        kwargs={"options": OPTIONS if autocommit else WRITING_OPTIONS, "autocommit": autocommit},
        connection_class=Connection,
        open=False,
    ) as pool:
        pool.open(wait=True, timeout=30)
        yield pool


def _piped(edition: Edition) -> list[str]:
    return [pipeline.object for pipeline in edition.snapshot.pipelines.values()]


def rebuild_marks(connection: Connection, edition: Edition) -> int:
    """Make the marks again from the journal in the open transaction; returns their number."""
    known = {edition.snapshot.version: edition.snapshot}

    def snapshot_of(version: int) -> Snapshot:
        if version not in known:
            known[version] = build(catalog.files_of(connection, version), version)[0]
        return known[version]

    return marks.rebuild(connection, snapshot_of, _piped(edition))


def _prepare(connection: Connection, today: date) -> None:
    journal.ensure_partitions(
        connection,
        today - timedelta(days=PARTITIONS_AHEAD_DAYS),
        today + timedelta(days=PARTITIONS_AHEAD_DAYS),
    )
    migrate.seed_calendar(connection, today.year - 2, today.year + 1)


def edition_in_force(connection: Connection) -> Edition:
    """What was published last, read anew."""
    version = catalog.latest_version(connection)
    files = catalog.files_of(connection, version)
    snapshot, _problems = build(files, version)
    return Edition.of(snapshot, _calendar(connection))


def _calendar(connection: Connection) -> WorkCalendar:
    days = connection.execute("SELECT day, working FROM chengdan.calendar").fetchall()
    return WorkCalendar(dict(days))


def _duplicate(snapshot: Snapshot, error: psycopg.errors.UniqueViolation) -> Exception:
    """The refusal that a violated constraint means; the error itself where it is none of ours."""
    name = (error.diag.constraint_name or "").removesuffix("_key")
    item = snapshot.object(error.diag.table_name or "")
    if item is not None and name == f"{item.name}_pkey":
        return DuplicateValue(path="id", label=Label("编号", "id"))
    field = item.field(name.removeprefix(f"{item.name}_")) if item else None
    return DuplicateValue(path=field.name, label=field.label) if field else error
