"""Notifications: tell people about a record, in the transaction of what happened."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chengdan.base.ids import id_at
from chengdan.base.label import Label
from chengdan.kernel.event import Event, EventKind
from chengdan.run import channels
from chengdan.store.unit import Unit

MAX_PEOPLE = 500
_LEAD = b"SELECT lead FROM data.team WHERE id = $1 AND lead IS NOT NULL"
_HOLDERS = b'SELECT id FROM data."user" WHERE $1 = ANY(roles) AND active AND archived_at IS NULL ORDER BY id LIMIT $2'


def recipients(unit: Unit, record: Mapping[str, Any], to: Sequence[str]) -> list[UUID]:
    """The active users that `to` names: user fields of the record, `manager` (the lead of its team), `role:<name>`."""
    people: dict[UUID, None] = {}
    for name in to:
        if name == "manager":
            found = unit.people(_LEAD, (record["team"],))
        elif name.startswith("role:"):
            found = unit.people(_HOLDERS, (name.removeprefix("role:"), MAX_PEOPLE))
        else:
            found = [record[name]] if record.get(name) is not None else []
        people.update(dict.fromkeys(found))
    return list(people)[:MAX_PEOPLE]


def tell(
    unit: Unit,
    people: Iterable[UUID],
    message: Label,
    *,
    object: str,
    record: UUID | None,
    urgent: bool,
    rule: str = "",
) -> None:
    """Leave a notification with each of `people` who wants to hear of its kind; open pages hear within a second.

    The kind is the name of the rule, or one of `channels.SYSTEM`.
    """
    told = list(people)
    silent = channels.muted(unit, rule) if told else frozenset()
    for user in told:
        if user in silent:
            continue
        id = id_at(int(unit.now.timestamp() * 1000))
        unit.later(
            "INSERT INTO chengdan.notification (id, user_id, at, zh, en, urgent, object, record_id, rule) "
            "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (id, user, unit.now, message.zh, message.en, urgent, object, record, rule),
            target=("notification", id),
        )
        unit.record(
            Event(EventKind.NOTIFIED, object, record, {"user": user, "notification": id, "urgent": urgent})
        )
