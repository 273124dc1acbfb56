"""Log-in, sessions, tokens and what protects them."""

from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest

from chengdan.base.config import Config
from chengdan.cli.demo import PASSWORD
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import ATTEMPTS_PER_USERNAME, Doorman, TooManyAttempts, WrongPassword
from tests.web.site import Site, Visitor

NEW = "a-better-password"


def post_login(site: Site, username: str, password: str) -> httpx.Response:
    return site.stranger().post("/api/auth/login", json={"username": username, "password": password})


def test_log_in_answers_with_the_person_and_sets_a_cookie_that_scripts_cannot_read(site: Site) -> None:
    answer = post_login(site, "rep", PASSWORD)

    cookie = SimpleCookie(answer.headers["set-cookie"])["chengdan_session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["path"]) == (True, "lax", "/")
    user = answer.json()["user"]
    assert user.keys() == {"id", "name", "username", "roles", "team", "locale", "time_zone"}
    assert (user["username"], user["roles"], user["locale"]) == ("rep", ["rep"], "zh-CN")


def test_a_wrong_password_and_an_unknown_user_are_told_alike(site: Site) -> None:
    wrong, unknown = post_login(site, "legal", "nope"), post_login(site, "nobody", "nope")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() == unknown.json()
    assert wrong.json()["code"] == "AUTH-002"


def test_who_has_left_cannot_log_in_and_loses_the_session(own_site: Site) -> None:
    admin, csm = own_site.log_in("admin"), own_site.log_in("csm")
    record = admin.json("GET", f"/api/records/user/{csm.me['id']}")
    admin.json("PATCH", f"/api/records/user/{csm.me['id']}", {"version": record["version"], "active": False})

    assert post_login(own_site, "csm", PASSWORD).status_code == 401
    assert eventually(lambda: csm.get("/api/me").status_code == 401)


def eventually(holds: "object") -> bool:
    """Whether it holds within a few seconds: other processes hear of changes by a notification."""
    deadline = datetime.now(UTC) + timedelta(seconds=10)
    while datetime.now(UTC) < deadline:
        if holds():  # type: ignore[operator]
            return True
    return False


def test_a_changed_role_counts_at_once(own_site: Site) -> None:
    admin, rep = own_site.log_in("admin"), own_site.log_in("rep")
    assert rep.json("GET", "/api/me")["permissions"] == ["share"]
    record = admin.json("GET", f"/api/records/user/{rep.me['id']}")
    admin.json(
        "PATCH", f"/api/records/user/{rep.me['id']}", {"version": record["version"], "roles": ["manager"]}
    )

    assert eventually(lambda: "bulk" in rep.json("GET", "/api/me")["permissions"])


def test_logging_out_ends_the_session(site: Site) -> None:
    visitor = site.log_in("finance")
    assert visitor.post("/api/auth/logout", json={}).status_code == 204

    token = visitor.cookies.get("chengdan_session")
    assert token is None
    assert visitor.get("/api/me").status_code == 401


def test_logging_out_twice_is_no_error(site: Site) -> None:
    assert site.stranger().post("/api/auth/logout", json={}).status_code == 204


def test_writing_with_the_cookie_alone_is_refused(site: Site) -> None:
    visitor = site.log_in("rep")
    del visitor.headers["X-CSRF-Token"]

    assert visitor.json("POST", "/api/records/task", {"subject": "x"}, 403)["code"] == "AUTH-004"
    visitor.headers["X-CSRF-Token"] = "0" * 64
    assert visitor.json("POST", "/api/records/task", {"subject": "x"}, 403)["code"] == "AUTH-004"


def test_another_sites_page_may_not_write_not_even_log_in(site: Site) -> None:
    answer = site.stranger(**{"Sec-Fetch-Site": "cross-site"}).post(
        "/api/auth/login", json={"username": "rep", "password": PASSWORD}
    )

    assert (answer.status_code, answer.json()["code"]) == (403, "AUTH-010")


def test_too_many_failures_shut_a_username_for_a_while_in_every_process(
    own_site: Site, tmp_path: Path
) -> None:
    with Runtime.over(own_site.runtime.url, Config(home=tmp_path)) as other:
        doormen = (Doorman(own_site.runtime), Doorman(other))
        for attempt in range(ATTEMPTS_PER_USERNAME):
            with pytest.raises(WrongPassword):
                doormen[attempt % 2].log_in("legal", "nope", f"10.0.0.{attempt}")
        for doorman in doormen:
            with pytest.raises(TooManyAttempts):
                doorman.log_in("legal", PASSWORD, "10.0.0.99")

    refused = post_login(own_site, "legal", PASSWORD)
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "900")
    assert post_login(own_site, "rep", PASSWORD).status_code == 200


def test_a_success_forgives_the_failures_before_it(own_site: Site) -> None:
    for _ in range(ATTEMPTS_PER_USERNAME - 1):
        assert post_login(own_site, "rep", "nope").status_code == 401
    assert post_login(own_site, "rep", PASSWORD).status_code == 200
    assert post_login(own_site, "rep", "nope").status_code == 401


def test_a_log_in_leaves_an_event(own_site: Site) -> None:
    visitor = own_site.log_in("rep")

    with own_site.runtime.pool.connection() as connection:
        found = connection.execute(
            "SELECT actor::text, record_id::text FROM chengdan.event WHERE kind = 'session.opened'"
        ).fetchall()
    assert found == [(visitor.me["id"], visitor.me["id"])]


