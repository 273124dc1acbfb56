"""Scores over HTTP: how records stand, the board, and tuning."""

from decimal import Decimal
from typing import Any, cast

from starlette.responses import Response

from chengdan.run.holding import require
from chengdan.run.jobs import defer
from chengdan.run.standings import board, record_standing, score_of
from chengdan.run.tuning import Tuned, definition, preview, publish_tuned, restore
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response

TAG = "scores"
JOB = "score"
MAX_NOTE = 500
MAX_SIGNALS = 40
MAX_NUMBER = 10**9


def one_board(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(board(reader, call.path("name"), call.query("group")))


def one_record(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(record_standing(reader, call.path("name"), call.path_id()))


def one_definition(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(definition(reader, call.path("name")))


def try_out(call: Call) -> Response:
    tuned = _tuned(call)
    call.close()
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(preview(reader, call.path("name"), tuned))


def publish(call: Call) -> Response:
    tuned, version, note = _tuned(call), call.take_version(), call.take("note", str, "")
    call.close()
    principal = call.visitor.principal
    made = publish_tuned(call.runtime, principal, call.path("name"), tuned, version, note[:MAX_NOTE])
    return json_response({"version": made})


def go_back(call: Call) -> Response:
    version, back, note = call.take_version(), call.take("to", int), call.take("note", str, "")
    call.close()
    principal = call.visitor.principal
    made = restore(call.runtime, principal, call.path("name"), back, version, note[:MAX_NOTE])
    return json_response({"version": made})


def recompute(call: Call) -> Response:
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        require(unit, "publish")
        job = defer(unit, JOB, {"score": score_of(unit, call.path("name")).name})
    return json_response({"job": job}, 202)


def _tuned(call: Call) -> Tuned:
    signals = {}
    given = call.take("signals", dict)
    if len(given) > MAX_SIGNALS:
        raise bad_request("signals", f"最多 {MAX_SIGNALS} 个信号", f"at most {MAX_SIGNALS} signals")
    for name, one in given.items():
        if not isinstance(one, dict) or set(one) != {"weight", "bad", "good"}:
            raise bad_request(
                f"signals.{name}", "应有 weight、bad、good", "weight, bad and good are expected"
            )
        weight, bad, good = (_number(f"signals.{name}.{key}", one[key]) for key in ("weight", "bad", "good"))
        signals[name] = (weight, bad, good)
    red, green = (_number(name, call.take(name, cast(type[Any], object))) for name in ("red", "green"))
    calibrate = call.body().pop("calibrate", True)
    if not isinstance(calibrate, bool):
        raise bad_request("calibrate", "应是 true 或 false", "true or false is expected")
    return Tuned(signals, red, green, calibrate)


def _number(path: str, value: Any) -> float:
    fits = isinstance(value, int | float | Decimal) and not isinstance(value, bool)
    if not fits or abs(value) > MAX_NUMBER:
        raise bad_request(path, "应是数字", "a number is expected")
    return float(value)


_NUMBERS = {
    "type": "object",
    "required": ["weight", "bad", "good"],
    "additionalProperties": False,
    "properties": {name: {"type": "number"} for name in ("weight", "bad", "good")},
}
_TUNED = {
    "signals": {"type": "object", "additionalProperties": _NUMBERS},
    "red": {"type": "number"},
    "green": {"type": "number"},
    "calibrate": {"type": "boolean"},
}


def _body(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
    }


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/scores/{name}",
        one_board,
        "Records within reach by the colour of a score, and what changed in a week",
        TAG,
        query=("group",),
    ),
    Endpoint("GET", "/api/scores/{name}/records/{id}", one_record, "How a record stands, and why", TAG),
    Endpoint("GET", "/api/scores/{name}/definition", one_definition, "What a score is made of", TAG),
    Endpoint(
        "POST",
        "/api/scores/{name}/preview",
        try_out,
        "What other weights and thresholds would change",
        TAG,
        reads=True,
        body=_body(["signals", "red", "green"], **_TUNED),
    ),
    Endpoint(
        "POST",
        "/api/scores/{name}/publish",
        publish,
        "Publish other weights and thresholds",
        TAG,
        body=_body(
            ["signals", "red", "green", "version"],
            **_TUNED,
            version={"type": "integer"},
            note={"type": "string"},
        ),
    ),
    Endpoint(
        "POST",
        "/api/scores/{name}/restore",
        go_back,
        "Publish a score as it was in an earlier version",
        TAG,
        body=_body(
            ["to", "version"],
            to={"type": "integer"},
            version={"type": "integer"},
            note={"type": "string"},
        ),
    ),
    Endpoint(
        "POST",
        "/api/scores/{name}/recompute",
        recompute,
        "Work out a score for every record, as a job",
        TAG,
        status=202,
    ),
)
