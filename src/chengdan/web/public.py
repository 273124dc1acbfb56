"""The public room: pages for people without a log-in, each opened by a token and about one thing.

`/p/{token}` is the page, `/api/public/{token}` what it asks. Cookies and API tokens are not looked at. What a link shows and
takes is said by its purpose; another area brings its own as a `Purpose` in PURPOSES.
"""

from collections.abc import Mapping

from starlette.responses import Response

from chengdan.run import links
from chengdan.run.links import LinkUnknown
from chengdan.store.files import PAGE_TYPE
from chengdan.store.links import Link
from chengdan.web import signing
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.purpose import Purpose
from chengdan.web.tracking import DOCUMENTS

TAG = "public"
PATH = "/api/public/{token}"
MAX_BODY = 300_000
MAX_PAGE_DIGITS = 4
PURPOSES: Mapping[str, Purpose] = {purpose.name: purpose for purpose in (DOCUMENTS, signing.PURPOSE)}
"""By name, which is the purpose of their links."""


def show(call: Call) -> Response:
    """What the link is about; the first look is kept with the link."""
    link, purpose = _opened(call)
    shown = purpose.show(call, link)
    links.note_opened(call.runtime, link)
    return json_response({"purpose": purpose.name, "expires_at": link.expires_at, **shown})


def page(call: Call) -> Response:
    """A page of the document that the link shows, as a picture."""
    link, purpose = _opened(call)
    number = call.path("page")
    if purpose.page is None or not number.isascii() or not number.isdigit() or len(number) > MAX_PAGE_DIGITS:
        raise LinkUnknown()
    return Response(purpose.page(call, link, int(number)), media_type=PAGE_TYPE)


def take(call: Call) -> Response:
    """What the visitor gives through the link."""
    link, purpose = _opened(call)
    if purpose.take is None:
        raise LinkUnknown()
    return json_response(purpose.take(call, link))


def _opened(call: Call) -> tuple[Link, Purpose]:
    link = links.opened(call.runtime, call.path("token"), address_of(call))
    purpose = PURPOSES.get(link.purpose)
    if purpose is None:
        raise LinkUnknown()
    return link, purpose


def address_of(call: Call) -> str:
    """Where the visitor comes from."""
    return call.request.client.host if call.request.client else ""


_TAKEN = {"type": "object"}
ENDPOINTS = (
    Endpoint("GET", PATH, show, "What a public link is about", TAG, public=True),
    Endpoint(
        "GET",
        PATH + "/pages/{page}",
        page,
        "A page of the document that a public link shows",
        TAG,
        public=True,
        media_type=PAGE_TYPE,
    ),
    Endpoint(
        "POST",
        PATH,
        take,
        "Do what a public link is for",
        TAG,
        public=True,
        body=_TAKEN,
        max_bytes=MAX_BODY,
    ),
)
