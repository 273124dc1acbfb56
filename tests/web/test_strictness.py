"""What is not of the form an endpoint takes is refused by name, and never upsets the server."""

from typing import Any

import pytest

from tests.web.site import Visitor

OPPORTUNITIES = "/api/records/opportunity"


def send(visitor: Visitor, body: bytes, path: str = OPPORTUNITIES, **headers: str) -> tuple[int, str]:
    answer = visitor.post(path, content=body, headers={"content-type": "application/json", **headers})
    return answer.status_code, answer.json()["code"]


@pytest.mark.parametrize(
    "body",
    [
        b"{", b"[]", b"null", b'"text"', b'{"name":NaN}', b'{"name":"\xff"}', b'{"name":"\\ud800"}', b'{"amount":1e999}',
        b'{"name":' * 3_000 + b"1" + b"}" * 3_000, b'{"name":"a\\u0000b"}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_sound_json_object_is_refused(rep: Visitor, body: bytes) -> None:
    assert send(rep, body) == (422, "HTTP-422")


@pytest.mark.parametrize(
    "number", [b"1" * 30, b"-" + b"9" * 400, b"1e59", b"0.00000000000000000000000000000000000001"]
)
def test_a_number_that_no_field_holds_is_refused(rep: Visitor, number: bytes) -> None:
    status, code = send(rep, b'{"name":"n","amount":' + number + b"}")

    assert status == 422
    assert code in ("VALUE-001", "HTTP-422")


def test_a_number_keeps_all_its_digits(rep: Visitor) -> None:
    answer = rep.post(
        OPPORTUNITIES,
        content=b'{"name":"exact","amount":123456789012345678.91}',
        headers={"content-type": "application/json"},
    )

    assert answer.status_code == 201
    assert b'"amount":123456789012345678.91' in answer.content


def test_a_body_of_another_type_is_refused(rep: Visitor) -> None:
    answer = rep.post(OPPORTUNITIES, data={"name": "form"})

    assert (answer.status_code, answer.json()["code"]) == (415, "HTTP-415")


def test_a_body_that_is_too_long_is_refused_before_it_is_read(rep: Visitor) -> None:
    assert send(rep, b'{"name":"' + b"a" * 2_100_000 + b'"}') == (413, "HTTP-413")


def test_an_unknown_member_is_named_and_a_likely_one_suggested(rep: Visitor) -> None:
    body = {"username": "rep", "password": "x", "remenber": True}
    problem = rep.json("POST", "/api/auth/login", body, 422, headers={"Accept-Language": "en"})

    assert problem["errors"][0]["path"] == "remenber"
    assert "`remenber` is not known" in problem["detail"]


def test_an_unknown_parameter_is_named_and_a_likely_one_suggested(rep: Visitor) -> None:
    problem = rep.json("GET", f"{OPPORTUNITIES}?filtre=true", status=422, headers={"Accept-Language": "en"})

    assert problem["errors"][0]["path"] == "filtre"
    assert "filter" in problem["detail"]


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("limit=0", "limit"), ("limit=201", "limit"), ("limit=many", "limit"), ("limit=9999999999999999999", "limit"),
        ("archived=maybe", "archived"), ("sort=colour", "sort"), ("sort=amount,name,stage,owner,team", "sort"),
        ("cursor=%00", "cursor"), ("cursor=!!!", "cursor"), ("q=%00", "q"), ("view=nothing", "view"),
        ("fields=name,colour", "fields"), ("filter=" + "(" * 4_000, ""),
    ],
)  # fmt: skip
def test_a_parameter_that_cannot_be_used_is_refused(rep: Visitor, query: str, path: str) -> None:
    problem = rep.json("GET", f"{OPPORTUNITIES}?{query}", status=422)

    assert problem["errors"][0]["path"] == path


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/records/opportunity/bulk", {"ids": "all", "archive": True}),
        ("/api/records/opportunity/bulk", {"ids": [], "archive": True, "changes": {}}),
        ("/api/records/opportunity/bulk", {"archive": True}),
        ("/api/records/opportunity/bulk", {"ids": [1], "archive": True}),
        ("/api/records/opportunity/aggregate", {"measures": [{"fn": "median", "field": "amount"}]}),
        ("/api/records/opportunity/aggregate", {"measures": "count"}),
        ("/api/records/opportunity/aggregate", {"measures": []}),
        ("/api/records/opportunity/aggregate", {"group_by": [7]}),
        ("/api/records/opportunity/merge", {"into": "x", "from": "y"}),
        ("/api/tokens", {"name": ""}),
        ("/api/tokens", {"name": "t", "scopes": ["everything"]}),
        ("/api/tokens", {"name": "t", "expires_at": "tomorrow"}),
        ("/api/notifications/read", {}),
    ],
)
def test_a_body_with_wrong_members_is_refused(manager: Visitor, path: str, body: Any) -> None:
    assert manager.post(path, json=body).status_code == 422


@pytest.mark.parametrize("version", [None, "1", 1.5, True, 0, -1, 2**40])
def test_a_change_must_name_a_version(rep: Visitor, version: Any) -> None:
    record = rep.first("opportunity")
    body = {"version": version, "next_step": "x"}

    assert rep.patch(f"{OPPORTUNITIES}/{record['id']}", json=body).status_code == 422
