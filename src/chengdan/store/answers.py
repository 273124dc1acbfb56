"""Kept answers: figures over very many rows are worked out once for all who ask the same, and renewed behind them.

Who sees everything asks the same statement with the same values, so nobody is told more than their own reading would tell.
An answer holds as long as no transaction has ended since; after that it is still given at once, called `renewing`, while
a thread works out the next one. A statement that is quick is simply carried out.
"""

import logging
import threading
import time
from collections.abc import Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool, PoolClosed

from chengdan.store.connection import Connection

SLOW_SECONDS = 0.1
"""From here on an answer is kept."""

TIMELY = timedelta(seconds=60)
"""For so long an answer that hangs on the clock is good."""

LASTING = timedelta(hours=1)
"""An older answer is of no use: who asks waits for a new one."""

REST = 4
"""Between two renewals of an answer lies so many times what it takes: busy writers can't keep a core busy with it."""

MOST_KEPT = 512
_ALONE = "SET LOCAL max_parallel_workers = 0"
"""Nobody waits for a renewal, so it leaves the other cores to those who wait for something."""
_MARK = "SELECT pg_current_snapshot()::text"
_log = logging.getLogger(__name__)
Rows = Sequence[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Answer:
    """Rows as of `at`; `renewing` when something may have changed since and newer ones are being worked out."""

    rows: Rows
    at: datetime
    renewing: bool = False


@dataclass(frozen=True, slots=True)
class _Kept:
    rows: Rows
    at: datetime
    mark: str
    """What was visible just before; unknown of one that somebody waited for, so the next one to ask has it renewed."""

    took: float
    done: float


@dataclass
class KeptAnswers:
    """The kept answers of one process; `slow_seconds` is what an answer must take to be kept."""

    pool: ConnectionPool[Connection]
    slow_seconds: float = SLOW_SECONDS
    _kept: dict[Hashable, _Kept] = field(default_factory=dict)
    _renewing: set[Hashable] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _worker: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, thread_name_prefix="kept-answers")
    )

    def ask(self, connection: Connection, sql: bytes, params: Sequence[Any], now: datetime) -> Answer:
        """The rows of a statement; those among its values that are `now` don't make it another question."""
        key = (sql, *("now" if value == now else _hashable(value) for value in params))
        kept = self._kept.get(key)
        if kept is None or now - kept.at > LASTING:
            kept = self._work_out(connection, key, sql, params, now, "")
            return Answer(kept.rows, kept.at)
        if kept.mark == _mark(connection) and now - kept.at < TIMELY:
            return Answer(kept.rows, kept.at)
        self._renew(key, kept, sql, params, now)
        return Answer(kept.rows, kept.at, renewing=True)

    def close(self) -> None:
        """Start no more renewals."""
        self._worker.shutdown(wait=False, cancel_futures=True)

    def _work_out(
        self,
        connection: Connection,
        key: Hashable,
        sql: bytes,
        params: Sequence[Any],
        now: datetime,
        mark: str,
    ) -> _Kept:
        start = time.monotonic()
        rows = connection.run(sql, list(params)).fetchall()
        done = time.monotonic()
        made = _Kept(rows, now, mark, done - start, done)
        with self._lock:
            self._kept.pop(key, None)
            if made.took >= self.slow_seconds:
                self._kept[key] = made
            if len(self._kept) > MOST_KEPT:
                self._kept.pop(next(iter(self._kept)))
        return made

    def _renew(self, key: Hashable, kept: _Kept, sql: bytes, params: Sequence[Any], now: datetime) -> None:
        with self._lock:
            if key in self._renewing or time.monotonic() - kept.done < REST * kept.took:
                return
            self._renewing.add(key)
        try:
            self._worker.submit(self._renewal, key, sql, params, now)
        except RuntimeError:
            self._renewing.discard(key)

    def _renewal(self, key: Hashable, sql: bytes, params: Sequence[Any], now: datetime) -> None:
        try:
            with self.pool.connection() as connection, connection.transaction():
                connection.execute(_ALONE)
                self._work_out(connection, key, sql, params, now, _mark(connection))
        except (psycopg.Error, PoolClosed) as error:
            _log.warning("a figure could not be renewed: %s", type(error).__name__)
            self._kept.pop(key, None)
        finally:
            self._renewing.discard(key)


def _mark(connection: Connection) -> str:
    """What is visible now: alike as long as no transaction ends or begins to write."""
    row = connection.execute(_MARK).fetchone()
    return str(row[0]) if row else ""


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
