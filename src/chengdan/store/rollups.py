"""Rollups: figures over children, worked out again in the transaction that changed a child.

The parents are locked first, in the order of their ids; the statement that recomputes then sees every change that was
committed while it waited, so two writers never lose each other's share.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Table,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from chengdan.expr import Kind
from chengdan.expr.sql import compile_filter
from chengdan.kernel.field import Field, Rollup
from chengdan.kernel.snapshot import Child
from chengdan.store.edition import Edition
from chengdan.store.statement import Statement, render

NO_CLOCK = datetime(1970, 1, 1, tzinfo=UTC)
Connection = psycopg.Connection[tuple[Any, ...]]


def recompute(
    connection: Connection, edition: Edition, parent: str, entries: Iterable[tuple[str, UUID]]
) -> None:
    """Work out rollups of `parent` anew; `entries` are pairs of rollup field and parent id."""
    pairs = list(entries)
    names = frozenset(name for name, _ in pairs)
    ids = sorted({id for _, id in pairs})
    lock, statement = _statements(edition, parent, names)
    connection.execute(lock.sql, {"ids": ids})
    connection.execute(statement.sql, {**statement.params, "ids": ids})


def recompute_all(connection: Connection, edition: Edition, parent: str) -> None:
    """Work out every rollup of every record of `parent`, set-wise; for bulk loads."""
    table = edition.tables[parent]
    for field in edition.snapshot.objects[parent].fields:
        if field.rollup is not None:
            child = edition.snapshot.children_of(parent)[field.rollup.of]
            found = _grouped(edition, child, field.rollup).subquery()
            statement = update(table).values({field.name: found.c.value}).where(table.c.id == found.c.parent)
            rendered = render(statement)
            connection.execute(rendered.sql, rendered.params)
            if field.rollup.function in ("count", "sum"):
                rest = render(update(table).values({field.name: 0}).where(table.c[field.name].is_(None)))
                connection.execute(rest.sql, rest.params)


def empty_value(rollup: Rollup) -> int | None:
    """The value over no children."""
    return 0 if rollup.function in ("count", "sum") else None


def _statements(edition: Edition, parent: str, names: frozenset[str]) -> tuple[Statement, Statement]:
    key = ("rollup", parent, names)
    lock, statement = edition.statements.get((*key, "lock")), edition.statements.get(key)
    if lock is None or statement is None:
        table = edition.tables[parent]
        within = table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid)))
        lock = render(select(table.c.id).where(within).order_by(table.c.id).with_for_update(key_share=True))
        fields = edition.snapshot.objects[parent].by_name
        values = {name: _scalar(edition, parent, table, fields[name]) for name in sorted(names)}
        statement = render(update(table).where(within).values(values))
        edition.statements.put((*key, "lock"), lock)
        edition.statements.put(key, statement)
    return lock, statement


def _scalar(edition: Edition, parent: str, table: Table, field: Field) -> ColumnElement[Any]:
    rollup = field.rollup
    if rollup is None:
        raise LookupError(field.name)
    child = edition.snapshot.children_of(parent)[rollup.of]
    source = edition.tables[child.object].alias()
    condition = and_(source.c[child.field] == table.c.id, _counted(edition, child, rollup, source))
    if rollup.function == "latest":
        newest = (
            select(source.c[rollup.field])
            .where(condition)
            .order_by(source.c.created_at.desc(), source.c.id.desc())
        )
        return newest.limit(1).scalar_subquery()
    return select(_aggregate(rollup, source)).where(condition).scalar_subquery()


def _grouped(edition: Edition, child: Child, rollup: Rollup) -> Any:
    source = edition.tables[child.object].alias()
    parent = source.c[child.field]
    if rollup.function == "latest":
        newest_first = aggregate_order_by(
            source.c[rollup.field], source.c.created_at.desc(), source.c.id.desc()
        )
        value: Any = func.array_agg(newest_first, type_=ARRAY(source.c[rollup.field].type))[1].label("value")
    else:
        value = _aggregate(rollup, source).label("value")
    where = and_(parent.is_not(None), _counted(edition, child, rollup, source))
    return select(parent.label("parent"), value).where(where).group_by(parent)


def _aggregate(rollup: Rollup, source: Any) -> ColumnElement[Any]:
    match rollup.function:
        case "count":
            return func.count()
        case "sum":
            return func.coalesce(func.sum(source.c[rollup.field]), 0)
        case "min":
            return func.min(source.c[rollup.field])
        case _:
            return func.max(source.c[rollup.field])


def _counted(edition: Edition, child: Child, rollup: Rollup, source: Any) -> ColumnElement[bool]:
    alive: ColumnElement[bool] = source.c.archived_at.is_(None)
    if not rollup.where:
        return alive
    expression = edition.snapshot.compiled(child.object, rollup.where, expect=Kind.BOOLEAN).expression
    return and_(alive, compile_filter(expression, source, edition.context(NO_CLOCK, None)))
