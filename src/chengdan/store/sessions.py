"""Who is signed in: credentials, sessions, API tokens and log-in attempts. Of passwords and tokens only hashes are kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql import ARRAY

Connection = psycopg.Connection[tuple[Any, ...]]
ACCESS_CHANNEL: LiteralString = "chengdan_access"
SEEN_EVERY = timedelta(minutes=1)

metadata = MetaData(schema="chengdan")
_INSTANT = DateTime(timezone=True)

Table(
    "credential",
    metadata,
    Column("user_id", Uuid, primary_key=True),
    Column("hash", Text, nullable=False),
    Column("changed_at", _INSTANT, nullable=False),
)
Table(
    "session",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("user_id", Uuid, nullable=False),
    Column("created_at", _INSTANT, nullable=False),
    Column("expires_at", _INSTANT, nullable=False),
    Column("seen_at", _INSTANT, nullable=False),
    Index("session_user", "user_id"),
)
Table(
    "api_token",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("user_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("scopes", ARRAY(Text)),
    Column("created_at", _INSTANT, nullable=False),
    Column("expires_at", _INSTANT),
    Column("last_used_at", _INSTANT),
    Column("revoked_at", _INSTANT),
    Index("api_token_user", "user_id"),
)
Table(
    "login_attempt",
    metadata,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("username", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("at", _INSTANT, nullable=False, server_default=func.now()),
    Index("login_attempt_username", "username", "at"),
    Index("login_attempt_address", "address", "at"),
)
Table(
    "idempotency",
    metadata,
    Column("user_id", Uuid, nullable=False),
    Column("key", Text, nullable=False),
    Column("request_hash", LargeBinary, nullable=False),
    Column("body", Text, nullable=False, server_default=""),
    Column("at", _INSTANT, nullable=False),
    PrimaryKeyConstraint("user_id", "key"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """An active user, columns of `data."user"` as stored, and the teams at and below those the user leads or belongs to."""

    id: UUID
    name: str
    username: str
    roles: Sequence[str] | None
    locale: str | None
    time_zone: str | None
    team: UUID | None
    team_tree: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Held:
    """A session or API token in force: whose it is, and the scopes that narrow it (None: all that the user may)."""

    user: UUID
    scopes: Sequence[str] | None


# --- passwords


def password_of(connection: Connection, username: str) -> tuple[UUID, str | None] | None:
    """The active user of that name, and the hash of the password if one was set."""
    row = connection.execute(
        'SELECT u.id, c.hash FROM data."user" u LEFT JOIN chengdan.credential c ON c.user_id = u.id '
        "WHERE u.username = %s AND u.active IS NOT FALSE AND u.archived_at IS NULL",
        (username,),
    ).fetchone()
    return (row[0], row[1]) if row else None


def set_password(connection: Connection, user: UUID, hash: str, now: datetime) -> None:
    connection.execute(
        "INSERT INTO chengdan.credential (user_id, hash, changed_at) VALUES (%s, %s, %s) "
        "ON CONFLICT (user_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at",
        (user, hash, now),
    )


def note_attempt(
    connection: Connection, username: str, address: str, now: datetime, window: timedelta
) -> tuple[int, int]:
    """Count a log-in attempt; how many of this username and of this address stand within `window`, with this one."""
    connection.execute(
        "INSERT INTO chengdan.login_attempt (username, address, at) VALUES (%s, %s, %s)",
        (username, address, now),
    )
    row = connection.execute(
        "SELECT (SELECT count(*) FROM chengdan.login_attempt WHERE username = %(name)s AND at > %(since)s), "
        "(SELECT count(*) FROM chengdan.login_attempt WHERE address = %(address)s AND at > %(since)s)",
        {"name": username, "address": address, "since": now - window},
    ).fetchone()
    return (int(row[0]), int(row[1])) if row else (0, 0)


def forgive(connection: Connection, username: str, before: datetime) -> None:
    """Forget the attempts of a username that logged in, and all that are older than `before`."""
    connection.execute(
        "DELETE FROM chengdan.login_attempt WHERE username = %s OR at < %s", (username, before)
    )


# --- sessions


def open_session(
    connection: Connection, token_hash: bytes, user: UUID, now: datetime, expires_at: datetime, agent: str
) -> None:
    """Begin a session opened from the browser `agent`; those that ran out are cleared away."""
    connection.execute("DELETE FROM chengdan.session WHERE expires_at < %s", (now,))
    connection.execute(
        "INSERT INTO chengdan.session (token_hash, user_id, created_at, seen_at, expires_at, agent) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        (token_hash, user, now, now, expires_at, agent),
    )


def session(connection: Connection, token_hash: bytes, now: datetime) -> Held | None:
    """The session of a token, if it is in force; notes once a minute that it was used."""
    row = connection.execute(
        "SELECT user_id, seen_at FROM chengdan.session WHERE token_hash = %s AND expires_at > %s",
        (token_hash, now),
    ).fetchone()
    if row is None:
        return None
    if now - row[1] > SEEN_EVERY:
        connection.execute(
            "UPDATE chengdan.session SET seen_at = %s WHERE token_hash = %s", (now, token_hash)
        )
    return Held(row[0], None)


def sessions_of(
    connection: Connection, user: UUID, now: datetime
) -> list[tuple[bytes, datetime, datetime, str]]:
    """The sessions of a user in force, as (token hash, opened at, last seen at, agent), the one seen last first."""
    return connection.execute(
        "SELECT token_hash, created_at, seen_at, agent FROM chengdan.session WHERE user_id = %s AND expires_at > %s "
        "ORDER BY seen_at DESC LIMIT 100",
        (user, now),
    ).fetchall()


def close_session(connection: Connection, token_hash: bytes) -> None:
    connection.execute("DELETE FROM chengdan.session WHERE token_hash = %s", (token_hash,))
    tell_access_changed(connection)


def close_sessions(connection: Connection, user: UUID, but: bytes = b"") -> None:
    """End every session of a user except the one whose hash is `but`."""
    connection.execute("DELETE FROM chengdan.session WHERE user_id = %s AND token_hash <> %s", (user, but))
    tell_access_changed(connection)


def tell_access_changed(connection: Connection) -> None:
    """Let every process look at sessions and principals anew once the transaction commits."""
    connection.execute("SELECT pg_notify(%s, '')", (ACCESS_CHANNEL,))


# --- API tokens

INSERT_TOKEN: LiteralString = (
    "INSERT INTO chengdan.api_token (id, token_hash, user_id, name, scopes, created_at, expires_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s)"
)
REVOKE_TOKEN: LiteralString = (
    "UPDATE chengdan.api_token SET revoked_at = %s WHERE id = %s AND user_id = %s AND revoked_at IS NULL "
    "RETURNING id"
)
_TOKEN_COLUMNS = ("id", "name", "scopes", "created_at", "expires_at", "last_used_at")


def api_token(connection: Connection, token_hash: bytes, now: datetime) -> Held | None:
    """The API token of that hash, if it is in force; notes once a minute that it was used."""
    row = connection.execute(
        "SELECT user_id, scopes, last_used_at FROM chengdan.api_token "
        "WHERE token_hash = %s AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > %s)",
        (token_hash, now),
    ).fetchone()
    if row is None:
        return None
    if row[2] is None or now - row[2] > SEEN_EVERY:
        connection.execute(
            "UPDATE chengdan.api_token SET last_used_at = %s WHERE token_hash = %s", (now, token_hash)
        )
    return Held(row[0], row[1])


def api_tokens(connection: Connection, user: UUID) -> list[Mapping[str, Any]]:
    """The tokens of a user that were not revoked, newest first."""
    rows = connection.execute(
        "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM chengdan.api_token "
        "WHERE user_id = %s AND revoked_at IS NULL ORDER BY id DESC LIMIT 200",
        (user,),
    ).fetchall()
    return [dict(zip(_TOKEN_COLUMNS, row, strict=True)) for row in rows]


# --- who somebody is

_PERSON: LiteralString = """
WITH RECURSIVE person AS (
    SELECT id, name, username, roles, locale, time_zone, team FROM data."user"
    WHERE id = %s AND active IS NOT FALSE AND archived_at IS NULL
), tree AS (
    SELECT t.id FROM data.team t, person
    WHERE (t.id = person.team OR t.lead = person.id) AND t.archived_at IS NULL
    UNION
    SELECT t.id FROM data.team t JOIN tree ON t.parent = tree.id WHERE t.archived_at IS NULL
)
SELECT person.*, ARRAY(SELECT id FROM tree ORDER BY id) FROM person
"""
_TERRITORIES: LiteralString = """
WITH RECURSIVE held AS (
    SELECT territory AS id FROM data.team WHERE id = ANY(%s) AND territory IS NOT NULL
    UNION
    SELECT t.id FROM data.territory t JOIN held ON t.parent = held.id WHERE t.archived_at IS NULL
)
SELECT id FROM held ORDER BY id
"""


def person(connection: Connection, user: UUID) -> Person | None:
    """The active user of that id."""
    row = connection.execute(_PERSON, (user,)).fetchone()
    return Person(*row) if row else None


def territories(connection: Connection, teams: Sequence[UUID]) -> tuple[UUID, ...]:
    """The territories that these teams work, and all below them."""
    return tuple(id for (id,) in connection.execute(_TERRITORIES, (list(teams),)).fetchall())
