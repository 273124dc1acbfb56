"""The event log of the BPI Challenge 2012 comes in as records with their history; the report equals what plain Python counts.

All of the log is read; its first traces are told, to be quick: CHENGDAN_BPI_TRACES says how many (13087: all of them).
"""

import gzip
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from chengdan.base.config import Config
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run.histories.plan import check_history
from chengdan.run.histories.sets import shipped_sets
from chengdan.run.histories.telling import REASON, Told, tell_log
from chengdan.run.histories.xes import read_xes
from chengdan.run.importer.outcome import Terms
from chengdan.run.mining.asking import ask
from chengdan.run.mining.report import report
from chengdan.run.runtime import Runtime
from chengdan.store import sealing
from tests.databases import Databases
from tests.logs import OFFERS_LOG, cut_out

TRACES = int(os.environ.get("CHENGDAN_BPI_TRACES", "300"))
SET = shipped_sets("chengdan.sales")["bpi2012"]
ADMIN = Principal(new_id(), "admin", frozenset({"admin"}))
SINCE, UNTIL = datetime(2011, 1, 1, tzinfo=UTC), datetime(2013, 1, 1, tzinfo=UTC)
STAGES = {
    "A_SUBMITTED": "submitted",
    "A_PARTLYSUBMITTED": "partly_submitted",
    "A_PREACCEPTED": "preaccepted",
    "A_ACCEPTED": "accepted",
    "A_FINALIZED": "finalized",
    "A_APPROVED": "approved",
    "A_DECLINED": "declined",
    "A_CANCELLED": "cancelled",
}
LOST = ("declined", "cancelled")
BEFORE = {
    "A_PREACCEPTED": {"W_Afhandelen leads": "handle_lead", "W_Beoordelen fraude": "check_fraud"},
    "A_ACCEPTED": {"W_Completeren aanvraag": "complete_application"},
}
"""What the way into a stage asks for: work that the log completes, by the name of its sub-step."""

pytestmark = pytest.mark.skipif(not OFFERS_LOG.is_file(), reason="the data set isn't there")


