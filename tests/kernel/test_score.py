"""How figures become a score, its colour and its reasons."""

import pytest

from chengdan.base.label import Label
from chengdan.kernel.score import Color, Score, Signal, plain_weights, reasons, standing

CALLS = Signal("calls", 3, 0, 4, Label("{figure} 次", "{figure} calls"))
AGE = Signal("age", 1, 30, 0, Label("{figure} 天", "{figure} days"))
SCORE = Score("fit", Label("分", "Fit"), "client", (CALLS, AGE), red=40, green=70, least=0.3)
WEIGHTS = plain_weights(SCORE)


@pytest.mark.parametrize(
    ("figure", "points"),
    [(-1, 0), (0, 0), (1, 0.25), (4, 1), (9, 1)],
    ids=["below", "bad", "between", "good", "beyond"],
)
def test_points_rise_from_bad_to_good_and_stay_within_them(figure: float, points: float) -> None:
    assert CALLS.points(figure) == points


def test_bad_may_lie_above_good() -> None:
    assert [AGE.points(figure) for figure in (0, 15, 30, 99)] == [1, 0.5, 0, 0]


def test_a_score_is_the_weighted_mean_of_what_is_known() -> None:
    found = standing(SCORE, WEIGHTS, {"calls": 2, "age": 0})

    assert (found.value, found.color, found.known) == (63, Color.AMBER, 1)


def test_what_is_unknown_lowers_the_confidence_and_not_the_score() -> None:
    found = standing(SCORE, WEIGHTS, {"calls": 4, "age": None})

    assert (found.value, found.color, found.known) == (100, Color.GREEN, 0.75)


def test_with_too_little_known_there_is_no_score() -> None:
    found = standing(SCORE, WEIGHTS, {"age": 30})

    assert (found.value, found.color, found.known) == (None, None, 0.25)
    assert standing(SCORE, WEIGHTS, {}).known == 0


@pytest.mark.parametrize(
    ("calls", "color"), [(1.59, Color.AMBER), (1.55, Color.RED), (2.8, Color.GREEN), (2.75, Color.AMBER)]
)
def test_colours_begin_at_their_bounds(calls: float, color: Color) -> None:
    assert standing(SCORE, WEIGHTS, {"calls": calls}).color is color


def test_reasons_are_what_costs_most() -> None:
    found = reasons(SCORE, WEIGHTS, {"calls": 3, "age": 30})

    assert [(one.metric, one.points) for one in found] == [("age", -25), ("calls", -18.75)]


def test_where_nothing_costs_much_the_reasons_are_what_speaks_for_it() -> None:
    found = reasons(SCORE, WEIGHTS, {"calls": 4, "age": 1})

    assert [one.metric for one in found] == ["calls", "age"]
    assert all(one.points > 0 for one in found)


def test_without_figures_there_are_no_reasons() -> None:
    assert reasons(SCORE, WEIGHTS, {"calls": None}) == ()
