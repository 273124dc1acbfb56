"""Notifications: paged, marked as read, and only of the kinds that a person wants."""

from tests.web.site import Json, Site, Visitor

SETTINGS = "/api/notifications/settings"


def kind_of(visitor: Visitor, name: str) -> Json:
    kinds: list[Json] = visitor.json("GET", SETTINGS)["items"]
    return next(kind for kind in kinds if kind["kind"] == name)


def texts(visitor: Visitor) -> list[str]:
    """What the newest notifications say."""
    items: list[Json] = visitor.json("GET", "/api/notifications")["items"]
    return [item["message"]["zh"] for item in items]


def mention(writer: Visitor, reader: Visitor, record: Json, text: str) -> None:
    """Name the reader in a comment on an opportunity."""
    writer.json(
        "POST",
        f"/api/records/opportunity/{record['id']}/comments",
        {"text": text, "mentions": [reader.me["id"]]},
        201,
    )


def test_every_kind_comes_with_its_name_and_how_it_reaches_one(rep: Visitor) -> None:
    assert kind_of(rep, "@mentioned") == {
        "kind": "@mentioned",
        "label": {"zh": "有人提到我", "en": "Somebody mentions me"},
        "urgent": True,
        "in_app": True,
        "toast": True,
        "chat": True,
        "digest": True,
    }
    assert kind_of(rep, "concern_raised")["toast"] is False
    assert rep.json("GET", SETTINGS)["quiet"] is None


def test_a_kind_that_is_switched_off_does_not_come(own_site: Site) -> None:
    rep, manager = own_site.log_in("rep"), own_site.log_in("manager")
    made = rep.json("POST", "/api/records/opportunity", {"name": "提及"}, 201)
    off = {"kinds": {"@mentioned": {"in_app": False, "toast": False}}}

    changed = rep.json("PATCH", SETTINGS, off)
    mention(manager, rep, made, "请看")
    silent = texts(rep)
    rep.json("PATCH", SETTINGS, {"kinds": {"@mentioned": {"in_app": True, "toast": False}}})
    mention(manager, rep, made, "请再看")

    assert next(kind for kind in changed["items"] if kind["kind"] == "@mentioned")["in_app"] is False
    assert [text for text in silent if "请看" in text] == []
    assert [text for text in texts(rep) if "请再看" in text] == [texts(rep)[0]]
    assert rep.json("GET", "/api/notifications")["items"][0]["kind"] == "@mentioned"


def test_quiet_hours_are_kept_and_taken_back(rep: Visitor) -> None:
    assert rep.json("PATCH", SETTINGS, {"quiet": {"from": 1320, "to": 480}})["quiet"] == {
        "from": 1320,
        "to": 480,
    }
    assert rep.json("PATCH", SETTINGS, {"quiet": None})["quiet"] is None


def test_the_digest_and_what_goes_into_it_are_chosen(rep: Visitor) -> None:
    daily = rep.json("PATCH", SETTINGS, {"digest": {"every": "daily", "minute": 510}})
    off = rep.json(
        "PATCH",
        SETTINGS,
        {"kinds": {"@moved": {"in_app": True, "toast": False, "chat": False, "digest": False}}},
    )
    kept = rep.json("PATCH", SETTINGS, {"kinds": {"@moved": {"in_app": True, "toast": True}}})
    none = rep.json("PATCH", SETTINGS, {"digest": None})

    assert (daily["digest"]["every"], daily["digest"]["minute"]) == ("daily", 510)
    assert daily["digest"]["next_at"].endswith("00:30:00+00:00")
    for answer in (off, kept):
        [moved] = [kind for kind in answer["items"] if kind["kind"] == "@moved"]
        assert (moved["chat"], moved["digest"]) == (False, False)
    assert none["digest"] is None
    assert (none["mail"], none["outlets"]) == (False, False)


def test_choices_that_mean_nothing_are_refused(rep: Visitor) -> None:
    for body in (
        {"kinds": {"nothing": {"in_app": True, "toast": True}}},
        {"kinds": {"@moved": {"in_app": True}}},
        {"kinds": {"@moved": {"in_app": 1, "toast": True}}},
        {"quiet": {"from": 0, "to": 1440}},
        {"quiet": {"from": True, "to": 1}},
        {"quiet": 7},
        {"digest": {"every": "hourly", "minute": 1}},
        {"digest": {"every": "weekly", "minute": 1, "weekday": 7}},
        {"digest": {"every": "daily"}},
    ):
        assert rep.json("PATCH", SETTINGS, body, 422)["code"] == "HTTP-422"
    assert kind_of(rep, "@moved")["in_app"] is True


def test_they_come_page_by_page_and_unread_alone(own_site: Site) -> None:
    rep, manager = own_site.log_in("rep"), own_site.log_in("manager")
    made = rep.json("POST", "/api/records/opportunity", {"name": "多条"}, 201)
    rep.json("POST", "/api/notifications/read", {"all": True}, 204)
    for number in range(3):
        mention(manager, rep, made, f"第 {number} 条")
    asked = {"limit": 2, "unread": "true"}
    first = rep.json("GET", "/api/notifications", params=asked)
    second = rep.json("GET", "/api/notifications", params={**asked, "cursor": first["next_cursor"]})
    rep.json("POST", "/api/notifications/read", {"ids": [first["items"][0]["id"]]}, 204)
    unread = rep.json("GET", "/api/notifications", params={"unread": "true"})

    assert (len(first["items"]), first["unread"]) == (2, 3)
    assert (len(second["items"]), second["next_cursor"]) == (1, None)
    assert [item["id"] for item in unread["items"]] == [first["items"][1]["id"], second["items"][0]["id"]]
    assert rep.json("GET", "/api/notifications", None, 422, params={"limit": 0})["code"] == "HTTP-422"
