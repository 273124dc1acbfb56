"""Filters, sorts and pages as SELECT: only rows and fields within the viewer's reach, written as JSON by PostgreSQL.

A viewer who does not see everything gets the union of one limited branch per way of seeing, each on its own index; that
stays fast where an OR over all ways would read the whole table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Subquery,
    Text,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    column,
    extract,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    true,
    union,
)

from chengdan.expr import Expression
from chengdan.expr.sql import SqlContext, compile_filter, compile_sql
from chengdan.expr.typed import Given, walk
from chengdan.kernel.access import Act, ObjectAccess, Principal, Scope
from chengdan.kernel.field import Field, FieldType, currency_column
from chengdan.kernel.object import ABLE, Object
from chengdan.store.edition import Edition
from chengdan.store.paging import SortKey, after, order_by
from chengdan.store.searching import Searched, matches
from chengdan.store.tables import is_stored
from chengdan.store.visibility import branches, reach

FEW_TEAMS = 16


class TeamCount(StrEnum):
    """How many teams a viewer's scopes span, as far as it decides how their records are found."""

    ONE = "one"
    FEW = "few"
    MANY = "many"

    @classmethod
    def of(cls, principal: Principal) -> "TeamCount":
        most = max(len(principal.teams), len(principal.team_tree))
        if most == 1:
            return cls.ONE
        return cls.FEW if most <= FEW_TEAMS else cls.MANY


@dataclass(frozen=True, slots=True)
class ListShape:
    """What shapes a list's statement: everything but the viewer's own ids and the place in the list."""

    object: str
    filter: Expression | None
    sort: tuple[SortKey, ...]
    fields: tuple[str, ...]
    expand: frozenset[str]
    archived: bool
    searched: Searched
    limit: int
    cursor: tuple[Any, ...] | None
    teams: TeamCount


class Viewing:
    """A viewer's way of reading: the edition, who looks, and the context of their expressions."""

    def __init__(self, edition: Edition, principal: Principal, context: SqlContext) -> None:
        self.edition = edition
        self.principal = principal
        self.context = SqlContext(
            now=context.now, me=context.me, zone=context.zone, calendar=context.calendar, tables=self.seen
        )
        self._plain = context

    def access(self, object: str) -> ObjectAccess:
        return self.edition.snapshot.access(self.principal, object)

    def seen(self, object: str) -> FromClause:
        """The records of an object that the viewer may see, as a table: what relations lead to in a viewer's filter."""
        table = self.edition.tables.alias(object)
        if self.access(object).unlimited(Act.READ):
            return table
        return select(table).where(self.reach(object, table)).subquery()

    def reach(self, object: str, table: FromClause, act: Act = Act.READ) -> ColumnElement[bool]:
        return reach(self.edition.snapshot, self.principal, object, act, table, self._plain)

    def gathered(self, object: str, table: FromClause) -> ColumnElement[bool]:
        """As `reach`, for figures over all that is within it: several ways are joined by their ids, each on its own index.

        An OR over them would read the whole table.
        """
        among = self.edition.tables.alias(object)
        ways = self.branches(object, among)
        if self.access(object).unlimited(Act.READ) or len(ways) < 2:
            return self.reach(object, table)
        return table.c.id.in_(union(*(select(among.c.id).where(way) for way in ways)))

    def branches(self, object: str, table: FromClause) -> Sequence[ColumnElement[bool]]:
        return branches(self.edition.snapshot, self.principal, object, Act.READ, table, self._plain)


ROW: ColumnElement[str] = cast(func.row_to_json(literal_column("x")), Text)
"""The row of the subquery called `x` as JSON text."""


def list_statement(viewing: Viewing, shape: ListShape) -> Select[Any]:
    """One page: a JSON text per record, then the sort keys of the record."""
    page = _page(viewing, shape)
    table = viewing.edition.tables.alias(shape.object)
    columns = _columns(viewing, shape.object, table, shape.fields, shape.expand)
    record = select(*columns).where(table.c.id == page.c.id).lateral("x")
    keys = [page.c[f"k{index}"] for index in range(len(shape.sort))]
    return select(ROW, *keys).select_from(page.join(record, true())).order_by(*order_by(shape.sort, keys))


