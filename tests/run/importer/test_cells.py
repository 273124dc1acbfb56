from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chengdan.base.label import Label
from chengdan.kernel.field import Field, FieldType, Option
from chengdan.kernel.record import InvalidValue, read_value
from chengdan.run.importer.cells import Reading, as_text, reader_of, split
from chengdan.run.tabular import Cell

READING = Reading(ZoneInfo("Asia/Shanghai"))
TIERS = (
    Option("a", Label("战略", "Strategic")),
    Option("b", Label("普通", "Regular")),
    Option("c", Label("普通", "Long tail")),
)


def read(kind: FieldType, cell: Cell, **more: Any) -> Any:
    return reader_of(Field("f", kind, Label("字段", "Field"), **more), READING)(cell)


@pytest.mark.parametrize("cell", ["是", "Yes", "TRUE", "1", "√", True, Decimal(1)])
def test_yes_in_many_words(cell: Cell) -> None:
    assert read(FieldType.BOOLEAN, cell) is True


@pytest.mark.parametrize("cell", ["a", "A", "战略", "strategic"])
def test_an_option_is_named_by_value_or_label(cell: str) -> None:
    assert read(FieldType.SELECT, cell, options=TIERS) == "a"


def test_a_label_that_two_options_share_is_refused() -> None:
    with pytest.raises(InvalidValue) as refused:
        read(FieldType.SELECT, "普通", options=TIERS)
    assert refused.value.path == "f"
    assert refused.value.message("en") == "Field is not valid: `普通` stands for more than one option"


def test_several_options_are_listed_in_one_cell() -> None:
    assert read(FieldType.MULTI_SELECT, "战略；Long tail", options=TIERS) == ["a", "c"]


@pytest.mark.parametrize(
    ("kind", "cell", "raw"),
    [
        (FieldType.MONEY, "3.5万", Decimal(35000)),
        (FieldType.MONEY, "$90", {"amount": Decimal(90), "currency": "USD"}),
        (FieldType.PERCENT, "15%", Decimal(15)),
        (FieldType.DECIMAL, "15%", Decimal("0.15")),
        (FieldType.INTEGER, "1,200", Decimal(1200)),
        (FieldType.TEXT, Decimal("13800000000"), "13800000000"),
        (FieldType.TEXT, "  two  words ", "two  words"),
        (FieldType.DATE, datetime(2026, 1, 31), date(2026, 1, 31)),  # noqa: DTZ001
        (FieldType.LOCATION, "31.2, 121.5", {"lat": 31.2, "lng": 121.5}),
        (FieldType.LOCATION, "上海市徐汇区", {"address": "上海市徐汇区"}),
        (FieldType.REFERENCES, "甲；乙", ["甲", "乙"]),
        (FieldType.JSON, '{"a": 1}', {"a": 1}),
    ],
)
def test_cells_become_raw_values_of_their_field(kind: FieldType, cell: Cell, raw: Any) -> None:
    assert read(kind, cell) == raw


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (FieldType.INTEGER, "15%"),
        (FieldType.INTEGER, "$5"),
        (FieldType.INTEGER, "1,23"),
        (FieldType.BOOLEAN, "maybe"),
        (FieldType.DATE, Decimal(46053)),
        (FieldType.DATE, datetime(2026, 1, 31, 9, 0)),  # noqa: DTZ001
        (FieldType.SELECT, "普通"),
        (FieldType.FILE, "a.pdf"),
        (FieldType.JSON, "{"),
    ],
)
def test_cells_that_do_not_fit_are_refused_with_their_field(kind: FieldType, cell: Cell) -> None:
    with pytest.raises(InvalidValue) as refused:
        read(kind, cell, options=TIERS)
    assert refused.value.path == "f"


def test_an_unknown_option_is_left_for_the_intake_to_refuse() -> None:
    field = Field("f", FieldType.SELECT, Label("字段", "Field"), options=TIERS)
    with pytest.raises(InvalidValue):
        read_value(field, reader_of(field, READING)("unknown"))


def test_cells_as_text_are_what_a_sheet_shows() -> None:
    cells: list[Cell] = [None, True, Decimal("1.50"), 7, date(2026, 1, 31), datetime(2026, 1, 31, 9, 5)]  # noqa: DTZ001
    assert [as_text(cell) for cell in cells] == ["", "TRUE", "1.50", "7", "2026-01-31", "2026-01-31 09:05:00"]


def test_lists_in_a_cell_are_split_at_semicolons_commas_bars_and_lines() -> None:
    assert split(" a;b；c、d|e\nf ;; ") == ["a", "b", "c", "d", "e", "f"]
