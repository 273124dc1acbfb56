"""Which endpoint a path leads to."""

import asyncio

import pytest
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Message

from chengdan.web.routing import Answer, Endpoints


def answer(name: str) -> Answer:
    async def found(request: Request) -> Response:
        return Response(f"{name} {sorted(request.path_params.items())}")

    return found


def routes() -> Endpoints:
    endpoints = Endpoints()
    endpoints.add("GET", "/api/records/{object}/{id}", answer("one"))
    endpoints.add("PATCH", "/api/records/{object}/{id}", answer("change"))
    endpoints.add("POST", "/api/records/{object}/export", answer("export"))
    endpoints.add("GET", "/api/health", answer("health"))
    return endpoints


def asked(method: str, path: str) -> str | None:
    """What answers, with what stands for its names; None where nothing is there."""
    route, scope = routes(), {"type": "http", "method": method, "path": path, "headers": []}
    match, more = route.matches(scope)
    if match is Match.NONE:
        return None
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request"}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(route.handle({**scope, **more}, receive, send))
    return bytes(sent[-1]["body"]).decode()


def test_names_stand_for_whole_segments() -> None:
    assert asked("GET", "/api/records/lead/7") == "one [('id', '7'), ('object', 'lead')]"
    assert asked("GET", "/api/records/lead/") is None
    assert asked("GET", "/api/records/lead/7/8") is None
    assert asked("GET", "/api/records//7") is None


def test_a_given_segment_comes_before_a_name_unless_its_method_is_another() -> None:
    assert asked("POST", "/api/records/lead/export") == "export [('object', 'lead')]"
    assert asked("GET", "/api/records/lead/export") == "one [('id', 'export'), ('object', 'lead')]"


def test_head_is_answered_where_get_is() -> None:
    assert asked("HEAD", "/api/health") is not None


def test_another_method_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(HTTPException) as refused:
        asked("DELETE", "/api/health")

    assert refused.value.status_code == 405
    assert refused.value.headers == {"allow": "GET, HEAD"}


def test_nothing_is_answered_twice() -> None:
    with pytest.raises(ValueError, match="twice"):
        routes().add("GET", "/api/records/{kind}/{key}", answer("again"))
