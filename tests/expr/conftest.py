"""The sample world in PostgreSQL."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, insert

from tests.databases import Databases
from tests.expr.sample import CALENDAR, HOLIDAYS, METADATA


@pytest.fixture(scope="module")
def connection(databases: Databases) -> Iterator[Connection]:
    """The empty tables of the world and its calendar, in a session zone that no expression speaks of."""
    with databases.fresh() as url:
        engine = create_engine(
            url.replace("postgresql://", "postgresql+psycopg://"),
            query_cache_size=0,
            connect_args={"options": "-c timezone=America/New_York -c jit=off"},
        )
        with engine.connect() as connection:
            METADATA.create_all(connection)
            connection.execute(
                insert(CALENDAR), [{"day": day, "working": on} for day, on in HOLIDAYS.items()]
            )
            yield connection
        engine.dispose()
