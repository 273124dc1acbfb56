"""The journal: appending events, following them, and sealing them into a hash chain.

Writers only insert. Each event carries the id of its transaction; once no running transaction can precede a given id any
more, everything below it is final. Followers and the sealer read up to that watermark, so no write waits for them.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from chengdan.store.sending import Write

Connection = psycopg.Connection[tuple[Any, ...]]

INSERT: LiteralString = (
    "INSERT INTO chengdan.event (at, actor, cause, object, record_id, kind, data, snapshot) VALUES "
)
_PLACES: LiteralString = "(%s, %s, %s, %s, %s, %s, %s::jsonb, %s)"
COPY: LiteralString = (
    "COPY chengdan.event (at, actor, cause, object, record_id, kind, data, snapshot) FROM STDIN"
)
GENESIS = hashlib.sha256(b"chengdan").digest()
SEAL_LOCK = 7_061_116
LATENESS = timedelta(minutes=30)
ROWS_PER_INSERT = 8

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
    with connection.cursor().copy(COPY) as stream:
        for row in rows:
            stream.write_row(row)


def ensure_partitions(connection: Connection, first: date, last: date) -> None:
    """Make the monthly partitions from the month of `first` to that of `last`, where they are absent."""
    month = first.replace(day=1)
    while month <= last:
        following = (month + timedelta(days=32)).replace(day=1)
        name = f"event_{month:%Y_%m}"
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


_WATERMARK: LiteralString = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
_TAIL: LiteralString = (
    "SELECT seq, at, object, record_id, kind, data FROM chengdan.event "
    "WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8 ORDER BY xid, seq LIMIT %s"
)


def watermark(connection: Connection) -> int:
    """The transaction id below which every event is final."""
    row = connection.execute(_WATERMARK).fetchone()
    return int(row[0]) if row else 0


def tail(connection: Connection, after: int, limit: int = 2_000) -> tuple[list[Followed], int]:
    """The final events of transactions from `after` on, and the watermark to go on from."""
    upto = watermark(connection)
    if upto <= after:
        return [], after
    rows = connection.execute(_TAIL, (after, upto, limit)).fetchall()
    return [Followed(*row) for row in rows], upto


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the chain: which seal, and what."""

    seal: int
    what: str


_CANONICAL: LiteralString = (
    "SELECT concat_ws('|', seq, extract(epoch FROM at), actor, cause, object, record_id, kind, data::text, snapshot, xid) "
    "FROM chengdan.event WHERE xid >= %s::text::xid8 AND xid < %s::text::xid8 ORDER BY xid, seq"
)


def seal(connection: Connection) -> int:
    """Seal all final events that no seal covers yet; returns their number. Must run in a transaction of its own."""
    locked = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (SEAL_LOCK,)).fetchone()
    if not locked or not locked[0]:
        return 0
    last = connection.execute(
        "SELECT number, xid_to::text::bigint, hash FROM chengdan.seal ORDER BY number DESC LIMIT 1"
    ).fetchone()
    number, start, previous = last or (0, 0, GENESIS)
    upto = watermark(connection)
    count, digest = _digest(connection, previous, start, upto)
    if count:
        connection.execute(
            "INSERT INTO chengdan.seal (number, xid_from, xid_to, events, sealed_at, hash) "
            "VALUES (%s, %s::text::xid8, %s::text::xid8, %s, clock_timestamp(), %s)",
            (number + 1, start, upto, count, digest),
        )
    return count


def _digest(connection: Connection, previous: bytes, start: int, upto: int) -> tuple[int, bytes]:
    chain, count = hashlib.sha256(previous), 0
    for text in _stream(connection, start, upto):
        chain.update(hashlib.sha256(text.encode()).digest())
        count += 1
    return count, chain.digest()


def _stream(connection: Connection, start: int, upto: int) -> Iterator[str]:
    with connection.cursor(name="sealing") as cursor:
        cursor.itersize = 5_000
        cursor.execute(_CANONICAL, (start, upto))
        for (text,) in cursor:
            yield text


def verify(connection: Connection) -> tuple[int, list[Finding]]:
    """Recompute the whole chain: the number of sealed events, and every seal whose events were altered, taken or added.

    Beyond the hashes it looks for events before the first seal's range, for events that claim a time outside their seal's,
    and for records whose version is not the number of events that made it.
    """
    findings: list[Finding] = []
    previous, reached, total = GENESIS, 0, 0
    seals = connection.execute(
        "SELECT number, xid_from::text::bigint, xid_to::text::bigint, events, hash FROM chengdan.seal ORDER BY number"
    ).fetchall()
    for position, (number, start, upto, events, stored) in enumerate(seals, 1):
        if number != position or start != reached:
            findings.append(Finding(number, "the chain of seals is broken: a seal is missing or was changed"))
        count, digest = _digest(connection, previous, start, upto)
        if count != events:
            findings.append(Finding(number, f"{events} events were sealed, {count} are there"))
        elif digest != stored:
            findings.append(Finding(number, "an event was altered"))
        previous, reached, total = stored, upto, total + count
    return total, findings
