"""Accounts and the people at them."""

from random import Random
from typing import NamedTuple
from uuid import UUID

from chengdan.sales.demo.batch import Batch, Story, batch
from chengdan.sales.demo.market import Market
from chengdan.sales.demo.names import company, own_mobile, person
from chengdan.sales.demo.organisation import Organisation, Seat
from chengdan.sales.demo.words import CONTACT_ROLES, DEPARTMENTS
from chengdan.sales.demo.workdays import WorkDays

ACCOUNT_FIELDS = (
    "name", "short_name", "number", "level", "status", "industry", "source", "parent", "territory", "region",
    "province", "city", "country", "phone", "website", "employees", "annual_revenue", "annual_revenue_currency",
    "founded_year",
)  # fmt: skip
CONTACT_FIELDS = (
    "name", "account", "title", "department", "role", "mobile", "email", "preferred_channel", "attitude",
    "left_company",
)  # fmt: skip
_OPPORTUNITIES_PER_ACCOUNT = 3.2
_OLD_CUSTOMERS = 0.62
_WITHOUT_DECISION_MAKER = 0.08
_SUBSIDIARIES = 0.04
_MET_BEFORE = 0.004
_LEVELS = (("a", 0.07), ("b", 0.22), ("c", 0.48), ("d", 0.23))
_EMPLOYEES = {"a": 4_000, "b": 1_200, "c": 300, "d": 80}
_CHANNELS = ("phone", "wechat", "wechat", "email", "visit")
_ATTITUDES = ("supportive", "neutral", "neutral", "supportive", "opposed")


class Customer(NamedTuple):
    """An account as the rest of the history needs it; `has_decision_maker` from the day it was made."""

    id: UUID
    name: str
    short_name: str
    industry: str
    seat: Seat
    day: int
    contacts: tuple[UUID, ...]
    has_decision_maker: bool
    story: Story


class Customers:
    """Makes the accounts of a block; their numbers go on after those of the `before` opportunities in the blocks before it."""

    def __init__(self, days: WorkDays, organisation: Organisation, market: Market, before: int) -> None:
        self.days = days
        self.organisation = organisation
        self.market = market
        self.made = round(before / _OPPORTUNITIES_PER_ACCOUNT)
        self.people_made = self.made * len(CONTACT_ROLES)

    def block(self, rng: Random, opportunities: int) -> tuple[list[Customer], Batch]:
        """The accounts that this many opportunities need, in the order they were made, and their contacts.

        The accounts are still being told: their batch is made when their opportunities are (see `account_batch`).
        """
        count = max(3, round(opportunities / _OPPORTUNITIES_PER_ACCOUNT))
        seats = rng.choices(self.organisation.seats, self.organisation.weights, k=count)
        latest = max(self.days.opening + 1, self.days.last - 2)
        starts = sorted(
            rng.randrange(1, self.days.opening)
            if rng.random() < _OLD_CUSTOMERS
            else rng.randrange(self.days.opening, latest)
            for _ in range(count)
        )
        customers: list[Customer] = []
        contacts: list[Story] = []
        for seat, day in zip(seats, starts, strict=True):
            parent = (
                customers[int(rng.random() * len(customers))].id
                if customers and rng.random() < _SUBSIDIARIES
                else None
            )
            customers.append(self._customer(rng, seat, day, parent, contacts))
        return customers, batch("contact", CONTACT_FIELDS, contacts)

    def _customer(
        self, rng: Random, seat: Seat, day: int, parent: UUID | None, contacts: list[Story]
    ) -> Customer:
        self.made += 1
        drawn = company(rng, seat.city)
        domain = f"c{self.made:04}.example"  # nobody can own one there
        second = int(rng.random() * 20_000)
        level = rng.choices([name for name, _ in _LEVELS], [weight for _, weight in _LEVELS])[0]
        employees = int(_EMPLOYEES[level] * (0.4 + 1.6 * rng.random()))
        values = {
            "name": drawn.name,
            "short_name": drawn.short_name,
            "number": f"ACC-{self.made:06}",
            "level": level,
            "status": "prospect",
            "industry": drawn.industry,
            "source": self.market.source(rng),
            "parent": parent,
            "territory": seat.territory,
            "region": seat.region,
            "province": seat.province,
            "city": seat.city,
            "country": "CN",
            "phone": f"400-000-{int(rng.random() * 10_000):04}",
            "website": f"https://www.{domain}",
            "employees": employees,
            "annual_revenue": max(3, employees * (30 + int(rng.random() * 90)) // 100),
            "annual_revenue_currency": "CNY",
            "founded_year": 1985 + int(rng.random() * 35),
            "owner": seat.user,
            "team": seat.team,
        }
        story = Story(self.days.id(rng, day, second), self.days.instant(day, second), seat.user, values)
        decided = rng.random() >= _WITHOUT_DECISION_MAKER
        people = self._people(rng, story.id, seat, domain, (day, second), decided, contacts)
        contacts.extend(people)
        ids = tuple(contact.id for contact in people)
        return Customer(
            story.id, drawn.name, drawn.short_name, drawn.industry, seat, day, ids, decided, story
        )

    def _people(
        self,
        rng: Random,
        account: UUID,
        seat: Seat,
        domain: str,
        since: tuple[int, int],
        decided: bool,
        known: list[Story],
    ) -> list[Story]:
        day, second = since
        roles = rng.sample(CONTACT_ROLES[1:], 1 + int(rng.random() * 3))
        if decided:
            roles.insert(0, CONTACT_ROLES[0])
        people = []
        for role, titles in roles:
            second += 60
            drawn = person(rng)
            values = {
                "name": drawn.name,
                "account": account,
                "title": titles[int(rng.random() * len(titles))],
                "department": DEPARTMENTS[int(rng.random() * len(DEPARTMENTS))],
                "role": role,
                "mobile": self._mobile(rng.random(), known),
                "email": f"{drawn.pinyin}@{domain}",
                "preferred_channel": _CHANNELS[int(rng.random() * len(_CHANNELS))],
                "attitude": _ATTITUDES[int(rng.random() * len(_ATTITUDES))],
                "left_company": False,
                "owner": seat.user,
                "team": seat.team,
            }
            people.append(
                Story(self.days.id(rng, day, second), self.days.instant(day, second), seat.user, values)
            )
        return people

    def _mobile(self, draw: float, known: list[Story]) -> str:
        """A number of their own, but for the few whom somebody knows at another account already."""
        self.people_made += 1
        if known and draw < _MET_BEFORE:
            return str(known[int(draw / _MET_BEFORE * len(known))].values["mobile"])
        return own_mobile(self.people_made)


def account_batch(customers: list[Customer]) -> Batch:
    """The accounts' rows and events, once their opportunities have been told."""
    return batch("account", ACCOUNT_FIELDS, (customer.story for customer in customers))
