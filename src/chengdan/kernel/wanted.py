"""What a new record starts with, so that it meets the deliverable for which it is made."""

from collections.abc import Iterator, Mapping

from chengdan.expr import Node, parse
from chengdan.expr.nodes import Attribute, Binary, Literal, Logic, Name, Value
from chengdan.kernel.pipeline import Deliverable

ITEM = "item"


def wanted(item: Deliverable) -> Mapping[str, Value]:
    """The fields that the condition of a linked record sets to one value: `item.role == "buyer" and …` gives the role."""
    if not item.of or not item.condition:
        return {}
    return dict(_equal(parse(item.condition)))


def _equal(node: Node) -> Iterator[tuple[str, Value]]:
    match node:
        case Logic(op="and", items=items):
            for one in items:
                yield from _equal(one)
        case Binary(op="==", left=Attribute(of=Name(name), name=field), right=Literal(value=value)) if (
            name == ITEM
        ):
            yield field, value
