"""Records: values by api name, read from input strictly and compared field by field."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Any, ClassVar
from uuid import UUID

from chengdan.base.errors import ChengdanError, Locale
from chengdan.base.json import dumps_text
from chengdan.base.label import Label
from chengdan.kernel.field import FILE_TYPES, NUMERIC, TEXTUAL, Field, FieldType

Record = Mapping[str, Any]

MAX_TEXT = {
    FieldType.TEXT: 500,
    FieldType.LONG_TEXT: 50_000,
    FieldType.PHONE: 40,
    FieldType.EMAIL: 254,
    FieldType.URL: 2_000,
}
MAX_LISTED = 200
MAX_NUMBER = Decimal(10) ** 18
MAX_SECONDS = 10**11
MAX_JSON = 100_000
_NUMBER = re.compile(r"[+-]?(\d+|\d{1,3}(,\d{3})+|(?=\.))(\.\d*)?([eE][+-]?\d{1,3})?")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[\d\s()\-—#*转ext.]{3,40}")
_URL = re.compile(r"https?://[^\s]+")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_BLANK = re.compile("[\\s\u200b-\u200f\u2028-\u202f\u2060-\u2064\ufeff]*")
_CURRENCY = re.compile(r"[A-Z]{3}")


class InvalidValue(ChengdanError):
    """A value that its field cannot hold."""

    code = "VALUE-001"
    status = 422
    zh = "“{label}”填得不对：{why}"
    en = "{label} is not valid: {why}"


class MissingValue(ChengdanError):
    """A required field left empty."""

    code = "VALUE-002"
    status = 422
    zh = "“{label}”必填。"
    en = "{label} is required."


class UnknownField(ChengdanError):
    """A field that the object does not have, or that the writer may not see."""

    code = "VALUE-003"
    status = 422
    zh = "没有字段“{name}”。"
    en = "There is no field `{name}`."
    hint_zh = "{suggestion}"
    hint_en = "{suggestion}"


class LockedField(ChengdanError):
    """A field that cannot be written now, or not by this writer."""

    code = "VALUE-004"
    status = 422
    zh = "“{label}”不能修改：{why}"
    en = "{label} can't be changed: {why}"
    derived: ClassVar[Label] = Label("由系统计算得出", "the system works it out")
    no_right: ClassVar[Label] = Label("您的角色没有修改权限", "your role may not write it")
    locked: ClassVar[Label] = Label("当前已锁定", "it is locked now")


class _Unfit(Exception):
    def __init__(self, zh: str, en: str) -> None:
        self.why = Label(zh, en)


def read_value(field: Field, raw: Any) -> Any:
    """`raw` (from JSON or an import) as the field's Python value; None for null and for text in which nothing is to be seen.

    Strict: a number may come as a number or as its decimal text, dates and instants as ISO 8601, durations as seconds,
    references as UUID text. Raises InvalidValue with the field as its path.
    """
    if raw is None or raw == "" or (isinstance(raw, str) and not raw[0].isalnum() and _BLANK.fullmatch(raw)):
        return None
    try:
        return _READERS[field.type](field, raw)
    except _Unfit as unfit:
        raise InvalidValue(path=field.name, label=field.label, why=unfit.why) from None


def _number(field: Field, raw: Any) -> Decimal | int:
    value = raw if type(raw) is Decimal else _decimal(raw)
    if not value.is_finite() or abs(value) >= MAX_NUMBER:
        raise _Unfit("数字太大", "the number is too large")
    digits = 0 if field.type is FieldType.INTEGER else field.digits
    rounded = value.quantize(_unit(digits), rounding=ROUND_HALF_UP)
    if rounded != value:
        raise _Unfit(f"最多 {digits} 位小数", f"at most {digits} decimals")
    if field.minimum and rounded < Decimal(field.minimum):
        raise _Unfit(f"不能小于 {field.minimum}", f"it can't be less than {field.minimum}")
    if field.maximum and rounded > Decimal(field.maximum):
        raise _Unfit(f"不能大于 {field.maximum}", f"it can't be more than {field.maximum}")
    return int(rounded) if field.type is FieldType.INTEGER else rounded


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, (int, float, str, Decimal)):
        raise _Unfit("应是数字", "a number is expected")
    text = str(raw).strip()
    if isinstance(raw, str) and not _NUMBER.fullmatch(text):
        raise _Unfit("应是数字", "a number is expected")
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise _Unfit("应是数字", "a number is expected") from None


@cache
def _unit(digits: int) -> Decimal:
    """The smallest step of a number with `digits` decimals."""
    return Decimal(1).scaleb(-digits)


def _text(field: Field, raw: Any) -> str:
    if not isinstance(raw, str):
        raise _Unfit("应是文本", "text is expected")
    if _UNSTORABLE.search(raw):
        raise _Unfit("含有不可存储的字符", "it holds a character that can't be stored")
    limit = field.max_length or MAX_TEXT.get(field.type, 500)
    if len(raw) > limit:
        raise _Unfit(f"最多 {limit} 个字", f"at most {limit} characters")
    pattern, zh, en = _FORMS.get(field.type, (None, "", ""))
    if pattern is not None and not pattern.fullmatch(raw):
        raise _Unfit(zh, en)
    return raw


_FORMS = {
    FieldType.EMAIL: (_EMAIL, "应是邮箱地址", "an e-mail address is expected"),
    FieldType.PHONE: (_PHONE, "应是电话号码", "a phone number is expected"),
    FieldType.URL: (_URL, "应以 http:// 或 https:// 开头", "it must start with http:// or https://"),
}


def _boolean(field: Field, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise _Unfit("应是 true 或 false", "true or false is expected")
    return raw


def _date(field: Field, raw: Any) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        value = date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise _Unfit("应是日期，如 2026-01-31", "a date such as 2026-01-31 is expected") from None
    return value


def _datetime(field: Field, raw: Any) -> datetime:
    try:
        value = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw)
        aware = value.astimezone(UTC) if value.tzinfo is not None else None
    except (TypeError, ValueError, OverflowError):
        aware = None
    if aware is None:
        raise _Unfit(
            "应是带时区的时间，如 2026-01-31T09:00:00+08:00",
            "an instant with its offset such as 2026-01-31T09:00:00+08:00 is expected",
        )
    return aware


def _duration(field: Field, raw: Any) -> timedelta:
    if isinstance(raw, timedelta):
        return raw
    if not _lies_within(raw, MAX_SECONDS):
        raise _Unfit("应是秒数", "a number of seconds is expected")
    return timedelta(microseconds=int(Decimal(str(raw)) * 1_000_000))


def _select(field: Field, raw: Any) -> str:
    if not isinstance(raw, str) or raw not in {option.value for option in field.options}:
        zh, en = "、".join(_called(field, "zh-CN")), ", ".join(_called(field, "en"))
        raise _Unfit(f"可选：{zh}", f"one of {en} is expected")
    return raw


def _called(field: Field, locale: Locale) -> list[str]:
    """The first choices of a field, by their labels."""
    return [option.label.text(locale) or option.value for option in field.options[:12]]


def _multi_select(field: Field, raw: Any) -> list[str] | None:
    values = _listed(raw)
    return list(dict.fromkeys(_select(field, value) for value in values)) or None


def _reference(field: Field, raw: Any) -> UUID:
    if isinstance(raw, UUID):
        return raw
    try:
        return UUID(raw)
    except (AttributeError, TypeError, ValueError):
        raise _Unfit("应是记录的编号", "the id of a record is expected") from None


def _references(field: Field, raw: Any) -> list[str] | None:
    return list(dict.fromkeys(str(_reference(field, value)) for value in _listed(raw))) or None


def _file(field: Field, raw: Any) -> list[str] | None:
    values = [raw] if isinstance(raw, str) else _listed(raw)
    if field.type is not FieldType.FILES and len(values) > 1:
        raise _Unfit("只能有一个文件", "only one file is possible")
    return _references(field, values)


def _listed(raw: Any) -> list[Any]:
    if not isinstance(raw, list):
        raise _Unfit("应是一列值", "a list is expected")
    if len(raw) > MAX_LISTED:
        raise _Unfit(f"最多 {MAX_LISTED} 个", f"at most {MAX_LISTED}")
    return raw


def _lies_within(raw: Any, limit: int) -> bool:
    """Whether `raw` is a finite number from -limit to limit."""
    if isinstance(raw, bool) or not isinstance(raw, (int, float, Decimal)):
        return False
    value = Decimal(str(raw))
    return value.is_finite() and -limit <= value <= limit


def _location(field: Field, raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict) or not raw.keys() <= {"lat", "lng", "address"}:
        raise _Unfit("应是 {lat, lng, address}", "{lat, lng, address} is expected")
    found: dict[str, Any] = {}
    for key, limit in (("lat", 90), ("lng", 180)):
        value = raw.get(key)
        if value is not None:
            if not _lies_within(value, limit):
                raise _Unfit("经纬度不对", "latitude or longitude is out of range")
            found[key] = value
    if raw.get("address") is not None:
        found["address"] = _text(field, raw["address"])
    return found


def _json(field: Field, raw: Any) -> Any:
    try:
        text = dumps_text(raw)
    except (TypeError, RecursionError):
        text = ""
    if not text or len(text) > MAX_JSON or "\\u0000" in text:
        raise _Unfit(
            "内容过大或含有不可存储的字符", "it is too large or holds a character that can't be stored"
        )
    return raw


_READERS: dict[FieldType, Callable[[Field, Any], Any]] = {
    **dict.fromkeys(NUMERIC, _number),
    **dict.fromkeys(TEXTUAL, _text),
    **dict.fromkeys(FILE_TYPES, _file),
    FieldType.BOOLEAN: _boolean,
    FieldType.DATE: _date,
    FieldType.DATETIME: _datetime,
    FieldType.DURATION: _duration,
    FieldType.SELECT: _select,
    FieldType.MULTI_SELECT: _multi_select,
    FieldType.REFERENCE: _reference,
    FieldType.USER: _reference,
    FieldType.REFERENCES: _references,
    FieldType.LOCATION: _location,
    FieldType.JSON: _json,
}


def read_currency(field: Field, raw: Any) -> str:
    """The currency beside a money field: three capital letters of ISO 4217; the field's own when empty."""
    if raw is None or raw == "":
        return field.currency
    if not isinstance(raw, str) or not _CURRENCY.fullmatch(raw):
        raise InvalidValue(
            path=field.name,
            label=field.label,
            why=Label("币种应是三个大写字母", "a currency is three capital letters"),
        )
    return raw
