"""The calendar feed: one's own secret address, and what a calendar program reads there."""

from uuid import UUID

from starlette.responses import Response

from chengdan.base.errors import Locale
from chengdan.run import feeds as feeding
from chengdan.run.sessions import SessionNeeded
from chengdan.store import feeds
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response

TAG = "calendar"
PATH = "/api/calendar/feed"
FEED = "/api/calendar.ics"
MAX_TOKEN = 100


def read_feed(call: Call) -> Response:
    """The calendar of whoever made the token; a token that opens nothing is simply not found."""
    feed, principal = feeding.opened(call.doorman, call.query("token")[:MAX_TOKEN])
    base = _base(call)
    locale: Locale = "en" if principal.locale == "en" else "zh-CN"

    def link(object: str, id: UUID) -> str:
        return f"{base}/records/{object}/{id}"

    with call.runtime.reader(principal) as reader:
        body = feeding.text(reader, feed.whose, locale, link)
    headers = {
        "content-disposition": 'inline; filename="chengdan.ics"',
        "cache-control": "private, max-age=300",
        "x-robots-tag": "noindex",
    }
    return Response(body, 200, headers, media_type="text/calendar")


def about_feed(call: Call) -> Response:
    """Whether there is a feed, when it was made and last read; never its secret."""
    with call.runtime.read_pool.connection() as connection:
        feed = feeds.of_user(connection, call.visitor.principal.user)
    return json_response(
        {"feed": feed and {"whose": feed.whose, "created_at": feed.created_at, "read_at": feed.read_at}}
    )


def make_feed(call: Call) -> Response:
    """A new secret address, shown once; the one before it stops working."""
    _require_session(call)
    whose = call.take("whose", str, feeding.MINE)
    call.close()
    if whose not in feeding.WHOSE:
        raise bad_request("whose", "可选：mine、all", "mine and all are possible")
    with call.runtime.unit(call.visitor.principal, "token") as unit:
        token = feeding.make(unit, whose)
    return json_response({"token": token, "url": f"{_base(call)}{FEED}?token={token}"}, 201)


def revoke_feed(call: Call) -> Response:
    _require_session(call)
    with call.runtime.unit(call.visitor.principal, "token") as unit:
        feeding.revoke(unit)
    return Response(status_code=204)


def _base(call: Call) -> str:
    """Where people reach this installation."""
    return (call.runtime.config.public_url or str(call.request.base_url)).rstrip("/")


def _require_session(call: Call) -> None:
    if not call.visitor.by_session:
        raise SessionNeeded()


_MAKE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"whose": {"enum": list(feeding.WHOSE)}},
}
ENDPOINTS = (
    Endpoint(
        "GET",
        FEED,
        read_feed,
        "One's calendar for calendar programs, by its secret token",
        TAG,
        public=True,
        query=("token",),
        media_type="text/calendar",
    ),
    Endpoint("GET", PATH, about_feed, "Whether one has a calendar feed", TAG),
    Endpoint(
        "POST",
        PATH,
        make_feed,
        "Make one's calendar feed anew; its address is shown once",
        TAG,
        status=201,
        body=_MAKE,
    ),
    Endpoint("DELETE", PATH, revoke_feed, "Close one's calendar feed", TAG, status=204),
)
