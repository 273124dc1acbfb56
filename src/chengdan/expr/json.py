"""The syntax tree as plain JSON, which builders in the page save and edit.

Every node is an object with the key `node`; numbers and durations are text so that no digit is lost::

    {"node": "binary", "op": ">", "left": {"node": "name", "name": "amount"},
     "right": {"node": "number", "value": "100000"}}
"""

from collections.abc import Collection, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from chengdan.expr.errors import ExpressionError, SyntaxFault, TooLarge, say
from chengdan.expr.nodes import (
    Attribute,
    Binary,
    Call,
    ListOf,
    Literal,
    Logic,
    Method,
    Name,
    Node,
    Unary,
    Value,
    logic,
)
from chengdan.expr.syntax import COMPARISONS, MAX_DEPTH, MAX_NODES, parse
from chengdan.expr.text import to_text

Json = dict[str, Any]

_BINARY = COMPARISONS | {"not in", "+", "-", "*", "/", "%"}


def to_json(node: Node) -> Json:
    """`node` as JSON-able dictionaries."""
    match node:
        case Literal(kind="null"):
            return {"node": "null"}
        case Literal(kind=kind, value=value):
            return {"node": kind, "value": _plain(value)}
        case Name(name=name):
            return {"node": "name", "name": name}
        case Attribute(of=of, name=name):
            return {"node": "attribute", "of": to_json(of), "name": name}
        case Call(name=name, args=args):
            return {"node": "call", "name": name, "args": [to_json(arg) for arg in args]}
        case Method(of=of, name=name, args=args):
            return {"node": "method", "of": to_json(of), "name": name, "args": [to_json(arg) for arg in args]}
        case Unary(op=op, operand=operand):
            return {"node": "unary", "op": op, "operand": to_json(operand)}
        case Binary(op=op, left=left, right=right):
            return {"node": "binary", "op": op, "left": to_json(left), "right": to_json(right)}
        case Logic(op=op, items=items):
            return {"node": "logic", "op": op, "items": [to_json(item) for item in items]}
        case ListOf(items=items):
            return {"node": "list", "items": [to_json(item) for item in items]}


def from_json(saved: Mapping[str, Any]) -> Node:
    """The tree that `to_json` wrote. Anything else raises an ExpressionError: what comes back has passed `parse`."""
    node = _Reader().node(saved, 1)
    if parse(to_text(node)) != node:
        raise _malformed()
    return node


class _Reader:
    def __init__(self) -> None:
        self.count = 0

    def node(self, saved: Any, depth: int) -> Node:
        self.count += 1
        if depth > MAX_DEPTH:
            raise TooLarge(what=say("嵌套层数", "levels of nesting"), limit=MAX_DEPTH)
        if self.count > MAX_NODES:
            raise TooLarge(what=say("表达式节点数", "parts of the expression"), limit=MAX_NODES)
        try:
            return self._node(saved, depth + 1)
        except (KeyError, TypeError, ValueError, InvalidOperation, OverflowError):
            raise _malformed() from None

    def _node(self, saved: Mapping[str, Any], below: int) -> Node:
        match saved["node"]:
            case "null" | "number" | "text" | "boolean" | "duration" as kind:
                return Literal(kind, _value(kind, saved.get("value")))
            case "name":
                return Name(_text(saved["name"]))
            case "attribute":
                return Attribute(self.node(saved["of"], below), _text(saved["name"]))
            case "call":
                return Call(_text(saved["name"]), self.nodes(saved["args"], below))
            case "method":
                return Method(
                    self.node(saved["of"], below), _text(saved["name"]), self.nodes(saved["args"], below)
                )
            case "unary":
                return Unary(_op(saved["op"], ("not", "-")), self.node(saved["operand"], below))
            case "binary":
                return Binary(
                    _op(saved["op"], _BINARY),
                    self.node(saved["left"], below),
                    self.node(saved["right"], below),
                )
            case "logic":
                return logic(_op(saved["op"], ("and", "or")), self.nodes(saved["items"], below))
            case "list":
                return ListOf(self.nodes(saved["items"], below))
            case _:
                raise _malformed()

    def nodes(self, saved: Any, below: int) -> tuple[Node, ...]:
        if not isinstance(saved, list):
            raise _malformed()
        return tuple(self.node(item, below) for item in saved)


def _plain(value: Value) -> str | bool | None:
    match value:
        case Decimal():
            return f"{value:f}"
        case timedelta():
            return f"{Decimal(value // timedelta(microseconds=1)).scaleb(-6).normalize():f}"
        case _:
            return value


def _value(kind: str, saved: Any) -> Value:
    match kind, saved:
        case "null", None:
            return None
        case "boolean", bool():
            return saved
        case "number", str():
            return Decimal(saved)
        case "duration", str():
            return timedelta(microseconds=int(Decimal(saved).scaleb(6)))
        case "text", str():
            return saved
        case _:
            raise _malformed()


def _text(saved: Any) -> str:
    if not isinstance(saved, str):
        raise _malformed()
    return saved


def _op(saved: Any, allowed: Collection[str]) -> str:
    if _text(saved) not in allowed:
        raise _malformed()
    return _text(saved)


def _malformed() -> ExpressionError:
    return SyntaxFault(say("保存的表达式格式不正确", "the saved expression is malformed"))
