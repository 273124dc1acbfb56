"""A company that is loaded at once: what is taken away for it comes back, also when the loading is killed."""

from chengdan.run.runtime import Runtime
from chengdan.store import ddl

INDEXES = "SELECT schemaname, tablename, indexdef FROM pg_indexes WHERE schemaname IN ('data', 'chengdan') ORDER BY 1, 2, 3"


def indexes(runtime: Runtime) -> list[tuple[str, ...]]:
    with runtime.pool.connection() as connection:
        return connection.execute(INDEXES).fetchall()


def test_the_next_start_makes_the_indexes_that_a_killed_load_left_out(runtime: Runtime) -> None:
    before = indexes(runtime)
    with runtime.pool.connection() as connection:
        ddl.drop_indexes(connection, runtime.edition.tables)
    gone = set(before) - set(indexes(runtime))
    assert {("chengdan", "mark"), ("chengdan", "event"), ("data", "opportunity")} <= {one[:2] for one in gone}
    with Runtime.over(runtime.url, runtime.config):
        assert indexes(runtime) == before
