"""How customers respond to being approached, by how warm they are that day."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from chengdan.sales.demo.moods import Mood
from chengdan.sales.demo.workdays import WorkDays

NEITHER_WARM_NOR_COLD = 0.7
_TRACKED = 0.8
_MEETINGS = ("meeting", "visit", "demo")
_GOOD, _BAD = ("positive", "positive", "neutral", "neutral"), ("neutral", "neutral", "negative")


class Response(NamedTuple):
    """What an approach led to: whether it `came_about`, its outcome (empty: any), and the hours until material was opened
    and a reply came (None: they were not), of which nothing later than `now` is known."""

    came_about: bool = True
    outcome: str = ""
    tracked: bool | None = None
    hours_to_open: float | None = None
    hours_to_reply: float | None = None
    now: datetime | None = None

    def opened_at(self, at: datetime) -> datetime | None:
        return self._later(at, self.hours_to_open)

    def replied_at(self, at: datetime) -> datetime | None:
        return self._later(at, self.hours_to_reply)

    def _later(self, at: datetime, hours: float | None) -> datetime | None:
        moment = at + timedelta(seconds=int(hours * 3600)) if hours is not None else None
        return None if moment is None or self.now is None or moment > self.now else moment


NO_RESPONSE = Response()


class Tempered:
    """Draws responses from moods."""

    def __init__(self, rng: Random, days: WorkDays, moods: Mapping[UUID, Mood]) -> None:
        self.rng = rng
        self.now = days.now
        self.moods = moods

    def warmth(self, customer: UUID | None, day: int) -> float:
        mood = self.moods.get(customer) if customer else None
        return mood.warmth(day) if mood else NEITHER_WARM_NOR_COLD

    def response(self, customer: UUID | None, day: int, kind: str, *, asked_for: bool) -> Response:
        """How a customer responds on a working day; what is `asked_for` comes about in any case, and goes well."""
        warmth = self.warmth(customer, day)
        draw = self.rng.random
        if not asked_for and draw() > 0.15 + 1.2 * warmth:
            return Response(came_about=False)
        answers = draw() < 0.1 + 0.9 * warmth or asked_for
        good = draw() < 0.25 + 0.6 * warmth
        outcome = "no_answer"
        if answers:
            choices = _GOOD if good else _BAD
            outcome = choices[int(draw() * len(choices))]
        if kind != "email":
            return Response(outcome=outcome)
        tracked = draw() < _TRACKED
        opened = tracked and draw() < 0.05 + 0.95 * warmth
        return Response(
            True,
            outcome,
            tracked,
            self.rng.expovariate(1 / 9) if opened else None,
            1 + self.rng.expovariate(1 / (6 + 50 * (1 - warmth))) if answers else None,
            self.now,
        )
