"""Every route that writes, and what it may do to a stage: a row that tries it against each kind of deliverable, or why it can't."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from chengdan.kernel.access import Principal
from chengdan.run.commands import Move
from chengdan.run.sessions import Doorman
from chengdan.run.worker import perform
from chengdan.web.app import ENDPOINTS
from chengdan.web.endpoint import SAFE
from tests.databases import Databases
from tests.lab.gated import CLERK, KINDS, been_there, lacking_names, open_gated, ready
from tests.lab.lab import FANG, KEEPER, LIU, Lab
from tests.logs import xes
from tests.run.importer.people import csv_bytes
from tests.web.site import Json, Visitor, serving


class Counter:
    """The gated lab behind HTTP, and somebody at it with a token."""

    def __init__(self, lab: Lab, who: Principal, visitor: Visitor) -> None:
        self.lab, self.who, self.visitor = lab, who, visitor

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return self.visitor.request(method, f"/api{path}", json=body, headers=headers)

    def version(self, id: UUID) -> int:
        return int(self.lab.row("job", id)["version"])

    def carry_out(self, answer: httpx.Response) -> Json:
        """Do the job that an answer names; how it ended."""
        assert answer.status_code == 202, answer.text
        perform(Doorman(self.lab.runtime), UUID(answer.json()["job"]))
        job: Json = self.visitor.json("GET", f"/api/jobs/{answer.json()['job']}")
        return job


Row = Callable[[Counter, UUID], Json]
"""Tries to carry a job into `build`; gives the refusal that names what lacks."""


@pytest.fixture(scope="module")
def lab(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with (
        databases.fresh(lab_database) as url,
        open_gated(url, tmp_path_factory.mktemp("routes")) as lab,
    ):
        yield lab


@pytest.fixture(scope="module")
def url(lab: Lab) -> Iterator[str]:
    with serving(lab.runtime) as url:
        yield url


@pytest.fixture(params=[CLERK, KEEPER], ids=["clerk", "admin"])
def counter(request: pytest.FixtureRequest, lab: Lab, url: str) -> Iterator[Counter]:
    _, token = Doorman(lab.runtime).create_token(request.param, "test")
    with Visitor(base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=30) as visitor:
        yield Counter(lab, request.param, visitor)


def move(counter: Counter, id: UUID) -> Json:
    body = {"to": "build", "version": counter.version(id), "reason": "老板同意了"}
    return refused(counter.ask("POST", f"/records/job/{id}/move", body))


def patch(counter: Counter, id: UUID) -> Json:
    body = {"stage": "build", "name": "更多", "version": counter.version(id)}
    return refused(counter.ask("PATCH", f"/records/job/{id}", body))


def bulk(counter: Counter, id: UUID) -> Json:
    """All four bodies that the route takes; each says the same of the one record, and does the other."""
    bodies = (
        {"move": {"to": "build"}},
        {"changes": {"stage": "build"}},
        {"items": [{"id": str(id), "changes": {"stage": "build"}}]},
        {"filter": f'id == "{id}"', "move": {"to": "build", "reason": "一起推进"}},
    )
    told = []
    for body in bodies:
        chosen = {} if body.keys() & {"items", "filter"} else {"ids": [str(ready(counter.lab)), str(id)]}
        answer = counter.ask("POST", "/records/job/bulk", {**chosen, **body})
        assert answer.status_code == 200, answer.text
        assert answer.json()["done"] == len(chosen)
        [one] = answer.json()["refused"]
        assert one["id"] == str(id)
        told.append(one)
    assert told == [told[0]] * 4
    return dict(told[0])


def merge(counter: Counter, id: UUID) -> Json:
    source = ready(counter.lab)
    counter.lab.act(KEEPER, Move("job", source, None, "build"))
    body = {"into": str(id), "from": str(source), "fields": {"stage": "build"}}
    refusal = refused(counter.ask("POST", "/records/job/merge", body))
    assert counter.lab.row("job", source)["archived_at"] is None
    return refusal


def create(counter: Counter, id: UUID) -> Json:
    """A copy of the job, born in the stage; what can't come with it at birth lacks too."""
    values = {name: counter.lab.row("job", id)[name] for name in ("client", "value")}
    body = {
        "name": "副本",
        "stage": "build",
        "client": str(values["client"]),
        "value": values["value"] and str(values["value"]),
    }
    refusal = refused(counter.ask("POST", "/records/job", body))
    assert counter.lab.query("SELECT 1 FROM data.job WHERE name = '副本'") == []
    lacking = [one for one in refusal["errors"] if one["deliverable"] in lacking_of(counter.lab, id)]
    return {**refusal, "errors": lacking}


