"""Typed tree to PostgreSQL: `compile_sql` for the exact value, `compile_filter` for a WHERE clause.

Both speak about a row of `table`, a FROM element whose columns are the fields of the expression's object. Values reach the
database as bound parameters. A part that reads no record (`now() - 48h`) is worked out here, so that PostgreSQL compares a
column with a value and can use its index.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, FromClause, Select, literal, select, types
from sqlalchemy.dialects import postgresql

from chengdan.expr import sqltext
from chengdan.expr.errors import NotInSql
from chengdan.expr.evaluate import SHANGHAI, Context, constant_value
from chengdan.expr.expression import Expression
from chengdan.expr.sql.columns import BOOLEAN, TYPES, bound, certain, column, joined
from chengdan.expr.sql.fragment import Fragment
from chengdan.expr.sql.rearrange import rearranged
from chengdan.expr.sql.settle import settled
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
    Typed,
    Within,
    is_certain,
    is_constant,
    is_null,
)
from chengdan.expr.types import Kind, Type

Sql: TypeAlias = ColumnElement[Any]

_RECORD = Type(Kind.RECORD)
_ONE = Fragment("1", (), types.Integer())
_WHOLE = types.BigInteger()
"""One for all: a dialect adapts each instance of a type anew."""


@dataclass(frozen=True)
class SqlContext:
    """What a statement sees besides the table.

    `now` is aware UTC; `zone` must have a name PostgreSQL knows. `calendar` has the columns `day` (date, unique) and
    `working` (boolean); days it lacks are worked Monday to Friday. `tables` gives a fresh alias of an object's table at each
    call.
    """

    now: datetime
    me: UUID | None
    tables: Callable[[str], FromClause]
    zone: ZoneInfo = SHANGHAI
    calendar: FromClause | None = None


def compile_sql(expression: Expression, table: FromClause, context: SqlContext) -> Sql:
    """The value of `expression` for a row of `table`, equal to what `compile_python` gives.

    Raises NotInSql for an expression that reads `old` or an extra name that is not a column.
    """
    writer = _Writer(expression, table, context)
    if expression.type.kind is Kind.DURATION:
        return Fragment(sqltext.INTERVAL, (writer.value(expression.root),), postgresql.INTERVAL())
    return writer.value(expression.root)


def compile_filter(expression: Expression, table: FromClause, context: SqlContext) -> Sql:
    """The boolean `expression` as a condition for WHERE: null where `compile_sql` may say false, open to indexes."""
    writer = _Writer(expression, table, context)
    return writer.condition(settled(expression.root, writer.known))


class _Writer:
    def __init__(self, expression: Expression, table: FromClause, context: SqlContext) -> None:
        self.objects = expression.objects
        self.table = table
        self.context = context
        self.known = Context(context.now.astimezone(UTC), context.me, context.zone)
        self.items: dict[int, FromClause] = {}

    # values

    def value(self, node: Typed) -> Sql:
        """The exact value of `node`; durations in seconds."""
        if is_constant(node):
            return bound(node.type.kind, constant_value(node, self.known))
        match node:
            case Field():
                return self.field(node)
            case Arithmetic(op=op, left=left, right=right):
                return self.fill(
                    sqltext.ARITHMETIC[left.type.kind, op, right.type.kind], node.type.kind, left, right
                )
            case Negate(operand=operand):
                return self.fill("(0 - {0})", node.type.kind, operand)
            case If(condition=condition, then=then, otherwise=otherwise):
                args = (self.condition(condition), self.typed(then, node), self.typed(otherwise, node))
                return Fragment("(CASE WHEN {0} THEN {1} ELSE {2} END)", args, TYPES[node.type.kind])
            case Apply():
                return self.apply(node, node.overload.sql)
            case Aggregate():
                return self.aggregate(node)
            case Logic(op=op, items=items):
                return joined(op, [self.truth(item) for item in items])
            case Not(operand=operand):
                return Fragment("(NOT {0})", (self.truth(operand),), BOOLEAN)
            case Compare():
                return self.comparison(node)
            case Within():
                return certain(self.condition(node))
            case Const() | Given() | Children():
                raise AssertionError("constants are bound and lists stand only below a list function")

    def typed(self, node: Typed, like: Typed) -> Sql:
        """The value of `node`, a literal null given the type of `like`."""
        return bound(like.type.kind, None) if is_null(node) else self.value(node)

    def fill(self, template: str, kind: Kind, *args: Typed) -> Sql:
        return Fragment(template, tuple(self.value(arg) for arg in args), TYPES[kind])

    def apply(self, node: Apply, template: str) -> Sql:
        args: list[Sql] = []
        for index, arg in enumerate(node.args):
            fixed = node.overload.fixed.get(index)
            if fixed is not None and isinstance(arg, Const):
                args.append(bound(Kind.TEXT, fixed.translated(arg.value)))
            else:
                args.append(self.typed(arg, node))
        named: dict[str, Any] = {}
        if "{zone}" in template:
            named["zone"] = bound(Kind.TEXT, self.context.zone.key)
        if "{calendar}" in template:
            named["calendar"] = self.calendar()
        return Fragment(template, tuple(args), TYPES[node.type.kind], named)

    def calendar(self) -> Any:
        if self.context.calendar is None:
            return Fragment(sqltext.NO_CALENDAR, (), types.NullType())
        days = self.context.calendar
        return select(days.c.day, days.c.working).correlate(None).scalar_subquery()

    # conditions

    def truth(self, node: Typed) -> Sql:
        """The boolean `node`, null made false."""
        return self.value(node) if is_certain(node) else certain(self.value(node))

    def condition(self, node: Typed) -> Sql:
        """The boolean `node` where null and false are the same."""
        if is_constant(node):
            return self.value(node)
        match node:
            case Logic(op=op, items=items):
                return joined(op, [self.condition(item) for item in items])
            case Compare(op=op, left=Field(of=Here(path=path)) as field, right=right) if (
                path and op != "!=" and self.present(right)
            ):
                return self.at_the_end(path, lambda target: replace(node, left=replace(field, of=target)))
            case Within(item=Field(of=Here(path=path)) as field, items=items) if path and all(
                map(is_constant, items)
            ):
                return self.at_the_end(path, lambda target: replace(node, item=replace(field, of=target)))
            case Compare(op="==", left=left, right=right) if self.present(left) or self.present(right):
                return self.related("({0} = {1})", left, right)
            case Compare(op=op) if op not in ("==", "!="):
                return self.ordered(node)
            case Within(items=()):
                return bound(Kind.BOOLEAN, False)
            case Within(item=item, items=items):
                choices = Fragment(
                    "ARRAY[{args}]", tuple(self.value(other) for other in items), types.NullType()
                )
                return Fragment("({0} = ANY({1}))", (self.value(item), choices), BOOLEAN)
            case Apply(overload=overload) if overload.filter:
                return self.apply(node, overload.filter)
            case _:
                return self.value(node)

    def at_the_end(self, path: tuple[str, ...], moved: Callable[[Item], Typed]) -> Sql:
        """A condition on the record at the end of `path`, as a semi-join that PostgreSQL can start from either side."""
        target = self.context.tables(self.objects[path])
        item = Item(-1 - len(self.items))
        self.items[item.slot] = target
        query = (
            select(_ONE)
            .select_from(target)
            .where(target.c.id == self.identity(path), self.condition(moved(item)))
        )
        return Fragment("EXISTS {0}", (query.correlate_except(target).scalar_subquery(),), BOOLEAN)

    def ordered(self, node: Compare) -> Sql:
        node = rearranged(node, self.known)
        left, right, op = node.left, node.right, node.op
        template = (
            '({0} COLLATE "C" ' + op + " {1})" if left.type.kind is Kind.TEXT else "({0} " + op + " {1})"
        )
        return self.related(template, left, right)

    def related(self, template: str, left: Typed, right: Typed) -> Sql:
        """Two sides of a comparison; a column of whole numbers beside a whole number stays as it is, for its index."""
        sides = self.whole(left, right) or self.whole(right, left)
        if sides is None:
            return self.fill(template, Kind.BOOLEAN, left, right)
        return Fragment(template, sides if is_constant(right) else sides[::-1], BOOLEAN)

    def whole(self, field: Typed, other: Typed) -> tuple[Sql, Sql] | None:
        if not (isinstance(field, Field) and is_constant(other)):
            return None
        source = (
            self.table
            if field.of == Here()
            else self.items.get(field.of.slot)
            if isinstance(field.of, Item)
            else None
        )
        column = None if source is None else source.c.get(field.name)
        value = constant_value(other, self.known)
        if (
            column is None
            or not isinstance(column.type, types.Integer)
            or value is None
            or value != int(value)
        ):
            return None
        return (column, literal(int(value), _WHOLE)) if abs(value) < 2**63 else None

    def present(self, node: Typed) -> bool:
        """Whether `node` is known and not null."""
        return is_constant(node) and constant_value(node, self.known) is not None

    def comparison(self, node: Compare) -> Sql:
        left, right, op = node.left, node.right, node.op
        if op not in ("==", "!="):
            return certain(self.ordered(node))
        negated = "" if op == "==" else "NOT "
        for side, other in ((left, right), (right, left)):
            if is_null(side):
                return self.fill("({0} IS " + negated + "NULL)", Kind.BOOLEAN, other)
        same = "({0} IS NOT DISTINCT FROM {1})" if op == "==" else "({0} IS DISTINCT FROM {1})"
        return self.related(same, left, right)

    # records

    def field(self, node: Field) -> Sql:
        match node.of:
            case Here(path=()):
                return column(self.table, node)
            case Here(path=path):
                return self.followed(path, node)
            case Item(slot=slot):
                return column(self.items[slot], node)
            case _:
                raise NotInSql(what="old")

    def followed(self, path: Sequence[str], node: Field) -> Sql:
        """A field of the record at the end of `path`, by a subquery."""
        target = self.context.tables(self.objects[tuple(path)])
        query = select(column(target, node)).select_from(target).where(target.c.id == self.identity(path))
        return query.correlate_except(target).scalar_subquery()

    def identity(self, path: Sequence[str]) -> Sql:
        """The id of the record at `path`."""
        if not path:
            return self.table.c.id
        *before, name = path
        return self.field(Field(_RECORD, Here(tuple(before)), name))

    def aggregate(self, node: Aggregate) -> Sql:
        children, kind = node.children, node.type.kind
        source = self.context.tables(children.type.object or "")
        self.items[node.slot] = source
        query = (
            select()
            .select_from(source)
            .where(source.c[children.via] == self.identity(children.of.path), source.c.archived_at.is_(None))
        )
        query, chosen, template = self.summary(node, source, query)
        found = query.add_columns(chosen).correlate_except(source).scalar_subquery()
        return Fragment(template, (found,), TYPES[kind])

    def summary(
        self, node: Aggregate, source: FromClause, query: Select[Any]
    ) -> tuple[Select[Any], Sql, str]:
        """The query over the children, what it selects, and the template around it."""
        body, function, kind = node.body, node.function, node.type.kind
        if body is None:
            count = Fragment("CAST(count(*) AS numeric)", (), TYPES[Kind.NUMBER])
            return (query, _ONE, "EXISTS {0}") if function == "exists" else (query, count, "{0}")
        match function:
            case "exists":
                return query.where(self.condition(body)), _ONE, "EXISTS {0}"
            case "all":
                return (
                    query.where(Fragment("(NOT {0})", (self.truth(body),), BOOLEAN)),
                    _ONE,
                    "(NOT EXISTS {0})",
                )
            case "count":
                chosen: Sql = Fragment("CAST(count(*) AS numeric)", (), TYPES[Kind.NUMBER])
                return query.where(self.condition(body)), chosen, "{0}"
            case "latest":
                newest = query.order_by(source.c.created_at.desc(), source.c.id.desc()).limit(1)
                return newest, self.value(body), "{0}"
            case _:
                chosen = self.value(body)
                if body.type.kind is Kind.TEXT:
                    chosen = Fragment('({0} COLLATE "C")', (chosen,), TYPES[Kind.TEXT])
                return query, chosen, sqltext.aggregate(function, kind)
