"""Figures over very many rows: given at once, renewed behind the answer, and only shared by those who see the same."""

import time

import pytest

from chengdan.base.json import loads_exact
from chengdan.kernel.access import Principal
from chengdan.run import read
from chengdan.run.read import Measure
from chengdan.store.answers import Answer
from tests.lab.lab import AUDITOR, BOSS, KEEPER, LIU, MING, Lab

PATIENCE_SECONDS = 10


@pytest.fixture
def slow(own_lab: Lab) -> Lab:
    """The lab, in which every figure counts as one that takes long; Ming and Liu have jobs."""
    for person in (MING, MING, LIU):
        own_lab.create(person, "job")
    own_lab.runtime.answers.slow_seconds = 0.0
    return own_lab


def asked(lab: Lab, who: Principal) -> Answer:
    with lab.runtime.reader(who) as reader:
        return read.aggregate(reader, "job", [], [Measure("count")])


def count(answer: Answer) -> int:
    [(row,)] = answer.rows
    return int(loads_exact(row)["count"])


def settled(lab: Lab, who: Principal) -> Answer:
    """The answer once nothing is being renewed."""
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        answer = asked(lab, who)
        if not answer.renewing:
            return answer
    raise TimeoutError


def test_holds_until_something_is_written_and_is_then_renewed_behind_the_answer(slow: Lab) -> None:
    before = count(settled(slow, BOSS))
    slow.create(MING, "job")
    stale = asked(slow, BOSS)
    assert (count(stale), stale.renewing) == (before, True)
    assert count(settled(slow, BOSS)) == before + 1


def test_is_shared_by_those_who_see_all_and_by_nobody_else(slow: Lab) -> None:
    first = asked(slow, KEEPER)
    assert asked(slow, AUDITOR).rows is first.rows
    assert [count(asked(slow, who)) for who in (AUDITOR, MING, LIU)] == [3, 2, 1]


def test_who_waits_has_every_core_and_a_renewal_one(slow: Lab) -> None:
    cores = b"SELECT current_setting('max_parallel_workers')::int"

    def answer() -> Answer:
        with slow.runtime.read_pool.connection() as connection:
            return slow.runtime.answers.ask(connection, cores, (), slow.clock())

    first, end = answer(), time.monotonic() + PATIENCE_SECONDS
    while (renewed := answer()).rows is first.rows and time.monotonic() < end:
        time.sleep(0.01)
    assert (first.rows[0][0] > 0, renewed.rows) == (True, [(0,)])


def test_what_is_quick_is_not_kept(lab: Lab) -> None:
    before = asked(lab, BOSS)
    lab.create(MING, "job")
    after = asked(lab, BOSS)
    assert (count(after), after.renewing) == (count(before) + 1, False)
