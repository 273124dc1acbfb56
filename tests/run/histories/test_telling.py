"""Telling a log costs as many statements for many traces as for few, and goes on behind what was told."""

from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from chengdan.base.errors import Problems
from chengdan.kernel.access import Principal
from chengdan.run.histories.plan import HistoryPlan, check_history
from chengdan.run.histories.telling import Told, tell_log
from chengdan.run.histories.xes import read_xes
from chengdan.run.importer.outcome import Terms
from chengdan.run.runtime import Runtime
from tests.logs import xes
from tests.statements import statements

PLAN = HistoryPlan(
    "opportunity",
    "external_key",
    {"external_key": "concept:name", "name": "concept:name"},
    {"open": "prospecting", "ask": "discovery", "show": "demo"},
    {"check": "needs_confirmed"},
)
DATED = replace(PLAN, dates={"open": "next_step_on", "show": "close_on"})
WAY = [
    (name, f"2019-03-{day:02}T09:00:00+08:00") for day, name in enumerate(("open", "ask", "check", "show"), 4)
]


def log(path: Path, *names: str) -> Path:
    path.write_bytes(xes(*(({"concept:name": name}, WAY) for name in names)))
    return path


def tell(runtime: Runtime, who: Principal, path: Path, skip: int = 0, plan: HistoryPlan = PLAN) -> Told:
    found = Told()
    check_history(plan, runtime.snapshot, who)
    terms = Terms(who, "import/log", "r")
    tell_log(runtime, read_xes(path), plan, terms, lambda _, told: found.add(told), skip)
    return found


def test_many_traces_need_as_many_statements_as_few(
    runtime: Runtime, admin: Principal, tmp_path: Path
) -> None:
    few, many = (
        log(tmp_path / str(count), *(f"{count}-{number}" for number in range(count))) for count in (30, 200)
    )
    tell(runtime, admin, log(tmp_path / "first", "first"))
    sent = [statements(partial(tell, runtime, admin, path)) for path in (few, many)]

    assert sent[0] == sent[1]


def test_telling_goes_on_behind_what_was_told(runtime: Runtime, admin: Principal, tmp_path: Path) -> None:
    path = log(tmp_path / "log", "a", "b", "b", "c")
    later, again = tell(runtime, admin, path, skip=2), tell(runtime, admin, path)

    assert (later.created, later.unchanged, later.events) == (2, 0, 8)
    assert (again.created, again.unchanged, again.events) == (1, 3, 4)


def test_the_day_of_an_event_fills_the_field_that_the_plan_names(
    runtime: Runtime, admin: Principal, tmp_path: Path
) -> None:
    tell(runtime, admin, log(tmp_path / "dated", "dated"), plan=DATED)

    with runtime.pool.connection() as connection:
        row = connection.execute(
            "SELECT stage, next_step_on, close_on FROM data.opportunity WHERE external_key = 'dated'"
        ).fetchone()
    assert row == ("demo", date(2019, 3, 4), date(2019, 3, 7))


def test_a_day_is_taken_by_a_field_for_days_from_an_event_that_enters_a_stage(
    runtime: Runtime, admin: Principal
) -> None:
    wrong = replace(PLAN, dates={"show": "name", "check": "close_on", "nothing": "close_on"})

    with pytest.raises(Problems) as raised:
        check_history(wrong, runtime.snapshot, admin)

    assert [one.path for one in raised.value.reasons()] == ["dates.show", "dates.check", "dates.nothing"]
