"""The short way of running statements: transactions, prepared statements, and errors as psycopg raises them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar
from uuid import UUID

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from chengdan.store.connection import MOST_KNOWN, PREPARE_FROM, Connection, Row

T = TypeVar("T")
PREPARED = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with Connection.connect(database_url) as connection:
        yield connection


def prepared(connection: Connection, like: str) -> int:
    row = connection.execute(PREPARED, (like,)).fetchone()
    return int(row[0]) if row else 0


def test_values_go_and_come_as_with_psycopg(connection: Connection) -> None:
    values = [UUID(int=7), Decimal("1.50"), "文", None, True, datetime(2026, 1, 2, tzinfo=UTC), ["a", "b"]]
    statement = b"SELECT $1::uuid, $2::numeric, $3::text, $4::text, $5::boolean, $6::timestamptz, $7::text[]"

    for _ in range(PREPARE_FROM + 1):
        assert connection.run(statement, values).fetchall() == [tuple(values)]


def test_a_statement_that_comes_back_is_prepared_once(connection: Connection) -> None:
    for number in range(PREPARE_FROM + 5):
        assert connection.run(b"SELECT $1::int + 1", [number]).fetchone() == (number + 1,)

    assert prepared(connection, "SELECT $1::int + 1") == 1


def test_no_more_statements_stay_prepared_than_are_kept(connection: Connection) -> None:
    for number in range(MOST_KNOWN + 5):
        for _ in range(PREPARE_FROM):
            connection.run(b"SELECT %d" % number)

    assert prepared(connection, "SELECT _%") <= MOST_KNOWN + 1
    assert connection.run(b"SELECT 0").fetchone() == (0,)


def test_a_transaction_opens_with_the_first_statement_and_ends_with_finish(connection: Connection) -> None:
    connection.run(b"CREATE TABLE thing (id int)")
    assert connection.info.transaction_status is TransactionStatus.INTRANS

    connection.finish()
    connection.run(b"INSERT INTO thing VALUES (1)")
    connection.rollback()

    assert connection.run(b"SELECT * FROM thing").fetchall() == []


def test_without_transactions_each_statement_stands_alone(database_url: str) -> None:
    with Connection.connect(database_url, autocommit=True) as connection:
        connection.run(b"CREATE TABLE thing (id int)")

        assert connection.info.transaction_status is TransactionStatus.IDLE


def test_errors_are_those_of_psycopg_and_end_the_transaction(connection: Connection) -> None:
    connection.run(b"CREATE TABLE thing (id int UNIQUE)")
    connection.run(b"INSERT INTO thing VALUES (1)")

    with pytest.raises(psycopg.errors.UniqueViolation) as caught:
        connection.run(b"INSERT INTO thing VALUES ($1)", [1])

    assert caught.value.diag.constraint_name == "thing_id_key"
    assert connection.info.transaction_status is TransactionStatus.INERROR


def test_a_lost_connection_is_an_operational_error(connection: Connection, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))

    with pytest.raises(psycopg.OperationalError):
        connection.run(b"SELECT 1")


def test_finishing_without_a_transaction_does_nothing(connection: Connection) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        connection.run(b"SELECT 1 / 0")

    connection.rollback()
    connection.finish()
    assert connection.info.transaction_status is TransactionStatus.IDLE


def test_a_rollback_leaves_statements_prepared(connection: Connection) -> None:
    for number in range(20):
        connection.run(b"SELECT 4")
        connection.execute("SELECT 5")
        if number > 10:
            connection.rollback()

    assert prepared(connection, "SELECT 4") == 1
    assert prepared(connection, "SELECT 5") == 0


def on_loop(database_url: str, scene: Callable[[Connection], Awaitable[T]]) -> T:
    """What a scene comes to on an event loop, over a connection without transactions."""

    async def play() -> T:
        with Connection.connect(database_url, autocommit=True) as connection:
            return await scene(connection)

    return asyncio.run(play())


def test_on_the_event_loop_values_go_and_come_alike_and_statements_are_prepared(database_url: str) -> None:
    async def scene(connection: Connection) -> list[Row]:
        rows = [
            await connection.run_on_loop(b"SELECT $1::int, $2::text", [n, "文"])
            for n in range(PREPARE_FROM + 3)
        ]
        assert prepared(connection, "SELECT $1::int, $2::text") == 1
        return [row for one in rows for row in one.fetchall()]

    assert on_loop(database_url, scene) == [(n, "文") for n in range(PREPARE_FROM + 3)]


def test_on_the_event_loop_others_go_on_while_one_waits(database_url: str) -> None:
    async def scene(connection: Connection) -> list[str]:
        told: list[str] = []

        async def slow() -> None:
            await connection.run_on_loop(b"SELECT pg_sleep(0.2)")
            told.append("slow")

        waiting = asyncio.create_task(slow())
        await asyncio.sleep(0)
        told.append("meanwhile")
        await waiting
        return told

    assert on_loop(database_url, scene) == ["meanwhile", "slow"]


def test_on_the_event_loop_errors_are_those_of_psycopg_and_leave_it_usable(database_url: str) -> None:
    async def scene(connection: Connection) -> Row | None:
        with pytest.raises(psycopg.errors.DivisionByZero):
            await connection.run_on_loop(b"SELECT 1 / $1::int", [0])
        return (await connection.run_on_loop(b"SELECT 1")).fetchone()

    assert on_loop(database_url, scene) == (1,)


def test_on_the_event_loop_a_lost_connection_is_an_operational_error(database_url: str) -> None:
    async def scene(connection: Connection) -> None:
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s)", (connection.info.backend_pid,))
        with pytest.raises(psycopg.OperationalError):
            await connection.run_on_loop(b"SELECT 1")

    on_loop(database_url, scene)
