"""The sample world's rows in PostgreSQL, and one expression's value by both back ends."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, create_engine, insert, select

from chengdan.expr import check, compile_python
from chengdan.expr.sql import SqlContext, compile_sql
from tests.expr.sample import CALENDAR, ME, NOW, SCHEMA, TABLES, World, fresh_alias

DIALECT = create_engine("postgresql+psycopg://").dialect
SQL = SqlContext(NOW, ME, fresh_alias, calendar=CALENDAR)

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def filled(connection: Connection, rows: Rows) -> World:
    """The world after `rows` took the place of all others; columns that a row leaves out are null."""
    loaded = {}
    for object, table in TABLES.items():
        connection.execute(table.delete())
        empty = dict.fromkeys(table.columns.keys()) | {"created_at": NOW}
        if rows.get(object):
            connection.execute(insert(table), [empty | dict(row) for row in rows[object]])
        loaded[object] = {row["id"]: dict(row) for row in connection.execute(select(table)).mappings()}
    return World(loaded)


def value(connection: Connection, text: str, deal: Mapping[str, Any], rows: Rows | None = None) -> Any:
    """What Python makes of `text` for one deal, after PostgreSQL made the same of it."""
    subject = {"id": UUID(int=99)} | dict(deal)
    world = filled(connection, {"deal": [subject], **(rows or {})})
    record = world.rows["deal"][subject["id"]]
    expression = check(text, SCHEMA, "deal")
    table = TABLES["deal"].alias("subject")
    postgres = connection.execute(select(compile_sql(expression, table, SQL))).scalar_one()
    python = compile_python(expression)(record, world.context(record))
    assert python == postgres, text
    assert (python is None) == (postgres is None), text
    return python
