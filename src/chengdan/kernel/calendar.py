"""Working days and working hours: which days are worked, and how far apart two instants are in working time."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chengdan.base.errors import ChengdanError

MAX_SPAN_DAYS = 3_660
"""The furthest a date or deadline is moved, in working days."""

SHANGHAI = ZoneInfo("Asia/Shanghai")


class CalendarSpanTooLong(ChengdanError):
    """A date or deadline would be moved further than calendars reach."""

    code = "CALENDAR-001"
    status = 422
    zh = "最多只能推算 {limit} 个工作日。"
    en = "A date can be moved by at most {limit} working days."


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """The working days and the working hours of one place.

    `days` are the official days, each worked or not; any other day is worked from Monday to Friday. Hours run from
    `opens` to `closes` on every working day, by the clock of `zone`; a clock change inside them is not counted.
    """

    days: Mapping[date, bool] = field(default_factory=dict)
    zone: ZoneInfo = SHANGHAI
    opens: time = time(9)
    closes: time = time(18)
    _exceptions: tuple[int, ...] = field(init=False, repr=False, compare=False)
    _balance: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("a working day must open before it closes")
        exceptions = [day for day in sorted(self.days) if self.days[day] != _is_weekday(day)]
        balance = [0]
        for day in exceptions:
            balance.append(balance[-1] + (1 if self.days[day] else -1))
        object.__setattr__(self, "_exceptions", tuple(day.toordinal() for day in exceptions))
        object.__setattr__(self, "_balance", tuple(balance))

    @property
    def day_length(self) -> timedelta:
        """The working time of one working day."""
        return _since_midnight(self.closes) - _since_midnight(self.opens)

    def official(self, day: date) -> bool:
        """Whether `day` is in the official calendar; otherwise Monday to Friday is an assumption pages should admit."""
        return day in self.days

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked."""
        known = self.days.get(day)
        return _is_weekday(day) if known is None else known

    def opening(self, day: date) -> datetime:
        """The instant (in UTC) when working hours would begin on `day`, worked or not."""
        return datetime.combine(day, self.opens, self.zone).astimezone(UTC)

    def working_days_between(self, first: date, second: date) -> int:
        """How many working days d there are with first < d <= second; negative when `second` comes before `first`."""
        return self._worked_until(second.toordinal()) - self._worked_until(first.toordinal())

    def add_working_days(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, or before it where `count` is negative; `day` itself for 0.

        Raises `CalendarSpanTooLong` over 3,660 days.
        """
        if count == 0:
            return day
        ordinal = day.toordinal()
        if count > 0:
            return self._reaching(ordinal, self._worked_until(ordinal) + count)
        return self._reaching(ordinal, self._worked_until(ordinal - 1) + count + 1)

    def working_time_between(self, first: datetime, second: datetime) -> timedelta:
        """The working time from `first` to `second`, both aware; negative when `second` comes before `first`."""
        return self._position(second) - self._position(first)

    def add_working_time(self, instant: datetime, duration: timedelta) -> datetime:
        """The earliest instant (in UTC) by which `duration` of working time has passed since `instant`.

        So a day's work from 09:00 ends at 18:00, and none ends at once, at night too. Raises `CalendarSpanTooLong` over
        3,660 working days, and ValueError for a negative duration or a naive instant.
        """
        if duration < timedelta(0):
            raise ValueError("working time can't be added backwards")
        position = self._position(instant)
        if not duration:
            return instant.astimezone(UTC)
        whole, part = divmod(position + duration, self.day_length)
        if not part:
            whole, part = whole - 1, self.day_length
        start = instant.astimezone(self.zone).toordinal()
        day = self._reaching(start, whole + 1)
        local = datetime.combine(day, time(), self.zone) + _since_midnight(self.opens) + part
        return local.astimezone(UTC)

    def _position(self, instant: datetime) -> timedelta:
        """All working time of all days up to `instant`."""
        if instant.tzinfo is None:
            raise ValueError("an instant must have a time zone")
        local = instant.astimezone(self.zone)
        position = self._worked_until(local.toordinal() - 1) * self.day_length
        if self.is_working(local.date()):
            passed = _since_midnight(local.time()) - _since_midnight(self.opens)
            position += min(max(passed, timedelta(0)), self.day_length)
        return position

    def _worked_until(self, ordinal: int) -> int:
        """How many days are worked up to and including the one with that ordinal; ordinal 1 is a Monday."""
        weeks, rest = divmod(ordinal, 7)
        return weeks * 5 + min(rest, 5) + self._balance[bisect_right(self._exceptions, ordinal)]

    def _reaching(self, start: int, target: int) -> date:
        """The first day up to which `target` days are worked, at most 3,660 working days from `start`."""
        ahead = target - self._worked_until(start)
        reach = 2 * MAX_SPAN_DAYS
        low = max(start - reach, 1)
        high = min(start + reach, date.max.toordinal())
        ordinal = low + bisect_left(range(low, high + 1), target, key=self._worked_until)
        if abs(ahead) > MAX_SPAN_DAYS or not low <= ordinal <= high or self._worked_until(low) > target:
            raise CalendarSpanTooLong(limit=MAX_SPAN_DAYS)
        return date.fromordinal(ordinal)


def _is_weekday(day: date) -> bool:
    return day.weekday() < 5


def _since_midnight(clock: time) -> timedelta:
    return timedelta(
        hours=clock.hour, minutes=clock.minute, seconds=clock.second, microseconds=clock.microsecond
    )
