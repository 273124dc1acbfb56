"""Jobs: asked for with what asks for them, done once, taken up again after a kill."""

import threading
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import psycopg
import pytest

from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run import jobs, worker
from chengdan.run.errors import Forbidden, NotFound
from chengdan.run.jobs import JobState, Progress
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from tests.run.importer.people import ask, csv_bytes
from tests.run.workers import PATIENCE_SECONDS, eventually, kill_when, seen, set_entry, working


def deferred(runtime: Runtime, who: Principal, kind: str = "count", parts: int = 3) -> UUID:
    with runtime.unit(who) as unit:
        return jobs.defer(unit, kind, {"parts": parts}, parts)


def counting(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Does as many parts as the payload says."""
    while progress.done < progress.job.payload["parts"]:
        with runtime.unit(progress.principal) as unit:
            progress.move(unit, progress.done + 1, {"last": progress.done + 1})
    return {"end": True}


def test_a_job_is_there_only_if_what_asked_for_it_is_committed(runtime: Runtime, admin: Principal) -> None:
    with pytest.raises(Forbidden), runtime.unit(admin) as unit:
        jobs.defer(unit, "count", {})
        raise Forbidden
    with runtime.pool.connection() as connection:
        assert connection.execute("SELECT count(*) FROM chengdan.job").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM procrastinate.procrastinate_jobs").fetchone() == (0,)


def test_a_worker_does_jobs_and_says_how_far_they_are(runtime: Runtime, admin: Principal) -> None:
    id = deferred(runtime, admin)
    with working(runtime, {"count": counting}):
        eventually(lambda: seen(runtime, admin, id).finished)
    job = seen(runtime, admin, id)
    assert (job.state, job.done, job.total) == (JobState.DONE, 3, 3)
    assert job.result == {"last": 3, "end": True}
    assert job.finished_at is not None


def test_a_job_is_seen_by_its_owner_alone(runtime: Runtime, admin: Principal) -> None:
    id = deferred(runtime, admin)
    other = Principal(new_id(), "other", frozenset({"admin"}))
    with runtime.reader(other) as reader:
        assert jobs.list_jobs(reader) == []
        with pytest.raises(NotFound):
            jobs.get(reader, id)
    with runtime.unit(other) as unit, pytest.raises(NotFound):
        jobs.cancel(unit, id)
    assert seen(runtime, admin, id).cancel is False
    with runtime.reader(admin) as reader:
        assert [job.id for job in jobs.list_jobs(reader)] == [id]


def test_a_waiting_job_is_cancelled_at_once_and_never_runs(runtime: Runtime, admin: Principal) -> None:
    id = deferred(runtime, admin)
    with runtime.unit(admin) as unit:
        assert jobs.cancel(unit, id).state is JobState.CANCELLED
    worker.perform(Doorman(runtime), id, {"count": counting})
    assert (seen(runtime, admin, id).state, seen(runtime, admin, id).done) == (JobState.CANCELLED, 0)


def test_a_running_job_is_cancelled_before_its_next_part(runtime: Runtime, admin: Principal) -> None:
    id = deferred(runtime, admin)

    def cancelled_after_one(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        for _ in range(2):
            with runtime.unit(admin) as unit:
                progress.move(unit, progress.done + 1, {})
            with runtime.unit(admin) as unit:
                jobs.cancel(unit, id)
        return {}

    set_entry(runtime, id, "doing")
    worker.perform(Doorman(runtime), id, {"count": cancelled_after_one})
    job = seen(runtime, admin, id)
    assert (job.state, job.done) == (JobState.CANCELLED, 1)


def test_a_refusal_and_a_fault_end_a_job_with_their_reason(runtime: Runtime, admin: Principal) -> None:
    def refuse(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        raise Forbidden

    def err(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        raise LookupError("a bug")

    refused, broken = deferred(runtime, admin, "refuse"), deferred(runtime, admin, "err")
    for id in (refused, broken):
        worker.perform(Doorman(runtime), id, {"refuse": refuse, "err": err})
    found = [seen(runtime, admin, id) for id in (refused, broken)]
    assert [job.state for job in found] == [JobState.FAILED, JobState.FAILED]
    assert [job.result["error"]["code"] for job in found] == ["ACCESS-001", "JOB-001"]


def test_a_lost_database_lets_the_job_be_tried_again(runtime: Runtime, admin: Principal) -> None:
    failures = [psycopg.OperationalError("gone")]

    def flaky(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        if failures:
            raise failures.pop()
        return counting(runtime, progress)

    id = deferred(runtime, admin)
    with working(runtime, {"count": flaky}):
        eventually(lambda: seen(runtime, admin, id).finished)
    assert seen(runtime, admin, id).state is JobState.DONE


def test_a_job_has_the_rights_that_its_owner_has_when_it_runs(runtime: Runtime, admin: Principal) -> None:
    waiting, late = (ask(runtime, admin, b"n\nrival\n", "competitor", {"n": "name"}) for _ in range(2))
    with runtime.pool.connection() as connection:
        connection.execute("UPDATE data.\"user\" SET roles = '{rep}' WHERE id = %s", (admin.user,))
    worker.perform(Doorman(runtime), waiting)
    with runtime.pool.connection() as connection:
        connection.execute('UPDATE data."user" SET active = false WHERE id = %s', (admin.user,))
    worker.perform(Doorman(runtime), late)
    codes = [seen(runtime, admin, id).result["error"]["code"] for id in (waiting, late)]
    assert codes == ["ACCESS-002", "JOB-002"]


def test_of_two_workers_on_one_job_only_one_commits(runtime: Runtime, admin: Principal) -> None:
    id = deferred(runtime, admin, parts=1)
    first, second = jobs.start(runtime, id), jobs.start(runtime, id)
    assert first is not None
    assert second is not None
    counting(runtime, Progress(first, admin))
    with pytest.raises(jobs.JobTakenOver), runtime.unit(admin) as unit:
        Progress(second, admin).move(unit, 1, {})


def test_a_worker_that_stops_gives_its_job_back(runtime: Runtime, admin: Principal) -> None:
    begun = threading.Event()

    def slow(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        while progress.done < 100_000:
            with runtime.unit(admin) as unit:
                progress.move(unit, progress.done + 1, {})
            begun.set()
        return {}

    id = deferred(runtime, admin)
    with working(runtime, {"count": slow}):
        assert begun.wait(PATIENCE_SECONDS)
    done = seen(runtime, admin, id).done
    assert (seen(runtime, admin, id).state, done > 0) == (JobState.RUNNING, True)

    def rest(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        return {"from": progress.done}

    with working(runtime, {"count": rest}):
        eventually(lambda: seen(runtime, admin, id).finished)
    assert seen(runtime, admin, id).result["from"] == done


@pytest.mark.crash
def test_an_import_whose_worker_is_killed_goes_on_without_losing_or_repeating_a_row(
    runtime: Runtime, admin: Principal, importing: UUID
) -> None:
    kill_when(runtime, lambda: seen(runtime, admin, importing).done > 0)
    killed_at = seen(runtime, admin, importing)
    assert (killed_at.state, killed_at.done < 6_000) == (JobState.RUNNING, True)

    with working(runtime, worker.HANDLERS):
        eventually(lambda: seen(runtime, admin, importing).finished)

    job = seen(runtime, admin, importing)
    assert (job.state, job.result["created"], job.result["refused"]) == (JobState.DONE, 6_000, 0)
    with runtime.pool.connection() as connection:
        found = connection.execute("SELECT count(*), count(DISTINCT name) FROM data.competitor").fetchone()
        events = connection.execute(
            "SELECT count(*) FROM chengdan.event WHERE object = 'competitor'"
        ).fetchone()
    assert (found, events) == ((6_000, 6_000), (6_000,))


@pytest.fixture
def importing(runtime: Runtime, admin: Principal) -> UUID:
    """An import of 6,000 rows that waits for a worker."""
    content = csv_bytes(["n"], [[f"rival {number}"] for number in range(6_000)])
    return ask(runtime, admin, content, "competitor", {"n": "name"})
