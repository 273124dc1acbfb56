"""Imports end to end: rows of a file become records through the one write path."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from chengdan.kernel.access import Principal
from chengdan.run import apps
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.errors import NotPermitted
from chengdan.run.jobs import JobState
from chengdan.run.runtime import Runtime
from tests.run.importer.people import CLERK, admit_clerk, ask, bring_in, counts, csv_bytes, refused_rows


def query(runtime: Runtime, text: str, *params: Any) -> list[tuple[Any, ...]]:
    with runtime.read_pool.connection() as connection:
        return connection.execute(text, params).fetchall()


def test_rows_create_and_update_records_by_key(runtime: Runtime, admin: Principal) -> None:
    mapping = {"code": "code", "name": "name", "price": "list_price"}
    first = csv_bytes(["code", "name", "price"], [["P1", "Pump", "1,200"], ["P2", "Valve", "3.5万"]])
    second = csv_bytes(["code", "name", "price"], [["P1", "Pump", "1300"], ["P2", "Valve", ""], ["P3", "Gauge", "$5"]])  # fmt: skip

    created = bring_in(runtime, admin, first, "product", mapping, "code")
    updated = bring_in(runtime, admin, second, "product", mapping, "code")

    assert counts(created) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 0}
    assert counts(updated) == {"created": 1, "updated": 1, "unchanged": 1, "refused": 0}
    assert (updated.state, updated.done, updated.total) == (JobState.DONE, 3, 3)
    rows = query(runtime, "SELECT code, list_price, list_price_currency FROM data.product ORDER BY code")
    assert rows == [
        ("P1", Decimal(1300), "CNY"),
        ("P2", Decimal(35000), "CNY"),
        ("P3", Decimal(5), "USD"),
    ]


def test_an_empty_cell_clears_a_value_only_when_told(runtime: Runtime, admin: Principal) -> None:
    mapping = {"columns": {"code": "code", "name": "name", "unit": "unit"}, "clear_empty": True}
    bring_in(runtime, admin, csv_bytes(["code", "name", "unit"], [["P1", "Pump", "台"]]), "product", mapping, "code")  # fmt: skip
    bring_in(runtime, admin, csv_bytes(["code", "name", "unit"], [["P1", "Pump", ""]]), "product", mapping, "code")  # fmt: skip
    assert query(runtime, "SELECT unit FROM data.product") == [(None,)]


def test_one_bad_row_spoils_no_other_and_is_handed_back(runtime: Runtime, admin: Principal) -> None:
    content = csv_bytes(
        ["名称", "行业", "成立", "上级"],
        [
            ["甲公司", "制造", "1999", ""],
            ["乙公司", "炼金", "99", ""],
            ["丙公司", "", "", "无此公司"],
            ["", "医疗", "", ""],
            ["丁公司", "医疗", "", "甲公司"],
        ],
    )
    mapping = {"名称": "name", "行业": "industry", "成立": "founded_year", "上级": "parent"}

    job = bring_in(runtime, admin, content, "account", mapping)

    assert counts(job) == {"created": 2, "updated": 0, "unchanged": 0, "refused": 3}
    assert [(row["原文件行号"], row["错误代码"], row["名称"]) for row in refused_rows(runtime, job)] == [
        ("3", "VALUE-001", "乙公司"),
        ("4", "IMPORT-010", "丙公司"),
        ("5", "VALUE-002", ""),
    ]
    assert query(runtime, "SELECT name FROM data.account ORDER BY name") == [("丁公司",), ("甲公司",)]


def test_a_name_that_several_records_share_is_refused(runtime: Runtime, admin: Principal) -> None:
    bring_in(runtime, admin, csv_bytes(["n"], [["同名"], ["同名"]]), "account", {"n": "name"})
    job = bring_in(
        runtime, admin, csv_bytes(["n", "p"], [["子", "同名"]]), "account", {"n": "name", "p": "parent"}
    )
    assert [row["错误代码"] for row in refused_rows(runtime, job)] == ["IMPORT-011"]


def test_rows_that_the_database_refuses_are_found_among_many(runtime: Runtime, admin: Principal) -> None:
    rows = [[f"name {number}", f"code-{number % 90}"] for number in range(100)]
    job = bring_in(runtime, admin, csv_bytes(["n", "c"], rows), "account", {"n": "name", "c": "credit_code"})
    assert counts(job) == {"created": 90, "updated": 0, "unchanged": 0, "refused": 10}
    refused = refused_rows(runtime, job)
    assert [row["n"] for row in refused] == [f"name {number}" for number in range(90, 100)]
    assert {row["错误代码"] for row in refused} == {"VALUE-006"}


def test_a_key_repeated_in_the_file_updates_its_record_again(runtime: Runtime, admin: Principal) -> None:
    content = csv_bytes(["c", "n"], [["P1", "first"], ["P1", "second"], ["P1", "second"], ["", "none"]])
    job = bring_in(runtime, admin, content, "product", {"c": "code", "n": "name"}, "code")
    assert counts(job) == {"created": 1, "updated": 1, "unchanged": 1, "refused": 1}
    assert query(runtime, "SELECT name, version FROM data.product") == [("second", 2)]
    assert [row["错误代码"] for row in refused_rows(runtime, job)] == ["IMPORT-012"]


def test_history_past_a_gate_comes_in_as_a_reasoned_override(runtime: Runtime, admin: Principal) -> None:
    content = csv_bytes(["k", "n", "s"], [["1", "won deal", "won"], ["2", "new deal", "prospecting"]])
    mapping = {"k": "external_key", "n": "name", "s": "stage"}

    job = bring_in(runtime, admin, content, "opportunity", mapping, "external_key", override_reason="旧系统历史")  # fmt: skip

    assert counts(job)["created"] == 2
    overridden = query(
        runtime,
        "SELECT o.external_key, e.data->>'to', e.data->>'reason', e.cause FROM chengdan.event e "
        "JOIN data.opportunity o ON o.id = e.record_id WHERE e.kind = 'gate.overridden'",
    )
    assert overridden == [("1", "won", "旧系统历史", f"import/{job.id}")]
    assert query(runtime, "SELECT count(*) FROM chengdan.timer") == [(0,)]
    assert query(runtime, "SELECT count(*) FROM chengdan.notification") == [(0,)]


@pytest.mark.parametrize("reason", ["", "old system"])
def test_without_the_permission_each_row_past_a_gate_is_refused_with_its_reasons(
    runtime: Runtime, reason: str
) -> None:
    admit_clerk(runtime)
    content = csv_bytes(["n", "s"], [["won deal", "won"], ["new deal", "prospecting"], ["lost deal", "lost"]])

    job = bring_in(
        runtime, CLERK, content, "opportunity", {"n": "name", "s": "stage"}, override_reason=reason
    )

    assert counts(job) == {"created": 1, "updated": 0, "unchanged": 0, "refused": 2}
    won, lost = refused_rows(runtime, job)
    assert (won["n"], lost["n"]) == ("won deal", "lost deal")
    assert "Signed contract is missing." in won["error"]
    assert "Loss reason is missing." in lost["error"]
    assert query(runtime, "SELECT name FROM data.opportunity") == [("new deal",)]
    assert query(runtime, "SELECT count(*) FROM chengdan.event WHERE kind = 'gate.overridden'") == [(0,)]


def test_an_update_cannot_slip_past_a_gate_either(runtime: Runtime) -> None:
    admit_clerk(runtime)
    mapping = {"k": "external_key", "n": "name", "s": "stage"}
    bring_in(runtime, CLERK, csv_bytes(["k", "n", "s"], [["1", "deal", "prospecting"]]), "opportunity", mapping, "external_key")  # fmt: skip
    job = bring_in(runtime, CLERK, csv_bytes(["k", "n", "s"], [["1", "deal", "won"]]), "opportunity", mapping, "external_key")  # fmt: skip
    assert counts(job) == {"created": 0, "updated": 0, "unchanged": 0, "refused": 1}
    assert query(runtime, "SELECT stage, version FROM data.opportunity") == [("prospecting", 1)]


def test_a_dry_run_decides_everything_and_keeps_nothing(runtime: Runtime, admin: Principal) -> None:
    rows = [[f"K{number % 600}", f"name {number}"] for number in range(700)] + [["K700", ""]]
    mapping = {"c": "code", "n": "name"}
    job = bring_in(runtime, admin, csv_bytes(["c", "n"], rows), "product", mapping, "code", dry_run=True)
    assert counts(job) == {"created": 600, "updated": 100, "unchanged": 0, "refused": 1}
    assert [row["原文件行号"] for row in refused_rows(runtime, job)] == ["702"]
    assert query(runtime, "SELECT count(*) FROM data.product") == [(0,)]
    assert query(runtime, "SELECT count(*) FROM chengdan.event WHERE object = 'product'") == [(0,)]


def test_a_dry_run_knows_the_rows_of_the_file_that_others_refer_to(
    runtime: Runtime, admin: Principal
) -> None:
    firms = [[f"{number} 号公司", ""] for number in range(600)] + [["双名", ""], ["双名", ""]]
    branches = [["近分部", "1 号公司"], ["远分部", "599 号公司"], ["误分部", "无此公司"], ["疑分部", "双名"]]
    content = csv_bytes(["n", "p"], [*firms, *branches])
    mapping = {"n": "name", "p": "parent"}
    tried = bring_in(runtime, admin, content, "account", mapping, dry_run=True)
    assert counts(tried) == {"created": 604, "updated": 0, "unchanged": 0, "refused": 2}
    assert [row["n"] for row in refused_rows(runtime, tried)] == ["误分部", "疑分部"]
    assert [row["错误代码"] for row in refused_rows(runtime, tried)] == ["IMPORT-010", "IMPORT-011"]
    assert query(runtime, "SELECT count(*) FROM data.account") == [(0,)]

    done = bring_in(runtime, admin, content, "account", mapping)
    assert counts(done) == counts(tried)
    assert [row["n"] for row in refused_rows(runtime, done)] == ["误分部", "疑分部"]


NODE = """\
object: node
label: {zh: 节点, en: Node}
plural: {zh: 节点, en: Nodes}
title: name
fields:
  - {name: name, type: text, label: {zh: 名称, en: Name}, required: true, indexed: true}
  - {name: parent, type: reference, object: node, label: {zh: 上级, en: Parent}, required: true}
  - {name: note, type: text, label: {zh: 备注, en: Note}, required: true}
