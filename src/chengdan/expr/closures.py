"""Small closures that compiled expressions are built from, specialised to what is known at compile time.

Each takes the record and the evaluation (a Context or a Frame) and gives the value of its part.
"""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import Any, TypeAlias

Compiled: TypeAlias = Callable[[Mapping[str, Any], Any], Any]

ORDERINGS: Mapping[str, Callable[[Any, Any], bool]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def constant(value: Any) -> Compiled:
    """Always `value`."""
    return lambda record, at: value


def own_field(name: str) -> Compiled:
    """A field of the record."""
    return lambda record, at: record[name]


def field_equals(name: str, value: Any) -> Compiled:
    """A field of the record compared to a known value."""
    return lambda record, at: record[name] == value


def field_differs(name: str, value: Any) -> Compiled:
    """A field of the record compared to a known value."""
    return lambda record, at: record[name] != value


def equals(left: Compiled, right: Compiled) -> Compiled:
    """Null-safe equality."""
    return lambda record, at: left(record, at) == right(record, at)


def differs(left: Compiled, right: Compiled) -> Compiled:
    """Null-safe inequality."""
    return lambda record, at: left(record, at) != right(record, at)


def field_ordered(op: str, name: str, value: Any) -> Compiled:
    """A field of the record against a known, non-null value; false for a null."""

    def less(record: Mapping[str, Any], at: Any) -> bool:
        found = record[name]
        return found is not None and found < value

    def less_or_equal(record: Mapping[str, Any], at: Any) -> bool:
        found = record[name]
        return found is not None and found <= value

    def greater(record: Mapping[str, Any], at: Any) -> bool:
        found = record[name]
        return found is not None and found > value

    def greater_or_equal(record: Mapping[str, Any], at: Any) -> bool:
        found = record[name]
        return found is not None and found >= value

    return {"<": less, "<=": less_or_equal, ">": greater, ">=": greater_or_equal}[op]


def ordered(op: str, left: Compiled, right: Compiled) -> Compiled:
    """An order comparison; false with a null."""
    compare = ORDERINGS[op]

    def run(record: Mapping[str, Any], at: Any) -> bool:
        first = left(record, at)
        if first is None:
            return False
        second = right(record, at)
        return second is not None and compare(first, second)

    return run


def contained(item: Compiled, values: frozenset[Any]) -> Compiled:
    """Whether the value is among known ones."""

    def run(record: Mapping[str, Any], at: Any) -> bool:
        found = item(record, at)
        return found is not None and found in values

    return run


def listed(item: Compiled, items: tuple[Compiled, ...]) -> Compiled:
    """Whether the value is among computed ones."""

    def run(record: Mapping[str, Any], at: Any) -> bool:
        found = item(record, at)
        return found is not None and any(found == other(record, at) for other in items)

    return run


def truth(value: Compiled) -> Compiled:
    """Null made false."""
    return lambda record, at: value(record, at) is True


def negation(value: Compiled) -> Compiled:
    """`not` of a value that is never null."""
    return lambda record, at: not value(record, at)


def conjunction(items: list[Compiled]) -> Compiled:
    """`and` of values that are never null."""
    if len(items) == 2:
        first, second = items
        return lambda record, at: first(record, at) and second(record, at)
    if len(items) == 3:
        first, second, third = items
        return lambda record, at: first(record, at) and second(record, at) and third(record, at)

    def run(record: Mapping[str, Any], at: Any) -> bool:
        for item in items:  # noqa: SIM110 - a loop is faster than a generator
            if not item(record, at):
                return False
        return True

    return run


def disjunction(items: list[Compiled]) -> Compiled:
    """`or` of values that are never null."""
    if len(items) == 2:
        first, second = items
        return lambda record, at: first(record, at) or second(record, at)

    def run(record: Mapping[str, Any], at: Any) -> bool:
        for item in items:  # noqa: SIM110 - a loop is faster than a generator
            if item(record, at):
                return True
        return False

    return run


def choice(condition: Compiled, then: Compiled, otherwise: Compiled) -> Compiled:
    """`if` on a condition that is never null."""
    return lambda record, at: then(record, at) if condition(record, at) else otherwise(record, at)


def unary(function: Callable[[Any], Any], operand: Compiled) -> Compiled:
    """`function` of a value; null of null."""

    def run(record: Mapping[str, Any], at: Any) -> Any:
        value = operand(record, at)
        return None if value is None else function(value)

    return run


def binary(function: Callable[[Any, Any], Any], left: Compiled, right: Compiled) -> Compiled:
    """`function` of two values; null as soon as one is."""

    def run(record: Mapping[str, Any], at: Any) -> Any:
        first = left(record, at)
        if first is None:
            return None
        second = right(record, at)
        return None if second is None else function(first, second)

    return run


def call(function: Callable[..., Any], args: list[Compiled], *, nulls: bool, scoped: bool) -> Compiled:
    """A function of the registry; null as soon as an argument is unless it takes `nulls`."""
    if not nulls and not scoped and len(args) == 1:
        return unary(function, args[0])
    if not nulls and not scoped and len(args) == 2:
        return binary(function, args[0], args[1])

    def run(record: Mapping[str, Any], at: Any) -> Any:
        values = [arg(record, at) for arg in args]
        if not nulls and None in values:
            return None
        return function(at, *values) if scoped else function(*values)

    return run
