"""Conflicts of a record and all of them; and what may be there already of a record that is about to be made."""

from starlette.responses import Response

from chengdan.run.commands import Settle
from chengdan.run.conflicts.reading import DEFAULT_LIMIT, Sought, list_conflicts, of_record
from chengdan.run.conflicts.settling import HOWS
from chengdan.run.duplicates import duplicates
from chengdan.run.errors import NotFound
from chengdan.web.call import Call, as_id
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.records import ALL, ONE, TAG, perform


def conflicts_of_record(call: Call) -> Response:
    id = call.path_id()
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": of_record(reader, call.path("object"), id)})


def conflicts(call: Call) -> Response:
    """One page of the conflicts within reach."""
    sought = Sought(
        state=call.query("state", "open"),
        name=call.query("name"),
        cursor=call.query_id("cursor"),
        limit=call.query_integer("limit", DEFAULT_LIMIT),
    )
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(list_conflicts(reader, sought))


def settle(call: Call) -> Response:
    conflict = as_id(call.path("conflict"))
    if conflict is None:
        raise NotFound()
    how, reason = call.take("how", str), call.take("reason", str, "")
    person = call.take_id("person") if "person" in call.body() else None
    call.close()
    return perform(call, Settle(call.path("object"), call.path_id(), conflict, how, reason, person))


def may_exist(call: Call) -> Response:
    """Records that may be the same as the one described."""
    values = call.take("values", dict)
    call.close()
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": duplicates(reader, call.path("object"), values)})


_SETTLE = {
    "type": "object",
    "required": ["how"],
    "additionalProperties": False,
    "properties": {
        "how": {"enum": list(HOWS)},
        "reason": {"type": "string"},
        "person": {"type": "string", "format": "uuid"},
    },
}
_VALUES = {
    "type": "object",
    "required": ["values"],
    "additionalProperties": False,
    "properties": {"values": {"type": "object"}},
}
ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/conflicts",
        conflicts,
        "Conflicts over records within reach",
        TAG,
        query=("state", "name", "cursor", "limit"),
    ),
    Endpoint(
        "GET", f"{ONE}/conflicts", conflicts_of_record, "Open conflicts of a record", TAG, per_object=True
    ),
    Endpoint(
        "POST",
        f"{ONE}/conflicts/{{conflict}}",
        settle,
        "Settle a conflict",
        TAG,
        per_object=True,
        body=_SETTLE,
    ),
    Endpoint(
        "POST",
        f"{ALL}/duplicates",
        may_exist,
        "Records that may be the same as a new one",
        TAG,
        reads=True,
        per_object=True,
        body=_VALUES,
    ),
)