def one_statement(
    viewing: Viewing, object: str, fields: Sequence[str], expand: frozenset[str], *, able: bool
) -> Select[Any]:
    """One record within reach, archived or not, as JSON text, by the open parameter `id`; `able`: with what the viewer may do."""
    table = viewing.edition.tables.alias(object)
    columns = _columns(viewing, object, table, fields, expand)
    if able:
        columns.append(_acts(viewing, object, table).label(ABLE))
    record = select(*columns).where(table.c.id == bindparam("id", type_=Uuid), viewing.reach(object, table))
    return select(ROW).select_from(record.subquery("x"))


def _acts(viewing: Viewing, object: str, table: FromClause) -> ColumnElement[Any]:
    """Which acts on a row are within the viewer's reach."""
    parts: list[ColumnElement[Any]] = []
    for act in (Act.UPDATE, Act.ARCHIVE):
        parts += [literal_column(f"'{act}'"), viewing.reach(object, table, act)]
    return func.json_build_object(*parts)


def several_statement(
    viewing: Viewing, object: str, fields: Sequence[str], expand: frozenset[str]
) -> Select[Any]:
    """Those of several records within reach that are not archived, each as JSON text, by the open parameter `ids`."""
    table = viewing.edition.tables.alias(object)
    among = table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
    within = viewing.reach(object, table)
    columns = _columns(viewing, object, table, fields, expand)
    return select(ROW).select_from(
        select(*columns).where(among, table.c.archived_at.is_(None), within).subquery("x")
    )


def _page(viewing: Viewing, shape: ListShape) -> Subquery:
    """The ids and sort keys of one page."""
    table = viewing.edition.tables.alias(shape.object)
    if viewing.access(shape.object).unlimited(Act.READ):
        return _limited(viewing, shape, table, true()).subquery("page")
    ways = viewing.branches(shape.object, table)
    parts = [
        _by_team(viewing, shape) if _is_team(viewing, shape, index) else _limited(viewing, shape, table, way)
        for index, way in enumerate(ways)
    ]
    joined = union(*(select(part.subquery()) for part in parts)).subquery()
    columns = [joined.c[f"k{index}"] for index in range(len(shape.sort))]
    return (
        select(joined)
        .order_by(*order_by(shape.sort, columns))
        .limit(_fixed(shape.limit + 1))
        .subquery("page")
    )


def _is_team(viewing: Viewing, shape: ListShape, index: int) -> bool:
    """Whether a branch is one over teams and nothing else."""
    ways = viewing.edition.snapshot.access(viewing.principal, shape.object).branches.get(Act.READ, ())
    if len(ways) != 1 or ways[0].rule or Scope.ALL in ways[0].scopes:
        return False
    ordered = sorted(ways[0].scopes)
    return index < len(ordered) and ordered[index] in (Scope.TEAM, Scope.TEAM_TREE)


def _by_team(viewing: Viewing, shape: ListShape) -> Select[Any]:
    """The branch over teams. Sorted by id, the index of each of few teams gives its newest at once."""
    ways = viewing.edition.snapshot.access(viewing.principal, shape.object).branches[Act.READ]
    name = "team_tree" if Scope.TEAM_TREE in ways[0].scopes else "teams"
    table = viewing.edition.tables.alias(shape.object)
    newest_first = len(shape.sort) == 1
    if newest_first and shape.teams is TeamCount.ONE:
        return _limited(viewing, shape, table, table.c.team == bindparam(f"only_{name}", type_=Uuid))
    if newest_first and shape.teams is TeamCount.FEW:
        team = func.unnest(_unseen(name)).table_valued(column("id", Uuid)).render_derived(name="within")
        newest = _limited(viewing, shape, table, table.c.team == team.c.id).lateral()
        return select(newest).select_from(team).join(newest, true())
    plain = shape.filter is None and not shape.searched
    teams = _unseen(name) if plain else bindparam(name, type_=ARRAY(Uuid))
    return _limited(viewing, shape, table, table.c.team == any_(teams))


def _unseen(name: str) -> ColumnElement[Any]:
    """An array parameter that PostgreSQL does not look into: it would plan anew each time to learn how long it is."""
    return cast(select(bindparam(name, type_=ARRAY(Uuid))).scalar_subquery(), ARRAY(Uuid))


