"""The canonical text of a syntax tree: `parse(to_text(tree)) == tree`."""

from datetime import timedelta
from decimal import Decimal

from chengdan.expr.lexer import is_plain_name
from chengdan.expr.nodes import Attribute, Binary, Call, ListOf, Literal, Logic, Method, Name, Node, Unary

_PRECEDENCE = {
    "or": 1, "and": 2, "not": 3,
    "==": 4, "!=": 4, "<": 4, "<=": 4, ">": 4, ">=": 4, "in": 4, "not in": 4,
    "+": 5, "-": 5, "*": 6, "/": 6, "%": 6,
}  # fmt: skip
_SIGN = 7
_POSTFIX = 8
_UNITS = (("d", 86_400_000_000), ("h", 3_600_000_000), ("m", 60_000_000))
_ESCAPED = str.maketrans({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"})


def to_text(node: Node) -> str:
    """The one canonical text of `node`."""
    return _written(node, 0)


def _written(node: Node, around: int) -> str:
    text, precedence = _text(node)
    return f"({text})" if precedence < around else text


def _text(node: Node) -> tuple[str, int]:
    match node:
        case Literal():
            return _literal(node), _POSTFIX
        case Name(name=name):
            return _name(name), _POSTFIX
        case Attribute(of=of, name=name):
            return f"{_written(of, _POSTFIX)}.{_name(name)}", _POSTFIX
        case Call(name=name, args=args):
            return f"{_name(name)}({_listed(args)})", _POSTFIX
        case Method(of=of, name=name, args=args):
            return f"{_written(of, _POSTFIX)}.{_name(name)}({_listed(args)})", _POSTFIX
        case ListOf(items=items):
            return f"[{_listed(items)}]", _POSTFIX
        case Unary(op="not", operand=operand):
            return f"not {_written(operand, 3)}", 3
        case Unary(operand=operand):
            return f"-{_written(operand, _SIGN)}", _SIGN
        case Logic(op=op, items=items):
            precedence = _PRECEDENCE[op]
            return f" {op} ".join(_written(item, precedence + 1) for item in items), precedence
        case Binary(op=op, left=left, right=right):
            precedence = _PRECEDENCE[op]
            start = precedence + 1 if precedence == _PRECEDENCE["=="] else precedence
            return f"{_written(left, start)} {op} {_written(right, precedence + 1)}", precedence


def _listed(items: tuple[Node, ...]) -> str:
    return ", ".join(_written(item, 0) for item in items)


def _name(name: str) -> str:
    return name if is_plain_name(name) else f"`{name}`"


def _literal(node: Literal) -> str:
    match node.value:
        case None:
            return "null"
        case bool():
            return "true" if node.value else "false"
        case Decimal():
            return f"{node.value:f}"
        case timedelta():
            return _duration(node.value)
        case str():
            return f'"{node.value.translate(_ESCAPED)}"'


def _duration(value: timedelta) -> str:
    micros = value // timedelta(microseconds=1)
    for unit, size in _UNITS:
        if micros and micros % size == 0:
            return f"{micros // size}{unit}"
    return f"{Decimal(micros).scaleb(-6).normalize():f}s"
