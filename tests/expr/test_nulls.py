"""The law of nulls and ranges, as `chengdan.expr.types` states it, in both back ends."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection

from tests.expr.postgres import value
from tests.expr.sample import ME, NOW

DEAL = UUID(int=99)
LINES: list[dict[str, Any]] = [
    {
        "id": UUID(int=1),
        "deal": DEAL,
        "price": Decimal("1.5"),
        "gift": True,
        "product": "b",
        "created_at": NOW,
    },
    {"id": UUID(int=2), "deal": DEAL, "price": None, "gift": None, "product": "a", "created_at": NOW},
    {
        "id": UUID(int=3),
        "deal": DEAL,
        "price": Decimal("4"),
        "gift": False,
        "created_at": NOW - timedelta(days=1),
    },
    {"id": UUID(int=4), "deal": DEAL, "price": Decimal("100"), "gift": True, "archived_at": NOW},
    {"id": UUID(int=5), "deal": None, "price": Decimal("1000"), "gift": True},
]


@pytest.mark.parametrize(
    ("text", "deal", "expected"),
    [
        ("amount + 1", {}, None),
        ("-amount", {}, None),
        ("name + 'x'", {}, None),
        ("name + 'x'", {"name": ""}, "x"),
        ("len(name)", {}, None),
        ("len(name)", {"name": ""}, 0),
        ("name == null", {"name": ""}, False),
        ("is_empty(name)", {"name": ""}, True),
        ("amount == null", {}, True),
        ("amount != null", {}, False),
        ("amount == seats", {}, True),
        ("amount == seats", {"amount": 1}, False),
        ("amount != seats", {"amount": 1}, True),
        ("amount == 1", {}, False),
        ("amount != 1", {}, True),
        ("amount < 1", {}, False),
        ("amount >= seats", {}, False),
        ("amount in [1, seats]", {}, False),
        ("amount not in [1, seats]", {}, True),
        ("amount in [1, seats]", {"amount": 2}, False),
        ("amount in []", {"amount": 2}, False),
        ("active", {}, None),
        ("active and true", {}, False),
        ("active or false", {}, False),
        ("not active", {}, True),
        ("active == false", {}, False),
        ("if(active, 1, 2)", {}, 2),
        ("contains(name, 'x') or false", {}, False),
        ("not contains(name, 'x')", {}, True),
        ("tags == null", {"tags": []}, True),
        ("tags == null", {}, True),
        ("tags != null", {"tags": ["a"]}, True),
        ("'a' in tags", {}, False),
        ("'a' not in tags", {}, True),
        ("tags.has(name)", {"tags": ["a"]}, False),
        ("tags.count()", {}, 0),
        ("coalesce(amount, seats, 7)", {}, 7),
        ("account == null", {}, True),
        ("account.score", {}, None),
        ("account.score == null", {}, True),
        ("owner == me", {"owner": ME}, True),
        ("owner != me", {}, True),
        ("min(amount, seats)", {"amount": 1}, None),
        ("amount / seats", {"amount": 1, "seats": 0}, None),
        ("amount % seats", {"amount": 1, "seats": 0}, None),
        ("effort / seats", {"effort": timedelta(1), "seats": 0}, None),
        ("effort / effort", {"effort": timedelta(0)}, None),
    ],
)
def test_a_null_means_the_same_everywhere(
    connection: Connection, text: str, deal: Any, expected: Any
) -> None:
    assert value(connection, text, deal) == expected


@pytest.mark.parametrize(
    ("text", "over_none", "over_some"),
    [
        ("lines.exists()", False, True),
        ("lines.exists(x, x.gift)", False, True),
        ("lines.exists(x, x.price > 50)", False, False),
        ("lines.all(x, x.gift)", True, False),
        ("lines.all(x, x.price != 2)", True, True),
        ("lines.count()", 0, 3),
        ("lines.count(x, x.gift)", 0, 1),
        ("lines.count(x, not x.gift)", 0, 2),
        ("lines.sum(x, x.price)", 0, Decimal("5.5")),
        ("lines.avg(x, x.price)", None, Decimal("2.75")),
        ("lines.min(x, x.price)", None, Decimal("1.5")),
        ("lines.max(x, x.price)", None, 4),
        ("lines.min(x, x.product)", None, "a"),
        ("lines.latest(x, x.product)", None, "a"),
        ("lines.latest(x, x.price)", None, None),
        ("lines.sum(x, x.took) == 0s", True, True),
        ("lines.latest(x, x) == null", True, False),
    ],
)
def test_lists_skip_archived_children_and_answer_for_none(
    connection: Connection, text: str, over_none: Any, over_some: Any
) -> None:
    assert value(connection, text, {}) == over_none
    assert value(connection, text, {}, {"line": LINES}) == over_some


@pytest.mark.parametrize(
    ("text", "deal", "expected"),
    [
        ("amount / seats", {"amount": 1, "seats": 3}, Decimal("0.3333333333")),
        ("amount / seats", {"amount": 2, "seats": 3}, Decimal("0.6666666667")),
        ("amount / seats", {"amount": Decimal("0.0000000001"), "seats": 2}, Decimal("0.0000000001")),
        ("amount / seats", {"amount": Decimal("-0.0000000001"), "seats": 2}, Decimal("-0.0000000001")),
        ("amount * amount", {"amount": Decimal("0.00001")}, Decimal("0.0000000001")),
        ("amount * amount", {"amount": Decimal("0.000005")}, 0),
        ("amount % seats", {"amount": -7, "seats": 3}, -1),
        ("amount % seats", {"amount": Decimal("7.5"), "seats": -2}, Decimal("1.5")),
        ("amount + amount", {"amount": Decimal("5e29")}, None),
        ("amount + 1", {"amount": Decimal("999999999999999999999999999999")}, None),
        (
            "amount - 1",
            {"amount": Decimal("999999999999999999999999999999")},
            Decimal("999999999999999999999999999998"),
        ),
        ("amount * 10", {"amount": Decimal("1e29")}, None),
        ("amount * 1", {"amount": Decimal("999999999999999999999999999999.99999999999")}, None),
        ("effort * 2", {"effort": timedelta(days=5_000_000)}, None),
        (
            "effort * 1.9999999",
            {"effort": timedelta(days=5_000_000)},
            timedelta(days=9_999_999, seconds=43_200),
        ),
        ("close_on + effort", {"close_on": date(2026, 1, 1), "effort": timedelta(days=3_000_000)}, None),
        ("close_on - effort", {"close_on": date(2026, 1, 1), "effort": timedelta(days=3_000_000)}, None),
        (
            "close_on - effort",
            {"close_on": date(2026, 1, 3), "effort": timedelta(hours=36)},
            date(2026, 1, 1),
        ),
        (
            "close_on + effort",
            {"close_on": date(2026, 1, 3), "effort": timedelta(hours=36)},
            date(2026, 1, 4),
        ),
        ("sent_at + effort", {"sent_at": NOW, "effort": timedelta(days=9_999_999)}, None),
        ("sent_at - effort", {"sent_at": NOW, "effort": timedelta(days=9_999_999)}, None),
        (
            "sent_at + effort",
            {"sent_at": NOW, "effort": timedelta(days=2_000_000, microseconds=1)},
            NOW + timedelta(days=2_000_000, microseconds=1),
        ),
        ("name < 'b'", {"name": "B"}, True),
        ("name < '客'", {"name": "😀"}, False),
        ("name == 'é'", {"name": "e\u0301"}, False),
    ],
)
def test_results_are_exact_or_null(connection: Connection, text: str, deal: Any, expected: Any) -> None:
    assert value(connection, text, deal) == expected
