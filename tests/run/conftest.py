"""A runtime over a database of its own, with the sales system published; built once and copied for each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengdan.base.config import Config
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.runtime import Runtime
from tests.databases import Databases


@pytest.fixture
def runtime(databases: Databases, sales_template: str, tmp_path: Path) -> Iterator[Runtime]:
    """A runtime with the sales system published, over a database that lasts as long as the test."""
    with (
        databases.fresh(sales_template) as url,
        Runtime.over(url, Config(home=tmp_path)) as runtime,
    ):
        yield runtime


@pytest.fixture
def admin(runtime: Runtime) -> Principal:
    """An administrator on record."""
    principal = Principal(new_id(), "admin", frozenset({"admin"}))
    employ(runtime, principal)
    return principal


def employ(runtime: Runtime, principal: Principal) -> None:
    """Put somebody on record as an active user."""
    maker = Principal(new_id(), "maker", frozenset({"admin"}))
    values = {"username": principal.name, "name": principal.name, "roles": sorted(principal.roles), "locale": principal.locale}  # fmt: skip
    with runtime.unit(maker) as unit:
        apply(unit, Create("user", values, id=principal.user))
