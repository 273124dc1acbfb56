"""What marks carry of those before them is what window functions over all marks of their record say, however they came in."""

from datetime import UTC, datetime, timedelta
from typing import LiteralString
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chengdan.kernel.mark import Mark, MarkKind, Placed, followed
from chengdan.store import marks
from chengdan.store.connection import Connection
from tests.lab.lab import Lab

START = datetime(2031, 1, 1, tzinfo=UTC)
SAID: LiteralString = """
SELECT count(*) FILTER (WHERE kind = 'entered') OVER way,
  (array_agg(at) FILTER (WHERE kind = 'entered') OVER earlier)[count(*) FILTER (WHERE kind = 'entered') OVER earlier],
  row_number() OVER (PARTITION BY record_id, kind, name ORDER BY id) > 1,
  kind = 'entered' AND lag(stage, 1, '') OVER (PARTITION BY record_id, kind ORDER BY id) = name,
  CASE WHEN kind IN ('entered', 'done') THEN lag(name) OVER near END
FROM chengdan.mark WINDOW way AS (PARTITION BY record_id ORDER BY id), earlier AS (way ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
  near AS (PARTITION BY record_id, kind IN ('entered', 'done') ORDER BY id)
ORDER BY id
"""
CARRIED: LiteralString = """
SELECT visit, since, again, bounced, CASE WHEN kind IN ('entered', 'done') THEN after END FROM chengdan.mark ORDER BY id
"""
AFTER: LiteralString = "SELECT after, after_at FROM chengdan.mark WHERE record_id = %s ORDER BY id"
LEFT = st.tuples(
    st.integers(0, 2),
    st.integers(0, 40),
    st.sampled_from(MarkKind),
    st.sampled_from("abc"),
    st.sampled_from("abc"),
)
"""A mark that is left: on which record, at which minute, of which kind and name, from where."""


def placed(record: int, minute: int, kind: MarkKind, name: str, stage: str) -> Placed:
    mark = Mark(kind, name, stage, met=("x",) if stage == "a" else ())
    return Placed("job", UUID(int=record), START + minute * timedelta(minutes=1), None, None, mark)


def insert(connection: Connection, left: list[Placed]) -> None:
    for write in marks.writes(left):
        connection.execute(write.text, write.params)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches=st.lists(st.lists(LEFT, max_size=40), max_size=4))
def test_marks_carry_what_windows_over_all_of_them_say(
    lab: Lab, batches: list[list[tuple[int, int, MarkKind, str, str]]]
) -> None:
    with lab.runtime.pool.connection() as connection:
        connection.execute("DELETE FROM chengdan.mark")
        for batch in batches:
            insert(connection, [placed(*one) for one in batch])

        found = [*connection.execute(CARRIED)]
        assert found == [*connection.execute(SAID)]
        assert len(found) == sum(map(len, batches))
        connection.execute("DELETE FROM chengdan.mark")
        marks.copy(connection, followed(placed(*one) for batch in batches for one in batch))
        assert [*connection.execute(CARRIED)] == found
        connection.rollback()


def test_the_marks_of_new_records_may_be_copied_apart_from_the_others(lab: Lab) -> None:
    before = [placed(1, 0, MarkKind.ENTERED, "a", ""), placed(1, 2, MarkKind.ENTERED, "b", "a")]
    left = [
        placed(2, 3, MarkKind.ENTERED, "a", ""),
        placed(1, 4, MarkKind.ENTERED, "a", "b"),
        placed(2, 5, MarkKind.DONE, "x", "a"),
        placed(1, 6, MarkKind.DONE, "x", "a"),
    ]
    carried = "SELECT visit, since, again, bounced, after FROM chengdan.mark ORDER BY record_id, id"
    with lab.runtime.pool.connection() as connection:
        insert(connection, before)
        insert(connection, left)
        said = [*connection.execute(carried)]
        connection.rollback()
        insert(connection, before)

        first, later = marks.apart(left)
        insert(connection, later)
        marks.copy(connection, followed(first))

        assert {mark.record for mark in first} == {UUID(int=2)}
        assert [*connection.execute(carried)] == said
        connection.rollback()


def test_a_mark_knows_the_one_before_it_and_its_moment(lab: Lab) -> None:
    history = [
        placed(7, 0, MarkKind.ENTERED, "a", ""),
        placed(7, 5, MarkKind.DONE, "x", "a"),
        placed(7, 6, MarkKind.UNDONE, "x", "a"),
        placed(7, 9, MarkKind.ENTERED, "b", "a"),
    ]
    with lab.runtime.pool.connection() as connection:
        insert(connection, history)

        assert [*connection.execute(AFTER, (UUID(int=7),))] == [
            (None, None),
            ("a", START),
            ("x", START + timedelta(minutes=5)),
            ("x", START + timedelta(minutes=5)),
        ]
        connection.rollback()
