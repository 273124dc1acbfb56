"""Digests: who gets one by e-mail, when the next leaves, and what they have not read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from chengdan.kernel.digest import MAX_SHOWN, Rhythm
from chengdan.store.connection import Connection

PUT: LiteralString = (
    "INSERT INTO chengdan.digest (user_id, every, minute, weekday, since, next_at) VALUES (%s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (user_id) DO UPDATE SET every = excluded.every, minute = excluded.minute, "
    "weekday = excluded.weekday, next_at = excluded.next_at"
)
STOP: LiteralString = "DELETE FROM chengdan.digest WHERE user_id = %s"
_OF_USER: LiteralString = "SELECT every, minute, weekday, next_at FROM chengdan.digest WHERE user_id = %s"
_DUE: LiteralString = (
    "SELECT user_id, every, minute, weekday, since FROM chengdan.digest WHERE next_at <= %s "
    "ORDER BY next_at LIMIT %s FOR UPDATE SKIP LOCKED"
)
_NEXT: LiteralString = "UPDATE chengdan.digest SET since = %s, next_at = %s WHERE user_id = %s"
_READER: LiteralString = (
    "SELECT name, to_jsonb(u) ->> 'email', locale, time_zone FROM data.\"user\" u "
    "WHERE id = %s AND active IS NOT FALSE AND archived_at IS NULL"
)
"""By way of JSON, as an app need not give its users an e-mail address."""
_UNREAD: LiteralString = """
SELECT n.id, n.at, n.zh, n.en, n.urgent, n.object, n.record_id, count(*) OVER () FROM chengdan.notification n
LEFT JOIN chengdan.notice_setting s ON s.user_id = n.user_id AND s.kind = n.rule
WHERE n.user_id = %(user)s AND n.read_at IS NULL AND n.at > %(since)s AND n.at <= %(now)s AND s.digest IS NOT FALSE
ORDER BY n.urgent DESC, n.id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class Due:
    """A digest whose time has come; it tells what came after `since`."""

    user: UUID
    rhythm: Rhythm
    since: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody active who gets a digest; `email`, language and time zone as they wrote them, or None."""

    name: str
    email: str | None
    locale: str | None
    time_zone: str | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A notification that was not read; `total` is how many there are."""

    id: UUID
    at: datetime
    zh: str
    en: str
    urgent: bool
    object: str
    record: UUID | None
    total: int


def of_user(connection: Connection, user: UUID) -> tuple[Rhythm, datetime] | None:
    """The rhythm of a user's digest and when the next leaves; None when they get none."""
    row = connection.execute(_OF_USER, (user,)).fetchone()
    return (Rhythm(*row[:3]), row[3]) if row else None


def due(connection: Connection, now: datetime, limit: int) -> list[Due]:
    """Digests whose time has come, locked for this transaction."""
    rows = connection.execute(_DUE, (now, limit)).fetchall()
    return [Due(row[0], Rhythm(*row[1:4]), row[4]) for row in rows]


def move_on(connection: Connection, user: UUID, since: datetime, next_at: datetime) -> None:
    connection.execute(_NEXT, (since, next_at, user))


def reader(connection: Connection, user: UUID) -> Reader | None:
    """The active user of that id."""
    row = connection.execute(_READER, (user,)).fetchone()
    return Reader(*row) if row else None


def unread(connection: Connection, user: UUID, since: datetime, now: datetime) -> Sequence[Unread]:
    """What a user has not read of the kinds they want in the digest, the urgent and the newest first."""
    params = {"user": user, "since": since, "now": now, "limit": MAX_SHOWN}
    return [Unread(*row) for row in connection.execute(_UNREAD, params).fetchall()]
