"""The places of a letter: `{expression}` stands for a value of the record that the letter is written from."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from chengdan.base.errors import Locale

PLACES = re.compile(r"\{([^{}]+)\}")
UNKNOWN = "____"
"""What stands where a value is missing, for the writer to fill in."""


def expressions(text: str) -> list[str]:
    """The expressions in a letter's text, in order."""
    return [found.strip() for found in PLACES.findall(text)]


def filled(text: str, value_of: Callable[[str], str]) -> str:
    """The text with each place taken by what `value_of` says of its expression."""
    return PLACES.sub(lambda found: value_of(found[1].strip()) or UNKNOWN, text)


def spelled(value: Any, locale: Locale, zone: ZoneInfo) -> str:
    """A value as it is written in a letter: amounts with thousands apart, days and instants in the reader's way."""
    chinese = locale == "zh-CN"
    if value is None:
        return ""
    if isinstance(value, bool):
        return ("是" if value else "否") if chinese else ("yes" if value else "no")
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return f"{value:,.0f}" if whole else f"{value:,.2f}"
    if isinstance(value, datetime):
        local = value.astimezone(zone)
        return f"{_day(local, chinese)} {local:%H:%M}"
    if isinstance(value, date):
        return _day(value, chinese)
    return str(value)


def _day(day: date, chinese: bool) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if chinese else f"{day.day} {day:%B %Y}"
