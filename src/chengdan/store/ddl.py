"""Make the database hold what the snapshot says: add the tables, columns and indexes that are missing.

No data is dropped: what a snapshot no longer defines stays in the database until it is cleared away on purpose. Only a
uniqueness that is no longer wanted goes, because it would go on refusing values.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Column, Index, Table
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from chengdan.base.errors import ChengdanError
from chengdan.store import system
from chengdan.store.tables import SCHEMA, Tables

Connection = psycopg.Connection[tuple[Any, ...]]
UNIQUE = "_key"
"""How the names of indexes end that keep values unique; PostgreSQL's own for the primary key end otherwise."""
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
_INDEXES = "SELECT indexname FROM pg_indexes WHERE schemaname = %s"


class ColumnTypeFixed(ChengdanError):
    """A field whose type was changed in a way that its column cannot follow."""

    code = "DEF-020"
    status = 409
    zh = "字段“{field}”已按 {old} 存储，不能改为 {new}。"
    en = "The field `{field}` is stored as {old} and can't become {new}."
    hint_zh = "另建一个字段，把数据迁过去。"
    hint_en = "Make a new field and move the data over."


class NotUnique(ChengdanError):
    """A field that is to be unique while records share values of it."""

    code = "DEF-021"
    status = 409
    zh = "字段“{field}”的值有重复，不能设为唯一。"
    en = "Records share values of the field `{field}`, so it can't become unique."
    hint_zh = "先合并或修改重复的记录。"
    hint_en = "Merge or change the records that repeat first."


@dataclass(frozen=True, slots=True)
class Step:
    """One change to the database: what is made (`table`, `column`, `index`) or lifted (`uniqueness`), where, and its statement."""

    kind: str
    table: str
    name: str
    statement: str


@dataclass(frozen=True, slots=True)
class Present:
    """What the schema `data` holds now: column types by table and column, and the table of each index."""

    columns: Mapping[str, Mapping[str, str]]
    indexes: Mapping[str, str]


def present(connection: Connection) -> Present:
    """Read what is there."""
    columns: dict[str, dict[str, str]] = {}
    for table, column, type in connection.execute(
        "SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a "
        "JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname = %s AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped",
        (SCHEMA,),
    ):
        columns.setdefault(table, {})[column] = type
    indexes = connection.execute(
        "SELECT indexname, tablename FROM pg_indexes WHERE schemaname = %s", (SCHEMA,)
    ).fetchall()
    return Present(columns, dict(indexes))


def missing(tables: Tables, there: Present) -> list[Step]:
    """The steps that bring the database to `tables`. Raises ColumnTypeFixed."""
    steps: list[Step] = []
    for table in tables.all.values():
        columns = there.columns.get(table.name)
        if columns is None:
            steps.append(
                Step("table", table.name, table.name, str(CreateTable(table).compile(dialect=_DIALECT)))
            )
        else:
            steps.extend(_columns(table, columns))
        steps.extend(_indexes(table, there))
    return steps


def _columns(table: Table, there: Mapping[str, str]) -> list[Step]:
    steps = []
    for column in table.columns:
        wanted = _type_name(column)
        found = there.get(column.name)
        if found is None:
            statement = sql.SQL("ALTER TABLE {} ADD COLUMN {} {}").format(
                sql.Identifier(SCHEMA, table.name), sql.Identifier(column.name), sql.SQL(wanted)
            )
            steps.append(Step("column", table.name, column.name, statement.as_string(None)))
        elif found != wanted:
            raise ColumnTypeFixed(
                path=f"{table.name}.{column.name}", field=column.name, old=found, new=wanted
            )
    return steps


def _type_name(column: Column[Any]) -> str:
    name = column.type.compile(dialect=_DIALECT).lower()
    return name.replace("without time zone", "").strip() if name.startswith("interval") else name


def _indexes(table: Table, there: Present) -> list[Step]:
    wanted = {str(index.name): index for index in table.indexes}
    lifted = [
        Step("uniqueness", table.name, name, _dropped(name))
        for name, owner in sorted(there.indexes.items())
        if owner == table.name and name.endswith(UNIQUE) and name not in wanted
    ]
    made = [
        Step("index", table.name, name, _index(index))
        for name, index in sorted(wanted.items())
        if name not in there.indexes
    ]
    return [*lifted, *made]


def _dropped(name: str) -> str:
    return sql.SQL("DROP INDEX {}").format(sql.Identifier(SCHEMA, name)).as_string(None)


def _index(index: Index) -> str:
    return str(CreateIndex(index).compile(dialect=_DIALECT))


def apply(connection: Connection, steps: list[Step]) -> None:
    """Run the steps in the open transaction; waits at most five seconds for a lock. Raises NotUnique."""
    connection.execute("SET LOCAL lock_timeout = '5s'")
    for step in steps:
        try:
            connection.execute(step.statement)
        except psycopg.errors.UniqueViolation:
            field = step.name.removeprefix(f"{step.table}_").removesuffix(UNIQUE)
            raise NotUnique(path=f"{step.table}.{field}", field=field) from None


def drop_indexes(connection: Connection, tables: Tables) -> None:
    """Take away the indexes that a bulk load would fill row by row, primary keys aside; `build_indexes` makes them again."""
    own = [(SCHEMA, index) for table in tables.all.values() for index in table.indexes]
    for schema, index in (*own, *((system.SCHEMA, index) for index in _loaded_indexes())):
        connection.execute(sql.SQL("DROP INDEX IF EXISTS {}").format(sql.Identifier(schema, str(index.name))))


def build_indexes(connection: Connection, tables: Tables) -> None:
    """Make the indexes that are missing, with room to sort."""
    connection.execute("SET LOCAL statement_timeout = 0")
    connection.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for step in missing(tables, present(connection)):
        connection.execute(step.statement)
    there = {name for (name,) in connection.execute(_INDEXES, (system.SCHEMA,)).fetchall()}
    for index in _loaded_indexes():
        if str(index.name) not in there:
            connection.execute(_index(index))


def _loaded_indexes() -> Iterator[Index]:
    """The indexes of the system's own tables that a bulk load fills: the journal and the marks."""
    for table in (system.event, system.mark):
        yield from table.indexes
