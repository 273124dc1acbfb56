"""What wraps every request: no writing from other sites, and headers that keep pages and answers to themselves.

A plain ASGI middleware.
"""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chengdan.base.errors import ChengdanError
from chengdan.web.language import locale_of
from chengdan.web.problem import problem_response

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; script-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(self)",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
SAFE = ("GET", "HEAD", "OPTIONS")
PUBLIC_HEADERS = {
    **HEADERS,
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-robots-tag": "noindex, nofollow, noarchive",
    "cache-control": "no-store",
}
"""For what people without a log-in see: their address holds a secret."""
PUBLIC = ("/p/", "/api/public/")


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]


_RAW, _RAW_PUBLIC = _raw(HEADERS), _raw(PUBLIC_HEADERS)


class FromAnotherSite(ChengdanError):
    """A browser says that a page of another site sends this."""

    code = "AUTH-010"
    status = 403
    zh = "不接受来自其他网站的请求。"
    en = "Requests from other sites aren't accepted."


class Security:
    """Refuses unsafe requests that another site's page makes, and adds HEADERS to every response.

    A response keeps a header that it set itself. Answers of the API are not to be stored unless they say otherwise.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        private = scope["path"].startswith("/api/")
        own = _RAW_PUBLIC if scope["path"].startswith(PUBLIC) else _RAW

        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name for name, _ in message["headers"]}
                message["headers"].extend(header for header in own if header[0] not in present)
                if private and own is _RAW and b"cache-control" not in present:
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        if scope["method"] not in SAFE and _is_from_another_site(scope):
            refusal = problem_response(FromAnotherSite(), locale_of(Request(scope)))
            await refusal(scope, receive, send_secured)
            return
        await self.app(scope, receive, send_secured)


def _is_from_another_site(scope: Scope) -> bool:
    return any(name == b"sec-fetch-site" and value == b"cross-site" for name, value in scope["headers"])
