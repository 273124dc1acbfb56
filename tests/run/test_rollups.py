"""Rollups stay what counting gives: in batches, between writers, and when their definition changes."""

import threading
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest

from chengdan.kernel.access import Principal
from chengdan.run import apps
from chengdan.run.action import apply
from chengdan.run.commands import Archive, Create, Update
from chengdan.run.runtime import Runtime
from chengdan.store import rollups

FIGURES = "SELECT id, open_opportunity_count, open_amount, won_amount FROM data.account ORDER BY id"


def figures(runtime: Runtime) -> list[tuple[Any, ...]]:
    with runtime.pool.connection() as connection:
        return connection.execute(FIGURES).fetchall()


def counted(runtime: Runtime) -> list[tuple[Any, ...]]:
    """The figures after everything was counted again."""
    with runtime.pool.connection() as connection:
        rollups.recompute_all(connection, runtime.edition, "account")
    return figures(runtime)


def opportunity(account: Mapping[str, Any], amount: int) -> Create:
    return Create("opportunity", {"name": "商机", "account": str(account["id"]), "amount": amount})


@pytest.mark.parametrize("accounts", [2, 2 * rollups.MOST_SINGLE])
@pytest.mark.parametrize("batch", [False, True])
def test_a_unit_moves_the_figures_of_all_parents_it_touches(
    runtime: Runtime, admin: Principal, batch: bool, accounts: int
) -> None:
    parents = [runtime.act(admin, Create("account", {"name": f"客户 {n}"}))[0] for n in range(accounts)]

    with runtime.unit(admin, batch=batch) as unit:
        made = [apply(unit, opportunity(parent, n + 1)) for n, parent in enumerate(parents * 2)]
        apply(unit, Update("opportunity", made[0]["id"], None, {"account": str(parents[1]["id"])}))
        apply(unit, Archive("opportunity", made[1]["id"]))

    found = figures(runtime)
    assert sum(row[1] for row in found) == 2 * accounts - 1
    assert sum(row[2] for row in found) == sum(range(1, 2 * accounts + 1)) - 2
    assert found == counted(runtime)


def test_writers_at_once_lose_no_share(runtime: Runtime, admin: Principal) -> None:
    account, _ = runtime.act(admin, Create("account", {"name": "客户"}))
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(10):
                made, _unit = runtime.act(admin, opportunity(account, 1))
                runtime.act(admin, Update("opportunity", made["id"], None, {"amount": 5}))
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert figures(runtime) == [(account["id"], 40, Decimal(200), Decimal(0))]
    assert figures(runtime) == counted(runtime)


def test_only_amounts_in_the_rollups_currency_are_added(runtime: Runtime, admin: Principal) -> None:
    account, _ = runtime.act(admin, Create("account", {"name": "客户"}))
    home, _ = runtime.act(admin, opportunity(account, 100))
    abroad, _ = runtime.act(
        admin,
        Create(
            "opportunity",
            {"name": "出口", "account": str(account["id"]), "amount": 7, "amount_currency": "USD"},
        ),
    )
    assert figures(runtime) == [(account["id"], 2, Decimal(100), Decimal(0))]

    runtime.act(admin, Update("opportunity", abroad["id"], None, {"amount_currency": "CNY"}))
    assert figures(runtime) == [(account["id"], 2, Decimal(107), Decimal(0))]

    runtime.act(admin, Update("opportunity", home["id"], None, {"amount_currency": "EUR", "amount": 9}))
    assert figures(runtime) == [(account["id"], 2, Decimal(7), Decimal(0))]
    assert figures(runtime) == counted(runtime)


def test_a_rollup_in_another_currency_is_counted_at_publication(runtime: Runtime, admin: Principal) -> None:
    files = dict(apps.shipped("chengdan.sales"))
    account, _ = runtime.act(admin, Create("account", {"name": "客户"}))
    runtime.act(admin, opportunity(account, 100))
    runtime.act(
        admin,
        Create(
            "opportunity",
            {"name": "出口", "account": str(account["id"]), "amount": 7, "amount_currency": "USD"},
        ),
    )
    path = "objects/account.yaml"
    old = "label: {zh: 进行中金额, en: Open amount}, currency: CNY"
    assert old in files[path]

    runtime.publish({**files, path: files[path].replace(old, old.replace("CNY", "USD"))})

    assert figures(runtime) == [(account["id"], 2, Decimal(7), Decimal(0))]


def test_a_rollup_defined_differently_is_counted_at_publication(runtime: Runtime, admin: Principal) -> None:
    files = dict(apps.shipped("chengdan.sales"))
    account, _ = runtime.act(admin, Create("account", {"name": "客户"}))
    other, _ = runtime.act(admin, Create("account", {"name": "客户二"}))
    runtime.act(admin, opportunity(account, 100))
    runtime.act(admin, opportunity(other, 3))
    path = "objects/account.yaml"
    old = (
        'rollup: {of: opportunities, function: sum, field: amount, where: \'not (stage in ["won", "lost"])\'}'
    )
    new = "rollup: {of: opportunities, function: sum, field: amount, where: 'amount < 10'}"
    assert old in files[path]

    runtime.publish({**files, path: files[path].replace(old, new)})

    assert [row[2] for row in figures(runtime)] == [Decimal(0), Decimal(3)]
