"""Rollups: what a change of a child does to its parents' figures, told from the child alone where that is possible."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from chengdan.expr import Calendar, Context, Kind
from chengdan.kernel.field import Rollup
from chengdan.kernel.snapshot import Compiled, Snapshot

NO_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)
"""The clock of a rollup's condition, which may not read it."""


@dataclass(frozen=True, slots=True)
class Add:
    """The figure changes by `amount`."""

    amount: int | Decimal


@dataclass(frozen=True, slots=True)
class Reach:
    """The figure becomes `value` if that lies beyond it: above for `max`, below for `min`."""

    value: Any


@dataclass(frozen=True, slots=True)
class Recount:
    """Only counting all children again gives the figure."""


Effect: TypeAlias = Add | Reach | Recount
RECOUNT = Recount()
Values: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Watch:
    """A rollup as its children see it: the figure `name` of `parent`, reached through their reference `via`.

    `reads` are the children's fields that decide it, `condition` the children that it counts.
    """

    parent: str
    name: str
    via: str
    rollup: Rollup
    reads: frozenset[str]
    condition: Compiled | None

    def effects(
        self, before: Values | None, after: Values, calendar: Calendar
    ) -> Iterator[tuple[UUID, Effect]]:
        """What a child that was `before` (None: it is new) and is `after` does to its parents, by their ids."""
        if before is not None and all(before[name] == after[name] for name in self.reads):
            return
        left = before[self.via] if before is not None and self._counts(before, calendar) else None
        joined = after[self.via] if self._counts(after, calendar) else None
        field = self.rollup.field
        match self.rollup.function:
            case "count":
                yield from _moved(left, 1, joined, 1)
            case "sum":
                old = before[field] if before is not None else None
                yield from _moved(left, old or 0, joined, after[field] or 0)
            case "latest":
                yield from ((parent, RECOUNT) for parent in {left, joined} if parent is not None)
            case function:
                old = before[field] if before is not None else None
                yield from _extreme(function, left, old, joined, after[field])

    def _counts(self, child: Values, calendar: Calendar) -> bool:
        if child["archived_at"] is not None:
            return False
        return self.condition is None or self.condition.run(child, Context(NO_CLOCK, calendar=calendar))


def _moved(
    left: UUID | None, old: int | Decimal, joined: UUID | None, new: int | Decimal
) -> Iterator[tuple[UUID, Effect]]:
    if left is not None and left == joined:
        if new != old:
            yield left, Add(new - old)
        return
    if left is not None and old:
        yield left, Add(-old)
    if joined is not None and new:
        yield joined, Add(new)


def _extreme(
    function: str, left: UUID | None, old: Any, joined: UUID | None, new: Any
) -> Iterator[tuple[UUID, Effect]]:
    """An extreme value only grows by what joins; what leaves may have been the extreme itself."""
    if left is not None and old is not None:
        beyond = new is not None and (new >= old if function == "max" else new <= old)
        if left != joined or not beyond:
            yield left, RECOUNT
            if left == joined:
                return
    if joined is not None and new is not None:
        yield joined, Reach(new)


def joined_effects(function: str, first: Effect, second: Effect) -> Effect:
    """Two effects on one figure as one."""
    match first, second:
        case Add(amount), Add(more):
            return Add(amount + more)
        case Reach(value), Reach(other):
            return Reach(max(value, other) if function == "max" else min(value, other))
        case _:
            return RECOUNT


def watches(snapshot: Snapshot) -> Mapping[str, tuple[Watch, ...]]:
    """For each child object, the rollups that watch it."""
    return {
        object: tuple(
            Watch(
                parent,
                field.name,
                child.field,
                field.rollup,
                *_reads(snapshot, object, child.field, field.rollup),
            )
            for parent, field, child in rollups
            if field.rollup is not None
        )
        for object, rollups in snapshot.rollups_over.items()
    }


def _reads(
    snapshot: Snapshot, object: str, via: str, rollup: Rollup
) -> tuple[frozenset[str], Compiled | None]:
    read = {via, "archived_at", rollup.field} - {""}
    if not rollup.where:
        return frozenset(read), None
    condition = snapshot.compiled(object, rollup.where, expect=Kind.BOOLEAN)
    return frozenset(read | condition.needs.record), condition
