"""The journal: appending events, and following them.

Writers only insert. Each event carries the id of its transaction (PostgreSQL's own, counted on across restores); once no running transaction can precede a given id any
more, everything below it is final. Followers and the sealer (`store.sealing`) read up to that watermark, so no write waits
for them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from chengdan.store import copying
from chengdan.store.sending import Write

Connection = psycopg.Connection[tuple[Any, ...]]

COLUMNS = ("at", "actor", "cause", "object", "record_id", "kind", "data", "snapshot")
INSERT: LiteralString = (
    "INSERT INTO chengdan.event (at, actor, cause, object, record_id, kind, data, snapshot) VALUES "
)
_PARTITIONS: LiteralString = (
    "SELECT relname FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid "
    "WHERE inhparent = 'chengdan.event'::regclass"
)
_PLACES: LiteralString = "(%s, %s, %s, %s, %s, %s, %s::jsonb, %s)"
ROWS_PER_INSERT = 8
LOADED = "demo"
"""The cause of events that were loaded with a made-up history, before anything else happened."""

Row = tuple[datetime, UUID | None, str, str, UUID | None, str, str, int]


def append(connection: Connection, row: Row) -> None:
    """Insert one event now."""
    connection.execute(INSERT + _PLACES, row)


def writes(rows: Sequence[Row]) -> list[Write]:
    """Statements that insert events, a few in each: for those of a request."""
    found = []
    for start in range(0, len(rows), ROWS_PER_INSERT):
        part = rows[start : start + ROWS_PER_INSERT]
        text = INSERT + ", ".join([_PLACES] * len(part))
        found.append(Write(text, [value for row in part for value in row], ("event", start)))
    return found


def copy(connection: Connection, rows: Iterable[Row]) -> None:
    """Insert many events with COPY; not possible inside a pipeline."""
    copying.copy(connection, "chengdan", "event", COLUMNS, rows)


def ensure_partitions(connection: Connection, first: date, last: date) -> None:
    """Make the monthly partitions from the month of `first` to that of `last`, where they are absent."""
    there = {name for (name,) in connection.execute(_PARTITIONS)}
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=32)).replace(day=1)
        name = f"event_{month:%Y_%m}"
        if name not in there:
            connection.execute(
                sql.SQL(
                    "CREATE TABLE IF NOT EXISTS {} PARTITION OF chengdan.event FOR VALUES FROM ({}) TO ({})"
                ).format(
                    sql.Identifier("chengdan", name),
                    sql.Literal(f"{month.isoformat()} 00:00:00+00"),
                    sql.Literal(f"{following.isoformat()} 00:00:00+00"),
                )
            )
        month = following


@dataclass(frozen=True, slots=True)
class Followed:
    """One event as a follower sees it."""

    seq: int
    at: datetime
    object: str
    record: UUID | None
    kind: str
    data: Any


@dataclass(frozen=True, slots=True)
class Tail:
    """Final events from a place on, and the place `upto` to go on from.

    `complete`: there were no more, so whoever reads once has them all. `torn`: they are the first ones of a transaction that
    has more than was asked for, and `upto` is behind it, so whoever goes on from there never has the others.
    """

    events: list[Followed]
    upto: int
    complete: bool = True
    torn: bool = False


_WATERMARK: LiteralString = (
    "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint + chengdan.transactions_before()"
)
_HIGHEST: LiteralString = (
    "SELECT greatest((SELECT max(xid) FROM chengdan.event), (SELECT max(xid_to) FROM chengdan.seal)), "
    "pg_current_xact_id()::text::bigint"
)
_TAIL: LiteralString = (
    "SELECT xid, seq, at, object, record_id, kind, data FROM chengdan.event "
    "WHERE xid >= %s AND xid < %s ORDER BY xid, seq LIMIT %s"
)


def watermark(connection: Connection) -> int:
    """The transaction id below which every event is final."""
    row = connection.execute(_WATERMARK).fetchone()
    return int(row[0]) if row else 0


def tail(connection: Connection, after: int, limit: int = 2_000) -> Tail:
    """The final events of transactions from `after` on, at most `limit` of them.

    A transaction is followed as a whole or, when it alone has more events than `limit`, by its first ones.
    """
    upto = watermark(connection)
    if upto <= after:
        return Tail([], after)
    rows = connection.execute(_TAIL, (after, upto, limit + 1)).fetchall()
    if len(rows) <= limit:
        return Tail(_followed(rows), upto)
    last = rows[limit][0]
    whole = [row for row in rows if row[0] < last]
    if whole:
        return Tail(_followed(whole), last, complete=False)
    return Tail(_followed(rows[:limit]), last + 1, complete=False, torn=True)


def _followed(rows: Iterable[Sequence[Any]]) -> list[Followed]:
    return [Followed(*values) for _, *values in rows]


def continue_after_restore(connection: Connection) -> None:
    """Let transaction ids go on after those of restored events: a new PostgreSQL counts from the beginning."""
    row = connection.execute(_HIGHEST).fetchone()
    highest, current = (row[0], row[1]) if row else (None, 0)
    if highest is not None and highest >= current:
        connection.execute(
            sql.SQL(
                "CREATE OR REPLACE FUNCTION chengdan.transactions_before() RETURNS bigint LANGUAGE sql IMMUTABLE RETURN {}::bigint"
            ).format(sql.Literal(highest + 1 - current))
        )
