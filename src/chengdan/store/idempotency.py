"""Remembered answers: a request that is sent twice under one key is carried out once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

Connection = psycopg.Connection[tuple[Any, ...]]
KEPT = timedelta(days=14)
"""How long an answer is remembered: longer than a phone lies in a drawer over the holidays."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was answered to the first request, and the hash of that request."""

    request_hash: bytes
    body: str


def claim(
    connection: Connection, user: UUID, key: str, request_hash: bytes, now: datetime
) -> Remembered | None:
    """Claim a key for the open transaction; the answer to the first request when it was claimed before.

    A second request that comes while the first is under way waits for it.
    """
    connection.execute("DELETE FROM chengdan.idempotency WHERE user_id = %s AND at < %s", (user, now - KEPT))
    claimed = connection.execute(
        "INSERT INTO chengdan.idempotency (user_id, key, request_hash, at) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT DO NOTHING RETURNING 1",
        (user, key, request_hash, now),
    ).fetchone()
    if claimed is not None:
        return None
    row = connection.execute(
        "SELECT request_hash, body FROM chengdan.idempotency WHERE user_id = %s AND key = %s",
        (user, key),
    ).fetchone()
    return Remembered(bytes(row[0]), row[1]) if row else None


def remember(connection: Connection, user: UUID, key: str, body: str) -> None:
    """Keep the answer under a key that the open transaction claimed."""
    connection.execute(
        "UPDATE chengdan.idempotency SET body = %s WHERE user_id = %s AND key = %s",
        (body, user, key),
    )
