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
_SKIPPED, _SKIPPED_LATELY = 0.12, 0.87
"""How many left the demo without having the architecture confirmed by the customer, and how many since the slump began."""
_WORSE = 2.0
"""How much likelier a proposal is refused when the architecture was not confirmed."""
_CLOSED_AT_MONTH_END = 0.35
_DAYS_WAITED_FOR_MONTH_END = 7


class Walk(NamedTuple):
    """The working days on which the stages were entered, in order from prospecting; `end` is None while open.

    `confirmed`: before the demo was left, the customer confirmed the architecture.
    """

    entered: tuple[int, ...]
    end: int | None
    won: bool
    confirmed: bool = True

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


class Quota:
    """Lets something happen as often as its chances add up to, evenly spread: for what must show in few records."""

    def __init__(self) -> None:
        self._due = 0.5

    def happens(self, chance: float) -> bool:
        self._due += chance
        happens = self._due >= 1
        self._due -= happens
        return happens


class Quotas(NamedTuple):
    """What is told evenly: who leaves the demo unconfirmed, before the slump and since, and whose proposal is refused."""

    skipped: tuple[Quota, Quota]
    refused: tuple[Quota, Quota]

    @classmethod
    def fresh(cls) -> "Quotas":
        return cls((Quota(), Quota()), (Quota(), Quota()))


def walk(rng: Random, days: WorkDays, quotas: Quotas, start: int, strength: float, furthest: int) -> Walk:
    """Go through the stages from day `start` until won, lost or today; no further than the stage `furthest`."""
    entered, confirmed = [start], True
    while True:
        stage = len(entered) - 1
        leave = entered[-1] + 1 + int(rng.gammavariate(2.0, _DWELL_DAYS[stage] / 2))
        if leave > days.last:
            return Walk(tuple(entered), None, False, confirmed)
        risk = (1 - _ADVANCE[stage]) / strength
        if stage == PROPOSAL:
            lost = quotas.refused[confirmed].happens(risk if confirmed else risk * _WORSE)
        else:
            lost = rng.random() > 1 - risk
        if lost:
            return Walk(tuple(entered), leave, False, confirmed)
        if stage == NEGOTIATION:
            return Walk(tuple(entered), _signing_day(rng, days, leave), True, confirmed)
        if stage == furthest:
            return Walk(tuple(entered), None, False, confirmed)
        if stage == DEMO:
            lately = leave >= days.slump
            confirmed = not quotas.skipped[lately].happens(_SKIPPED_LATELY if lately else _SKIPPED)
        entered.append(leave)


def _signing_day(rng: Random, days: WorkDays, day: int) -> int:
    end = days.month_end(day)
    waits = end - day <= _DAYS_WAITED_FOR_MONTH_END and rng.random() < _CLOSED_AT_MONTH_END
    return end if waits else day