@dataclass
class Counted:
    """The log counted in plain Python, from its text."""

    events: int = 0
    names: Counter[str] = field(default_factory=Counter)
    entered: Counter[str] = field(default_factory=Counter)
    forward: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)
    open: Counter[str] = field(default_factory=Counter)
    stays: dict[str, list[float]] = field(default_factory=dict)
    until_won: list[float] = field(default_factory=list)


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first traces of the log as a log of their own."""
    path = tmp_path_factory.mktemp("bpi") / "part.xes.gz"
    cut_out(OFFERS_LOG, range(1, TRACES + 1), TRACES, path)
    return path


@pytest.fixture(scope="module")
def counted(part: Path) -> Counted:
    return count(part)


def count(log: Path) -> Counted:
    found = Counted()
    with gzip.open(log, "rt", encoding="utf-8") as file:
        _, *traces = file.read().split("<trace>")
    for trace in traces:
        _, *events = trace.split("<event>")
        _count(found, [(_value(event, "concept:name"), _at(event)) for event in events])
    return found


def _value(event: str, key: str) -> str:
    """An attribute, cut out of the text of an event."""
    return event.partition(f'key="{key}" value="')[2].partition('"')[0]


def _at(event: str) -> datetime:
    return datetime.fromisoformat(_value(event, "time:timestamp"))


def _count(found: Counted, events: list[tuple[str, datetime]]) -> None:
    found.events += len(events)
    found.names.update(name for name, _ in events)
    _walk(found, [(STAGES[name], at) for name, at in events if name in STAGES])


def _walk(found: Counted, stages: list[tuple[str, datetime]]) -> None:
    found.entered.update(name for name, _ in stages)
    for (name, at), (after, left) in pairwise(stages):
        found.stays.setdefault(name, []).append((left - at).total_seconds())
        (found.lost if after in LOST else found.forward)[name] += 1
    last, at = stages[-1]
    found.open[last] += 1
    if last == "approved":
        found.until_won.append((at - stages[0][1]).total_seconds())


def skips(log: Path) -> Counter[str]:
    """How often an event of `BEFORE` happens in a trace that has not completed the work before."""
    found: Counter[str] = Counter()
    with gzip.open(log, "rt", encoding="utf-8") as file:
        _, *traces = file.read().split("<trace>")
    for trace in traces:
        done: set[str] = set()
        for event in trace.split("<event>")[1:]:
            name = _value(event, "concept:name")
            found.update(step for work, step in BEFORE.get(name, {}).items() if work not in done)
            if _value(event, "lifecycle:transition") == "COMPLETE":
                done.add(name)
    return found


@pytest.fixture(scope="module")
def told(
    databases: Databases, sales_template: str, part: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Runtime, Told]]:
    with (
        databases.fresh(sales_template) as url,
        Runtime.over(url, Config(home=tmp_path_factory.mktemp("bpi"))) as runtime,
    ):
        runtime.publish(SET.added_to(runtime.snapshot))
        check_history(SET.plan, runtime.snapshot, ADMIN)
        yield runtime, tell(runtime, part)


def tell(runtime: Runtime, log: Path) -> Told:
    found = Told()
    terms = Terms(ADMIN, f"import/{log.name}", REASON)
    tell_log(runtime, read_xes(log), SET.plan, terms, lambda _, told: found.add(told))
    return found


def test_the_whole_log_reads_as_its_text_counts() -> None:
    read = Counted()
    for trace in read_xes(OFFERS_LOG):
        _count(read, [(event.name, event.at) for event in trace.events])

    assert read == count(OFFERS_LOG)
    assert (read.events, read.entered["submitted"], read.open["approved"]) == (262_200, 13_087, 2_246)


def reported(runtime: Runtime, pipeline: str) -> dict[str, Any]:
    with runtime.reader(ADMIN) as reader:
        return report(ask(reader, pipeline, SINCE, UNTIL))


def test_every_event_is_told(told: tuple[Runtime, Told], counted: Counted) -> None:
    _, result = told

    assert (result.created, result.refused, result.unknown) == (TRACES, [], 0)
    assert result.events == counted.events


def test_counts_conversion_and_medians_equal_those_of_plain_python(
    told: tuple[Runtime, Told], counted: Counted
) -> None:
    found = reported(told[0], "application")
    for stage in found["stages"]:
        name = stage["name"]
        final = name in ("approved", *LOST)
        assert stage["entered"] == counted.entered[name]
        assert (stage["forward"], stage["lost"]) == (counted.forward[name], counted.lost[name])
        assert stage["open"] == (0 if final else counted.open[name])
        if counted.stays.get(name):
            assert stage["median_seconds"] == pytest.approx(median(counted.stays[name]), abs=1e-3)
            ended = counted.forward[name] + counted.lost[name]
            assert stage["conversion"].value == counted.forward[name] / ended
    assert found["outcome"]["won"] == counted.open["approved"]
    assert found["outcome"]["lost"] == sum(counted.open[name] for name in LOST)
    assert found["outcome"]["median_seconds"] == pytest.approx(median(counted.until_won), abs=1e-3)


def test_substeps_are_done_as_often_as_the_log_completes_them(
    told: tuple[Runtime, Told], counted: Counted
) -> None:
    steps = {step["name"]: step["done"] for step in reported(told[0], "application")["steps"]}

    assert steps["registered"] == counted.names["A_REGISTERED"]
    assert steps["activated"] == counted.names["A_ACTIVATED"]


def test_steps_are_skipped_where_the_log_completes_them_later_or_never(
    told: tuple[Runtime, Told], part: Path
) -> None:
    expected = skips(part)
    steps = {step["name"]: step["skipped"] for step in reported(told[0], "application")["steps"]}

    assert len(expected) == 3
    assert {name: steps[name] for name in expected} == expected


def test_every_approval_had_an_offer_sent_back_as_the_gate_asks(
    told: tuple[Runtime, Told], counted: Counted
) -> None:
    steps = {step["name"]: step for step in reported(told[0], "application")["steps"]}

    assert (steps["offer_returned"]["met"], steps["offer_returned"]["skipped"]) == (
        counted.open["approved"],
        0,
    )


def test_offers_go_through_every_event_about_them(told: tuple[Runtime, Told], counted: Counted) -> None:
    entered = {stage["name"]: stage["entered"] for stage in reported(told[0], "offer")["stages"]}

    assert entered == {
        re.sub("^O_", "", name).lower(): counted.names[name] for name in counted.names if name[0] == "O"
    }


def test_marks_carry_what_windows_along_the_time_say(told: tuple[Runtime, Told]) -> None:
    with told[0].pool.connection() as connection:
        [(marks, alike)] = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE since IS NOT DISTINCT FROM lag AND again = (nth > 1)) FROM ("
            "SELECT since, again, lag(at) OVER (PARTITION BY record_id ORDER BY at, id), "
            "row_number() OVER (PARTITION BY record_id, name ORDER BY at, id) AS nth "
            "FROM chengdan.mark WHERE kind = 'entered') m"
        ).fetchall()

    assert marks > TRACES
    assert alike == marks


def test_events_say_when_they_happened_and_the_chain_stays_whole(told: tuple[Runtime, Told]) -> None:
    runtime, _ = told
    with runtime.pool.connection() as connection:
        row = connection.execute(
            "SELECT count(*), count(*) FILTER (WHERE data ? 'happened_at' AND cause LIKE 'import/%') "
            "FROM chengdan.event WHERE object IN ('application', 'offer')"
        ).fetchone()
        sealing.seal(connection)
    with runtime.pool.connection() as connection:
        assert sealing.verify(connection)[1] == []
    assert row is not None
    assert row[0] == row[1]


def test_bringing_it_in_again_changes_nothing(told: tuple[Runtime, Told], part: Path) -> None:
    runtime, _ = told
    again = tell(runtime, part)

    assert (again.created, again.unchanged) == (0, TRACES)
