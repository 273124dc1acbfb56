"""What a role may not see does not exist for it: records in lists and figures, fields, definitions. Route by route: `test_access_routes.py`."""

from typing import Any
from uuid import uuid4

import pytest

from tests.web.site import Json, Site, Visitor

OPPORTUNITIES = "/api/records/opportunity"


@pytest.fixture(scope="module")
def hidden(rep: Visitor, admin: Visitor) -> Json:
    """An opportunity of another team: the administrator sees it, the rep doesn't."""
    mine = {record["id"] for record in everything(rep, "opportunity")}
    found: Json = next(one for one in everything(admin, "opportunity") if one["id"] not in mine)
    return found


def everything(visitor: Visitor, object: str) -> list[Json]:
    found: list[Json] = []
    cursor = ""
    while cursor is not None:
        page = visitor.json("GET", f"/api/records/{object}", params={"limit": 200, "cursor": cursor})
        found.extend(page["items"])
        cursor = page["next_cursor"]
    return found


def test_a_hidden_record_is_in_no_list_no_search_and_no_figure(
    rep: Visitor, admin: Visitor, hidden: Json
) -> None:
    name, number = hidden["name"], hidden["number"]
    listed = rep.json("GET", OPPORTUNITIES, params={"filter": f'number == "{number}"'})["items"]
    picked = rep.json("GET", f"{OPPORTUNITIES}/options", params={"q": name})["items"]
    found = rep.json("GET", "/api/search", params={"q": name})["items"]
    figure = rep.json("POST", f"{OPPORTUNITIES}/aggregate", {"filter": f'number == "{number}"'})["rows"]
    seen = admin.json("POST", f"{OPPORTUNITIES}/aggregate", {"filter": f'number == "{number}"'})["rows"]

    assert (listed, figure, seen) == ([], [{"count": 0}], [{"count": 1}])
    assert hidden["id"] not in {one["id"] for one in (*picked, *found)}


def test_a_hidden_record_is_refused_in_bulk_and_in_a_merge(manager: Visitor, admin: Visitor) -> None:
    mine = {record["id"] for record in everything(manager, "opportunity")}
    foreign = next(one for one in everything(admin, "opportunity") if one["id"] not in mine)
    body = {"ids": [foreign["id"]], "changes": {"next_step": "x"}}
    report = manager.json("POST", f"{OPPORTUNITIES}/bulk", body)
    merge = {"into": next(iter(mine)), "from": foreign["id"]}

    assert report["done"] == 0
    assert [error["code"] for error in report["refused"][0]["errors"]] == ["RECORD-001"]
    assert manager.json("POST", f"{OPPORTUNITIES}/merge", merge, 404)["code"] == "RECORD-001"
    assert admin.json("GET", f"{OPPORTUNITIES}/{foreign['id']}") == foreign


def test_a_reference_to_a_hidden_record_is_refused(rep: Visitor, admin: Visitor) -> None:
    mine = {record["id"] for record in everything(rep, "account")}
    foreign = next(one for one in everything(admin, "account") if one["id"] not in mine)
    problem = rep.json("POST", OPPORTUNITIES, {"name": "x", "account": foreign["id"]}, 422)

    assert [(error["code"], error["path"]) for error in problem["errors"]] == [("VALUE-005", "account")]
    assert foreign["name"] not in str(problem)


def test_a_shared_record_is_there_as_long_as_it_is_shared(rep: Visitor, admin: Visitor, hidden: Json) -> None:
    path = f"{OPPORTUNITIES}/{hidden['id']}"
    admin.json("POST", f"{path}/shares", {"user": rep.me["id"], "act": "read"})
    assert rep.json("GET", path)["name"] == hidden["name"]
    assert rep.json("GET", f"{path}/access")["because"] == ["销售: 记录被共享给了此人"]
    assert (
        rep.json("PATCH", path, {"version": hidden["version"], "next_step": "x"}, 403)["code"] == "ACCESS-001"
    )
    assert [one["user"]["id"] for one in rep.json("GET", f"{path}/shares")["items"]] == [rep.me["id"]]

    admin.json("DELETE", f"{path}/shares?user={rep.me['id']}")
    assert rep.json("GET", path, status=404)["code"] == "RECORD-001"


# --- fields: a rep doesn't see the cost of opportunities and products


def as_unknown(visitor: Visitor, method: str, path: str, body: Any, *, query: str = "") -> tuple[str, str]:
    """The code of the refusal when the hidden field is asked for, and when one is asked for that is not there."""
    codes = []
    for field in ("cost", "nonesuch"):
        spoken = None if body is None else eval_names(body, field)
        problem = visitor.json(method, path + query.replace("FIELD", field), spoken, 422)
        codes.append(problem["errors"][0]["code"])
        assert "margin" not in str(problem)
    return codes[0], codes[1]


def eval_names(body: Any, field: str) -> Any:
    """The body with FIELD replaced."""
    if isinstance(body, dict):
        return {key.replace("FIELD", field): eval_names(value, field) for key, value in body.items()}
    if isinstance(body, list):
        return [eval_names(value, field) for value in body]
    return body.replace("FIELD", field) if isinstance(body, str) else body


@pytest.mark.parametrize(
    "query", ["?fields=name,FIELD", "?sort=-FIELD", "?sort=FIELD"], ids=["fields", "sort down", "sort up"]
)
def test_a_hidden_field_cannot_be_listed_or_sorted_by(rep: Visitor, query: str) -> None:
    assert as_unknown(rep, "GET", OPPORTUNITIES, None, query=query) == ("VALUE-003", "VALUE-003")


