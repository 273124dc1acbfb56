"""The worker: takes jobs from the queue and does them, in a thread of `serve` or a process of its own.

A worker that is killed stops its heartbeat; within STALLED_SECONDS another takes its jobs up where they stopped. What ends
an attempt but may pass by itself (a lost database, a full disk) is waited for, longer each time, up to MAX_ATTEMPTS.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import procrastinate
import psycopg
from procrastinate.exceptions import ProcrastinateException
from procrastinate.jobs import Job as Entry

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Principal
from chengdan.run import scoring
from chengdan.run.auditing import run_trail, run_verification
from chengdan.run.errors import NotFound
from chengdan.run.exporting import run_export
from chengdan.run.histories import job as histories
from chengdan.run.importer.job import run_import
from chengdan.run.jobs import (
    SCHEMA,
    TASK,
    Job,
    JobCancelled,
    JobInterrupted,
    JobPutOff,
    JobState,
    JobTakenOver,
    Progress,
    failure,
    finish,
    lose_attempt,
    start,
)
from chengdan.run.leaving.back import run_take_back
from chengdan.run.leaving.moving import run_hand_over
from chengdan.run.mining import exporting as process_log
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.store.files.errors import StorageUnavailable

Handler = Callable[[Runtime, Progress], Mapping[str, Any]]
"""Does a job, part by part, and returns what goes over its result at the end."""

HANDLERS: Mapping[str, Handler] = {
    "import": run_import,
    histories.KIND: histories.run_history,
    "export": run_export,
    "audit_export": run_trail,
    "audit_verify": run_verification,
    process_log.KIND: process_log.run_log,
    "hand_over": run_hand_over,
    "take_back": run_take_back,
    "score": scoring.run_job,
}
CONCURRENCY = 2
HEARTBEAT_SECONDS = 3.0
STALLED_SECONDS = 12.0
POLL_SECONDS = 5.0
STOP_SECONDS = 0.1
AGAIN_SECONDS = 2.0
MAX_ATTEMPTS = 20
MOST_WAIT_SECONDS = 300
_log = logging.getLogger(__name__)


class JobFailed(ChengdanError):
    """A fault of the program while it did a job; what was committed stays."""

    code = "JOB-001"
    status = 500
    zh = "任务因程序错误而中止，已完成的部分已保存。"
    en = "A fault of the program ended the job; what it had done is kept."
    hint_zh = "请把任务编号告诉管理员。"
    hint_en = "Give the job's id to an administrator."


class OwnerGone(ChengdanError):
    """Whoever asked for the job may not log in any more."""

    code = "JOB-002"
    status = 403
    zh = "任务发起人已停用。"
    en = "Whoever asked for the job is no longer active."


class DatabaseKeptFailing(ChengdanError):
    """Each of the many attempts at a job ended with an error of the database; `reason` is the last one."""

    code = "JOB-003"
    status = 503
    zh = "数据库一再出错，任务没能继续：{reason}"
    en = "The database kept failing, so the job could not go on: {reason}"
    hint_zh = "已完成的部分已保存。请管理员检查数据库，恢复后重新发起。"
    hint_en = (
        "What it had done is kept. Have an administrator check the database, then ask for the rest again."
    )


def run_worker(
    runtime: Runtime,
    stop: threading.Event,
    handlers: Mapping[str, Handler] = HANDLERS,
    stalled_seconds: float = STALLED_SECONDS,
) -> None:
    """Do jobs until `stop` is set; returns once no job is going on. Survives a database that goes away for a while."""
    doorman = Doorman(runtime)
    while not stop.is_set():
        try:
            asyncio.run(_work(doorman, stop, handlers, stalled_seconds))
        except (ProcrastinateException, psycopg.Error, OSError) as error:
            _log.warning("the worker lost the database, trying again: %s", type(error).__name__)
            stop.wait(AGAIN_SECONDS)


def perform(
    doorman: Doorman,
    id: UUID,
    handlers: Mapping[str, Handler] = HANDLERS,
    stopping: Callable[[], bool] = lambda: False,
) -> None:
    """Do one job to its end, from wherever it stands, with the rights that its owner has now.

    Raises what lets it be tried again: JobInterrupted, JobPutOff, and psycopg.Error where the job can't even be noted down.
    """
    runtime = doorman.runtime
    job = start(runtime, id)
    if job is None:
        return
    if job.cancel:
        finish(runtime, id, JobState.CANCELLED, {})
        return
    try:
        result = handlers[job.kind](runtime, Progress(job, _owner(doorman, job), stopping))
    except JobTakenOver:
        return
    except JobCancelled:
        finish(runtime, id, JobState.CANCELLED, {})
    except JobInterrupted:
        raise
    except (psycopg.OperationalError, StorageUnavailable) as error:
        _put_off(runtime, id, error)
    except ChengdanError as error:
        finish(runtime, id, JobState.FAILED, failure(error))
    except Exception:
        _log.exception("job %s failed", id)
        finish(runtime, id, JobState.FAILED, failure(JobFailed(path=str(id))))
    else:
        finish(runtime, id, JobState.DONE, result)


def _put_off(runtime: Runtime, id: UUID, error: psycopg.OperationalError | StorageUnavailable) -> None:
    """Let a job be tried again that `error` ended; or end it, if it is to stop or that was its last attempt.

    Raises JobPutOff.
    """
    lost = lose_attempt(runtime, id)
    if lost is None:
        return
    attempts, cancel = lost
    _log.warning("attempt %s at job %s was lost: %s", attempts, id, type(error).__name__)
    if cancel:
        finish(runtime, id, JobState.CANCELLED, {})
    elif attempts >= MAX_ATTEMPTS:
        finish(runtime, id, JobState.FAILED, failure(_as_told(error)))
    else:
        raise JobPutOff(min(2 ** (attempts - 1), MOST_WAIT_SECONDS)) from error


def _as_told(error: psycopg.OperationalError | StorageUnavailable) -> ChengdanError:
    if isinstance(error, StorageUnavailable):
        return error
    return DatabaseKeptFailing(reason=error.diag.message_primary or type(error).__name__)


def _owner(doorman: Doorman, job: Job) -> Principal:
    try:
        return doorman.principal_of(job.owner)
    except NotFound:
        raise OwnerGone() from None


async def _work(
    doorman: Doorman, stop: threading.Event, handlers: Mapping[str, Handler], stalled_seconds: float
) -> None:
    app = _application(doorman, stop, handlers)
    async with app.open_async():
        worker = asyncio.create_task(
            app.run_worker_async(
                concurrency=CONCURRENCY,
                install_signal_handlers=False,
                fetch_job_polling_interval=POLL_SECONDS,
                update_heartbeat_interval=min(HEARTBEAT_SECONDS, stalled_seconds / 4),
                stalled_worker_timeout=stalled_seconds,
                delete_jobs="successful",
            )
        )
        rescuer = asyncio.create_task(_rescue(app, stalled_seconds))
        try:
            while not stop.is_set() and not worker.done() and not rescuer.done():
                await asyncio.sleep(STOP_SECONDS)
        finally:
            rescuer.cancel()
            worker.cancel()
            ended = await asyncio.gather(worker, rescuer, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


def _application(
    doorman: Doorman, stop: threading.Event, handlers: Mapping[str, Handler]
) -> procrastinate.App:
    connector = procrastinate.PsycopgConnector(
        conninfo=doorman.runtime.url,
        kwargs={"options": f"-c search_path={SCHEMA}"},
        min_size=1,
        max_size=CONCURRENCY + 2,
    )
    app = procrastinate.App(connector=connector)

    @app.task(name=TASK, retry=_Retrying())
    def work(job: str) -> None:
        perform(doorman, UUID(job), handlers, stop.is_set)

    return app


class _Retrying(procrastinate.BaseRetryStrategy):
    """When the queue hands a job out again. How often is not its to say: `perform` counts, and ends a job in time."""

    def get_retry_decision(
        self, *, exception: BaseException, job: Entry
    ) -> procrastinate.RetryDecision | None:
        match exception:
            case JobPutOff():
                return procrastinate.RetryDecision(retry_in={"seconds": exception.wait_seconds})
            case JobInterrupted() | psycopg.Error():
                return procrastinate.RetryDecision(retry_in={"seconds": 1})
        return None


async def _rescue(app: procrastinate.App, stalled_seconds: float) -> None:
    """Put the jobs of dead workers back into the queue."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_seconds):
            _log.warning("job %s lost its worker and goes on", job.task_kwargs.get("job"))
            await app.job_manager.retry_job(job)
        await asyncio.sleep(stalled_seconds / 4)
