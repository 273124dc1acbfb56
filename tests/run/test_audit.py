"""The audit trail: who may see it, what is in it for whom, its pages, its proof and its file."""

import csv
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chengdan.kernel.access import Principal
from chengdan.run import audit, schedule
from chengdan.run.audit import AuditPage, AuditQuery, audit_events, count_events
from chengdan.run.auditing import request_trail, request_verification, run_trail, run_verification
from chengdan.run.commands import Archive
from chengdan.run.errors import NotPermitted
from chengdan.run.jobs import Job, JobState, Progress, finish, get, start
from chengdan.run.read import BadQuery
from chengdan.run.worker import Handler
from chengdan.store.statement import render
from chengdan.store.visibility import scope_params
from tests.databases import Databases
from tests.lab.lab import AUDITOR, KEEPER, LIU, MING, Lab, open_lab

WARDEN = Principal(AUDITOR.user, "warden", frozenset({"warden"}), MING.teams, MING.team_tree)
WATCHER = Principal(AUDITOR.user, "watcher", frozenset({"auditor", "maker"}), MING.teams, MING.team_tree)


@pytest.fixture
def lab(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("audit")) as lab:
        yield lab


def trail(lab: Lab, who: Principal = AUDITOR, **asked: Any) -> AuditPage:
    with lab.runtime.reader(who) as reader:
        return audit_events(reader, AuditQuery(**asked))


def done(lab: Lab, id: UUID, run: Handler) -> Job:
    """The job, done by hand to its end."""
    job = start(lab.runtime, id)
    assert job is not None
    finish(lab.runtime, id, JobState.DONE, run(lab.runtime, Progress(job, AUDITOR)))
    with lab.runtime.reader(AUDITOR) as reader:
        return get(reader, id)


def test_a_change_is_there_with_who_what_and_the_record_s_name(lab: Lab) -> None:
    made = lab.create(MING, "job", name="一号", value=1)
    lab.update(MING, "job", made, value=2)
    newest, oldest = trail(lab, record=made["id"]).items
    assert (newest["kind"], newest["actor"]["label"], newest["record"]["label"]) == (
        "record.updated",
        "ming",
        "一号",
    )
    [change] = [one for one in newest["changes"] if one["field"] == "value"]
    assert (change["old"], change["new"]) == (1, 2)
    assert oldest["kind"] == "record.created"
    assert {one["field"]: one["new"] for one in oldest["changes"]}["name"] == "一号"


def test_a_field_that_is_hidden_stays_hidden(lab: Lab) -> None:
    made = lab.create(KEEPER, "job", cost=5, team=str(MING.teams[0]))
    lab.update(KEEPER, "job", made, cost=6)

    def fields(who: Principal) -> set[str]:
        return {
            change["field"]
            for event in trail(lab, who, record=made["id"]).items
            for change in event["changes"]
        }

    assert {"cost", "cost_currency"} <= fields(AUDITOR)
    assert fields(WARDEN) == fields(AUDITOR) - {"cost", "cost_currency"}


def test_events_of_another_team_s_records_are_not_in_it(lab: Lab) -> None:
    near, far = lab.create(MING, "job"), lab.create(LIU, "job")
    assert {event["record"]["id"] for event in trail(lab, WARDEN).items if event["record"]} == {near["id"]}
    assert trail(lab, WARDEN, record=far["id"]).items == []
    assert len(trail(lab, record=far["id"]).items) == 1


def test_it_needs_the_permission(lab: Lab) -> None:
    with pytest.raises(NotPermitted):
        trail(lab, MING)
    with lab.runtime.reader(MING) as reader, pytest.raises(NotPermitted):
        count_events(reader, AuditQuery())
    for request in (request_verification, lambda unit: request_trail(unit, AuditQuery(), "csv")):
        with pytest.raises(NotPermitted), lab.runtime.unit(MING) as unit:
            request(unit)


def test_events_of_records_out_of_sight_are_not_in_it(lab: Lab) -> None:
    part = lab.create(MING, "part")
    assert trail(lab, record=part["id"]).items == []
    assert len(trail(lab, WATCHER, record=part["id"]).items) == 1
    assert trail(lab, object="part").items == []


