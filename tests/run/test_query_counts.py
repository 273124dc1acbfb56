"""What a list and a write cost in statements: the same whatever the page size, the number of rows, and of rules."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run import read
from chengdan.run.commands import Create, Move, Update
from chengdan.run.read import ListQuery, Measure
from chengdan.store.connection import Connection, Rows
from tests.databases import Databases
from tests.lab.lab import BOSS, HEAD, KEEPER, MING, Lab, open_lab
from tests.lab.manifests import manifests

RULES = 40
SILENT = """\
rule: silent_{number}
label: {{zh: a, en: a}}
object: job
on: {{created: true, updated: [], moved_to: []}}
when: 'value > 1000000 and name == "never" and cost == {number}'
do:
  - set: {{urgent: 'true'}}
"""


@pytest.fixture(scope="module")
def counted(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """A lab with thirty jobs."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("counted")) as lab:
        for number in range(30):
            client = lab.create(MING, "client", name=f"c{number}")
            lab.create(MING, "job", name=f"j{number}", value=number, client=str(client["id"]))
        yield lab


@contextmanager
def statements(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Collects every statement that is executed meanwhile, transaction control aside."""
    seen: list[str] = []
    execute = psycopg.Cursor.execute

    def watched(self: Any, query: Any, *args: Any, **more: Any) -> Any:
        seen.append(query.decode() if isinstance(query, bytes) else str(query))
        return execute(self, query, *args, **more)

    run = Connection.run

    def watched_run(self: Connection, statement: bytes, params: Sequence[Any] = ()) -> Rows:
        seen.append(statement.decode())
        return run(self, statement, params)

    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "execute", watched)
        patch.setattr(Connection, "run", watched_run)
        yield seen


def cost_of_list(lab: Lab, monkeypatch: pytest.MonkeyPatch, who: Principal, query: ListQuery) -> int:
    with lab.runtime.reader(who) as reader, statements(monkeypatch) as seen:
        read.list_records(reader, query)
    return len(seen)


@pytest.mark.parametrize("who", [KEEPER, MING, HEAD, BOSS], ids=lambda who: who.name)
@pytest.mark.parametrize("limit", [1, 10, 200])
def test_a_list_is_one_statement_whatever_its_size(
    counted: Lab, monkeypatch: pytest.MonkeyPatch, who: Principal, limit: int
) -> None:
    for query in (
        ListQuery("job", limit=limit),
        ListQuery("job", limit=limit, sort="-value,name", expand=("client", "owner", "team", "created_by")),
        ListQuery("job", limit=limit, filter="client.name != null and parts.count() == 0", q="j"),
        ListQuery("client", limit=limit, filter="jobs.sum(j, j.value) >= 0", sort="open_value"),
        ListQuery("job", limit=limit, view="job_mine"),
    ):
        assert cost_of_list(counted, monkeypatch, who, query) == 1


def test_a_record_and_figures_are_one_statement_each(counted: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    made = counted.create(MING, "job")
    with counted.runtime.reader(MING) as reader, statements(monkeypatch) as seen:
        read.get_record(reader, "job", made["id"], ("client", "owner"))
        assert len(seen) == 1
        read.aggregate(
            reader, "job", ["stage", "owner"], [Measure("count"), Measure("sum", "value")], "value > 3"
        )
        assert len(seen) == 2


def cost_of_writes(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The statements of a creation, an update and a move, after each was done once."""
    client = str(lab.create(HEAD, "client")["id"])
    costs: list[int] = []
    for _ in range(2):
        costs.clear()
        made = new_id()
        with statements(monkeypatch) as seen:
            lab.act(HEAD, Create("job", {"name": "x", "client": client, "value": 5}, id=made))
        costs.append(len(seen))
        with statements(monkeypatch) as seen:
            lab.act(HEAD, Update("job", made, 1, {"value": 6, "name": "y", "urgent": True}))
        costs.append(len(seen))
        with statements(monkeypatch) as seen:
            lab.act(HEAD, Move("job", made, 2, "build", override_reason="x"))
        costs.append(len(seen))
    return costs


def test_a_write_costs_the_same_whatever_the_number_of_rules(
    own_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    bare = cost_of_writes(own_lab, monkeypatch)
    rules = {f"rules/silent_{number}.yaml": SILENT.format(number=number) for number in range(RULES)}
    own_lab.runtime.publish(manifests(rules))
    assert len(own_lab.runtime.snapshot.rules_of("job")) == RULES
    assert cost_of_writes(own_lab, monkeypatch) == bare
    create, update, move = bare
    assert update <= 4
    assert create <= 5
    assert move <= 6


def test_a_write_costs_the_same_whatever_the_number_of_children(
    own_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = own_lab.create(MING, "client")["id"]
    costs = []
    for _ in range(3):
        for number in range(10):
            last = own_lab.create(MING, "job", client=str(client), value=number)
        with statements(monkeypatch) as seen:
            own_lab.update(MING, "job", last, value=5)
        costs.append(len(seen))
    assert len(set(costs)) == 1
