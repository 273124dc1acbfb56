"""Outlets: setting them up, trying them, and the log of what left."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from chengdan.kernel.outlet import KINDS
from chengdan.run import outlet_reading, outlets
from chengdan.run.outlets import MAX_CHOSEN, MAX_NAME, MAX_SECRET, Setting
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response

TAG = "outlets"
PATH = "/api/outlets"
LOG = "/api/deliveries"
MAX_IDS = 500
MAIL = "email"


def list_outlets(call: Call) -> Response:
    """The outlets, what there is to choose from, and whether links and e-mails can be made at all."""
    config = call.runtime.config
    with call.runtime.reader(call.visitor.principal) as reader:
        found = outlet_reading.setting_up(reader)
    return json_response(
        {**found, "links": config.public_url is not None, "mail": config.smtp_url is not None}
    )


def make_outlet(call: Call) -> Response:
    """Make an outlet; a webhook's secret is shown here once, if none was given."""
    return _put(call, None, 0, 201)


def change_outlet(call: Call) -> Response:
    """Change an outlet; what is left out stays, address and secret also when they are empty."""
    version = call.take_version()
    return _put(call, call.path_id(), version, 200)


def _put(call: Call, id: UUID | None, version: int, status: int) -> Response:
    with call.runtime.unit(call.visitor.principal) as unit:
        before = outlet_reading.one(unit, id) if id else _FRESH
        setting = _setting(call, before)
        call.close()
        own, secret = outlets.put(call.runtime, unit, id, version, setting)
        unit.flush()
        return json_response(
            {**outlet_reading.one(unit, own), **({"secret": secret} if secret else {})}, status
        )


def remove_outlet(call: Call) -> Response:
    with call.runtime.unit(call.visitor.principal) as unit:
        outlets.remove(unit, call.path_id())
    return Response(status_code=204)


def test_outlet(call: Call) -> Response:
    """Send a test message now; whether it arrived, and what was answered."""
    call.close()
    verdict = outlets.test(call.runtime, call.visitor.principal, call.path_id())
    return json_response({"arrived": verdict.arrived, "answer": verdict.answer})


def list_deliveries(call: Call) -> Response:
    """The log, newest first; `outlet` is an id, or `email` for digests."""
    mail = call.query("outlet") == MAIL
    state, limit = call.query("state"), call.query_integer("limit", 50)
    if state and state not in outlet_reading.STATES:
        names = "、".join(outlet_reading.STATES)
        raise bad_request("state", f"可选：{names}", f"possible are {', '.join(outlet_reading.STATES)}")
    if not 1 <= limit <= outlet_reading.MAX_LISTED:
        most = outlet_reading.MAX_LISTED
        raise bad_request("limit", f"limit 应为 1–{most}", f"limit must be 1–{most}")
    outlet = None if mail else call.query_id("outlet")
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(
            outlet_reading.log(reader, outlet, state, call.query_id("cursor"), limit, mail=mail)
        )


def resend(call: Call) -> Response:
    """Queue deliveries anew that were given up."""
    ids = call.take_ids("ids", MAX_IDS)
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        return json_response({"count": outlets.resend(unit, ids)})


def _setting(call: Call, before: Any) -> Setting:
    """What the body says over what is there. Raises BadRequest."""
    chosen = {
        name: frozenset(call.take_texts(name)) if name in call.body() else frozenset(before[name])
        for name in ("kinds", "roles")
    }
    known = {
        name: frozenset(call.take_ids(name, MAX_CHOSEN))
        if name in call.body()
        else frozenset(one["id"] for one in before[name])
        for name in ("teams", "people")
    }
    return Setting(
        name=call.take("name", str, before["name"]),
        kind=call.take("kind", str, before["kind"]),
        address=call.take("address", str, "").strip(),
        secret=call.take("secret", str, "").strip(),
        locale=call.take("locale", str, before["locale"]),
        active=call.take("active", bool, before["active"]),
        urgent_only=call.take("urgent_only", bool, before["urgent_only"]),
        kinds=chosen["kinds"],
        roles=chosen["roles"],
        teams=known["teams"],
        people=known["people"],
    )


_FRESH = {
    "name": "",
    "kind": "",
    "locale": "zh-CN",
    "active": True,
    "urgent_only": False,
    "kinds": (),
    "roles": (),
    "teams": (),
    "people": (),
}
_TEXTS = {"type": "array", "maxItems": MAX_CHOSEN, "items": {"type": "string"}}
_IDS = {"type": "array", "maxItems": MAX_CHOSEN, "items": {"type": "string", "format": "uuid"}}
_MEMBERS = {
    "name": {"type": "string", "minLength": 1, "maxLength": MAX_NAME},
    "kind": {"enum": list(KINDS)},
    "address": {"type": "string", "format": "uri"},
    "secret": {"type": "string", "maxLength": MAX_SECRET},
    "locale": {"enum": list(outlets.LOCALES)},
    "active": {"type": "boolean"},
    "urgent_only": {"type": "boolean"},
    "kinds": _TEXTS,
    "roles": _TEXTS,
    "teams": _IDS,
    "people": _IDS,
}
_MAKE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "kind", "address"],
    "properties": _MEMBERS,
}
_CHANGE = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version"],
    "properties": {"version": {"type": "integer", "minimum": 1}, **_MEMBERS},
}
_RESEND = {
    "type": "object",
    "additionalProperties": False,
    "required": ["ids"],
    "properties": {
        "ids": {"type": "array", "maxItems": MAX_IDS, "items": {"type": "string", "format": "uuid"}}
    },
}
ENDPOINTS = (
    Endpoint("GET", PATH, list_outlets, "Outlets for notifications", TAG),
    Endpoint("POST", PATH, make_outlet, "Make an outlet", TAG, status=201, body=_MAKE),
    Endpoint("PATCH", PATH + "/{id}", change_outlet, "Change an outlet", TAG, body=_CHANGE),
    Endpoint("DELETE", PATH + "/{id}", remove_outlet, "Take an outlet away", TAG, status=204),
    Endpoint("POST", PATH + "/{id}/test", test_outlet, "Send a test message through an outlet", TAG),
    Endpoint(
        "GET",
        LOG,
        list_deliveries,
        "What left through outlets and by e-mail",
        TAG,
        query=("outlet", "state", "cursor", "limit"),
    ),
    Endpoint("POST", LOG + "/resend", resend, "Send again what was given up", TAG, body=_RESEND),
)
