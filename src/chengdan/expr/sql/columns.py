"""Columns and bound values as the language sees them: numbers are numeric, durations numeric seconds."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, FromClause, literal, types
from sqlalchemy.dialects import postgresql

from chengdan.expr import dates, sqltext
from chengdan.expr.errors import NotInSql
from chengdan.expr.sql.fragment import Fragment
from chengdan.expr.typed import Field
from chengdan.expr.types import Kind

TYPES: Mapping[Kind, types.TypeEngine[Any]] = MappingProxyType({
    Kind.NUMBER: types.Numeric(),
    Kind.TEXT: types.Text(),
    Kind.BOOLEAN: types.Boolean(),
    Kind.DATE: types.Date(),
    Kind.DATETIME: types.DateTime(timezone=True),
    Kind.DURATION: types.Numeric(),
    Kind.RECORD: types.Uuid(),
    Kind.TEXTS: postgresql.ARRAY(types.Text()),
    Kind.NULL: types.Text(),
})  # fmt: skip
BOOLEAN = TYPES[Kind.BOOLEAN]

_NULLS = {
    Kind.NUMBER: "CAST(NULL AS numeric)",
    Kind.TEXT: "CAST(NULL AS text)",
    Kind.BOOLEAN: "CAST(NULL AS boolean)",
    Kind.DATE: "CAST(NULL AS date)",
    Kind.DATETIME: "CAST(NULL AS timestamptz)",
    Kind.DURATION: "CAST(NULL AS numeric)",
    Kind.RECORD: "CAST(NULL AS uuid)",
    Kind.TEXTS: "CAST(NULL AS text[])",
    Kind.NULL: "CAST(NULL AS text)",
}


def bound(kind: Kind, value: Any) -> ColumnElement[Any]:
    """`value` as a parameter; null with the type of `kind`."""
    if value is None:
        return Fragment(_NULLS[kind], (), TYPES[kind])
    if kind is Kind.NUMBER:
        return literal(Decimal(value), TYPES[kind])
    if kind is Kind.DURATION:
        return literal(Decimal(dates.micros(value)).scaleb(-6), TYPES[kind])
    return literal(value, TYPES[kind])


def column(source: FromClause, field: Field) -> ColumnElement[Any]:
    """The column of `field` in `source`."""
    found = source.c.get(field.name)
    if found is None:
        raise NotInSql(what=field.name)
    if field.type.kind is Kind.NUMBER and isinstance(found.type, types.Integer):
        return Fragment("CAST({0} AS numeric)", (found,), TYPES[Kind.NUMBER])
    if field.type.kind is Kind.DURATION:
        return Fragment(sqltext.SECONDS, (found,), TYPES[Kind.DURATION])
    return found


def certain(condition: ColumnElement[Any]) -> ColumnElement[Any]:
    """`condition` with null made false."""
    return Fragment("({0} IS TRUE)", (condition,), BOOLEAN)


def joined(op: str, conditions: Sequence[ColumnElement[Any]]) -> ColumnElement[Any]:
    """`conditions` joined by and or or."""
    holes = f" {op.upper()} ".join(f"{{{index}}}" for index in range(len(conditions)))
    return Fragment(f"({holes})", conditions, BOOLEAN)
