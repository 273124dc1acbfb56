"""Calendars as text: what a calendar program reads back is what was meant, whatever the words."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengdan.kernel.icalendar import CalendarEvent, calendar_text, escaped, folded

CHANGED = datetime(2026, 3, 1, 8, tzinfo=UTC)


def event(**given: object) -> CalendarEvent:
    values = {
        "uid": "1@x",
        "summary": "拜访",
        "start": date(2026, 3, 12),
        "end": date(2026, 3, 13),
        "changed_at": CHANGED,
    }
    return CalendarEvent(**{**values, **given})  # type: ignore[arg-type]


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda found: "\n" if found[1] == "n" else found[1], text)


def test_a_day_is_a_date_and_doesn_t_make_one_busy() -> None:
    assert unfolded(calendar_text("我的", [event()])) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Chengdan//Calendar//ZH",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        "NAME:我的",
        "X-WR-CALNAME:我的",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        "UID:1@x",
        "DTSTAMP:20260301T080000Z",
        "LAST-MODIFIED:20260301T080000Z",
        "DTSTART;VALUE=DATE:20260312",
        "DTEND;VALUE=DATE:20260313",
        "SUMMARY:拜访",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_an_instant_is_told_in_utc() -> None:
    start = datetime(2026, 3, 12, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    lines = unfolded(calendar_text("x", [event(start=start, end=start + timedelta(hours=1))]))
    assert "DTSTART:20260312T013000Z" in lines
    assert "DTEND:20260312T023000Z" in lines
    assert "TRANSP:OPAQUE" in lines


def test_words_can_t_start_a_line_of_their_own() -> None:
    text = calendar_text("x", [event(summary="a\r\nEND:VCALENDAR;b,c\\n", url="https://x/\r\nEND:VCALENDAR")])
    assert "SUMMARY:a\\nEND:VCALENDAR\\;b\\,c\\\\n" in unfolded(text)
    assert "URL:https://x/END:VCALENDAR" in unfolded(text)
    assert unfolded(text).count("END:VCALENDAR") == 1


@pytest.mark.parametrize("line", ["", "A" * 75, "A" * 76, "商" * 200, "😀" * 50])
def test_lines_are_folded_at_75_octets_between_characters(line: str) -> None:
    parts = folded(line).split("\r\n")
    assert max(len(part.encode()) for part in parts) <= 75
    assert all(part.startswith(" ") for part in parts[1:])
    assert folded(line).replace("\r\n ", "") == line


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x7f"), max_size=300))
def test_a_text_comes_back_as_it_was_meant(text: str) -> None:
    meant = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c >= " " or c in "\t\n")
    [line] = folded(f"SUMMARY:{escaped(text)}").replace("\r\n ", "").split("\r\n")
    assert unescaped(line.removeprefix("SUMMARY:")) == meant
