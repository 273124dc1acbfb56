"""The hidden truth of the demo company: how warm each customer is to us on each day. No record holds it, but records show it.

Customers who are lost, or fall silent, mostly cool off weeks before: they answer less, come to fewer meetings, use less, pay
later. Some cool off and stay, some leave out of the blue. So signals tell something, and never all.
"""

from collections import defaultdict
from random import Random
from typing import NamedTuple
from uuid import UUID

from chengdan.sales.demo.course import Course
from chengdan.sales.demo.workdays import WorkDays

_BEFORE_LOST = 0.72
_BEFORE_WON = 0.08
_OUT_OF_NOTHING = 0.15
_LEAD_DAYS = (25, 65)
_COOLING_DAYS = 14
_COLD_DAYS = 45
_COLD = 0.12
_SPREAD = 0.08


class Cooling(NamedTuple):
    """A time of coolness: working days from which on it gets colder, and on which it is over."""

    since: int
    until: int


class Mood(NamedTuple):
    """How warm a customer is when nothing is amiss, 0–1, and the times when something was."""

    level: float
    coolings: tuple[Cooling, ...]

    def warmth(self, day: int) -> float:
        """The warmth on a working day, 0–1."""
        warmth = self.level
        for cooling in self.coolings:
            if cooling.since <= day < cooling.until:
                fallen = min(1.0, (day - cooling.since) / _COOLING_DAYS)
                warmth = min(warmth, self.level * (1 - fallen) + _COLD * fallen)
        return warmth


def moods(rng: Random, days: WorkDays, courses: list[Course]) -> dict[UUID, Mood]:
    """The moods of these courses' customers, such that what became of the courses is likely."""
    ended: defaultdict[UUID, list[Course]] = defaultdict(list)
    for course in courses:
        if course.customer is not None:
            ended[course.customer.id].append(course)
    found = {}
    for customer, own in ended.items():
        coolings = [cooling for course in own if (cooling := _before(rng, course))]
        if rng.random() < _OUT_OF_NOTHING:
            since = days.opening + int(rng.random() * (days.last - days.opening))
            coolings.append(Cooling(since, since + _COLD_DAYS + int(rng.random() * _COLD_DAYS)))
        won = sum(course.walk.won for course in own)
        share = (won + 1) / (sum(course.walk.end is not None for course in own) + 2)
        level = 0.35 + 0.75 * share + rng.gauss(0, _SPREAD)
        found[customer] = Mood(min(1.0, max(0.25, level)), tuple(coolings))
    return found


def _before(rng: Random, course: Course) -> Cooling | None:
    """The coolness that came before the end of a course, if there was any."""
    end = course.walk.end
    if end is None or rng.random() >= (_BEFORE_WON if course.walk.won else _BEFORE_LOST):
        return None
    first, last = _LEAD_DAYS
    return Cooling(end - first - int(rng.random() * (last - first)), end + int(rng.random() * 20))