def bring_in(counter: Counter, id: UUID) -> Json:
    """An import by key: tried first, then for real."""
    code = uuid4().hex[:12]
    counter.ask("PATCH", f"/records/job/{id}", {"code": code, "version": counter.version(id)})
    form = {"mapping": json.dumps({"code": "code", "stage": "stage"}), "key": "code", "dry_run": "true"}
    table = csv_bytes(["code", "stage"], [[code, "build"]])
    file = {"file": ("推进.csv", table)}
    dry = counter.carry_out(counter.visitor.post("/api/records/job/import", files=file, data=form))
    job = counter.carry_out(counter.ask("POST", f"/jobs/{dry['id']}/run"))
    assert [(one["updated"], one["refused"]) for one in (dry, job)] == [(0, 1)] * 2
    codes = counter.visitor.get(job["errors_url"]).content.decode("utf-8-sig").splitlines()[1]
    return {"errors": [{"code": code, "deliverable": None} for code in KINDS.values() if code in codes]}


def restore(counter: Counter, id: UUID) -> Json:
    assert counter.ask("DELETE", f"/records/job/{id}").status_code == 200
    assert counter.ask("POST", f"/records/job/{id}/move", {"to": "build", "version": 2}).status_code in (
        404,
        409,
    )
    assert counter.ask("POST", f"/records/job/{id}/restore", {}).status_code == 200
    return move(counter, id)


def pool(counter: Counter, id: UUID) -> Json:
    given = counter.ask("POST", f"/records/job/{id}/release", {"note": "暂无需求"})
    assert given.status_code == 200, given.text
    assert counter.ask("POST", "/pools/jobs/claim", {"ids": [str(id)]}).json()["done"] == 1
    assert (
        counter.ask("POST", "/pools/jobs/release", {"ids": [str(id)], "note": "还给公海"}).json()["done"] == 1
    )
    assert counter.ask("POST", "/pools/jobs/claim", {"ids": [str(id)]}).json()["done"] == 1
    return move(counter, id)


def hand_over(counter: Counter, id: UUID) -> Json:
    counter.ask("PATCH", f"/records/job/{id}", {"owner": str(FANG.user), "version": counter.version(id)})
    answer = counter.ask("POST", f"/users/{FANG.user}/handover", {"rest": [str(LIU.user)]})
    counter.carry_out(answer)
    assert counter.lab.row("job", id)["owner"] == LIU.user
    counter.carry_out(counter.ask("POST", "/handovers/back", {"job": answer.json()["job"]}))
    return move(counter, id)


