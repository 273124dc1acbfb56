"""Figures over many records: counted, summed, averaged; amounts of money apart by their currencies.

Amounts of two currencies have no sum. So a figure of money comes with `<name>_by_currency`, a JSON object of the figure in
each currency, and is itself null where there are several. To know them the rows are first joined by group and currencies,
in one reading of the table, and the few rows that come of it are then joined by group.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Label,
    Select,
    Subquery,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    over,
    select,
)

from chengdan.expr import Expression
from chengdan.expr.sql import compile_filter
from chengdan.kernel.field import currency_column
from chengdan.kernel.object import Object
from chengdan.store.query import ROW, Viewing, search_condition, state, stored
from chengdan.store.searching import Searched

_MOST = ".most"
Join = Callable[[Any], Any]
"""An aggregate over the parts of a group, or a window over those of one currency."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A figure: `count`, or `sum`, `avg`, `min`, `max` of a field; over the rows that satisfy `where` if it is given."""

    name: str
    function: str
    field: str = ""
    where: ColumnElement[bool] | None = None

    @property
    def by_currency(self) -> str:
        """What the figures in each currency are called."""
        return f"{self.name}_by_currency"


def aggregate_statement(
    viewing: Viewing,
    object: str,
    group_by: Sequence[str],
    measures: Sequence[Measured],
    filter: Expression | None,
    limit: int,
    *,
    archived: bool = False,
    searched: Searched = Searched.NOTHING,
) -> Select[Any]:
    """Figures per group over the records within reach, a JSON text each, the greatest first.

    Where something is `searched` for, only over those whose search fields are like the open parameter `pattern`.
    """
    table = viewing.edition.tables.alias(object)
    item = viewing.edition.snapshot.objects[object]
    keys = [stored(viewing, item, name, table).label(name) for name in group_by]
    conditions = [state(table, archived), viewing.gathered(object, table)]
    if filter is not None:
        conditions.append(compile_filter(filter, table, viewing.context))
    if searched:
        conditions.append(search_condition(item, table, viewing.access(object), searched))
    found = measured(viewing, item, table, keys, measures, conditions)
    shown = [column for column in found.c if not column.key.endswith(_MOST)]
    rows = select(*shown)
    if keys:
        greatest = size(found, measures[0]).desc().nulls_last()
        rows = rows.order_by(greatest, *(found.c[key.name] for key in keys)).limit(limit)
    return select(ROW).select_from(rows.subquery("x"))


def measured(
    viewing: Viewing,
    item: Object,
    table: FromClause,
    keys: Sequence[Label[Any]],
    measures: Sequence[Measured],
    conditions: Sequence[ColumnElement[bool]],
) -> Subquery:
    """A row per group of `keys` (one in all without any): the keys, and the measures by their names.

    A measure of money is followed by that in each currency.
    """
    priced = _priced(viewing, item, measures)
    if not priced:
        plain = [_plain(viewing, item, table, measure).label(measure.name) for measure in measures]
        return select(*keys, *plain).where(*conditions).group_by(*keys).subquery("found")
    parts = _parts(viewing, item, table, keys, measures, priced, conditions)
    within = _within(item, keys, measures, priced, parts)
    columns = [
        column
        for index, measure in enumerate(measures)
        for column in _joined(within, index, measure, measure.name in priced)
    ]
    groups = [within.c[key.name] for key in keys]
    return select(*groups, *columns).group_by(*groups).subquery("found")


def size(found: Subquery, measure: Measured) -> ColumnElement[Any]:
    """What groups are sorted by: the figure, of money the greatest one in a single currency."""
    return found.c.get(measure.name + _MOST, found.c[measure.name])


def by_currency(found: Subquery, measure: Measured) -> ColumnElement[Any]:
    """The figure in each currency as JSON text; null where it is none of money."""
    return cast(found.c.get(measure.by_currency, null()), Text)


def _priced(viewing: Viewing, item: Object, measures: Sequence[Measured]) -> Mapping[str, str]:
    """By the names of the measures of money the field whose currency they have."""
    found = {
        measure.name: viewing.edition.snapshot.priced_by(item, item.by_name[measure.field])
        for measure in measures
        if measure.field
    }
    return {name: money.name for name, money in found.items() if money is not None}


