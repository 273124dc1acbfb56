"""Working days and hours: known days of 2025, and laws that hold on any calendar."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengdan.kernel.calendar import CalendarSpanTooLong, WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YORK = ZoneInfo("America/New_York")
NATIONAL_DAY_2025 = {
    date(2025, 9, 28): True,
    **{date(2025, 10, day): False for day in range(1, 9)},
    date(2025, 10, 11): True,
}
CALENDAR = WorkCalendar(NATIONAL_DAY_2025)

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))
CALENDARS = st.builds(
    WorkCalendar,
    days=st.dictionaries(DAYS, st.booleans(), max_size=40),
    zone=st.sampled_from([SHANGHAI, NEW_YORK, ZoneInfo("UTC")]),
    opens=st.sampled_from([time(7, 30), time(9)]),
    closes=st.sampled_from([time(17), time(18, 15)]),
)
INSTANTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
DURATIONS = st.timedeltas(timedelta(0), timedelta(days=30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def test_official_days_win_over_weekdays() -> None:
    assert CALENDAR.is_working(date(2025, 9, 28))
    assert not CALENDAR.is_working(date(2025, 10, 8))
    assert CALENDAR.is_working(date(2025, 10, 9))
    assert not CALENDAR.is_working(date(2025, 10, 12))
    assert CALENDAR.official(date(2025, 10, 11))
    assert not CALENDAR.official(date(2025, 10, 12))


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        (date(2025, 9, 30), 1, date(2025, 10, 9)),
        (date(2025, 9, 30), 3, date(2025, 10, 11)),
        (date(2025, 10, 3), 1, date(2025, 10, 9)),
        (date(2025, 10, 3), 0, date(2025, 10, 3)),
        (date(2025, 10, 9), -1, date(2025, 9, 30)),
        (date(2025, 10, 5), -3, date(2025, 9, 28)),
        (date(2025, 10, 10), 2, date(2025, 10, 13)),
    ],
)
def test_adds_working_days_over_a_holiday(start: date, count: int, end: date) -> None:
    assert CALENDAR.add_working_days(start, count) == end


def test_counts_days_after_the_first_up_to_the_second() -> None:
    assert CALENDAR.working_days_between(date(2025, 9, 30), date(2025, 10, 9)) == 1
    assert CALENDAR.working_days_between(date(2025, 10, 9), date(2025, 9, 30)) == -1
    assert CALENDAR.working_days_between(date(2025, 10, 1), date(2025, 10, 8)) == 0
    assert CALENDAR.working_days_between(date(2025, 9, 26), date(2025, 10, 13)) == 7


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2025-09-29T10:00", 4, "2025-09-29T14:00"),
        ("2025-09-29T09:00", 9, "2025-09-29T18:00"),
        ("2025-09-29T17:00", 2, "2025-09-30T10:00"),
        ("2025-09-30T17:00", 2, "2025-10-09T10:00"),
        ("2025-10-02T03:00", 1, "2025-10-09T10:00"),
        ("2025-09-29T22:00", 0, "2025-09-29T22:00"),
        ("2025-10-10T12:00", 48, "2025-10-16T15:00"),
    ],
)
def test_adds_working_hours(start: str, hours: int, end: str) -> None:
    reached = CALENDAR.add_working_time(at(start), timedelta(hours=hours))

    assert reached == at(end)
    assert reached.tzinfo is UTC


def test_working_time_leaves_out_nights_and_holidays() -> None:
    assert CALENDAR.working_time_between(at("2025-09-30T17:00"), at("2025-10-09T10:30")) == timedelta(
        hours=2.5
    )
    assert CALENDAR.working_time_between(at("2025-10-09T10:30"), at("2025-09-30T17:00")) == timedelta(
        hours=-2.5
    )
    assert CALENDAR.working_time_between(at("2025-10-01T00:00"), at("2025-10-09T09:00")) == timedelta(0)


def test_a_deadline_keeps_the_clock_of_its_place_when_it_changes() -> None:
    calendar = WorkCalendar(zone=NEW_YORK)
    friday = datetime(2026, 3, 6, 16, tzinfo=NEW_YORK)

    reached = calendar.add_working_time(friday, timedelta(hours=3))

    assert reached == datetime(2026, 3, 9, 10, tzinfo=NEW_YORK)
    assert reached - friday.astimezone(UTC) == timedelta(days=2, hours=17)


def test_refuses_to_reach_beyond_ten_years() -> None:
    with pytest.raises(CalendarSpanTooLong) as refusal:
        CALENDAR.add_working_days(date(2025, 1, 1), 3_661)
    assert refusal.value.data == {"limit": 3_660}
    with pytest.raises(CalendarSpanTooLong):
        CALENDAR.add_working_time(at("2025-01-01T00:00"), timedelta(days=9_999))
    with pytest.raises(CalendarSpanTooLong):
        CALENDAR.add_working_days(date(9999, 12, 1), 60)
    with pytest.raises(CalendarSpanTooLong):
        WorkCalendar().add_working_days(date(1, 1, 5), -60)
    assert (
        CALENDAR.working_days_between(CALENDAR.add_working_days(date(2025, 1, 1), 3_660), date(2025, 1, 1))
        == -3_660
    )


def test_needs_aware_instants_and_no_negative_duration() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CALENDAR.working_time_between(datetime(2025, 1, 1), at("2025-01-01T00:00"))  # noqa: DTZ001
    with pytest.raises(ValueError, match="backwards"):
        CALENDAR.add_working_time(at("2025-01-01T00:00"), timedelta(hours=-1))
    with pytest.raises(ValueError, match="open before"):
        WorkCalendar(opens=time(18), closes=time(9))


@given(CALENDARS, DAYS, DAYS)
def test_counting_agrees_with_walking(calendar: WorkCalendar, first: date, second: date) -> None:
    early, late = sorted((first, second))
    late = min(late, early + timedelta(days=200))
    walked = sum(
        calendar.is_working(early + timedelta(days=step)) for step in range(1, (late - early).days + 1)
    )

    assert calendar.working_days_between(early, late) == walked
    assert calendar.working_days_between(late, early) == -walked


@given(CALENDARS, DAYS, st.integers(1, 300))
def test_adding_then_counting_gives_the_same_number(calendar: WorkCalendar, day: date, count: int) -> None:
    later = calendar.add_working_days(day, count)
    earlier = calendar.add_working_days(day, -count)

    assert calendar.is_working(later)
    assert calendar.working_days_between(day, later) == count
    assert calendar.is_working(earlier)
    assert calendar.working_days_between(earlier, day) == count - 1 + calendar.is_working(day)


@given(CALENDARS, INSTANTS, DURATIONS)
def test_time_added_is_time_between(calendar: WorkCalendar, instant: datetime, duration: timedelta) -> None:
    reached = calendar.add_working_time(instant, duration)

    assert reached >= instant
    assert calendar.working_time_between(instant, reached) == duration


@given(CALENDARS, INSTANTS, DURATIONS, DURATIONS)
def test_adding_twice_is_adding_the_sum(
    calendar: WorkCalendar, instant: datetime, first: timedelta, second: timedelta
) -> None:
    stepwise = calendar.add_working_time(calendar.add_working_time(instant, first), second)

    if second:
        assert stepwise == calendar.add_working_time(instant, first + second)


@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
def test_working_time_adds_up(calendar: WorkCalendar, a: datetime, b: datetime, c: datetime) -> None:
    between = calendar.working_time_between

    assert between(a, b) + between(b, c) == between(a, c)
    assert abs(between(a, b)) <= abs(b - a) + timedelta(hours=1)
