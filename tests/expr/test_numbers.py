"""Arithmetic against exact fractions."""

from decimal import Context, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from chengdan.expr import numbers

_numbers = (
    st.decimals(Decimal("-1e29"), Decimal("1e29"), places=10)
    | st.decimals(-10, 10, places=10)
    | st.integers(-5, 5)
)


def _rounded(exact: Fraction, places: int) -> Decimal | None:
    """Half away from zero; None at 10^30 and more."""
    scaled = abs(exact) * 10**places
    units = int(scaled + Fraction(1, 2))
    value = Decimal(units if exact >= 0 else -units).scaleb(-places, Context(prec=100))
    return value if units < 10 ** (30 + places) else None


@settings(max_examples=300, deadline=None)
@given(_numbers, _numbers)
def test_products_and_quotients_are_the_exact_ones_rounded(left: Decimal, right: Decimal) -> None:
    assert numbers.multiply(left, right) == _rounded(Fraction(left) * Fraction(right), 10)
    if right:
        assert numbers.divide(left, right) == _rounded(Fraction(left) / Fraction(right), 10)
    else:
        assert numbers.divide(left, right) is None


@settings(max_examples=300, deadline=None)
@given(_numbers, _numbers)
def test_sums_and_remainders_are_exact(left: Decimal, right: Decimal) -> None:
    total = Fraction(left) + Fraction(right)
    found = numbers.add(left, right)
    assert found is not None
    assert Fraction(found) == total
    if right:
        rest = numbers.remainder(left, right)
        assert rest is not None
        assert Fraction(rest) == Fraction(left) - int(Fraction(left) / Fraction(right)) * Fraction(right)


@settings(max_examples=200, deadline=None)
@given(_numbers, st.integers(0, 10))
def test_rounding_is_half_away_from_zero(value: Decimal, places: int) -> None:
    assert numbers.rounded(value, places) == _rounded(Fraction(value), places)


@settings(max_examples=200, deadline=None)
@given(_numbers)
def test_a_written_number_reads_back(value: Decimal) -> None:
    assert numbers.read(numbers.written(value)) == value