def test_pages_follow_each_other_without_a_gap(lab: Lab) -> None:
    made = lab.create(MING, "job")
    for value in range(1, 6):
        made = lab.update(MING, "job", made, value=value)
    whole = [event["seq"] for event in trail(lab, record=made["id"]).items]
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = trail(lab, record=made["id"], limit=2, cursor=cursor)
        found += [event["seq"] for event in page.items]
        cursor = page.next_cursor
    assert found == whole == sorted(whole, reverse=True)
    assert len(whole) == 6


def test_it_is_narrowed_by_time_person_kind_and_cause(lab: Lab) -> None:
    made = lab.create(MING, "job")
    lab.act(MING, Archive("job", made["id"]))

    def kinds(**asked: Any) -> list[str]:
        return [event["kind"] for event in trail(lab, record=made["id"], **asked).items]

    assert kinds(kind="record.archived") == ["record.archived"]
    assert kinds(actor=AUDITOR.user) == []
    assert kinds(actor=MING.user) == ["record.archived", "record.created"]
    assert kinds(cause="http") == ["record.archived", "record.created"]
    assert kinds(cause="import") == []
    assert kinds(until=lab.clock() - timedelta(hours=1)) == []
    assert len(kinds(since=lab.clock() - timedelta(hours=1))) == 2


@pytest.mark.parametrize("asked", [{"kind": "nonesuch"}, {"limit": 0}, {"cursor": "x"}, {"cursor": "1.²"}])
def test_a_query_that_makes_no_sense_is_refused(lab: Lab, asked: dict[str, Any]) -> None:
    with pytest.raises(BadQuery):
        trail(lab, **asked)


def test_the_proof_says_what_the_command_line_says(lab: Lab) -> None:
    made = lab.create(MING, "job")
    while not schedule.seal(lab.runtime):
        pass
    with lab.runtime.unit(AUDITOR) as unit:
        id = request_verification(unit)
    whole = done(lab, id, run_verification)
    assert (whole.result["findings"], len(whole.result["head"])) == ([], 64)
    assert whole.result["events"] == whole.done == whole.total

    lab.query("UPDATE data.job SET version = 9 WHERE id = %s RETURNING 1", made["id"])
    with lab.runtime.unit(AUDITOR) as unit:
        id = request_verification(unit)
    [finding] = done(lab, id, run_verification).result["findings"]
    assert finding["en"] == f"job {made['id']} is at version 9, but 1 events do not make it so"
    assert finding["zh"] == f"job {made['id']} 是第 9 版，与 1 个事件不符"


def test_the_trail_is_written_to_a_file(lab: Lab) -> None:
    made = lab.create(MING, "job", name="=一号")
    lab.update(MING, "job", made, value=3)
    with lab.runtime.unit(AUDITOR) as unit:
        id = request_trail(unit, AuditQuery(record=made["id"]), "csv")
    job = done(lab, id, run_trail)
    assert (job.result["rows"], job.result["file_name"], job.done, job.total) == (2, "审计记录.csv", 2, 2)
    with lab.runtime.blobs.local(job.result["file"]) as path, path.open(encoding="utf-8-sig") as file:
        newest, oldest = csv.DictReader(file)
    assert (newest["操作人"], newest["事件"], newest["记录"]) == ("ming", "record.updated", "'=一号")
    assert '"value":[null,3.00]' in newest["改动"]
    assert oldest["事件"] == "record.created"


def test_the_trail_of_a_person_is_found_by_an_index(lab: Lab) -> None:
    lab.create(MING, "job")
    with lab.runtime.reader(AUDITOR) as reader:
        reader.execute("SET enable_seqscan = off")
        reader.execute("SET enable_sort = off")
        sql, params = render(audit._select(reader, AuditQuery(actor=MING.user))).bound(
            **scope_params(AUDITOR)
        )
        plan = "\n".join(line for (line,) in reader.execute(b"EXPLAIN " + sql, params).fetchall())
        reader.execute("RESET enable_seqscan")
        reader.execute("RESET enable_sort")

    assert "_actor_xid_seq_idx" in plan
    assert "->  Sort" not in plan
