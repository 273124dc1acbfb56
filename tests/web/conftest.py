"""`site` is a running server over a demo company, shared by a module; `own_site` is one for a single test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from chengdan.base.config import Config
from tests.databases import Databases
from tests.web.site import Site, Visitor, open_site


@pytest.fixture(scope="module")
def site(
    databases: Databases, company_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("site")
    with databases.fresh(company_database) as url, open_site(url, Config(home=home)) as site:
        yield site


@pytest.fixture
def own_site(databases: Databases, company_database: str, tmp_path: Path) -> Iterator[Site]:
    with databases.fresh(company_database) as url, open_site(url, Config(home=tmp_path)) as site:
        yield site


@pytest.fixture(scope="module")
def rep(site: Site) -> Visitor:
    return site.log_in("rep")


@pytest.fixture(scope="module")
def manager(site: Site) -> Visitor:
    return site.log_in("manager")


@pytest.fixture(scope="module")
def admin(site: Site) -> Visitor:
    return site.log_in("admin")
