"""Public pools over HTTP: what the demo company's reps see, claim and give back."""

from tests.web.site import Visitor


def test_a_rep_claims_gives_back_and_must_wait(rep: Visitor) -> None:
    [pool] = rep.json("GET", "/api/pools")["items"]
    assert (pool["can"], pool["quota"], pool["claimed_today"]) == ({"claim": True, "assign": False}, 40, 0)
    found = rep.json("GET", f"/api/pools/{pool['name']}")["items"]
    account = found[0]["id"]
    assert found[0]["phone"].count("*") >= 3
    assert "owner" not in found[0]
    assert rep.json("GET", f"/api/records/account/{account}", status=404)["code"] == "RECORD-001"

    done = rep.json("POST", f"/api/pools/{pool['name']}/claim", {"ids": [account]})
    assert done == {"done": 1, "refused": []}
    record = rep.json("GET", f"/api/records/account/{account}?expand=owner")
    assert (record["owner"]["id"], record["phone"].count("*")) == (rep.me["id"], 0)
    contacts = rep.json("GET", "/api/records/contact", params={"filter": f'account.id == "{account}"'})[
        "items"
    ]
    assert {contact["owner"] for contact in contacts} == {rep.me["id"]}
    again = rep.json("POST", f"/api/pools/{pool['name']}/claim", {"ids": [account]})
    assert [one["errors"][0]["code"] for one in again["refused"]] == ["POOL-002"]

    rep.json("POST", f"/api/records/account/{account}/release", {"note": "客户今年没有预算"})
    [back] = [one for one in rep.json("GET", f"/api/pools/{pool['name']}")["items"] if one["id"] == account]
    assert (back["pool"]["note"], back["pool"]["claimable_at"] is not None) == ("客户今年没有预算", True)
    refused = rep.json("POST", f"/api/pools/{pool['name']}/claim", {"ids": [account]})["refused"]
    assert refused[0]["errors"][0]["code"] == "POOL-005"


def test_a_manager_assigns_many(manager: Visitor, rep: Visitor) -> None:
    [pool] = manager.json("GET", "/api/pools")["items"]
    ids = [
        one["id"]
        for one in manager.json("GET", f"/api/pools/{pool['name']}?limit=2&sort=-employees")["items"]
    ]
    done = manager.json("POST", f"/api/pools/{pool['name']}/claim", {"ids": ids, "person": rep.me["id"]})
    assert done["done"] == len(ids)
    back = rep.json("POST", f"/api/pools/{pool['name']}/release", {"ids": ids, "note": "x"})
    assert back["done"] == len(ids)


def test_those_without_a_part_in_it_find_no_pool(admin: Visitor, manager: Visitor) -> None:
    assert admin.json("GET", "/api/pools/odd", status=404)["code"] == "POOL-001"
    assert manager.json("GET", "/api/pools/account_pool?sort=phone", status=422)["code"] == "VALUE-003"
    assert manager.json("GET", "/api/catalog")["pools"][0]["object"] == "account"


def test_the_home_says_what_is_about_to_fall(rep: Visitor) -> None:
    panel = rep.json("GET", "/api/home?panels=falling")["panels"]["falling"]
    assert panel["count"] == len(panel["items"]) or panel["count"] > 5
