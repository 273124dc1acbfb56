"""Attempts at a job: what may pass by itself is waited for, longer each time, and not for ever."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest

from chengdan.kernel.access import Principal
from chengdan.run import jobs, worker
from chengdan.run.importer.job import run_import
from chengdan.run.jobs import JobInterrupted, JobPutOff, JobState, Progress
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.store.files.errors import StorageUnavailable
from tests.run.importer.people import ask, counts, csv_bytes, refused_rows
from tests.run.workers import eventually, seen, set_entry, working

FULL = StorageUnavailable(reason="disk full")


def deferred(runtime: Runtime, who: Principal) -> UUID:
    with runtime.unit(who) as unit:
        return jobs.defer(unit, "wait", {})


def failing(error: Exception) -> Mapping[str, worker.Handler]:
    """Handlers of which each attempt ends with `error`."""

    def fail(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        raise error

    return {"wait": fail}


def waits(runtime: Runtime, id: UUID, handlers: Mapping[str, worker.Handler]) -> list[int]:
    """Try a job until it ends; the waits in seconds between its attempts."""
    doorman, found = Doorman(runtime), []
    while True:
        try:
            worker.perform(doorman, id, handlers)
        except JobPutOff as put_off:
            found.append(put_off.wait_seconds)
        else:
            return found


def ask_to_cancel(runtime: Runtime, who: Principal, id: UUID) -> JobState:
    with runtime.unit(who) as unit:
        return jobs.cancel(unit, id).state


def entries(runtime: Runtime) -> list[tuple[Any, ...]]:
    """The state of each entry in the queue, and whether it waits for more than a minute."""
    with runtime.pool.connection() as connection:
        return connection.execute(
            "SELECT status::text, scheduled_at > now() + interval '1 minute' FROM procrastinate.procrastinate_jobs"
        ).fetchall()


def lose(runtime: Runtime, id: UUID, attempts: int) -> None:
    """Let a job have lost that many attempts."""
    with runtime.pool.connection() as connection:
        connection.execute("UPDATE chengdan.job SET lost_attempts = %s WHERE id = %s", (attempts, id))


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (FULL, "FILE-008", "disk full"),
        (psycopg.errors.QueryCanceled("too slow"), "JOB-003", "QueryCanceled"),
    ],
)
def test_what_does_not_pass_ends_a_job_at_its_last_attempt_with_what_was_wrong(
    runtime: Runtime, admin: Principal, error: Exception, code: str, words: str
) -> None:
    id = deferred(runtime, admin)
    found = waits(runtime, id, failing(error))
    job = seen(runtime, admin, id)
    assert (len(found), job.state, job.result["error"]["code"]) == (
        worker.MAX_ATTEMPTS - 1,
        JobState.FAILED,
        code,
    )
    assert words in job.result["error"]["message"]["zh"]
    assert job.finished_at is not None


def test_the_waits_between_attempts_grow_up_to_a_limit(runtime: Runtime, admin: Principal) -> None:
    found = waits(runtime, deferred(runtime, admin), failing(FULL))
    assert found[:9] == [1, 2, 4, 8, 16, 32, 64, 128, 256]
    assert set(found[9:]) == {worker.MOST_WAIT_SECONDS}


def test_the_queue_waits_as_long_as_the_job_was_put_off(runtime: Runtime, admin: Principal) -> None:
    id = deferred(runtime, admin)
    lose(runtime, id, 12)
    with working(runtime, failing(FULL)):
        eventually(lambda: entries(runtime) == [("todo", True)])
    assert seen(runtime, admin, id).state is JobState.RUNNING


def test_after_the_last_attempt_nothing_is_left_in_the_queue(runtime: Runtime, admin: Principal) -> None:
    id = deferred(runtime, admin)
    lose(runtime, id, worker.MAX_ATTEMPTS - 1)
    with working(runtime, failing(FULL)):
        eventually(lambda: entries(runtime) == [])
    assert seen(runtime, admin, id).state is JobState.FAILED


def test_a_stop_of_the_service_costs_no_attempt(runtime: Runtime, admin: Principal) -> None:
    def once(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        with runtime.unit(progress.principal) as unit:
            progress.move(unit, progress.done + 1, {})
        return {}

    id = deferred(runtime, admin)
    for _ in range(worker.MAX_ATTEMPTS + 1):
        with pytest.raises(JobInterrupted):
            worker.perform(Doorman(runtime), id, {"wait": once}, lambda: True)
    assert waits(runtime, id, failing(FULL))[0] == 1


def test_a_job_that_waits_for_its_next_attempt_is_cancelled_at_once(
    runtime: Runtime, admin: Principal
) -> None:
    id = deferred(runtime, admin)
    with pytest.raises(JobPutOff):
        worker.perform(Doorman(runtime), id, failing(FULL))
    assert ask_to_cancel(runtime, admin, id) is JobState.CANCELLED
    assert waits(runtime, id, failing(FULL)) == []
    job = seen(runtime, admin, id)
    assert (job.state, job.finished_at is not None) == (JobState.CANCELLED, True)


@pytest.mark.parametrize("status", ["failed", "aborted", "cancelled"])
def test_a_running_job_whose_entry_is_dead_is_cancelled_at_once(
    runtime: Runtime, admin: Principal, status: str
) -> None:
    id = deferred(runtime, admin)
    jobs.start(runtime, id)
    set_entry(runtime, id, status)
    assert ask_to_cancel(runtime, admin, id) is JobState.CANCELLED


def test_a_job_that_is_asked_to_stop_is_not_tried_again(runtime: Runtime, admin: Principal) -> None:
    id = deferred(runtime, admin)
    set_entry(runtime, id, "doing")

    def stopped(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        assert ask_to_cancel(runtime, admin, id) is JobState.RUNNING
        raise FULL

    assert waits(runtime, id, {"wait": stopped}) == []
    assert seen(runtime, admin, id).state is JobState.CANCELLED


def test_a_job_that_was_asked_to_stop_before_an_interruption_is_not_taken_up_again(
    runtime: Runtime, admin: Principal
) -> None:
    id = deferred(runtime, admin)
    set_entry(runtime, id, "doing")
    jobs.start(runtime, id)
    assert ask_to_cancel(runtime, admin, id) is JobState.RUNNING
    worker.perform(Doorman(runtime), id, failing(AssertionError()))
    assert seen(runtime, admin, id).state is JobState.CANCELLED


def test_an_import_that_had_to_give_up_hands_back_what_it_refused(runtime: Runtime, admin: Principal) -> None:
    content = csv_bytes(["n", "d"], [["甲公司", "x"], ["", "y"]])
    id = ask(runtime, admin, content, "competitor", {"n": "name"})
    lose(runtime, id, worker.MAX_ATTEMPTS - 1)

    def bring_in_and_lose_the_store(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        run_import(runtime, progress)
        raise FULL

    worker.perform(Doorman(runtime), id, {"import": bring_in_and_lose_the_store})
    job = seen(runtime, admin, id)
    assert (job.state, counts(job)) == (
        JobState.FAILED,
        {"created": 1, "updated": 0, "unchanged": 0, "refused": 1},
    )
    assert [(row["原文件行号"], row["错误代码"]) for row in refused_rows(runtime, job)] == [
        ("3", "VALUE-002")
    ]
