"""Durable timers: set and cancelled in the transaction of their cause, claimed by whichever worker comes first."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from chengdan.store.unit import Unit

Connection = psycopg.Connection[tuple[Any, ...]]
BATCH = 200
MAX_ATTEMPTS = 8

_SET: LiteralString = (
    "INSERT INTO chengdan.timer (object, record_id, key, due_at, rule, snapshot) VALUES (%s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (record_id, key) DO UPDATE SET due_at = excluded.due_at, rule = excluded.rule, "
    "snapshot = excluded.snapshot, attempts = 0, error = NULL"
)
_CANCEL: LiteralString = "DELETE FROM chengdan.timer WHERE record_id = %s AND key = %s"
_CLAIM: LiteralString = (
    "SELECT id, object, record_id, key, due_at, rule, attempts FROM chengdan.timer "
    "WHERE due_at <= %s ORDER BY due_at LIMIT %s FOR UPDATE SKIP LOCKED"
)
_DONE: LiteralString = "DELETE FROM chengdan.timer WHERE id = ANY(%s)"
_FAILED: LiteralString = (
    "UPDATE chengdan.timer SET attempts = attempts + 1, error = %s, due_at = %s WHERE id = %s"
)


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that has run out."""

    id: int
    object: str
    record: UUID
    key: str
    due_at: datetime
    rule: str
    attempts: int


def set_timer(unit: Unit, object: str, record: UUID, key: str, due_at: datetime, rule: str) -> None:
    """Start or restart the timer `key` of a record."""
    params = (object, record, key, due_at, rule, unit.snapshot.version)
    unit.later(_SET, params, target=("timer", record, key))


def cancel(unit: Unit, record: UUID, key: str) -> None:
    """Stop the timer `key` of a record, if it runs."""
    unit.later(_CANCEL, (record, key), target=("timer", record, key))


def claim(connection: Connection, now: datetime, limit: int = BATCH) -> list[Due]:
    """Timers that have run out, locked for this transaction; others skip them. Dying gives them back at once."""
    return [Due(*row) for row in connection.execute(_CLAIM, (now, limit)).fetchall()]


def done(unit: Unit, ids: list[int]) -> None:
    """Take timers away in the transaction that acted on them."""
    unit.later(_DONE, (ids,))


def failed(connection: Connection, due: Due, error: str, now: datetime) -> None:
    """Put a timer off after a failure: twice as long each time, given up (kept, ten years off) after MAX_ATTEMPTS."""
    wait = (
        timedelta(days=3650) if due.attempts + 1 >= MAX_ATTEMPTS else timedelta(seconds=30 * 2**due.attempts)
    )
    connection.execute(_FAILED, (error[:500], now + wait, due.id))
