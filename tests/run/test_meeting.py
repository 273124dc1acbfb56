"""The morning list as a file: within the viewer's reach, with what each record lacks for its next stage."""

import csv
from pathlib import Path

import pytest

from chengdan.kernel.access import Principal
from chengdan.run import jobs
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.errors import NoSuchPanel, NotPermitted, TooMany
from chengdan.run.exporting import request_panel, run_export
from chengdan.run.meeting import write_panel
from chengdan.run.read import MAX_LIMIT
from chengdan.run.runtime import Runtime


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_every_silent_opportunity_says_what_holds_it_up(
    runtime: Runtime, admin: Principal, tmp_path: Path
) -> None:
    for name in ("甲", "乙"):
        runtime.act(admin, Create("opportunity", {"name": name, "amount": 5, "next_step": "回电"}))
    with runtime.pool.connection() as connection:
        connection.execute(
            "UPDATE data.opportunity SET updated_at = now() - interval '5 days' WHERE name = '甲'"
        )
    sales_ops = Principal(admin.user, "ops", frozenset({"sales_ops"}))
    path = tmp_path / "silent.csv"
    with runtime.reader(sales_ops) as reader:
        assert write_panel(reader, "silent", False, path, "csv") == 1

    [row] = read(path)
    assert (row["商机名称"], row["负责人"], row["下一步"], row["下一阶段"]) == (
        "甲",
        "admin",
        "回电",
        "需求分析",
    )
    assert row["卡在哪里"] == "客户；能联系上的联系人；首次接触记录"
    assert row["沉默天数"] == "5"

    with runtime.reader(sales_ops) as reader, pytest.raises(TooMany):
        write_panel(reader, "silent", False, path, "csv", max_rows=0)
    with runtime.reader(sales_ops) as reader, pytest.raises(NoSuchPanel):
        write_panel(reader, "moon", False, path, "csv")
    rep = Principal(admin.user, "rep", frozenset({"rep"}))
    with runtime.reader(rep) as reader, pytest.raises(NotPermitted):
        write_panel(reader, "silent", False, path, "csv")


def test_a_list_of_any_length_is_exported_as_a_job(runtime: Runtime, admin: Principal) -> None:
    count = MAX_LIMIT + 1
    with runtime.unit(admin, "test", batch=True) as unit:
        for number in range(count):
            apply(unit, Create("opportunity", {"name": f"{number} 号", "amount": 5}))
    with runtime.pool.connection() as connection:
        connection.execute("UPDATE data.opportunity SET updated_at = now() - interval '5 days'")
    sales_ops = Principal(admin.user, "ops", frozenset({"sales_ops"}))
    with runtime.unit(sales_ops) as unit:
        id = request_panel(unit, "silent", False, "csv")
    job = jobs.start(runtime, id)
    assert job is not None
    assert job.total == count
    result = run_export(runtime, jobs.Progress(job, sales_ops))
    assert (result["rows"], result["file_name"][:7]) == (count, "沉默商机（72")
    with runtime.blobs.local(result["file"]) as path:
        assert {row["商机名称"] for row in read(path)} == {f"{number} 号" for number in range(count)}
