"""Merging: two records that are one. The source's children go to the target, the source is archived, both keep the trail."""

from collections.abc import Callable

from chengdan.kernel.event import Event, EventKind
from chengdan.run.commands import Archive, Command, Merge, Update
from chengdan.run.errors import SameRecord, TooMany
from chengdan.run.following import automation
from chengdan.run.holding import hold, object_of, require
from chengdan.store import records
from chengdan.store.unit import Row, Unit

Apply = Callable[[Unit, Command], Row]


def merge(unit: Unit, command: Merge, apply: Apply) -> Row:
    """Merge `source` into `target`; chosen values pass the same checks and gates as any update.

    Raises SameRecord, and TooMany for more than `records.MAX_CHILDREN` children of one kind.
    """
    item, _ = object_of(unit, command.object)
    require(unit, "merge")
    if command.source == command.target:
        raise SameRecord()
    records.lock(unit, item.name, [command.source, command.target])
    source = hold(unit, item.name, command.source, None)
    target = hold(unit, item.name, command.target, None)
    if command.values:
        target = apply(unit, Update(item.name, command.target, None, command.values))
    mover = unit.within(automation(unit.principal), unit.cause)
    for child in unit.snapshot.children_of(item.name).values():
        found = records.children(unit, child.object, child.field, source["id"], ("id",))
        if len(found) > records.MAX_CHILDREN:
            raise TooMany(limit=records.MAX_CHILDREN)
        for row in found:
            apply(mover, Update(child.object, row["id"], None, {child.field: target["id"]}))
    unit.later(
        "UPDATE chengdan.file SET record_id = %s WHERE record_id = %s AND removed_at IS NULL",
        (target["id"], source["id"]),
    )
    apply(unit, Archive(item.name, command.source))
    unit.record(Event(EventKind.MERGED, item.name, target["id"], {"source": source["id"]}))
    unit.record(Event(EventKind.MERGED, item.name, source["id"], {"into": target["id"]}))
    return unit.work.records[item.name, target["id"]]
