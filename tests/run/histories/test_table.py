"""Event logs in tables: rows in any order, columns under any name, and what can't be read said with its line."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from chengdan.base.errors import ChengdanError, Problems
from chengdan.run.histories.columns import LogColumns, read_columns, suggest_columns
from chengdan.run.histories.source import LogFile
from chengdan.run.histories.trace import Happening, Trace
from chengdan.run.importer.errors import BadPlan
from chengdan.run.tabular import open_table
from tests.logs import xes

ZONE = ZoneInfo("Asia/Shanghai")
COLUMNS = LogColumns("单号", "环节", "时间", "经办人")
ROWS = """\
单号,环节,时间,经办人,客户
A-2,立项,2026-03-02 09:00,李,乙公司
A-1,报价,2026/3/4 10:30:15.5,,
A-1,立项,2026年3月1日 9:00,王,甲公司
A-2,报价,2026-03-03T02:00:00Z,李,别的
"""


def at(day: int, hour: int, minute: int = 0, second: float = 0) -> datetime:
    whole = int(second)
    return datetime(2026, 3, day, hour, minute, whole, int((second - whole) * 1e6), UTC)


def log(path: Path, text: str, columns: LogColumns = COLUMNS) -> LogFile:
    file = path / "log.csv"
    file.write_text(text, "gb18030")
    return LogFile(file, "log.csv", ZONE, columns)


def suggested(path: Path, text: str) -> LogColumns:
    with open_table(log(path, text).path, "log.csv") as table:
        return suggest_columns(table, ZONE)


def test_rows_of_a_case_become_its_trace_in_the_order_of_time(tmp_path: Path) -> None:
    assert list(log(tmp_path, ROWS).traces()) == [
        Trace(
            1,
            {"concept:name": "A-2", "客户": "乙公司"},
            (Happening("立项", at(2, 1), "complete", "李"), Happening("报价", at(3, 2), "complete", "李")),
        ),
        Trace(
            2,
            {"concept:name": "A-1", "客户": "甲公司"},
            (Happening("立项", at(1, 1), "complete", "王"), Happening("报价", at(4, 2, 30, 15.5))),
        ),
    ]


def test_a_case_with_an_unreadable_row_says_which(tmp_path: Path) -> None:
    text = "单号,环节,时间,经办人\nA,立项,昨天,\nA,,2026-03-01,\nB,立项,03/04/2026,\nC,立项,2026-03-01,\n,立项,2026-03-01,\n"
    a, b, c, unnamed = log(tmp_path, text).traces()
    said = [[(error.code, error.path, error.data["line"]) for error in trace.problems] for trace in (a, b, c)]

    assert said == [[("IMPORT-015", "时间", 2), ("IMPORT-015", "环节", 3)], [("IMPORT-015", "时间", 4)], []]
    assert (unnamed.attributes, len(unnamed.events)) == ({}, 1)
    [_, ordered, *_] = log(tmp_path, text, read_columns({**COLUMNS.as_json(), "dates": "mdy"})).traces()
    assert ordered.events[0].at == datetime(2026, 3, 3, 16, tzinfo=UTC)


@pytest.mark.parametrize(
    ("head", "row", "found"),
    [
        ("单号,环节,时间,经办人,客户", "1,a,2026-03-01,b,c", ("单号", "环节", "时间", "经办人", "")),
        ("Case ID,Activity,Complete Timestamp,Resource", "1,a,2026-03-01,b", ("Case ID", "Activity", "Complete Timestamp", "Resource", "")),
        ("concept:name,org:resource,time:timestamp,case:concept:name,lifecycle:transition", "a,b,2026-03-01,1,start", ("case:concept:name", "concept:name", "time:timestamp", "org:resource", "lifecycle:transition")),
        ("x,y,z", "1,a,2026-03-01 08:00", ("", "", "z", "", "")),
    ],
)  # fmt: skip
def test_columns_are_recognised(tmp_path: Path, head: str, row: str, found: tuple[str, ...]) -> None:
    assert suggested(tmp_path, f"{head}\n{row}\n") == LogColumns(*found)


def test_attributes_of_a_log_that_was_xes_have_their_names_again(tmp_path: Path) -> None:
    columns = LogColumns("case:concept:name", "concept:name", "time:timestamp", "", "lifecycle:transition")
    text = "case:concept:name,case:AMOUNT_REQ,concept:name,time:timestamp,lifecycle:transition\n1,20000,A,2026-03-01T00:00:00Z,START\n"
    [trace] = log(tmp_path, text, columns).traces()

    assert trace == Trace(
        1, {"concept:name": "1", "AMOUNT_REQ": "20000"}, (Happening("A", at(1, 0), "start"),)
    )


def test_columns_that_do_not_fit_are_told(tmp_path: Path) -> None:
    with pytest.raises(Problems) as refusal:
        list(log(tmp_path, ROWS, LogColumns("单号", "单号", "", "谁")).traces())

    assert [(error.code, error.path) for error in refusal.value.reasons()] == [
        ("IMPORT-001", "columns.activity"),
        ("IMPORT-001", "columns.at"),
        ("IMPORT-002", "columns.resource"),
    ]


@pytest.mark.parametrize("raw", [[], {"when": "a"}, {"case": 1}, {"dates": "ymd"}])
def test_what_names_no_columns_is_refused(raw: object) -> None:
    with pytest.raises(BadPlan):
        read_columns(raw)


def test_a_log_is_known_by_what_it_holds(tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_bytes(xes(({"concept:name": "1"}, [("A", "2026-03-01T00:00:00Z")])))

    assert (LogFile(path, "log.csv", ZONE).is_table, log(tmp_path, ROWS).is_table) == (False, True)
    with pytest.raises(ChengdanError):
        list(log(tmp_path, "单号\n").traces())
