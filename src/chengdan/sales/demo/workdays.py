"""The working days that the demo company's history is made of."""

from bisect import bisect_left
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import accumulate
from random import Random
from uuid import UUID

from chengdan.sdk import id_at

SHANGHAI = timezone(timedelta(hours=8))
DAY_SECONDS = 9 * 3600 + 1800
_SECONDS = tuple(timedelta(seconds=second) for second in range(DAY_SECONDS))
_PRELUDE = timedelta(days=90)
_HISTORY = timedelta(days=365)
_SLUMP = timedelta(days=110)
_SHORTEST_TODAY = timedelta(hours=2)
_MONTH_WEIGHTS = (0.9, 0.6, 1.2, 1.1, 1.0, 1.15, 0.95, 0.85, 1.15, 1.0, 1.1, 1.2)
_SPRING_FESTIVALS = {
    2024: (2, 10), 2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13),
    2030: (2, 3), 2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip


def is_holiday(day: date) -> bool:
    """Weekends and the long public holidays of China. Make-up working days are left out."""
    if day.weekday() >= 5:
        return True
    if (
        (day.month, day.day) == (1, 1)
        or (day.month == 5 and day.day <= 5)
        or (day.month == 10 and day.day <= 7)
    ):
        return True
    if day.month == 4 and day.day in (4, 5):
        return True
    festival = _SPRING_FESTIVALS.get(day.year)
    return festival is not None and -1 <= (day - date(day.year, *festival)).days <= 6


class WorkDays:
    """The working days of the 15 months up to `now`, counted from 0; history proper starts at `opening`.
    From `slump` on a step that used to be taken is mostly skipped.

    An instant is a day's index and a second of that working day (from 09:00 in Shanghai).
    """

    def __init__(self, now: datetime) -> None:
        self.now = now.astimezone(UTC)
        local = now.astimezone(SHANGHAI)
        first = (local - _HISTORY - _PRELUDE).date()
        dates = [first + timedelta(days=n) for n in range((local.date() - first).days + 1)]
        self.dates = [day for day in dates if not is_holiday(day)]
        if self._start(self.dates[-1]) + _SHORTEST_TODAY > self.now:
            self.dates.pop()
        self.starts = [self._start(day) for day in self.dates]
        self.milliseconds = [int(start.timestamp()) * 1000 for start in self.starts]
        self.last = len(self.dates) - 1
        self.last_seconds = min(DAY_SECONDS, int((self.now - self.starts[-1]).total_seconds()))
        self.slump = bisect_left(self.dates, (local - _SLUMP).date())
        self.opening = bisect_left(self.dates, (local - _HISTORY).date())
        self._weights = list(
            accumulate(self._weight(index) for index in range(self.opening, len(self.dates)))
        )

    def seconds(self, day: int) -> int:
        """How many seconds of this working day have passed."""
        return DAY_SECONDS if day < self.last else self.last_seconds

    def instant(self, day: int, second: int) -> datetime:
        return self.starts[day] + _SECONDS[second]

    def id(self, rng: Random, day: int, second: int) -> UUID:
        """An id whose time part is this instant."""
        return id_at(self.milliseconds[day] + second * 1000, rng.getrandbits(74))

    def draw(self, rng: Random, count: int) -> list[int]:
        """Days of the history proper, busier before the ends of quarters and towards the present."""
        return rng.choices(range(self.opening, len(self.dates)), cum_weights=self._weights, k=count)

    def month_end(self, day: int) -> int:
        """The last working day of the month that `day` lies in, or the last day there is."""
        month = self.dates[day].month
        while day < self.last and self.dates[day + 1].month == month:
            day += 1
        return day

    def _weight(self, index: int) -> float:
        progress = (index - self.opening) / max(1, self.last - self.opening)
        return _MONTH_WEIGHTS[self.dates[index].month - 1] * (0.75 + 0.5 * progress)

    def later(self, at: datetime, working_days: int) -> datetime:
        """The same time of day so many working days later, be it in the future."""
        while working_days > 0:
            at += timedelta(days=1)
            working_days -= not is_holiday(at.astimezone(SHANGHAI).date())
        return at

    @staticmethod
    def _start(day: date) -> datetime:
        return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI).astimezone(UTC)
