"""The people who were notified, as outlets see them, and the notifications that nobody has passed on yet."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.kernel.outlet.audience import Hearer
from chengdan.store.connection import Connection

_LOCK = 0x6F75746C  # "outl": one process passes on at a time, so that what belongs together is joined
_TRY_LOCK: LiteralString = "SELECT pg_try_advisory_xact_lock(%s)"
_LEFT: LiteralString = (
    "SELECT id, user_id, at, zh, en, urgent, object, record_id, rule FROM chengdan.notification "
    "WHERE NOT passed_on ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED"
)
_PASSED_ON: LiteralString = "UPDATE chengdan.notification SET passed_on = true WHERE id = ANY(%s)"
_HEARERS: LiteralString = """
WITH RECURSIVE up AS (
    SELECT id AS person, team FROM data."user" WHERE id = ANY(%(ids)s) AND team IS NOT NULL
    UNION
    SELECT up.person, t.parent FROM up JOIN data.team t ON t.id = up.team WHERE t.parent IS NOT NULL
)
SELECT u.id, u.name, u.roles, ARRAY(SELECT team FROM up WHERE person = u.id), u.time_zone, q.starts, q.ends
FROM data."user" u LEFT JOIN chengdan.quiet_hours q ON q.user_id = u.id WHERE u.id = ANY(%(ids)s)
"""
_DECLINED: LiteralString = (
    "SELECT user_id, kind FROM chengdan.notice_setting WHERE NOT chat AND user_id = ANY(%s)"
)


@dataclass(frozen=True, slots=True)
class Notice:
    """A notification that was left with somebody."""

    id: UUID
    user: UUID
    at: datetime
    zh: str
    en: str
    urgent: bool
    object: str
    record: UUID | None
    kind: str


def left(connection: Connection, limit: int) -> list[Notice]:
    """Notifications that nobody has passed on yet, marked as passed on; none while another process is at it."""
    held = connection.execute(_TRY_LOCK, (_LOCK,)).fetchone()
    if held is None or not held[0]:
        return []
    found = [Notice(*row) for row in connection.execute(_LEFT, (limit,)).fetchall()]
    if found:
        connection.execute(_PASSED_ON, ([notice.id for notice in found],))
    return found


def hearers(connection: Connection, ids: Collection[UUID], zone: ZoneInfo) -> Mapping[UUID, Hearer]:
    """The users of these ids; `zone` is of those who chose none, or none that there is."""
    rows = connection.execute(_HEARERS, {"ids": list(ids)}).fetchall()
    return {
        id: Hearer(
            id,
            name,
            frozenset(roles or ()),
            frozenset(teams),
            zone_of(chosen, zone),
            None if starts is None else (starts, ends),
        )
        for id, name, roles, teams, chosen, starts, ends in rows
    }


def declined(connection: Connection, ids: Sequence[UUID]) -> frozenset[tuple[UUID, str]]:
    """(user, kind) of what these users don't want to be said of them in a chat."""
    rows = connection.execute(_DECLINED, (list(ids),)).fetchall()
    return frozenset((user, kind) for user, kind in rows)


def zone_of(name: str | None, otherwise: ZoneInfo) -> ZoneInfo:
    """The time zone of that name where there is one: people write it themselves."""
    try:
        return ZoneInfo(name) if name else otherwise
    except (ValueError, LookupError, OSError):
        return otherwise
