"""Outlets as they are set up, and who of the couriers sends through which of them now.

A courier leases an outlet while it sends, so that two never send at once and a vendor's limit holds over all processes. One
that dies leaves a lease that runs out: the next takes up what it was sending.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from chengdan.kernel.outlet.audience import Audience
from chengdan.store.connection import Connection

LEASE = timedelta(seconds=60)
MAX_OUTLETS = 200
_COLUMNS: LiteralString = "id, version, name, kind, address, host, secret, locale, active, kinds, urgent_only, teams, roles, people, failures"
_ALL: LiteralString = "SELECT " + _COLUMNS + " FROM chengdan.outlet ORDER BY created_at, id LIMIT %s"
_ONE: LiteralString = "SELECT " + _COLUMNS + " FROM chengdan.outlet WHERE id = %s"
PUT: LiteralString = (
    "INSERT INTO chengdan.outlet (id, version, name, kind, address, host, secret, locale, active, kinds, urgent_only, "
    "teams, roles, people, created_at, created_by) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (id) DO UPDATE SET version = excluded.version, name = excluded.name, address = excluded.address, "
    "host = excluded.host, secret = excluded.secret, locale = excluded.locale, active = excluded.active, "
    "kinds = excluded.kinds, urgent_only = excluded.urgent_only, teams = excluded.teams, roles = excluded.roles, "
    "people = excluded.people, failures = 0, next_at = '-infinity'"
)
REMOVE: LiteralString = "DELETE FROM chengdan.outlet WHERE id = %s"
_TAKE: LiteralString = (
    "SELECT " + _COLUMNS + " FROM chengdan.outlet o WHERE active AND next_at <= %(now)s "
    "AND (leased_until IS NULL OR leased_until < %(now)s) AND EXISTS (SELECT 1 FROM chengdan.delivery d "
    "WHERE d.outlet = o.id AND d.state IN ('waiting', 'sending') AND d.due_at <= %(now)s) "
    "ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED"
)
_TAKE_ONE: LiteralString = (
    "SELECT " + _COLUMNS + " FROM chengdan.outlet WHERE id = %(id)s AND (next_at <= %(now)s OR failures > 0) "
    "AND (leased_until IS NULL OR leased_until < %(now)s) FOR UPDATE"
)
_LEASE: LiteralString = "UPDATE chengdan.outlet SET lease = %s, leased_until = %s WHERE id = %s"
_GIVE_BACK: LiteralString = (
    "UPDATE chengdan.outlet SET lease = NULL, leased_until = NULL, failures = %s, next_at = %s "
    "WHERE id = %s AND lease = %s RETURNING id"
)


@dataclass(frozen=True, slots=True)
class Outlet:
    """An outlet; address and secret are sealed. `failures` counts the messages that failed since one arrived."""

    id: UUID
    version: int
    name: str
    kind: str
    address: bytes
    host: str
    secret: bytes | None
    locale: str
    active: bool
    audience: Audience
    failures: int


def all_outlets(connection: Connection, limit: int = MAX_OUTLETS) -> list[Outlet]:
    """The outlets, the oldest first."""
    return [_outlet(row) for row in connection.execute(_ALL, (limit,)).fetchall()]


def outlet(connection: Connection, id: UUID) -> Outlet | None:
    row = connection.execute(_ONE, (id,)).fetchone()
    return _outlet(row) if row else None


def take(connection: Connection, now: datetime, lease: UUID) -> Outlet | None:
    """Lease an outlet that may send now and has something to send; None when there is none."""
    return _leased(connection, _TAKE, {"now": now}, now, lease)


def take_one(connection: Connection, id: UUID, now: datetime, lease: UUID) -> Outlet | None:
    """Lease this outlet, active or not, also one that waits after a failure; None while it must wait or somebody sends."""
    return _leased(connection, _TAKE_ONE, {"id": id, "now": now}, now, lease)


def give_back(connection: Connection, outlet: Outlet, lease: UUID, failures: int, next_at: datetime) -> bool:
    """End a lease; false when it had run out and somebody else went on."""
    return connection.execute(_GIVE_BACK, (failures, next_at, outlet.id, lease)).fetchone() is not None


def _leased(
    connection: Connection, statement: LiteralString, params: dict[str, Any], now: datetime, lease: UUID
) -> Outlet | None:
    row = connection.execute(statement, params).fetchone()
    if row is None:
        return None
    found = _outlet(row)
    connection.execute(_LEASE, (lease, now + LEASE, found.id))
    return found


def _outlet(row: tuple[Any, ...]) -> Outlet:
    id, version, name, kind, address, host, secret, locale, active, *narrowed, failures = row
    kinds, urgent_only, teams, roles, people = narrowed
    audience = Audience(frozenset(kinds), urgent_only, frozenset(teams), frozenset(roles), frozenset(people))
    return Outlet(id, version, name, kind, address, host, secret, locale, active, audience, failures)
