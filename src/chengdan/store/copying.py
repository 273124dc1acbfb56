"""COPY: many rows into a table at once, in PostgreSQL's binary format, which costs both sides half of what text does."""

from collections.abc import Iterable, Sequence
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import set_json_dumps

Connection = psycopg.Connection[tuple[Any, ...]]


def copy(
    connection: Connection, schema: str, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows, a value for each of the columns and of its type; documents are JSON text. Not possible inside a pipeline."""
    place, names = sql.Identifier(schema, table), sql.SQL(", ").join(map(sql.Identifier, columns))
    cursor = connection.cursor()
    set_json_dumps(str, cursor)
    found = cursor.execute(sql.SQL("SELECT {} FROM {} LIMIT 0").format(names, place)).description or ()
    types = [column.type_code for column in found]
    with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)").format(place, names)) as stream:
        stream.set_types(types)
        for row in rows:
            stream.write_row(row)
