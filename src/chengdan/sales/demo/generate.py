"""The whole demo company, block by block, so that memory stays flat however large the scale, and many can make it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from random import Random
from uuid import UUID

from chengdan.sales.demo.activities import Written, activities
from chengdan.sales.demo.aftercare import Aftercare
from chengdan.sales.demo.batch import Batch
from chengdan.sales.demo.concerns import concerns
from chengdan.sales.demo.customers import Customers, account_batch
from chengdan.sales.demo.echoes import Echoes
from chengdan.sales.demo.emails import Emails
from chengdan.sales.demo.leads import Leads
from chengdan.sales.demo.market import Market, open_market
from chengdan.sales.demo.moods import Mood, moods
from chengdan.sales.demo.office import office_tasks
from chengdan.sales.demo.opportunities import Opportunities
from chengdan.sales.demo.organisation import LOGINS, Organisation, found
from chengdan.sales.demo.tasks import tasks
from chengdan.sales.demo.temper import Tempered
from chengdan.sales.demo.workdays import WorkDays

__all__ = ["LOGINS", "OPPORTUNITIES_AT_SCALE_1", "DemoCompany", "generate"]

OPPORTUNITIES_AT_SCALE_1 = 2_000


@dataclass(frozen=True, slots=True)
class DemoCompany:
    """A year of history up to `now` (aware), the same for the same values; scale 1 is about 2,000 opportunities.

    After what all share come blocks, which know nothing of each other: they can be made in any order, in any process. Every
    reference leads to the same or an earlier batch, but for `team.lead` (users come after teams). ValueError when `now` is
    naive or the scale is not positive.
    """

    seed: int
    scale: float
    now: datetime

    def __post_init__(self) -> None:
        if self.now.tzinfo is None or self.scale <= 0:
            raise ValueError("now must be aware, and scale above 0")

    @property
    def opportunities(self) -> int:
        """How many there are in all blocks."""
        return round(self.scale * OPPORTUNITIES_AT_SCALE_1)

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-self.opportunities // OPPORTUNITIES_AT_SCALE_1)

    def beginning(self) -> Iterator[Batch]:
        """What all blocks share: the people, what is sold to whom, and what the office has to do."""
        days, organisation, market = _founded(self)
        yield from organisation.batches()
        yield from market.batches()
        yield office_tasks(Random(f"{self.seed}/office"), days, organisation)

    def block(self, number: int, truth: dict[UUID, Mood] | None = None) -> list[Batch]:
        """The batches of the block `number` (0 is the first); `truth` is told how warm each customer was, which no record says."""
        days, organisation, market = _founded(self)
        before = number * OPPORTUNITIES_AT_SCALE_1
        count = min(self.opportunities - before, OPPORTUNITIES_AT_SCALE_1)
        rng = Random(f"{self.seed}/{number}")
        accounts, contact_batch = Customers(days, organisation, market, before).block(rng, count)
        courses, opportunity_batch = Opportunities(days, organisation, market, before).block(
            rng, accounts, count
        )
        touches, lead_batch = Leads(days, organisation, market, before).block(rng, courses)
        hidden = Random(f"{self.seed}/{number}/moods")
        felt = moods(hidden, days, courses)
        if truth is not None:
            truth.update(felt)
        tempered = Tempered(hidden, days, felt)
        written: list[Written] = []
        mails = Random(f"{self.seed}/{number}/emails")
        block = [
            account_batch(accounts),
            contact_batch,
            opportunity_batch,
            lead_batch,
            activities(rng, days, courses, touches, tempered, written),
            concerns(rng, days, courses),
            tasks(rng, days, courses),
            *Aftercare(days, organisation, before).batches(hidden, courses, felt),
            Emails(days, organisation).block(mails, courses, contact_batch, written, tempered),
        ]
        Echoes(Random(f"{self.seed}/{number}/echoes"), days, organisation).add(block)
        return block


def generate(
    seed: int, scale: float, now: datetime, truth: dict[UUID, Mood] | None = None
) -> Iterator[Batch]:
    """The batches of a `DemoCompany`, one after the other. Raises ValueError as it does."""
    company = DemoCompany(seed, scale, now)
    yield from company.beginning()
    for number in range(company.blocks):
        yield from company.block(number, truth)


@lru_cache(maxsize=1)
def _founded(company: DemoCompany) -> tuple[WorkDays, Organisation, Market]:
    """The organisation and its market, as all blocks find them."""
    rng = Random(f"{company.seed}/organisation")
    days = WorkDays(company.now)
    organisation = found(rng, days, company.scale)
    return days, organisation, open_market(rng, days, organisation)
