"""The statements of a batch do not grow with its rows."""

import pytest

from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.runtime import Runtime
from tests.run.importer.people import bring_in, counts, csv_bytes
from tests.statements import statements

MAPPING = {"k": "external_key", "n": "name", "a": "account", "o": "owner", "s": "stage", "m": "amount"}


def bring(runtime: Runtime, who: Principal, count: int, stage: str, amount: int = 5) -> int:
    """The statements of an import of `count` opportunities at 7 accounts, owned by 5 people."""
    rows = [[f"{stage} {i}", f"deal {i}", f"account {i % 7}", f"user{i % 5}", stage, amount] for i in range(count)]  # fmt: skip
    found: list[dict[str, int]] = []

    def run() -> None:
        job = bring_in(
            runtime, who, csv_bytes(list(MAPPING), rows), "opportunity", MAPPING, "external_key",
            override_reason="history",
        )  # fmt: skip
        found.append(counts(job))

    sent = statements(run)
    assert found[0]["refused"] == 0
    return sent


def company(runtime: Runtime, who: Principal) -> None:
    with runtime.unit(who) as unit:
        for number in range(5):
            apply(unit, Create("user", {"username": f"user{number}", "name": f"User {number}"}))
        for number in range(7):
            apply(unit, Create("account", {"name": f"account {number}"}))


@pytest.mark.parametrize("stage", ["prospecting", "discovery", "won"])
def test_new_rows_need_as_many_statements_as_one(runtime: Runtime, admin: Principal, stage: str) -> None:
    company(runtime, admin)
    bring(runtime, admin, 30, stage)
    with runtime.pool.connection() as connection:
        connection.execute("TRUNCATE data.opportunity")
    few = bring(runtime, admin, 30, stage)
    with runtime.pool.connection() as connection:
        connection.execute("TRUNCATE data.opportunity")
    assert bring(runtime, admin, 400, stage) == few
