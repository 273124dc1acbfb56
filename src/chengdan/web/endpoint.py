"""Endpoints: one table says for each what it answers to, who may call it, and how it is described in OpenAPI.

A handler is a plain function of a Call. It runs in a worker thread, in one hop; errors become problems. What one small
statement answers may be told as a Question beside its handler: then the event loop waits for it, where nothing else is to
be waited for.
"""

import hmac
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from chengdan.base.errors import ChengdanError
from chengdan.base.json import dumps
from chengdan.run.read import Question
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import WRITE, CsrfMissing, Doorman, NotLoggedIn, TokenReadOnly, Visitor
from chengdan.store.lane import Lane
from chengdan.store.unit import Unit
from chengdan.web.call import Call, bad_request
from chengdan.web.problem import as_error, problem_response
from chengdan.web.routing import Answer
from chengdan.web.threads import Threads

COOKIE = "chengdan_session"
MAX_JSON_BYTES = 2_000_000
MAX_FORM_FIELDS = 20
SMALLEST_ZIPPED = 1_000
SAFE = ("GET", "HEAD")
JsonSchema = Mapping[str, Any]
Handler = Callable[[Call], Response]


class BodyTooLarge(ChengdanError):
    code = "HTTP-413"
    status = 413
    zh = "请求超过 {limit} 字节。"
    en = "The request is larger than {limit} bytes."


class NotJson(ChengdanError):
    code = "HTTP-415"
    status = 415
    zh = "请求内容应为 {expected}。"
    en = "The body of the request must be {expected}."


@dataclass(frozen=True)
class Endpoint:
    """One method of one path.

    `public`: anybody may call it, and who does is not looked at. `reads`: a token that may only read may call it although
    its method is unsafe. `upload`: it takes a form. `body` is the JSON schema of what it takes, `status` what it answers
    when all is well and `media_type` as what, `query` its parameters; `per_object` makes OpenAPI spell it out for every
    object. `question` is what the handler would ask, worked out without waiting for anything.
    """

    method: str
    path: str
    handler: Handler
    summary: str
    tag: str
    public: bool = False
    reads: bool = False
    upload: bool = False
    status: int = 200
    body: JsonSchema | None = None
    query: Sequence[str] = ()
    per_object: bool = False
    max_bytes: int = MAX_JSON_BYTES
    media_type: str = "application/json"
    question: Callable[[Call, Unit], Question] | None = None


def answerer(endpoint: Endpoint) -> Answer:
    """What answers the requests to an endpoint."""

    async def answer(request: Request) -> Response:
        call = Call(request.app.state.runtime, request.app.state.doorman, request)
        try:
            if endpoint.upload:
                return await _answer_form(endpoint, call)
            if endpoint.method not in SAFE:
                call.raw = await _read(request, endpoint.max_bytes)
            if endpoint.question is not None and (response := await _asked(endpoint, call)) is not None:
                return response
            threads: Threads = request.app.state.threads
            return await threads.run(lambda: _answer(endpoint, call))
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # the edge: whatever happens becomes a problem
            return _problem(call, error)

    return answer


async def _read(request: Request, limit: int) -> bytes:
    """The body of a request, no longer than `limit`. Raises BodyTooLarge, NotJson."""
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise BodyTooLarge(limit=limit)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge(limit=limit)
        chunks.append(chunk)
    if size and _media_type(request) != "application/json":
        raise NotJson(expected="application/json")
    return b"".join(chunks)


