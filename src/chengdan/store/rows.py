"""Rows of the objects' tables: the statements that write them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from chengdan.base.json import dumps_text
from chengdan.store import copying
from chengdan.store.edition import Edition
from chengdan.store.sending import Write
from chengdan.store.tables import SCHEMA

Connection = psycopg.Connection[tuple[Any, ...]]


def insert(edition: Edition, object: str, row: Mapping[str, Any]) -> Write:
    """Insert one record; `row` holds every column."""
    names = edition.tables.columns(object)
    made = edition.texts.get(("insert", object))
    if made is None:
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier(SCHEMA, object), _list(names), sql.SQL(", ").join([sql.SQL("%s")] * len(names))
        )
        made = edition.texts.setdefault(("insert", object), statement.as_string(None))
    return Write(made, _values(edition, object, row, names), (object, row["id"]))


def update(edition: Edition, object: str, row: Mapping[str, Any], changed: Iterable[str]) -> Write:
    """Update the `changed` columns of one record."""
    names = sorted(changed)
    key = ("update", object, *names)
    made = edition.texts.get(key)
    if made is None:
        settings = [sql.SQL("{} = %s").format(sql.Identifier(name)) for name in names]
        statement = sql.SQL("UPDATE {} SET {} WHERE id = %s").format(
            sql.Identifier(SCHEMA, object), sql.SQL(", ").join(settings)
        )
        made = edition.texts.setdefault(key, statement.as_string(None))
    return Write(made, [*_values(edition, object, row, names), row["id"]], (object, row["id"]))


def copy(connection: Connection, edition: Edition, object: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert many records with COPY."""
    names = edition.tables.columns(object)
    copying.copy(connection, SCHEMA, object, names, (_values(edition, object, row, names) for row in rows))


def _values(edition: Edition, object: str, row: Mapping[str, Any], names: Iterable[str]) -> list[Any]:
    """The values of these columns as psycopg takes them: documents become JSON text."""
    documents = edition.tables.documents(object)
    return [
        dumps_text(row[name]) if name in documents and row[name] is not None else row[name] for name in names
    ]


def _list(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(map(sql.Identifier, names))
