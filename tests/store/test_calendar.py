"""The official calendar: days everybody in China remembers, and where it ends."""

from datetime import date

import pytest

from chengdan.base.label import Label
from chengdan.kernel.calendar import WorkCalendar
from chengdan.store.calendar import CalendarDay, seed_rows

DAYS = {row.day: row for row in seed_rows(2023, 2026)}


@pytest.mark.parametrize(
    ("day", "working", "zh"),
    [
        (date(2023, 1, 28), True, "春节调休上班"),
        (date(2023, 6, 25), True, "端午调休上班"),
        (date(2024, 2, 9), True, None),
        (date(2024, 2, 10), False, "春节"),
        (date(2024, 2, 18), True, "春节调休上班"),
        (date(2024, 5, 11), True, "劳动节调休上班"),
        (date(2025, 1, 26), True, "春节调休上班"),
        (date(2025, 1, 28), False, "春节"),
        (date(2025, 10, 8), False, "国庆节"),
        (date(2025, 10, 11), True, "国庆节调休上班"),
        (date(2025, 10, 12), False, None),
        (date(2026, 10, 10), True, "国庆节调休上班"),
        (date(2026, 7, 24), True, None),
    ],
)
def test_known_days(day: date, working: bool, zh: str | None) -> None:
    row = DAYS[day]

    assert row.working is working
    assert (row.name.zh if row.name else None) == zh


def test_names_are_bilingual() -> None:
    assert DAYS[date(2025, 1, 26)] == CalendarDay(
        date(2025, 1, 26), True, Label("春节调休上班", "Worked in exchange for Spring Festival")
    )


def test_covers_every_day_of_an_announced_year() -> None:
    assert [sum(row.day.year == year for row in DAYS.values()) for year in range(2023, 2027)] == [
        365,
        366,
        365,
        365,
    ]
    assert sum(row.working for row in DAYS.values() if row.day.year == 2025) == 248


def test_leaves_out_years_that_are_not_announced() -> None:
    assert list(seed_rows(2100, 2101)) == []
    assert next(iter(seed_rows(1999, 2004))).day == date(2004, 1, 1)


def test_feeds_the_calendar_of_the_kernel() -> None:
    calendar = WorkCalendar({row.day: row.working for row in DAYS.values()})

    assert calendar.add_working_days(date(2025, 9, 30), 3) == date(2025, 10, 11)
    assert calendar.official(date(2026, 12, 31))
    assert not calendar.official(date(2100, 1, 1))
