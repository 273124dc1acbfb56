"""Sealing: every few seconds the final events are bound into a hash chain, so that no later change to them goes unnoticed.

A seal covers a range of transactions. Its hash is that of the seal before it, of its own particulars, and of each of its
events in the order of transaction and number.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain, islice
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from chengdan.kernel.event import EventKind
from chengdan.store.journal import LOADED, watermark

Connection = psycopg.Connection[tuple[Any, ...]]

GENESIS = hashlib.sha256(b"chengdan").digest()
SEAL_LOCK = 7_061_116
LATENESS = timedelta(minutes=30)
"""How far the time of an event may lie from the moment it was sealed: clocks that differ, transactions that take long."""
ROWS_PER_FETCH = 5_000
MOST_FINDINGS = 100
_VERSIONED = (
    EventKind.CREATED,
    EventKind.UPDATED,
    EventKind.MOVED,
    EventKind.ARCHIVED,
    EventKind.RESTORED,
)

_LAST: LiteralString = "SELECT number, xid_to, hash FROM chengdan.seal ORDER BY number DESC LIMIT 1"
_SEALS: LiteralString = (
    "SELECT number, xid_from, xid_to, events, sealed_at, hash FROM chengdan.seal ORDER BY number"
)
_EVENTS: LiteralString = (
    "SELECT xid, at, cause, record_id IS NOT NULL, jsonb_build_array(seq, extract(epoch FROM at), actor, cause, "
    "object, record_id, kind, data, snapshot, xid::text)::text FROM chengdan.event WHERE xid >= %s AND xid < %s "
    "ORDER BY xid, seq"
)
_UNBORN: LiteralString = (
    "SELECT count(*) FROM chengdan.event "
    "WHERE xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint + chengdan.transactions_before() "
    "AND xid IS DISTINCT FROM pg_current_xact_id_if_assigned()::text::bigint + chengdan.transactions_before()"
)
_SEAL: LiteralString = (
    "INSERT INTO chengdan.seal (number, xid_from, xid_to, events, sealed_at, hash) "
    "VALUES (%s, %s, %s, %s, %s, %s)"
)


@dataclass(frozen=True, slots=True)
class Seal:
    """One link of the chain: it covers the events of transactions from `start` up to `upto`."""

    number: int
    start: int
    upto: int
    events: int
    sealed_at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True)
class Sealable:
    """An event as it is sealed: its transaction, when it says it happened, and all that it says as one text."""

    xid: int
    at: datetime
    cause: str
    of_record: bool
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the journal: in which seal (0: it is not about one), and what, in English and Chinese."""

    seal: int
    what: str
    zh: str


def seal(connection: Connection) -> int:
    """Seal all final events that no seal covers yet; returns their number. Must run in a transaction of its own."""
    locked = connection.execute("SELECT pg_try_advisory_xact_lock(%s)", (SEAL_LOCK,)).fetchone()
    if not locked or not locked[0]:
        return 0
    connection.execute("SET LOCAL statement_timeout = 0")
    number, start, previous = connection.execute(_LAST).fetchone() or (0, 0, GENESIS)
    upto = watermark(connection)
    sealed_at, _ = _present(connection)
    link, count = _opened(previous, number + 1, start, upto, sealed_at), 0
    for event in _events(connection, start, upto):
        _add(link, event)
        count += 1
    if count:
        connection.execute(_SEAL, (number + 1, start, upto, count, sealed_at, link.digest()))
    return count


Watch = Callable[[int], None]
"""Is told how many events were looked at so far."""


def verify(connection: Connection, watch: Watch = lambda events: None) -> tuple[int, list[Finding]]:
    """Recompute the whole chain: the number of sealed events, and everything that was altered, taken away or added.

    Beyond the hashes it finds events whose time is far from that of their seal, events of transactions that never were,
    and records whose version is not the number of events that made it. Reads each table once, while others write and seal.
    """
    connection.execute("SET LOCAL statement_timeout = 0")
    audit = _Audit(connection, watch)
    audit.run()
    findings = [*audit.findings, *_records(connection)]
    return audit.total, findings


class _Audit:
    """One walk along the seals and, beside them, the events.

    The seals are looked up before the events: then every event that one of them covers is found.
    """

    def __init__(self, connection: Connection, watch: Watch) -> None:
        self._connection = connection
        self._watch = watch
        self._seals = _begun(_seals(connection))
        self._now, following = _present(connection)
        self._events = _events(connection, 0, following)
        self._next = next(self._events, None)
        self._floor: datetime | None = None
        self._loading = True
        self.total = 0
        self.findings: list[Finding] = []

    def run(self) -> None:
        previous, reached, number = GENESIS, 0, 0
        for number, sealed in enumerate(self._seals, 1):
            if sealed.number != number or sealed.start != reached:
                self._find(
                    sealed.number,
                    "the chain of seals is broken: a seal is missing or was changed",
                    "封存链断了：缺了一段或被改过",
                )
            self._check(previous, sealed)
            self._watch(self.total)
            previous, reached, self._floor = sealed.hash, sealed.upto, sealed.sealed_at
        self._check_rest(number + 1)

    def _check(self, previous: bytes, sealed: Seal) -> None:
        link = _opened(previous, sealed.number, sealed.start, sealed.upto, sealed.sealed_at)
        count = astray = 0
        for event in self._until(sealed.upto):
            _add(link, event)
            count += 1
            astray += self._is_astray(event, sealed.sealed_at)
            if count % ROWS_PER_FETCH == 0:
                self._watch(self.total + count)
        self.total += count
        if count != sealed.events:
            self._find(
                sealed.number,
                f"{sealed.events} events were sealed, {count} are there",
                f"封存时有 {sealed.events} 个事件，现在有 {count} 个",
            )
        elif link.digest() != sealed.hash:
            self._find(sealed.number, "an event, or the seal itself, was altered", "有事件或封存本身被改过")
        if astray:
            self._find(
                sealed.number,
                f"{astray} events claim a time far from that of their seal",
                f"{astray} 个事件的时间与封存的时间相差太远",
            )

    def _check_rest(self, number: int) -> None:
        """The events that no seal covers yet."""
        astray = sum(self._is_astray(event, self._now) for event in self._until(None))
        if astray:
            self._find(
                number,
                f"{astray} events claim a time far from that when they were written",
                f"{astray} 个事件的时间与写入的时间相差太远",
            )
        unborn = self._connection.execute(_UNBORN).fetchone()
        if unborn and unborn[0]:
            self._find(
                number,
                f"{unborn[0]} events claim a transaction that has not been",
                f"{unborn[0]} 个事件的事务编号还没有发生过",
            )

    def _until(self, upto: int | None) -> Iterator[Sealable]:
        while self._next is not None and (upto is None or self._next.xid < upto):
            event, self._next = self._next, next(self._events, None)
            self._loading = self._loading and (event.cause == LOADED or not event.of_record)
            yield event

    def _is_astray(self, event: Sealable, sealed_at: datetime) -> bool:
        if self._loading and event.cause == LOADED:
            return False
        too_old = self._floor is not None and event.at < self._floor - LATENESS
        return too_old or event.at > sealed_at + LATENESS

    def _find(self, seal: int, what: str, zh: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(seal, what, zh))


