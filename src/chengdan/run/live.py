"""Following what happens: one tail of the journal per process, handed to everybody who listens.

The journal is read only while somebody listens, up to the watermark below which every event is final; so following costs
writers nothing, and a listener that comes back goes on exactly where it stopped.
"""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from queue import Empty, Full, Queue
from typing import Any
from uuid import UUID

import psycopg

from chengdan.kernel.access import Act, Principal
from chengdan.kernel.event import EventKind
from chengdan.run.runtime import Runtime
from chengdan.store import journal, records
from chengdan.store.journal import Followed

POLL_SECONDS = 0.3
BACKLOG = 200
REPLAY_LIMIT = 500
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class News:
    """Final events up to a watermark."""

    upto: int
    events: Sequence[Followed]


@dataclass
class Hub:
    """The listeners of one process and the thread that feeds them."""

    runtime: Runtime
    _listeners: set["Queue[News]"] = field(default_factory=set)
    _wake: threading.Condition = field(default_factory=threading.Condition)
    _stopped: bool = False
    _at: int = 0

    def start(self) -> threading.Thread:
        thread = threading.Thread(target=self._run, name="live-hub", daemon=True)
        thread.start()
        return thread

    def stop(self) -> None:
        with self._wake:
            self._stopped = True
            self._wake.notify_all()

    def listen(self) -> "Queue[News]":
        """A queue of what happens from now on. One that is not emptied loses its place and is closed by its owner."""
        queue: Queue[News] = Queue(BACKLOG)
        with self._wake:
            if not self._listeners:
                self._at = self._mark()
            self._listeners.add(queue)
            self._wake.notify_all()
        return queue

    def leave(self, queue: "Queue[News]") -> None:
        with self._wake:
            self._listeners.discard(queue)

    def _mark(self) -> int:
        with self.runtime.read_pool.connection() as connection:
            return journal.watermark(connection)

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._stopped or self._listeners)
                if self._stopped:
                    return
            try:
                self._poll()
            except psycopg.Error as error:
                _log.warning("the live hub lost the database: %s", type(error).__name__)
            with self._wake:
                self._wake.wait(POLL_SECONDS)

    def _poll(self) -> None:
        with self.runtime.read_pool.connection() as connection:
            events, self._at = journal.tail(connection, self._at)
        if not events:
            return
        news = News(self._at, events)
        for queue in list(self._listeners):
            try:
                queue.put_nowait(news)
            except Full:
                self.leave(queue)


def missed(runtime: Runtime, after: int) -> News:
    """What happened since a listener was last told, at most REPLAY_LIMIT events."""
    with runtime.read_pool.connection() as connection:
        events, upto = journal.tail(connection, after, REPLAY_LIMIT)
    return News(upto, events)


def told(runtime: Runtime, principal: Principal, news: News) -> list[tuple[str, dict[str, Any]]]:
    """What of the news one listener may hear: pairs of a name and its data."""
    heard: list[tuple[str, dict[str, Any]]] = []
    touched: dict[str, dict[UUID, Followed]] = {}
    for event in news.events:
        if event.kind == EventKind.SNAPSHOT_PUBLISHED:
            heard.append(("snapshot", {"version": event.data["version"]}))
        elif event.kind == EventKind.NOTIFIED:
            if event.data["user"] == str(principal.user):
                heard.append(
                    ("notification", {"id": event.data["notification"], "urgent": event.data["urgent"]})
                )
        elif event.record is not None and event.object in runtime.snapshot.objects:
            touched.setdefault(event.object, {})[event.record] = event
    for object, events in touched.items():
        if runtime.snapshot.access(principal, object).may(Act.READ):
            with runtime.reader(principal) as reader:
                seen = records.visible(reader, object, events)
            heard.extend(
                (
                    "record",
                    {"object": object, "id": id, "kind": event.kind, "version": event.data.get("version")},
                )
                for id, event in events.items()
                if id in seen
            )
    return heard


def next_news(queue: "Queue[News]", seconds: float) -> News | None:
    """Wait for news at most this long."""
    try:
        return queue.get(timeout=seconds)
    except Empty:
        return None
