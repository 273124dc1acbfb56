"""`not (stage in ["won", "lost"]) and stage == "won"` as `false`: what one condition says of a field, the others know.

PostgreSQL does not see it, and looks for the first records of a column of a board that its view leaves out through all of
them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from chengdan.expr.evaluate import Context, constant_value
from chengdan.expr.typed import Compare, Const, Field, Here, Logic, Not, Typed, Within, is_constant
from chengdan.expr.types import Kind, Type

_SUBJECT = Here()
_BOOLEAN = Type(Kind.BOOLEAN)


def settled(root: Typed, known: Context) -> Typed:
    """A condition that is true for the same records as `root`, where null and false are the same."""
    conditions = list(_joined(root))
    texts = {field.name: value for field, value in _equalities(conditions, known)}
    if not texts or len(conditions) == 1:
        return root
    rest: list[Typed] = []
    for condition in conditions:
        told = condition if _equality(condition, known) else _told(condition, texts)
        if told is condition or not is_constant(told):
            rest.append(told)
        elif not constant_value(told, known):
            return Const(_BOOLEAN, False)
    return Logic(_BOOLEAN, "and", tuple(rest)) if len(rest) > 1 else rest[0]


def _joined(node: Typed) -> Iterator[Typed]:
    """The conditions that must all be true."""
    if isinstance(node, Logic) and node.op == "and":
        for item in node.items:
            yield from _joined(item)
    else:
        yield node


def _equalities(conditions: list[Typed], known: Context) -> Iterator[tuple[Field, Const]]:
    for condition in conditions:
        found = _equality(condition, known)
        if found is not None:
            yield found


def _equality(node: Typed, known: Context) -> tuple[Field, Const] | None:
    """The text field of the subject, and the text that it must be, where `node` says so."""
    match node:
        case (
            Compare(op="==", left=Field(of=Here(path=())) as field, right=value)
            | Compare(op="==", left=value, right=Field(of=Here(path=())) as field)
        ) if field.type.kind is Kind.TEXT and is_constant(value):
            text = constant_value(value, known)
            return (field, Const(field.type, text)) if isinstance(text, str) else None
        case _:
            return None


def _told(node: Typed, texts: Mapping[str, Const]) -> Typed:
    """`node` with the fields replaced whose texts are known; `node` itself where it reads none of them."""
    match node:
        case Field(of=of, name=name) if of == _SUBJECT and name in texts:
            return texts[name]
        case Not(operand=operand):
            told = _told(operand, texts)
            return node if told is operand else replace(node, operand=told)
        case Compare(left=left, right=right):
            sides = _told(left, texts), _told(right, texts)
            return node if sides == (left, right) else replace(node, left=sides[0], right=sides[1])
        case Within(item=item):
            told = _told(item, texts)
            return node if told is item else replace(node, item=told)
        case Logic(items=items):
            told_items = tuple(_told(item, texts) for item in items)
            return node if told_items == items else replace(node, items=told_items)
        case _:
            return node
