"""Typed tree to Python: closures specialised at compile time, which read only the fields they need.

A compiled expression is called with the record (a mapping from api name to value) and a Context. The previous values of
the record, where the expression reads `old`, stand in the record mapping under OLD: a mapping, or None for a new record.
Extra names of the check are found in the record mapping like fields. A field that is not in the mapping is a KeyError: the
caller did not load what `needs()` names.

Values are what psycopg returns: Decimal or int, str, bool, date, aware datetime, timedelta, UUID, list of str.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, NamedTuple, Protocol, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.expr import closures, dates, numbers, texts
from chengdan.expr.aggregates import CONDITIONAL, aggregate
from chengdan.expr.closures import Compiled
from chengdan.expr.dates import Calendar
from chengdan.expr.errors import EvaluationError, say
from chengdan.expr.expression import Expression
from chengdan.expr.typed import (
    Aggregate,
    Apply,
    Arithmetic,
    Children,
    Compare,
    Const,
    Field,
    Given,
    Here,
    If,
    Item,
    Logic,
    Negate,
    Not,
    Previous,
    Typed,
    Within,
    is_certain,
    is_fixed,
    walk,
)
from chengdan.expr.types import Kind

OLD = "__old__"
"""Key of the previous values in a record mapping."""

MAX_STEPS = 200_000
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Facts(Protocol):
    """What is known around the subject: loaded beforehand as `Expression.needs()` says, or fetched when asked."""

    def one(self, path: tuple[str, ...]) -> Mapping[str, Any] | None:
        """The record the references of `path` lead to from the subject; None when one of them is empty."""
        ...

    def many(self, path: tuple[str, ...], inverse: str) -> Sequence[Mapping[str, Any]]:
        """The children in the list `inverse` of the record at `path` (the subject for an empty path), none archived."""
        ...


class NoFacts:
    """Facts for expressions that read nothing but their record."""

    def one(self, path: tuple[str, ...]) -> Mapping[str, Any] | None:
        """Always a LookupError."""
        raise LookupError(path)

    def many(self, path: tuple[str, ...], inverse: str) -> Sequence[Mapping[str, Any]]:
        """Always a LookupError."""
        raise LookupError((path, inverse))


NO_FACTS = NoFacts()


class Context(NamedTuple):
    """What an evaluation sees besides the record. `now` is aware UTC; `me` the viewer, None for the system.

    Without a calendar Monday to Friday are worked.
    """

    now: datetime
    me: UUID | None = None
    zone: tzinfo = SHANGHAI
    calendar: Calendar | None = None
    facts: Facts = NO_FACTS


class Frame:
    """A Context with room for the items that list functions look at, and a count of the steps taken."""

    __slots__ = ("calendar", "facts", "items", "me", "now", "steps", "zone")

    def __init__(self, context: Context, slots: int) -> None:
        self.now = context.now
        self.me = context.me
        self.zone = context.zone
        self.calendar = context.calendar
        self.facts = context.facts
        self.items: list[Mapping[str, Any]] = [{}] * slots
        self.steps = 0

    def charge(self, steps: int) -> None:
        """Note `steps` more. Raises EvaluationError over the budget of 200,000."""
        self.steps += steps
        if self.steps > MAX_STEPS:
            raise EvaluationError(what=say("步数", "steps"), limit=MAX_STEPS)


Evaluator: TypeAlias = Callable[[Mapping[str, Any], Context], Any]


def compile_python(expression: Expression) -> Evaluator:
    """`expression` as a function of a record and a Context. It raises EvaluationError over the budgets."""
    body = _compiled(expression.root)
    slots = [part.slot for part in walk(expression.root) if isinstance(part, Aggregate)]
    counted = any(isinstance(part, Apply) and part.overload.calendar for part in walk(expression.root))
    if not slots and not counted:
        return body
    size = max(slots, default=-1) + 1
    return lambda record, context: body(record, Frame(context, size))


def constant_value(node: Typed, context: Context) -> Any:
    """The value of a node that reads no record."""
    return _compiled(node)({}, Frame(context, 0))


_ARITHMETIC: Mapping[tuple[Kind, str, Kind], Callable[[Any, Any], Any]] = {
    (Kind.NUMBER, "+", Kind.NUMBER): numbers.add,
    (Kind.NUMBER, "-", Kind.NUMBER): numbers.subtract,
    (Kind.NUMBER, "*", Kind.NUMBER): numbers.multiply,
    (Kind.NUMBER, "/", Kind.NUMBER): numbers.divide,
    (Kind.NUMBER, "%", Kind.NUMBER): numbers.remainder,
    (Kind.TEXT, "+", Kind.TEXT): texts.joined,
    (Kind.DURATION, "+", Kind.DURATION): dates.add_duration,
    (Kind.DURATION, "-", Kind.DURATION): dates.subtract_duration,
    (Kind.DURATION, "*", Kind.NUMBER): dates.scaled,
    (Kind.DURATION, "/", Kind.NUMBER): dates.shared,
    (Kind.DURATION, "/", Kind.DURATION): dates.ratio,
    (Kind.DATE, "+", Kind.DURATION): dates.shift_date,
    (Kind.DATE, "-", Kind.DURATION): dates.shift_date_back,
    (Kind.DATETIME, "+", Kind.DURATION): dates.shift_datetime,
    (Kind.DATETIME, "-", Kind.DURATION): dates.shift_datetime_back,
    (Kind.DATE, "-", Kind.DATE): lambda left, right: left - right,
    (Kind.DATETIME, "-", Kind.DATETIME): lambda left, right: left - right,
}


def _compiled(node: Typed) -> Compiled:
    if not isinstance(node, Const) and is_fixed(node):
        return closures.constant(_closure(node)({}, None))
    return _closure(node)


def _closure(node: Typed) -> Compiled:
    match node:
        case Const(value=value):
            return closures.constant(value)
        case Given(name=name):
            return _given(name)
        case Field():
            return _field(node)
        case Arithmetic(op=op, left=left, right=right):
            function = _ARITHMETIC[left.type.kind, op, right.type.kind]
            return closures.binary(function, _compiled(left), _compiled(right))
        case Negate(operand=operand):
            minus = numbers.negated if operand.type.kind is Kind.NUMBER else _minus
            return closures.unary(minus, _compiled(operand))
        case Compare():
            return _comparison(node)
        case Logic(op=op, items=items):
            join = closures.conjunction if op == "and" else closures.disjunction
            return join([_certain(item) for item in items])
        case Not(operand=operand):
            return closures.negation(_certain(operand))
        case Within(item=item, items=items):
            return _membership(item, items)
        case If(condition=condition, then=then, otherwise=otherwise):
            return closures.choice(_certain(condition), _compiled(then), _compiled(otherwise))
        case Apply(overload=overload, args=args):
            compiled = [_compiled(arg) for arg in args]
            return closures.call(overload.python, compiled, nulls=overload.nulls, scoped=overload.scoped)
        case Aggregate(function=function, body=body):
            if body is None:
                return aggregate(node, None)
            return aggregate(node, _certain(body) if function in CONDITIONAL else _compiled(body))
        case Children():
            raise AssertionError("a list stands only below a list function")


def _certain(node: Typed) -> Compiled:
    compiled = _compiled(node)
    return compiled if is_certain(node) else closures.truth(compiled)


def _given(name: str) -> Compiled:
    match name:
        case "now":
            return lambda record, at: at.now
        case "me":
            return lambda record, at: at.me
        case _:
            return lambda record, at: at.now.astimezone(at.zone).date()


def _field(node: Field) -> Compiled:
    read = _read(node)
    return closures.unary(dates.utc, read) if node.type.kind is Kind.DATETIME else read


def _read(node: Field) -> Compiled:
    name = node.name
    match node.of:
        case Here(path=()):
            return closures.own_field(name)
        case Here(path=path):

            def follow(record: Mapping[str, Any], at: Any) -> Any:
                target = at.facts.one(path)
                return None if target is None else target[name]

            return follow
        case Previous():

            def before(record: Mapping[str, Any], at: Any) -> Any:
                old = record[OLD]
                return None if old is None else old[name]

            return before
        case Item(slot=slot):
            return lambda record, at: at.items[slot][name]


def _comparison(node: Compare) -> Compiled:
    left, right, op = node.left, node.right, node.op
    direct = isinstance(left, Field) and left.of == Here() and left.type.kind is not Kind.DATETIME
    if direct and isinstance(left, Field) and isinstance(right, Const):
        if op == "==":
            return closures.field_equals(left.name, right.value)
        if op == "!=":
            return closures.field_differs(left.name, right.value)
        return closures.field_ordered(op, left.name, right.value)
    first, second = _compiled(left), _compiled(right)
    if op == "==":
        return closures.equals(first, second)
    if op == "!=":
        return closures.differs(first, second)
    return closures.ordered(op, first, second)


def _membership(item: Typed, items: tuple[Typed, ...]) -> Compiled:
    known = [other.value for other in items if isinstance(other, Const)]
    if len(known) == len(items):
        return closures.contained(_compiled(item), frozenset(known))
    return closures.listed(_compiled(item), tuple(_compiled(other) for other in items))


def _minus(value: Any) -> Any:
    return -value
