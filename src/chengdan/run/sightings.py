"""Sightings: who looked at which records with sensitive fields, as events.

Readers only note it in memory; a thread writes what was noted, a second's worth at a time, one event for all that somebody
saw of an object in one way. Looking again within AGAIN_SECONDS is the same look. A process that is killed loses its last second.
"""

import logging
import threading
import time
from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg_pool import ConnectionPool

from chengdan.base.json import dumps_text
from chengdan.kernel.event import EventKind
from chengdan.run.explain import seen
from chengdan.run.holding import require
from chengdan.store import journal
from chengdan.store.connection import Connection
from chengdan.store.unit import Sighting, Unit

PERMISSION = "view_log"
CAUSE = "view"
FLUSH_SECONDS = 1.0
AGAIN_SECONDS = 300.0
MAX_REMEMBERED = 100_000
MAX_WAITING = 50_000
RECORDS_PER_EVENT = 500
MAX_SHOWN = 200
_SEEN_BY: LiteralString = (
    "SELECT e.at, e.actor, u.name, e.data ->> 'how', jsonb_array_length(e.data -> 'records') FROM chengdan.event e "
    'LEFT JOIN data."user" u ON u.id = e.actor '
    "WHERE e.kind = 'record.viewed' AND e.data -> 'records' @> to_jsonb(%s::text) AND e.object = %s "
    "ORDER BY e.at DESC, e.seq DESC LIMIT %s"
)
_log = logging.getLogger(__name__)
Key = tuple[UUID, str, str, int]
"""Who, of what object, in which way, under which snapshot."""


@dataclass
class Sightings:
    """What was seen and is not written yet, and the thread that writes it."""

    pool: ConnectionPool[Connection]
    _waiting: dict[Key, dict[UUID, datetime]] = field(default_factory=lambda: defaultdict(dict))
    _count: int = 0
    _lately: OrderedDict[tuple[UUID, UUID, str], float] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _stop: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def note(self, reader: Unit) -> None:
        """Keep what a reader saw. Where more waits than memory should hold, it is written at once."""
        user, version, clock = reader.principal.user, reader.snapshot.version, time.monotonic()
        with self._lock:
            for sighting in reader.work.sightings:
                self._take(user, version, reader.now, sighting, clock)
            full = self._count >= MAX_WAITING
            if self._thread is None and self._count:
                self._thread = threading.Thread(target=self._run, name="sightings", daemon=True)
                self._thread.start()
        if full:
            self.flush()

    def _take(self, user: UUID, version: int, now: datetime, sighting: Sighting, clock: float) -> None:
        waiting = self._waiting[user, sighting.object, sighting.how, version]
        for record in sighting.records:
            look = (user, record, sighting.how)
            before = self._lately.get(look)
            if before is not None and clock - before < AGAIN_SECONDS:
                continue
            self._lately[look] = clock
            self._lately.move_to_end(look)
            waiting.setdefault(record, now)
            self._count += 1
        while len(self._lately) > MAX_REMEMBERED:
            self._lately.popitem(last=False)

    def flush(self) -> None:
        """Write what waits."""
        with self._lock:
            waiting, self._waiting, self._count = self._waiting, defaultdict(dict), 0
        rows = [row for key, records in waiting.items() for row in _events(key, records)]
        if not rows:
            return
        with self.pool.connection() as connection:
            for row in rows:
                journal.append(connection, row)

    def _run(self) -> None:
        while not self._stop.wait(FLUSH_SECONDS):
            try:
                self.flush()
            except psycopg.Error as error:
                _log.warning("could not write down who looked at what: %s", type(error).__name__)

    def close(self) -> None:
        """Write the rest, and stop."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(5)
        self.flush()


def _events(key: Key, records: dict[UUID, datetime]) -> list[journal.Row]:
    user, object, how, version = key
    ids = list(records)
    parts = [ids[start : start + RECORDS_PER_EVENT] for start in range(0, len(ids), RECORDS_PER_EVENT)]
    return [
        (
            max(records[id] for id in part),
            user,
            CAUSE,
            object,
            None,
            EventKind.VIEWED,
            dumps_text({"how": how, "records": [str(id) for id in part]}),
            version,
        )
        for part in parts
    ]


def seen_by(reader: Unit, object: str, id: UUID) -> Sequence[dict[str, Any]]:
    """Who looked at a record within reach, the latest first. Raises NotPermitted, NotFound."""
    require(reader, PERMISSION)
    seen(reader, object, id)
    rows = reader.execute(_SEEN_BY, (str(id), object, MAX_SHOWN)).fetchall()
    return [
        {"at": at, "by": {"id": actor, "label": name}, "how": how, "among": among}
        for at, actor, name, how, among in rows
    ]
