"""Telling a log costs as many statements for many traces as for few, and goes on behind what was told."""

from functools import partial
from pathlib import Path

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
WAY = [
    (name, f"2019-03-{day:02}T09:00:00+08:00") for day, name in enumerate(("open", "ask", "check", "show"), 4)
]


def log(path: Path, *names: str) -> Path:
    path.write_bytes(xes(*(({"concept:name": name}, WAY) for name in names)))
    return path


def tell(runtime: Runtime, who: Principal, path: Path, skip: int = 0) -> Told:
    found = Told()
    check_history(PLAN, runtime.snapshot, who)
    terms = Terms(who, "import/log", "r")
    tell_log(runtime, read_xes(path), PLAN, terms, lambda _, told: found.add(told), skip)
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
