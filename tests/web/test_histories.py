"""Event logs over HTTP: looked into, tried, told by a worker as records with their history, refused traces handed back."""

import gzip
import json
from typing import Any
from uuid import UUID

import pytest

from chengdan.run.sessions import Doorman
from chengdan.run.worker import perform
from tests.logs import xes
from tests.web.site import Json, Site, Visitor

LOGS = "/api/histories"
ROWS = """\
单号,环节,时间,备注
T-1,需求分析,2026-03-03 10:00,
T-1,初步接触,2026-03-02 09:00,老客户介绍
T-1,需求确认,2026/3/4 9:30,
T-2,初步接触,下周,
""".encode("gb18030")
SINCE, UNTIL = "2019-03-01T00:00:00Z", "2019-05-01T00:00:00Z"
WAY = [
    ("初步接触", "2019-03-04T09:00:00+08:00"),
    ("需求分析", "2019-03-11T09:00:00+08:00"),
    ("需求确认", "2019-03-12T09:00:00+08:00"),
    ("打电话", "2019-03-13T09:00:00+08:00"),
    ("输单", "2019-04-01T09:00:00+08:00"),
]
BPI = xes(
    (
        {"concept:name": "173688", "AMOUNT_REQ": "20000"},
        [
            ("A_SUBMITTED", "2011-10-01T00:38:44.546+02:00"),
            ("A_PARTLYSUBMITTED", "2011-10-01T00:38:44.880+02:00"),
            ("O_SELECTED", "2011-10-01T11:45:09.243+02:00"),
            ("O_CREATED", "2011-10-01T11:45:11.197+02:00"),
        ],
    )
)


def send(visitor: Visitor, path: str, log: bytes, status: int, **form: Any) -> Json:
    answer = visitor.post(path, files={"file": ("流程.xes.gz", log)}, data=form)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def done(site: Site, visitor: Visitor, id: str) -> Json:
    perform(Doorman(site.runtime), UUID(id))
    found: Json = visitor.json("GET", f"/api/jobs/{id}")
    return found


def told(site: Site, visitor: Visitor, log: bytes, **form: Any) -> Json:
    return done(site, visitor, send(visitor, LOGS, log, 202, **form)["job"])


@pytest.fixture
def ops(site: Site) -> Visitor:
    return site.log_in("sales_ops")


def test_a_log_is_looked_into_and_recognised(ops: Visitor) -> None:
    found = send(
        ops, f"{LOGS}/preview", gzip.compress(xes(({"concept:name": "L-1", "客户": "甲"}, WAY))), 200
    )
    best = found["plans"][0]

    assert (found["traces"], found["events"], found["whole"], found["sets"]) == (1, 5, True, [])
    assert (found["since"], found["until"]) == ("2019-03-04T09:00:00+08:00", "2019-04-01T09:00:00+08:00")
    assert found["attributes"] == [
        {"name": "concept:name", "samples": ["L-1"]},
        {"name": "客户", "samples": ["甲"]},
    ]
    assert {one["name"]: one["count"] for one in found["activities"]} == {name: 1 for name, _ in WAY}
    assert (best["known"], best["plan"]["object"], best["plan"]["key"]) == (4, "opportunity", "external_key")
    assert best["plan"]["fields"] == {
        "account": "客户",
        "external_key": "concept:name",
        "name": "concept:name",
    }
    assert best["plan"]["stages"] == {"初步接触": "prospecting", "需求分析": "discovery", "输单": "lost"}
    assert best["plan"]["steps"] == {"需求确认": "needs_confirmed"}


def test_a_log_is_tried_then_told_and_refused_traces_say_why(site: Site, ops: Visitor) -> None:
    account = ops.first("account")["name"]
    log = xes(
        ({"concept:name": "L-1", "客户": account}, WAY),
        ({"concept:name": "L-2", "客户": "没有这家公司"}, WAY),
        ({"concept:name": "L-1", "客户": account}, WAY),
        ({"concept:name": "L-4", "客户": account}, []),
        ({"客户": account}, WAY),
    )
    plan = send(ops, f"{LOGS}/preview", log, 200)["plans"][0]["plan"]
    tried = told(site, ops, log, plan=json.dumps(plan), dry_run="true")
    counts = ("created", "unchanged", "refused", "events", "unknown", "done", "total")

    assert (tried["state"], tried["dry_run"], tried["records"]) == ("done", True, [])
    assert [tried[name] for name in counts] == [1, 1, 3, 4, 1, 5, 5]
    assert (
        ops.json("GET", "/api/records/opportunity", params={"filter": 'external_key == "L-1"'})["items"] == []
    )

    real = done(site, ops, ops.json("POST", f"/api/jobs/{tried['id']}/run", {}, 202)["job"])
    assert [real[name] for name in counts] == [1, 1, 3, 4, 1, 5, 5]
    refused = ops.get(real["errors_url"]).content.decode("utf-8-sig").splitlines()
    assert refused[0] == "concept:name,事件数,第几条,错误代码,错误,建议"
    assert [line.split(",")[:4] for line in refused[1:]] == [
        ["L-2", "5", "2", "IMPORT-010"],
        ["L-4", "0", "4", "IMPORT-014"],
        ["", "5", "5", "IMPORT-012"],
    ]
    [id] = real["records"]
    record = ops.json("GET", f"/api/records/opportunity/{id}")
    assert (record["external_key"], record["stage"]) == ("L-1", "lost")
    assert record["created_at"].startswith("2019-03-04T01:00")
    report = ops.json("GET", "/api/process/sales/report", params={"since": SINCE, "until": UNTIL})
    assert {one["name"]: one["entered"] for one in report["stages"] if one["entered"]} == {
        "prospecting": 1,
        "discovery": 1,
        "lost": 1,
    }


