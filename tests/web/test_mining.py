"""Process analysis over HTTP: who may ask, what is answered, and a gate that becomes hard and soft again."""

import pytest

from tests.web.site import Visitor

SALES = "/api/process/sales"
YEAR = "since=2020-01-01T00:00:00Z&until=2030-01-01T00:00:00Z"
STEP = f"{SALES}/steps/architecture_confirmed"


@pytest.mark.parametrize(
    "path", ["report", "map", "comparison", "records?measure=won_outcome", "steps/budget"]
)
def test_only_who_may_analyse_is_answered(rep: Visitor, manager: Visitor, path: str) -> None:
    assert rep.json("GET", f"{SALES}/{path}", status=403)["code"] == "ACCESS-002"
    assert manager.json("GET", f"{SALES}/{path}")


def test_what_is_asked_wrongly_is_told(admin: Visitor) -> None:
    assert admin.json("GET", "/api/process/moon/report", status=404)["code"] == "PROCESS-001"
    assert admin.json("GET", f"{SALES}/steps/moon", status=404)["code"] == "PROCESS-002"
    assert admin.json("GET", f"{SALES}/records?measure=moon", status=422)["code"] == "QUERY-002"
    assert (
        admin.json("GET", f"{SALES}/report?since=2030-01-01T00:00:00Z", status=422)["errors"][0]["path"]
        == "since"
    )
    assert admin.json("GET", f"{SALES}/report?filter=moon%20==%201", status=422)["status"] == 422


def test_a_figure_is_the_number_of_records_behind_it(admin: Visitor) -> None:
    found = admin.json("GET", f"{SALES}/report?{YEAR}")
    won = admin.json("GET", f"{SALES}/records?{YEAR}&measure=won_outcome")
    skipped = admin.json("GET", f"{SALES}/records?{YEAR}&measure=skipped&step=architecture_confirmed")
    step = next(one for one in found["steps"] if one["name"] == "architecture_confirmed")

    assert (won["object"], won["total"]) == ("opportunity", found["outcome"]["won"])
    assert skipped["total"] == step["skipped"] > 0
    assert {one["stage"] for one in won["items"]} == {"won"}


def test_a_manager_counts_no_more_than_the_own_teams(manager: Visitor, admin: Visitor) -> None:
    own, all_ = (
        visitor.json("GET", f"{SALES}/report?{YEAR}")["stages"][0]["entered"] for visitor in (manager, admin)
    )

    assert 0 < own < all_


def test_a_skipped_step_becomes_a_hard_gate_and_soft_again(manager: Visitor, admin: Visitor) -> None:
    preview = admin.json("GET", f"{STEP}/hard?{YEAR}")
    assert (preview["hard"], preview["blocked"] > 0) == (False, True)
    assert len(preview["open"]["lacking"]) <= preview["open"]["looked_at"]
    assert manager.json("POST", f"{STEP}/hard", {"hard": True}, 403)["code"] == "ACCESS-002"

    files = admin.json("GET", "/api/studio/export")["files"]
    made = admin.json("POST", f"{STEP}/hard", {"hard": True})
    assert admin.json("GET", f"{STEP}/hard")["hard"] is True
    assert admin.json("POST", f"{STEP}/hard", {"hard": True})["version"] == made["version"]
    changed = admin.json("GET", "/api/studio/export")["files"]
    assert [path for path in files if files[path] != changed[path]] == ["pipelines/sales.yaml"]

    undone = admin.json("POST", f"{STEP}/hard", {"hard": False})
    assert undone["version"] == made["version"] + 1
    assert admin.json("GET", "/api/studio/export")["files"] == files
    events = admin.json("GET", "/api/events?kind=snapshot.published&limit=2")["items"]
    assert [event["data"]["note"] for event in events] == [
        "销售流程 · 客户IT架构图确认 → 软 soft",
        "销售流程 · 客户IT架构图确认 → 硬 hard",
    ]