EVIDENCE = "brings or takes evidence; a stage is entered by nobody's evidence"
BESIDE = "what is said, shared or followed beside a record"
HANDS = "who holds a record: owner and team alone"
OWN = "a person's own log-in, views, settings, messages"
SETTING = "settings and channels; no records"
READING = "writes nothing, or a file for whoever asks"
DEFINING = "definitions, by who may publish; `test_a_deliverable_that_is_made_hard_takes_no_reason_any_more`"
MAILING = "the mail object alone; what rules make of a mail is `by_a_rule`"
AUDITING = "reviews and verdicts alone, field by field"
ROUTES: dict[str, Row | str] = {
    "POST /api/records/{object}/{id}/move": move,
    "PATCH /api/records/{object}/{id}": patch,
    "POST /api/records/{object}/bulk": bulk,
    "POST /api/records/{object}/merge": merge,
    "POST /api/records/{object}": create,
    "POST /api/records/{object}/import": bring_in,
    "POST /api/jobs/{id}/run": bring_in,
    "DELETE /api/records/{object}/{id}": restore,
    "POST /api/records/{object}/{id}/restore": restore,
    "POST /api/records/{object}/{id}/release": pool,
    "POST /api/pools/{pool}/claim": pool,
    "POST /api/pools/{pool}/release": pool,
    "POST /api/users/{id}/handover": hand_over,
    "POST /api/handovers/back": hand_over,
    "POST /api/records/{object}/{id}/conflicts/{conflict}": HANDS,
    "POST /api/records/{object}/{id}/substeps": EVIDENCE,
    "POST /api/files": EVIDENCE,
    "DELETE /api/files/{id}": EVIDENCE,
    "POST /api/records/{object}/{id}/signature/link": EVIDENCE,
    "DELETE /api/records/{object}/{id}/signature/link": EVIDENCE,
    "POST /api/records/{object}/{id}/signature/vouch": EVIDENCE,
    "POST /api/public/{token}": EVIDENCE,
    "POST /api/records/{object}/{id}/shares": BESIDE,
    "DELETE /api/records/{object}/{id}/shares": BESIDE,
    "POST /api/records/{object}/{id}/comments": BESIDE,
    "PATCH /api/records/{object}/{id}/comments/{comment}": BESIDE,
    "DELETE /api/records/{object}/{id}/comments/{comment}": BESIDE,
    "POST /api/records/{object}/{id}/followers": BESIDE,
    "DELETE /api/records/{object}/{id}/followers": BESIDE,
    "POST /api/records/{object}/aggregate": READING,
    "POST /api/records/{object}/duplicates": READING,
    "POST /api/records/{object}/export": READING,
    "POST /api/records/{object}/import/preview": READING,
    "POST /api/process/{pipeline}/export": READING,
    "POST /api/home/{panel}/export": READING,
    "POST /api/histories/preview": READING,
    "POST /api/events/export": READING,
    "POST /api/events/verify": READING,
    "POST /api/expressions/check": READING,
    "POST /api/scores/{name}/preview": READING,
    "POST /api/studio/validate": READING,
    "POST /api/studio/plan": READING,
    "POST /api/jobs/{id}/cancel": READING,
    "POST /api/process/{pipeline}/steps/{step}/hard": DEFINING,
    "POST /api/scores/{name}/publish": DEFINING,
    "POST /api/scores/{name}/restore": DEFINING,
    "POST /api/studio/publish": DEFINING,
    "POST /api/histories/sets/{set}": DEFINING,
    "POST /api/histories": "`test_an_event_log_passes_a_gate_only_as_an_override`",
    "POST /api/scores/{name}/recompute": "`test_a_score_that_turns_does_not_go_round_a_gate_and_holds_up_no_other_score`",
    "PATCH /api/audits/{audit}/verdicts/{id}": AUDITING,
    "POST /api/audits/{audit}/reviews/{id}/submit": AUDITING,
    "POST /api/audits/{audit}/reviews/{id}/accept": AUDITING,
    "POST /api/audits/{audit}/reviews/{id}/appeal": AUDITING,
    "POST /api/auth/login": OWN,
    "POST /api/auth/logout": OWN,
    "POST /api/auth/password": OWN,
    "POST /api/auth/link": OWN,
    "POST /api/auth/link/password": OWN,
    "POST /api/people/{id}/log-in/link": OWN,
    "DELETE /api/people/{id}/log-in/sessions": OWN,
    "PATCH /api/me": OWN,
    "DELETE /api/sessions/{id}": OWN,
    "POST /api/tokens": OWN,
    "DELETE /api/tokens/{id}": OWN,
    "PATCH /api/notifications/settings": OWN,
    "POST /api/notifications/read": OWN,
    "POST /api/views": OWN,
    "POST /api/views/default": OWN,
    "PATCH /api/views/{id}": OWN,
    "DELETE /api/views/{id}": OWN,
    "POST /api/calendar/feed": OWN,
    "DELETE /api/calendar/feed": OWN,
    "POST /api/outlets": SETTING,
    "PATCH /api/outlets/{id}": SETTING,
    "DELETE /api/outlets/{id}": SETTING,
    "POST /api/outlets/{id}/test": SETTING,
    "POST /api/deliveries/resend": SETTING,
    "POST /api/mail/accounts": SETTING,
    "PATCH /api/mail/accounts/{id}": SETTING,
    "DELETE /api/mail/accounts/{id}": SETTING,
    "POST /api/mail/accounts/{id}/test": SETTING,
    "POST /api/mail/accounts/{id}/webhook": SETTING,
    "POST /api/mail/threads/{thread}/read": MAILING,
    "POST /api/mail/drafts": MAILING,
    "POST /api/mail/mails/{id}/send": MAILING,
    "POST /api/mail/mails/{id}/decide": MAILING,
    "POST /api/mail/strangers/{id}/link": MAILING,
    "DELETE /api/mail/strangers/{id}": MAILING,
    "POST /api/mail/inbound/{account}": MAILING,
}
ROWS = list(dict.fromkeys(row for row in ROUTES.values() if not isinstance(row, str)))