def _media_type(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def _answer_form(endpoint: Endpoint, call: Call) -> Response:
    """Read a form only for somebody who may send one, and no more of it than an upload may hold."""
    await run_in_threadpool(_recognise, endpoint, call)
    limit = (call.runtime.config.max_upload_mb << 20) + MAX_JSON_BYTES
    declared = call.request.headers.get("content-length", "")
    if _media_type(call.request) != "multipart/form-data":
        raise NotJson(expected="multipart/form-data")
    if not declared.isdigit() or int(declared) > limit:
        raise BodyTooLarge(limit=limit)
    try:
        form = await call.request.form(max_files=1, max_fields=MAX_FORM_FIELDS, max_part_size=MAX_JSON_BYTES)
    except HTTPException as error:
        raise bad_request("", error.detail, error.detail) from None
    try:
        call.form = form
        return await run_in_threadpool(_handled, endpoint, call)
    finally:
        await form.close()


async def _asked(endpoint: Endpoint, call: Call) -> Response | None:
    """The answer to the endpoint's question, waited for here; None when a thread has to wait.

    That is so where the visitor must be looked up, no connection is free, or the database has something to tell.
    """
    lane: Lane = call.request.app.state.lane
    if endpoint.question is None or not _is_remembered(call):
        return None
    with lane.connection() as connection:
        if connection is None:
            return None
        _recognise(endpoint, call)
        with call.runtime.reading(connection, call.visitor.principal) as reader:
            question = endpoint.question(call, reader)
            try:
                rows = await connection.run_on_loop(question.statement, question.params)
            except psycopg.Error:
                return None
            return _zipped(call.request, text_response(question.text(rows)))


def _is_remembered(call: Call) -> bool:
    token = call.request.cookies.get(COOKIE, "")
    return "authorization" not in call.request.headers and call.doorman.remembers(token)


def _answer(endpoint: Endpoint, call: Call) -> Response:
    _recognise(endpoint, call)
    return _handled(endpoint, call)


def _handled(endpoint: Endpoint, call: Call) -> Response:
    try:
        response = endpoint.handler(call)
    except Exception as error:  # the edge: whatever happens becomes a problem
        response = _problem(call, error)
    return _zipped(call.request, response)


def _problem(call: Call, error: Exception) -> Response:
    object = call.request.path_params.get("object", "")
    return problem_response(as_error(error), call.locale, snapshot=call.runtime.snapshot, object=object)


def _recognise(endpoint: Endpoint, call: Call) -> None:
    """Find out who asks and read the query. Raises NotLoggedIn, CsrfMissing, TokenReadOnly, BadRequest."""
    if not endpoint.public:
        call.known = known_visitor(call.doorman, call.request)
        if endpoint.method not in SAFE and not endpoint.reads and WRITE not in call.known.scopes:
            raise TokenReadOnly()
    call.read_query(endpoint.query)


def known_visitor(doorman: Doorman, request: Request) -> Visitor:
    """Who asks, by API token or by session; an unsafe request with a session must carry its CSRF token.

    Raises NotLoggedIn, CsrfMissing.
    """
    authorization = request.headers.get("authorization", "")
    if authorization:
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer":
            raise NotLoggedIn()
        return doorman.by_token(token.strip())
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise NotLoggedIn()
    visitor = doorman.by_session(token)
    if request.method not in SAFE:
        given = request.headers.get("x-csrf-token", "").encode("latin-1")
        if not hmac.compare_digest(given, visitor.csrf_token.encode()):
            raise CsrfMissing()
    return visitor


def _zipped(request: Request, response: Response) -> Response:
    """The response, gzipped where that pays and the client takes it. Streams are left alone."""
    body = getattr(response, "body", b"")
    if len(body) >= SMALLEST_ZIPPED and "json" in response.headers.get("content-type", ""):
        response.headers["vary"] = "Accept-Encoding"
        if "gzip" in request.headers.get("accept-encoding", ""):
            response.body = zlib.compress(body, 1, 31)
            response.headers["content-encoding"] = "gzip"
            response.headers["content-length"] = str(len(response.body))
    return response


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(dumps(value), status, headers, media_type="application/json")


def text_response(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that is text already."""
    return Response(text, status, headers, media_type="application/json")


def runtime_of(request: Request) -> Runtime:
    """The runtime of the application that answers."""
    runtime: Runtime = request.app.state.runtime
    return runtime
