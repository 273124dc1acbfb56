"""Exports: a list as a CSV file or workbook, in the words of the screen, with no more than its viewer may see."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from chengdan.base.errors import Locale
from chengdan.base.json import dumps_text, loads_exact
from chengdan.kernel.access import Principal
from chengdan.kernel.field import Field, FieldType, currency_column
from chengdan.run.errors import TooMany
from chengdan.run.holding import object_of, require
from chengdan.run.jobs import locale_of
from chengdan.run.read import MAX_LIMIT, ListQuery, list_records, visible_fields
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import Cell, TableFormat, write_table
from chengdan.store.unit import Unit

MAX_ROWS = 200_000
REFERRING = (FieldType.REFERENCE, FieldType.USER)
_YES_NO = {"zh-CN": ("是", "否"), "en": ("Yes", "No")}
_CURRENCY = {"zh-CN": "（币种）", "en": " (currency)"}
Show = Callable[[Any], Cell]
Watch = Callable[[int], None]
Column = tuple[str, str, Show]
"""A column of an export: its header, the key of its value in the record, and how that value is shown."""


def export_table(
    runtime: Runtime,
    principal: Principal,
    query: ListQuery,
    path: Path,
    format: TableFormat,
    max_rows: int = MAX_ROWS,
    watch: Watch = lambda rows: None,
) -> int:
    """Write the records of a list to `path`, page by page; the number of rows. The query's limit and cursor don't count.
    `watch` is told after every page how many rows there are so far, and may raise to stop.

    Raises NotPermitted, TooMany beyond `max_rows`, and what `read.list_records` raises; then no file is left.
    """
    with runtime.reader(principal) as reader:
        require(reader, "export")
        reader.work.reading = "export"
        columns = columns_of(reader, query)
        headers = [header for header, _, _ in columns]
        zone = ZoneInfo(principal.time_zone)
        rows = _rows(reader, query, columns, max_rows, watch)
        return write_table(path, headers, rows, format=format, zone=zone)


def columns_of(reader: Unit, query: ListQuery) -> list[Column]:
    """The columns of an export: the fields asked for, in that order, else all that are visible. Raises UnknownField."""
    item, access = object_of(reader, query.object)
    names = visible_fields(item, access, query.fields)
    if query.fields:
        names = tuple(name for name in query.fields if name in names)
    locale = locale_of(reader.principal)
    columns: list[Column] = []
    for field in (item.by_name[name] for name in names):
        label = field.label.text(locale)
        columns.append((label, field.name, _show(field, locale)))
        if field.type is FieldType.MONEY:
            columns.append((label + _CURRENCY[locale], currency_column(field.name), lambda value: value))
    return columns


def _rows(
    reader: Unit, query: ListQuery, columns: Sequence[Column], max_rows: int, watch: Watch
) -> Iterator[list[Cell]]:
    fields = reader.snapshot.objects[query.object].by_name
    named = tuple(key for _, key, _ in columns if key in fields and fields[key].type in REFERRING)
    asked = replace(query, limit=MAX_LIMIT, cursor="", expand=named)
    count = 0
    while True:
        page = list_records(reader, asked)
        count += len(page.items)
        if count > max_rows:
            raise TooMany(limit=max_rows)
        for text in page.items:
            record = loads_exact(text)
            yield [show(record[key]) for _, key, show in columns]
        watch(count)
        if page.next_cursor is None:
            return
        asked = replace(asked, cursor=page.next_cursor)


def _show(field: Field, locale: Locale) -> Show:
    """How a value of `field` is shown in a cell."""
    match field.stored_type:
        case FieldType.REFERENCE | FieldType.USER:
            return _label
        case FieldType.SELECT:
            return partial(_option, {option.value: option.label.text(locale) for option in field.options})
        case FieldType.MULTI_SELECT:
            return partial(_options, {option.value: option.label.text(locale) for option in field.options})
        case FieldType.BOOLEAN:
            yes, no = _YES_NO[locale]
            return lambda value: None if value is None else yes if value else no
        case FieldType.DATE:
            return lambda value: None if value is None else date.fromisoformat(value)
        case FieldType.DATETIME:
            return lambda value: None if value is None else datetime.fromisoformat(value)
        case FieldType.DURATION:
            return _duration
        case FieldType.LOCATION:
            return _place
        case _:
            return _plain


def _label(value: Any) -> Cell:
    return None if value is None else str(value["label"] or "")


def _option(labels: Mapping[str, str], value: str | None) -> Cell:
    return None if value is None else labels.get(value, value)


def _options(labels: Mapping[str, str], value: Sequence[str] | None) -> Cell:
    return "; ".join(labels.get(one, one) for one in value or ())


def _duration(value: Any) -> Cell:
    if value is None:
        return None
    minutes, seconds = divmod(int(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _place(value: Any) -> Cell:
    if not value:
        return None
    if value.get("address"):
        return str(value["address"])
    return f"{value.get('lat')}, {value.get('lng')}"


def _plain(value: Any) -> Cell:
    match value:
        case None | str() | bool() | int() | Decimal():
            return value
        case list():
            return "; ".join(map(str, value))
        case _:
            return dumps_text(value)
