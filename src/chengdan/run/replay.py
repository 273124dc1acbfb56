"""Replay: the same request sent twice (a phone that lost the network) is carried out once and answered alike."""

from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.run.runtime import Runtime

MAX_KEY = 200
_FIND: LiteralString = (
    "SELECT request_hash, status, body FROM chengdan.idempotency "
    "WHERE user_id = %s AND key = %s AND at > now() - interval '1 day'"
)
_KEEP: LiteralString = (
    "INSERT INTO chengdan.idempotency (user_id, key, request_hash, status, body) VALUES (%s, %s, %s, %s, %s) "
    "ON CONFLICT (user_id, key) DO UPDATE SET request_hash = excluded.request_hash, status = excluded.status, "
    "body = excluded.body, at = now()"
)


class KeyReused(ChengdanError):
    code = "HTTP-409"
    status = 409
    zh = "这个 Idempotency-Key 已用于另一个请求。"
    en = "This Idempotency-Key was used for another request."


def answered(runtime: Runtime, user: UUID, key: str, request_hash: bytes) -> tuple[int, bytes] | None:
    """Status and body of the first answer to this key within a day. Raises KeyReused for another request's key."""
    with runtime.pool.connection() as connection:
        found: tuple[Any, ...] | None = connection.execute(_FIND, (user, key)).fetchone()
    if found is None:
        return None
    if found[0] != request_hash:
        raise KeyReused(path="Idempotency-Key")
    return found[1], found[2]


def keep(runtime: Runtime, user: UUID, key: str, request_hash: bytes, status: int, body: bytes) -> None:
    """Remember the answer to a key."""
    with runtime.pool.connection() as connection:
        connection.execute(_KEEP, (user, key, request_hash, status, body))
