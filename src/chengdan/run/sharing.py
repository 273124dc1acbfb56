"""Sharing: let one more person or team see a record, or change it, for good or for a while."""

from typing import Any
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.event import Event, EventKind
from chengdan.run.commands import Share, Unshare
from chengdan.run.errors import NoSuchReference
from chengdan.run.explain import seen
from chengdan.run.holding import hold, object_of, require
from chengdan.store import records
from chengdan.store.unit import Row, Unit

ACTS = ("read", "update")
GRANTEES = ("user", "team")
"""The objects whose records a record can be shared with."""
MAX_SHARES = 500


class BadShare(ChengdanError):
    code = "ACCESS-003"
    status = 422
    zh = "共享方式应是 read 或 update。"
    en = "A share is `read` or `update`."


class ShareEnded(ChengdanError):
    """A share that would end before it begins."""

    code = "ACCESS-004"
    status = 422
    zh = "共享的截止时间已经过去。"
    en = "The share would end in the past."


def share(unit: Unit, command: Share) -> Row:
    """Share a record; the owner may, and whoever has the permission `share`."""
    if command.act not in ACTS:
        raise BadShare(path="act")
    if command.until is not None and command.until <= unit.now:
        raise ShareEnded(path="until")
    row = _held(unit, command)
    kind = _kind(unit, command.grantee)
    unit.later(
        "INSERT INTO chengdan.share (object, record_id, grantee, act, shared_by, until) VALUES (%s, %s, %s, %s, %s, %s) "
        "ON CONFLICT (grantee, object, record_id) DO UPDATE SET "
        "act = excluded.act, shared_by = excluded.shared_by, until = excluded.until",
        (command.object, command.id, command.grantee, command.act, unit.actor, command.until),
    )
    data = {kind: command.grantee, "act": command.act, "until": command.until}
    unit.record(Event(EventKind.SHARED, command.object, command.id, data))
    return row


def unshare(unit: Unit, command: Unshare) -> Row:
    """Take a share back."""
    row = _held(unit, command)
    unit.later(
        "DELETE FROM chengdan.share WHERE object = %s AND record_id = %s AND grantee = %s",
        (command.object, command.id, command.grantee),
    )
    kind = "team" if records.visible(unit, "team", [command.grantee]) else "user"
    unit.record(Event(EventKind.UNSHARED, command.object, command.id, {kind: command.grantee}))
    return row


def _kind(unit: Unit, grantee: UUID) -> str:
    """Whether it is a user or a team. Raises NoSuchReference."""
    for kind in GRANTEES:
        if grantee in records.visible(unit, kind, [grantee]):
            return kind
    raise NoSuchReference(path="user", label=unit.snapshot.objects["user"].label)


def shares_of(reader: Unit, object: str, id: UUID) -> list[dict[str, Any]]:
    """With whom a record within reach is shared; those that ended are left out. Raises NotFound."""
    seen(reader, object, id)
    rows = reader.execute(
        "SELECT s.grantee, coalesce(u.name, t.name), t.id IS NOT NULL, s.act, s.shared_at, s.until, s.shared_by, b.name "
        'FROM chengdan.share s LEFT JOIN data."user" u ON u.id = s.grantee LEFT JOIN data.team t ON t.id = s.grantee '
        'LEFT JOIN data."user" b ON b.id = s.shared_by '
        "WHERE s.object = %s AND s.record_id = %s AND (s.until IS NULL OR s.until > now()) ORDER BY s.shared_at LIMIT %s",
        (object, id, MAX_SHARES),
    ).fetchall()
    return [
        {
            "team" if is_team else "user": {"id": grantee, "label": name},
            "act": act,
            "at": at,
            "until": until,
            "by": {"id": by, "label": by_name},
        }
        for grantee, name, is_team, act, at, until, by, by_name in rows
    ]


def _held(unit: Unit, command: Share | Unshare) -> Row:
    object_of(unit, command.object)
    row = hold(unit, command.object, command.id, None)
    if row["owner"] != unit.principal.user:
        require(unit, "share")
    return row
