"""SQL templates of the operators and of the longer functions: the PostgreSQL half of the law in `types`.

Templates are constants of the program; values reach the database as bound parameters only. A range is kept without
naming the value twice: what is clamped to a bound is that bound, and NULLIF makes it null. PostgreSQL would also widen a
null to the bound in GREATEST, which NULLIF turns back into null.
"""

from datetime import UTC, date, datetime

from chengdan.expr import dates

_EPOCH_DAY = date(2000, 1, 1)
_INSTANT = datetime(1970, 1, 1, tzinfo=UTC)


def within(value: str, low: str, high: str) -> str:
    """`value`, or null when it isn't strictly between `low` and `high`."""
    return f"NULLIF(NULLIF(LEAST(GREATEST({value}, {low}), {high}), {low}), {high})"


def number(value: str) -> str:
    """The number `value`, or null at a magnitude of 10^30 and more."""
    return within(value, "-1e30", "1e30")


def span(seconds: str) -> str:
    """The duration of `seconds`, or null at 10,000,000 days and more. Durations are numeric seconds inside."""
    limit = dates.MAX_DURATION_DAYS * 86_400
    return within(seconds, f"-{limit}.0", f"{limit}.0")


def whole(value: str, low: int, high: int) -> str:
    """`value` cut to an integer, or null when it isn't strictly between `low` and `high`."""
    return f"CAST(trunc({within(value, f'{low}.0', f'{high}.0')}) AS integer)"


def position(value: str) -> str:
    """A count of characters."""
    return whole(value, -1, 100_001)


def quotient(left: str, right: str, decimals: int) -> str:
    """`left / right` cut after one more decimal than wanted, then rounded, half away from zero; null by zero."""
    more = decimals + 1
    return f"round(div({left} * 1e{more}, NULLIF({right}, 0.0)) * 1e-{more}, {decimals})"


def day(value: str) -> str:
    """The date `value`, or null out of range."""
    return within(value, f"DATE '{dates.FIRST}'", f"DATE '{dates.LAST}'")


def days_later(days: str) -> str:
    """The date `days` (an integer) after 2000-01-01, or null out of range."""
    low, high = (dates.FIRST - _EPOCH_DAY).days, (dates.LAST - _EPOCH_DAY).days
    return f"(DATE '{_EPOCH_DAY}' + {within(days, str(low), str(high))})"


def _shift_date(sign: str) -> str:
    floor = f"CAST(floor(({sign}{{1}}) * 1.00000000000000000000 / 86400) AS integer)"
    return days_later(f"({{0}} - DATE '{_EPOCH_DAY}') + {floor}")


def _shift_datetime(sign: str) -> str:
    low = int((dates.FIRST_INSTANT - _INSTANT).total_seconds())
    high = int((dates.LAST_INSTANT - _INSTANT).total_seconds())
    seconds = within(f"extract(epoch FROM {{0}}) {sign} {{1}}", f"{low}.0", f"{high}.0")
    return f"(TIMESTAMPTZ '1970-01-01 00:00:00+00' + {interval(seconds)})"


def interval(seconds: str) -> str:
    """Numeric seconds as an interval of microseconds only; text is the one exact way there."""
    return f"CAST(CAST({seconds} AS text) || ' seconds' AS interval)"


def start_of(unit: str) -> str:
    """The first day of the week, month, quarter or year of a date."""
    return day(f"CAST(date_trunc('{unit}', CAST({{0}} AS timestamp)) AS date)")


def extreme(function: str) -> str:
    """The least or greatest argument; null as soon as one is null."""
    return f"(SELECT CASE WHEN count(u.v) = count(*) THEN {function}(u.v) END FROM unnest(ARRAY[{{args}}]) AS u(v))"


def spell(seconds: int) -> str:
    """A number of units of `seconds` as a duration."""
    return span(f"round({{0}} * {seconds}, 6)")


SECONDS = "extract(epoch FROM {0})"
INTERVAL = interval("round({0}, 6)")

