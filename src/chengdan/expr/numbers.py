"""Arithmetic by the law in `types`: exact decimals, fixed rounding, null when out of range. Never raises."""

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Context, Decimal, InvalidOperation, Overflow

Number = Decimal | int

DECIMALS = 10

_PLACES = tuple(Decimal(1).scaleb(-places) for places in range(DECIMALS + 1))
_LIMIT = Decimal(10) ** 30
_EXACT = Context(prec=120, rounding=ROUND_HALF_UP, Emin=-999_999, Emax=999_999, traps=[InvalidOperation])
_RANGED = Context(
    prec=120, rounding=ROUND_HALF_UP, Emin=-999_999, Emax=29, traps=[InvalidOperation, Overflow]
)
_WRITTEN = re.compile(r"[+-]?[0-9]{1,30}(?:[.][0-9]{1,10})?")
_SPACE = " \t\n\r\u3000"


def add(left: Number, right: Number) -> Decimal | None:
    """`left + right`, exact."""
    try:
        return _RANGED.add(left, right)
    except Overflow:
        return None


def subtract(left: Number, right: Number) -> Decimal | None:
    """`left - right`, exact."""
    try:
        return _RANGED.subtract(left, right)
    except Overflow:
        return None


def multiply(left: Number, right: Number) -> Decimal | None:
    """`left * right`, rounded to 10 decimals."""
    return rounded(_EXACT.multiply(left, right), DECIMALS)


def exact_product(left: Number, right: Number) -> Decimal:
    """`left * right` with all its digits."""
    return _EXACT.multiply(left, right)


def divide(left: Number, right: Number) -> Decimal | None:
    """`left / right`, rounded to 10 decimals; None when `right` is 0."""
    return quotient(left, right, DECIMALS)


def quotient(left: Number, right: Number, decimals: int) -> Decimal | None:
    """`left / right` cut after one more decimal than wanted, then rounded: the same as rounding the exact quotient."""
    if not right:
        return None
    cut = _EXACT.divide_int(_EXACT.scaleb(left, decimals + 1), right)
    return rounded(_EXACT.scaleb(cut, -decimals - 1), decimals)


def remainder(left: Number, right: Number) -> Decimal | None:
    """What truncated division leaves, with the sign of `left`; None when `right` is 0."""
    return _EXACT.remainder(left, right) if right else None


def negated(value: Number) -> Decimal:
    """`-value`, exact."""
    return _EXACT.minus(value)


def magnitude(value: Number) -> Decimal:
    """`value` without its sign, exact."""
    return _EXACT.abs(value)


def rounded(value: Number, decimals: Number) -> Decimal | None:
    """`value` to `decimals` places (0 to 10, a fraction of which is cut), half away from zero; else None."""
    places = int(decimals)
    if not 0 <= places <= DECIMALS:
        return None
    try:
        return _RANGED.quantize(Decimal(value), _PLACES[places])
    except InvalidOperation:
        return None


def floor(value: Number) -> Decimal | None:
    """The greatest whole number not above `value`."""
    return in_range(Decimal(value).to_integral_value(ROUND_FLOOR))


def ceiling(value: Number) -> Decimal | None:
    """The least whole number not below `value`."""
    return in_range(Decimal(value).to_integral_value(ROUND_CEILING))


def total(values: list[Number]) -> Decimal | None:
    """The exact sum of `values`, 0 of none."""
    return in_range(_sum(values))


def in_range(value: Decimal) -> Decimal | None:
    """`value`, or None at a magnitude of 10^30 and more."""
    return value if -_LIMIT < value < _LIMIT else None


def written(value: Number) -> str:
    """`value` without exponent and without trailing zeros."""
    return f"{_EXACT.normalize(Decimal(value)):f}" if value else "0"


def read(text: str) -> Decimal | None:
    """The number that `text` shows: an optional sign, 1–30 digits, at most 10 decimals; None for anything else."""
    found = _WRITTEN.fullmatch(text.strip(_SPACE))
    return Decimal(found[0]) if found else None


def mean(values: list[Number]) -> Decimal | None:
    """The exact sum of at least one value over their count, rounded to 10 decimals."""
    return quotient(_sum(values), len(values), DECIMALS)


def _sum(values: list[Number]) -> Decimal:
    result = Decimal(0)
    for value in values:
        result = _EXACT.add(result, value)
    return result
