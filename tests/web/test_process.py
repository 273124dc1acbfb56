"""Gates over HTTP: what a move needs, sub-steps, reasons and overrides."""

from tests.web.site import Json, Visitor

OPPORTUNITIES = "/api/records/opportunity"


def make(visitor: Visitor, **values: object) -> Json:
    made: Json = visitor.json("POST", OPPORTUNITIES, {"name": "流程", **values}, 201)
    return made


def test_a_gate_says_beforehand_what_the_move_will_say(rep: Visitor) -> None:
    made = make(rep)
    path = f"{OPPORTUNITIES}/{made['id']}"
    verdict = rep.json("GET", f"{path}/gate?to=proposal")
    problem = rep.json("POST", f"{path}/move", {"to": "proposal", "version": 1}, 409)

    assert (verdict["allowed"], verdict["outcome"], verdict["can_override"]) == (False, "blocked", False)
    assert verdict["reasons"] == problem["errors"]
    assert rep.json("GET", path) == made


def test_a_stage_that_is_not_there_is_told(rep: Visitor) -> None:
    made = make(rep)

    assert rep.json("GET", f"{OPPORTUNITIES}/{made['id']}/gate?to=moon", status=422)["code"] == "GATE-004"


def test_an_object_without_a_pipeline_has_no_gate(rep: Visitor) -> None:
    task = rep.json("POST", "/api/records/task", {"subject": "x", "due_on": "2030-01-01"}, 201)

    assert rep.json("GET", f"/api/records/task/{task['id']}/gate", status=422)["code"] == "RECORD-004"


def test_soft_deliverables_need_a_reason_that_is_kept(rep: Visitor) -> None:
    account = rep.first("account", filter="owner == me")
    contact = {"name": "王经理", "account": account["id"], "mobile": "13800138000"}
    rep.json("POST", "/api/records/contact", contact, 201)
    made = make(rep, account=account["id"])
    path = f"{OPPORTUNITIES}/{made['id']}"
    problem = rep.json("POST", f"{path}/move", {"to": "discovery", "version": made["version"]}, 409)
    assert problem["code"] == "GATE-002"
    assert {error["hard"] for error in problem["errors"]} == {False}

    move = {"to": "discovery", "version": made["version"], "reason": "老客户，已熟悉"}
    assert rep.json("POST", f"{path}/move", move)["stage"] == "discovery"
    events = rep.json("GET", f"{path}/timeline")["items"]
    overridden = [event["data"]["reason"] for event in events if event["kind"] == "gate.overridden"]
    assert overridden == ["老客户，已熟悉"]


def test_an_override_needs_the_right_and_a_reason(rep: Visitor, manager: Visitor) -> None:
    made = make(manager)
    path = f"{OPPORTUNITIES}/{made['id']}"
    move = {"to": "won", "version": 1, "override_reason": "董事会特批"}
    won = manager.json("POST", f"{path}/move", move)
    state = manager.json("GET", f"{path}/gate")
    mine = make(rep)
    refused = rep.json("POST", f"{OPPORTUNITIES}/{mine['id']}/move", move, 403)

    assert won["stage"] == "won"
    assert any(stage["overridden"] for stage in state["stages"])
    assert refused["code"] == "GATE-003"


def test_a_substep_is_ticked_by_name_and_can_be_taken_back(rep: Visitor) -> None:
    made = make(rep)
    path = f"{OPPORTUNITIES}/{made['id']}/substeps"
    ticked = deliverable(rep.json("POST", path, {"name": "needs_confirmed", "done": True}))
    taken_back = deliverable(rep.json("POST", path, {"name": "needs_confirmed", "done": False}))

    assert (ticked["met"], ticked["by"]) == (True, {"id": rep.me["id"], "label": rep.me["name"]})
    assert taken_back["met"] is False
    assert rep.json("POST", path, {"name": "moon"}, 422)["code"] == "RECORD-005"


def deliverable(state: Json) -> Json:
    return next(
        item
        for stage in state["stages"]
        for item in stage["deliverables"]
        if item["name"] == "needs_confirmed"
    )


def test_no_field_change_and_no_creation_gets_past_a_gate(rep: Visitor) -> None:
    made = make(rep)
    path = f"{OPPORTUNITIES}/{made['id']}"

    assert rep.json("PATCH", path, {"version": 1, "stage": "won"}, 409)["code"] == "GATE-001"
    assert rep.json("POST", OPPORTUNITIES, {"name": "x", "stage": "won"}, 409)["code"] == "GATE-001"
    assert rep.json("GET", path) == made
