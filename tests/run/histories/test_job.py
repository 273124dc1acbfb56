"""A log is told as a job: stopped in the middle it keeps what it told, killed it goes on there, and nothing is told twice."""

import io
from uuid import UUID

import pytest

from chengdan.kernel.access import Principal
from chengdan.run import jobs, worker
from chengdan.run.histories.job import HistoryRequest, request_history
from chengdan.run.histories.telling import TRACES_PER_UNIT
from chengdan.run.jobs import JobState
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.store import sealing
from tests.logs import xes
from tests.run.histories.test_telling import PLAN, WAY
from tests.run.workers import eventually, kill_when, seen, working

PARTS = 4
TRACES = PARTS * TRACES_PER_UNIT
Held = tuple[int, int, int, int]


def ask(runtime: Runtime, who: Principal) -> UUID:
    content = xes(*(({"concept:name": f"L-{number}"}, WAY) for number in range(TRACES)))
    stored = runtime.blobs.put(io.BytesIO(content), name="log.xes")
    with runtime.unit(who) as unit:
        return request_history(unit, HistoryRequest(stored.sha256, "log.xes", PLAN))


def held(runtime: Runtime) -> Held:
    """(records, different ones, records made by their events, times that a sub-step was worked on); the chain must hold."""
    with runtime.pool.connection() as connection:
        sealing.seal(connection)
    with runtime.pool.connection() as connection:
        assert sealing.verify(connection)[1] == []
        row = connection.execute(
            "SELECT (SELECT count(*) FROM data.opportunity), (SELECT count(DISTINCT external_key) FROM data.opportunity), "
            "count(*) FILTER (WHERE kind = 'record.created'), count(*) FILTER (WHERE kind = 'substep.done') "
            "FROM chengdan.event WHERE object = 'opportunity'"
        ).fetchone()
    assert row is not None
    return row


@pytest.mark.crash
def test_a_log_whose_worker_is_killed_goes_on_where_it_was(runtime: Runtime, admin: Principal) -> None:
    id = ask(runtime, admin)
    kill_when(runtime, lambda: seen(runtime, admin, id).done > 0)
    killed = seen(runtime, admin, id)
    assert (killed.state, killed.done % TRACES_PER_UNIT, killed.done < TRACES) == (JobState.RUNNING, 0, True)
    assert held(runtime) == (killed.done,) * 4

    with working(runtime, worker.HANDLERS):
        eventually(lambda: seen(runtime, admin, id).finished)

    job = seen(runtime, admin, id)
    figures = [job.result[name] for name in ("created", "unchanged", "refused", "events", "unknown")]
    assert (job.state, job.done, figures) == (JobState.DONE, TRACES, [TRACES, 0, 0, TRACES * len(WAY), 0])
    assert held(runtime) == (TRACES,) * 4


def test_a_cancelled_log_keeps_what_it_told_and_the_rest_comes_with_the_next(
    runtime: Runtime, admin: Principal
) -> None:
    id, parts = ask(runtime, admin), iter(range(PARTS))

    def cancelling() -> bool:
        if next(parts) == 1:
            with runtime.unit(admin) as unit:
                jobs.cancel(unit, id)
        return False

    worker.perform(Doorman(runtime), id, stopping=cancelling)
    job = seen(runtime, admin, id)
    assert (job.state, job.done, job.result["created"]) == (
        JobState.CANCELLED,
        TRACES_PER_UNIT,
        TRACES_PER_UNIT,
    )
    assert held(runtime) == (TRACES_PER_UNIT,) * 4

    again = ask(runtime, admin)
    worker.perform(Doorman(runtime), again)
    rest = seen(runtime, admin, again).result
    assert (rest["created"], rest["unchanged"]) == (TRACES - TRACES_PER_UNIT, TRACES_PER_UNIT)
    assert held(runtime) == (TRACES,) * 4
