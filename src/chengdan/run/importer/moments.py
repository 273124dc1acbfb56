"""Dates and times as people write them, Chinese, ISO and American. What can mean two days is refused, not guessed."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chengdan.base.label import Label

_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?:\s*[日号])?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_MONTH_NAMED = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")
_DAY_NAMED = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s-]+([A-Za-z]{3,9})\.?,?[\s-]+(\d{4})")
_TIME = re.compile(
    r"(?P<half>上午|下午|中午|晚上|凌晨|AM|PM|am|pm)?\s*(?P<hour>\d{1,2})\s*[:时点]\s*(?P<minute>\d{1,2})?\s*[:分]?\s*"
    r"(?P<second>\d{1,2})?(?:\.(?P<fraction>\d{1,6}))?\s*秒?\s*(?P<late>AM|PM|am|pm)?"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_OFFSET = re.compile(r"(Z|[+-]\d{2}:?\d{2})$")
_DURATION_PART = re.compile(
    r"(\d+(?:\.\d+)?)\s*(天|日|小时|时|分钟|分|秒|days?|d|hours?|hrs?|h|minutes?|min|m|seconds?|sec|s)\s*",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"(\d{1,5}):([0-5]\d)(?::([0-5]\d))?")
_SECONDS = {"天": 86400, "日": 86400, "d": 86400, "小": 3600, "时": 3600, "h": 3600, "分": 60, "m": 60, "秒": 1, "s": 1}  # fmt: skip

NOT_A_DATE = Label("应是日期，如 2026-01-31", "a date such as 2026-01-31 is expected")
NOT_AN_INSTANT = Label(
    "应是时间，如 2026-01-31 09:00", "a date and time such as 2026-01-31 09:00 is expected"
)
NOT_A_DURATION = Label(
    "应是时长，如 1小时30分 或 01:30:00", "a duration such as 1h 30m or 01:30:00 is expected"
)
HAS_TIME = Label("只要日期，不要时刻", "a date is expected, not a time of day")
AMBIGUOUS = Label(
    "日和月分不清，请写成 2026-01-31", "day and month can't be told apart; write it as 2026-01-31"
)
NO_SUCH_TIME = Label("当地钟点不存在或出现两次", "the local time doesn't exist or occurs twice")


class Unreadable(ValueError):
    """Why a text is no date, time or duration."""

    def __init__(self, why: Label) -> None:
        super().__init__(why.en)
        self.why = why


def read_date(text: str, order: str = "") -> date:
    """The day that `text` says; a midnight behind it is left out. Raises Unreadable."""
    day, rest = _split(text.strip(), order)
    if rest and _time(rest, NOT_A_DATE) != time():
        raise Unreadable(HAS_TIME)
    return day


def read_instant(text: str, zone: ZoneInfo, order: str = "") -> datetime:
    """The instant that `text` says, in UTC; without an offset it is a wall clock in `zone`. Raises Unreadable."""
    stripped = text.strip()
    offset = _OFFSET.search(stripped)
    if offset is not None and ":" in stripped[: offset.start()]:
        try:
            return datetime.fromisoformat(stripped).astimezone(UTC)
        except (ValueError, OverflowError):
            raise Unreadable(NOT_AN_INSTANT) from None
    try:
        day, rest = _split(stripped, order)
    except Unreadable as unreadable:
        raise Unreadable(NOT_AN_INSTANT if unreadable.why is NOT_A_DATE else unreadable.why) from None
    return from_wall_clock(datetime.combine(day, _time(rest, NOT_AN_INSTANT) if rest else time()), zone)


def from_wall_clock(clock: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which a clock in `zone` shows the naive `clock`. Raises Unreadable where it never does or does twice."""
    try:
        first, second = (clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    except OverflowError:
        raise Unreadable(NOT_AN_INSTANT) from None
    if first != second:
        raise Unreadable(NO_SUCH_TIME)
    return first


def read_duration(text: str) -> timedelta:
    """The length of time that `text` says: parts with units, or h:mm[:ss]. Raises Unreadable."""
    stripped = text.strip()
    clock = _CLOCK.fullmatch(stripped)
    if clock is not None:
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return timedelta(hours=hours, minutes=minutes, seconds=seconds)
    total, position = 0.0, 0
    for part in _DURATION_PART.finditer(stripped):
        if part.start() != position:
            break
        total += float(part[1]) * _SECONDS[part[2][0].lower()]
        position = part.end()
    if not position or position != len(stripped):
        raise Unreadable(NOT_A_DURATION)
    return timedelta(seconds=total)


def _split(text: str, order: str) -> tuple[date, str]:
    """The day at the start of `text`, and what follows it."""
    for pattern in (_YEAR_FIRST, _COMPACT):
        found = pattern.match(text)
        if found is not None and not text[found.end() :][:1].isdigit():
            return _day(*found.groups()), _rest(text, found)
    found = _YEAR_LAST.match(text)
    if found is not None:
        first, second, year = found.groups()
        return _year_last(int(first), int(second), year, order), _rest(text, found)
    found = _MONTH_NAMED.match(text)
    if found is not None:
        return _day(found[3], _month(found[1]), found[2]), _rest(text, found)
    found = _DAY_NAMED.match(text)
    if found is not None:
        return _day(found[3], _month(found[2]), found[1]), _rest(text, found)
    raise Unreadable(NOT_A_DATE)


def _rest(text: str, found: re.Match[str]) -> str:
    return text[found.end() :].removeprefix("T").strip(" ,，\t")


def _year_last(first: int, second: int, year: str, order: str) -> date:
    if order == "mdy" or (not order and second > 12):
        return _day(year, first, second)
    if order == "dmy" or (not order and (first > 12 or first == second)):
        return _day(year, second, first)
    raise Unreadable(AMBIGUOUS)


def _day(year: str | int, month: str | int, day: str | int) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise Unreadable(NOT_A_DATE) from None


def _month(name: str) -> int:
    short = name[:3].lower()
    if short not in _MONTHS:
        raise Unreadable(NOT_A_DATE)
    return _MONTHS.index(short) + 1


def _time(text: str, otherwise: Label) -> time:
    found = _TIME.fullmatch(text)
    if found is None:
        raise Unreadable(otherwise)
    half = (found["half"] or found["late"] or "").upper()
    hour = int(found["hour"])
    if half in ("下午", "晚上", "PM") and hour < 12:
        hour += 12
    elif half in ("上午", "凌晨", "AM") and hour == 12:
        hour = 0
    microsecond = int((found["fraction"] or "0").ljust(6, "0"))
    try:
        return time(hour, int(found["minute"] or 0), int(found["second"] or 0), microsecond)
    except ValueError:
        raise Unreadable(otherwise) from None
