"""The whole demo company, block by block, so that memory stays flat however large the scale."""

from collections.abc import Iterator
from datetime import datetime
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
from chengdan.sales.demo.market import open_market
from chengdan.sales.demo.moods import Mood, moods
from chengdan.sales.demo.office import office_tasks
from chengdan.sales.demo.opportunities import Opportunities
from chengdan.sales.demo.organisation import LOGINS, found
from chengdan.sales.demo.tasks import tasks
from chengdan.sales.demo.temper import Tempered
from chengdan.sales.demo.workdays import WorkDays

__all__ = ["LOGINS", "OPPORTUNITIES_AT_SCALE_1", "generate"]

OPPORTUNITIES_AT_SCALE_1 = 2_000


def generate(
    seed: int, scale: float, now: datetime, truth: dict[UUID, Mood] | None = None
) -> Iterator[Batch]:
    """A year of history up to `now` (aware), the same for the same arguments.

    Scale 1 is about 2,000 opportunities with ten activities each; it multiplies. Batches come in an order in which
    every reference leads to the same or an earlier batch, but for `team.lead` (users come after teams). ValueError
    when `now` is naive or the scale is not positive. `truth` is told how warm each customer was, which no record says.
    """
    if now.tzinfo is None or scale <= 0:
        raise ValueError("now must be aware, and scale above 0")
    rng = Random(f"{seed}/organisation")
    days = WorkDays(now)
    organisation = found(rng, days, scale)
    yield from organisation.batches()
    market = open_market(rng, days, organisation)
    yield from market.batches()
    customers = Customers(days, organisation, market)
    opportunities = Opportunities(days, organisation, market)
    leads = Leads(days, organisation, market)
    emails = Emails(days, organisation)
    aftercare = Aftercare(days, organisation)
    for number, count in enumerate(_blocks(round(scale * OPPORTUNITIES_AT_SCALE_1))):
        rng = Random(f"{seed}/{number}")
        accounts, contact_batch = customers.block(rng, count)
        courses, opportunity_batch = opportunities.block(rng, accounts, count)
        touches, lead_batch = leads.block(rng, courses)
        hidden = Random(f"{seed}/{number}/moods")
        felt = moods(hidden, days, courses)
        if truth is not None:
            truth.update(felt)
        tempered = Tempered(hidden, days, felt)
        written: list[Written] = []
        block = [
            account_batch(accounts),
            contact_batch,
            opportunity_batch,
            lead_batch,
            activities(rng, days, courses, touches, tempered, written),
            concerns(rng, days, courses),
            tasks(rng, days, courses),
            *aftercare.batches(hidden, courses, felt),
            emails.block(Random(f"{seed}/{number}/emails"), courses, contact_batch, written, tempered),
        ]
        Echoes(Random(f"{seed}/{number}/echoes"), days, organisation).add(block)
        yield from block
    yield office_tasks(Random(f"{seed}/office"), days, organisation)


def _blocks(opportunities: int) -> Iterator[int]:
    while opportunities > 0:
        yield min(opportunities, OPPORTUNITIES_AT_SCALE_1)
        opportunities -= OPPORTUNITIES_AT_SCALE_1
