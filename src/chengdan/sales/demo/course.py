"""The course an opportunity takes: which stages it entered on which days, and how it ended."""

from random import Random
from typing import NamedTuple
from uuid import UUID

from chengdan.sales.demo.customers import Customer
from chengdan.sales.demo.workdays import WorkDays

STAGES = ("prospecting", "discovery", "demo", "proposal", "negotiation")
PROSPECTING, DISCOVERY, DEMO, PROPOSAL, NEGOTIATION = range(len(STAGES))
_ADVANCE = (0.80, 0.77, 0.81, 0.75, 0.78)
_DWELL_DAYS = (9, 18, 15, 13, 15)
_CLOSED_AT_MONTH_END = 0.35
_DAYS_WAITED_FOR_MONTH_END = 7


class Walk(NamedTuple):
    """The working days on which the stages were entered, in order from prospecting; `end` is None while open."""

    entered: tuple[int, ...]
    end: int | None
    won: bool

    @property
    def stage(self) -> int:
        """The last open stage it reached."""
        return len(self.entered) - 1


class Course(NamedTuple):
    """A told opportunity, as its activities, concerns, tasks and leads need it."""

    id: UUID
    name: str
    customer: Customer | None
    contact: UUID | None
    owner: UUID
    team: UUID
    presales: UUID | None
    source: UUID
    campaign: UUID | None
    walk: Walk
    second: int
    touched: int
    """The second of the first day it was made at, and the last working day that somebody worked on it."""


def walk(rng: Random, days: WorkDays, start: int, strength: float, furthest: int) -> Walk:
    """Go through the stages from day `start` until won, lost or today; no further than the stage `furthest`."""
    entered = [start]
    while True:
        stage = len(entered) - 1
        leave = entered[-1] + 1 + int(rng.gammavariate(2.0, _DWELL_DAYS[stage] / 2))
        if leave > days.last:
            return Walk(tuple(entered), None, False)
        if rng.random() > 1 - (1 - _ADVANCE[stage]) / strength:
            return Walk(tuple(entered), leave, False)
        if stage == NEGOTIATION:
            return Walk(tuple(entered), _signing_day(rng, days, leave), True)
        if stage == furthest:
            return Walk(tuple(entered), None, False)
        entered.append(leave)


def _signing_day(rng: Random, days: WorkDays, day: int) -> int:
    end = days.month_end(day)
    waits = end - day <= _DAYS_WAITED_FOR_MONTH_END and rng.random() < _CLOSED_AT_MONTH_END
    return end if waits else day