def test_a_known_log_brings_its_definitions_first(site: Site, ops: Visitor) -> None:
    [found] = send(ops, f"{LOGS}/preview", BPI, 200)["sets"]
    refused = send(ops, LOGS, BPI, 422, set="bpi2012")

    assert (found["name"], found["known"], found["ready"]) == ("bpi2012", 4, False)
    assert [one["zh"] for one in found["adds"]] == ["贷款申请", "贷款报价"]
    assert found["meanings"]["O_CREATED"] == {
        "kind": "stage",
        "object": {"zh": "贷款报价", "en": "Offer"},
        "label": {"zh": "已制作", "en": "Created"},
    }
    assert refused["errors"][0]["path"] == "object"

    ops.json("POST", f"{LOGS}/sets/bpi2012", {})
    assert send(ops, f"{LOGS}/preview", BPI, 200)["sets"][0]["ready"] is True
    job = told(site, ops, BPI, set="bpi2012")
    assert (job["created"], job["events"], job["unknown"], job["object"]) == (1, 4, 0, "application")
    assert ops.json("POST", f"{LOGS}/sets/nonesuch", {}, 404)["code"] == "RECORD-001"


def test_a_table_is_read_by_its_columns_and_how_is_kept(site: Site, ops: Visitor) -> None:
    found = send(ops, f"{LOGS}/preview", ROWS, 200)
    chosen = {"case": "单号", "activity": "环节", "at": "时间", "resource": "", "transition": "", "dates": ""}
    plan = found["plans"][0]["plan"]

    assert found["table"]["chosen"] == chosen
    assert found["table"]["columns"]["环节"] == ["需求分析", "初步接触", "需求确认"]
    assert (found["traces"], found["events"], found["unreadable"]) == (2, 3, 1)
    assert found["fault"]["zh"] == "第 5 行“时间”：应是时间，如 2026-01-31 09:00"
    assert plan["stages"] == {"初步接触": "prospecting", "需求分析": "discovery"}
    other = {**chosen, "activity": "备注", "at": ""}
    assert send(ops, f"{LOGS}/preview", ROWS, 200, columns=json.dumps(other))["events"] == 0
    twice = {**chosen, "activity": "单号"}
    refused = send(ops, f"{LOGS}/preview", ROWS, 422, columns=json.dumps(twice))
    assert [one["path"] for one in refused["errors"]] == ["columns.activity"]

    job = told(site, ops, ROWS, plan=json.dumps(plan), columns=json.dumps(chosen), save_as="每周商机")
    assert [job[name] for name in ("created", "refused", "events", "unknown")] == [1, 1, 3, 0]
    assert job["since"] == "2026-03-02T01:00:00+00:00"
    errors = ops.get(job["errors_url"]).content.decode("utf-8-sig").splitlines()
    assert errors[0].startswith("单号,事件数,第几条")
    assert errors[1].startswith("T-2,0,2,IMPORT-015")
    [saved] = send(ops, f"{LOGS}/preview", ROWS, 200)["saved"]
    assert (saved["name"], saved["plan"], saved["columns"]) == ("每周商机", plan, chosen)
    assert send(site.log_in("admin"), f"{LOGS}/preview", ROWS, 200)["saved"] == []


def test_only_those_may_who_may_import_past_gates(site: Site) -> None:
    for role in ("rep", "manager", "finance"):
        visitor = site.log_in(role)
        for path in (f"{LOGS}/preview", LOGS):
            assert send(visitor, path, BPI, 403, set="bpi2012")["code"] == "ACCESS-002"
        assert visitor.json("POST", f"{LOGS}/sets/bpi2012", {}, 403)["code"] == "ACCESS-002"


def test_what_is_no_log_or_no_plan_is_refused(admin: Visitor) -> None:
    plan = {"object": "opportunity", "key": "name", "fields": {"name": "concept:name", "nonesuch": "a"}}
    wrong = {**plan, "stages": {"A": "nonesuch"}, "steps": {"B": "quote_file"}}
    found = send(admin, LOGS, BPI, 422, plan=json.dumps(wrong))
    bomb = b'<!DOCTYPE log [<!ENTITY a "b">]><log/>'

    assert {one["path"] for one in found["errors"]} == {"a", "stages.A", "steps.B"}
    assert send(admin, LOGS, BPI, 422, plan="[]")["errors"][0]["path"] == "history"
    for content in (b"<html/>", bomb, b"\x1f\x8b123", BPI[:-20]):
        assert send(admin, f"{LOGS}/preview", content, 422)["code"] == "XES-001"
    for content in (b"", b"PK\x03\x04", b"\x89PNG"):
        assert send(admin, f"{LOGS}/preview", content, 422)["code"].startswith("TABLE-")
    assert send(admin, LOGS, ROWS, 422, plan=json.dumps(plan), columns="[]")["errors"][0]["path"] == "columns"
