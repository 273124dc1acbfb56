"""Jobs: long work that outlives a request. Deferred in the transaction of what asks for it, done by any worker.

A job's row says how far it is. Work goes on in parts, and each part moves the row in its own transaction: after a kill -9
the next worker goes on behind the last part that was committed, and of two workers on one job only one can commit a part.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import procrastinate
import psycopg

from chengdan.base.errors import ChengdanError, Locale
from chengdan.base.ids import new_id
from chengdan.base.json import dumps_text
from chengdan.kernel.access import Principal
from chengdan.run.errors import NotFound
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Unit

TASK = "job"
SCHEMA = "procrastinate"
MAX_LISTED = 100


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDED = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands: `payload` is what it was asked to do, `result` what came of it so far, `done` of `total` its parts."""

    id: UUID
    kind: str
    state: JobState
    owner: UUID
    payload: Mapping[str, Any]
    result: Mapping[str, Any]
    done: int
    total: int
    cancel: bool
    created_at: datetime
    finished_at: datetime | None

    @property
    def finished(self) -> bool:
        return self.state in ENDED


class JobCancelled(Exception):
    """The owner asked the job to stop: the part that was going on is rolled back."""


class JobInterrupted(Exception):
    """The worker stops: the job goes back into the queue and on from its last part."""


class JobPutOff(Exception):
    """What may pass by itself ended an attempt: the job goes back into the queue for `wait_seconds`."""

    def __init__(self, wait_seconds: int) -> None:
        super().__init__(wait_seconds)
        self.wait_seconds = wait_seconds


class JobTakenOver(Exception):
    """Another worker went on with this job: nothing more may be committed here."""


_COLUMNS: LiteralString = (
    "id, kind, state, owner, payload, result, done, total, cancel, created_at, finished_at"
)
_ADD: LiteralString = (
    "INSERT INTO chengdan.job (id, kind, state, owner, payload, total) "
    "VALUES (%s, %s, 'queued', %s, %s::jsonb, %s)"
)
_ONE: LiteralString = "SELECT " + _COLUMNS + " FROM chengdan.job WHERE id = %s AND owner = %s"
_LIST: LiteralString = (
    "SELECT " + _COLUMNS + " FROM chengdan.job WHERE owner = %s ORDER BY created_at DESC, id DESC LIMIT %s"
)
_IDLE: LiteralString = (
    "state = 'queued' OR NOT EXISTS "
    "(SELECT FROM procrastinate.procrastinate_jobs q WHERE q.lock = job.id::text AND q.status = 'doing')"
)
"""Whether nobody works on a job: it waits for its first or its next attempt, or its entry in the queue is dead."""

_CANCEL: LiteralString = (
    "UPDATE chengdan.job SET cancel = true, "
    "state = CASE WHEN " + _IDLE + " THEN 'cancelled' ELSE state END, "
    "finished_at = CASE WHEN " + _IDLE + " THEN now() ELSE finished_at END "
    "WHERE id = %s AND owner = %s AND state IN ('queued', 'running')"
)
_START: LiteralString = (
    "UPDATE chengdan.job SET state = 'running' WHERE id = %s AND state IN ('queued', 'running') "
    "RETURNING " + _COLUMNS
)
_PART: LiteralString = (
    "UPDATE chengdan.job SET done = %s, total = %s, result = %s::jsonb "
    "WHERE id = %s AND state = 'running' AND done = %s RETURNING cancel"
)
_LOSE: LiteralString = (
    "UPDATE chengdan.job SET lost_attempts = lost_attempts + 1 WHERE id = %s AND state = 'running' "
    "RETURNING lost_attempts, cancel"
)
_FINISH: LiteralString = (
    "UPDATE chengdan.job SET state = %s, result = result || %s::jsonb, finished_at = now() "
    "WHERE id = %s AND state = 'running'"
)

_app = procrastinate.App(connector=procrastinate.PsycopgConnector())
"""Knows how to write into the queue; it never opens a connection of its own."""


def defer(unit: Unit, kind: str, payload: Mapping[str, Any], total: int = 0) -> UUID:
    """Ask for a job in the unit's transaction; the principal owns it. `payload` must be JSON."""
    id = new_id()
    unit.execute(_ADD, (id, kind, unit.principal.user, dumps_text(payload), total))
    enqueue(unit.connection, id)
    return id


def enqueue(connection: psycopg.Connection[Any], id: UUID) -> None:
    """Put a job into the queue that workers take from."""
    connection.execute("SELECT set_config('search_path', %s, true)", (SCHEMA,))
    _app.configure_task(TASK, lock=str(id), connection=connection).defer(job=str(id))
    connection.execute("SELECT set_config('search_path', 'public', true)")


