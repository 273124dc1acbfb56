"""Keyset paging: an order with a unique end, and the condition that goes on where the last page stopped.

Nulls come last when descending and first when ascending, so that one index serves both directions. The id is never null;
it is ordered without a word about nulls, which is what the primary key's index can serve.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, literal, or_

from chengdan.base.errors import ChengdanError
from chengdan.base.json import dumps, loads_exact
from chengdan.kernel.field import TEXTUAL, Field, FieldType
from chengdan.kernel.record import InvalidValue, read_value


class BadCursor(ChengdanError):
    code = "QUERY-001"
    status = 422
    zh = "翻页位置无效。"
    en = "The cursor is not valid."
    hint_zh = "从第一页重新开始。"
    hint_en = "Start again from the first page."


@dataclass(frozen=True, slots=True)
class SortKey:
    """One field to sort by; `field` is None for the id."""

    name: str
    field: Field | None
    descending: bool


def order_by(keys: Sequence[SortKey], columns: Sequence[ColumnElement[Any]]) -> list[ColumnElement[Any]]:
    """The ORDER BY of `keys` over their columns."""
    return [_ordered(key, column) for key, column in zip(keys, columns, strict=True)]


def _ordered(key: SortKey, column: ColumnElement[Any]) -> ColumnElement[Any]:
    if key.field is None:
        return column.desc() if key.descending else column.asc()
    return column.desc().nulls_last() if key.descending else column.asc().nulls_first()


def after(
    keys: Sequence[SortKey], columns: Sequence[ColumnElement[Any]], values: Sequence[Any]
) -> ColumnElement[bool]:
    """Rows that come after the one with `values`."""
    ways: list[ColumnElement[bool]] = []
    equal: list[ColumnElement[bool]] = []
    for key, column, value in zip(keys, columns, values, strict=True):
        ways.append(and_(*equal, _beyond(key, column, value)))
        equal.append(column.is_(None) if value is None else column == value)
    return or_(*ways)


def _beyond(key: SortKey, column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    if isinstance(value, bool):
        value = literal(value)
    if key.name == "id":
        beyond: ColumnElement[bool] = column < value if key.descending else column > value
        return beyond
    if key.descending:
        return false() if value is None else or_(column < value, column.is_(None))
    return column.is_not(None) if value is None else column > value


def write_cursor(values: Sequence[Any]) -> str:
    """The place after a row, as an opaque text."""
    return base64.urlsafe_b64encode(dumps(list(values))).decode().rstrip("=")


def read_cursor(keys: Sequence[SortKey], text: str) -> list[Any]:
    """The values in a cursor. Raises BadCursor."""
    try:
        raw = loads_exact(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(raw, list) or len(raw) != len(keys):
            raise BadCursor(path="cursor")
        return [_read(key, value) for key, value in zip(keys, raw, strict=True)]
    except (ValueError, RecursionError, InvalidValue):
        raise BadCursor(path="cursor") from None


_PLAIN = Field("id", FieldType.REFERENCE, label=None)  # type: ignore[arg-type]


def _read(key: SortKey, value: Any) -> Any:
    """The value of one key, strictly: a cursor may come from anybody."""
    if key.field is None:
        if value is None:
            raise BadCursor(path="cursor")
        return read_value(_PLAIN, value)
    type = key.field.stored_type
    type = FieldType.LONG_TEXT if type in TEXTUAL or type is FieldType.SELECT else type
    return read_value(Field(key.name, type, key.field.label, digits=10), value)
