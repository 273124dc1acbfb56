"""The inbox: the notifications of one person, newest first."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from chengdan.store.unit import Unit

MAX_LISTED = 50
_COLUMNS: LiteralString = "id, user_id, at, zh, en, urgent, object, record_id, read_at, rule"


def notifications(
    reader: Unit, before: UUID | None = None, *, unread: bool = False, limit: int = MAX_LISTED
) -> Mapping[str, Any]:
    """A page of the viewer's notifications from `before` on, or of the unread ones; how many are unread, up to 100."""
    me = reader.principal.user
    rows = reader.execute(
        "SELECT "
        + _COLUMNS
        + " FROM chengdan.notification WHERE user_id = %s AND (%s::uuid IS NULL OR id < %s) "
        "AND (NOT %s OR read_at IS NULL) ORDER BY id DESC LIMIT %s",
        (me, before, before, unread, limit + 1),
    ).fetchall()
    waiting = reader.execute(
        "SELECT count(*) FROM (SELECT 1 FROM chengdan.notification WHERE user_id = %s AND read_at IS NULL LIMIT 100) n",
        (me,),
    ).fetchone()
    return {
        "items": [_json(row) for row in rows[:limit]],
        "next_cursor": str(rows[limit - 1][0]) if len(rows) > limit else None,
        "unread": waiting[0] if waiting else 0,
    }


def unread(reader: Unit, limit: int) -> Mapping[str, Any]:
    """The viewer's newest unread notifications, and how many there are (counted to 100)."""
    rows = reader.execute(
        "SELECT "
        + _COLUMNS
        + ", count(*) OVER () FROM (SELECT * FROM chengdan.notification WHERE user_id = %s AND read_at IS NULL "
        "ORDER BY id DESC LIMIT 100) n ORDER BY urgent DESC, id DESC LIMIT %s",
        (reader.principal.user, limit),
    ).fetchall()
    return {"items": [_json(row[:-1]) for row in rows], "unread": rows[0][-1] if rows else 0}


def told(reader: Unit, ids: Sequence[UUID]) -> dict[UUID, tuple[UUID, Mapping[str, Any]]]:
    """Notifications by id, each with whom it is for: for streams that serve many people."""
    rows = reader.execute(
        "SELECT " + _COLUMNS + " FROM chengdan.notification WHERE id = ANY(%s)", (list(ids),)
    ).fetchall()
    return {row[0]: (row[1], _json(row)) for row in rows}


def mark_read(unit: Unit, ids: Sequence[UUID] | None) -> None:
    """Mark notifications of the principal as read: those of `ids`, or all when it is None."""
    if ids is None:
        unit.later(
            "UPDATE chengdan.notification SET read_at = %s WHERE user_id = %s AND read_at IS NULL",
            (unit.now, unit.principal.user),
        )
    else:
        unit.later(
            "UPDATE chengdan.notification SET read_at = %s WHERE user_id = %s AND id = ANY(%s) AND read_at IS NULL",
            (unit.now, unit.principal.user, list(ids)),
        )


def _json(row: tuple[Any, ...]) -> dict[str, Any]:
    id, _user, at, zh, en, urgent, object, record, read_at, kind = row
    return {
        "id": id,
        "at": at,
        "message": {"zh": zh, "en": en},
        "urgent": urgent,
        "object": object or None,
        "record": record,
        "read_at": read_at,
        "kind": kind,
    }
