"""Fixtures for every test. A database: ask for `database_url`."""

from collections.abc import Iterator

import pytest

from tests.databases import Databases, start_test_server


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Makes databases on the shared test server; for fixtures that want a template of their own or a wider scope."""
    with start_test_server() as server:
        databases = Databases(server.url)
        databases.drop_leftovers()
        yield databases


@pytest.fixture
def database_url(databases: Databases) -> Iterator[str]:
    """The libpq URL of a fresh, empty PostgreSQL 18 database, dropped after the test."""
    with databases.fresh() as url:
        yield url
