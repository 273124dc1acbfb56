"""`now() - sent_at > 48h` as `sent_at < now() - 48h`: the column alone on one side, so that PostgreSQL can use its index."""

from datetime import UTC, date, datetime, timedelta

from chengdan.expr.evaluate import Context, constant_value
from chengdan.expr.typed import Arithmetic, Compare, Const, Typed, is_constant
from chengdan.expr.types import Kind

_MIRRORED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}


def rearranged(node: Compare, known: Context) -> Compare:
    """`node` with what is known moved to the right; `node` itself where that would change its meaning."""
    left, right, op = node.left, node.right, node.op
    if is_constant(left) and not is_constant(right):
        left, right, op = right, left, _MIRRORED[op]
    if not (isinstance(left, Arithmetic) and left.op == "-" and is_constant(right)):
        return node
    span = constant_value(right, known)
    if left.type.kind is not Kind.DURATION or not isinstance(span, timedelta):
        return node
    if is_constant(left.left):
        return _moved(node, left.right, _MIRRORED[op], constant_value(left.left, known), -span)
    if is_constant(left.right):
        return _moved(node, left.left, op, constant_value(left.right, known), span)
    return node


def _moved(node: Compare, free: Typed, op: str, moment: object, span: timedelta) -> Compare:
    """`free op moment + span`, or `node` when that cannot be written exactly."""
    try:
        if isinstance(moment, datetime):
            return Compare(node.type, op, free, Const(free.type, moment.astimezone(UTC) + span))
        if isinstance(moment, date) and span % timedelta(days=1) == timedelta(0):
            return Compare(node.type, op, free, Const(free.type, moment + span))
    except OverflowError:
        pass
    return node
