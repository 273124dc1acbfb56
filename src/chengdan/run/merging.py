"""Merging: two records that are one. The source's children go to the target, the source is archived, both keep the trail."""

from collections.abc import Callable
from uuid import UUID

from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.field import FieldType
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.commands import Archive, Command, Merge, Update
from chengdan.run.errors import SameRecord, TooMany
from chengdan.run.following import automation
from chengdan.run.holding import hold, object_of, require
from chengdan.store import records
from chengdan.store.unit import Row, Unit

Apply = Callable[[Unit, Command], Row]
_TRAVEL = (
    "UPDATE chengdan.file SET record_id = %s WHERE record_id = %s AND removed_at IS NULL",
    "UPDATE chengdan.comment SET record_id = %s WHERE record_id = %s",
    "INSERT INTO chengdan.follower (object, record_id, user_id, since) "
    "SELECT object, %s, user_id, since FROM chengdan.follower WHERE record_id = %s ON CONFLICT DO NOTHING",
)
"""What hangs on a record beside its children, and goes where the record goes: (target, source)."""


def merge(unit: Unit, command: Merge, apply: Apply) -> Row:
    """Merge `source` into `target`; chosen values pass the same checks and gates as any update.

    Whatever refers to the source by a field of its own refers to the target afterwards; its files, comments and followers
    go along. Raises SameRecord, and TooMany for
    more than `records.MAX_CHILDREN` records that refer by one field.
    """
    item, _ = object_of(unit, command.object)
    require(unit, "merge")
    if command.source == command.target:
        raise SameRecord()
    records.lock(unit, item.name, [command.source, command.target])
    hold(unit, item.name, command.source, None)
    hold(unit, item.name, command.target, None)
    if command.values:
        apply(unit, Update(item.name, command.target, None, command.values))
    mover = unit.within(automation(unit.principal), unit.cause)
    for object, field in _references(unit.snapshot, item.name):
        for id in _referring(mover, object, field, command.source):
            new = None if (object, id) == (item.name, command.target) else command.target
            apply(mover, Update(object, id, None, {field: new}))
    for statement in _TRAVEL:
        unit.later(statement, (command.target, command.source))
    unit.later("DELETE FROM chengdan.follower WHERE record_id = %s", (command.source,))
    apply(unit, Archive(item.name, command.source))
    unit.record(Event(EventKind.MERGED, item.name, command.target, {"source": command.source}))
    unit.record(Event(EventKind.MERGED, item.name, command.source, {"into": command.target}))
    return hold(unit, item.name, command.target, None)


def _references(snapshot: Snapshot, object: str) -> list[tuple[str, str]]:
    """The fields that refer to records of `object`: (their object, their name)."""
    return [
        (item.name, field.name)
        for item in snapshot.objects.values()
        for field in item.fields
        if field.type in (FieldType.REFERENCE, FieldType.USER) and field.object == object
    ]


def _referring(unit: Unit, object: str, field: str, source: UUID) -> list[UUID]:
    if unit.pending(object):
        unit.flush()
    found = records.children(unit, object, field, source, ("id",))
    if len(found) > records.MAX_CHILDREN:
        raise TooMany(limit=records.MAX_CHILDREN)
    return [row["id"] for row in found]
