"""Calibration: what a company's own won and lost history says about the weights of a score's signals.

How well a signal alone told lost from won is measured by the area under its ROC curve: 0.5 is chance, 1 perfect (Hanley and
McNeil, 1982). The weights that follow are mixed with the defined ones: as many cases as PRIOR count as much as the definition.
Below ENOUGH cases of either kind the definition stands alone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chengdan.kernel.score import Figures, Score, plain_weights

ENOUGH = 20
PRIOR = 40.0


@dataclass(frozen=True, slots=True)
class Case:
    """What was known of a record at some time, and what became of it afterwards."""

    figures: Figures
    lost: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """How well a signal told `lost` cases from `won` ones, of those for which it was known."""

    auc: float
    won: int
    lost: int

    @property
    def enough(self) -> bool:
        return min(self.won, self.lost) >= ENOUGH


def auc(bad: Sequence[float], good: Sequence[float]) -> float:
    """How often a bad case has a lower value than a good one; ties count half. 0.5 where either is missing."""
    if not bad or not good:
        return 0.5
    ordered = sorted(good)
    above = sum(
        len(ordered) - (bisect_left(ordered, value) + bisect_right(ordered, value)) / 2 for value in bad
    )
    return above / (len(bad) * len(good))


def evidence(score: Score, cases: Sequence[Case]) -> dict[str, Evidence]:
    """What the cases say of each signal."""
    found = {}
    for signal in score.signals:
        sides: dict[bool, list[float]] = {True: [], False: []}
        for case in cases:
            figure = case.figures.get(signal.metric)
            if figure is not None:
                sides[case.lost].append(signal.points(figure))
        found[signal.metric] = Evidence(auc(sides[True], sides[False]), len(sides[False]), len(sides[True]))
    return found


def calibrated(score: Score, known: Mapping[str, Evidence]) -> dict[str, float]:
    """The weights to use: the defined ones, moved towards what each signal proved to tell, the more the more cases there are."""
    defined = plain_weights(score)
    telling = {
        name: max(0.0, 2 * one.auc - 1) for name, one in known.items() if name in defined and one.enough
    }
    total = sum(telling.values())
    if not total or not score.calibrate:
        return defined
    shared = sum(defined[name] for name in telling)
    weights = dict(defined)
    for name, strength in telling.items():
        cases = min(known[name].won, known[name].lost)
        trust = cases / (cases + PRIOR)
        weights[name] = (1 - trust) * defined[name] + trust * shared * strength / total
    return weights
