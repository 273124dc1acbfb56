"""What the panels of a home ask: figures, figures per group and timers, over the records within reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    DateTime,
    FromClause,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    select,
    true,
    union_all,
)

from chengdan.expr import Expression
from chengdan.expr.sql import compile_filter
from chengdan.kernel.field import FieldType
from chengdan.store import system
from chengdan.store.figures import Measured, by_currency, measured, size
from chengdan.store.query import Viewing, labelled, stored


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: `count`, or `sum`, `avg`, `min`, `max` of a field, over the records that satisfy `filter`."""

    function: str
    field: str
    filter: Expression | None


def figures_statement(viewing: Viewing, object: str, figures: Sequence[Figure], mine: bool) -> Select[Any]:
    """Several figures over one object in one reading of it: for each its value, in each currency, and of how many records."""
    table = viewing.edition.tables.alias(object)
    item = viewing.edition.snapshot.objects[object]
    measures: list[Measured] = []
    for index, figure in enumerate(figures):
        holds = true() if figure.filter is None else compile_filter(figure.filter, table, viewing.context)
        measures.append(Measured(f"{index}", figure.function, figure.field, holds))
        measures.append(Measured(f"{index}.count", "count", where=holds))
    conditions = within(viewing, object, table, None, mine)
    found = measured(viewing, item, table, [], measures, conditions)
    columns: list[ColumnElement[Any]] = []
    for value, count in zip(measures[::2], measures[1::2], strict=True):
        columns += [found.c[value.name], by_currency(found, value), found.c[count.name]]
    return select(*columns)


def chart_statement(
    viewing: Viewing,
    object: str,
    by: str,
    function: str,
    field: str,
    filter: Expression | None,
    mine: bool,
    limit: int,
) -> Select[Any]:
    """Per group: its key, its label if the key is a record, the number of records, the figure, and that in each currency.

    The greatest come first; dates are grouped by their months, the latest first.
    """
    table = viewing.edition.tables.alias(object)
    item = viewing.edition.snapshot.objects[object]
    group = item.by_name[by]
    key = stored(viewing, item, by, table)
    if group.type is FieldType.DATE:
        key = cast(func.date_trunc(literal_column("'month'"), cast(key, DateTime)), Date)
    value, count = Measured("value", function, field), Measured("count", "count")
    conditions = within(viewing, object, table, filter, mine)
    found = measured(viewing, item, table, [key.label("key")], [count, value], conditions)
    greatest = found.c.key.desc() if group.type is FieldType.DATE else size(found, value).desc().nulls_last()
    rows = select(found.c.key, found.c[count.name], found.c.value, by_currency(found, value).label("each"))
    groups = rows.order_by(greatest).limit(limit).subquery("groups")
    refers = group.type in (FieldType.REFERENCE, FieldType.USER)
    label = labelled(viewing, group.object, groups.c.key) if refers else null()
    return select(groups.c.key, label, groups.c["count"], groups.c.value, groups.c.each)


def timers_statement(viewing: Viewing, objects: Sequence[str], mine: bool, limit: int) -> Select[Any]:
    """Timers on records within reach that run out by the open parameter `until`: object, record, title, owner, key, when."""
    parts = []
    for object in objects:
        table = viewing.edition.tables.alias(object)
        timer = system.timer.alias()
        part = (
            select(
                literal(object).label("object"),
                table.c.id,
                titled(viewing, object, table).label("title"),
                table.c.owner,
                timer.c.key,
                timer.c.due_at,
            )
            .select_from(table.join(timer, timer.c.record_id == table.c.id))
            .where(
                timer.c.object == object,
                timer.c.due_at <= bindparam("until", type_=system.Instant),
                *within(viewing, object, table, None, mine),
            )
            .order_by(timer.c.due_at)
            .limit(limit)
        )
        parts.append(select(part.subquery()))
    rows = union_all(*parts).subquery("rows")
    owner = labelled(viewing, "user", rows.c.owner)
    return (
        select(rows.c.object, rows.c.id, rows.c.title, owner, rows.c.key, rows.c.due_at)
        .order_by(rows.c.due_at)
        .limit(limit)
    )


def within(
    viewing: Viewing, object: str, table: FromClause, filter: Expression | None, mine: bool = False
) -> list[ColumnElement[bool]]:
    """The unarchived records within reach that satisfy the condition; `mine`: of which the viewer is the owner."""
    reach = viewing.reach if mine else viewing.gathered
    return [*chosen(viewing, table, filter, mine), reach(object, table), table.c.archived_at.is_(None)]


def chosen(
    viewing: Viewing, table: FromClause, filter: Expression | None, mine: bool
) -> list[ColumnElement[bool]]:
    """What a panel asks of its records: that the viewer is the owner, and the condition."""
    own = [table.c.owner == bindparam("me", type_=Uuid)] if mine else []
    return own if filter is None else [*own, compile_filter(filter, table, viewing.context)]


def titled(viewing: Viewing, object: str, table: FromClause) -> ColumnElement[str]:
    """What a record is called, as text; null where that is hidden from the viewer."""
    item = viewing.edition.snapshot.objects[object]
    hidden = item.title in viewing.access(object).hidden
    return cast(null() if hidden else stored(viewing, item, item.title, table), Text)
