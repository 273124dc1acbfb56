"""The queue of mails to be sent: who sends which, and how each ends. Every step is committed by itself.

A claim is known by its attempt and by when that was due: a worker that was held up moves nothing that another has taken over.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql

from chengdan.kernel.mail import MailStatus
from chengdan.run.mail.room import mail_of
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Unit

BATCH = 50
TELLING = timedelta(seconds=30)
"""How long a worker has to tell a record what became of its mail, before another does."""


class Place(StrEnum):
    """Where a mail stands in the queue. `handing`: the server is given it now."""

    WAITING = "waiting"
    HANDING = "handing"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    CANCELLED = "cancelled"


ENDS = (Place.SENT, Place.UNCERTAIN, Place.FAILED, Place.CANCELLED)
_PUT: LiteralString = (
    "INSERT INTO chengdan.mail_outgoing (email, account, state, due_at, queued_at) VALUES (%s, %s, 'waiting', %s, %s) "
    "ON CONFLICT (email) DO UPDATE SET account = excluded.account, state = 'waiting', attempts = 0, held_until = NULL, "
    "due_at = excluded.due_at, queued_at = excluded.queued_at"
)
_ACCOUNT: LiteralString = "SELECT account FROM chengdan.mail_outgoing WHERE email = %s"
_PLACE: LiteralString = "SELECT state FROM chengdan.mail_outgoing WHERE email = %s"
_SETTLE: LiteralString = "UPDATE chengdan.mail_outgoing SET state = 'sent' WHERE email = %s"
_CLAIM: LiteralString = (
    "UPDATE chengdan.mail_outgoing SET held_until = %(until)s, attempts = attempts + 1 WHERE email = ("
    "SELECT email FROM chengdan.mail_outgoing WHERE state = 'waiting' AND due_at <= %(now)s "
    "AND (held_until IS NULL OR held_until < %(now)s) ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) "
    "RETURNING email, account, attempts, due_at, queued_at"
)
_MOVE: LiteralString = (
    "UPDATE chengdan.mail_outgoing SET state = %(to)s, held_until = %(until)s, due_at = coalesce(%(next)s, due_at) "
    "WHERE email = %(email)s AND attempts = %(attempts)s AND due_at = %(due_at)s AND state = ANY(%(at)s) RETURNING email"
)
_LOST: LiteralString = (
    "UPDATE chengdan.mail_outgoing SET state = 'uncertain', held_until = %(until)s WHERE email IN ("
    "SELECT email FROM chengdan.mail_outgoing WHERE state = 'handing' AND held_until < %(now)s LIMIT %(most)s "
    "FOR UPDATE SKIP LOCKED) RETURNING email"
)
_UNTOLD = sql.SQL(
    "UPDATE chengdan.mail_outgoing SET held_until = %(until)s WHERE email IN (SELECT o.email FROM data.{object} e "
    "JOIN chengdan.mail_outgoing o ON o.email = e.id WHERE e.{status} = %(queued)s AND e.archived_at IS NULL "
    "AND o.state = ANY(%(ends)s) AND (o.held_until IS NULL OR o.held_until < %(now)s) LIMIT %(most)s "
    "FOR UPDATE OF o SKIP LOCKED) RETURNING email, state"
)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this worker sends now."""

    email: UUID
    account: UUID
    attempts: int
    due_at: datetime
    queued_at: datetime


def put(unit: Unit, email: UUID, account: UUID) -> None:
    """Queue a mail, in the unit's transaction; also one that was queued before."""
    unit.execute(_PUT, (email, account, unit.now, unit.now))


def account_of(unit: Unit, email: UUID) -> UUID | None:
    """The account that a mail was queued for."""
    row = unit.execute(_ACCOUNT, (email,)).fetchone()
    return row[0] if row is not None else None


def place_of(unit: Unit, email: UUID) -> Place | None:
    """Where a mail stands."""
    row = unit.execute(_PLACE, (email,)).fetchone()
    return Place(row[0]) if row is not None else None


def settle(unit: Unit, email: UUID) -> None:
    """Count a mail as sent, in the unit's transaction."""
    unit.execute(_SETTLE, (email,))


def claim(runtime: Runtime, held: timedelta) -> Claimed | None:
    """The mail whose turn it is, for this worker alone as long as it is `held`."""
    now = runtime.clock()
    with runtime.pool.connection() as connection:
        row = connection.execute(_CLAIM, {"now": now, "until": now + held}).fetchone()
    return Claimed(*row) if row is not None else None


def hand(runtime: Runtime, claimed: Claimed, held: timedelta) -> bool:
    """Write down that the server is given the mail now; False when it is not this worker's any more."""
    return _move(runtime, claimed, (Place.WAITING,), Place.HANDING, runtime.clock() + held)


def put_off(runtime: Runtime, claimed: Claimed, at: Sequence[Place], until: datetime) -> bool:
    """Let a mail that stands at one of `at` wait for its next attempt; False when it is not this worker's any more."""
    return _move(runtime, claimed, at, Place.WAITING, None, until)


def end(runtime: Runtime, claimed: Claimed, at: Sequence[Place], end: Place) -> bool:
    """End the place of a mail that stands at one of `at`; False when it is not this worker's any more."""
    return _move(runtime, claimed, at, end, runtime.clock() + TELLING)


def _move(
    runtime: Runtime,
    claimed: Claimed,
    at: Sequence[Place],
    to: Place,
    until: datetime | None,
    next: datetime | None = None,
) -> bool:
    mine = {"email": claimed.email, "attempts": claimed.attempts, "due_at": claimed.due_at}
    params = {**mine, "at": [str(place) for place in at], "to": str(to), "until": until, "next": next}
    with runtime.pool.connection() as connection:
        return connection.execute(_MOVE, params).fetchone() is not None


def lose(runtime: Runtime) -> list[UUID]:
    """End the places of those mails as uncertain whose worker died while the server was given them."""
    now = runtime.clock()
    with runtime.pool.connection() as connection:
        found = connection.execute(_LOST, {"now": now, "until": now + TELLING, "most": BATCH}).fetchall()
    return [email for (email,) in found]


def untold(runtime: Runtime, held: timedelta) -> list[tuple[UUID, Place]]:
    """Mails that ended while their records still say that they are queued; for this worker alone as long as they are `held`."""
    item, mail = mail_of(runtime.snapshot)
    query = _UNTOLD.format(object=sql.Identifier(item.name), status=sql.Identifier(mail["status"]))
    now = runtime.clock()
    params: dict[str, Any] = {
        "now": now,
        "until": now + held,
        "most": BATCH,
        "queued": str(MailStatus.QUEUED),
    }
    with runtime.pool.connection() as connection:
        found = connection.execute(query, {**params, "ends": [str(place) for place in ENDS]}).fetchall()
    return [(email, Place(state)) for email, state in found]
