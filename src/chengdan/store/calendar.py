"""The official Chinese calendar of working days, as far as the State Council has announced it, to fill the table with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar  # type: ignore[import-untyped]

from chengdan.base.label import Label


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One official day: is it worked, and the holiday it belongs to (also for the weekend worked in exchange, 调休)."""

    day: date
    working: bool
    name: Label | None


def seed_rows(first_year: int, last_year: int) -> Iterator[CalendarDay]:
    """Every official day from `first_year` to `last_year`, in order; a year that isn't announced yet has none."""
    for year in range(first_year, last_year + 1):
        day = date(year, 1, 1)
        while day.year == year:
            try:
                resting, holiday = chinese_calendar.get_holiday_detail(day)
            except NotImplementedError:
                break
            yield CalendarDay(day, not resting, _name(holiday, resting))
            day += timedelta(days=1)


def _name(holiday: str | None, resting: bool) -> Label | None:
    if holiday is None:
        return None
    known = chinese_calendar.Holiday(holiday)
    if resting:
        return Label(known.chinese, known.value)
    return Label(f"{known.chinese}调休上班", f"Worked in exchange for {known.value}")