def test_every_route_that_writes_has_its_row() -> None:
    """A new one fails here until it is tried below, or it is said why no stage can come of it."""
    writing = {f"{one.method} {one.path}" for one in ENDPOINTS if one.method not in SAFE}
    assert writing == ROUTES.keys()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_no_route_goes_round_a_gate(counter: Counter, row: Row) -> None:
    for lacking in KINDS:
        id = ready(counter.lab, lacking)
        assert_held(counter.lab, id, row(counter, id), lacking)


def test_an_outbox_that_sends_again_is_refused_again_and_let_in_only_once(counter: Counter) -> None:
    """The page keeps what it couldn't send, and sends it under its key until it is answered."""
    for lacking in KINDS:
        id, key = ready(counter.lab, lacking), uuid4().hex
        body = {"to": "build", "version": counter.version(id)}
        for _ in range(2):
            answer = counter.ask("POST", f"/records/job/{id}/move", body, **{"Idempotency-Key": key})
            assert_held(counter.lab, id, refused(answer), lacking)
        edit = {"stage": "build", "version": counter.version(id)}
        for _ in range(2):
            answer = counter.ask("PATCH", f"/records/job/{id}", edit, **{"Idempotency-Key": key + "e"})
            assert_held(counter.lab, id, refused(answer), lacking)


def test_what_was_answered_once_moves_nothing_when_it_is_sent_again(counter: Counter) -> None:
    id, key = ready(counter.lab), uuid4().hex
    body = {"to": "build", "version": counter.version(id)}
    path = f"/records/job/{id}/move"
    assert counter.ask("POST", path, body, **{"Idempotency-Key": key}).status_code == 200
    counter.lab.act(CLERK, Move("job", id, None, "idea"))
    again = counter.ask("POST", path, body, **{"Idempotency-Key": key})
    assert (again.status_code, again.headers["idempotent-replayed"]) == (200, "true")
    assert counter.lab.row("job", id)["stage"] == "idea"


def test_who_steps_back_and_undoes_it_is_asked_again(counter: Counter) -> None:
    for lacking in KINDS:
        id = been_there(counter.lab, lacking)
        assert_held(counter.lab, id, patch(counter, id), lacking)


def test_an_event_log_passes_a_gate_only_as_an_override(counter: Counter) -> None:
    name = uuid4().hex[:12]
    log = xes(({"concept:name": name}, [("I", "2025-03-03T09:00:00Z"), ("B", "2025-03-10T09:00:00Z")]))
    fields, stages = {"code": "concept:name", "name": "concept:name"}, {"I": "idea", "B": "build"}
    plan = json.dumps({"object": "job", "key": "code", "fields": fields, "stages": stages})
    found = []
    for reason in ("…！", "历史数据"):
        form = {"plan": plan, "override_reason": reason}
        answer = counter.visitor.post("/api/histories", files={"file": ("流程.xes", log)}, data=form)
        if answer.status_code == 202:
            counter.carry_out(answer)
        rows = counter.lab.query("SELECT id, stage FROM data.job WHERE code = %s", name)
        found.append([(stage, counter.lab.kinds(id).count("gate.overridden")) for id, stage in rows])
    assert found == [[], [] if counter.who is CLERK else [("build", 1)]]


def refused(answer: httpx.Response) -> Json:
    assert (answer.status_code, answer.json()["code"]) == (409, "GATE-001"), answer.text
    found: Json = answer.json()
    return found


def lacking_of(lab: Lab, id: UUID) -> list[str]:
    """What a job lacks, as the gate itself says."""
    with pytest.raises(Exception) as refusal:
        lab.act(CLERK, Move("job", id, None, "build"))
    return [unmet.standing.deliverable.name for unmet in refusal.value.unmet]  # type: ignore[attr-defined]


def assert_held(lab: Lab, id: UUID, refusal: Json, lacking: str) -> None:
    told = [one["code"] for one in refusal["errors"]]
    assert told == [KINDS[name] for name in lacking_names(lacking)]
    row = lab.row("job", id)
    assert (row["stage"], row["name"]) == ("idea", "job of ming")
    assert "gate.overridden" not in lab.kinds(id)
