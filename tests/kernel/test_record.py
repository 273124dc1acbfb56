"""Input is read strictly: what a field can hold comes out as its value, everything else is refused with the field."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengdan.base.json import dumps
from chengdan.base.label import Label
from chengdan.kernel.field import DERIVED, Field, FieldType, Option
from chengdan.kernel.record import InvalidValue, read_currency, read_value

LABEL = Label("栏", "Field")
ID = "01a20e3a-b638-7dc4-908f-3bc5cae13510"
WRITABLE = sorted(set(FieldType) - DERIVED)
OPTIONS = (Option("a", Label("甲", "A")), Option("b", Label("乙", "B")))


def field(type: FieldType, **more: Any) -> Field:
    return Field("f", type, LABEL, options=OPTIONS, **more)


@pytest.mark.parametrize(
    ("type", "raw", "value"),
    [
        ("text", "客户", "客户"),
        ("text", "", None),
        ("text", " \u3000\n", None),
        ("text", "\u200b\ufeff", None),
        ("text", " x ", " x "),
        ("text", None, None),
        ("text", "x" * 500, "x" * 500),
        ("long_text", "两行\n字", "两行\n字"),
        ("integer", 7, 7),
        ("integer", "7", 7),
        ("integer", 7.0, 7),
        ("integer", "-1,234,567", -1234567),
        ("integer", "１２", 12),
        ("decimal", 0.1, Decimal("0.10")),
        ("decimal", " 12.5 ", Decimal("12.50")),
        ("decimal", "1e3", Decimal("1000.00")),
        ("decimal", Decimal("999999999999999999"), Decimal("999999999999999999.00")),
        ("money", "1,234.56", Decimal("1234.56")),
        ("percent", 12, Decimal("12.00")),
        ("boolean", True, True),
        ("boolean", False, False),
        ("date", "2026-01-31", date(2026, 1, 31)),
        ("date", date(2026, 1, 31), date(2026, 1, 31)),
        ("datetime", "2026-01-31T09:00:00+08:00", datetime(2026, 1, 31, 1, tzinfo=UTC)),
        ("datetime", "2026-01-31T01:00:00Z", datetime(2026, 1, 31, 1, tzinfo=UTC)),
        ("duration", 90, timedelta(seconds=90)),
        ("duration", 0.5, timedelta(milliseconds=500)),
        ("duration", Decimal("1.25"), timedelta(seconds=1.25)),
        ("select", "a", "a"),
        ("multi_select", ["b", "a", "b"], ["b", "a"]),
        ("multi_select", [], None),
        ("reference", ID, UUID(ID)),
        ("user", UUID(ID), UUID(ID)),
        ("references", [ID, ID.upper()], [ID]),
        ("file", ID, [ID]),
        ("files", [ID], [ID]),
        ("location", {"lat": 31.23, "lng": 121.47, "address": "上海"}, {"lat": 31.23, "lng": 121.47, "address": "上海"}),
        ("location", {"lat": Decimal("31.23"), "lng": None}, {"lat": Decimal("31.23")}),
        ("phone", "+86 21 5888-1234", "+86 21 5888-1234"),
        ("email", "li@example.com.cn", "li@example.com.cn"),
        ("url", "https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("json", {"a": [1, None, "乙"]}, {"a": [1, None, "乙"]}),
        ("json", [1, 2], [1, 2]),
        ("json", r"a \x00 b", r"a \x00 b"),
        ("json", False, False),
    ],
)  # fmt: skip
def test_reads(type: str, raw: Any, value: Any) -> None:
    found = read_value(field(FieldType(type)), raw)
    assert found == value
    assert found.__class__ is value.__class__


@pytest.mark.parametrize(
    ("type", "raw"),
    [
        ("text", 5),
        ("text", ["a"]),
        ("text", "x" * 501),
        ("text", "a\x00b"),
        ("text", "a\ud800b"),
        ("integer", 1.5),
        ("integer", "1.5"),
        ("integer", "七"),
        ("integer", True),
        ("integer", 10**18),
        ("decimal", 0.001),
        ("decimal", "1,5"),
        ("decimal", "1,23,456"),
        ("decimal", "1_000"),
        ("decimal", "."),
        ("decimal", "NaN"),
        ("decimal", "Infinity"),
        ("decimal", float("nan")),
        ("decimal", float("-inf")),
        ("decimal", Decimal("sNaN")),
        ("decimal", "1e999"),
        ("decimal", {"amount": 5}),
        ("boolean", 1),
        ("boolean", "true"),
        ("date", "31.01.2026"),
        ("date", "2026-02-30"),
        ("date", datetime(2026, 1, 31, tzinfo=UTC)),
        ("date", 20260131),
        ("datetime", "2026-01-31T09:00:00"),
        ("datetime", "2026-01-31"),
        ("datetime", "0001-01-01T00:00:00+14:00"),
        ("datetime", 1_700_000_000),
        ("duration", "90"),
        ("duration", True),
        ("duration", float("nan")),
        ("duration", 10**12),
        ("select", "c"),
        ("select", ["a"]),
        ("multi_select", "a"),
        ("multi_select", ["a", "c"]),
        ("multi_select", [["a"]]),
        ("multi_select", ["a"] * 201),
        ("reference", "not-an-id"),
        ("reference", 5),
        ("reference", [ID]),
        ("references", ID),
        ("file", [ID, "01a20e3a-b638-7dc4-908f-3bc5cae13511"]),
        ("file", 5),
        ("signature", "scan.png"),
        ("location", {"lat": 91, "lng": 0}),
        ("location", {"lat": float("nan"), "lng": 0}),
        ("location", {"lat": "31", "lng": 0}),
        ("location", {"latitude": 31}),
        ("location", [31, 121]),
        ("phone", "call me"),
        ("phone", "1"),
        ("email", "li@example"),
        ("email", "li li@example.com"),
        ("url", "javascript:alert(1)"),
        ("url", "ftp://example.com"),
        ("json", "a\x00b"),
        ("json", {"a\x00": 1}),
        ("json", "\ud800"),
        ("json", 10**30),
        ("json", ["x" * 100_001]),
    ],
)
def test_refuses(type: str, raw: Any) -> None:
    with pytest.raises(InvalidValue) as refusal:
        read_value(field(FieldType(type)), raw)
    assert refusal.value.path == "f"
    assert refusal.value.code == "VALUE-001"
    assert refusal.value.message("en").startswith("Field is not valid: ")
    assert refusal.value.message("zh-CN").startswith("“栏”填得不对：")


def test_keeps_within_bounds_and_digits() -> None:
    price = field(FieldType.DECIMAL, minimum="0", maximum="100", digits=1)
    assert read_value(price, "100.0") == Decimal("100.0")
    assert read_value(price, 0) == Decimal("0.0")
    for raw in ("100.1", "-0.1", "0.05"):
        with pytest.raises(InvalidValue):
            read_value(price, raw)
    assert read_value(field(FieldType.TEXT, max_length=3), "三个字") == "三个字"
    with pytest.raises(InvalidValue):
        read_value(field(FieldType.TEXT, max_length=3), "四个字了")


def test_reads_currencies() -> None:
    money = field(FieldType.MONEY, currency="USD")
    assert (read_currency(money, None), read_currency(money, ""), read_currency(money, "JPY")) == (
        "USD",
        "USD",
        "JPY",
    )
    for raw in ("usd", "US", "USDT", 5, ["USD"]):
        with pytest.raises(InvalidValue):
            read_currency(money, raw)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)


@given(st.sampled_from(WRITABLE), JSON)
def test_anything_at_all_is_read_or_refused(type: FieldType, raw: Any) -> None:
    try:
        value = read_value(field(type), raw)
    except InvalidValue:
        return
    dumps(value)


@given(st.sampled_from(WRITABLE), st.text(st.characters(codec=None, categories=None), max_size=40))
def test_any_text_is_read_or_refused(type: FieldType, raw: str) -> None:
    try:
        value = read_value(field(type), raw)
    except InvalidValue:
        return
    dumps(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**15), max_value=10**15))
def test_a_number_comes_back_to_the_last_digit(value: Decimal) -> None:
    money = field(FieldType.MONEY)
    assert read_value(money, value) == value
    assert read_value(money, f"{value:,}") == value
    assert read_value(money, str(value)) == value
