"""What history says of weights: areas under curves, and how far they are trusted."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengdan.base.label import Label
from chengdan.kernel.calibration import ENOUGH, PRIOR, Case, Evidence, auc, calibrated, evidence
from chengdan.kernel.score import Score, Signal, plain_weights

WORDS = Label("{figure}", "{figure}")
SIGNALS = (Signal("a", 6, 0, 10, WORDS), Signal("b", 2, 0, 10, WORDS), Signal("c", 2, 0, 10, WORDS))
SCORE = Score("fit", Label("分", "Fit"), "client", SIGNALS)
values = st.lists(st.integers(0, 9).map(float), min_size=1, max_size=12)


@given(values, values)
def test_the_area_is_the_share_of_pairs_in_the_right_order(
    bad: Sequence[float], good: Sequence[float]
) -> None:
    pairs = [1.0 if low < high else 0.5 if low == high else 0.0 for low in bad for high in good]

    assert auc(bad, good) == pytest.approx(sum(pairs) / len(pairs))


def test_nothing_to_compare_is_chance() -> None:
    assert auc([], [1.0]) == auc([1.0], []) == 0.5


def test_evidence_counts_only_cases_in_which_a_signal_was_known() -> None:
    cases = [Case({"a": 1, "b": None}, True), Case({"a": 9, "b": 5}, False), Case({"a": 2}, True)]

    found = evidence(SCORE, cases)

    assert found["a"] == Evidence(1.0, won=1, lost=2)
    assert found["b"] == Evidence(0.5, won=1, lost=0)


def test_with_too_few_cases_the_definition_stands() -> None:
    few = {"a": Evidence(0.9, ENOUGH - 1, 500), "b": Evidence(0.6, 500, ENOUGH - 1)}

    assert calibrated(SCORE, few) == plain_weights(SCORE)


def test_weights_move_by_as_much_as_there_are_cases() -> None:
    cases = int(PRIOR)
    known = {"a": Evidence(0.5, cases, cases), "b": Evidence(1.0, cases, cases)}

    assert calibrated(SCORE, known) == {"a": 3, "b": 5, "c": 2}


def test_a_score_may_keep_to_its_definition() -> None:
    known = {"a": Evidence(0.5, 100, 100), "b": Evidence(1.0, 100, 100)}

    assert calibrated(replace(SCORE, calibrate=False), known) == plain_weights(SCORE)


def test_a_signal_that_tells_the_wrong_way_round_counts_as_telling_nothing() -> None:
    known = {"a": Evidence(0.1, 10**6, 10**6), "b": Evidence(0.75, 10**6, 10**6)}

    weights = calibrated(SCORE, known)

    assert weights["a"] == pytest.approx(0, abs=0.001)
    assert sum(weights.values()) == pytest.approx(10)
