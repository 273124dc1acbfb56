"""Rows of the objects' tables: the compiled statements that write them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Table, Uuid, bindparam
from sqlalchemy import insert as insert_into
from sqlalchemy import update as update_table

from chengdan.base.json import dumps_text
from chengdan.store.edition import Edition
from chengdan.store.statement import Statement, render
from chengdan.store.tables import SCHEMA

Connection = psycopg.Connection[tuple[Any, ...]]


def insert(connection: Connection, edition: Edition, object: str, row: Mapping[str, Any]) -> None:
    """Insert one record; `row` holds every column."""
    statement = edition.statements.get(("insert", object))
    if statement is None:
        table = edition.tables[object]
        values = {column.name: bindparam(column.name, type_=column.type) for column in table.columns}
        statement = edition.statements.put(("insert", object), render(insert_into(table).values(values)))
    connection.execute(statement.sql, adapted(row))


def update(
    connection: Connection, edition: Edition, object: str, row: Mapping[str, Any], changed: Iterable[str]
) -> None:
    """Update the `changed` columns of one record."""
    names = frozenset(changed)
    statement = edition.statements.get(("update", object, names))
    if statement is None:
        statement = edition.statements.put(("update", object, names), _update(edition.tables[object], names))
    connection.execute(statement.sql, adapted({name: row[name] for name in (*names, "id")}))


def _update(table: Table, names: frozenset[str]) -> Statement:
    values = {name: bindparam(name, type_=table.c[name].type) for name in sorted(names)}
    return render(update_table(table).where(table.c.id == bindparam("id", type_=Uuid)).values(values))


def copy(connection: Connection, edition: Edition, object: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many records with COPY."""
    names = edition.tables.columns(object)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(SCHEMA, object), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    with connection.cursor().copy(statement) as stream:
        for row in rows:
            values = adapted(row)
            stream.write_row([values[name] for name in names])


def adapted(row: Mapping[str, Any]) -> dict[str, Any]:
    """The values as psycopg takes them: mappings become JSON text."""
    return {name: dumps_text(value) if type(value) is dict else value for name, value in row.items()}
