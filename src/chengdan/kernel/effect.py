"""Effects: how sure a share is, how far two groups differ, and what a change of the win rate comes from. Pure arithmetic.

Sources: Wilson, JASA 22 (1927), 209–212; Newcombe, Statistics in Medicine 17 (1998), 873–890 (method 10); Greenland and
Robins, Biometrics 41 (1985), 55–68; Shapley, Contributions to the Theory of Games II (1953), 307–317.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import permutations
from math import sqrt

Z95 = 1.959963984540054
"""The quantile that leaves 2.5 % on either side: intervals are of 95 %."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Group:
    """Of `count` records whose outcome is known, `won` were won."""

    count: int
    won: int

    @property
    def rate(self) -> float | None:
        return self.won / self.count if self.count else None


def rate(group: Group) -> Interval | None:
    """The share won with Wilson's interval; None for an empty group."""
    if group.count == 0:
        return None
    n, p = group.count, group.won / group.count
    middle = (p + Z95**2 / (2 * n)) / (1 + Z95**2 / n)
    half = Z95 * sqrt(p * (1 - p) / n + Z95**2 / (4 * n**2)) / (1 + Z95**2 / n)
    return Interval(p, max(0.0, middle - half), min(1.0, middle + half))


def difference(one: Group, other: Group) -> Interval | None:
    """The rate of `one` less that of `other`, with Newcombe's interval; None when either is empty."""
    a, b = rate(one), rate(other)
    if a is None or b is None:
        return None
    value = a.value - b.value
    low = value - sqrt((a.value - a.low) ** 2 + (b.high - b.value) ** 2)
    high = value + sqrt((a.high - a.value) ** 2 + (b.value - b.low) ** 2)
    return Interval(value, low, high)


@dataclass(frozen=True, slots=True)
class Matched:
    """A difference between like records: the estimate, and how many of either side found their like."""

    difference: Interval | None
    compared: int
    left_out: int


def matched(strata: Iterable[tuple[Group, Group]]) -> Matched:
    """The difference of the rates within groups of like records (one, other), weighed by Mantel and Haenszel."""
    weight = total = variance = 0.0
    compared = left_out = 0
    for one, other in strata:
        n1, n0 = one.count, other.count
        if n1 == 0 or n0 == 0:
            left_out += n1 + n0
            continue
        compared += n1 + n0
        n = n1 + n0
        weight += n1 * n0 / n
        total += (one.won * n0 - other.won * n1) / n
        spread = one.won * (n1 - one.won) * n0**3 + other.won * (n0 - other.won) * n1**3
        variance += spread / (n1 * n0 * n**2)
    if weight == 0:
        return Matched(None, compared, left_out)
    value, half = total / weight, Z95 * sqrt(variance) / weight
    return Matched(Interval(value, max(-1.0, value - half), min(1.0, value + half)), compared, left_out)


@dataclass(frozen=True, slots=True)
class Passage:
    """All records that something could become of, and among them those that passed the gate of a deliverable with it, and without."""

    whole: Group
    done: Group
    skipped: Group

    @property
    def skipped_ratio(self) -> float | None:
        """Of those that passed, the share that went without."""
        passed = self.done.count + self.skipped.count
        return self.skipped.count / passed if passed else None

    @property
    def rest(self) -> Group:
        """Those that never came to that gate."""
        return Group(
            self.whole.count - self.done.count - self.skipped.count,
            self.whole.won - self.done.won - self.skipped.won,
        )


def due_to_skipping(before: Passage, after: Passage) -> float | None:
    """How much of the change of the rate comes of the share that skipped; None where one side tells nothing.

    The rate is P·(q·r_without + (1 - q)·r_with) + (1 - P)·r_rest: the share that passed the gate, the share of these that
    skipped, and the rates of the three groups. Shapley's value of q: its effect, averaged over every order of change.
    """
    old, new = _factors(before, after), _factors(after, before)
    if old is None or new is None:
        return None
    return _shapley(_rate, old, new)[1]


def _factors(passage: Passage, other: Passage) -> tuple[float, ...] | None:
    """Passed, skipped, and the rates without, with and of the rest; a rate that nobody tells is taken from the other period."""
    skipped = passage.skipped_ratio
    without = passage.skipped.rate if passage.skipped.count else other.skipped.rate
    done = passage.done.rate if passage.done.count else other.done.rate
    rest = passage.rest.rate if passage.rest.count else other.rest.rate
    if not passage.whole.count or skipped is None or without is None or done is None:
        return None
    passed = (passage.done.count + passage.skipped.count) / passage.whole.count
    return passed, skipped, without, done, rest or 0.0


def _rate(factors: Sequence[float]) -> float:
    passed, skipped, without, done, rest = factors
    return passed * (skipped * without + (1 - skipped) * done) + (1 - passed) * rest


def _shapley(
    worth: Callable[[Sequence[float]], float], old: Sequence[float], new: Sequence[float]
) -> list[float]:
    shares = [0.0] * len(old)
    orders = list(permutations(range(len(old))))
    for order in orders:
        now = list(old)
        for place in order:
            before = worth(now)
            now[place] = new[place]
            shares[place] += (worth(now) - before) / len(orders)
    return shares
