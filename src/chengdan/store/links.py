"""Public links and how often they are visited: tables that only whoever has no log-in makes the system read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from chengdan.store.connection import Connection

SLOT = timedelta(minutes=5)
KEPT = timedelta(hours=1)
INSERT: LiteralString = (
    "INSERT INTO chengdan.public_link (id, token_hash, purpose, object, record_id, data, single, created_by, created_at, "
    "expires_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
USE: LiteralString = (
    "UPDATE chengdan.public_link SET used_at = %s WHERE id = %s AND used_at IS NULL AND revoked_at IS NULL "
    "RETURNING id"
)
REVOKE: LiteralString = (
    "UPDATE chengdan.public_link SET revoked_at = %s WHERE record_id = %s AND purpose = %s AND data @> %s "
    "AND used_at IS NULL AND revoked_at IS NULL"
)
_COLUMNS: LiteralString = "id, purpose, object, record_id, data, single, created_by, created_at, expires_at, opened_at, used_at, revoked_at"
_FIND: LiteralString = "SELECT " + _COLUMNS + " FROM chengdan.public_link WHERE token_hash = %s"
_OF_RECORD: LiteralString = (
    "SELECT " + _COLUMNS + " FROM chengdan.public_link WHERE record_id = %s AND purpose = %s "
    "ORDER BY created_at DESC LIMIT 50"
)
_OPENED: LiteralString = (
    "UPDATE chengdan.public_link SET opened_at = %s WHERE id = %s AND opened_at IS NULL RETURNING id"
)
_VISIT: LiteralString = (
    "INSERT INTO chengdan.public_visit (key, slot, visits) SELECT unnest(%s::bytea[]), %s, 1 "
    "ON CONFLICT (key, slot) DO UPDATE SET visits = public_visit.visits + 1 RETURNING visits"
)
_FORGET: LiteralString = "DELETE FROM chengdan.public_visit WHERE slot < %s"


@dataclass(frozen=True, slots=True)
class Link:
    """What a token opens: for which `purpose`, over which record, with the purpose's own `data`.

    A `single` link is used up by what is done through it. `opened_at` is when it was first looked at.
    """

    id: UUID
    purpose: str
    object: str
    record: UUID
    data: Mapping[str, Any]
    single: bool
    created_by: UUID
    created_at: datetime
    expires_at: datetime
    opened_at: datetime | None
    used_at: datetime | None
    revoked_at: datetime | None


def find(connection: Connection, token_hash: bytes) -> Link | None:
    """The link of a token, whatever its state."""
    row = connection.execute(_FIND, (token_hash,)).fetchone()
    return Link(*row) if row else None


def of_record(connection: Connection, record: UUID, purpose: str) -> list[Link]:
    """The newest links of one purpose over a record."""
    return [Link(*row) for row in connection.execute(_OF_RECORD, (record, purpose)).fetchall()]


def note_opened(connection: Connection, link: UUID, now: datetime) -> bool:
    """Keep when a link was first looked at; whether this was the first time."""
    return connection.execute(_OPENED, (now, link)).fetchone() is not None


def note_visit(connection: Connection, keys: Sequence[bytes], now: datetime) -> int:
    """Count a visit under each key; the highest count among them within the slot of time, with this one."""
    slot = datetime.fromtimestamp(now.timestamp() // SLOT.total_seconds() * SLOT.total_seconds(), UTC)
    counts = connection.execute(_VISIT, (sorted(set(keys)), slot)).fetchall()
    if any(count == 1 for (count,) in counts):
        connection.execute(_FORGET, (now - KEPT,))
    return max(int(count) for (count,) in counts)
