"""Leaving: what somebody holds, handing it over, taking it back."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from chengdan.run.leaving.back import past, request_back
from chengdan.run.leaving.moving import request
from chengdan.run.leaving.plan import MAX_RECEIVERS, preview
from chengdan.web.call import Call, bad_request, read_id
from chengdan.web.endpoint import Endpoint, json_response

TAG = "people"


def what_they_hold(call: Call) -> Response:
    id = call.path_id()
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(preview(reader, id))


def hand_over(call: Call) -> Response:
    """Start a hand-over: 202 with its job."""
    rules, rest = (
        call.take("rules", dict, {}),
        call.take_ids("rest", MAX_RECEIVERS) if "rest" in call.body() else [],
    )
    mail, close = call.take("mail", dict, {}), call.take("close", bool, False)
    call.close()
    for name, rule in rules.items():
        if (
            not isinstance(rule, dict)
            or set(rule) - {"to", "pool", "keep"}
            or not isinstance(rule.get("to", []), list)
        ):
            raise bad_request(f"rules.{name}", "应是 to、pool 或 keep", "to, pool or keep is expected")
        rule["to"] = [read_id(f"rules.{name}.to", one) for one in rule.get("to", [])]
    chosen = {str(read_id("mail", id)): _mail_rule(id, rule) for id, rule in mail.items()}
    with call.runtime.unit(call.visitor.principal) as unit:
        job = request(unit, call.path_id(), rules, rest, close=close, mail=chosen)
    return json_response({"job": job}, 202)


def _mail_rule(id: str, rule: Any) -> Mapping[str, Any]:
    """Who takes a mail account, or that it is closed: one of both."""
    path = f"mail.{id}"
    if isinstance(rule, dict) and rule == {"close": True}:
        return rule
    if not isinstance(rule, dict) or set(rule) != {"to"}:
        raise bad_request(path, "应是 to 或 close", "to or close is expected")
    return {"to": read_id(path, rule["to"])}


def take_back(call: Call) -> Response:
    """Take a hand-over back: 202 with the job that does."""
    job = call.take_id("job")
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        return json_response({"job": request_back(unit, job)}, 202)


def past_ones(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": past(reader)})


_IDS = {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": MAX_RECEIVERS}
_RULE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"to": _IDS, "pool": {"type": "boolean"}, "keep": {"type": "boolean"}},
}
_MAIL_RULE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"to": {"type": "string", "format": "uuid"}, "close": {"const": True}},
}
_HAND_OVER = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "rules": {"type": "object", "additionalProperties": _RULE},
        "mail": {"type": "object", "additionalProperties": _MAIL_RULE},
        "rest": _IDS,
        "close": {"type": "boolean"},
    },
}
_TAKE_BACK = {
    "type": "object",
    "required": ["job"],
    "additionalProperties": False,
    "properties": {"job": {"type": "string", "format": "uuid"}},
}
ENDPOINTS = (
    Endpoint("GET", "/api/handovers", past_ones, "Past hand-overs", TAG),
    Endpoint(
        "POST", "/api/handovers/back", take_back, "Take a hand-over back", TAG, status=202, body=_TAKE_BACK
    ),
    Endpoint("GET", "/api/users/{id}/holdings", what_they_hold, "What a person holds", TAG),
    Endpoint(
        "POST",
        "/api/users/{id}/handover",
        hand_over,
        "Hand over what a person holds",
        TAG,
        status=202,
        body=_HAND_OVER,
    ),
)
