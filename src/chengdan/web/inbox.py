"""Notifications: listing them, and marking them as read."""

from starlette.responses import Response

from chengdan.run.inbox import mark_read, notifications
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response

TAG = "inbox"
MAX_IDS = 1_000


def list_notifications(call: Call) -> Response:
    before = call.query_id("cursor")
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(notifications(reader, before))


def read_notifications(call: Call) -> Response:
    """Mark as read what `ids` names, or all of them with `all`."""
    ids = call.take_ids("ids", MAX_IDS) if "ids" in call.body() else None
    if not call.take("all", bool, False) and ids is None:
        raise bad_request("ids", "应有 ids 或 all", "ids or all is expected")
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        mark_read(unit, ids)
    return Response(status_code=204)


_READ = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "ids": {"type": "array", "maxItems": MAX_IDS, "items": {"type": "string", "format": "uuid"}},
        "all": {"type": "boolean"},
    },
}
ENDPOINTS = (
    Endpoint("GET", "/api/notifications", list_notifications, "Own notifications", TAG, query=("cursor",)),
    Endpoint(
        "POST",
        "/api/notifications/read",
        read_notifications,
        "Mark notifications as read",
        TAG,
        status=204,
        body=_READ,
    ),
)
