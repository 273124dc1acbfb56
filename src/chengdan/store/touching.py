"""Which rollups a change of a child touches and how, and whose scores it makes due; the unit keeps it until it writes."""

from collections.abc import Mapping
from typing import Any

from chengdan.kernel.rollup import joined_effects
from chengdan.store.unit import Unit


def touch(unit: Unit, object: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Note what a change of a record of `object` does to the rollups of its parents, and to the scores it bears on."""
    _due(unit, object, before, after)
    watchers = unit.edition.watchers.get(object)
    if watchers is None:
        return
    for watch, parent, effect in watchers.effects(before, after, unit.edition.calendar):
        waiting = unit.work.rollups[watch.parent, parent]
        known = waiting.get(watch.name)
        waiting[watch.name] = (
            effect if known is None else joined_effects(watch.rollup.function, known, effect)
        )


def _due(unit: Unit, object: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    for via, subject in unit.snapshot.scored_through.get(object, ()):
        unit.work.due.update(
            (subject, row[via]) for row in (before, after) if row is not None and row[via] is not None
        )
    if unit.snapshot.scores_of(object):
        unit.work.due.add((object, after["id"]))