def _plain(viewing: Viewing, item: Object, table: FromClause, measure: Measured) -> ColumnElement[Any]:
    if measure.function == "count":
        return _where(func.count(), measure)
    value = _where(getattr(func, measure.function)(stored(viewing, item, measure.field, table)), measure)
    match measure.function:
        case "sum":
            return func.coalesce(value, 0)
        case "avg":
            return func.round(value, 4)
        case _:
            return value


def _where(figure: Any, measure: Measured) -> ColumnElement[Any]:
    made: ColumnElement[Any] = figure if measure.where is None else figure.filter(measure.where)
    return made


def _parts(
    viewing: Viewing,
    item: Object,
    table: FromClause,
    keys: Sequence[Label[Any]],
    measures: Sequence[Measured],
    priced: Mapping[str, str],
    conditions: Sequence[ColumnElement[bool]],
) -> Subquery:
    """Per group and currencies the part of each measure, and over how many values it is."""
    currencies = [table.c[currency_column(name)].label(f"{name}.of") for name in sorted({*priced.values()})]
    columns: list[ColumnElement[Any]] = []
    for index, measure in enumerate(measures):
        if measure.function == "count":
            columns.append(_where(func.count(), measure).label(f"{index}.part"))
            continue
        value = stored(viewing, item, measure.field, table)
        function = "sum" if measure.function == "avg" else measure.function
        columns.append(_where(getattr(func, function)(value), measure).label(f"{index}.part"))
        columns.append(_where(func.count(value), measure).label(f"{index}.values"))
    made = select(*keys, *currencies, *columns).where(*conditions)
    return made.group_by(*keys, *currencies).subquery("parts")


def _within(
    item: Object,
    keys: Sequence[Label[Any]],
    measures: Sequence[Measured],
    priced: Mapping[str, str],
    parts: Subquery,
) -> Subquery:
    """The parts, and beside them the whole figure in their currency; without one they are in that of their field."""
    groups = [parts.c[key.name] for key in keys]
    columns: list[ColumnElement[Any]] = []
    for index, measure in enumerate(measures):
        if measure.name not in priced:
            continue
        own = literal(item.by_name[priced[measure.name]].currency, Text)
        currency = func.coalesce(parts.c[f"{priced[measure.name]}.of"], own)
        whole = _whole(parts, index, measure, partial(over, partition_by=[*groups, currency]))
        columns += [currency.label(f"{index}.currency"), whole.label(f"{index}.whole")]
    return select(*parts.c, *columns).subquery("within")


def _joined(within: Subquery, index: int, measure: Measured, money: bool) -> list[ColumnElement[Any]]:
    """A measure of a group: the figure; of money also in each currency, and the greatest of these."""
    whole = _whole(within, index, measure, lambda joined: joined)
    if not money:
        return [whole.label(measure.name)]
    some = within.c[f"{index}.values"] > 0
    currency, apart = within.c[f"{index}.currency"], within.c[f"{index}.whole"]
    several = func.count(currency.distinct()).filter(some) > 1
    each = func.jsonb_object_agg(currency, apart).filter(some)
    return [
        case((several, None), else_=whole).label(measure.name),
        func.coalesce(each, literal_column("'{}'::jsonb")).label(measure.by_currency),
        func.max(apart).filter(some).label(measure.name + _MOST),
    ]


def _whole(parts: Subquery, index: int, measure: Measured, joining: Join) -> ColumnElement[Any]:
    part = parts.c[f"{index}.part"]
    match measure.function:
        case "count":
            return cast(func.coalesce(joining(func.sum(part)), 0), BigInteger)
        case "sum":
            return func.coalesce(joining(func.sum(part)), 0)
        case "avg":
            values = joining(func.sum(parts.c[f"{index}.values"]))
            return func.round(joining(func.sum(part)) / func.nullif(values, 0), 4)
        case _:
            made: ColumnElement[Any] = joining(getattr(func, measure.function)(part))
            return made
