"""The process: moving records through their pipeline, what a move needs, and sub-steps."""

from uuid import UUID

from starlette.responses import Response

from chengdan.run.commands import Move, Tick
from chengdan.run.explain import move_verdict, pipeline_state
from chengdan.run.people import names_of
from chengdan.store.unit import Unit
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.problem import reason_json
from chengdan.web.records import ONE, cause, perform

TAG = "process"


def move(call: Call) -> Response:
    to, version = call.take("to", str), call.take_version()
    reason, override = call.take("reason", str, ""), call.take("override_reason", str, "")
    call.close()
    return perform(call, Move(call.path("object"), call.path_id(), version, to, reason, override))


def gate(call: Call) -> Response:
    """What the gate would say to a move to `to`; without it, how the record stands in its whole pipeline."""
    id, to, object = call.path_id(), call.query("to"), call.path("object")
    with call.runtime.reader(call.visitor.principal) as reader:
        if not to:
            return _state(reader, object, id)
        verdict = move_verdict(reader, object, id, to)
    reasons = [reason_json(one, call.locale, call.runtime.snapshot, object) for one in verdict["reasons"]]
    return json_response({**verdict, "reasons": reasons})


def substep(call: Call) -> Response:
    id, name, done = call.path_id(), call.take("name", str), call.take("done", bool, True)
    call.close()
    call.runtime.act(call.visitor.principal, Tick(call.path("object"), id, name, done), cause(call))
    with call.runtime.reader(call.visitor.principal) as reader:
        return _state(reader, call.path("object"), id)


def _state(reader: Unit, object: str, id: UUID) -> Response:
    """How a record stands; whoever ticked a sub-step is shown by name."""
    state = pipeline_state(reader, object, id)
    ticked = [item for stage in state["stages"] for item in stage["deliverables"] if item.get("by")]
    names = names_of(reader, [item["by"] for item in ticked])
    for item in ticked:
        item["by"] = {"id": item["by"], "label": names.get(str(item["by"]))}
    return json_response(state)


_TEXT = {"type": "string"}
_MOVE = {
    "type": "object",
    "required": ["to", "version"],
    "additionalProperties": False,
    "properties": {
        "to": _TEXT,
        "version": {"type": "integer", "minimum": 1},
        "reason": _TEXT,
        "override_reason": _TEXT,
    },
}
_SUBSTEP = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {"name": _TEXT, "done": {"type": "boolean"}},
}
ENDPOINTS = (
    Endpoint("POST", f"{ONE}/move", move, "Move a record to a stage", TAG, per_object=True, body=_MOVE),
    Endpoint(
        "GET",
        f"{ONE}/gate",
        gate,
        "What a move needs; without `to`, how the record stands",
        TAG,
        query=("to",),
        per_object=True,
    ),
    Endpoint("POST", f"{ONE}/substeps", substep, "Tick a sub-step", TAG, per_object=True, body=_SUBSTEP),
)
