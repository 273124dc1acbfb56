"""Conflicts over HTTP: the demo company has some, shown to those concerned, settled by those who may."""

from tests.web.site import Site, Visitor


def test_the_demo_company_has_one_of_each_kind(admin: Visitor) -> None:
    found = admin.json("GET", "/api/conflicts")
    assert {item["kind"] for item in found["items"]} == {"people", "twins", "files"}
    assert {item["conflict"] for item in found["items"]} >= {
        "account_contested",
        "account_twice",
        "contact_twice",
    }
    assert found["counts"]["open"] == len(found["items"])


def test_a_record_shows_its_conflict_and_sharing_settles_it(
    site: Site, rep: Visitor, manager: Visitor
) -> None:
    contested = manager.json("GET", "/api/conflicts?name=account_contested")["items"][0]
    path = f"/api/records/account/{contested['record']['id']}/conflicts"
    shown = next(one for one in rep.json("GET", path)["items"] if one["id"] == contested["id"])
    assert (shown["id"], [person["id"] for person in shown["people"]].count(rep.me["id"])) == (
        contested["id"],
        1,
    )
    rep.json("POST", f"{path}/{shown['id']}", {"how": "share"})
    assert shown["id"] not in [one["id"] for one in rep.json("GET", path)["items"]]
    settled = manager.json("GET", "/api/conflicts?state=resolved")["items"]
    assert [(one["how"], one["settled_by"]["id"]) for one in settled if one["id"] == shown["id"]] == [
        ("share", rep.me["id"])
    ]


def test_what_is_asked_wrongly_is_refused(rep: Visitor, manager: Visitor) -> None:
    assert rep.json("GET", "/api/conflicts", status=403)["code"] == "ACCESS-002"
    assert manager.json("GET", "/api/conflicts?state=odd", status=422)["code"] == "QUERY-002"
    account = rep.first("account", filter="owner == me")
    path = f"/api/records/account/{account['id']}/conflicts"
    assert rep.json("POST", f"{path}/nonsense", {"how": "share"}, status=404)["code"] == "RECORD-001"
    assert rep.json("POST", f"{path}/{account['id']}", {"how": "share"}, status=404)["code"] == "RECORD-001"


def test_a_form_asks_what_may_exist(rep: Visitor) -> None:
    account = rep.first("account", filter="owner == me", sort="created_at")
    found = rep.json("POST", "/api/records/account/duplicates", {"values": {"name": account["name"]}})[
        "items"
    ]
    assert (found[0]["id"], found[0]["exact"]) == (account["id"], True)
    assert rep.json("POST", "/api/records/account/duplicates", {"values": {"name": 5}})["items"] == []
