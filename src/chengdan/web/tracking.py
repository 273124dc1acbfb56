"""Tracked links of mails: an address that leads on, a picture that is fetched, and the page on which a document is read."""

import base64
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from chengdan.base.ids import new_id
from chengdan.run import links
from chengdan.run.links import LinkExpired, LinkUnknown
from chengdan.run.mail import documents, tracking
from chengdan.run.mail.tracking import DOCUMENT, LINK, PIXEL, Visitor
from chengdan.store.links import Link
from chengdan.web.call import Call, as_id, bad_request
from chengdan.web.endpoint import Endpoint
from chengdan.web.purpose import Purpose

TAG = "public"
MAX_PAGES = 500
_GIF = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
_HEADERS = {
    "cache-control": "no-store, private",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-resource-policy": "cross-origin",
}


def follow(call: Call) -> Response:
    """Lead on to where a link goes, or give the picture; that somebody came is written down, not who."""
    link = _opened(call)
    if link is None or link.purpose == PIXEL:
        return Response(_GIF, 200, _HEADERS, media_type="image/gif")
    return Response(status_code=302, headers={**_HEADERS, "location": str(link.data["url"])})


def _opened(call: Call) -> Link | None:
    """The tracked link; None for a picture whose time is over: a mail shows no broken picture. Raises the LINK errors."""
    try:
        link = links.opened(call.runtime, call.path("token"), address_of(call))
    except (LinkUnknown, LinkExpired):
        if "image/" in call.request.headers.get("accept", ""):
            return None
        raise
    if link.purpose not in (LINK, PIXEL):
        raise LinkUnknown()
    _write_down(call, link)
    return link


def _write_down(call: Call, link: Link) -> None:
    headers = call.request.headers
    prefetched = "prefetch" in headers.get("sec-purpose", headers.get("purpose", "")).lower()
    method = "PREFETCH" if prefetched else call.request.method
    visitor = Visitor(method, headers.get("user-agent", ""), address_of(call))
    with call.runtime.pool.connection() as connection:
        tracking.visited(connection, link, visitor, call.runtime.clock())


def _show(call: Call, link: Link) -> Mapping[str, Any]:
    """A document: its name and pages, who sent it, and a name for this reading of it."""
    found = documents.shown(call.runtime, link)
    _write_down(call, link)
    return {"name": found.name, "pages": found.pages, "sender": found.sender, "visit": new_id()}


def _page(call: Call, link: Link, number: int) -> bytes:
    return documents.page(call.runtime, link, number)


def _take(call: Call, link: Link) -> Mapping[str, Any]:
    """For how many seconds pages were looked at: `{visit, pages: {page: seconds}}`."""
    visit = as_id(call.take("visit", str))
    given = call.take("pages", dict)
    call.close()
    if visit is None or len(given) > MAX_PAGES:
        raise bad_request("visit", "内容不对", "it is not valid")
    pages = _seconds(given)
    with call.runtime.pool.connection() as connection:
        tracking.dwelt(connection, link, visit, pages, call.runtime.clock())
    return {}


def _seconds(given: Mapping[str, Any]) -> dict[int, int]:
    found = {}
    for page, seconds in given.items():
        if (
            not page.isascii()
            or not page.isdigit()
            or isinstance(seconds, bool)
            or not isinstance(seconds, int)
        ):
            raise bad_request("pages", "应是页码与秒数", "pages and seconds are expected")
        found[int(page[:5])] = seconds
    return found


def address_of(call: Call) -> str:
    return call.request.client.host if call.request.client else ""


DOCUMENTS = Purpose(DOCUMENT, _show, page=_page, take=_take)
ENDPOINTS = (
    Endpoint(
        "GET", "/m/{token}", follow, "Follow a tracked link of a mail", TAG, public=True, media_type="*/*"
    ),
)
