"""People are let in by a link that works once, and logged out everywhere."""

from datetime import timedelta
from typing import Any

import pytest

from chengdan.base.ids import new_id
from tests.web.site import Json, Site, Visitor

PASSWORD = "自己选的密码 2026"


@pytest.fixture
def newcomer(site: Site, admin: Visitor) -> Json:
    made: Json = admin.json(
        "POST", "/api/records/user", {"username": new_id().hex, "name": "新人", "roles": ["rep"]}, 201
    )
    return made


def link(admin: Visitor, user: Json) -> Any:
    return admin.json("POST", f"/api/people/{user['id']}/log-in/link", {}, 201)["token"]


def state(admin: Visitor, user: Json) -> Any:
    return admin.json("GET", f"/api/people/{user['id']}/log-in")


def kinds(admin: Visitor, user: Json) -> list[str]:
    found = admin.json("GET", "/api/events", params={"record": user["id"]})["items"]
    return [event["kind"] for event in reversed(found)]


def test_a_newcomer_sets_a_password_by_a_link_that_works_once(
    site: Site, admin: Visitor, newcomer: Json
) -> None:
    assert (state(admin, newcomer)["password_at"], state(admin, newcomer)["link_until"]) == (None, None)
    token = link(admin, newcomer)
    stranger = site.stranger()
    assert stranger.json("POST", "/api/auth/link", {"token": token})["name"] == "新人"
    weak = stranger.json("POST", "/api/auth/link/password", {"token": token, "password": "short"}, 422)
    assert weak["code"] == "AUTH-005"

    stranger.json("POST", "/api/auth/link/password", {"token": token, "password": PASSWORD}, 204)
    assert site.log_in(newcomer["username"], PASSWORD).me["name"] == "新人"
    for path, body in (("", {}), ("/password", {"password": PASSWORD})):
        used = stranger.json("POST", f"/api/auth/link{path}", {"token": token, **body}, 404)
        assert used["code"] == "AUTH-012"
    now = state(admin, newcomer)
    assert (now["active"], now["sessions"], now["link_until"]) == (True, 1, None)
    assert now["password_at"] is not None
    assert kinds(admin, newcomer) == ["record.created", "password.linked", "password.set", "session.opened"]


def test_a_newer_link_ends_the_older_one_and_time_ends_both(
    own_site: Site,
) -> None:
    admin = own_site.log_in("admin")
    user = admin.first("user", filter='username == "rep"')
    old, new = link(admin, user), link(admin, user)
    stranger = own_site.stranger()
    assert stranger.json("POST", "/api/auth/link", {"token": old}, 404)["code"] == "AUTH-012"
    assert stranger.json("POST", "/api/auth/link", {"token": new})["name"] == user["name"]
    with own_site.runtime.pool.connection() as connection:
        connection.execute(
            "UPDATE chengdan.password_link SET expires_at = expires_at - %s", (timedelta(days=4),)
        )
    assert stranger.json("POST", "/api/auth/link", {"token": new}, 404)["code"] == "AUTH-012"


def test_setting_a_password_or_ending_sessions_logs_out_everywhere(own_site: Site) -> None:
    admin, rep = own_site.log_in("admin"), own_site.log_in("rep")
    user = admin.first("user", filter='username == "rep"')
    assert admin.json("DELETE", f"/api/people/{user['id']}/log-in/sessions") == {"ended": 1}
    assert rep.json("GET", "/api/me", status=401)["code"] == "AUTH-001"

    rep = own_site.log_in("rep")
    own_site.stranger().json(
        "POST", "/api/auth/link/password", {"token": link(admin, user), "password": PASSWORD}, 204
    )
    assert rep.json("GET", "/api/me", status=401)["code"] == "AUTH-001"
    assert own_site.log_in("rep", PASSWORD).me["username"] == "rep"


def test_who_is_not_active_gets_no_link_and_can_use_none(site: Site, admin: Visitor, newcomer: Json) -> None:
    token = link(admin, newcomer)
    admin.json("PATCH", f"/api/records/user/{newcomer['id']}", {"version": 1, "active": False})
    assert site.stranger().json("POST", "/api/auth/link", {"token": token}, 404)["code"] == "AUTH-012"
    refused = admin.json("POST", f"/api/people/{newcomer['id']}/log-in/link", {}, 409)
    assert refused["code"] == "AUTH-011"
    assert state(admin, newcomer)["active"] is False


def test_it_is_for_those_who_manage_users_at_the_page(
    site: Site, rep: Visitor, admin: Visitor, newcomer: Json
) -> None:
    path = f"/api/people/{newcomer['id']}/log-in"
    for method, ending in (("GET", ""), ("POST", "/link"), ("DELETE", "/sessions")):
        body: Json | None = {} if method == "POST" else None
        assert rep.json(method, path + ending, body, 403)["code"] == "ACCESS-002"
        none = f"/api/people/{new_id()}/log-in{ending}"
        assert admin.json(method, none, body, 404)["code"] == "RECORD-001"
    token = admin.json("POST", "/api/tokens", {"name": "script"}, 201)["token"]
    script = site.stranger(authorization=f"Bearer {token}")
    assert script.json("POST", f"{path}/link", {}, 403)["code"] == "AUTH-007"
    assert script.json("DELETE", f"{path}/sessions", status=403)["code"] == "AUTH-007"
