"""The short way of running statements: transactions, prepared statements, and errors as psycopg raises them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from chengdan.store.connection import MOST_KNOWN, PREPARE_FROM, Connection

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
