"""What the panels of a home ask: figures, figures per group, timers and overrides, over the records within reach."""

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
    and_,
    bindparam,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)

from chengdan.expr import Expression
from chengdan.expr.sql import compile_filter
from chengdan.kernel.event import EventKind
from chengdan.kernel.field import FieldType
from chengdan.store import system
from chengdan.store.figures import Measured, by_currency, measured, size
from chengdan.store.query import Viewing, labelled, stored

MOST_MOVED = 300
"""Among how many of the records that moved last overrides are looked for."""
EXCEPTIONS = (EventKind.GATE_OVERRIDDEN, EventKind.SIGNATURE_VOUCHED)


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
        item = viewing.edition.snapshot.objects[object]
        hidden = item.title in viewing.access(object).hidden
        title = cast(null() if hidden else stored(viewing, item, item.title, table), Text)
        part = (
            select(
                literal(object).label("object"),
                table.c.id,
                title.label("title"),
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


def overrides_statement(
    viewing: Viewing, object: str, filter: Expression | None, mine: bool, limit: int
) -> Select[Any]:
    """Gates passed in spite of what lacked, and scans answered for, since the open parameter `since`.

    When, by whom, which record, the kind and data of the event.
    """
    table = viewing.edition.tables.alias(object)
    item = viewing.edition.snapshot.objects[object]
    hidden = item.title in viewing.access(object).hidden
    title = cast(null() if hidden else stored(viewing, item, item.title, table), Text)
    since = bindparam("since", type_=system.Instant)
    moved = (
        select(table.c.id, title.label("title"))
        .where(table.c.stage_since >= since, *within(viewing, object, table, filter, mine))
        .order_by(table.c.stage_since.desc())
        .limit(MOST_MOVED)
        .subquery("moved")
    )
    event = system.event.alias()
    found = (
        select(event.c.at, event.c.actor, moved.c.id, moved.c.title, event.c.kind, event.c.data)
        .select_from(
            moved.join(
                event,
                and_(
                    event.c.record_id == moved.c.id,
                    event.c.at >= since,
                    or_(*(event.c.kind == str(kind) for kind in EXCEPTIONS)),
                ),
            )
        )
        .order_by(event.c.at.desc())
        .limit(limit)
        .subquery("found")
    )
    actor = labelled(viewing, "user", found.c.actor)
    columns = (found.c.at, actor, found.c.id, found.c.title, found.c.kind, found.c.data)
    return select(*columns).order_by(found.c.at.desc())


def within(
    viewing: Viewing, object: str, table: FromClause, filter: Expression | None, mine: bool = False
) -> list[ColumnElement[bool]]:
    """The unarchived records within reach that satisfy the condition; `mine`: of which the viewer is the owner."""
    conditions: list[ColumnElement[bool]] = [table.c.archived_at.is_(None)]
    if filter is not None:
        conditions.append(compile_filter(filter, table, viewing.context))
    if mine:
        own = table.c.owner == bindparam("me", type_=Uuid)
        return [own, viewing.reach(object, table), *conditions]
    return [viewing.gathered(object, table), *conditions]
