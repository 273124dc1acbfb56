"""Every refusal has the same shape, in the reader's language."""

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.kernel.record import MissingValue
from chengdan.web.problem import as_error, problem_response
from tests.databases import Databases
from tests.web.site import Site, Visitor

UNMET_KEYS = {
    "code", "path", "message", "hint", "deliverable", "stage", "kind", "hard", "field", "of", "object", "file_kind",
    "count", "have", "template", "note",
}  # fmt: skip


def test_a_single_refusal_is_told_in_chinese_by_default(site: Site) -> None:
    answer = site.stranger().get("/api/me")

    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
    assert answer.json() == {
        "type": "about:blank",
        "title": "需要登录",
        "status": 401,
        "code": "AUTH-001",
        "detail": "请先登录。",
        "errors": [{"code": "AUTH-001", "path": "", "message": "请先登录。", "hint": ""}],
    }


def test_the_language_is_the_one_the_request_asks_for(site: Site) -> None:
    answer = site.stranger(**{"Accept-Language": "fr, en;q=0.8, zh;q=0.5"}).get("/api/me")

    assert answer.json()["title"] == "Unauthorized"
    assert answer.json()["detail"] == "Please log in."


def test_everything_that_is_wrong_is_told_at_once(rep: Visitor) -> None:
    body = {"amount": "a lot", "close_on": "soon", "colour": "red"}
    problem = rep.json("POST", "/api/records/opportunity", body, 422, headers={"Accept-Language": "en"})

    assert [(error["code"], error["path"]) for error in problem["errors"]] == [
        ("VALUE-001", "amount"),
        ("VALUE-001", "close_on"),
        ("VALUE-003", "colour"),
    ]
    assert problem["detail"] == "3 problems were found."


def test_one_problem_among_possible_many_is_told_as_itself(rep: Visitor) -> None:
    problem = rep.json("POST", "/api/records/opportunity", {"amount": 1}, 422)

    assert (problem["code"], problem["detail"]) == ("VALUE-002", "“商机名称”必填。")


def test_an_unmet_deliverable_says_all_a_page_needs_to_provide_it(rep: Visitor) -> None:
    created = rep.json("POST", "/api/records/opportunity", {"name": "门禁"}, 201)
    move = {"to": "negotiation", "version": created["version"]}
    problem = rep.json("POST", f"/api/records/opportunity/{created['id']}/move", move, 409)

    assert problem["code"] == "GATE-001"
    assert all(error.keys() == UNMET_KEYS for error in problem["errors"])
    by_name = {error["deliverable"]: error for error in problem["errors"]}
    assert by_name["reachable_contact"]["object"] == "contact"
    assert by_name["pain_form"]["file_kind"] == "pain_confirmation"
    assert by_name["account"]["field"] == "account"


def test_an_address_that_is_not_there_is_a_problem_too(rep: Visitor) -> None:
    assert rep.json("GET", "/api/nothing", status=404)["code"] == "HTTP-404"


def test_a_method_that_is_not_taken_names_those_that_are(rep: Visitor) -> None:
    answer = rep.put("/api/me")

    assert (answer.status_code, answer.json()["code"]) == (405, "HTTP-405")
    assert set(answer.headers["allow"].replace(" ", "").split(",")) >= {"GET"}


def test_an_expression_that_is_wrong_is_shown_where(rep: Visitor) -> None:
    problem = rep.json("GET", "/api/records/opportunity", status=422, params={"filter": "amount >> 1"})

    assert problem["code"].startswith("EXPR-")
    assert problem["errors"][0]["offset"] == 8


def test_a_database_that_is_away_is_told_as_such(own_site: Site, databases: Databases) -> None:
    visitor = own_site.log_in("rep")
    databases.drop(own_site.runtime.url)

    answer = visitor.get("/api/records/opportunity")

    assert (answer.status_code, answer.json()["code"]) == (503, "SERVER-002")


def test_what_nobody_foresaw_is_numbered_and_tells_nothing_of_the_inside() -> None:
    response = problem_response(as_error(RuntimeError("secret")), "en")

    assert response.status_code == 500
    assert b"SERVER-001" in bytes(response.body)
    assert b"secret" not in bytes(response.body)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_refusal_may_be_empty_of_hints(locale: str) -> None:
    error: ChengdanError = MissingValue(path="name", label="x")

    assert b'"hint":""' in bytes(problem_response(error, locale).body)  # type: ignore[arg-type]
