"""Rollups: figures over children, kept right in the transaction that changed a child.

Most changes only move a figure: by a difference, or to a value that it reaches. That costs the same however many children
there are, and PostgreSQL applies it to the newest committed figure. Where that does not do, the parents are locked, in the
order of their ids, and the statement that recomputes then sees every change that was committed while it waited. Either way
two writers never lose each other's share.
"""

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import Any, TypeAlias
from uuid import UUID

import psycopg
from psycopg import sql
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Table,
    Update,
    Uuid,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.sql.functions import FunctionElement

from chengdan.expr import Kind
from chengdan.expr.sql import compile_filter
from chengdan.kernel.field import Field, Rollup
from chengdan.kernel.rollup import NO_CLOCK, Add, Effect, OneCurrency, Reach, Recount
from chengdan.kernel.snapshot import Child
from chengdan.store.edition import Edition
from chengdan.store.sending import Write
from chengdan.store.statement import Statement, render
from chengdan.store.tables import SCHEMA

Connection = psycopg.Connection[tuple[Any, ...]]
Moves: TypeAlias = Mapping[str, Effect]
Waiting: TypeAlias = Mapping[tuple[str, UUID], Moves]
MOST_SINGLE = 8
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]


def shifts(edition: Edition, waiting: Waiting) -> list[Write]:
    """Statements that move rollups by what is known to happen to each, upwards and in the order of ids."""
    by_parent: dict[str, dict[UUID, Moves]] = {}
    for (parent, id), effects in waiting.items():
        moves = {name: effect for name, effect in effects.items() if not isinstance(effect, Recount)}
        if moves:
            by_parent.setdefault(parent, {})[id] = moves
    found: list[Write] = []
    for parent in sorted(by_parent, key=edition.snapshot.upwards.__getitem__):
        by_id = by_parent[parent]
        if len(by_id) > MOST_SINGLE:
            found.extend(_shift_many(edition, parent, by_id))
        else:
            found.extend(_shift(edition, parent, id, by_id[id]) for id in sorted(by_id))
    return found


def _shift(edition: Edition, parent: str, id: UUID, moves: Moves) -> Write:
    names = sorted(moves)
    key = ("shift", parent, *names)
    made = edition.texts.get(key)
    if made is None:
        settings = [_setting(edition, parent, name, sql.SQL("%s")) for name in names]
        statement = sql.SQL("UPDATE {} AS t SET {} WHERE id = %s").format(
            sql.Identifier(SCHEMA, parent), sql.SQL(", ").join(settings)
        )
        made = edition.texts.setdefault(key, statement.as_string(None))
    return Write(made, [*(_moved(moves[name]) for name in names), id], (parent, id))


def _shift_many(edition: Edition, parent: str, by_id: Mapping[UUID, Moves]) -> list[Write]:
    """Lock the parents in their order, then move all of them with one statement."""
    names = sorted({name for moves in by_id.values() for name in moves})
    ids = sorted(by_id)
    table = sql.Identifier(SCHEMA, parent)
    lock = sql.SQL("SELECT id FROM {} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE").format(table)
    types = [sql.SQL(edition.tables[parent].c[name].type.compile(_DIALECT)) for name in names]
    columns = [sql.Identifier("m" + str(index)) for index in range(len(names))]
    move = sql.SQL("UPDATE {} AS t SET {} FROM unnest(%s::uuid[], {}) AS m(id, {}) WHERE t.id = m.id").format(
        table,
        sql.SQL(", ").join(
            _setting(edition, parent, name, sql.SQL("m.{}").format(column))
            for name, column in zip(names, columns, strict=True)
        ),
        sql.SQL(", ").join(sql.SQL("%s::{}[]").format(type) for type in types),
        sql.SQL(", ").join(columns),
    )
    values = [[_moved(by_id[id].get(name)) for id in ids] for name in names]
    return [Write(lock.as_string(None), [ids]), Write(move.as_string(None), [ids, *values])]


def _setting(edition: Edition, parent: str, name: str, move: sql.Composable) -> sql.Composed:
    """How a move changes the rollup; no move (null) leaves it as it is."""
    rollup = edition.snapshot.objects[parent].by_name[name].rollup
    column = sql.Identifier(name)
    match rollup.function if rollup else "":
        case "max":
            return sql.SQL("{} = greatest(t.{}, {})").format(column, column, move)
        case "min":
            return sql.SQL("{} = least(t.{}, {})").format(column, column, move)
        case _:
            return sql.SQL("{} = coalesce(t.{}, 0) + coalesce({}, 0)").format(column, column, move)


def _moved(move: Effect | None) -> Any:
    match move:
        case Add(amount):
            return Decimal(amount)
        case Reach(value):
            return value
        case _:
            return None


