"""Notifications: listing them, marking them as read, and choosing which of them come."""

from typing import Any

from starlette.responses import Response

from chengdan.run import channels
from chengdan.run.inbox import MAX_LISTED, mark_read, notifications
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response

TAG = "inbox"
MAX_IDS = 1_000


def list_notifications(call: Call) -> Response:
    before, unread = call.query_id("cursor"), call.query_flag("unread")
    limit = call.query_integer("limit", MAX_LISTED)
    if not 1 <= limit <= MAX_LISTED:
        raise bad_request("limit", f"limit 应为 1–{MAX_LISTED}", f"limit must be 1–{MAX_LISTED}")
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(notifications(reader, before, unread=unread, limit=limit))


def read_notifications(call: Call) -> Response:
    """Mark as read what `ids` names, or all of them with `all`."""
    ids = call.take_ids("ids", MAX_IDS) if "ids" in call.body() else None
    if not call.take("all", bool, False) and ids is None:
        raise bad_request("ids", "应有 ids 或 all", "ids or all is expected")
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        mark_read(unit, ids)
    return Response(status_code=204)


def notification_settings(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(channels.settings(reader))


def change_settings(call: Call) -> Response:
    """Change the choices for some kinds, or the quiet hours; answers with all of them."""
    body = call.body()
    chosen = _chosen(call.take("kinds", dict)) if "kinds" in body else {}
    changes_quiet = "quiet" in body
    quiet = _quiet(body.pop("quiet")) if changes_quiet else None
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        known = {kind.name for kind in channels.kinds(unit.snapshot, unit)}
        for kind in chosen.keys() - known:
            raise bad_request(kind, f"没有通知“{kind}”", f"there is no notification `{kind}`")
        if chosen:
            channels.choose(unit, chosen)
        if changes_quiet:
            channels.keep_quiet(unit, quiet)
    return notification_settings(call)


def _chosen(kinds: dict[str, Any]) -> dict[str, channels.Chosen]:
    found = {}
    for kind, choice in kinds.items():
        if not isinstance(choice, dict) or choice.keys() != {"in_app", "toast"}:
            raise bad_request(kind, "应是 {in_app, toast}", "{in_app, toast} is expected")
        if not all(isinstance(value, bool) for value in choice.values()):
            raise bad_request(kind, "应是 true 或 false", "true or false is expected")
        found[kind] = channels.Chosen(choice["in_app"], choice["toast"])
    return found


def _quiet(hours: Any) -> channels.Quiet | None:
    """Quiet hours as minutes of the day; null takes them away. Raises BadRequest."""
    if hours is None:
        return None
    if not isinstance(hours, dict) or hours.keys() != {"from", "to"}:
        raise bad_request("quiet", "应是 {from, to}", "{from, to} is expected")
    for minute in hours.values():
        if isinstance(minute, bool) or not isinstance(minute, int) or not 0 <= minute < channels.MINUTES:
            raise bad_request(
                "quiet", f"应是 0–{channels.MINUTES - 1} 的分钟", f"minutes from 0 to {channels.MINUTES - 1}"
            )
    return channels.Quiet(hours["from"], hours["to"])


_MINUTE = {"type": "integer", "minimum": 0, "maximum": channels.MINUTES - 1}
_CHOICE = {
    "type": "object",
    "required": ["in_app", "toast"],
    "additionalProperties": False,
    "properties": {"in_app": {"type": "boolean"}, "toast": {"type": "boolean"}},
}
_SETTINGS = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "kinds": {"type": "object", "additionalProperties": _CHOICE},
        "quiet": {
            "type": ["object", "null"],
            "required": ["from", "to"],
            "additionalProperties": False,
            "properties": {"from": _MINUTE, "to": _MINUTE},
        },
    },
}
_READ = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "ids": {"type": "array", "maxItems": MAX_IDS, "items": {"type": "string", "format": "uuid"}},
        "all": {"type": "boolean"},
    },
}
ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/notifications",
        list_notifications,
        "Own notifications",
        TAG,
        query=("cursor", "limit", "unread"),
    ),
    Endpoint(
        "GET",
        "/api/notifications/settings",
        notification_settings,
        "Which notifications reach oneself, and how",
        TAG,
    ),
    Endpoint(
        "PATCH",
        "/api/notifications/settings",
        change_settings,
        "Choose which notifications reach oneself, and how",
        TAG,
        body=_SETTINGS,
    ),
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
