"""Connections of the event loop: how many, which one next, and what becomes of those left amid something."""

import asyncio
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import psycopg
import pytest

from chengdan.store.connection import Connection
from chengdan.store.lane import Lane

PATIENCE_SECONDS = 10
NOWHERE = "host=127.0.0.1 port=1 dbname=nothing"


@contextmanager
def lane_to(url: str, size: int = 2) -> Iterator[Lane]:
    lane = Lane(url, size)
    try:
        yield lane
    finally:
        lane.close()


async def lent(lane: Lane, held: ExitStack) -> Connection:
    """A connection, once one is there, until `held` is left.

    Who asks in vain makes one more be made: while the first is on its way, the second may come too.
    """
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            with ExitStack() as asking:
                connection = asking.enter_context(lane.connection())
                if connection is not None:
                    held.push(asking.pop_all())
                    return connection
            await asyncio.sleep(0.01)


async def first(lane: Lane) -> Connection:
    """A connection, once one is there; it is free again."""
    with ExitStack() as held:
        return await lent(lane, held)


def test_has_none_at_first_and_makes_one_in_the_background(database_url: str) -> None:
    async def scene() -> None:
        with lane_to(database_url) as lane:
            with lane.connection() as none:
                assert none is None
            connection = await first(lane)
            assert (await connection.run_on_loop(b"SELECT 7")).fetchone() == (7,)

    asyncio.run(scene())


def test_lends_the_one_that_was_used_last_and_no_more_than_its_size(database_url: str) -> None:
    async def scene() -> None:
        with lane_to(database_url, size=2) as lane, ExitStack() as held, ExitStack() as longer:
            one = await lent(lane, held)
            other = await lent(lane, longer)
            assert other is not one
            for _ in range(5):
                with lane.connection() as none:
                    assert none is None
                await asyncio.sleep(0.02)
            longer.close()
            held.close()
            with lane.connection() as last:
                assert last is one

    asyncio.run(scene())


def test_closes_one_that_is_left_amid_a_statement_and_makes_another(database_url: str) -> None:
    async def scene() -> None:
        with lane_to(database_url, size=1) as lane:
            left = await first(lane)

            async def give_up() -> None:
                with lane.connection() as connection:
                    assert connection is left
                    await connection.run_on_loop(b"SELECT pg_sleep(30)")

            with pytest.raises(TimeoutError):
                await asyncio.wait_for(give_up(), 0.1)
            assert left.closed
            assert (await first(lane)) is not left

    asyncio.run(scene())


def test_does_not_lend_a_lost_one_twice(database_url: str) -> None:
    async def scene() -> None:
        with lane_to(database_url, size=1) as lane:
            lost = await first(lane)
            with psycopg.connect(database_url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", (lost.info.backend_pid,))
            with pytest.raises(psycopg.OperationalError), lane.connection() as connection:
                assert connection is lost
                await connection.run_on_loop(b"SELECT 1")
            assert (await first(lane)) is not lost

    asyncio.run(scene())


def test_has_none_while_the_database_is_away() -> None:
    async def scene() -> None:
        with lane_to(NOWHERE) as lane:
            for _ in range(5):
                with lane.connection() as none:
                    assert none is None
                await asyncio.sleep(0.02)

    asyncio.run(scene())


def test_closes_its_connections_with_it_and_one_in_use_when_it_is_left(database_url: str) -> None:
    async def scene() -> None:
        with lane_to(database_url) as lane:
            used = await first(lane)
            with lane.connection() as connection:
                lane.close()
                assert connection is used
                assert (await used.run_on_loop(b"SELECT 1")).fetchone() == (1,)
            assert used.closed

    asyncio.run(scene())
