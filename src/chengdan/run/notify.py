"""Notifications: tell people about a record, in the transaction of what happened."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from chengdan.base.ids import id_at
from chengdan.base.label import Label
from chengdan.kernel.event import Event, EventKind
from chengdan.run import channels
from chengdan.store import records
from chengdan.store.unit import Unit

MAX_PEOPLE = 500
_LEAD = b"SELECT lead FROM data.team WHERE id = $1 AND lead IS NOT NULL"
_HOLDERS = b'SELECT id FROM data."user" WHERE $1 = ANY(roles) AND active AND archived_at IS NULL ORDER BY id LIMIT $2'


def recipients(unit: Unit, object: str, record: Mapping[str, Any], to: Sequence[str]) -> list[UUID]:
    """The active users that `to` names: user fields of the record, or of one that it refers to (`opportunity.owner`),
    `manager` (the lead of its team), `role:<name>`."""
    people: dict[UUID, None] = {}
    for name in to:
        if name == "manager":
            found = unit.people(_LEAD, (record["team"],))
        elif name.startswith("role:"):
            found = unit.people(_HOLDERS, (name.removeprefix("role:"), MAX_PEOPLE))
        else:
            found = _in_field(unit, object, record, name)
        people.update(dict.fromkeys(found))
    return list(people)[:MAX_PEOPLE]


def _in_field(unit: Unit, object: str, record: Mapping[str, Any], path: str) -> list[UUID]:
    via, _, name = path.rpartition(".")
    holder: Mapping[str, Any] | None = record
    if via:
        of = unit.snapshot.objects[object].by_name[via].object
        holder = None if record[via] is None else records.fetch(unit, of, record[via], (name,))
    return [] if holder is None or holder.get(name) is None else [holder[name]]


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
