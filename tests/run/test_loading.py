"""A company that is loaded at once: what is taken away for it comes back, also when the loading is killed."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from chengdan.base.ids import new_id
from chengdan.run import loading
from chengdan.run.loading_processes import LoaderEnded
from chengdan.run.runtime import Runtime
from chengdan.sales.demo.batch import Batch, Story, batch
from chengdan.store import ddl, loads
from chengdan.store.connection import Connection

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


@dataclass(frozen=True)
class Places:
    """Two territories in each block; the `spoilt` one cannot be made."""

    blocks: int
    spoilt: int | None = None

    def block(self, number: int) -> Iterator[Batch]:
        if number == self.spoilt:
            raise ValueError("spoilt")
        at, by = datetime(2026, 3, 4, 5, tzinfo=UTC), new_id()
        names = [f"{number}-{place}" for place in range(2)]
        yield batch("territory", ("name",), [Story(new_id(), at, by, {"name": name}) for name in names])


def territories(runtime: Runtime) -> set[str]:
    with runtime.pool.connection() as connection:
        return {name for (name,) in connection.execute("SELECT name FROM data.territory")}


@pytest.mark.parametrize("blocks", [3, 9])
def test_blocks_are_loaded_once_each_in_one_process_or_in_several(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, blocks: int
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    counts = loading.load(runtime, [], blocks=Places(blocks))

    assert counts == {"territory": 2 * blocks}
    assert territories(runtime) == {f"{number}-{place}" for number in range(blocks) for place in range(2)}


def test_a_process_that_fails_ends_the_load(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)

    with pytest.raises(LoaderEnded), loading.undertaken(runtime):
        loading.load(runtime, [], blocks=Places(9, spoilt=4))

    assert "spoilt" in capfd.readouterr().err
    assert loads.is_partial(runtime.url)


def test_what_the_helpers_of_a_killed_load_still_write_is_waited_for(runtime: Runtime) -> None:
    def load() -> None:
        with loads.alone(runtime.url):
            pass

    with ThreadPoolExecutor(1) as thread:
        with Connection.connect(runtime.url, autocommit=True) as orphan:
            loads.help_load(orphan)
            begun = thread.submit(load)
            with pytest.raises(TimeoutError):
                begun.result(0.3)
        begun.result(10)


def test_what_is_being_loaded_can_be_neither_loaded_nor_taken_away_by_others(runtime: Runtime) -> None:
    with loading.undertaken(runtime):
        assert loads.is_partial(runtime.url)
        with pytest.raises(loads.PartlyLoaded):
            loads.discard(runtime.url)
        with pytest.raises(loads.PartlyLoaded), loading.undertaken(runtime):
            pass

    assert not loads.is_partial(runtime.url)
