"""Hand-overs over HTTP: what is asked of mail accounts is read strictly, and nothing starts that isn't clear."""

from tests.web.site import Visitor

ACCOUNT = "00000000-0000-7000-8000-000000000007"


def test_a_mail_account_goes_to_one_person_or_is_closed(manager: Visitor, rep: Visitor) -> None:
    path, me = f"/api/users/{rep.me['id']}/handover", manager.me["id"]
    held = manager.json("GET", f"/api/users/{rep.me['id']}/holdings")
    assert [account["address"] for account in held["mail"]] == ["rep@chengdan.example"]
    for rule in ({}, {"close": False}, {"to": "x"}, {"to": me, "close": True}, {"to": [me]}, "close"):
        refused = manager.json("POST", path, {"rest": [me], "mail": {ACCOUNT: rule}}, 422)
        assert refused["errors"][0]["path"] == f"mail.{ACCOUNT}"
    unknown = manager.json("POST", path, {"rest": [me], "mail": {ACCOUNT: {"close": True}}}, 404)
    assert unknown["errors"][0]["path"] == f"mail.{ACCOUNT}"
    assert manager.json("GET", "/api/handovers")["items"] == []
