"""Sharing: let one more person see a record, or change it."""

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


class BadShare(ChengdanError):
    code = "ACCESS-003"
    status = 422
    zh = "共享方式应是 read 或 update。"
    en = "A share is `read` or `update`."


def share(unit: Unit, command: Share) -> Row:
    """Share a record; the owner may, and whoever has the permission `share`."""
    if command.act not in ACTS:
        raise BadShare(path="act")
    row = _held(unit, command)
    if command.user not in records.visible(unit, "user", [command.user]):
        raise NoSuchReference(path="user", label=unit.snapshot.objects["user"].label)
    unit.later(
        "INSERT INTO chengdan.share (object, record_id, user_id, act, shared_by) VALUES (%s, %s, %s, %s, %s) "
        "ON CONFLICT (user_id, object, record_id) DO UPDATE SET act = excluded.act, shared_by = excluded.shared_by",
        (command.object, command.id, command.user, command.act, unit.actor),
    )
    unit.record(
        Event(EventKind.SHARED, command.object, command.id, {"user": command.user, "act": command.act})
    )
    return row


def unshare(unit: Unit, command: Unshare) -> Row:
    """Take a share back."""
    row = _held(unit, command)
    unit.later(
        "DELETE FROM chengdan.share WHERE object = %s AND record_id = %s AND user_id = %s",
        (command.object, command.id, command.user),
    )
    unit.record(Event(EventKind.UNSHARED, command.object, command.id, {"user": command.user}))
    return row


def shares_of(reader: Unit, object: str, id: UUID) -> list[dict[str, Any]]:
    """Whom a record within reach is shared with. Raises NotFound."""
    seen(reader, object, id)
    rows = reader.execute(
        'SELECT s.user_id, u.name, s.act, s.shared_at FROM chengdan.share s JOIN data."user" u ON u.id = s.user_id '
        "WHERE s.object = %s AND s.record_id = %s ORDER BY s.shared_at LIMIT 500",
        (object, id),
    ).fetchall()
    return [{"user": {"id": user, "label": name}, "act": act, "at": at} for user, name, act, at in rows]


def _held(unit: Unit, command: Share | Unshare) -> Row:
    object_of(unit, command.object)
    row = hold(unit, command.object, command.id, None)
    if row["owner"] != unit.principal.user:
        require(unit, "share")
    return row
