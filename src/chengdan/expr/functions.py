"""The functions of the language: signature, Python and PostgreSQL side by side.

The SQL of a function is a template: `{0}`, `{1}` stand for the arguments, `{args}` for all of them with commas,
`{joined}` with `||`, `{zone}` for the time zone, `{calendar}` for a subquery of (day, working). An argument stands in a template once only, else nested
calls would grow without bound; each template is closed (a call, a cast or in parentheses).
`tests/expr` proves both columns equal and docs/reference/expressions.md complete.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from chengdan.expr import dates, numbers, sqltext, texts
from chengdan.expr.types import Kind

N, T, B, D, DT, S = Kind.NUMBER, Kind.TEXT, Kind.BOOLEAN, Kind.DATE, Kind.DATETIME, Kind.DURATION
_COMPARABLE = (N, D, DT, S)
_SINGLE = (N, T, B, D, DT, S, Kind.RECORD)


@dataclass(frozen=True, slots=True)
class Fixed:
    """An argument that must be written out: at most `limit` characters, shown to SQL as `translated`."""

    limit: int
    translated: Callable[[str], str] = str


@dataclass(frozen=True, slots=True, eq=False)
class Overload:
    """One signature of a function.

    `python` is called with the arguments, none of them null unless `nulls`; with the evaluation scope first when `scoped`.
    `rest` allows more arguments of that kind; `same` makes the result the common type of the arguments; `certain` says
    that a boolean result is never null; `filter` is a template PostgreSQL finds an index for, with null for false;
    `calendar` marks a dependence on the calendar of working days.
    """

    params: tuple[Kind, ...]
    result: Kind
    python: Callable[..., Any]
    sql: str
    rest: Kind | None = None
    same: bool = False
    nulls: bool = False
    certain: bool = False
    scoped: bool = False
    calendar: bool = False
    filter: str | None = None
    fixed: Mapping[int, Fixed] = field(default_factory=lambda: MappingProxyType({}))


def _each(kinds: tuple[Kind, ...], make: Callable[[Kind], Overload]) -> tuple[Overload, ...]:
    return tuple(make(kind) for kind in kinds)


def _first(*values: Any) -> Any:
    return next((value for value in values if value is not None), None)


def _on_date(result: Kind, python: Callable[[date], Any], sql: str) -> tuple[Overload, ...]:
    return (Overload((D,), result, python, sql),)


def _working_days_between(scope: Any, first: date, second: date) -> Decimal | None:
    scope.charge(min(abs(second.toordinal() - first.toordinal()), dates.MAX_WORKING_SPAN))
    return dates.working_days_between(first, second, scope.calendar)


def _add_working_days(scope: Any, day: date, count: numbers.Number) -> date | None:
    scope.charge(min(2 * abs(int(count)), dates.MAX_WORKING_SPAN))
    return dates.add_working_days(day, count, scope.calendar)


def _local_date(scope: Any, instant: datetime) -> date:
    return dates.local_date(instant, scope.zone)


def _local_hour(scope: Any, instant: datetime) -> int:
    return instant.astimezone(scope.zone).hour


def _local_text(scope: Any, instant: datetime) -> str:
    return instant.astimezone(scope.zone).replace(tzinfo=None).isoformat(" ", "minutes")


FUNCTIONS: Mapping[str, tuple[Overload, ...]] = MappingProxyType({
    # text
    "len": (Overload((T,), N, len, "CAST(char_length({0}) AS numeric)"),),
    "lower": (Overload((T,), T, texts.lower, 'lower({0} COLLATE "C")'),),
    "upper": (Overload((T,), T, texts.upper, 'upper({0} COLLATE "C")'),),
    "trim": (Overload((T,), T, texts.trim, r"btrim({0}, E' \t\n\r\u3000')"),),
    "contains": (Overload((T, T), B, texts.contains, "(strpos({0}, {1}) > 0)"),),
    "starts_with": (Overload((T, T), B, str.startswith, "starts_with({0}, {1})"),),
    "ends_with": (Overload((T, T), B, str.endswith, "starts_with(reverse({0}), reverse({1}))"),),
    "like": (
        Overload((T, T), B, texts.is_like, "({0} LIKE {1})", fixed={1: Fixed(200, texts.like_pattern)}),
    ),
    "concat": (Overload((T, T), T, texts.joined, "left({joined}, 100000)", rest=T),),
    "left": (Overload((T, N), T, texts.left, f"left({{0}}, {sqltext.position('{1}')})"),),
    "right": (Overload((T, N), T, texts.right, f"right({{0}}, {sqltext.position('{1}')})"),),
    "replace": (
        Overload(
            (T, T, T), T, texts.replaced, "left(replace({0}, {1}, {2}), 100000)", fixed={1: Fixed(1000), 2: Fixed(100)}
        ),
    ),
    "text": (
        Overload((T,), T, str, "{0}"),
        Overload((N,), T, numbers.written, "CAST(trim_scale({0}) AS text)"),
        Overload((B,), T, lambda value: "true" if value else "false", "CAST({0} AS text)"),
        Overload((D,), T, date.isoformat, "to_char({0}, 'YYYY-MM-DD')"),
        Overload((DT,), T, _local_text, "to_char(timezone({zone}, {0}), 'YYYY-MM-DD HH24:MI')", scoped=True),
    ),
    # numbers
    "number": (Overload((T,), N, numbers.read, sqltext.READ_NUMBER),),
    "abs": (Overload((N,), N, numbers.magnitude, "abs({0})"),),
    "round": (
        Overload((N,), N, lambda value: numbers.rounded(value, 0), sqltext.number("round({0})")),
        Overload((N, N), N, numbers.rounded, sqltext.number(f"round({{0}}, {sqltext.whole('{1}', -1, 11)})")),
    ),
    "floor": (Overload((N,), N, numbers.floor, sqltext.number("floor({0})")),),
    "ceil": (Overload((N,), N, numbers.ceiling, sqltext.number("ceil({0})")),),
    "min": _each(_COMPARABLE, lambda kind: Overload((kind, kind), kind, min, sqltext.extreme("min"), rest=kind)),
    "max": _each(_COMPARABLE, lambda kind: Overload((kind, kind), kind, max, sqltext.extreme("max"), rest=kind)),
    # nulls
    "coalesce": _each(
        _SINGLE,
        lambda kind: Overload((kind, kind), kind, _first, "COALESCE({args})", rest=kind, same=True, nulls=True),
    ),
    "is_empty": (
        Overload((T,), B, lambda value: not value, "(COALESCE({0}, '') = '')", nulls=True, certain=True),
        Overload(
            (Kind.TEXTS,), B, lambda value: not value, "(COALESCE(cardinality({0}), 0) = 0)", nulls=True, certain=True
        ),
        *_each(
            (N, B, D, DT, S, Kind.RECORD),
            lambda kind: Overload((kind,), B, lambda value: value is None, "({0} IS NULL)", nulls=True, certain=True),
        ),
    ),
    # multi-select
    "has": (
        Overload(
            (Kind.TEXTS, T), B, lambda values, value: value is not None and value in (values or ()),
            "(({1} = ANY({0})) IS TRUE)", nulls=True, certain=True, filter="({0} @> ARRAY[CAST({1} AS text)])",
        ),
    ),
    "count": (
        Overload((Kind.TEXTS,), N, lambda values: len(values or ()), "CAST(COALESCE(cardinality({0}), 0) AS numeric)", nulls=True),
    ),
    # dates
    "date": (
        Overload((D,), D, lambda day: day, "{0}"),
        Overload((DT,), D, _local_date, "CAST(timezone({zone}, {0}) AS date)", scoped=True),
    ),
    "year": _on_date(N, lambda day: day.year, "extract(year FROM {0})"),
    "quarter": _on_date(N, lambda day: (day.month + 2) // 3, "extract(quarter FROM {0})"),
    "month": _on_date(N, lambda day: day.month, "extract(month FROM {0})"),
    "day": _on_date(N, lambda day: day.day, "extract(day FROM {0})"),
    "weekday": _on_date(N, date.isoweekday, "extract(isodow FROM {0})"),
    "hour": (Overload((DT,), N, _local_hour, "extract(hour FROM timezone({zone}, {0}))", scoped=True),),
    "start_of_week": _on_date(D, dates.start_of_week, sqltext.start_of("week")),
    "start_of_month": _on_date(D, dates.start_of_month, sqltext.start_of("month")),
    "start_of_quarter": _on_date(D, dates.start_of_quarter, sqltext.start_of("quarter")),
    "start_of_year": _on_date(D, dates.start_of_year, sqltext.start_of("year")),
    "add_months": (Overload((D, N), D, dates.add_months, sqltext.ADD_MONTHS),),
    "days_between": (Overload((D, D), N, dates.days_between, "CAST({1} - {0} AS numeric)"),),
    "working_days_between": (
        Overload((D, D), N, _working_days_between, sqltext.WORKING_DAYS_BETWEEN, scoped=True, calendar=True),
    ),
    "add_working_days": (
        Overload((D, N), D, _add_working_days, sqltext.ADD_WORKING_DAYS, scoped=True, calendar=True),
    ),
    # durations
    "weeks": (Overload((N,), S, lambda count: dates.spell(count, 604_800), sqltext.spell(604_800)),),
    "days": (Overload((N,), S, lambda count: dates.spell(count, 86_400), sqltext.spell(86_400)),),
    "hours": (Overload((N,), S, lambda count: dates.spell(count, 3_600), sqltext.spell(3_600)),),
    "minutes": (Overload((N,), S, lambda count: dates.spell(count, 60), sqltext.spell(60)),),
})  # fmt: skip

DATE_OF = FUNCTIONS["date"][1]
IS_EMPTY_TEXTS = FUNCTIONS["is_empty"][1]
HAS = FUNCTIONS["has"][0]

SPECIAL = frozenset({"if", "now", "today", "date", "datetime"})
"""Functions the checker treats itself; `date` and `datetime` read a literal text."""

LISTS = frozenset({"exists", "all", "count", "sum", "min", "max", "avg", "latest"})
"""Functions over children, as methods or with the list first."""

NAMES = frozenset(FUNCTIONS) | SPECIAL | LISTS