@pytest.mark.parametrize("body", [{"group_by": ["FIELD"]}, {"measures": [{"fn": "sum", "field": "FIELD"}]}])
def test_a_hidden_field_cannot_be_grouped_or_summed(rep: Visitor, body: Json) -> None:
    assert as_unknown(rep, "POST", f"{OPPORTUNITIES}/aggregate", body) == ("VALUE-003", "VALUE-003")


@pytest.mark.parametrize(
    "filter",
    [
        "cost > 1",
        "成本 > 1",
        "margin > 0",
        "product.cost > 1",
        "campaign.budget > 1",
        "weighted_amount > 0 and cost != null",
    ],
)
def test_a_hidden_field_cannot_be_filtered_by(rep: Visitor, admin: Visitor, filter: str) -> None:
    problem = rep.json("GET", OPPORTUNITIES, status=422, params={"filter": filter})

    assert problem["errors"][0]["code"] in ("VALUE-003", "EXPR-010", "EXPR-011")
    aggregate = rep.json("POST", f"{OPPORTUNITIES}/aggregate", {"filter": filter}, 422)
    assert aggregate["errors"][0]["code"] == problem["errors"][0]["code"]
    if "成本" not in filter:
        admin.json("GET", OPPORTUNITIES, params={"filter": filter})


def test_a_hidden_field_cannot_be_written(rep: Visitor) -> None:
    record = rep.first("opportunity", filter="owner == me")

    assert as_unknown(rep, "POST", OPPORTUNITIES, {"name": "x", "FIELD": 1}) == ("VALUE-003", "VALUE-003")
    change = {"version": record["version"], "FIELD": 1}
    assert as_unknown(rep, "PATCH", f"{OPPORTUNITIES}/{record['id']}", change) == ("VALUE-003", "VALUE-003")


def test_a_hidden_field_is_in_no_answer(rep: Visitor, admin: Visitor) -> None:
    made = rep.json("POST", OPPORTUNITIES, {"name": "机密"}, 201)
    path = f"{OPPORTUNITIES}/{made['id']}"
    record = admin.json("GET", path)
    changed = admin.json("PATCH", path, {"version": record["version"], "cost": 31_337, "next_step": "报价"})
    assert changed["cost"] == 31_337

    answers = [
        rep.json("GET", path),
        rep.json("GET", OPPORTUNITIES),
        rep.json("GET", f"{path}/timeline"),
        rep.json("PATCH", path, {"version": changed["version"], "next_step": "y"}),
        rep.json("PATCH", path, {"version": 1, "next_step": "z"}, 409),
    ]
    assert [answer for answer in answers if "31337" in str(answer) or "'cost" in str(answer)] == []
    assert "31337" in str(admin.json("GET", f"{path}/timeline"))


def test_definitions_that_are_hidden_are_in_no_catalog(rep: Visitor, admin: Visitor) -> None:
    catalog, whole = rep.json("GET", "/api/catalog"), admin.json("GET", "/api/catalog")
    document = rep.json("GET", "/api/openapi.json")
    names = {field["name"] for field in catalog["objects"]["opportunity"]["fields"]}

    assert {"cost", "margin"} <= {field["name"] for field in whole["objects"]["opportunity"]["fields"]}
    assert names.isdisjoint({"cost", "margin"})
    assert "cost" not in document["components"]["schemas"]["opportunity"]["properties"]
    assert all({"cost", "margin"}.isdisjoint(view["columns"]) for view in catalog["views"])


def test_a_role_that_sees_no_leads_has_no_leads(site: Site, admin: Visitor) -> None:
    finance = site.log_in("finance")

    assert "lead" in admin.json("GET", "/api/catalog")["objects"]
    catalog = finance.json("GET", "/api/catalog")
    assert "lead" not in catalog["objects"]
    assert "lead" not in {view["object"] for view in catalog["views"]}
    assert finance.json("GET", "/api/records/lead", status=404)["code"] == "RECORD-002"
    assert "/api/records/lead" not in finance.json("GET", "/api/openapi.json")["paths"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", f"{OPPORTUNITIES}/bulk", {"ids": [], "archive": True}),
        ("POST", f"{OPPORTUNITIES}/merge", {"into": str(uuid4()), "from": str(uuid4())}),
        ("POST", "/api/studio/plan", {"files": {"app.yaml": ""}}),
        ("POST", "/api/studio/publish", {"files": {"app.yaml": ""}}),
        ("POST", "/api/studio/validate", {"files": {"app.yaml": ""}}),
        ("GET", "/api/studio/export", None),
    ],
)
def test_what_a_role_may_not_do_is_refused(rep: Visitor, method: str, path: str, body: Any) -> None:
    assert rep.json(method, path, body, 403)["code"] == "ACCESS-002"


def test_an_import_needs_its_permission(rep: Visitor) -> None:
    files = {"file": ("a.csv", b"a\n1\n")}
    for path in (f"{OPPORTUNITIES}/import/preview", f"{OPPORTUNITIES}/import"):
        answer = rep.post(path, files=files, data={"mapping": '{"a":"name"}'})
        assert (answer.status_code, answer.json()["code"]) == (403, "ACCESS-002")


def test_only_people_are_let_in_and_hand_over_what_they_hold(admin: Visitor, rep: Visitor) -> None:
    def offered(visitor: Visitor, right: str) -> set[str]:
        objects = visitor.json("GET", "/api/catalog")["objects"]
        return {name for name, one in objects.items() if one["can"][right]}

    assert offered(admin, "admit") == offered(admin, "hand_over") == {"user"}
    assert offered(rep, "admit") == offered(rep, "hand_over") == set()


def test_the_catalog_says_which_objects_have_no_place_in_the_navigation(admin: Visitor) -> None:
    objects = admin.json("GET", "/api/catalog")["objects"]
    assert {name for name, one in objects.items() if not one["listed"]} == {
        "audit_draw",
        "audit_review",
        "audit_verdict",
        "usage",
    }
