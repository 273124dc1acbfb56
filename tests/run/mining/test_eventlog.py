"""Event logs: XES and OCEL 2.0 hold every mark of the records within reach, and other programs can read them."""

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chengdan.run.mining.eventlog import EventLog, write_ocel, write_xes
from tests.databases import Databases
from tests.lab.lab import BOSS, HEAD, LIU, Lab, open_lab
from tests.run.mining.history import History, asking

NAMESPACE = "{http://www.xes-standard.org/}"
PM4PY = os.environ.get("CHENGDAN_PM4PY", "")
"""A Python with pm4py in an environment of its own: `python -m venv pm4py && pm4py/bin/pip install pm4py`."""
READ_BY_PM4PY = """
import sys, pm4py
log, objects = pm4py.read_xes(sys.argv[1]), pm4py.read_ocel2_json(sys.argv[2])
print(len(log), len(objects.events), sum(objects.objects["ocel:type"] == "job"))
"""


@pytest.fixture(scope="module")
def past(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("past")) as lab:
        history = History(lab)
        one = history.job(0, 'odd "<&>" name\x07')
        history.tick(1, one, "talked")
        history.move(2, one, "build")
        history.tick(3, one, "talked", done=False)
        history.job(4, "elsewhere", LIU)
        history.job(90, "later")
        yield lab


def xes(lab: Lab, path: Path, who: Any = BOSS) -> list[tuple[str, list[dict[str, str]]]]:
    with asking(lab, who) as asked:
        write_xes(EventLog(asked), path)
    return [
        (
            next(one.get("value", "") for one in trace if one.get("key") == "concept:name"),
            [
                {one.get("key", ""): one.get("value", "") for one in event}
                for event in trace.iter(NAMESPACE + "event")
            ],
        )
        for trace in ET.parse(path).getroot().iter(NAMESPACE + "trace")
    ]


def ocel(lab: Lab, path: Path) -> dict[str, Any]:
    with asking(lab) as asked:
        write_ocel(EventLog(asked), path)
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_xes_tells_each_record_in_its_order(past: Lab, tmp_path: Path) -> None:
    traces = dict(xes(past, tmp_path / "log.xes"))

    assert set(traces) == {'odd "<&>" name ', "elsewhere"}
    assert [
        (event["concept:name"], event["lifecycle:transition"], event["org:resource"])
        for event in traces['odd "<&>" name ']
    ] == [
        ("构想", "complete", "ming"),
        ("已沟通", "complete", "ming"),
        ("建造", "complete", "boss"),
        ("已沟通", "ate_abort", "ming"),
    ]
    assert traces["elsewhere"][0]["time:timestamp"].startswith("2031-03-07T08:00:0")


def test_a_log_holds_no_more_than_its_reader_may_see(past: Lab, tmp_path: Path) -> None:
    assert [name for name, _ in xes(past, tmp_path / "log.xes", HEAD)] == ['odd "<&>" name ']


def test_ocel_relates_events_to_records_and_what_they_refer_to(past: Lab, tmp_path: Path) -> None:
    log = ocel(past, tmp_path / "log.jsonocel")
    objects = {one["id"]: one for one in log["objects"]}
    types = {one["name"] for one in log["objectTypes"]}
    activities = {one["name"] for one in log["eventTypes"]}

    assert set(log) == {"objectTypes", "eventTypes", "objects", "events"}
    assert len(objects) == len(log["objects"])
    assert {one["type"] for one in log["objects"]} == {"job", "user", "team"} <= types
    assert {event["type"] for event in log["events"]} <= activities
    assert len({event["id"] for event in log["events"]}) == len(log["events"]) == 5
    for event in log["events"]:
        related = [objects[one["objectId"]]["type"] for one in event["relationships"]]
        assert related[0] == "job"
        assert "user" in related
        assert re.fullmatch(r"2031-03-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", event["time"])


@pytest.mark.skipif(not PM4PY, reason="CHENGDAN_PM4PY names no Python with pm4py (AGPL: development only)")
def test_pm4py_reads_both(past: Lab, tmp_path: Path) -> None:
    xes(past, tmp_path / "log.xes")
    ocel(past, tmp_path / "log.jsonocel")
    read = subprocess.run(
        [PM4PY, "-c", READ_BY_PM4PY, tmp_path / "log.xes", tmp_path / "log.jsonocel"],
        check=True,
        capture_output=True,
        text=True,
    )

    assert read.stdout.split()[-3:] == ["5", "5", "2"]
