"""Every endpoint: closed to strangers, silent about what is not there."""

import re
from uuid import uuid4

import pytest

from chengdan.web.app import ENDPOINTS
from chengdan.web.endpoint import Endpoint
from tests.web.site import Site, Visitor

CLOSED = [one for one in ENDPOINTS if not one.public]
OVER_OBJECTS = [one for one in ENDPOINTS if one.per_object]
OVER_IDS = [one for one in ENDPOINTS if "{id}" in one.path]
BODIES = {
    "/move": {"to": "won", "version": 1},
    "/substeps": {"name": "x"},
    "/shares": {"user": str(uuid4())},
    "/merge": {"into": str(uuid4()), "from": str(uuid4())},
    "/comments": {"text": "x"},
    "/comments/{comment}": {"text": "x"},
    "/verdicts/{id}": {"verdict": "met"},
    "/submit": {},
    "/accept": {},
    "/appeal": {"reason": "x"},
    "/decide": {"again": True},
    "/signature/link": {"deliverable": "pain_form"},
    "/signature/vouch": {"signature": str(uuid4()), "reason": "x"},
    "/link": {"object": "contact", "record": str(uuid4())},
    "/conflicts/{conflict}": {"how": "share"},
    "/duplicates": {"values": {}},
    "/release": {"note": "x"},
    "/handover": {"close": False},
    "/bulk": {"ids": [str(uuid4())], "archive": True},
}


def name(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def call(visitor: Visitor, endpoint: Endpoint, object: str, id: str) -> tuple[int, str]:
    path = endpoint.path.replace("{object}", object).replace("{id}", id).replace("{name}", "health")
    path = (
        path.replace("{comment}", str(uuid4()))
        .replace("{audit}", "process")
        .replace("{conflict}", str(uuid4()))
        .replace("{template}", "pain_confirmation")
    )
    body = next((body for ending, body in BODIES.items() if endpoint.path.endswith(ending)), {"version": 1})
    if endpoint.path.endswith(
        (
            "/cancel",
            "/restore",
            "/aggregate",
            "/export",
            "/verify",
            "/run",
            "/log-in/link",
            "/followers",
            "/test",
            "/webhook",
        )
    ):
        body = {}
    parameters = {"user": str(uuid4())} if endpoint.method == "DELETE" and "user" in endpoint.query else None
    if endpoint.upload:
        form = {"mapping": '{"a":"name"}'}
        answer = visitor.post(path, files={"file": ("a.csv", b"a\n1\n")}, data=form)
    elif endpoint.method in ("GET", "DELETE"):
        answer = visitor.request(endpoint.method, path, params=parameters)
    else:
        answer = visitor.request(endpoint.method, path, json=body)
    code = answer.json().get("code", "") if "json" in answer.headers.get("content-type", "") else ""
    return answer.status_code, code


@pytest.mark.parametrize("endpoint", CLOSED, ids=name)
def test_a_stranger_learns_nothing(site: Site, endpoint: Endpoint) -> None:
    stranger = site.stranger()

    expected = (204, "") if endpoint.path == "/api/auth/logout" else (401, "AUTH-001")
    assert call(stranger, endpoint, "opportunity", str(uuid4())) == expected
    assert call(stranger, endpoint, "nothing", "x") == expected


def test_the_stream_is_closed_to_strangers(site: Site) -> None:
    assert site.stranger().get("/api/live").status_code == 401


@pytest.mark.parametrize("endpoint", OVER_OBJECTS, ids=name)
def test_an_object_that_is_not_there_is_not_found(admin: Visitor, endpoint: Endpoint) -> None:
    assert call(admin, endpoint, "nothing", str(uuid4())) == (404, "RECORD-002")


@pytest.mark.parametrize("endpoint", OVER_IDS, ids=name)
def test_an_id_that_is_not_there_is_not_found(admin: Visitor, endpoint: Endpoint) -> None:
    status, code = call(admin, endpoint, "opportunity", str(uuid4()))

    expected = "VIEW-002" if endpoint.path.startswith("/api/views") else "RECORD-001"
    assert (status, code) == (404, expected)


@pytest.mark.parametrize("endpoint", OVER_IDS, ids=name)
def test_an_id_that_is_none_is_not_found(admin: Visitor, endpoint: Endpoint) -> None:
    assert call(admin, endpoint, "opportunity", "1 or 1=1") == (404, "RECORD-001")


def test_every_endpoint_has_a_name_of_its_own() -> None:
    names = [name(one) for one in ENDPOINTS]

    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"/(?:api|m)/[a-z{}/._-]+", one.path) for one in ENDPOINTS)
