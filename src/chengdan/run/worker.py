"""The worker: takes jobs from the queue and does them, in a thread of `serve` or a process of its own.

A worker that is killed stops its heartbeat; within STALLED_SECONDS another takes its jobs up where they stopped.
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
    JobState,
    JobTakenOver,
    Progress,
    failure,
    finish,
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

    Raises what lets it be tried again: JobInterrupted, a lost database (psycopg.Error), StorageUnavailable.
    """
    runtime = doorman.runtime
    job = start(runtime, id)
    if job is None:
        return
    try:
        result = handlers[job.kind](runtime, Progress(job, _owner(doorman, job), stopping))
    except JobTakenOver:
        return
    except JobCancelled:
        finish(runtime, id, JobState.CANCELLED, {})
    except (JobInterrupted, psycopg.OperationalError, StorageUnavailable):
        raise
    except ChengdanError as error:
        finish(runtime, id, JobState.FAILED, failure(error))
    except Exception:
        _log.exception("job %s failed", id)
        finish(runtime, id, JobState.FAILED, failure(JobFailed(path=str(id))))
    else:
        finish(runtime, id, JobState.DONE, result)


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
    retry = procrastinate.RetryStrategy(
        max_attempts=MAX_ATTEMPTS,
        wait=1,
        retry_exceptions=[JobInterrupted, psycopg.OperationalError, StorageUnavailable],
    )

    @app.task(name=TASK, retry=retry)
    def work(job: str) -> None:
        perform(doorman, UUID(job), handlers, stop.is_set)

    return app


async def _rescue(app: procrastinate.App, stalled_seconds: float) -> None:
    """Put the jobs of dead workers back into the queue."""
    while True:
        for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=stalled_seconds):
            _log.warning("job %s lost its worker and goes on", job.task_kwargs.get("job"))
            await app.job_manager.retry_job(job)
        await asyncio.sleep(stalled_seconds / 4)
