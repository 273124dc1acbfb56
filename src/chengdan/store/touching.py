"""Which rollups a change of a child touches."""

from collections.abc import Mapping
from typing import Any

from chengdan.expr import Kind
from chengdan.kernel.field import Field
from chengdan.kernel.snapshot import Child, Snapshot
from chengdan.store.unit import Unit


def touch(unit: Unit, object: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Note the parents whose rollups must be worked out again because a record of `object` changed."""
    for parent, field, child in unit.snapshot.rollups_over.get(object, ()):
        if before is not None and not any(
            before[name] != after[name] for name in _read(unit.snapshot, field, child)
        ):
            continue
        for row in (before, after):
            if row is not None and row[child.field] is not None:
                unit.work.rollups[parent].add((field.name, row[child.field]))


def _read(snapshot: Snapshot, field: Field, child: Child) -> frozenset[str]:
    """The child's fields that decide what the rollup counts."""
    rollup = field.rollup
    if rollup is None:
        return frozenset()
    read = {child.field, "archived_at", rollup.field} - {""}
    if rollup.where:
        read |= snapshot.compiled(child.object, rollup.where, expect=Kind.BOOLEAN).needs.record
    return frozenset(read)
