"""Every function of the registry, by example, in both back ends; and every one documented in both languages."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from chengdan.expr import Kind
from chengdan.expr.functions import FUNCTIONS, LISTS, NAMES
from tests.expr.postgres import value
from tests.expr.sample import ME

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
SENT = datetime(2026, 3, 15, 16, 30, tzinfo=UTC)
DAY = date(2026, 3, 31)

EXAMPLES: list[tuple[str, dict[str, Any], Any]] = [
    ("len(name)", {"name": "中文😀"}, 3),
    ("lower(name)", {"name": "ABC É"}, "abc É"),
    ("upper(name)", {"name": "abc ß"}, "ABC ß"),
    ("trim(name)", {"name": "\u3000 a b\n"}, "a b"),
    ("contains(name, stage)", {"name": "abc", "stage": "bc"}, True),
    ("contains(name, stage)", {"name": "abc", "stage": ""}, True),
    ("name.starts_with(stage)", {"name": "abc", "stage": "ab"}, True),
    ("name.ends_with(stage)", {"name": "中文客户", "stage": "客户"}, True),
    ("ends_with(name, stage)", {"name": "b", "stage": "ab"}, False),
    ("like(name, 'a*c?')", {"name": "a\nbcd"}, True),
    ("like(name, 'a*c?')", {"name": "abc"}, False),
    (r"like(name, '100\\%\\*\\?')", {"name": "100\\%*?"}, False),
    (r"like(name, '100%\\*\\?')", {"name": "100%*?"}, True),
    ("concat(name, stage, name)", {"name": "a", "stage": "b"}, "aba"),
    ("left(name, seats)", {"name": "中文客户", "seats": 2}, "中文"),
    ("left(name, seats)", {"name": "abc", "seats": -1}, None),
    ("left(name, amount)", {"name": "abc", "amount": Decimal("1.9")}, "a"),
    ("right(name, seats)", {"name": "中文客户", "seats": 3}, "文客户"),
    ("right(name, seats)", {"name": "abc", "seats": 0}, ""),
    ("replace(name, 'a', 'xy')", {"name": "banana"}, "bxynxynxy"),
    ("replace(name, '', 'xy')", {"name": "banana"}, "banana"),
    ("text(amount)", {"amount": Decimal("100.500")}, "100.5"),
    ("text(amount)", {"amount": Decimal("1e20")}, "100000000000000000000"),
    ("text(-amount)", {"amount": 0}, "0"),
    ("text(seats)", {"seats": -30}, "-30"),
    ("text(active)", {"active": False}, "false"),
    ("text(close_on)", {"close_on": date(33, 1, 2)}, "0033-01-02"),
    ("text(sent_at)", {"sent_at": SENT}, "2026-03-16 00:30"),
    ("text(name)", {"name": "x"}, "x"),
    ("number(name)", {"name": " -12.50\u3000"}, Decimal("-12.5")),
    ("number(name)", {"name": "1e5"}, None),
    ("number(name)", {"name": "12\n34"}, None),
    ("number(name)", {"name": "１２"}, None),
    ("abs(amount)", {"amount": Decimal("-1.25")}, Decimal("1.25")),
    ("round(amount)", {"amount": Decimal("2.5")}, 3),
    ("round(amount)", {"amount": Decimal("-2.5")}, -3),
    ("round(amount, seats)", {"amount": Decimal("1.005"), "seats": 2}, Decimal("1.01")),
    ("round(amount, seats)", {"amount": 1, "seats": 11}, None),
    ("floor(amount)", {"amount": Decimal("-0.5")}, -1),
    ("ceil(amount)", {"amount": Decimal("-0.5")}, 0),
    ("min(amount, seats, views)", {"amount": 3, "seats": 2, "views": 5}, 2),
    ("max(amount, seats)", {"amount": 3, "seats": 2}, 3),
    ("min(close_on, date('2026-01-01'))", {"close_on": DAY}, date(2026, 1, 1)),
    ("max(sent_at, now())", {"sent_at": SENT}, datetime(2026, 3, 15, 16, 30, 0, 123456, tzinfo=UTC)),
    ("min(effort, 1h)", {"effort": timedelta(days=1)}, timedelta(hours=1)),
    ("coalesce(name, stage, 'z')", {"stage": "s"}, "s"),
    ("coalesce(owner, me)", {}, ME),
    ("coalesce(effort, null, 1h)", {}, timedelta(hours=1)),
    ("is_empty(name)", {}, True),
    ("is_empty(amount)", {"amount": 0}, False),
    ("is_empty(tags)", {"tags": []}, True),
    ("is_empty(owner)", {"owner": UUID(int=1)}, False),
    ("has(tags, name)", {"tags": ["a", "vip"], "name": "vip"}, True),
    ("tags.has('x')", {"tags": ["a", "vip"]}, False),
    ("count(tags)", {"tags": ["a", "vip"]}, 2),
    ("date(sent_at)", {"sent_at": SENT}, date(2026, 3, 16)),
    ("date(close_on)", {"close_on": DAY}, DAY),
    ("year(close_on)", {"close_on": DAY}, 2026),
    ("quarter(close_on)", {"close_on": date(2026, 12, 1)}, 4),
    ("month(sent_at)", {"sent_at": datetime(2026, 3, 31, 16, tzinfo=UTC)}, 4),
    ("day(sent_at)", {"sent_at": SENT}, 16),
    ("weekday(close_on)", {"close_on": date(2026, 3, 15)}, 7),
    ("hour(sent_at)", {"sent_at": SENT}, 0),
    ("start_of_week(close_on)", {"close_on": date(2026, 3, 15)}, date(2026, 3, 9)),
    ("start_of_month(close_on)", {"close_on": DAY}, date(2026, 3, 1)),
    ("start_of_quarter(close_on)", {"close_on": date(2026, 12, 1)}, date(2026, 10, 1)),
    ("start_of_year(sent_at)", {"sent_at": SENT}, date(2026, 1, 1)),
    ("add_months(close_on, seats)", {"close_on": DAY, "seats": -1}, date(2026, 2, 28)),
    ("add_months(close_on, seats)", {"close_on": DAY, "seats": 12_001}, None),
    ("days_between(close_on, sent_at)", {"close_on": date(2026, 3, 1), "sent_at": SENT}, 15),
    ("working_days_between(close_on, date('2026-02-18'))", {"close_on": date(2026, 2, 13)}, 2),
    ("working_days_between(close_on, date('2026-02-13'))", {"close_on": date(2026, 2, 18)}, -2),
    ("working_days_between(close_on, date('2026-02-13'))", {"close_on": date(2000, 1, 1)}, None),
    ("add_working_days(close_on, seats)", {"close_on": date(2026, 2, 13), "seats": 2}, date(2026, 2, 18)),
    ("add_working_days(close_on, seats)", {"close_on": date(2026, 2, 18), "seats": -2}, date(2026, 2, 13)),
    ("add_working_days(close_on, seats)", {"close_on": date(2026, 2, 15), "seats": 0}, date(2026, 2, 15)),
    ("add_working_days(close_on, seats)", {"close_on": date(2026, 2, 15), "seats": 3_000}, None),
    ("weeks(seats)", {"seats": 2}, timedelta(days=14)),
    ("days(amount)", {"amount": Decimal("1.5")}, timedelta(hours=36)),
    ("days(amount)", {"amount": 10_000_000}, None),
    ("hours(amount)", {"amount": Decimal("0.0000000001")}, timedelta(0)),
    ("minutes(amount)", {"amount": Decimal("-0.0000000084")}, timedelta(microseconds=-1)),
]  # fmt: skip


@pytest.mark.parametrize(("text", "deal", "expected"), EXAMPLES)
def test_both_back_ends_give_the_expected_value(
    connection: Connection, text: str, deal: dict[str, Any], expected: Any
) -> None:
    assert value(connection, text, deal) == expected


def test_every_function_has_an_example() -> None:
    shown = {name for text, _, _ in EXAMPLES for name in re.findall(r"\w+(?=\()", text)}
    assert set(FUNCTIONS) - shown == set()


@pytest.mark.parametrize("name", ["expressions.md", "expressions.en.md"])
def test_every_function_and_kind_is_documented(name: str) -> None:
    text = (REFERENCE / name).read_text()
    assert {function for function in NAMES | LISTS if f"`{function}(" not in text} == set()
    assert {kind for kind in Kind if f"`{kind}`" not in text} == set()
