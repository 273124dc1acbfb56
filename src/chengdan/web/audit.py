"""The audit trail: its events, its proof, and a file of it."""

from typing import cast

from starlette.responses import Response

from chengdan.kernel.event import EventKind
from chengdan.run.audit import DEFAULT_LIMIT, AuditQuery, audit_events
from chengdan.run.auditing import request_trail, request_verification
from chengdan.run.tabular import TableFormat
from chengdan.web.call import Call, bad_request, read_id, read_instant, read_text
from chengdan.web.endpoint import Endpoint, json_response

TAG = "audit"
FORMATS = ("csv", "xlsx")
_FILTERS = ("since", "until", "actor", "object", "record", "kind", "cause")


def events(call: Call) -> Response:
    """One page of the trail."""
    query = AuditQuery(
        since=read_instant("since", call.query("since")),
        until=read_instant("until", call.query("until")),
        actor=call.query_id("actor"),
        object=call.query("object"),
        record=call.query_id("record"),
        kind=call.query("kind"),
        cause=call.query("cause"),
        cursor=call.query("cursor"),
        limit=call.query_integer("limit", DEFAULT_LIMIT),
    )
    with call.runtime.reader(call.visitor.principal) as reader:
        page = audit_events(reader, query)
    return json_response({"items": page.items, "next_cursor": page.next_cursor})


def verify(call: Call) -> Response:
    """Recompute the chain of seals as a job."""
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        id = request_verification(unit)
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


def export(call: Call) -> Response:
    """The events that a filter finds as a file, made by a job."""
    format, given = call.take("format", str, "csv"), call.take("filter", dict, {})
    call.close()
    if format not in FORMATS:
        raise bad_request("format", "格式应为 csv 或 xlsx", "the format is csv or xlsx")
    query = _read_filter(given)
    with call.runtime.unit(call.visitor.principal) as unit:
        id = request_trail(unit, query, cast(TableFormat, format))
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


def _read_filter(given: dict[str, object]) -> AuditQuery:
    for name in given:
        if name not in _FILTERS:
            raise bad_request("filter", f"不认识“{name}”", f"`{name}` is not known")
    text = {name: read_text(name, given.get(name) or "") for name in _FILTERS}
    return AuditQuery(
        since=read_instant("since", text["since"]),
        until=read_instant("until", text["until"]),
        actor=read_id("actor", text["actor"]) if text["actor"] else None,
        object=text["object"],
        record=read_id("record", text["record"]) if text["record"] else None,
        kind=text["kind"],
        cause=text["cause"],
    )


_TEXT = {"type": "string"}
_EXPORT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "format": {"enum": list(FORMATS)},
        "filter": {
            "type": "object",
            "additionalProperties": False,
            "properties": {**dict.fromkeys(_FILTERS, _TEXT), "kind": {"enum": ["", *EventKind]}},
        },
    },
}
ENDPOINTS = (
    Endpoint("GET", "/api/events", events, "The audit trail", TAG, query=(*_FILTERS, "cursor", "limit")),
    Endpoint(
        "POST",
        "/api/events/export",
        export,
        "The audit trail as a file",
        TAG,
        reads=True,
        status=202,
        body=_EXPORT,
    ),
    Endpoint("POST", "/api/events/verify", verify, "Verify the audit trail", TAG, reads=True, status=202),
)