def _records(connection: Connection) -> Iterator[Finding]:
    """Records whose version is not the number of events that made it, each version once; all objects in one statement."""
    tables = connection.execute(
        "SELECT table_name FROM information_schema.columns WHERE table_schema = 'data' AND column_name = 'version' ORDER BY 1"
    ).fetchall()
    if not tables:
        return
    part = sql.SQL("SELECT {} AS object, id, version FROM {}")
    there = sql.SQL(" UNION ALL ").join(
        part.format(sql.Literal(name), sql.Identifier("data", name)) for (name,) in tables
    )
    for object, id, version, events in connection.execute(
        _MISMATCHES.format(there=there), {"kinds": list(_VERSIONED), "limit": MOST_FINDINGS}
    ):
        yield _mismatch(object, id, version, events)


_MISMATCHES = sql.SQL(
    "WITH made AS (SELECT object, record_id AS id, count(*) AS events, count(DISTINCT version) AS versions, max(version) AS last "
    "FROM (SELECT object, record_id, CASE jsonb_typeof(data->'version') WHEN 'number' THEN (data->>'version')::numeric END "
    "AS version FROM chengdan.event WHERE kind = ANY(%(kinds)s)) e GROUP BY object, record_id), there AS ({there}) "
    "SELECT coalesce(t.object, m.object), coalesce(t.id, m.id), t.version, coalesce(m.events, 0) "
    "FROM there t FULL JOIN made m ON m.object = t.object AND m.id = t.id "
    "WHERE (t.version = m.events AND m.versions = m.events AND m.last = t.version) IS NOT TRUE LIMIT %(limit)s"
)


def _mismatch(object: str, id: UUID, version: int | None, events: int) -> Finding:
    if version is None:
        what = f"{object} {id} has {events} events but is not there"
        return Finding(0, what, f"{object} {id} 有 {events} 个事件，记录却不在")
    what = f"{object} {id} is at version {version}, but {events} events do not make it so"
    return Finding(0, what, f"{object} {id} 是第 {version} 版，与 {events} 个事件不符")


def state(connection: Connection) -> tuple[int, int, str]:
    """How many seals there are, how many events they cover, and the hash of the last one in hex (empty: none)."""
    row = connection.execute(
        "SELECT count(*), coalesce(sum(events), 0)::bigint, "
        "(SELECT encode(hash, 'hex') FROM chengdan.seal ORDER BY number DESC LIMIT 1) FROM chengdan.seal"
    ).fetchone()
    return (int(row[0]), int(row[1]), row[2] or "") if row else (0, 0, "")


def _opened(previous: bytes, number: int, start: int, upto: int, sealed_at: datetime) -> "hashlib._Hash":
    """The hash of a seal before its events are added."""
    particulars = f"{number}|{start}|{upto}|{sealed_at.astimezone(UTC).isoformat()}"
    return hashlib.sha256(previous + particulars.encode())


def _add(link: "hashlib._Hash", event: Sealable) -> None:
    link.update(hashlib.sha256(event.text.encode()).digest())


def _seals(connection: Connection) -> Iterator[Seal]:
    with connection.cursor(name="seals") as cursor:
        cursor.itersize = ROWS_PER_FETCH
        cursor.execute(_SEALS)
        for row in cursor:
            yield Seal(*row)


def _begun(seals: Iterator[Seal]) -> Iterator[Seal]:
    """The same seals, as they are now: their query has been sent."""
    return chain(list(islice(seals, 1)), seals)


def _present(connection: Connection) -> tuple[datetime, int]:
    """The database's clock, and a transaction id that none has had yet."""
    row = connection.execute(
        "SELECT clock_timestamp(), pg_snapshot_xmax(pg_current_snapshot())::text::bigint + chengdan.transactions_before()"
    ).fetchone()
    if row is None:
        raise LookupError("the database tells no time")
    return row[0], row[1]


def _events(connection: Connection, start: int, upto: int) -> Iterator[Sealable]:
    """The events of transactions from `start` up to `upto`, in the order in which they are sealed."""
    with connection.cursor(name="events") as cursor:
        cursor.itersize = ROWS_PER_FETCH
        cursor.execute(_EVENTS, (start, upto))
        for row in cursor:
            yield Sealable(*row)
