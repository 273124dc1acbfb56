"""Saved views: each one's own, shared with a team or with everyone, checked when kept and when read."""

from typing import Any
from uuid import uuid4

import pytest

from tests.web.site import Json, Site, Visitor

VIEWS = "/api/views"
EMPTY = {
    **dict.fromkeys(("board_field", "start_field", "end_field", "duration_field", "done_field"), ""),
    "limits": {},
    "strict_limits": False,
}
LOOK = {
    "kind": "list",
    "filter": 'owner == me and stage not in ["won", "lost"]',
    "sort": "-amount,name",
    "columns": ["name", "amount", "account", "close_on"],
    "group_by": "stage",
    "density": "compact",
    "widths": {"amount": 160},
}


def save(visitor: Visitor, status: int = 201, **values: Any) -> Json:
    body = {"object": "opportunity", "name": uuid4().hex[:8], "definition": LOOK, **values}
    made: Json = visitor.json("POST", VIEWS, body, status)
    return made


def listed(visitor: Visitor, id: str) -> list[Json]:
    found = visitor.json("GET", VIEWS, params={"object": "opportunity"})["items"]
    return [one for one in found if one["id"] == id]


@pytest.fixture(scope="module")
def sales_ops(site: Site) -> Visitor:
    return site.log_in("sales_ops")


def test_a_view_is_kept_as_it_was_given(rep: Visitor) -> None:
    made = save(rep, name="  本季 大单 ")

    assert made["definition"] == {**EMPTY, **LOOK}
    assert (made["name"], made["shared"], made["mine"], made["editable"]) == ("本季 大单", "none", True, True)
    assert (made["version"], made["problems"]) == (1, [])
    assert listed(rep, made["id"]) == [made]


def test_a_private_view_is_nobody_elses(rep: Visitor, admin: Visitor) -> None:
    made = save(rep)

    assert listed(admin, made["id"]) == []
    for method, body in (("PATCH", {"version": 1, "name": "x"}), ("DELETE", None)):
        assert admin.json(method, f"{VIEWS}/{made['id']}", body, 404)["code"] == "VIEW-002"
    assert listed(rep, made["id"]) == [made]


def test_who_may_share_with_whom(rep: Visitor, manager: Visitor, sales_ops: Visitor, admin: Visitor) -> None:
    with_team = save(manager, shared="team")
    with_all = save(sales_ops, shared="everyone")

    assert [one["mine"] for one in listed(rep, with_team["id"])] == [False]
    assert listed(rep, with_all["id"])[0]["owner"]["id"] == sales_ops.me["id"]
    assert listed(sales_ops, with_team["id"]) == []
    assert save(rep, 403, shared="everyone")["code"] == "ACCESS-002"
    assert save(manager, 403, shared="everyone")["code"] == "ACCESS-002"

    path = f"{VIEWS}/{with_all['id']}"
    assert rep.json("PATCH", path, {"version": 1, "name": "我的"}, 403)["code"] == "VIEW-006"
    assert rep.json("DELETE", path, None, 403)["code"] == "VIEW-006"
    tidied = admin.json("PATCH", path, {"version": 1, "name": "公共", "shared": "none"})
    assert (tidied["name"], tidied["shared"], tidied["mine"]) == ("公共", "none", False)
    assert listed(rep, with_all["id"]) == []


def test_a_change_needs_the_version_that_was_seen(rep: Visitor) -> None:
    made = save(rep)
    path = f"{VIEWS}/{made['id']}"

    renamed = rep.json("PATCH", path, {"version": 1, "name": f"{made['name']}二"})
    assert (renamed["version"], renamed["definition"]) == (2, made["definition"])
    assert rep.json("PATCH", path, {"version": 1, "name": "三"}, 409)["code"] == "VIEW-005"
    redefined = rep.json("PATCH", path, {"version": 2, "definition": {"columns": ["name"]}})
    assert redefined["definition"]["columns"] == ["name"]
    assert redefined["definition"]["filter"] == ""
    rep.json("DELETE", path, None, 204)
    assert listed(rep, made["id"]) == []


