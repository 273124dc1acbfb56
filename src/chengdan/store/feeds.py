"""The secret addresses of calendar feeds; of each only a hash is kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from chengdan.store.connection import Connection

PUT: LiteralString = (
    "INSERT INTO chengdan.calendar_feed (user_id, token_hash, whose, created_at) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT (user_id) DO UPDATE SET token_hash = excluded.token_hash, whose = excluded.whose, "
    "created_at = excluded.created_at, read_at = NULL"
)
TAKE: LiteralString = "DELETE FROM chengdan.calendar_feed WHERE user_id = %s RETURNING user_id"


@dataclass(frozen=True, slots=True)
class Feed:
    """A user's feed: whose records it tells, when it was made, and when a calendar program last read it."""

    user: UUID
    whose: str
    created_at: datetime
    read_at: datetime | None


def of_user(connection: Connection, user: UUID) -> Feed | None:
    """The user's feed, if there is one."""
    row = connection.execute(
        "SELECT user_id, whose, created_at, read_at FROM chengdan.calendar_feed WHERE user_id = %s", (user,)
    ).fetchone()
    return Feed(*row) if row else None


def read(connection: Connection, token_hash: bytes, now: datetime) -> Feed | None:
    """The feed that a token opens, marked as read now."""
    row = connection.execute(
        "UPDATE chengdan.calendar_feed SET read_at = %s WHERE token_hash = %s "
        "RETURNING user_id, whose, created_at, read_at",
        (now, token_hash),
    ).fetchone()
    return Feed(*row) if row else None
