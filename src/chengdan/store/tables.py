"""Snapshot → SQLAlchemy Core tables: one real table per object, one real column per stored field."""

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    FromClause,
    Index,
    Integer,
    Interval,
    MetaData,
    Numeric,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from chengdan.kernel.field import LISTED, NUMERIC, TEXTUAL, Field, FieldType, currency_column
from chengdan.kernel.gate import CHECKLIST
from chengdan.kernel.object import Object
from chengdan.kernel.snapshot import Snapshot

SCHEMA = "data"
SNAPSHOTS_KEPT = 4
_INSTANT = DateTime(timezone=True)
_TYPES: Mapping[FieldType, TypeEngine[Any]] = {
    **dict.fromkeys(TEXTUAL, Text()),
    **dict.fromkeys(NUMERIC, Numeric()),
    **dict.fromkeys(LISTED, ARRAY(Text)),
    FieldType.INTEGER: BigInteger(),
    FieldType.BOOLEAN: Boolean(),
    FieldType.DATE: Date(),
    FieldType.DATETIME: _INSTANT,
    FieldType.DURATION: Interval(),
    FieldType.SELECT: Text(),
    FieldType.REFERENCE: Uuid(),
    FieldType.USER: Uuid(),
    FieldType.LOCATION: JSONB(),
    FieldType.JSON: JSONB(),
}


@lru_cache(SNAPSHOTS_KEPT)
def tables_of(snapshot: Snapshot) -> "Tables":
    """The tables of a snapshot; those of the last few are kept, as snapshots are themselves."""
    return Tables(snapshot)


def column_type(field: Field) -> TypeEngine[Any]:
    """The column type of a stored field."""
    return _TYPES[field.stored_type]


def is_stored(field: Field) -> bool:
    """Whether the field has a column; a formula is worked out where it is read."""
    return field.type is not FieldType.FORMULA


class Tables:
    """The tables of all objects of one snapshot."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.metadata = MetaData(schema=SCHEMA)
        self._tables = {name: self._table(item) for name, item in snapshot.objects.items()}
        self._columns = {
            name: tuple(column.name for column in table.columns) for name, table in self._tables.items()
        }
        self._documents = {
            name: frozenset(column.name for column in table.columns if isinstance(column.type, JSONB))
            for name, table in self._tables.items()
        }

    def __getitem__(self, object: str) -> Table:
        return self._tables[object]

    def alias(self, object: str) -> FromClause:
        """A fresh alias of an object's table."""
        return self._tables[object].alias()

    def columns(self, object: str) -> tuple[str, ...]:
        """All column names of an object's table, in their order."""
        return self._columns[object]

    def documents(self, object: str) -> frozenset[str]:
        """The columns of an object's table that hold JSON."""
        return self._documents[object]

    @cached_property
    def all(self) -> Mapping[str, Table]:
        return self._tables

    def _table(self, item: Object) -> Table:
        piped = self.snapshot.pipeline_of(item.name)
        columns: list[Column[Any]] = [
            Column("id", Uuid, primary_key=True),
            Column("version", Integer, nullable=False),
            Column("owner", Uuid),
            Column("team", Uuid),
            Column("created_at", _INSTANT, nullable=False),
            Column("created_by", Uuid),
            Column("updated_at", _INSTANT, nullable=False),
            Column("updated_by", Uuid),
            Column("archived_at", _INSTANT),
        ]
        for field in item.fields:
            if is_stored(field):
                columns.append(Column(field.name, column_type(field)))
            if field.type is FieldType.MONEY:
                columns.append(Column(currency_column(field.name), Text))
        if piped:
            columns.append(Column(CHECKLIST, JSONB))
        table = Table(item.name, self.metadata, *columns)
        self._indexes(item, table, piped.field if piped else None)
        return table

    def _indexes(self, item: Object, table: Table, stage: str | None) -> None:
        """Nulls come first, as in `paging.order_by`, so that lists sorted by an indexed field can be read off its index."""
        c = table.c
        Index(f"{item.name}_owner_ix", c.owner, c.id)
        Index(f"{item.name}_team_ix", c.team, c.id)
        for stamp in ("created_at", "updated_at"):
            Index(f"{item.name}_{stamp}_ix", c[stamp].asc().nulls_first(), c.id)
        if stage:
            Index(f"{item.name}_{stage}_ix", c[stage].asc().nulls_first(), c.id)
        for field in item.fields:
            if (field.system and not field.indexed) or not is_stored(field) or field.name == stage:
                continue
            if field.unique or field.type is FieldType.AUTO_NUMBER:
                Index(
                    f"{item.name}_{field.name}_key",
                    c[field.name],
                    unique=True,
                    postgresql_where=text("archived_at IS NULL"),
                )
            elif field.indexed or field.inverse is not None:
                Index(f"{item.name}_{field.name}_ix", c[field.name].asc().nulls_first(), c.id)
