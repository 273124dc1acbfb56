"""The calendar feed: a secret that opens one person's calendar, as far as that person may see, until it is revoked."""

from datetime import UTC, datetime, timedelta

import httpx

from tests.web.site import Json, Site, Visitor

FEED = "/api/calendar/feed"


def today(days: int = 0) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def made(visitor: Visitor, **body: str) -> Json:
    answer: Json = visitor.json("POST", FEED, body, 201)
    return answer


def read(site: Site, token: str) -> httpx.Response:
    return site.stranger().get("/api/calendar.ics", params={"token": token})


def lines(site: Site, token: str) -> list[str]:
    answer = read(site, token)
    assert answer.status_code == 200, answer.text
    return answer.text.replace("\r\n ", "").split("\r\n")


def test_a_program_reads_one_s_own_plans_without_a_session(site: Site, rep: Visitor) -> None:
    task = rep.json("POST", "/api/records/task", {"subject": "寄样品；给陈总, 2 份", "due_on": today(3)}, 201)
    call = rep.json(
        "POST",
        "/api/records/activity",
        {"subject": "方案讲解", "kind": "demo", "at": f"{today(4)}T02:00:00Z", "minutes": 45},
        201,
    )
    feed = made(rep)
    answer = read(site, feed["token"])
    found = lines(site, feed["token"])

    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert feed["url"].endswith(f"/api/calendar.ics?token={feed['token']}")
    assert f"UID:{task['id']}.task_calendar@chengdan" in found
    assert "SUMMARY:寄样品；给陈总\\, 2 份" in found
    day = today(3).replace("-", "")
    assert f"DTSTART;VALUE=DATE:{day}" in found
    start = found.index(f"UID:{call['id']}.activity_calendar@chengdan")
    assert f"DTSTART:{today(4).replace('-', '')}T020000Z" in found[start : start + 5]
    assert f"DTEND:{today(4).replace('-', '')}T024500Z" in found[start : start + 6]
    assert any(line.endswith(f"/records/task/{task['id']}") for line in found if line.startswith("URL:"))


def test_it_tells_neither_of_what_is_far_off_nor_of_what_is_not_one_s_own(
    site: Site, rep: Visitor, manager: Visitor
) -> None:
    far = [
        rep.json("POST", "/api/records/task", {"subject": "很远", "due_on": today(days)}, 201)["id"]
        for days in (-40, 400)
    ]
    theirs = manager.json("POST", "/api/records/task", {"subject": "经理的事", "due_on": today(1)}, 201)["id"]
    own = "\n".join(lines(site, made(rep)["token"]))
    seen = "\n".join(lines(site, made(manager, whose="all")["token"]))

    assert not any(id in own for id in (*far, theirs))
    assert theirs in seen


def test_all_is_what_the_viewer_may_see(site: Site, rep: Visitor, admin: Visitor) -> None:
    visible = {
        record["id"]
        for record in rep.json(
            "GET", "/api/records/opportunity", params={"view": "opportunity_calendar", "limit": 200}
        )["items"]
    }
    every = lines(site, made(admin, whose="all")["token"])
    seen = lines(site, made(rep, whose="all")["token"])
    told = {
        line.removeprefix("UID:").partition(".")[0]
        for line in seen
        if line.endswith(".opportunity_calendar@chengdan")
    }

    assert told
    assert told <= visible
    assert len(every) > len(seen)


def test_a_new_secret_takes_the_place_of_the_old_and_a_revoked_one_opens_nothing(
    site: Site, rep: Visitor
) -> None:
    old, new = made(rep)["token"], made(rep)["token"]
    about = rep.json("GET", FEED)["feed"]

    assert about.keys() == {"whose", "created_at", "read_at"}
    assert (about["whose"], about["read_at"]) == ("mine", None)
    assert (read(site, old).status_code, read(site, new).status_code) == (404, 200)
    assert rep.json("GET", FEED)["feed"]["read_at"] is not None

    rep.json("DELETE", FEED, status=204)
    assert read(site, new).status_code == 404
    assert rep.json("GET", FEED) == {"feed": None}
    rep.json("DELETE", FEED, status=404)


def test_what_opens_nothing_is_not_found(site: Site, rep: Visitor) -> None:
    made(rep)
    for token in ("", "x", "cdf_" + "x" * 43, "%ff", "x" * 5_000):
        assert read(site, token).status_code == 404


def test_only_a_hash_of_the_secret_is_kept(site: Site, rep: Visitor) -> None:
    token = made(rep)["token"]
    with site.runtime.pool.connection() as connection:
        rows = connection.execute("SELECT row_to_json(f)::text FROM chengdan.calendar_feed f").fetchall()
        events = connection.execute(
            "SELECT data::text FROM chengdan.event WHERE kind = 'token.created'"
        ).fetchall()

    assert rows
    assert not any(token in text for (text,) in [*rows, *events])


def test_an_api_token_can_t_make_a_feed(site: Site, rep: Visitor) -> None:
    token = rep.json("POST", "/api/tokens", {"name": "报表"}, 201)["token"]
    program = site.stranger(Authorization=f"Bearer {token}")

    assert program.post(FEED, json={}).json()["code"] == "AUTH-007"
    assert program.get(FEED).status_code == 200
    assert rep.post(FEED, json={"whose": "everybody"}).status_code == 422
