"""Rows that say when a record came into its stages: it goes that way, at those times."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from chengdan.kernel.access import Principal
from chengdan.kernel.record import InvalidValue
from chengdan.run.importer.cells import Reading
from chengdan.run.importer.past import Past
from chengdan.run.importer.plan import read_plan
from chengdan.run.runtime import Runtime
from tests.run.importer.people import CLERK, admit_clerk, bring_in, counts, csv_bytes, refused_rows
from tests.sales.manifests import snapshot

COLUMNS = ("编号", "需求", "报价", "结案")
ENTERED = {"discovery": "需求", "proposal": "报价", "won": "结案", "lost": "结案"}
REASON = "旧系统的历史"


def entries(need: str, proposal: str, closed: str, stage: str | None) -> list[tuple[str, str]]:
    """The way of a record with these dates to `stage`: the stages and the days, in UTC."""
    plan = read_plan("opportunity", {"columns": {"编号": "external_key"}, "entered": ENTERED})
    past = Past(plan, snapshot(), COLUMNS, Reading(ZoneInfo("UTC")))
    return [
        (one.stage, one.at.date().isoformat() if one.at else "")
        for one in past.of(("1", need, proposal, closed), stage)
    ]


@pytest.mark.parametrize(
    ("cells", "stage", "way"),
    [
        (("2026-01-05", "2026-02-01", "2026-03-01"), "won",
         [("discovery", "2026-01-05"), ("proposal", "2026-02-01"), ("won", "2026-03-01")]),
        (("2026-01-05", "", "2026-03-01"), "lost", [("discovery", "2026-01-05"), ("lost", "2026-03-01")]),
        (("2026-01-05", "2026-02-01", ""), "discovery", [("discovery", "2026-01-05")]),
        (("2026-01-05", "", ""), "negotiation", [("discovery", "2026-01-05"), ("negotiation", "")]),
        (("2026-03-05", "2026-02-01", "2026-03-01"), "won",
         [("proposal", "2026-02-01"), ("discovery", "2026-03-05"), ("won", "2026-03-05")]),
        (("2026-01-05", "2026-02-01", ""), None, [("discovery", "2026-01-05"), ("proposal", "2026-02-01")]),
        (("", "", ""), "won", []),
        (("", "2026-02-01", ""), "discovery", []),
        (("2026-01-05", "", ""), "no such stage", []),
    ],
)  # fmt: skip
def test_the_way_to_a_stage(
    cells: tuple[str, str, str], stage: str | None, way: list[tuple[str, str]]
) -> None:
    assert entries(*cells, stage) == way


def test_what_is_no_date_is_refused_with_the_stage() -> None:
    with pytest.raises(InvalidValue) as found:
        entries("去年", "", "", "won")
    assert found.value.path == "entered.discovery"


MAPPING = {
    "columns": {"编号": "external_key", "名称": "name", "阶段": "stage"},
    "key": "external_key",
    "entered": {"discovery": "需求", "won": "结案", "lost": "结案"},
}
ROWS = csv_bytes(
    ["编号", "名称", "阶段", "需求", "结案"],
    [["A", "甲", "won", "2026-01-05", "2026-03-01"], ["B", "乙", "discovery", "2026-02-01 09:30", ""], ["C", "丙", "prospecting", "", ""]],
)  # fmt: skip


def query(runtime: Runtime, text: str) -> list[tuple[Any, ...]]:
    with runtime.read_pool.connection() as connection:
        return connection.execute(text).fetchall()


def test_records_go_their_way_at_the_times_of_their_rows(runtime: Runtime, admin: Principal) -> None:
    for _ in range(2):
        job = bring_in(runtime, admin, ROWS, "opportunity", MAPPING, override_reason=REASON)

    assert counts(job) == {"created": 0, "updated": 0, "unchanged": 3, "refused": 0}
    zone = ZoneInfo(admin.time_zone)
    first, closed = datetime(2026, 1, 5, tzinfo=zone), datetime(2026, 3, 1, tzinfo=zone)
    rows = query(runtime, "SELECT external_key, stage, created_at, stage_since FROM data.opportunity WHERE external_key < 'C' ORDER BY 1")  # fmt: skip
    second = datetime(2026, 2, 1, 9, 30, tzinfo=zone)
    assert rows == [("A", "won", first, closed), ("B", "discovery", second, second)]
    moved = query(runtime, "SELECT data->>'from', data->>'to', (data->>'happened_at')::timestamptz FROM chengdan.event WHERE kind = 'record.moved'")  # fmt: skip
    assert moved == [("discovery", "won", closed)]
    [(young,)] = query(runtime, "SELECT stage_since > now() - interval '1 minute' FROM data.opportunity WHERE external_key = 'C'")  # fmt: skip
    assert young
    assert query(runtime, "SELECT DISTINCT data->>'reason' FROM chengdan.event WHERE kind = 'gate.overridden'") == [(REASON,)]  # fmt: skip
    [(told,)] = query(runtime, "SELECT count(*) FROM chengdan.event WHERE at < now() - interval '1 hour'")
    assert told == 0


def test_a_rehearsal_of_it_keeps_nothing(runtime: Runtime, admin: Principal) -> None:
    job = bring_in(runtime, admin, ROWS, "opportunity", MAPPING, override_reason=REASON, dry_run=True)
    assert counts(job) == {"created": 3, "updated": 0, "unchanged": 0, "refused": 0}
    assert query(runtime, "SELECT count(*) FROM data.opportunity") == [(0,)]


def test_without_leave_to_pass_gates_a_past_opens_none(runtime: Runtime, admin: Principal) -> None:
    admit_clerk(runtime)
    job = bring_in(runtime, CLERK, ROWS, "opportunity", MAPPING, override_reason=REASON)
    assert {row["编号"] for row in refused_rows(runtime, job)} >= {"A"}
    assert query(runtime, "SELECT count(*) FROM data.opportunity WHERE stage = 'won'") == [(0,)]
