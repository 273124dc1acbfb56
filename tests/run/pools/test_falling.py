"""What holds up one record on its way into a pool holds up no other."""

import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from chengdan.run.action import apply
from chengdan.run.commands import Archive
from chengdan.run.pools.falling import let_fall
from tests.databases import Databases
from tests.lab.lab import EAST, MING, Lab, build_lab, open_lab
from tests.lab.manifests import manifests

POOL = """\
pool: clients
label: {zh: 客户公海, en: Client pool}
object: client
who: [maker]
idle: {days: 30, warn_days: 7, since: seen_at}
along: [jobs]
"""
RULE = """\
rule: hold_on
label: {zh: 不放手, en: Hold on}
object: client
on: {updated: [owner]}
when: 'owner == null and name == "不放手"'
do:
  - set: {credit: '0 - 1'}
"""
SEEN_AT = "  - {name: seen_at, type: datetime, label: {zh: 见于, en: Seen}}\n"
WAITING = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
ROW = "UPDATE data.\"user\" SET roles = '{maker}', active = true, team = %s WHERE id = %s RETURNING id"
SECONDS = 30


@pytest.fixture(scope="module")
def lab(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home: Path = tmp_path_factory.mktemp("falling")
    files = manifests({"pools/clients.yaml": POOL, "rules/hold_on.yaml": RULE})
    files["objects/client.yaml"] += SEEN_AT
    with databases.fresh() as url:
        build_lab(url, home, files)
        with open_lab(url, home) as lab:
            lab.query(ROW, EAST, MING.user)
            yield lab


@pytest.fixture(autouse=True)
def clean(lab: Lab) -> None:
    lab.empty("client", "job")
    lab.query("WITH gone AS (DELETE FROM chengdan.holding RETURNING 1) SELECT count(*) FROM gone")


def after(lab: Lab, days: float) -> tuple[int, int]:
    return let_fall(lab.runtime, lab.runtime.snapshot.pools["clients"], lab.clock() + timedelta(days=days))


def held(lab: Lab, *names: str) -> list[UUID]:
    """Clients of Ming's with a job each, which are about to fall."""
    ids = [lab.create(MING, "client", name=name)["id"] for name in names]
    for id in ids:
        lab.create(MING, "job", client=str(id))
    assert after(lab, 24) == (len(names), 0)
    return ids


def owners(lab: Lab, ids: list[UUID]) -> list[tuple[UUID | None, UUID | None]]:
    """Who owns each client, and who its job."""
    rows = lab.query("SELECT c.id, c.owner, j.owner FROM data.client c JOIN data.job j ON j.client = c.id")
    found = {id: (owner, of_job) for id, owner, of_job in rows}
    return [found[id] for id in ids]


def test_what_a_rule_refuses_stays_and_the_others_fall(lab: Lab, caplog: pytest.LogCaptureFixture) -> None:
    ids = held(lab, "甲", "不放手", "乙")
    with caplog.at_level(logging.WARNING):
        assert after(lab, 32) == (0, 2)
    assert owners(lab, ids) == [(None, None), (MING.user, MING.user), (None, None)]
    assert "pool.entered" not in lab.kinds(ids[1])
    assert [str(ids[1]) in line for line in caplog.messages] == [True]


def test_what_was_refused_falls_on_the_morning_after_it_was_mended(lab: Lab) -> None:
    ids = held(lab, "不放手")
    assert after(lab, 32) == (0, 0)
    assert after(lab, 33) == (0, 0)
    lab.query("UPDATE data.client SET name = '放手' RETURNING id")
    assert after(lab, 34) == (0, 1)
    assert owners(lab, ids) == [(None, None)]


def test_what_is_archived_while_the_others_fall_stays_as_it_is(lab: Lab) -> None:
    ids = held(lab, "甲", "归档", "乙")
    with ThreadPoolExecutor(1) as other:
        with lab.runtime.unit(MING) as unit:
            apply(unit, Archive("client", ids[1]))
            unit.flush()
            fell = other.submit(after, lab, 32)
            deadline = time.monotonic() + SECONDS
            while lab.query(WAITING) == [(0,)]:
                assert time.monotonic() < deadline
        assert fell.result(SECONDS) == (0, 2)
    assert owners(lab, ids) == [(None, None), (MING.user, MING.user), (None, None)]
    assert lab.kinds(ids[1])[-1] == "record.archived"