"""
GRANT = """\
  - object: node
    read: [all]
    create: [all]
    update: [all]
    archive: [all]
"""


def test_a_dry_run_takes_rows_that_must_refer_to_others_of_the_file(
    runtime: Runtime, admin: Principal
) -> None:
    files = {
        **apps.shipped("chengdan.sales"),
        "objects/node.yaml": NODE.replace("required: true", "required: false"),
    }
    files["roles/admin.yaml"] = files["roles/admin.yaml"].rstrip() + "\n" + GRANT
    runtime.publish(files)
    with runtime.unit(admin) as unit:
        apply(unit, Create("node", {"name": "根"}))
    runtime.publish({**files, "objects/node.yaml": NODE})
    nodes = [[f"节点 {number}", "根", "x"] for number in range(1_000)]
    content = csv_bytes(["n", "p", "m"], [*nodes, ["远", "节点 3", "x"], ["缺", "节点 3", ""]])
    mapping = {"n": "name", "p": "parent", "m": "note"}
    tried = bring_in(runtime, admin, content, "node", mapping, dry_run=True)
    done = bring_in(runtime, admin, content, "node", mapping)

    assert counts(tried) == counts(done) == {"created": 1_001, "updated": 0, "unchanged": 0, "refused": 1}
    assert [row["n"] for row in refused_rows(runtime, tried)] == ["缺"]


def test_a_broken_file_imports_nothing(runtime: Runtime, admin: Principal) -> None:
    job = bring_in(runtime, admin, b"c,n\nP1,Pump\nP2\nP3\n", "product", {"c": "code", "n": "name"})
    assert job.state is JobState.FAILED
    assert [reason["code"] for reason in job.result["error"]["reasons"]] == ["TABLE-007", "TABLE-007"]
    assert query(runtime, "SELECT count(*) FROM data.product") == [(0,)]


def test_a_plan_that_does_not_fit_the_file_fails_with_every_reason(
    runtime: Runtime, admin: Principal
) -> None:
    job = bring_in(runtime, admin, b"c\nP1\n", "product", {"c": "code", "gone": "name", "x": "nope"})
    assert sorted((reason["path"], reason["code"]) for reason in job.result["error"]["reasons"]) == [
        ("gone", "IMPORT-002"),
        ("x", "IMPORT-001"),
        ("x", "IMPORT-002"),
    ]


def test_who_may_not_import_is_refused_before_anything_is_asked_for(
    runtime: Runtime, admin: Principal
) -> None:
    rep = replace(admin, roles=frozenset({"rep"}))
    with pytest.raises(NotPermitted):
        ask(runtime, rep, b"n\nx\n", "account", {"n": "name"})
    assert query(runtime, "SELECT count(*) FROM chengdan.job") == [(0,)]


def test_references_are_found_by_title_user_name_or_id(runtime: Runtime, admin: Principal) -> None:
    with runtime.unit(admin) as unit:
        account = apply(unit, Create("account", {"name": "甲公司"}))
        wang = apply(unit, Create("user", {"username": "wang", "name": "王芳"}))
    content = csv_bytes(
        ["n", "a", "o"], [["1", "甲公司", "wang"], ["2", str(account["id"]), "王芳"], ["3", "甲公司", ""]]
    )
    mapping = {"n": "name", "a": "account", "o": "owner"}
    job = bring_in(runtime, admin, content, "opportunity", mapping)
    assert counts(job)["created"] == 3
    rows = query(runtime, "SELECT account, owner FROM data.opportunity ORDER BY name")
    assert rows == [(account["id"], wang["id"]), (account["id"], wang["id"]), (account["id"], admin.user)]