def test_names_are_unique_for_their_owner_alone(rep: Visitor, manager: Visitor) -> None:
    made = save(rep)

    assert save(rep, 409, name=made["name"])["code"] == "VIEW-004"
    assert save(manager, name=made["name"])["name"] == made["name"]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"filter": "amonut > 5"}, "EXPR-004", "filter"),
        ({"sort": "nothing"}, "VALUE-003", "sort"),
        ({"columns": ["name", "gone"]}, "VALUE-003", "columns"),
        ({"group_by": "weighted_amount"}, "QUERY-002", "group_by"),
        ({"kind": "pie"}, "QUERY-002", "kind"),
        ({"density": "tiny"}, "VIEW-001", "density"),
        ({"widths": {"amount": 5}}, "VIEW-001", "widths"),
        ({"limits": {"won": 0}}, "VIEW-001", "limits"),
        ({"start_field": "gone"}, "VALUE-003", "start_field"),
        ({"colour": "red"}, "VIEW-001", "colour"),
        ({"filter": "x" * 5_001}, "VIEW-001", "filter"),
    ],
)
def test_what_does_not_fit_is_refused(rep: Visitor, changes: Json, code: str, path: str) -> None:
    problem = save(rep, 422, definition={**LOOK, **changes})

    assert [(one["code"], one["path"]) for one in problem["errors"]] == [(code, path)]


def test_a_field_that_the_owner_may_not_see_is_unknown(rep: Visitor) -> None:
    problem = save(rep, 422, definition={"filter": "margin > 0"})

    assert problem["errors"][0]["code"] == "VALUE-003"


def test_a_reader_learns_nothing_of_fields_hidden_from_them(rep: Visitor, sales_ops: Visitor) -> None:
    look = {"filter": "margin > 123", "columns": ["name", "margin"], "sort": "name"}
    made = save(sales_ops, definition=look, shared="everyone")
    seen = listed(rep, made["id"])[0]

    assert (seen["definition"]["filter"], seen["definition"]["columns"]) == ("", ["name"])
    assert seen["definition"]["sort"] == "name"
    assert [(one["code"], one["path"]) for one in seen["problems"]] == [("VIEW-007", "filter")]


def test_a_view_whose_field_went_away_says_so(own_site: Site) -> None:
    rep = own_site.log_in("rep")
    made = save(rep, definition={"filter": "budget > 5", "columns": ["name", "amount"]})
    with own_site.runtime.pool.connection() as connection:
        connection.execute(
            "UPDATE chengdan.saved_view SET definition = definition || %s::jsonb",
            ('{"filter": "x_gone > 5", "columns": ["name", "x_gone"]}',),
        )
    seen = listed(rep, made["id"])[0]

    assert [(one["code"], one["path"]) for one in seen["problems"]] == [
        ("EXPR-004", "filter"),
        ("VALUE-003", "columns"),
    ]
    assert seen["definition"]["columns"] == ["name", "x_gone"]

    with own_site.runtime.pool.connection() as connection:
        connection.execute('UPDATE chengdan.saved_view SET definition = \'{"density": "tiny"}\'')
    assert [(one["code"], one["path"]) for one in listed(rep, made["id"])[0]["problems"]] == [
        ("VIEW-001", "filter")
    ]


def test_the_view_to_start_with_is_each_persons_own(rep: Visitor, manager: Visitor) -> None:
    made = save(rep)

    def default(visitor: Visitor) -> str | None:
        found: str | None = visitor.json("GET", VIEWS)["defaults"].get("opportunity")
        return found

    for view in ("opportunity_mine", "all", made["id"]):
        rep.json("POST", f"{VIEWS}/default", {"object": "opportunity", "view": view}, 204)
        assert default(rep) == view
    for view in ("account_mine", "nothing", str(uuid4())):
        rep.json("POST", f"{VIEWS}/default", {"object": "opportunity", "view": view}, 404)
    assert default(manager) is None
    rep.json("DELETE", f"{VIEWS}/{made['id']}", None, 204)
    assert default(rep) is None


def test_the_number_of_views_is_limited(own_site: Site) -> None:
    rep = own_site.log_in("rep")
    for _ in range(50):
        save(rep)

    assert save(rep, 409)["code"] == "VIEW-003"
    assert save(rep, object="account", definition={})["object"] == "account"


def test_a_filter_is_checked_while_it_is_written(rep: Visitor) -> None:
    def check(text: str) -> Json:
        found: Json = rep.json("POST", "/api/expressions/check", {"object": "opportunity", "text": text})
        return found

    assert check('account.industry == "medical" and close_on >= today()') == {"ok": True, "errors": []}
    assert check("  ") == {"ok": True, "errors": []}
    wrong = check("金额 > 5 and amonut > 5")["errors"]
    assert [(one["code"], one["offset"], one["suggestion"]) for one in wrong] == [("EXPR-004", 11, "Amount")]
    assert check("margin > 5")["errors"][0]["code"] == "VALUE-003"
    assert check("old.amount > 5")["ok"] is False
