"""Leads: those that became opportunities, and those that did not (yet)."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from chengdan.sales.demo.batch import SUBSTEP_DONE, Batch, Story, batch
from chengdan.sales.demo.course import Course
from chengdan.sales.demo.customers import Customer
from chengdan.sales.demo.market import Market
from chengdan.sales.demo.names import company, mobile, person
from chengdan.sales.demo.organisation import Organisation, Seat
from chengdan.sales.demo.words import CONTACT_ROLES, NEEDS
from chengdan.sales.demo.workdays import WorkDays

PIPELINE = "lead"
FIELDS = (
    "company", "name", "number", "status", "title", "mobile", "email", "source", "campaign", "industry", "province",
    "city", "rating", "need", "budget", "budget_currency", "disqualify_reason", "account", "opportunity",
)  # fmt: skip
_STATUSES = ("new", "contacted", "qualified")
_FROM_A_LEAD = 0.4
_OTHERS_PER_OPPORTUNITY = 0.8
_ADVANCE = (0.7, 0.45)
_DWELL_DAYS = (2, 14)
_LEADS_INDUSTRIES = ("manufacturing", "medical", "retail", "technology", "energy", "logistics", "education")
_REASONS = ("no_need", "no_budget", "unreachable", "unreachable", "duplicate", "invalid")
_LATEST_SECOND = 30_000


@dataclass(frozen=True, slots=True)
class Touch:
    """The first call that a lead's gate asks for: to be logged as an activity."""

    lead: UUID
    subject: str
    seat: Seat
    day: int
    second: int


class Leads:
    """Tells the leads of a block; their numbers go on after those of the `before` opportunities in the blocks before it."""

    def __init__(self, days: WorkDays, organisation: Organisation, market: Market, before: int) -> None:
        self.days = days
        self.organisation = organisation
        self.market = market
        told = before + int(before * _OTHERS_PER_OPPORTUNITY)
        self.numbers = defaultdict[int, int](lambda: told)

    def block(self, rng: Random, courses: list[Course]) -> tuple[list[Touch], Batch]:
        """Leads behind some of these opportunities and others besides, in the order they came in."""
        touches: list[Touch] = []
        stories = []
        for day, course in sorted(self._origins(rng, courses), key=lambda origin: origin[0]):
            if course is None or course.customer is None:
                stories.append(self._other(rng, day, touches))
            else:
                stories.append(self._converted(rng, course, course.customer, day, touches))
        return touches, batch("lead", FIELDS, stories, staged=True)

    def _origins(self, rng: Random, courses: list[Course]) -> Iterator[tuple[int, Course | None]]:
        for course in courses:
            if course.customer is not None and rng.random() < _FROM_A_LEAD:
                yield max(0, course.walk.entered[0] - 2 - int(rng.random() * 9)), course
        for day in self.days.draw(rng, int(len(courses) * _OTHERS_PER_OPPORTUNITY)):
            yield day, None

    def _converted(
        self, rng: Random, course: Course, customer: Customer, day: int, touches: list[Touch]
    ) -> Story:
        """A lead that went through its stages and became this opportunity on the day the opportunity was made."""
        seat = customer.seat
        values = {
            "company": customer.name,
            "industry": customer.industry,
            "source": course.source,
            "campaign": course.campaign,
        }
        story = self._created(rng, seat, day, values)
        end = course.walk.entered[0]
        touches.append(self._contact(rng, story, seat, min(day + 1, end)))
        made = self.days.instant(end, course.second)
        at = max(made, story.updated_at)
        self._qualify(rng, story, seat, max(story.updated_at, at - timedelta(minutes=10)))
        story.note(at, seat.user, SUBSTEP_DONE, {"name": "qualified", "stage": "qualified"})
        story.update(at, seat.user, {"account": customer.id, "opportunity": course.id})
        story.move(at, seat.user, PIPELINE, "status", "converted")
        return story

    def _other(self, rng: Random, day: int, touches: list[Touch]) -> Story:
        """A lead that is still open, or was found to be nothing."""
        seat = rng.choice(self.organisation.seats)
        source = self.market.source(rng)
        drawn = company(rng, seat.city)
        industry = drawn.industry if drawn.industry in _LEADS_INDUSTRIES else "services"
        campaign = self.market.campaign(rng, source, self.days.dates[day])
        values = {"company": drawn.name, "industry": industry, "source": source, "campaign": campaign}
        story = self._created(rng, seat, day, values)
        for status in range(len(_STATUSES)):
            day += 1 + int(rng.expovariate(1 / _DWELL_DAYS[min(status, 1)]))
            if day > self.days.last:
                return story
            if status == len(_STATUSES) - 1 or rng.random() > _ADVANCE[status]:
                self._disqualify(rng, story, seat, day)
                return story
            if status == 0:
                touches.append(self._contact(rng, story, seat, day))
            else:
                self._qualify(rng, story, seat, self._moment(rng, day))
        return story

    def _created(self, rng: Random, seat: Seat, day: int, values: dict[str, Any]) -> Story:
        second = int(rng.random() * min(_LATEST_SECOND, self.days.seconds(day)))
        year = self.days.dates[day].year
        self.numbers[year] += 1
        drawn = person(rng)
        titles = CONTACT_ROLES[int(rng.random() * len(CONTACT_ROLES))][1]
        values = {
            **values,
            "name": drawn.name,
            "number": f"LEAD-{year}-{self.numbers[year]:05}",
            "status": _STATUSES[0],
            "title": titles[0],
            "mobile": mobile(rng),
            "email": f"{drawn.pinyin}@lead.example" if rng.random() < 0.5 else None,
            "province": seat.province,
            "city": seat.city,
            "budget_currency": "CNY",
            "owner": seat.user,
            "team": seat.team,
        }
        maker = self.organisation.named["sales_ops"]
        return Story(self.days.id(rng, day, second), self.days.instant(day, second), maker, values)

    def _contact(self, rng: Random, story: Story, seat: Seat, day: int) -> Touch:
        """Move on to `contacted` after a first call five minutes earlier."""
        second = 300 + int(rng.random() * (self.days.seconds(day) - 300))
        story.move(self.days.instant(day, second), seat.user, PIPELINE, "status", _STATUSES[1])
        return Touch(story.id, story.values["company"], seat, day, second - 300)

    def _qualify(self, rng: Random, story: Story, seat: Seat, at: datetime) -> None:
        rating = ("hot", "warm", "warm", "cold")[int(rng.random() * 4)]
        budget = 50_000 + int(rng.random() * 60) * 10_000 if rng.random() < 0.5 else None
        need = NEEDS[int(rng.random() * len(NEEDS))]
        story.update(at, seat.user, {"rating": rating, "need": need, "budget": budget})
        story.move(at, seat.user, PIPELINE, "status", _STATUSES[2])

    def _disqualify(self, rng: Random, story: Story, seat: Seat, day: int) -> None:
        at = self._moment(rng, day)
        reason = _REASONS[int(rng.random() * len(_REASONS))]
        story.update(at, seat.user, {"disqualify_reason": reason})
        story.move(at, seat.user, PIPELINE, "status", "disqualified")

    def _moment(self, rng: Random, day: int) -> datetime:
        return self.days.instant(day, int(rng.random() * self.days.seconds(day)))
