"""Rollups: what a change of a child does to its parents' figures, told from the child alone where that is possible."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

from chengdan.expr import Calendar, Context, Kind
from chengdan.kernel.field import Field, FieldType, Rollup, currency_column
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
class OneCurrency:
    """Of amounts only those in `wanted` are counted: sums over several currencies would mean nothing.

    `column` holds the currency of a child, which without one is in that of its field, `own`.
    """

    column: str
    own: str
    wanted: str

    @classmethod
    def of(cls, rollup: Field, source: Field | None) -> "OneCurrency | None":
        """For a rollup over the children's field `source`, in whose currency it is unless it names one; None without money."""
        if source is None or source.type is not FieldType.MONEY:
            return None
        return cls(currency_column(source.name), source.currency, rollup.currency or source.currency)


@dataclass(frozen=True, slots=True)
class Watch:
    """A rollup as its children see it: the figure `name` of `parent`, reached through their reference `via`.

    `reads` are the children's fields that decide it, `condition` and `currency` the children that it counts.
    """

    parent: str
    name: str
    via: str
    rollup: Rollup
    reads: frozenset[str]
    condition: Compiled | None
    currency: OneCurrency | None = None

    def effects(
        self, before: Values | None, after: Values, left: UUID | None, joined: UUID | None
    ) -> Iterator[tuple[UUID, Effect]]:
        """What a child that was `before` (None: it is new) and is `after` does to the parents that counted it and count it."""
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


class Counting:
    """Which states of a child rollups count; a condition that several share is asked once for each state."""

    def __init__(self, calendar: Calendar) -> None:
        self._context = Context(NO_CLOCK, calendar=calendar)
        self._known: dict[tuple[int, int], bool] = {}

    def parent(self, watch: Watch, child: Values) -> UUID | None:
        """The parent whose figure counts this state of the child."""
        parent: UUID | None = child[watch.via]
        if parent is None or not self.counts(watch.condition, child):
            return None
        one = watch.currency
        return parent if one is None or (child[one.column] or one.own) == one.wanted else None

    def counts(self, condition: Compiled | None, child: Values) -> bool:
        """Whether a state of the child is counted: it is not archived and fits the condition."""
        if child["archived_at"] is not None:
            return False
        if condition is None:
            return True
        key = (id(condition), id(child))
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = bool(condition.run(child, self._context))
        return found


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
    if isinstance(first, Add) and isinstance(second, Add):
        return Add(first.amount + second.amount)
    if isinstance(first, Reach) and isinstance(second, Reach):
        return Reach((max if function == "max" else min)(first.value, second.value))
    return RECOUNT


@dataclass(frozen=True, slots=True)
class Watchers:
    """The rollups that watch an object, those that count the same children of the same parents together, and all they read."""

    groups: tuple[tuple[Watch, ...], ...]
    reads: frozenset[str]

    @classmethod
    def over(cls, watches: Sequence[Watch]) -> "Watchers":
        """The watches, grouped."""
        groups: dict[tuple[str, int, OneCurrency | None], list[Watch]] = {}
        for watch in watches:
            groups.setdefault((watch.via, id(watch.condition), watch.currency), []).append(watch)
        reads = frozenset().union(*(watch.reads for watch in watches))
        return cls(tuple(map(tuple, groups.values())), reads)

    def effects(
        self, before: Values | None, after: Values, calendar: Calendar
    ) -> Iterator[tuple[Watch, UUID, Effect]]:
        """What a change of a child does, rollup by rollup."""
        changed = None if before is None else {n for n in self.reads if before[n] != after[n]}
        if changed is not None and not changed:
            return
        counting = Counting(calendar)
        for group in self.groups:
            touched = group if changed is None else [w for w in group if not w.reads.isdisjoint(changed)]
            if not touched:
                continue
            left = counting.parent(group[0], before) if before is not None else None
            joined = counting.parent(group[0], after)
            if left is None and joined is None:
                continue
            for watch in touched:
                for parent, effect in watch.effects(before, after, left, joined):
                    yield watch, parent, effect


def watchers(snapshot: Snapshot) -> Mapping[str, Watchers]:
    """For each child object, the rollups that watch it."""
    found = {}
    for object, rollups in snapshot.rollups_over.items():
        watches = tuple(
            _watch(snapshot, object, parent, field, field.rollup, child.field)
            for parent, field, child in rollups
            if field.rollup is not None
        )
        found[object] = Watchers.over(watches)
    return found


def _watch(snapshot: Snapshot, object: str, parent: str, field: Field, rollup: Rollup, via: str) -> Watch:
    read = {via, "archived_at", rollup.field} - {""}
    condition = snapshot.compiled(object, rollup.where, expect=Kind.BOOLEAN) if rollup.where else None
    if condition is not None:
        read |= condition.needs.record
    currency = OneCurrency.of(field, snapshot.objects[object].field(rollup.field))
    if currency is not None:
        read.add(currency.column)
    return Watch(parent, field.name, via, rollup, frozenset(read), condition, currency)
