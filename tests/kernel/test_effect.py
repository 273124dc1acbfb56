"""Shares, differences between groups, and what a change of a rate comes from, against figures worked out elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengdan.kernel.effect import Group, Interval, Passage, difference, due_to_skipping, matched, rate


def near(found: Interval | None, value: float, low: float, high: float) -> bool:
    assert found is not None
    return (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=5e-4)


def test_a_share_has_wilsons_interval() -> None:
    """81 of 263: Newcombe, Statistics in Medicine 17 (1998), 857–872, table I, method 3."""
    assert near(rate(Group(263, 81)), 0.3080, 0.2553, 0.3662)
    assert near(rate(Group(20, 0)), 0.0, 0.0, 0.1611)
    assert rate(Group(0, 0)) is None


def test_two_shares_differ_by_newcombes_interval() -> None:
    """56/70 − 48/80: Newcombe, Statistics in Medicine 17 (1998), 873–890, table II, method 10."""
    assert near(difference(Group(70, 56), Group(80, 48)), 0.2, 0.0524, 0.3339)
    assert difference(Group(0, 0), Group(3, 1)) is None


def test_like_records_are_compared_within_their_group() -> None:
    """Two strata with the same difference of 0.2 give it back, though the plain difference is far greater."""
    strata = [(Group(10, 7), Group(90, 45)), (Group(90, 27), Group(10, 1))]
    found = matched(strata)

    assert found.difference is not None
    assert found.difference.value == pytest.approx(0.2)
    assert found.difference.low < 0.2 < found.difference.high
    assert (found.compared, found.left_out) == (200, 0)
    plain = difference(Group(100, 34), Group(100, 46))
    assert plain is not None
    assert plain.value == pytest.approx(-0.12)


def test_groups_without_their_like_are_left_out() -> None:
    found = matched([(Group(5, 5), Group(0, 0)), (Group(0, 0), Group(7, 1))])

    assert (found.difference, found.compared, found.left_out) == (None, 0, 12)


def test_a_change_that_is_all_skipping_is_told_so() -> None:
    before = Passage(Group(100, 80), Group(80, 72), Group(20, 8))
    after = Passage(Group(100, 50), Group(20, 18), Group(80, 32))

    assert due_to_skipping(before, after) == pytest.approx(-0.30)


def test_a_change_of_the_rates_alone_is_none_of_skippings() -> None:
    before = Passage(Group(100, 80), Group(80, 72), Group(20, 8))
    after = Passage(Group(100, 40), Group(80, 36), Group(20, 4))

    assert due_to_skipping(before, after) == pytest.approx(0.0)


def test_who_never_came_to_the_gate_counts_as_neither() -> None:
    before = Passage(Group(200, 80), Group(80, 72), Group(20, 8))
    after = Passage(Group(200, 50), Group(20, 18), Group(80, 32))

    assert due_to_skipping(before, after) == pytest.approx(-0.15)


def test_a_rate_that_only_one_period_tells_stands_for_both() -> None:
    before = Passage(Group(50, 40), Group(50, 40), Group(0, 0))
    after = Passage(Group(50, 20), Group(0, 0), Group(50, 20))

    assert due_to_skipping(before, after) == pytest.approx(-0.4)
    assert due_to_skipping(before, before) is None


@given(st.lists(st.tuples(st.integers(1, 40), st.floats(0, 1)), min_size=4, max_size=4))
def test_skipping_never_explains_more_than_the_rates_differ(sides: list[tuple[int, float]]) -> None:
    groups = [Group(count, round(count * share)) for count, share in sides]
    passages = [
        Passage(Group(one.count + other.count, one.won + other.won), one, other)
        for one, other in (groups[:2], groups[2:])
    ]
    effect = due_to_skipping(*passages)

    assert effect is not None
    assert abs(effect) <= 1
    assert due_to_skipping(passages[1], passages[0]) == pytest.approx(-effect)