def recount(connection: Connection, edition: Edition, waiting: Waiting) -> None:
    """Work out anew the rollups that only counting gives."""
    by_parent: dict[str, dict[UUID, set[str]]] = {}
    for (parent, id), effects in waiting.items():
        for name, effect in effects.items():
            if isinstance(effect, Recount):
                by_parent.setdefault(parent, {}).setdefault(id, set()).add(name)
    for parent in sorted(by_parent, key=edition.snapshot.upwards.__getitem__):
        recompute(connection, edition, parent, by_parent[parent])


def recompute(
    connection: Connection, edition: Edition, parent: str, wanted: Mapping[UUID, Collection[str]]
) -> None:
    """Work out rollups of `parent` anew; `wanted` names the rollups of each record by its id."""
    ids = sorted(wanted)
    lock, statement = _statements(
        edition, parent, frozenset(name for names in wanted.values() for name in names)
    )
    for made in (lock, statement):
        psycopg.RawCursor(connection).execute(*made.bound(ids=ids))


def recompute_all(
    connection: Connection, edition: Edition, parent: str, names: Collection[str] | None = None
) -> None:
    """Work out rollups (all, or those of `names`) of every record of `parent`, set-wise: after a bulk load or a new definition.

    In one statement, so that a record is written once; but for rollups over records of the same object, which may read others.
    """
    snapshot = edition.snapshot
    wanted = [
        (snapshot.children_of(parent)[field.rollup.of], field)
        for field in snapshot.objects[parent].fields
        if field.rollup is not None and (names is None or field.name in names)
    ]
    together: dict[Child, list[Field]] = {}
    alone: list[dict[Child, list[Field]]] = []
    for child, field in wanted:
        if child.object == parent:
            alone.append({child: [field]})
        else:
            together.setdefault(child, []).append(field)
    for by_child in (together, *alone):
        if by_child:
            psycopg.RawCursor(connection).execute(*render(_recount(edition, parent, by_child)).bound())


def _recount(edition: Edition, parent: str, by_child: Mapping[Child, list[Field]]) -> Update:
    """Count the children of each link once for all of its fields, and write the records of which a figure differs."""
    table = edition.tables[parent]
    everyone = table.alias()
    joined: Any = everyone
    values: dict[str, ColumnElement[Any]] = {}
    for child, fields in by_child.items():
        found = _grouped(edition, child, fields).subquery()
        joined = joined.outerjoin(found, found.c.parent == everyone.c.id)
        for field in fields:
            empty = empty_value(field.rollup) if field.rollup else None
            values[field.name] = func.coalesce(found.c[field.name], empty)
    labels = [value.label(name) for name, value in values.items()]
    known = select(everyone.c.id, *labels).select_from(joined).subquery()
    differ = [table.c[name].is_distinct_from(known.c[name]) for name in values]
    return (
        update(table)
        .values({name: known.c[name] for name in values})
        .where(table.c.id == known.c.id, or_(*differ))
    )


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
    condition = and_(source.c[child.field] == table.c.id, _counted(edition, child, field, rollup, source))
    if rollup.function == "latest":
        newest = (
            select(source.c[rollup.field])
            .where(condition)
            .order_by(source.c.created_at.desc(), source.c.id.desc())
        )
        return newest.limit(1).scalar_subquery()
    figure = func.coalesce(_aggregate(rollup, source), empty_value(rollup))
    return select(figure).where(condition).scalar_subquery()


def _grouped(edition: Edition, child: Child, fields: Sequence[Field]) -> Any:
    """The figures of rollups over the same children, by parent; a column for each field."""
    source = edition.tables[child.object].alias()
    parent = source.c[child.field]
    figures = []
    for field in fields:
        rollup = field.rollup
        if rollup is None:
            raise LookupError(field.name)
        counted = _counted(edition, child, field, rollup, source)
        if rollup.function == "latest":
            of = source.c[rollup.field]
            newest_first = aggregate_order_by(of, source.c.created_at.desc(), source.c.id.desc())
            figure: Any = func.array_agg(newest_first, type_=ARRAY(of.type)).filter(counted)[1]
        else:
            figure = _aggregate(rollup, source).filter(counted)
        figures.append(figure.label(field.name))
    return select(parent.label("parent"), *figures).where(parent.is_not(None)).group_by(parent)


def _aggregate(rollup: Rollup, source: Any) -> FunctionElement[Any]:
    """Over no children it may be null where `empty_value` is 0."""
    match rollup.function:
        case "count":
            return func.count()
        case "sum":
            return func.sum(source.c[rollup.field])
        case "min":
            return func.min(source.c[rollup.field])
        case _:
            return func.max(source.c[rollup.field])


def _counted(
    edition: Edition, child: Child, field: Field, rollup: Rollup, source: Any
) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [source.c.archived_at.is_(None)]
    one = OneCurrency.of(field, edition.snapshot.objects[child.object].field(rollup.field))
    if one is not None:
        conditions.append(func.coalesce(source.c[one.column], one.own) == one.wanted)
    if rollup.where:
        expression = edition.snapshot.compiled(child.object, rollup.where, expect=Kind.BOOLEAN).expression
        conditions.append(compile_filter(expression, source, edition.context(NO_CLOCK, None)))
    return and_(*conditions)