def test_no_token_and_no_password_is_kept(own_site: Site) -> None:
    visitor = own_site.log_in("rep")
    token = visitor.cookies["chengdan_session"].encode()

    with own_site.runtime.pool.connection() as connection:
        kept = connection.execute("SELECT token_hash FROM chengdan.session").fetchall()
        hashes = connection.execute("SELECT hash FROM chengdan.credential").fetchall()
    assert token not in b"".join(bytes(hash) for (hash,) in kept)
    assert all(hash.startswith("$argon2id$") for (hash,) in hashes)


def test_a_new_password_ends_the_other_sessions(own_site: Site) -> None:
    here, elsewhere = own_site.log_in("rep"), own_site.log_in("rep")
    assert here.json("POST", "/api/auth/password", {"old": "nope", "new": NEW}, 422)["code"] == "AUTH-008"
    assert (
        here.json("POST", "/api/auth/password", {"old": PASSWORD, "new": "short"}, 422)["code"] == "AUTH-005"
    )
    here.json("POST", "/api/auth/password", {"old": PASSWORD, "new": NEW}, 204)

    assert here.get("/api/me").status_code == 200
    assert elsewhere.get("/api/me").status_code == 401
    assert post_login(own_site, "rep", PASSWORD).status_code == 401
    assert post_login(own_site, "rep", NEW).status_code == 200


def test_the_language_is_everybodys_own_to_change(own_site: Site) -> None:
    visitor = own_site.log_in("rep")

    assert visitor.json("PATCH", "/api/me", {"locale": "en"})["user"]["locale"] == "en"
    assert (
        visitor.json("GET", "/api/records/nothing", status=404)["detail"] == "There is no object `nothing`."
    )
    assert visitor.json("PATCH", "/api/me", {"locale": "fr"}, 422)["code"] == "VALUE-001"


def with_token(site: Site, owner: Visitor, **body: object) -> tuple[str, Visitor]:
    made = owner.json("POST", "/api/tokens", {"name": "test", **body}, 201)
    assert made["token"].startswith("cdt_")
    return made["id"], site.stranger(Authorization=f"Bearer {made['token']}")


def test_a_token_acts_as_its_owner_without_cookie_or_csrf_token(site: Site, rep: Visitor) -> None:
    _, program = with_token(site, rep)

    made = program.json("POST", "/api/records/task", {"subject": "由程序创建", "due_on": "2030-01-01"}, 201)
    assert made["owner"] == rep.me["id"]
    events = rep.json("GET", f"/api/records/task/{made['id']}/timeline")["items"]
    assert [event["cause"] for event in events if event["kind"] == "record.created"] == ["api"]


def test_a_token_that_may_only_read_may_not_write(site: Site, rep: Visitor) -> None:
    _, program = with_token(site, rep, scopes=["read"])

    assert program.get("/api/records/opportunity").status_code == 200
    assert program.post("/api/records/opportunity/aggregate", json={}).status_code == 200
    assert program.json("POST", "/api/records/task", {"subject": "x"}, 403)["code"] == "AUTH-006"


def test_a_revoked_token_is_nothing(site: Site, rep: Visitor) -> None:
    id, program = with_token(site, rep)
    assert program.get("/api/me").status_code == 200
    rep.json("DELETE", f"/api/tokens/{id}", status=204)

    assert program.get("/api/me").status_code == 401
    assert rep.json("DELETE", f"/api/tokens/{id}", status=404)["code"] == "RECORD-001"


def test_a_token_ends_when_it_says(site: Site, rep: Visitor) -> None:
    _, program = with_token(site, rep, expires_at="2020-01-01T00:00:00+00:00")

    assert program.get("/api/me").status_code == 401


def test_tokens_are_listed_without_their_text(site: Site, rep: Visitor) -> None:
    id, program = with_token(site, rep)
    program.get("/api/me")

    listed = next(token for token in rep.json("GET", "/api/tokens")["items"] if token["id"] == id)
    assert listed.keys() == {"id", "name", "scopes", "created_at", "expires_at", "last_used_at"}
    assert listed["last_used_at"] is not None


def test_a_token_cannot_make_tokens_or_change_the_password(site: Site, rep: Visitor) -> None:
    _, program = with_token(site, rep)

    assert program.json("POST", "/api/tokens", {"name": "more"}, 403)["code"] == "AUTH-007"
    assert (
        program.json("POST", "/api/auth/password", {"old": PASSWORD, "new": NEW}, 403)["code"] == "AUTH-007"
    )


def test_nobodys_token_can_be_revoked_by_another(site: Site, rep: Visitor, admin: Visitor) -> None:
    id, program = with_token(site, rep)

    assert admin.delete(f"/api/tokens/{id}").status_code == 404
    assert program.get("/api/me").status_code == 200


@pytest.mark.parametrize("header", ["Bearer", "Bearer nothing", "Basic cmVwOng=", "Bearer cdt_nothing"])
def test_an_authorization_that_is_none_is_refused(site: Site, header: str) -> None:
    assert site.stranger(Authorization=header).get("/api/me").status_code == 401


def test_sessions_are_listed_and_ended_one_by_one(own_site: Site) -> None:
    here, there = own_site.log_in("rep"), own_site.log_in("rep")
    listed = here.json("GET", "/api/sessions")["items"]
    other = next(session for session in listed if not session["current"])

    assert len(listed) == 2
    assert other["agent"].startswith("python-httpx/")
    assert (
        own_site.log_in("manager").json("DELETE", f"/api/sessions/{other['id']}", None, 404)["status"] == 404
    )
    here.json("DELETE", f"/api/sessions/{other['id']}", None, 204)
    assert there.json("GET", "/api/me", None, 401)["code"] == "AUTH-001"
    assert [session["current"] for session in here.json("GET", "/api/sessions")["items"]] == [True]
