"""Dates, datetimes and durations by the law in `types`. Datetimes are aware and in UTC inside. Never raises, except
for `parse_date` and `parse_datetime`, which read literals and raise ValueError."""

import calendar as months
from datetime import UTC, date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Protocol

from chengdan.expr import numbers
from chengdan.expr.numbers import Number

FIRST = date(1, 1, 2)
LAST = date(9999, 12, 30)
FIRST_INSTANT = datetime(1, 1, 2, tzinfo=UTC)
LAST_INSTANT = datetime(9999, 12, 30, tzinfo=UTC)
MAX_DURATION_DAYS = 10_000_000
MAX_MONTHS = 12_000
MAX_WORKING_SPAN = 3_660

_MICRO = timedelta(microseconds=1)
_DAY = timedelta(days=1)
_MAX_MICROS = MAX_DURATION_DAYS * 86_400_000_000


class Calendar(Protocol):
    """Which days are worked."""

    def is_working(self, day: date) -> bool:
        """Whether `day` is a working day."""
        ...


def parse_date(text: str) -> date:
    """The date written `2026-01-31`."""
    return _checked(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date())


def parse_datetime(text: str) -> datetime:
    """The instant written `2026-01-31T09:00:00+08:00`; the offset is required."""
    value = datetime.fromisoformat(text)
    if value.tzinfo is None:
        raise ValueError(text)
    value = value.astimezone(UTC)
    if not FIRST_INSTANT < value < LAST_INSTANT:
        raise ValueError(text)
    return value


def _checked(day: date) -> date:
    if not FIRST < day < LAST:
        raise ValueError(day)
    return day


def utc(instant: datetime) -> datetime:
    """`instant` in UTC."""
    return instant if instant.tzinfo is UTC else instant.astimezone(UTC)


def micros(duration: timedelta) -> int:
    """`duration` in microseconds, exact."""
    return (duration.days * 86_400 + duration.seconds) * 1_000_000 + duration.microseconds


def duration(length: int) -> timedelta | None:
    """The duration of `length` microseconds."""
    return timedelta(microseconds=length) if -_MAX_MICROS < length < _MAX_MICROS else None


def spell(amount: Number, seconds: int) -> timedelta | None:
    """`amount` times a unit of `seconds`, rounded to the microsecond."""
    return scaled(timedelta(seconds=seconds), amount)


def scaled(span: timedelta, factor: Number) -> timedelta | None:
    """`span * factor`, rounded to the microsecond."""
    exact = numbers.exact_product(micros(span), factor)
    length = numbers.rounded(exact, 0)
    return None if length is None else duration(int(length))


def shared(span: timedelta, divisor: Number) -> timedelta | None:
    """`span / divisor`, rounded to the microsecond."""
    length = numbers.quotient(micros(span), divisor, 0)
    return None if length is None else duration(int(length))


def ratio(left: timedelta, right: timedelta) -> Decimal | None:
    """`left / right` as a number."""
    return numbers.divide(micros(left), micros(right))


def total(spans: list[timedelta]) -> timedelta | None:
    """The sum of `spans`."""
    return duration(sum(map(micros, spans)))


def add_duration(left: timedelta, right: timedelta) -> timedelta | None:
    """`left + right`."""
    return duration(micros(left) + micros(right))


def subtract_duration(left: timedelta, right: timedelta) -> timedelta | None:
    """`left - right`."""
    return duration(micros(left) - micros(right))


def shift_date(day: date, span: timedelta) -> date | None:
    """The day that midnight of `day` falls on after `span`."""
    return shifted(day, span // _DAY)


def shift_date_back(day: date, span: timedelta) -> date | None:
    """The day that midnight of `day` falls on, `span` earlier."""
    return shifted(day, -span // _DAY)


def shifted(day: date, days: int) -> date | None:
    """`day` and `days` more."""
    ordinal = day.toordinal() + days
    return date.fromordinal(ordinal) if FIRST.toordinal() < ordinal < LAST.toordinal() else None


def shift_datetime(instant: datetime, span: timedelta) -> datetime | None:
    """`instant + span`."""
    try:
        result = instant + span
    except OverflowError:
        return None
    return result if FIRST_INSTANT < result < LAST_INSTANT else None


def shift_datetime_back(instant: datetime, span: timedelta) -> datetime | None:
    """`instant - span`."""
    return shift_datetime(instant, -span)


def add_months(day: date, count: Number) -> date | None:
    """`day` moved by whole months (at most 12,000), to the last day of the month where it is too short."""
    if not -MAX_MONTHS - 1 < count < MAX_MONTHS + 1:
        return None
    year, month = divmod(day.year * 12 + day.month - 1 + int(count), 12)
    if not 1 <= year <= 9999:
        return None
    moved = date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))
    return moved if FIRST < moved < LAST else None


def days_between(first: date, second: date) -> Decimal:
    """The days from `first` to `second`."""
    return Decimal(second.toordinal() - first.toordinal())


def local_date(instant: datetime, zone: tzinfo) -> date:
    """The date of `instant` in `zone`."""
    return instant.astimezone(zone).date()


def start_of_week(day: date) -> date | None:
    """The Monday of the week of `day`."""
    return shifted(day, -day.weekday())


def start_of_month(day: date) -> date | None:
    """The first of the month of `day`."""
    return shifted(day.replace(day=1), 0)


def start_of_quarter(day: date) -> date | None:
    """The first day of the quarter of `day`."""
    return shifted(day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1), 0)


def start_of_year(day: date) -> date | None:
    """The first of January of the year of `day`."""
    return shifted(day.replace(month=1, day=1), 0)


def is_working(day: date, calendar: Calendar | None) -> bool:
    """Whether `day` is worked: as `calendar` says, else Monday to Friday."""
    return day.weekday() < 5 if calendar is None else calendar.is_working(day)


def working_days_between(first: date, second: date, calendar: Calendar | None) -> Decimal | None:
    """The working days after `first` up to and including `second`, negative backwards; None over 3,660 days."""
    if abs(second.toordinal() - first.toordinal()) > MAX_WORKING_SPAN:
        return None
    early, late = sorted((first.toordinal(), second.toordinal()))
    count = sum(is_working(date.fromordinal(day), calendar) for day in range(early + 1, late + 1))
    return Decimal(count if second >= first else -count)


def add_working_days(day: date, count: Number, calendar: Calendar | None) -> date | None:
    """The day reached after `count` whole working days, backwards if negative; None when over 3,660 days away."""
    left = abs(int(count))
    step = 1 if count > 0 else -1
    current = day
    for _ in range(MAX_WORKING_SPAN):
        if not left:
            return current
        following = shifted(current, step)
        if following is None:
            return None
        current = following
        left -= is_working(current, calendar)
    return None if left else current


def mean(spans: list[timedelta]) -> timedelta | None:
    """The sum of at least one span over their count, rounded to the microsecond."""
    length = numbers.quotient(sum(map(micros, spans)), len(spans), 0)
    return None if length is None else duration(int(length))
