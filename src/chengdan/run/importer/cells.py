"""Cells become raw values: what a table says in words, as the field's intake takes it. Pure; references are left as text."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from chengdan.base.label import Label
from chengdan.kernel.field import FILE_TYPES, NUMERIC, TEXTUAL, Field, FieldType
from chengdan.kernel.record import InvalidValue
from chengdan.run.importer.amounts import read_amount
from chengdan.run.importer.moments import (
    HAS_TIME,
    NOT_A_DATE,
    NOT_A_DURATION,
    NOT_AN_INSTANT,
    Unreadable,
    from_wall_clock,
    read_date,
    read_duration,
    read_instant,
)
from chengdan.run.tabular import Cell

Reader = Callable[[Cell], Any]
YES = frozenset({"是", "真", "对", "有", "yes", "y", "true", "t", "1", "√", "✓", "✔"})
NO = frozenset({"否", "假", "错", "无", "no", "n", "false", "f", "0", "×", "✗", "✘"})
SEPARATORS = ";；、|\n"


@dataclass(frozen=True, slots=True)
class Reading:
    """How the importer writes: the zone of wall clocks, and what 03/04/2026 means."""

    zone: ZoneInfo
    dates: str = ""


def reader_of(field: Field, reading: Reading) -> Reader:
    """A function from a filled cell to the raw value of `field`. It raises InvalidValue with the field as its path."""
    read = _readers(field, reading)

    def guarded(cell: Cell) -> Any:
        try:
            return read(cell)
        except Unreadable as unreadable:
            raise InvalidValue(path=field.name, label=field.label, why=unreadable.why) from None

    return guarded


def as_text(cell: Cell) -> str:
    """A cell as the text that its column shows; empty for a blank one."""
    match cell:
        case None:
            return ""
        case str():
            return cell.strip()
        case bool():
            return "TRUE" if cell else "FALSE"
        case Decimal():
            return f"{cell:f}"
        case datetime() if cell.time() == time():
            return cell.date().isoformat()
        case datetime():
            return cell.isoformat(" ")
        case _:
            return str(cell)


def instant_of(reading: Reading, cell: Cell) -> datetime:
    """The instant that a cell says; without an offset it is a wall clock in the zone of the reading. Raises Unreadable."""
    if isinstance(cell, datetime):
        return cell if cell.tzinfo is not None else from_wall_clock(cell, reading.zone)
    if isinstance(cell, date):
        return from_wall_clock(datetime.combine(cell, time()), reading.zone)
    if not isinstance(cell, str):
        raise Unreadable(NOT_AN_INSTANT)
    return read_instant(cell, reading.zone, reading.dates)


def split(text: str) -> list[str]:
    """The parts of a cell that lists several things."""
    for separator in SEPARATORS[1:]:
        text = text.replace(separator, SEPARATORS[0])
    return [part.strip() for part in text.split(SEPARATORS[0]) if part.strip()]


def _readers(field: Field, reading: Reading) -> Reader:
    kind = field.type
    if kind in NUMERIC:
        return partial(_number, field)
    if kind in TEXTUAL:
        return as_text
    if kind in FILE_TYPES:
        return _refuse_file
    match kind:
        case FieldType.BOOLEAN:
            return _boolean
        case FieldType.DATE:
            return partial(_date, reading)
        case FieldType.DATETIME:
            return partial(instant_of, reading)
        case FieldType.DURATION:
            return _duration
        case FieldType.SELECT:
            return partial(_option, options_by_word(field))
        case FieldType.MULTI_SELECT:
            return partial(_options, options_by_word(field))
        case FieldType.REFERENCES:
            return lambda cell: split(as_text(cell))
        case FieldType.LOCATION:
            return _location
        case FieldType.JSON:
            return _json
        case _:
            return as_text


def _number(field: Field, cell: Cell) -> Any:
    if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return cell
    amount = read_amount(cell) if isinstance(cell, str) else None
    if amount is None:
        raise Unreadable(Label("应是数字", "a number is expected"))
    if amount.currency and field.type is not FieldType.MONEY:
        raise Unreadable(Label("不是金额字段，不能带币种", "it is no amount of money, so no currency"))
    if amount.percent and field.type is FieldType.DECIMAL:
        return amount.value / 100
    if amount.percent and field.type is not FieldType.PERCENT:
        raise Unreadable(Label("不能是百分数", "it can't be a percentage"))
    if amount.currency:
        return {"amount": amount.value, "currency": amount.currency}
    return amount.value


def _boolean(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    word = as_text(cell).casefold()
    if word not in YES | NO:
        raise Unreadable(Label("应是 是 或 否", "yes or no is expected"))
    return word in YES


def _date(reading: Reading, cell: Cell) -> date:
    if isinstance(cell, datetime):
        if cell.time() != time():
            raise Unreadable(HAS_TIME)
        return cell.date()
    if isinstance(cell, date):
        return cell
    if not isinstance(cell, str):
        raise Unreadable(NOT_A_DATE)
    return read_date(cell, reading.dates)


def _duration(cell: Cell) -> Any:
    if isinstance(cell, (int, Decimal)) and not isinstance(cell, bool):
        return float(cell)
    if not isinstance(cell, str):
        raise Unreadable(NOT_A_DURATION)
    return float(cell) if cell.strip().isdecimal() else read_duration(cell)


def options_by_word(field: Field) -> Mapping[str, str | None]:
    """The options of a select by value and by either label, in any case; None for a word that two options share."""
    words: dict[str, str | None] = {}
    for option in field.options:
        for word in {option.label.zh.casefold(), option.label.en.casefold()}:
            words[word] = option.value if words.get(word, option.value) == option.value else None
    words.update({option.value.casefold(): option.value for option in field.options})
    words.update({option.value: option.value for option in field.options})
    return words


def _option(words: Mapping[str, str | None], cell: Cell) -> str:
    text = as_text(cell)
    found = words.get(text, words.get(text.casefold(), text))
    if found is None:
        raise Unreadable(Label(f"“{text}”对应不止一个选项", f"`{text}` stands for more than one option"))
    return found


def _options(words: Mapping[str, str | None], cell: Cell) -> list[str]:
    text = as_text(cell)
    whole = words.get(text) or words.get(text.casefold())
    if whole is not None:
        return [whole]
    return [_option(words, part) for part in split(text.replace(",", ";").replace("，", ";"))]


def _location(cell: Cell) -> dict[str, Any]:
    text = as_text(cell)
    parts = [read_amount(part) for part in text.replace("，", ",").split(",")]
    if len(parts) == 2 and parts[0] is not None and parts[1] is not None:
        return {"lat": float(parts[0].value), "lng": float(parts[1].value)}
    return {"address": text}


def _json(cell: Cell) -> Any:
    try:
        return orjson.loads(as_text(cell))
    except orjson.JSONDecodeError:
        raise Unreadable(Label("应是 JSON", "JSON is expected")) from None


def _refuse_file(_: Cell) -> Any:
    raise Unreadable(Label("文件不能通过表格导入", "files can't come in through a table"))
