from decimal import Decimal

import pytest

from chengdan.run.importer.amounts import Amount, read_amount


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234.5", "1234.5"),
        ("1,234,567.80", "1234567.80"),
        ("12,3456", "123456"),
        ("1 234 567", "1234567"),
        ("-7", "-7"),
        ("(1,200)", "-1200"),
        ("3.5万", "35000"),
        ("1.2亿", "120000000"),
        ("2百万", "2000000"),
        ("１２．５", "12.5"),
        ("1.5e3", "1500"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str) -> None:
    assert read_amount(text) == Amount(Decimal(value))


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("¥1,000", "1000", "CNY"),
        ("3万元", "30000", "CNY"),
        ("$90", "90", "USD"),
        ("USD 90", "90", "USD"),
        ("90 eur", "90", "EUR"),
        ("-$5", "-5", "USD"),
    ],
)
def test_a_currency_beside_a_number_is_kept(text: str, value: str, currency: str) -> None:
    assert read_amount(text) == Amount(Decimal(value), currency=currency)


def test_a_percent_sign_is_told() -> None:
    assert read_amount("15%") == Amount(Decimal(15), percent=True)


@pytest.mark.parametrize(
    "text", ["", "abc", "1,23", "1,2345,67", "--1", "(5", "-(5)", "$5 CNY", "1.2.3", "5 5", "NaN", "∞"]
)
def test_what_could_be_two_numbers_or_none_is_no_number(text: str) -> None:
    assert read_amount(text) is None
