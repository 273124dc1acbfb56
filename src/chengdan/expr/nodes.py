"""The syntax tree: what the parser makes, what builders in the page save as JSON.

`at` is the offset in the text a node was read from; it takes no part in equality.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = Decimal | str | bool | timedelta | None


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written out; `kind` is one of number, text, boolean, duration, null."""

    kind: str
    value: Value
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Name:
    """A field, a variable or one of the context names `me` and `old`."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Attribute:
    """`of.name`."""

    of: "Node"
    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Call:
    """`name(args)`."""

    name: str
    args: tuple["Node", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Method:
    """`of.name(args)`."""

    of: "Node"
    name: str
    args: tuple["Node", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Unary:
    """`not x` or `-x`."""

    op: str
    operand: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Binary:
    """Arithmetic, comparison, `in` and `not in`."""

    op: str
    left: "Node"
    right: "Node"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Logic:
    """`and` or `or` over two or more items, none of which is a `Logic` of the same operator."""

    op: str
    items: tuple["Node", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`, the right side of `in`."""

    items: tuple["Node", ...]
    at: int = field(default=0, compare=False)


Node: TypeAlias = Literal | Name | Attribute | Call | Method | Unary | Binary | Logic | ListOf


def logic(op: str, items: Sequence[Node], at: int = 0) -> Node:
    """`items` joined by `op`, nested ones of the same operator merged."""
    flat: list[Node] = []
    for item in items:
        flat.extend(item.items if isinstance(item, Logic) and item.op == op else (item,))
    return Logic(op, tuple(flat), at)


def children(node: Node) -> tuple[Node, ...]:
    """The nodes directly below `node`."""
    match node:
        case Attribute(of=of):
            return (of,)
        case Call(args=args) | Logic(items=args) | ListOf(items=args):
            return args
        case Method(of=of, args=args):
            return (of, *args)
        case Unary(operand=operand):
            return (operand,)
        case Binary(left=left, right=right):
            return (left, right)
        case _:
            return ()


def walk(node: Node) -> Iterator[tuple[Node, int]]:
    """Every node below and including `node`, each with its depth counted from 1; needs no recursion."""
    stack = [(node, 1)]
    while stack:
        current, depth = stack.pop()
        yield current, depth
        stack.extend((child, depth + 1) for child in reversed(children(current)))
