"""Writes that leave together: their order, and rows that are written twice."""

from collections.abc import Iterator

import pytest

from chengdan.store.connection import Connection
from chengdan.store.sending import MOST_PARTS, Joints, Write, send

INSERT = "INSERT INTO thing (id, name) VALUES (%s, %s)"
RENAME = "UPDATE thing SET name = name || %s WHERE id = %s"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    with Connection.connect(database_url) as connection:
        connection.execute("CREATE TABLE thing (seq serial, id int PRIMARY KEY, name text)")
        yield connection


def things(connection: Connection) -> list[tuple[int, str]]:
    return [(id, name) for id, name in connection.execute("SELECT id, name FROM thing ORDER BY id")]


def test_writes_to_different_rows_leave_as_one_statement(connection: Connection) -> None:
    send(connection, Joints(), [Write(INSERT, [number, "a"], number) for number in range(3)])

    assert things(connection) == [(0, "a"), (1, "a"), (2, "a")]


def test_rows_are_written_in_the_order_of_the_writes(connection: Connection) -> None:
    numbers = [5, 3, 9, 1, 7]

    send(connection, Joints(), [Write(INSERT, [number, "a"], number) for number in numbers])

    assert [id for (id,) in connection.execute("SELECT id FROM thing ORDER BY seq")] == numbers


def test_a_row_that_is_written_several_times_gets_all_writes(connection: Connection) -> None:
    writes = [Write(INSERT, [1, "a"], 1), Write(RENAME, ["b", 1], 1), Write(RENAME, ["c", 1], 1)]

    send(connection, Joints(), writes)

    assert things(connection) == [(1, "abc")]


def test_a_write_without_a_target_sees_all_before_it_and_none_after_it(connection: Connection) -> None:
    everything = "UPDATE thing SET name = name || %s"

    send(
        connection,
        Joints(),
        [Write(INSERT, [1, "a"], 1), Write(everything, ["!"]), Write(INSERT, [2, "b"], 2)],
    )

    assert things(connection) == [(1, "a!"), (2, "b")]


def test_more_writes_than_fit_into_one_statement_leave_in_several(connection: Connection) -> None:
    count = 2 * MOST_PARTS + 1

    send(connection, Joints(), [Write(INSERT, [number, "a"], number) for number in range(count)])

    assert len(things(connection)) == count


def test_no_writes_send_nothing(connection: Connection) -> None:
    send(connection, Joints(), [])

    assert things(connection) == []


def test_statements_are_joined_once_and_the_oldest_fall_out() -> None:
    joints = Joints(size=1)
    first = joints.join((INSERT, RENAME))

    assert joints.join((INSERT, RENAME)) is first
    joints.join((INSERT,))
    assert joints.join((INSERT, RENAME)) is not first
    assert first == (
        b"WITH w0 AS (UPDATE thing SET name = name || $3 WHERE id = $4) "
        b"INSERT INTO thing (id, name) VALUES ($1, $2)"
    )
