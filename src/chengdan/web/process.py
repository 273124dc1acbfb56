"""The process: moving records through their pipeline, what a move needs, and sub-steps."""

from typing import Any

from starlette.responses import Response

from chengdan.run.commands import Move, Tick
from chengdan.run.explain import move_verdict, pipeline_state
from chengdan.web.endpoint import Call, Endpoint, json_response
from chengdan.web.problem import reason_json
from chengdan.web.records import ONE, cause, perform

TAG = "process"


def move(call: Call) -> Response:
    to, version = call.take("to", str), call.take_version()
    reason, override = call.take("reason", str, ""), call.take("override_reason", str, "")
    call.take("pipeline", str, "")
    call.close()
    return perform(call, Move(call.path("object"), call.path_id(), version, to, reason, override))


def gate(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(_gate(call, reader))


def _gate(call: Call, reader: Any) -> dict[str, Any]:
    to = call.query("to")
    if not to:
        return dict(pipeline_state(reader, call.path("object"), call.path_id()))
    verdict = dict(move_verdict(reader, call.path("object"), call.path_id(), to))
    verdict["reasons"] = [reason_json(unmet, call.locale) for unmet in verdict["reasons"]]
    return verdict


def substep(call: Call) -> Response:
    name, done = call.take("name", str), call.take("done", bool, True)
    call.close()
    call.runtime.act(
        call.visitor.principal, Tick(call.path("object"), call.path_id(), name, done), cause(call)
    )
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(pipeline_state(reader, call.path("object"), call.path_id()))


_TEXT = {"type": "string"}
_MOVE = {
    "type": "object",
    "required": ["to", "version"],
    "additionalProperties": False,
    "properties": {
        "to": _TEXT,
        "version": {"type": "integer"},
        "reason": _TEXT,
        "override_reason": _TEXT,
        "pipeline": _TEXT,
    },
}
_SUBSTEP = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {"name": _TEXT, "done": {"type": "boolean"}},
}
ENDPOINTS = (
    Endpoint("POST", ONE + "/move", move, "Move a record to a stage", TAG, per_object=True, body=_MOVE),
    Endpoint(
        "GET",
        ONE + "/gate",
        gate,
        "What a move needs; without `to`, how the record stands",
        TAG,
        query=("to",),
        per_object=True,
    ),
    Endpoint("POST", ONE + "/substeps", substep, "Tick a sub-step", TAG, per_object=True, body=_SUBSTEP),
)