def get(unit: Unit, id: UUID) -> Job:
    """A job of the principal's own. Raises NotFound."""
    row = unit.execute(_ONE, (id, unit.principal.user)).fetchone()
    if row is None:
        raise NotFound()
    return _job(row)


def list_jobs(unit: Unit, limit: int = MAX_LISTED) -> list[Job]:
    """The principal's jobs, newest first."""
    rows = unit.execute(_LIST, (unit.principal.user, min(limit, MAX_LISTED))).fetchall()
    return [_job(row) for row in rows]


def cancel(unit: Unit, id: UUID) -> Job:
    """Stop a job: at once if nobody works on it, else before its next part; what it has committed stays. Raises NotFound."""
    unit.execute(_CANCEL, (id, unit.principal.user))
    return get(unit, id)


class Progress:
    """How far a running job is, moved in the transactions of its parts. `principal` is its owner with the rights of now."""

    def __init__(self, job: Job, principal: Principal, stopping: Callable[[], bool] = lambda: False) -> None:
        self.job = job
        self.principal = principal
        self.done = job.done
        self.total = job.total
        self.result = dict(job.result)
        self._stopping = stopping

    def move(self, unit: Unit, done: int, result: Mapping[str, Any], total: int | None = None) -> None:
        """Say in the unit's transaction that `done` parts are done. What was said counts only once it is committed.

        Raises JobCancelled, JobInterrupted, JobTakenOver; the unit must then be rolled back.
        """
        if self._stopping():
            raise JobInterrupted
        total = self.total if total is None else total
        row = unit.execute(_PART, (done, total, dumps_text(result), self.job.id, self.done)).fetchone()
        if row is None:
            raise JobTakenOver
        if row[0]:
            raise JobCancelled
        self.done, self.total, self.result = done, total, dict(result)


class Steps:
    """Tells a job's progress in transactions of its own, every `every` things, for work that writes no records."""

    def __init__(self, runtime: Runtime, progress: Progress, total: int, every: int = 2_000) -> None:
        self._runtime = runtime
        self._progress = progress
        self._total = total
        self._every = every
        self._told = 0
        self(0, force=True)

    def __call__(self, done: int, force: bool = False) -> None:
        """Say that `done` things are done. Raises JobCancelled, JobInterrupted, JobTakenOver."""
        if not force and done - self._told < self._every:
            return
        self._told = done
        with self._runtime.unit(self._progress.principal, "job") as unit:
            self._progress.move(unit, done, self._progress.result, max(self._total, done))


def keep_file(runtime: Runtime, path: Path, name: str) -> dict[str, Any]:
    """Keep a file that a job made; what its result says of it."""
    with path.open("rb") as file:
        stored = runtime.blobs.put(file, name=name)
    return {"file": stored.sha256, "file_name": name, "size": stored.size}


def start(runtime: Runtime, id: UUID) -> Job | None:
    """Mark a job as running; None when it is finished, cancelled or unknown."""
    with runtime.pool.connection() as connection:
        row = connection.execute(_START, (id,)).fetchone()
    return None if row is None else _job(row)


def lose_attempt(runtime: Runtime, id: UUID) -> tuple[int, bool] | None:
    """Count an attempt at a running job that was lost: how many were by now, and whether it is to stop. None: it ended."""
    with runtime.pool.connection() as connection:
        return connection.execute(_LOSE, (id,)).fetchone()


def finish(runtime: Runtime, id: UUID, state: JobState, result: Mapping[str, Any]) -> None:
    """End a running job; `result` goes over what was said so far."""
    with runtime.pool.connection() as connection:
        connection.execute(_FINISH, (state, dumps_text(result), id))


def failure(error: ChengdanError) -> dict[str, Any]:
    """What a failed job's result says: code, message and hint of the error, with its single reasons."""
    return {
        "error": {
            "code": error.code,
            "message": {"zh": error.message("zh-CN"), "en": error.message("en")},
            "hint": {"zh": error.hint("zh-CN"), "en": error.hint("en")},
            "reasons": [
                {"code": one.code, "path": one.path, "zh": one.message("zh-CN"), "en": one.message("en")}
                for one in error.reasons()[:100]
            ],
        }
    }


def locale_of(principal: Principal) -> Locale:
    """The language to speak to somebody in."""
    return "en" if principal.locale == "en" else "zh-CN"


def _job(row: tuple[Any, ...]) -> Job:
    id, kind, state, *rest = row
    return Job(id, kind, JobState(state), *rest)
