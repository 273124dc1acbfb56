"""Outlets over HTTP: for those who may set them up; secrets go in and never come out."""

from collections.abc import Iterator

import pytest

from chengdan.base.config import Config
from chengdan.run.outgoing import courier
from chengdan.run.outgoing.passing_on import pass_on
from tests.databases import Databases
from tests.run.outgoing.vendor import CHECKS, Vendor, vendor
from tests.web.site import Json, Site, Visitor, open_site

PATH = "/api/outlets"
LOG = "/api/deliveries"


@pytest.fixture(scope="module")
def site(
    databases: Databases, company_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    home = tmp_path_factory.mktemp("outlets")
    config = Config(home=home, outgoing_allow="127.0.0.1", public_url="https://crm.example.com")
    with databases.fresh(company_database) as url, open_site(url, config) as site:
        yield site


@pytest.fixture
def robot() -> Iterator[Vendor]:
    with vendor(CHECKS["dingtalk"][0]) as robot:
        yield robot


def body(robot: Vendor, **more: object) -> Json:
    address = robot.url + CHECKS["dingtalk"][1]
    return {"name": "华东销售群", "kind": "dingtalk", "address": address, "secret": "SEC1", **more}


def test_an_outlet_is_made_changed_tried_and_taken_away(admin: Visitor, robot: Vendor) -> None:
    made = admin.json("POST", PATH, body(robot, roles=["rep"], kinds=["@mentioned"]), 201)
    tried = admin.json("POST", f"{PATH}/{made['id']}/test")
    changed = admin.json(
        "PATCH", f"{PATH}/{made['id']}", {"version": 1, "name": "华南销售群", "active": False}
    )
    stale = admin.json("PATCH", f"{PATH}/{made['id']}", {"version": 1, "name": "x"}, 409)
    log = admin.json("GET", LOG, params={"outlet": made["id"]})["items"]
    admin.json("DELETE", f"{PATH}/{made['id']}", None, 204)
    left = admin.json("GET", PATH)

    assert tried == {"arrived": True, "answer": "ok"}
    assert "测试消息" in str(robot.said) and "https://crm.example.com/" in str(robot.said)
    assert (changed["version"], changed["name"], changed["active"]) == (2, "华南销售群", False)
    assert (changed["roles"], changed["kinds"], changed["has_secret"]) == (["rep"], ["@mentioned"], True)
    assert stale["code"] == "STALE-001"
    assert [(one["kind"], one["state"], one["label"]["zh"]) for one in log] == [("@test", "sent", "测试消息")]
    assert made["id"] not in [one["id"] for one in left["items"]]
    assert [kind["name"] for kind in left["kinds"]] == ["wecom", "dingtalk", "feishu", "webhook"]
    assert left["links"] is True
    events = admin.json("GET", "/api/events", params={"kind": "outlet.changed"})["items"]
    assert [event["data"]["act"] for event in events[:3]] == ["removed", "changed", "made"]
    assert events[1]["data"]["changed"] == ["name", "active"]


def test_secrets_never_come_out_again(admin: Visitor, robot: Vendor, site: Site) -> None:
    made = admin.json("POST", PATH, body(robot), 201)
    told = [admin.get(PATH).text, admin.get(LOG).text, admin.get("/api/events").text, str(made)]
    with site.runtime.pool.connection() as connection:
        kept = connection.execute(
            "SELECT address, secret FROM chengdan.outlet WHERE id = %s", (made["id"],)
        ).fetchone()

    assert [text for text in told if "access_token=good" in text or "SEC1" in text] == []
    assert kept is not None and b"access_token" not in kept[0] and b"SEC1" not in kept[1]
    assert made["host"] == "127.0.0.1"


def test_a_webhook_gets_a_secret_that_is_shown_once(admin: Visitor, robot: Vendor) -> None:
    wanted = {"name": "数据平台", "kind": "webhook", "address": robot.url + "/hook"}
    made = admin.json("POST", PATH, wanted, 201)
    changed = admin.json("PATCH", f"{PATH}/{made['id']}", {"version": 1, "name": "数据中台"})

    assert made["secret"].startswith("whsec_")
    assert "secret" not in changed


def test_it_is_for_those_who_have_the_permission(rep: Visitor, robot: Vendor) -> None:
    nowhere = "00000000-0000-0000-0000-000000000000"
    for method, path, sent in (
        ("GET", PATH, None),
        ("POST", PATH, body(robot)),
        ("PATCH", f"{PATH}/{nowhere}", {"version": 1}),
        ("DELETE", f"{PATH}/{nowhere}", None),
        ("POST", f"{PATH}/{nowhere}/test", {}),
        ("GET", LOG, None),
        ("POST", f"{LOG}/resend", {"ids": []}),
    ):
        assert rep.json(method, path, sent, 403)["code"] == "ACCESS-002", (method, path)


@pytest.mark.parametrize(
    ("change", "code", "path"),
    [
        ({"address": "https://10.0.0.1/x"}, "OUTLET-001", "address"),
        ({"address": "http://example.com/x"}, "OUTLET-001", "address"),
        ({"address": ""}, "OUTLET-003", "address"),
        ({"name": " "}, "OUTLET-003", "name"),
        ({"kind": "slack"}, "OUTLET-003", "kind"),
        ({"locale": "fr"}, "OUTLET-003", "locale"),
        ({"kind": "wecom"}, "OUTLET-003", "secret"),
        ({"kind": "webhook", "secret": "whsec_short"}, "OUTLET-003", "secret"),
        ({"kinds": ["nothing"]}, "OUTLET-003", "kinds"),
        ({"roles": ["nobody"]}, "OUTLET-003", "roles"),
        ({"teams": ["x"]}, "HTTP-422", "teams"),
        ({"colour": "red"}, "HTTP-422", "colour"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(
    admin: Visitor, robot: Vendor, change: Json, code: str, path: str
) -> None:
    before = admin.json("GET", PATH)["items"]
    refusal = admin.json("POST", PATH, body(robot, **change), 422)

    assert (refusal["errors"][0]["code"], refusal["errors"][0]["path"]) == (code, path)
    assert admin.json("GET", PATH)["items"] == before


def test_a_test_that_fails_says_what_the_vendor_answered(admin: Visitor, robot: Vendor) -> None:
    made = admin.json("POST", PATH, body(robot, secret="SEC2"), 201)
    tried = admin.json("POST", f"{PATH}/{made['id']}/test")
    again = admin.json("POST", f"{PATH}/{made['id']}/test")

    assert tried == again == {"arrived": False, "answer": "errcode 310000: sign not match"}


def test_what_was_given_up_is_sent_again(admin: Visitor, rep: Visitor, robot: Vendor, site: Site) -> None:
    pass_on(site.runtime)
    made = admin.json("POST", PATH, body(robot, people=[rep.me["id"]], kinds=["@mentioned"]), 201)
    opportunity = rep.json("POST", "/api/records/opportunity", {"name": "提及"}, 201)
    comment = {"text": "请看报价", "mentions": [rep.me["id"]]}
    admin.json("POST", f"/api/records/opportunity/{opportunity['id']}/comments", comment, 201)
    pass_on(site.runtime)
    with site.runtime.pool.connection() as connection:
        connection.execute("UPDATE chengdan.delivery SET state = 'dead' WHERE outlet = %s", (made["id"],))
    [dead] = admin.json("GET", LOG, params={"outlet": made["id"], "state": "dead"})["items"]
    count = admin.json("POST", f"{LOG}/resend", {"ids": [dead["id"]]})["count"]
    while courier.send_next(site.runtime):
        pass
    [sent] = admin.json("GET", LOG, params={"outlet": made["id"]})["items"]

    assert count == 1
    assert dead["people"] == [rep.me["name"]]
    assert (sent["state"], sent["message"]["zh"]) == ("sent", dead["message"]["zh"])
    assert f"/records/opportunity/{opportunity['id']}" in str(robot.said)


def test_what_was_given_up_with_its_outlet_stays_so(admin: Visitor, robot: Vendor, site: Site) -> None:
    made = admin.json("POST", PATH, body(robot, secret="SEC2"), 201)
    admin.json("POST", f"{PATH}/{made['id']}/test")
    admin.json("DELETE", f"{PATH}/{made['id']}", None, 204)
    [dead] = admin.json("GET", LOG, params={"outlet": made["id"]})["items"]

    assert (dead["state"], dead["outlet"]["label"]) == ("dead", None)
    assert admin.json("POST", f"{LOG}/resend", {"ids": [dead["id"]]})["count"] == 0


def test_the_log_comes_page_by_page(admin: Visitor, robot: Vendor, site: Site) -> None:
    made = admin.json("POST", PATH, body(robot), 201)
    with site.runtime.pool.connection() as connection:
        connection.execute(
            "INSERT INTO chengdan.delivery (id, outlet, kind, subject, zh, en, urgent, people, at, due_at, state) "
            "SELECT gen_random_uuid(), %s, '@moved', n::text, n::text, n::text, false, '{}', now(), now(), 'sent' "
            "FROM generate_series(1, 5) n",
            (made["id"],),
        )
    asked = {"outlet": made["id"], "limit": 3}
    first = admin.json("GET", LOG, params=asked)
    second = admin.json("GET", LOG, params={**asked, "cursor": first["next_cursor"]})

    assert (len(first["items"]), len(second["items"]), second["next_cursor"]) == (3, 2, None)
    assert admin.json("GET", LOG, None, 422, params={"limit": 0})["code"] == "HTTP-422"
    assert admin.json("GET", LOG, None, 422, params={"state": "lost"})["code"] == "HTTP-422"
    assert admin.json("GET", LOG, params={"outlet": "email"})["items"] == []