def _limited(
    viewing: Viewing, shape: ListShape, table: FromClause, within: ColumnElement[bool]
) -> Select[Any]:
    item = viewing.edition.snapshot.objects[shape.object]
    columns = [
        table.c.id if key.field is None else stored(viewing, item, key.name, table) for key in shape.sort
    ]
    keys = [value.label(f"k{index}") for index, value in enumerate(columns)]
    conditions = [within, state(table, shape.archived)]
    if shape.filter is not None:
        conditions.append(compile_filter(shape.filter, table, viewing.context))
    if shape.searched:
        conditions.append(search_condition(item, table, viewing.access(shape.object), shape.searched))
    if shape.cursor is not None:
        conditions.append(after(shape.sort, columns, shape.cursor))
    return (
        select(table.c.id, *keys)
        .where(*conditions)
        .order_by(*order_by(shape.sort, columns))
        .limit(_fixed(shape.limit + 1))
    )


def state(table: FromClause, archived: bool) -> ColumnElement[bool]:
    """The archived records, or those that are not."""
    return table.c.archived_at.is_not(None) if archived else table.c.archived_at.is_(None)


def _fixed(limit: int) -> ColumnElement[int]:
    """A limit written into the text, so that PostgreSQL knows it when it plans once for all uses."""
    return literal_column(str(limit), Integer)


def search_condition(
    item: Object, table: FromClause, access: ObjectAccess, searched: Searched
) -> ColumnElement[bool]:
    """One of the object's search fields is like the open parameter `pattern`."""
    stored = [name for name in (item.search or (item.title,)) if is_stored(item.by_name[name])]
    names = [name for name in stored if name not in access.hidden]
    pattern = bindparam("pattern", type_=Text)
    return or_(false(), *(matches(table.c[name], pattern, searched) for name in names))


def stored(viewing: Viewing, item: Object, name: str, table: FromClause) -> ColumnElement[Any]:
    """A field of an object as SQL: its column, or what its formula works out."""
    field = item.by_name[name]
    if field.type is FieldType.FORMULA:
        return _formula(viewing, item, field, table)
    return table.c[name]


def _formula(viewing: Viewing, item: Object, field: Field, table: FromClause) -> ColumnElement[Any]:
    expression = viewing.edition.snapshot.compiled(item.name, field.formula).expression
    return compile_sql(expression, table, viewing.context)


def _columns(
    viewing: Viewing, object: str, table: FromClause, fields: Sequence[str], expand: frozenset[str]
) -> list[ColumnElement[Any]]:
    item = viewing.edition.snapshot.objects[object]
    columns: list[ColumnElement[Any]] = [table.c.id, table.c.version]
    for name in fields:
        field = item.by_name[name]
        value = stored(viewing, item, name, table)
        if name in expand and field.type in (FieldType.REFERENCE, FieldType.USER):
            columns.append(labelled(viewing, field.object, value).label(name))
        elif field.stored_type is FieldType.DURATION:
            columns.append(extract("epoch", value).label(name))
        else:
            columns.append(value.label(name))
        money = viewing.edition.snapshot.priced_by(item, field)
        if money is not None:
            columns.append(table.c[currency_column(money.name)].label(currency_column(name)))
    return columns


def labelled(viewing: Viewing, object: str, id: ColumnElement[Any]) -> ColumnElement[Any]:
    """A reference as `{id, label}`; the label is null when the viewer may not see the record."""
    table = viewing.edition.tables.alias(object)
    item = viewing.edition.snapshot.objects[object]
    hidden = item.title in viewing.access(object).hidden
    title = null() if hidden else stored(viewing, item, item.title, table)
    label = select(title).where(table.c.id == id, viewing.reach(object, table)).scalar_subquery()
    return case((id.is_(None), None), else_=func.json_build_object("id", id, "label", label))


def given_names(expression: Expression) -> frozenset[str]:
    """Which of `now`, `today` and `me` an expression reads."""
    return frozenset(part.name for part in walk(expression.root) if isinstance(part, Given))


def options_statement(viewing: Viewing, object: str, searched: Searched, limit: int) -> Select[Any]:
    """Records to pick from: id and label, by the open parameter `pattern`."""
    table = viewing.edition.tables.alias(object)
    item = viewing.edition.snapshot.objects[object]
    title = table.c[item.title]
    return (
        select(table.c.id, title)
        .where(
            table.c.archived_at.is_(None),
            search_condition(item, table, viewing.access(object), searched),
            viewing.reach(object, table),
        )
        .order_by(table.c.id.desc())
        .limit(limit)
    )
