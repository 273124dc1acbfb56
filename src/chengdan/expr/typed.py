"""The typed tree: what the checker makes, what `evaluate` and `sql` compile."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from chengdan.expr.functions import Overload
from chengdan.expr.types import Kind, Type


@dataclass(frozen=True, slots=True)
class Here:
    """The subject (`path` empty) or the record its references lead to."""

    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Previous:
    """The subject as it was before the change."""


@dataclass(frozen=True, slots=True)
class Item:
    """The child a list function is looking at; `slot` is unique in the expression."""

    slot: int


Origin: TypeAlias = Here | Previous | Item


@dataclass(frozen=True, slots=True)
class Const:
    """A value known when the expression is checked."""

    type: Type
    value: Any


@dataclass(frozen=True, slots=True)
class Given:
    """`now`, `today` or `me`: bound once per evaluation."""

    type: Type
    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """The value of a field."""

    type: Type
    of: Origin
    name: str


@dataclass(frozen=True, slots=True)
class Children:
    """A list of children, before a list function takes it."""

    type: Type
    of: Here
    name: str
    via: str


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`left op right` for `+ - * / %`."""

    type: Type
    op: str
    left: "Typed"
    right: "Typed"


@dataclass(frozen=True, slots=True)
class Negate:
    """`-operand`."""

    type: Type
    operand: "Typed"


@dataclass(frozen=True, slots=True)
class Compare:
    """`left op right` for `== != < <= > >=`; both sides have the same kind, or one is null."""

    type: Type
    op: str
    left: "Typed"
    right: "Typed"


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` / `or`."""

    type: Type
    op: str
    items: tuple["Typed", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """`not operand`."""

    type: Type
    operand: "Typed"


@dataclass(frozen=True, slots=True)
class Within:
    """`item in [items]`."""

    type: Type
    item: "Typed"
    items: tuple["Typed", ...]


@dataclass(frozen=True, slots=True)
class If:
    """`if(condition, then, otherwise)`."""

    type: Type
    condition: "Typed"
    then: "Typed"
    otherwise: "Typed"


@dataclass(frozen=True, slots=True)
class Apply:
    """A function of the registry."""

    type: Type
    function: str
    overload: Overload
    args: tuple["Typed", ...]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """A list function over `children`; `body` is None for a plain count."""

    type: Type
    function: str
    children: Children
    slot: int
    body: "Typed | None"


Typed: TypeAlias = (
    Const
    | Given
    | Field
    | Children
    | Arithmetic
    | Negate
    | Compare
    | Logic
    | Not
    | Within
    | If
    | Apply
    | Aggregate
)


def below(node: Typed) -> tuple[Typed, ...]:
    """The nodes directly below `node`."""
    match node:
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Negate(operand=operand) | Not(operand=operand):
            return (operand,)
        case Logic(items=items) | Apply(args=items):
            return items
        case Within(item=item, items=items):
            return (item, *items)
        case If(condition=condition, then=then, otherwise=otherwise):
            return (condition, then, otherwise)
        case Aggregate(children=children, body=body):
            return (children,) if body is None else (children, body)
        case _:
            return ()


def walk(node: Typed) -> Iterator[Typed]:
    """Every node below and including `node`."""
    stack = [node]
    while stack:
        current = stack.pop()
        yield current
        stack.extend(below(current))


def is_constant(node: Typed) -> bool:
    """Whether `node` has the same value for every record: nothing in it reads a record or the calendar."""
    return all(
        not isinstance(part, Field | Children) and not (isinstance(part, Apply) and part.overload.calendar)
        for part in walk(node)
    )


def is_fixed(node: Typed) -> bool:
    """Whether `node` has the same value in every evaluation: nothing in it depends on the evaluation's context."""
    return is_constant(node) and not any(
        isinstance(part, Given) or (isinstance(part, Apply) and part.overload.scoped) for part in walk(node)
    )


def is_certain(node: Typed) -> bool:
    """Whether a boolean `node` is always true or false, never null."""
    match node:
        case Compare() | Logic() | Not() | Within():
            return True
        case Const(value=value):
            return value is not None
        case Aggregate(function=function):
            return function in ("exists", "all")
        case If(then=then, otherwise=otherwise):
            return is_certain(then) and is_certain(otherwise)
        case Apply(overload=overload):
            return overload.certain
        case _:
            return False


def is_null(node: Typed) -> bool:
    """Whether `node` is the literal null."""
    return isinstance(node, Const) and node.type.kind is Kind.NULL
