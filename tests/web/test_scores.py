"""Scores and metrics over HTTP: who sees which figures, and who may tune."""

from typing import Any

import pytest

from tests.web.site import Site, Visitor

DRAFT: dict[str, Any] = {"signals": {}, "red": 65, "green": 80}


@pytest.fixture(scope="module")
def csm(site: Site) -> Visitor:
    return site.log_in("csm")


@pytest.fixture(scope="module")
def sales_ops(site: Site) -> Visitor:
    return site.log_in("sales_ops")


def test_the_board_counts_what_the_visitor_sees(rep: Visitor, csm: Visitor) -> None:
    counts = {}
    for who in (rep, csm):
        found = who.json("GET", "/api/scores/health", params={"group": "owner"})
        listed = who.json(
            "GET", "/api/records/account", params={"filter": "health_color != null", "limit": 200}
        )
        counts[who.me["username"]] = sum(found["now"].values())
        assert sum(found["now"].values()) == len(listed["items"])
        assert sum(sum(group["now"].values()) for group in found["groups"]) == len(listed["items"])
        assert found["compared"] is not None
    assert 0 < counts["rep"] < counts["csm"]


def test_an_account_says_how_it_stands_and_why(rep: Visitor, csm: Visitor) -> None:
    account = rep.first("account", filter="health_color != null", sort="health")
    found = rep.json("GET", f"/api/scores/health/records/{account['id']}")

    assert (found["value"], found["color"]) == (account["health"], account["health_color"])
    assert 1 <= len(found["reasons"]) <= 3
    assert all(
        set(reason["words"]) == {"zh", "en"} and "{" not in reason["words"]["zh"]
        for reason in found["reasons"]
    )
    assert len(found["signals"]) == 12
    assert found["trend"][-1]["value"] == found["value"]

    hidden = csm.json("GET", "/api/records/account", params={"filter": "health_color != null", "limit": 200})[
        "items"
    ]
    mine = {one["id"] for one in rep.json("GET", "/api/records/account", params={"limit": 200})["items"]}
    other = next(one["id"] for one in hidden if one["id"] not in mine)
    rep.json("GET", f"/api/scores/health/records/{other}", status=404)


def test_signals_from_what_a_role_does_not_see_are_left_out(site: Site) -> None:
    presales = site.log_in("presales")
    account = presales.first("account", filter="health_color != null")
    found = presales.json("GET", f"/api/scores/health/records/{account['id']}")

    told = {signal["metric"] for signal in found["signals"]}
    assert told.isdisjoint({"usage_trend", "complaint_rate", "overdue_days"})
    assert {reason["metric"] for reason in found["reasons"]} <= told


def test_only_who_publishes_may_try_and_change_the_numbers(rep: Visitor, sales_ops: Visitor) -> None:
    for path in ("preview", "publish"):
        body = {**DRAFT, "version": 1} if path == "publish" else DRAFT
        rep.json("POST", f"/api/scores/health/{path}", body, status=403)
    rep.json("GET", "/api/scores/health/definition", status=403)
    rep.json("POST", "/api/scores/health/recompute", {}, status=403)

    told = sales_ops.json("GET", "/api/scores/health/definition")
    assert len(told["signals"]) == 12
    found = sales_ops.json("POST", "/api/scores/health/preview", DRAFT)
    assert found["after"].get("red", 0) > found["before"].get("red", 0)
    assert sum(found["before"].values()) == sum(found["after"].values()) == found["records"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({"signals": [], "red": 1, "green": 2}, "signals"),
        ({"signals": {"touches_30d": {"weight": 1}}, "red": 1, "green": 2}, "signals.touches_30d"),
        ({"signals": {}, "red": "x", "green": 2}, "red"),
        ({"signals": {}, "green": 2}, "red"),
    ],
)
def test_says_what_is_wrong_with_a_draft(sales_ops: Visitor, body: dict[str, Any], path: str) -> None:
    problem = sales_ops.json("POST", "/api/scores/health/preview", body, status=422)
    assert problem["errors"][0]["path"] == path


def test_a_publication_is_told_and_undone(own_site: Site) -> None:
    sales_ops = own_site.log_in("sales_ops")
    before = sales_ops.json("GET", "/api/scores/health/definition")

    made = sales_ops.json(
        "POST", "/api/scores/health/publish", {**DRAFT, "version": before["version"], "note": "收紧"}
    )
    told = sales_ops.json("GET", "/api/scores/health/definition")
    assert (told["version"], told["red"], told["green"], told["behind"]) == (made["version"], 65, 80, True)
    assert told["versions"][0]["note"] == "收紧"

    back = {"to": before["version"], "version": made["version"]}
    sales_ops.json("POST", "/api/scores/health/restore", back)
    told = sales_ops.json("GET", "/api/scores/health/definition")
    assert (told["red"], told["green"], told["behind"]) == (before["red"], before["green"], False)


def test_metrics_are_listed_and_answered_within_reach(rep: Visitor, csm: Visitor) -> None:
    names = {metric["name"] for metric in rep.json("GET", "/api/metrics")["items"]}
    assert "touches_30d" in names
    few, many = (who.json("GET", "/api/metrics/touches_30d")["rows"][0]["value"] for who in (rep, csm))
    assert 0 < few < many
    rows = csm.json("GET", "/api/metrics/reply_rate", params={"period": "month", "since": "2020-01-01"})[
        "rows"
    ]
    assert len(rows) > 6 and all(0 <= row["value"] <= 1 for row in rows if row["value"] is not None)
    rep.json("GET", "/api/metrics/nothing", status=404)
    rep.json("GET", "/api/metrics/touches_30d", params={"since": "yesterday"}, status=422)
