"""The types of the language, what an object offers to it, and the law of nulls.

The law, the same in Python and in PostgreSQL:

- A field without a value, and whatever an empty reference leads to, is null. Empty text is a text, not null.
  An empty multi-select is the same as null.
- Arithmetic and functions give null as soon as one operand is null (`coalesce` and `is_empty` exist for nulls).
- `==` and `!=` always answer true or false: null equals null and nothing else.
- `<`, `<=`, `>`, `>=`, `in` and `has` with a null are false; `not in` with a null on the left is true.
- A null boolean counts as false in `and`, `or`, `not`, `if` and as the condition of a list function.
- Over no children: `exists` is false, `all` true, `count` and `sum` 0; `min`, `max`, `avg` and `latest` null.
  `sum`, `min`, `max` and `avg` skip nulls; `latest` does not.
- Division and remainder by zero are null. So is a result out of range: numbers of 10^30 and more in magnitude, durations
  of 10,000,000 days and more, dates outside 0001-01-03 … 9999-12-29, text positions outside 0 … 100,000.

Numbers are decimals; stored ones have at most 30 digits before the point and 10 after. `+`, `-` and `%` are exact; `*` and
`/` are rounded to 10 decimals, half away from zero, as is every `round`. `%` takes the sign of its left operand. Durations
are exact to the microsecond and know no months. Text is compared by code point; `upper` and `lower` change A–Z only.
Text results keep their first 100,000 characters.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from chengdan.expr.errors import Wording, say


class Kind(StrEnum):
    """The kinds of value an expression can have."""

    NUMBER = "number"
    TEXT = "text"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    DURATION = "duration"
    RECORD = "record"
    RECORDS = "records"
    TEXTS = "texts"
    NULL = "null"


@dataclass(frozen=True, slots=True)
class Type:
    """The type of a value: its kind, for records their object, for a select the values it may have."""

    kind: Kind
    object: str | None = None
    options: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Member:
    """A field, a formula or a list of children, as an object offers it to expressions.

    `name` is the api name. `formula` is the text of a formula, read where the member is used. `via` is, for a list, the
    reference field on the child that leads back.
    """

    name: str
    type: Type
    formula: str | None = None
    via: str | None = None


class Schema(Protocol):
    """What the checker asks about objects."""

    def member(self, object: str, name: str) -> Member | None:
        """The member of `object` called `name`, an api name or a label; None when there is none."""
        ...

    def names(self, object: str) -> Sequence[str]:
        """The api names and labels of the members of `object`, for suggestions."""
        ...


NUMBER = Type(Kind.NUMBER)
TEXT = Type(Kind.TEXT)
BOOLEAN = Type(Kind.BOOLEAN)
DATE = Type(Kind.DATE)
DATETIME = Type(Kind.DATETIME)
DURATION = Type(Kind.DURATION)
NULL = Type(Kind.NULL)
USER = Type(Kind.RECORD, "user")

ORDERED = (Kind.NUMBER, Kind.TEXT, Kind.DATE, Kind.DATETIME, Kind.DURATION)

_SPOKEN = {
    Kind.NUMBER: ("数字", "a number"),
    Kind.TEXT: ("文本", "text"),
    Kind.BOOLEAN: ("是/否", "true or false"),
    Kind.DATE: ("日期", "a date"),
    Kind.DATETIME: ("时间", "a datetime"),
    Kind.DURATION: ("时长", "a duration"),
    Kind.RECORD: ("记录", "a record"),
    Kind.RECORDS: ("子记录列表", "a list of records"),
    Kind.TEXTS: ("多选", "several choices"),
    Kind.NULL: ("空值", "null"),
}


def spoken(kind: Kind) -> Wording:
    """The kind as a reader says it, with its article."""
    return say(*_SPOKEN[kind])


def merged(first: Type, second: Type) -> Type | None:
    """The type of a value that is one or the other; None when they don't go together."""
    if first.kind is Kind.NULL:
        return second
    if second.kind is Kind.NULL or first == second:
        return first
    if first.kind is not second.kind or first.object != second.object:
        return None
    return Type(first.kind, first.object)
