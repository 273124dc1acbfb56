"""Offers that nobody answered in 48 hours: the rules and timers find exactly those that one SQL statement finds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmarks.unanswered import LOG, Clock, Told, by_rules, by_sql, offers, simulated

from chengdan.base.config import Config
from chengdan.run.runtime import Runtime
from tests.databases import Databases

Company = tuple[Runtime, Clock]


@pytest.fixture
def company(databases: Databases, sales_template: str, tmp_path: Path) -> Iterator[Company]:
    clock = Clock()
    with databases.fresh(sales_template) as url, Runtime.over(url, Config(home=tmp_path), clock) as runtime:
        yield runtime, clock


def compared(company: Company, told: list[Told]) -> int:
    """How many proposals were left unanswered, when both ways agree on which."""
    runtime, clock = company
    expected, _ = by_sql(runtime, told)
    assert by_rules(runtime, clock, told) == expected
    return len(expected)


@pytest.mark.skipif(not LOG.exists(), reason="the BPI 2012 log is not beside the repository")
def test_offers_of_bpi_2012(company: Company) -> None:
    told = offers(LOG, every=40)

    assert 0 < compared(company, told) < sum(one.sent for one in told)


def test_timers_under_a_simulated_clock(company: Company) -> None:
    told = simulated(400)

    assert 0 < compared(company, told) < 400
