"""What colleagues of other teams add to a deal: those who work on it see it, and its owner hears of it."""

from chengdan.base.ids import new_id
from tests.web.site import Site, Visitor


def test_a_concern_that_presales_raise_is_seen_and_answered_by_the_rep(site: Site, rep: Visitor) -> None:
    presales = site.log_in("presales")
    deal = rep.first("opportunity", filter="owner == me and needs_help", limit=1)
    subject = f"能否私有部署 {new_id().hex[:6]}"

    raised = presales.json(
        "POST", "/api/records/concern", {"subject": subject, "opportunity": deal["id"]}, 201
    )
    called = presales.json(
        "POST",
        "/api/records/activity",
        {"subject": subject, "kind": "demo", "opportunity": deal["id"]},
        201,
    )

    seen = rep.json("GET", f"/api/records/concern/{raised['id']}")
    assert seen["owner"] == presales.me["id"]
    assert rep.json("GET", f"/api/records/activity/{called['id']}")["subject"] == subject
    notices = rep.json("GET", "/api/notifications")["items"]
    assert any(subject in str(notice) for notice in notices)
    answer = {"version": seen["version"], "answer": "可以，交付方案见附件", "status": "answered"}
    assert rep.json("PATCH", f"/api/records/concern/{raised['id']}", answer)["status"] == "answered"
