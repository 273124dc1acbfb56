"""Which rollups a change of a child touches, and how; the unit keeps it until it writes."""

from collections.abc import Mapping
from typing import Any

from chengdan.kernel.rollup import joined_effects
from chengdan.store.unit import Unit


def touch(unit: Unit, object: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Note what a change of a record of `object` does to the rollups of its parents."""
    watchers = unit.edition.watchers.get(object)
    if watchers is None:
        return
    for watch, parent, effect in watchers.effects(before, after, unit.edition.calendar):
        waiting = unit.work.rollups[watch.parent, parent]
        known = waiting.get(watch.name)
        waiting[watch.name] = (
            effect if known is None else joined_effects(watch.rollup.function, known, effect)
        )
