"""Following what happens: one tail of the journal per process, handed to everybody who listens.

The journal is read only while somebody listens, up to the watermark below which every event is final; so following costs
writers nothing, and a listener that comes back goes on exactly where it stopped.
"""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from chengdan.kernel.access import Act, Principal
from chengdan.kernel.event import EventKind
from chengdan.run import inbox
from chengdan.run.runtime import Runtime
from chengdan.store import journal
from chengdan.store.journal import Followed
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import reach, scope_params

POLL_SECONDS = 0.3
MAX_EVENTS = 20_000
MAX_MISSED = 2_000
MAX_RECORDS = 200
_JOBS_EVERY = 3
_UNSEEN = frozenset(
    {
        EventKind.RULE_FIRED,
        EventKind.VIEWED,
        EventKind.TIMER_SET,
        EventKind.TIMER_CANCELLED,
        EventKind.TIMER_FIRED,
        EventKind.GATE_BLOCKED,
        EventKind.LOGGED_IN,
        EventKind.TOKEN_CREATED,
        EventKind.TOKEN_REVOKED,
        EventKind.OUTLET_CHANGED,
    }
)
"""Events that change nothing of a record that a page shows."""
_log = logging.getLogger(__name__)

Said = tuple[str, dict[str, Any]]
"""What a listener hears: the name of the event and its data."""


@dataclass(frozen=True, slots=True)
class JobNews:
    """A job that moved on, and whose it is."""

    owner: UUID
    id: UUID
    kind: str
    state: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class News:
    """Final events of transactions from `since` up to `upto`; `all` is false when there were more that nobody tells of."""

    since: int
    upto: int
    events: Sequence[Followed]
    jobs: Sequence[JobNews] = ()
    all: bool = True


Deliver = Callable[[News], object]


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """Somebody who listens: whose jobs to tell of, and where to put the news (called in the hub's thread)."""

    user: UUID
    deliver: Deliver


@dataclass
class Hub:
    """The listeners of one process and the thread that feeds them."""

    runtime: Runtime
    _listeners: set[Listener] = field(default_factory=set)
    _wake: threading.Condition = field(default_factory=threading.Condition)
    _jobs: dict[UUID, JobNews] = field(default_factory=dict)
    _stopped: bool = False
    _at: int = 0
    _polls: int = 0

    def start(self) -> None:
        threading.Thread(target=self._run, name="live-hub", daemon=True).start()

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._wake.notify_all()

    def listen(self, user: UUID, deliver: Deliver) -> Listener:
        """Hear of everything from now on, until `leave`."""
        listener = Listener(user, deliver)
        with self._wake:
            if not self._listeners:
                self._at = self._mark()
            self._listeners.add(listener)
            self._wake.notify_all()
        return listener

    def leave(self, listener: Listener) -> None:
        with self._wake:
            self._listeners.discard(listener)

    def _mark(self) -> int:
        with self.runtime.read_pool.connection() as connection:
            return journal.watermark(connection)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._stopped or self._listeners)
                self._wake.wait_for(lambda: self._stopped, POLL_SECONDS)
                if self._stopped:
                    return
            try:
                self._poll()
            except psycopg.Error as error:
                _log.warning("the live stream lost the database, trying again: %s", type(error).__name__)
            except Exception:
                _log.exception("the live stream met a fault of the program")

    def _poll(self) -> None:
        with self._wake:
            listeners, since = list(self._listeners), self._at
        with self.runtime.read_pool.connection() as connection:
            tail = journal.tail(connection, since, MAX_EVENTS)
            jobs = self._moved_jobs(connection, {listener.user for listener in listeners})
        with self._wake:
            self._at = max(self._at, tail.upto)
        if tail.events or jobs:
            news = News(since, tail.upto, tail.events, jobs, all=not tail.torn)
            for listener in listeners:
                listener.deliver(news)

    def _moved_jobs(self, connection: psycopg.Connection[Any], owners: set[UUID]) -> list[JobNews]:
        """Jobs of the listeners that moved since they were looked at, which is about once a second."""
        self._polls += 1
        if self._polls % _JOBS_EVERY:
            return []
        rows = connection.execute(
            "SELECT owner, id, kind, state, done, total FROM chengdan.job WHERE owner = ANY(%s) "
            "AND (finished_at IS NULL OR finished_at > now() - interval '10 seconds')",
            (list(owners),),
        ).fetchall()
        found = {job.id: job for job in (JobNews(*row) for row in rows)}
        moved = [job for id, job in found.items() if self._jobs.get(id) != job]
        self._jobs = found
        return moved


