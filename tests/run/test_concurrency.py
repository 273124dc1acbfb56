"""Several writers at once: rollups stay right, versions guard, nobody waits for ever."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from random import Random
from typing import Any
from uuid import UUID

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Principal
from chengdan.run.commands import Archive, Command, Create, Restore, Update
from chengdan.run.errors import DuplicateValue, StaleRecord
from chengdan.run.runtime import Runtime
from tests.databases import Databases
from tests.lab.lab import KEEPER, WRONG_ROLLUPS, Lab, open_lab

WRITERS = 4
STEPS = 12


@pytest.fixture(scope="module")
def busy(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("busy")) as lab:
        yield lab


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Do all the works at the same moment; what each returned, or the refusal it met."""
    barrier = threading.Barrier(len(works))

    def started(work: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return work()
        except ChengdanError as refusal:
            return refusal

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(started, works))


def test_children_added_at_once_are_all_counted(busy: Lab) -> None:
    client = str(busy.create(KEEPER, "client")["id"])

    def add(writer: int) -> None:
        for number in range(8):
            busy.create(KEEPER, "job", name=f"{writer}-{number}", client=client, value=writer * 10 + number)

    assert at_once(*(partial(add, writer) for writer in range(WRITERS))) == [None] * WRITERS
    row = busy.row("client", UUID(client))
    assert (row["job_count"], row["smallest"], row["largest"]) == (WRITERS * 8, 0, 37)
    assert busy.query(WRONG_ROLLUPS) == []


def test_children_moved_archived_and_repriced_at_once_leave_rollups_right(busy: Lab) -> None:
    clients = [busy.create(KEEPER, "client")["id"] for _ in range(3)]
    jobs = [
        busy.create(KEEPER, "job", name=f"j{n}", client=str(clients[n % 3]), value=n)["id"] for n in range(9)
    ]

    def stir(seed: int) -> None:
        random = Random(seed)
        for step in range(STEPS):
            job, client = random.choice(jobs), str(random.choice(clients))
            commands: list[Command] = [
                Update("job", job, None, {"client": client}),
                Update("job", job, None, {"value": random.choice([None, 1, 5, Decimal("7.25"), 99])}),
                Update("job", job, None, {"stage": "dropped", "reason": "x"}),
                Update("job", job, None, {"stage": "idea"}),
                Update("job", job, None, {"name": f"{seed}-{step}", "client": None}),
                Archive("job", job),
                Restore("job", job),
                Create("job", {"name": "new", "client": client, "value": random.randrange(50)}),
            ]
            try:
                busy.act(KEEPER, random.choice(commands))
            except ChengdanError as refusal:
                assert refusal.code in {"RECORD-003", "STALE-001"}

    assert at_once(*(partial(stir, seed) for seed in range(WRITERS))) == [None] * WRITERS
    assert busy.query(WRONG_ROLLUPS) == []


def test_parents_and_children_written_at_once_do_not_lock_each_other_out(busy: Lab) -> None:
    """One changes the client, which locks it; the other its job, which locks the job and then the client's figures."""
    client = busy.create(KEEPER, "client")["id"]
    job = busy.create(KEEPER, "job", client=str(client), value=1)["id"]

    def parent() -> None:
        for number in range(10):
            busy.act(KEEPER, Update("client", client, None, {"credit": number}))

    def child() -> None:
        for number in range(10):
            busy.act(KEEPER, Update("job", job, None, {"value": number}))

    assert at_once(parent, child, parent, child) == [None] * 4
    assert busy.row("client", client)["open_value"] == 9
    assert busy.query(WRONG_ROLLUPS) == []


def test_of_two_writers_who_saw_the_same_version_one_is_told(busy: Lab) -> None:
    for _ in range(5):
        made = busy.create(KEEPER, "job", value=1)
        results = at_once(*(partial(busy.update, KEEPER, "job", made, value=value) for value in (5, 6, 7)))
        kept = [result for result in results if not isinstance(result, ChengdanError)]
        assert len(kept) == 1
        assert [type(result) for result in results if result not in kept] == [StaleRecord] * 2
        assert busy.row("job", made["id"])["value"] == kept[0]["value"]
        assert busy.row("job", made["id"])["version"] == 2


def test_of_two_writers_of_one_unique_value_one_is_told(busy: Lab) -> None:
    for number in range(5):
        results = at_once(
            *(lambda n=number: busy.create(KEEPER, "job", code=f"U-{n}")["code"] for _ in range(3))
        )
        assert [result for result in results if isinstance(result, str)] == [f"U-{number}"]
        assert [type(result) for result in results if not isinstance(result, str)] == [DuplicateValue] * 2
    assert busy.query("SELECT count(*) FROM data.job WHERE starts_with(code, 'U-')") == [(5,)]


def test_numbers_given_out_at_once_differ(busy: Lab) -> None:
    results = at_once(
        *(lambda: [busy.create(KEEPER, "job")["number"] for _ in range(10)] for _ in range(WRITERS))
    )
    numbers = [number for part in results for number in part]
    assert len(set(numbers)) == WRITERS * 10


def test_the_events_of_a_record_are_numbered_in_the_order_of_its_versions(busy: Lab) -> None:
    made = busy.create(KEEPER, "job", value=0)

    def rename() -> None:
        for number in range(6):
            busy.act(KEEPER, Update("job", made["id"], None, {"name": f"{threading.get_ident()}-{number}"}))

    assert at_once(*(rename for _ in range(WRITERS))) == [None] * WRITERS
    versions = [data["version"] for _, data in busy.events(made["id"])]
    assert versions == list(range(1, 6 * WRITERS + 2))
    assert busy.row("job", made["id"])["version"] == versions[-1]


def test_touches_and_changes_of_one_opportunity_do_not_lock_each_other_out(
    runtime: Runtime, admin: Principal
) -> None:
    """An activity moves figures and a timer of its opportunity and account; both are changed meanwhile."""

    def do(object: str, **values: Any) -> UUID:
        id: UUID = runtime.act(admin, Create(object, values))[0]["id"]
        return id

    accounts = [do("account", name=f"a{n}") for n in range(2)]
    chances = [do("opportunity", name=f"o{n}", account=str(accounts[n])) for n in range(2)]

    def touch(k: int) -> None:
        for n in range(STEPS):
            do("activity", subject="x", opportunity=str(chances[n % 2]), account=str(accounts[(n + k) % 2]))

    def change(k: int) -> None:
        for n in range(STEPS):
            values = {"amount": n + k, "account": str(accounts[(n // 3 + k) % 2])}
            runtime.act(admin, Update("opportunity", chances[(n + k) % 2], None, values))
            runtime.act(admin, Update("account", accounts[(n + k) % 2], None, {"employees": n}))

    works = [partial(work, k) for work in (touch, change) for k in range(2)]
    assert at_once(*works) == [None] * 4
    with runtime.pool.connection() as connection:
        counted = connection.execute(
            "SELECT sum(activity_count), (SELECT count(*) FROM data.activity) FROM data.opportunity"
        ).fetchall()
    assert counted == [(2 * STEPS, 2 * STEPS)]
