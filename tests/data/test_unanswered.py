"""Offers that nobody answered in 48 hours: the rules and timers find exactly those that one SQL statement finds."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import pytest
from benchmarks.unanswered import LOG, Clock, Told, by_rules, by_sql, offers, simulated

from chengdan.base.config import Config
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run.commands import Create, Move
from chengdan.run.histories.sets import shipped_sets
from chengdan.run.histories.telling import REASON, tell_log
from chengdan.run.histories.xes import read_xes
from chengdan.run.importer.outcome import Terms
from chengdan.run.runtime import Runtime
from chengdan.run.schedule import fire_due
from tests.databases import Databases
from tests.logs import cut_out

ADMIN = Principal(new_id(), "admin", frozenset({"admin"}))
FAR = datetime(2100, 1, 1, tzinfo=UTC)
LAST, EVERY = 3_000, 60
ENTERED: LiteralString = "SELECT record_id, name, at FROM chengdan.mark WHERE object = 'offer' AND kind = 'entered' ORDER BY at, id"
UNANSWERED: LiteralString = """
SELECT record_id, at FROM (
    SELECT record_id, name, at, lead(at) OVER (PARTITION BY record_id ORDER BY at, id) AS next
    FROM chengdan.mark WHERE object = 'offer' AND kind = 'entered'
) entered
WHERE name = 'sent' AND (next IS NULL OR next >= at + interval '48 hours')
"""
FIRED: LiteralString = (
    "SELECT record_id, (data ->> 'due_at')::timestamptz - interval '48 hours' FROM chengdan.event "
    "WHERE kind = 'timer.fired' AND data ->> 'key' = 'offer_reply'"
)
TOLD: LiteralString = (
    "SELECT count(DISTINCT (record_id, at)), count(DISTINCT user_id) FROM chengdan.notification "
    "WHERE rule = 'offer_unanswered'"
)
Company = tuple[Runtime, Clock]
Entered = tuple[UUID, str, datetime]
"""An offer, the stage that it entered, and when."""


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


@pytest.mark.skipif(not LOG.exists(), reason="the BPI 2012 log is not beside the repository")
def test_offers_brought_in_set_off_nothing_and_gone_through_again_exactly_those_unanswered(
    company: Company, tmp_path: Path
) -> None:
    runtime, clock = company
    clock.now = datetime(2026, 3, 1, tzinfo=UTC)
    bring_in(runtime, tmp_path / "part.xes.gz")
    assert asked(runtime, "SELECT FROM chengdan.timer UNION ALL SELECT FROM chengdan.notification") == []
    way, unanswered = asked(runtime, ENTERED), asked(runtime, UNANSWERED)

    again = go_through_again(runtime, clock, way)

    sent = sum(stage == "sent" for _, stage, _ in way)
    assert 0 < len(unanswered) < sent
    assert sorted(asked(runtime, FIRED)) == sorted((again[offer], at) for offer, at in unanswered)
    assert asked(runtime, "SELECT count(*) FROM data.task WHERE offer IS NOT NULL") == [(len(unanswered),)]
    assert asked(runtime, TOLD) == [(len(unanswered), 2)]


def bring_in(runtime: Runtime, part: Path) -> None:
    """Tell every so many-th trace of the log as history."""
    cut_out(LOG, range(1, LAST, EVERY), LAST, part)
    found = shipped_sets("chengdan.sales")["bpi2012"]
    runtime.publish(found.added_to(runtime.snapshot))
    terms = Terms(ADMIN, "import/part", REASON)
    tell_log(runtime, read_xes(part), found.plan, terms, lambda unit, told: None)


def go_through_again(runtime: Runtime, clock: Clock, way: list[Entered]) -> dict[UUID, UUID]:
    """Let new offers go the way of those told, each step at its own time; which new one stands for which."""
    clock.now = way[0][2]
    lead, rep = (hired(runtime, role) for role in ("manager", "rep"))
    team = runtime.act(ADMIN, Create("team", {"name": "贷款一部", "lead": str(lead)}))[0]["id"]
    parent = runtime.act(ADMIN, Create("application", {"reference": "again", "owner": str(rep)}))[0]["id"]
    theirs = {"application": str(parent), "owner": str(rep), "team": str(team)}
    again: dict[UUID, UUID] = {}
    for offer, stage, at in way:
        run_out(runtime, clock, at)
        if offer in again:
            runtime.act(ADMIN, Move("offer", again[offer], None, stage, REASON, REASON))
        else:
            values = {**theirs, "name": str(len(again)), "stage": stage}
            again[offer] = runtime.act(ADMIN, Create("offer", values, REASON, REASON))[0]["id"]
    run_out(runtime, clock, FAR)
    return again


def hired(runtime: Runtime, role: str) -> UUID:
    """A user of a role."""
    id: UUID = runtime.act(ADMIN, Create("user", {"username": role, "name": role, "roles": [role]}))[0]["id"]
    return id


def run_out(runtime: Runtime, clock: Clock, until: datetime) -> None:
    """Let the clock go on, and fire what runs out by then."""
    clock.now = until
    while fire_due(runtime):
        pass


def asked(runtime: Runtime, question: LiteralString) -> list[Any]:
    with runtime.pool.connection() as connection:
        return connection.execute(question).fetchall()