def place(runtime: Runtime) -> str:
    """Where the journal stands: who reads records after this and listens from here misses nothing."""
    with runtime.read_pool.connection() as connection:
        return str(journal.watermark(connection))


def missed(runtime: Runtime, after: int) -> News:
    """What happened since a listener was last told, at most MAX_MISSED events."""
    with runtime.read_pool.connection() as connection:
        tail = journal.tail(connection, after, MAX_MISSED)
    return News(after, tail.upto, tail.events, all=tail.complete)


def told(runtime: Runtime, principal: Principal, news: News) -> list[Said]:
    """What of the news one listener may hear, records only where they are within reach.

    News that are not all there, and more than MAX_RECORDS records of an object, are told without naming records: the page
    then reads anew.
    """
    mine = [job for job in news.jobs if job.owner == principal.user]
    heard: list[Said] = [
        (
            "job",
            {"id": job.id, "kind": job.kind, "state": job.state, "done": job.done, "total": job.total},
        )
        for job in mine
    ]
    notices: list[UUID] = []
    touched: dict[str, dict[UUID, Followed]] = {}
    for event in news.events:
        if event.kind == EventKind.SNAPSHOT_PUBLISHED:
            heard.append(("snapshot", {"version": event.data["version"]}))
        elif event.kind == EventKind.NOTIFIED:
            if event.data["user"] == str(principal.user):
                notices.append(UUID(event.data["notification"]))
        elif (
            event.record is not None
            and event.kind not in _UNSEEN
            and event.object in runtime.snapshot.objects
        ):
            touched.setdefault(event.object, {})[event.record] = event
    if not news.all:
        heard.append(("snapshot", {"version": runtime.snapshot.version}))
    if notices or touched:
        with runtime.reader(principal) as reader:
            found = inbox.told(reader, notices) if notices else {}
            heard.extend(("notification", dict(data)) for _, data in found.values())
            for object, events in touched.items():
                heard.extend(_of_object(reader, object, events))
    return heard


def _of_object(reader: Unit, object: str, events: dict[UUID, Followed]) -> list[Said]:
    seen = _within_reach(reader, object, events)
    if len(seen) > MAX_RECORDS:
        return [("record", {"object": object, "id": None, "kind": "many", "version": None})]
    return [
        ("record", {"object": object, "id": id, "kind": event.kind, "version": event.data.get("version")})
        for id, event in events.items()
        if id in seen
    ]


def _within_reach(reader: Unit, object: str, ids: Collection[UUID]) -> Collection[UUID]:
    """Those of `ids` that the principal may read, archived ones included."""
    access = reader.snapshot.access(reader.principal, object)
    if not access.may(Act.READ) or access.unlimited(Act.READ):
        return ids if access.may(Act.READ) else ()
    ruled = any(branch.where for branch in access.branches[Act.READ])
    key = ("within reach", object, reader.principal.roles)
    statement = None if ruled else reader.edition.statements.get(key)
    if statement is None:
        table = reader.tables[object]
        context = reader.sql_context
        readable = reach(reader.snapshot, reader.principal, object, Act.READ, table, context)
        query = select(table.c.id).where(table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), readable)
        statement = render(query) if ruled else reader.edition.statements.put(key, render(query))
    sql, params = statement.bound(ids=list(ids), **scope_params(reader.principal))
    return {id for (id,) in reader.execute(sql, params).fetchall()}
