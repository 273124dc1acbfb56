"""Endpoints: one table says for each what it answers to, who may call it, and how it is described in OpenAPI.

A handler is a plain function of a Call. It runs in a worker thread, in one hop; errors become problems.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import UUID

import orjson
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from chengdan.base.errors import ChengdanError, Locale
from chengdan.base.json import dumps
from chengdan.base.label import Label
from chengdan.kernel.reading import suggest
from chengdan.run.errors import NotFound
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import CsrfMissing, Doorman, NotLoggedIn, Visitor
from chengdan.web.problem import as_error, locale_of, problem_response

COOKIE = "chengdan_session"
MAX_JSON = 2_000_000
SAFE = ("GET", "HEAD", "OPTIONS")
T = TypeVar("T")
JsonSchema = Mapping[str, Any]


class BadBody(ChengdanError):
    """A request that is not of the form its endpoint takes."""

    code = "HTTP-422"
    status = 422
    zh = "请求内容不对：{what}"
    en = "The request is not valid: {what}"


class BodyTooLarge(ChengdanError):
    code = "HTTP-413"
    status = 413
    zh = "请求超过 {limit} 字节。"
    en = "The request is larger than {limit} bytes."


def bad_body(path: str, zh: str, en: str) -> BadBody:
    return BadBody(path=path, what=Label(zh, en))


@dataclass
class Call:
    """One request as a handler sees it: the runtime, who asks, and what is asked."""

    runtime: Runtime
    doorman: Doorman
    request: Request
    raw: bytes = b""
    form: FormData = field(default_factory=FormData)
    visitor_or_none: Visitor | None = None
    _left: dict[str, Any] | None = field(default=None)
    _known: list[str] = field(default_factory=list)

    @property
    def visitor(self) -> Visitor:
        """Who asks. Raises NotLoggedIn."""
        if self.visitor_or_none is None:
            raise NotLoggedIn()
        return self.visitor_or_none

    @property
    def locale(self) -> Locale:
        visitor = self.visitor_or_none
        asked = self.request.headers.get("accept-language", "")
        return locale_of(self.request, asked or (visitor.principal.locale if visitor else ""))

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def path_id(self, name: str = "id") -> UUID:
        """An id in the path; anything else is a record that is not there."""
        return as_id(self.path(name)) or _not_found()

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default)

    def query_list(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.query(name).split(",") if part.strip())

    def query_integer(self, name: str, default: int) -> int:
        text = self.query(name, str(default))
        if not text.isascii() or not text.lstrip("-").isdigit() or len(text) > 18:
            raise bad_body(name, "应是整数", "a whole number is expected")
        return int(text)

    def query_flag(self, name: str) -> bool:
        text = self.query(name, "false").lower()
        if text not in ("true", "false", "1", "0"):
            raise bad_body(name, "应是 true 或 false", "true or false is expected")
        return text in ("true", "1")

    # --- the JSON body, key by key; `close` refuses what nobody asked for

    def body(self) -> dict[str, Any]:
        """The JSON object of the request. Raises BadBody."""
        if self._left is None:
            try:
                found = orjson.loads(self.raw or b"{}")
            except orjson.JSONDecodeError:
                raise bad_body("", "不是合法的 JSON", "it is not valid JSON") from None
            if not isinstance(found, dict):
                raise bad_body("", "应是一个 JSON 对象", "a JSON object is expected")
            self._left = found
        return self._left

    def take(self, name: str, kind: type[T], default: T | None = None) -> T:
        """A member of the body of this type; without a default it must be there. Raises BadBody."""
        self._known.append(name)
        value = self.body().pop(name, None)
        if value is None and default is not None:
            return default
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise bad_body(name, f"“{name}”缺失或类型不对", f"`{name}` is missing or of the wrong type")
        if "\x00" in value if isinstance(value, str) else False:
            raise bad_body(name, "含有不可存储的字符", "it holds a character that can't be stored")
        return value

    def take_version(self) -> int:
        """The version that the writer saw."""
        version = self.take("version", int)
        if not 0 < version < 2**31:
            raise bad_body("version", "version 不对", "the version is out of range")
        return version

    def take_id(self, name: str) -> UUID:
        return as_id(self.take(name, str)) or _bad_id(name)

    def take_ids(self, name: str) -> list[UUID]:
        values = self.take(name, list)
        return [as_id(value) or _bad_id(name) for value in values]

    def rest(self) -> dict[str, Any]:
        """All members that were not taken."""
        left, self._left = self.body(), {}
        return left

    def close(self) -> None:
        """Refuse members that nobody took."""
        for name in self.body():
            zh, en = suggest(name, self._known)
            raise bad_body(name, f"不认识“{name}”。{zh}", f"`{name}` is not known. {en}")


def as_id(text: Any) -> UUID | None:
    """A UUID from its text, or None."""
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def _not_found() -> UUID:
    raise NotFound()


def _bad_id(name: str) -> UUID:
    raise bad_body(name, f"“{name}”应是编号", f"`{name}` must be an id")


Handler = Callable[[Call], Response]


@dataclass(frozen=True)
class Endpoint:
    """One method of one path. `body` and `answer` are JSON schemas; `public` needs no log-in; `upload` reads a form."""

    method: str
    path: str
    handler: Handler
    summary: str
    tag: str
    public: bool = False
    upload: bool = False
    status: int = 200
    body: JsonSchema | None = None
    query: Sequence[str] = ()
    per_object: bool = False


def route(endpoint: Endpoint) -> Route:
    """The Starlette route of an endpoint."""

    async def handle(request: Request) -> Response:
        runtime: Runtime = request.app.state.runtime
        call = Call(runtime, request.app.state.doorman, request)
        try:
            if endpoint.upload:
                return await _answer_form(endpoint, call)
            if endpoint.method not in SAFE:
                call.raw = await _read(request)
            return await run_in_threadpool(_answer, endpoint, call)
        except ClientDisconnect:
            return Response(status_code=499)
        except Exception as error:  # the edge: whatever happens becomes a problem
            return problem_response(as_error(error), call.locale)

    return Route(endpoint.path, handle, methods=[endpoint.method], name=f"{endpoint.method} {endpoint.path}")


async def _read(request: Request) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > MAX_JSON:
        raise BodyTooLarge(limit=MAX_JSON)
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > MAX_JSON:
            raise BodyTooLarge(limit=MAX_JSON)
        chunks.append(chunk)
    return b"".join(chunks)


async def _answer_form(endpoint: Endpoint, call: Call) -> Response:
    """Read a form only for somebody who may send one, and no more of it than an upload may hold."""
    await run_in_threadpool(_recognise, endpoint, call)
    limit = call.runtime.config.max_upload_mb * 1024 * 1024 + MAX_JSON
    declared = call.request.headers.get("content-length", "")
    if not declared.isdigit() or int(declared) > limit:
        raise BodyTooLarge(limit=limit)
    async with call.request.form(max_files=1, max_fields=20, max_part_size=MAX_JSON) as call.form:
        return await run_in_threadpool(endpoint.handler, call)


def _answer(endpoint: Endpoint, call: Call) -> Response:
    _recognise(endpoint, call)
    return endpoint.handler(call)


def _recognise(endpoint: Endpoint, call: Call) -> None:
    """Find out who asks. Raises NotLoggedIn unless the endpoint is public."""
    try:
        call.visitor_or_none = known_visitor(call.doorman, call.request, endpoint.method)
    except NotLoggedIn:
        if not endpoint.public:
            raise
    if call.visitor_or_none is None and not endpoint.public:
        raise NotLoggedIn()


def known_visitor(doorman: Doorman, request: Request, method: str) -> Visitor | None:
    """Who asks, by API token or by session. An unsafe request with a session must carry its CSRF token."""
    authorization = request.headers.get("authorization", "")
    if authorization:
        kind, _, token = authorization.partition(" ")
        if kind.lower() != "bearer":
            raise NotLoggedIn()
        return doorman.by_token(token.strip())
    token = request.cookies.get(COOKIE, "")
    if not token:
        return None
    visitor = doorman.by_session(token)
    if method not in SAFE and request.headers.get("x-csrf-token") != visitor.csrf_token:
        raise CsrfMissing()
    return visitor


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(dumps(value), status, headers, media_type="application/json")


def text_response(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """JSON that is text already."""
    return Response(text, status, headers, media_type="application/json")