ARITHMETIC = {
    ("number", "+", "number"): number("{0} + {1}"),
    ("number", "-", "number"): number("{0} - {1}"),
    ("number", "*", "number"): number("round({0} * {1}, 10)"),
    ("number", "/", "number"): number(quotient("{0}", "{1}", 10)),
    ("number", "%", "number"): "mod({0}, NULLIF({1}, 0.0))",
    ("text", "+", "text"): "left({0} || {1}, 100000)",
    ("duration", "+", "duration"): span("{0} + {1}"),
    ("duration", "-", "duration"): span("{0} - {1}"),
    ("duration", "*", "number"): span("round({0} * {1}, 6)"),
    ("duration", "/", "number"): span(quotient("{0}", "{1}", 6)),
    ("duration", "/", "duration"): number(quotient("{0}", "{1}", 10)),
    ("date", "+", "duration"): _shift_date(""),
    ("date", "-", "duration"): _shift_date("0 - "),
    ("datetime", "+", "duration"): _shift_datetime("+"),
    ("datetime", "-", "duration"): _shift_datetime("-"),
    ("date", "-", "date"): "(CAST({0} - {1} AS numeric) * 86400)",
    ("datetime", "-", "datetime"): "extract(epoch FROM ({0} - {1}))",
}

READ_NUMBER = r"CAST(substring(btrim({0}, E' \t\n\r\u3000') FROM '^[+-]?[0-9]{{1,30}}(?:[.][0-9]{{1,10}})?$') AS numeric)"
ADD_MONTHS = day(
    f"CAST({{0}} + make_interval(months => {whole('{1}', -dates.MAX_MONTHS - 1, dates.MAX_MONTHS + 1)}) AS date)"
)

NO_CALENDAR = "(SELECT CAST(NULL AS date) AS day, CAST(NULL AS boolean) AS working WHERE false)"

WORKING_DAYS_BETWEEN = f"""(
SELECT CASE WHEN abs(w.b - w.a) <= {dates.MAX_WORKING_SPAN} THEN (
    SELECT CAST(CASE WHEN w.b >= w.a THEN count(*) ELSE -count(*) END AS numeric)
    FROM generate_series(1, abs(w.b - w.a)) AS g(i)
    LEFT JOIN {{calendar}} AS c ON c.day = LEAST(w.a, w.b) + g.i
    WHERE COALESCE(c.working, extract(isodow FROM LEAST(w.a, w.b) + g.i) < 6)) END
FROM unnest(ARRAY[{{0}}], ARRAY[{{1}}]) AS w(a, b))"""

_WORKING_DAYS = whole("{1}", -dates.MAX_WORKING_SPAN - 1, dates.MAX_WORKING_SPAN + 1)
_WORKING_DAY = f"""(
SELECT CASE WHEN w.n = 0 THEN w.a WHEN w.n IS NOT NULL THEN (
    SELECT s.day
    FROM (SELECT w.a + CAST(sign(w.n) AS integer) * g.i AS day, g.i
          FROM generate_series(1, {dates.MAX_WORKING_SPAN}) AS g(i)) AS s
    LEFT JOIN {{calendar}} AS c ON c.day = s.day
    WHERE COALESCE(c.working, extract(isodow FROM s.day) < 6)
    ORDER BY s.i OFFSET abs(w.n) - 1 LIMIT 1) END
FROM unnest(ARRAY[{{0}}], ARRAY[{_WORKING_DAYS}]) AS w(a, n))"""
ADD_WORKING_DAYS = day(_WORKING_DAY)


def aggregate(function: str, kind: str) -> str:
    """A list function over the one column of the subquery `{0}`."""
    ranged, decimals = (span, 6) if kind == "duration" else (number, 10)
    summary = {
        "sum": ranged("COALESCE(sum(u.v), 0.0)"),
        "avg": ranged(quotient("sum(u.v)", "count(u.v)", decimals)),
        "min": "min(u.v)",
        "max": "max(u.v)",
    }[function]
    return f"(SELECT {summary} FROM {{0}} AS u(v))"
