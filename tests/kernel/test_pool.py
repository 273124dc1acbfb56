"""Pools: whose turn it is, when records fall, and what is left of a masked value."""

from datetime import UTC, datetime, timedelta

import pytest

from chengdan.base.label import Label
from chengdan.kernel.pool import Idle, Pool, falls_at, mask

NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)
IDLE = Idle(days=30, warn_days=7)


@pytest.mark.parametrize(
    ("idle_days", "warned_days_ago", "falls_in"),
    [
        (10, None, 20),
        (23, None, 7),
        (29, None, 7),
        (100, None, 7),
        (29, 6, 1),
        (100, 6, 1),
        (100, 7, 0),
        (25, 40, 7),
    ],
)
def test_nothing_falls_without_a_warning_in_good_time(
    idle_days: int, warned_days_ago: int | None, falls_in: int
) -> None:
    warned = None if warned_days_ago is None else NOW - timedelta(days=warned_days_ago)
    assert falls_at(IDLE, NOW - timedelta(days=idle_days), warned, NOW) == NOW + timedelta(days=falls_in)


def test_the_most_generous_role_sets_the_quota() -> None:
    pool = Pool("p", Label("池", "Pool"), "client", ("rep", "senior"), (("rep", 10), ("senior", 30)))
    assert [pool.quota_of(roles) for roles in ({"rep"}, {"rep", "senior"}, {"boss"})] == [10, 30, None]
    assert [pool.open_to(roles) for roles in ({"rep"}, {"boss"})] == [True, False]


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("13800138000", "13*******00"),
        ("400-000-3726", "400******726"),
        ("li.wei@example.cn", "l***@example.cn"),
        ("李伟", "***"),
    ],
)
def test_of_a_masked_value_only_the_ends_are_left(value: str, left: str) -> None:
    assert mask(value) == left
