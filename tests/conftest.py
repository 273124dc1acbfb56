"""Fixtures for every test: `database_url` is a fresh database, `home` a folder for a whole installation."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from chengdan.base.config import Config
from chengdan.run import apps
from chengdan.run.runtime import Runtime
from tests.databases import Databases, is_one_of_several, running_test_server
from tests.lab.lab import Lab, build_lab, open_lab
from tests.processes import stop_database
from tests.web.site import build_company

COMPANY_SCALE = 0.05

settings.register_profile("patient", deadline=None, derandomize=True)
settings.load_profile("patient")


def pytest_xdist_auto_num_workers() -> int:
    """`-n auto`: half as many again as there are processors, for tests wait: for a browser, a server, a clock."""
    return max(1, (os.cpu_count() or 1) * 3 // 2)


def pytest_collection_finish() -> None:
    """What is loaded by now stays, so the collector of garbage need not look through it again and again."""
    gc.freeze()


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Makes databases on the shared test server; for fixtures that want a template of their own or a wider scope."""
    with running_test_server() as server:
        databases = Databases(server.url)
        databases.drop_leftovers()
        yield databases


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The libpq URL of a fresh, empty PostgreSQL 18 database, dropped after the test."""
    with databases.fresh() as url:
        yield url


@pytest.fixture
def home() -> Iterator[Path]:
    """A Chengdan home that doesn't exist yet; its database is stopped and everything removed afterwards.

    It isn't below `tmp_path`, whose top folder every run of pytest closes to other accounts again, while root's
    database runs under an account of its own.
    """
    folder = Path(tempfile.mkdtemp(prefix="chengdan-home-"))
    yield folder / "home"
    stop_database(folder / "home")
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def sales_template(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the sales system published and nobody in it."""

    def make(url: str) -> None:
        with Runtime.over(url, Config(home=tmp_path_factory.mktemp("template"))) as runtime:
            runtime.publish(apps.shipped("chengdan.sales"))

    return databases.template("sales", make)


@pytest.fixture(scope="session")
def lab_database(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a database with the lab and its people in it, to be copied."""
    home = tmp_path_factory.mktemp("lab")
    return databases.template("lab", lambda url: build_lab(url, home))


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of a run of the tests share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if is_one_of_several() else base


@pytest.fixture(scope="session")
def company_database(databases: Databases, shared: Path) -> str:
    """The name of a database with a small demo company in it, to be copied; its files lie in the home `shared / "company"`."""
    return databases.template("company", lambda url: build_company(url, shared / "company", COMPANY_SCALE))


@pytest.fixture(scope="module")
def lab(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab, shared by the tests of a module: they leave records behind, and no definitions."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("lab")) as lab:
        yield lab


@pytest.fixture
def own_lab(databases: Databases, lab_database: str, tmp_path: Path) -> Iterator[Lab]:
    """A lab for one test alone."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path) as lab:
        yield lab
