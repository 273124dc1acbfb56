"""Values in words, as people read them in a document."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta, tzinfo
from decimal import Decimal
from typing import Any

from chengdan.base.errors import Locale
from chengdan.base.label import Label
from chengdan.kernel.field import Field, FieldType

NOTHING = "—"
_YES, _NO = Label("是", "Yes"), Label("否", "No")
_DAYS, _HOURS = Label("天", " d"), Label("小时", " h")


def in_words(value: Any, field: Field | None, locale: Locale, zone: tzinfo, currency: str = "") -> str:
    """A value in a language; `field` says what its options are called and how exact its numbers are. Nothing is a dash."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, bool):
        return (_YES if value else _NO).text(locale)
    if isinstance(value, (int, Decimal)):
        return _number(Decimal(value), field, currency)
    if isinstance(value, datetime):
        return f"{value.astimezone(zone):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, timedelta):
        hours = value.total_seconds() / 3600
        return f"{hours / 24:g}{_DAYS.text(locale)}" if hours >= 48 else f"{hours:g}{_HOURS.text(locale)}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [in_words(one, field, locale, zone) for one in value]
        return ("、" if locale == "zh-CN" else ", ").join(parts) or NOTHING
    options = field.options if field else ()
    return next((option.label.text(locale) for option in options if option.value == value), str(value))


def _number(value: Decimal, field: Field | None, currency: str) -> str:
    """A number with its thousands apart, and no more digits after the point than it has."""
    digits = field.digits if field else 6
    text = f"{round(value, digits):,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    if field is not None and field.stored_type is FieldType.PERCENT:
        return f"{text} %"
    return f"{currency} {text}" if currency else text
