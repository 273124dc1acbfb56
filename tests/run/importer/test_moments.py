from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengdan.base.label import Label
from chengdan.run.importer.moments import (
    AMBIGUOUS,
    HAS_TIME,
    NO_SUCH_TIME,
    NOT_A_DATE,
    NOT_AN_INSTANT,
    Unreadable,
    read_date,
    read_duration,
    read_instant,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31",
        "2026/1/31",
        "2026.1.31",
        "2026年1月31日",
        "20260131",
        "1/31/2026",
        "31.1.2026",
        "Jan 31, 2026",
        "31 January 2026",
        "2026-01-31 00:00:00",
        "2026-01-31T00:00",
    ],
)
def test_a_date_is_read_in_every_common_form(text: str) -> None:
    assert read_date(text) == date(2026, 1, 31)


@given(st.dates(min_value=date(1000, 1, 1)))
def test_iso_and_chinese_dates_come_back(day: date) -> None:
    assert read_date(day.isoformat()) == day
    assert read_date(f"{day.year}年{day.month}月{day.day}日") == day


def test_an_order_settles_what_day_and_month_are() -> None:
    assert read_date("03/04/2026", "mdy") == date(2026, 3, 4)
    assert read_date("03/04/2026", "dmy") == date(2026, 4, 3)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("03/04/2026", AMBIGUOUS),
        ("2026-02-30", NOT_A_DATE),
        ("31/31/2026", NOT_A_DATE),
        ("26-01-31", NOT_A_DATE),
        ("2026-01-31 14:30", HAS_TIME),
        ("tomorrow", NOT_A_DATE),
        ("46053", NOT_A_DATE),
        ("2026年1月", NOT_A_DATE),
    ],
)
def test_what_is_no_single_day_is_refused(text: str, why: Label) -> None:
    with pytest.raises(Unreadable) as refused:
        read_date(text)
    assert refused.value.why == why


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31 14:30",
        "2026/1/31 14:30:00",
        "2026年1月31日 14时30分",
        "2026-01-31 下午2:30",
        "1/31/2026 2:30 PM",
        "2026-01-31T14:30:00+08:00",
        "2026-01-31T06:30:00Z",
    ],
)
def test_an_instant_is_a_wall_clock_unless_it_has_an_offset(text: str) -> None:
    assert read_instant(text, SHANGHAI) == datetime(2026, 1, 31, 6, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["2026-03-08 02:30", "2026-11-01 01:30"])
def test_a_wall_clock_that_never_is_or_is_twice_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_instant(text, NEW_YORK)
    assert refused.value.why == NO_SUCH_TIME


@pytest.mark.parametrize("text", ["", "14:30", "2026-01-31 25:00", "0001-01-01T00:00:00+14:00"])
def test_what_is_no_instant_is_refused(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read_instant(text, SHANGHAI)
    assert refused.value.why == NOT_AN_INSTANT


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("1小时30分", 5400), ("1.5h", 5400), ("01:30:00", 5400), ("90:00", 324000), ("2天", 172800), ("45 min", 2700)],
)  # fmt: skip
def test_durations_have_units_or_are_clocks(text: str, seconds: int) -> None:
    assert read_duration(text) == timedelta(seconds=seconds)


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    for read in (read_date, read_duration, lambda one: read_instant(one, SHANGHAI)):
        try:
            read(text)
        except Unreadable:
            continue
