"""Imports over HTTP: looked into, done by a worker, their refused rows handed back."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from chengdan.run.importer.job import run_import
from chengdan.run.jobs import JobCancelled, Progress
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.run.worker import perform
from tests.web.site import Json, Site, Visitor

CONTACTS = "/api/records/competitor"
TABLE = "名称,说明\n甲公司,对手一\n,没有名称\n乙公司,对手二\n".encode()


def send(visitor: Visitor, path: str, content: bytes, status: int, **form: Any) -> Json:
    answer = visitor.post(path, files={"file": ("对手.csv", content)}, data=form)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


def test_a_file_is_looked_into_before_its_import(admin: Visitor) -> None:
    found = send(admin, f"{CONTACTS}/import/preview", TABLE, 200)

    assert (found["rows"], found["encoding"], found["sheet"], found["saved_mappings"]) == (
        3,
        "utf-8-sig",
        None,
        [],
    )
    assert found["columns"][0] == {"name": "名称", "samples": ["甲公司", "乙公司"], "suggested": "name"}


def test_an_import_is_a_job_that_hands_back_what_it_refused(site: Site, admin: Visitor) -> None:
    form = {"mapping": json.dumps({"名称": "name", "说明": None}), "save_as": "对手表"}
    id = send(admin, f"{CONTACTS}/import", TABLE, 202, **form)["job"]
    assert admin.json("GET", f"/api/jobs/{id}")["state"] == "queued"
    perform(Doorman(site.runtime), UUID(id))
    job = admin.json("GET", f"/api/jobs/{id}")

    assert (job["state"], job["created"], job["updated"], job["refused"]) == ("done", 2, 0, 1)
    assert (job["object"], job["kind"], job["done"], job["total"], job["message"]) == (
        "competitor",
        "import",
        3,
        3,
        None,
    )
    refused = admin.get(job["errors_url"]).content.decode("utf-8-sig").splitlines()
    assert len(refused) == 2
    assert refused[1].startswith(",没有名称,3,VALUE-002,")
    listed = admin.json("GET", CONTACTS, params={"filter": 'name in ["甲公司", "乙公司"]'})["items"]
    assert len(listed) == 2
    saved = send(admin, f"{CONTACTS}/import/preview", TABLE, 200)["saved_mappings"]
    assert [(one["name"], one["mapping"], one["key"]) for one in saved] == [
        ("对手表", {"名称": "name"}, None)
    ]


def test_an_import_that_was_stopped_hands_back_what_it_had_refused(site: Site, admin: Visitor) -> None:
    def stopped(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
        run_import(runtime, progress)
        assert admin.json("GET", f"/api/jobs/{id}")["errors_url"] is None
        raise JobCancelled

    table = "name,description\n停下公司,对手三\n,没有名称\n".encode()
    id = send(admin, f"{CONTACTS}/import", table, 202, mapping='{"name":"name","description":null}')["job"]
    perform(Doorman(site.runtime), UUID(id), {"import": stopped})
    job = admin.json("GET", f"/api/jobs/{id}")

    assert (job["state"], job["created"], job["refused"]) == ("cancelled", 1, 1)
    refused = admin.get(job["errors_url"]).content.decode("utf-8-sig").splitlines()
    assert [line.split(",")[:4] for line in refused[1:]] == [["", "没有名称", "3", "VALUE-002"]]


def test_a_dry_run_decides_everything_and_keeps_nothing(site: Site, admin: Visitor) -> None:
    table = "name\n试算公司\n".encode()
    id = send(admin, f"{CONTACTS}/import", table, 202, mapping='{"name":"name"}', dry_run="true")["job"]
    perform(Doorman(site.runtime), UUID(id))
    job = admin.json("GET", f"/api/jobs/{id}")

    assert (job["state"], job["dry_run"], job["created"]) == ("done", True, 1)
    assert admin.json("GET", CONTACTS, params={"q": "试算公司"})["items"] == []


def test_an_import_that_cannot_be_done_says_why_in_both_languages(site: Site, admin: Visitor) -> None:
    id = send(admin, f"{CONTACTS}/import", TABLE, 202, mapping='{"名称":"nonesuch"}')["job"]
    perform(Doorman(site.runtime), UUID(id))
    job = admin.json("GET", f"/api/jobs/{id}")

    assert (job["state"], job["message"].keys()) == ("failed", {"zh", "en"})
    assert job["errors"][0]["path"] == "名称"


def test_a_job_is_its_owners_alone(site: Site, admin: Visitor) -> None:
    sales_ops = site.log_in("sales_ops")
    id = send(admin, f"{CONTACTS}/import", TABLE, 202, mapping='{"名称":"name"}')["job"]

    assert id in {job["id"] for job in admin.json("GET", "/api/jobs")["items"]}
    assert id not in {job["id"] for job in sales_ops.json("GET", "/api/jobs")["items"]}
    for path in (f"/api/jobs/{id}", f"/api/jobs/{id}/errors", f"/api/jobs/{uuid4()}"):
        assert sales_ops.json("GET", path, status=404)["code"] == "RECORD-001"
    assert sales_ops.json("POST", f"/api/jobs/{id}/cancel", {}, 404)["code"] == "RECORD-001"
    assert admin.json("POST", f"/api/jobs/{id}/cancel", {})["state"] == "cancelled"


def test_what_is_no_table_or_no_mapping_is_refused(admin: Visitor) -> None:
    picture = send(admin, f"{CONTACTS}/import/preview", b"\x89PNG\r\n\x1a\n123", 422)
    wrong = send(admin, f"{CONTACTS}/import", TABLE, 422, mapping="{")
    empty = send(admin, f"{CONTACTS}/import", TABLE, 422, mapping='{"名称":null}')

    assert picture["code"].startswith("TABLE-")
    assert (wrong["code"], wrong["errors"][0]["path"]) == ("HTTP-422", "mapping")
    assert empty["errors"][0]["path"] == "mapping"


def test_a_template_has_the_fields_that_may_be_filled_in(admin: Visitor) -> None:
    answer = admin.get("/api/records/contact/import/template", params={"format": "csv"})
    [header] = answer.content.decode("utf-8-sig").splitlines()
    columns = header.split(",")
    assert columns[0] == "姓名"
    assert {"客户", "手机", "负责人"} <= set(columns)
    workbook = admin.get("/api/records/contact/import/template")
    assert workbook.content.startswith(b"PK")
    files = {"file": ("联系人.xlsx", workbook.content)}
    found = admin.post("/api/records/contact/import/preview", files=files).json()
    assert [column["name"] for column in found["columns"]] == columns
    assert all(column["suggested"] for column in found["columns"])


def test_a_dry_run_is_done_for_real_with_the_same_file(site: Site, admin: Visitor) -> None:
    table = "name\n先试后导公司\n".encode()
    id = send(admin, f"{CONTACTS}/import", table, 202, mapping='{"name":"name"}', dry_run="true")["job"]
    assert admin.json("POST", f"/api/jobs/{id}/run", {}, 404)["code"] == "RECORD-001"
    perform(Doorman(site.runtime), UUID(id))
    tried = admin.json("GET", f"/api/jobs/{id}")
    real = admin.json("POST", f"/api/jobs/{id}/run", {}, 202)["job"]
    perform(Doorman(site.runtime), UUID(real))
    job = admin.json("GET", f"/api/jobs/{real}")

    assert (tried["created"], tried["records"], job["created"], job["dry_run"]) == (1, [], 1, False)
    [record] = job["records"]
    assert admin.json("GET", f"{CONTACTS}/{record}")["name"] == "先试后导公司"
    assert admin.json("POST", f"/api/jobs/{real}/run", {}, 404)["code"] == "RECORD-001"
