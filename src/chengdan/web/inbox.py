"""Notifications: listing them, marking them as read, and choosing which of them come."""

from typing import Any

from starlette.responses import Response

from chengdan.kernel.digest import EVERY, Rhythm
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
    mail = call.runtime.config.smtp_url is not None
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({**channels.settings(reader), "mail": mail})


def change_settings(call: Call) -> Response:
    """Change the choices for some kinds, the quiet hours or the digest; answers with all of them."""
    body = call.body()
    chosen = _chosen(call.take("kinds", dict)) if "kinds" in body else {}
    changes_quiet, changes_digest = "quiet" in body, "digest" in body
    quiet = _quiet(body.pop("quiet")) if changes_quiet else None
    rhythm = _rhythm(body.pop("digest")) if changes_digest else None
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        known = {kind.name for kind in channels.kinds(unit.snapshot, unit)}
        for kind in chosen.keys() - known:
            raise bad_request(kind, f"没有通知“{kind}”", f"there is no notification `{kind}`")
        if chosen:
            channels.choose(unit, chosen)
        if changes_quiet:
            channels.keep_quiet(unit, quiet)
        if changes_digest:
            channels.send_digest(unit, rhythm)
    return notification_settings(call)


_NEEDED, _MORE = frozenset({"in_app", "toast"}), frozenset({"chat", "digest"})


def _chosen(kinds: dict[str, Any]) -> dict[str, channels.Chosen]:
    found = {}
    for kind, choice in kinds.items():
        if not isinstance(choice, dict) or not _NEEDED <= choice.keys() <= _NEEDED | _MORE:
            raise bad_request(
                kind, "应是 {in_app, toast, chat?, digest?}", "{in_app, toast, chat?, digest?} is expected"
            )
        if not all(isinstance(value, bool) for value in choice.values()):
            raise bad_request(kind, "应是 true 或 false", "true or false is expected")
        found[kind] = channels.Chosen(**choice)
    return found


def _quiet(hours: Any) -> channels.Quiet | None:
    """Quiet hours as minutes of the day; null takes them away. Raises BadRequest."""
    if hours is None:
        return None
    if not isinstance(hours, dict) or hours.keys() != {"from", "to"}:
        raise bad_request("quiet", "应是 {from, to}", "{from, to} is expected")
    return channels.Quiet(*(_below("quiet", hours[name], channels.MINUTES) for name in ("from", "to")))


def _rhythm(digest: Any) -> Rhythm | None:
    """How often the digest comes; null takes it away. Raises BadRequest."""
    if digest is None:
        return None
    if not isinstance(digest, dict) or not {"every", "minute"} <= digest.keys() <= {
        "every",
        "minute",
        "weekday",
    }:
        raise bad_request("digest", "应是 {every, minute, weekday?}", "{every, minute, weekday?} is expected")
    if digest["every"] not in EVERY:
        raise bad_request("digest", "every 应为 daily 或 weekly", "every is daily or weekly")
    minute = _below("digest", digest["minute"], channels.MINUTES)
    return Rhythm(digest["every"], minute, _below("digest", digest.get("weekday", 0), 7))


def _below(path: str, value: Any, limit: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < limit:
        raise bad_request(
            path, f"应是 0–{limit - 1} 的整数", f"a whole number from 0 to {limit - 1} is expected"
        )
    return value


_MINUTE = {"type": "integer", "minimum": 0, "maximum": channels.MINUTES - 1}
_CHOICE = {
    "type": "object",
    "required": ["in_app", "toast"],
    "additionalProperties": False,
    "properties": {name: {"type": "boolean"} for name in ("in_app", "toast", "chat", "digest")},
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
        "digest": {
            "type": ["object", "null"],
            "required": ["every", "minute"],
            "additionalProperties": False,
            "properties": {
                "every": {"enum": list(EVERY)},
                "minute": _MINUTE,
                "weekday": {"type": "integer", "minimum": 0, "maximum": 6},
            },
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
