"""Process analysis: the report of a pipeline, its map, two periods compared, what is skipped, and the records behind figures."""

from typing import Any

from starlette.responses import Response

from chengdan.run.holding import require
from chengdan.run.mining.asking import Asked, Period, ask, period_of
from chengdan.run.mining.comparing import compare
from chengdan.run.mining.exporting import request_log
from chengdan.run.mining.hardening import PUBLISH, preview, set_hardness
from chengdan.run.mining.report import map_of, records_behind, report
from chengdan.run.mining.skipping import skipping
from chengdan.store.mining.figure import Figure
from chengdan.store.unit import Unit
from chengdan.web.call import Call, bad_request, read_instant
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.records import MAX_FILTER

TAG = "process"
ONE = "/api/process/{pipeline}"
STEP = ONE + "/steps/{step}"
_SAMPLE = ("since", "until", "filter")


def _asked(call: Call, reader: Unit) -> Asked:
    """What is asked, as the query says it."""
    if len(call.query("filter")) > MAX_FILTER:
        raise bad_request("filter", "筛选过长", "the filter is too long")
    since, until = (read_instant(name, call.query(name)) for name in ("since", "until"))
    return ask(reader, call.path("pipeline"), since, until, call.query("filter"))


def _span(asked: Asked) -> dict[str, Any]:
    return {"since": asked.period.since, "until": asked.period.until}


def whole_report(call: Call) -> Response:
    """Outcome, stages, flow and sub-steps over the period."""
    with call.runtime.reader(call.visitor.principal) as reader:
        asked = _asked(call, reader)
        return json_response({**_span(asked), **report(asked)})


def process_map(call: Call) -> Response:
    """The directly-follows graph of stages, with `substeps` of what was done in them too."""
    with call.runtime.reader(call.visitor.principal) as reader:
        asked = _asked(call, reader)
        return json_response({**_span(asked), **map_of(asked, call.query_flag("substeps"))})


def comparison(call: Call) -> Response:
    """The period against an earlier one; without one against that of the same length just before."""
    earlier = [read_instant(name, call.query(name)) for name in ("before_since", "before_until")]
    with call.runtime.reader(call.visitor.principal) as reader:
        asked = _asked(call, reader)
        before = asked.period.before()
        if any(earlier):
            chosen = period_of(asked.period.since, *earlier)
            before = Period(chosen.since, chosen.until)
        return json_response(compare(asked, before))


def step(call: Call) -> Response:
    """Who skipped a deliverable, and what became of records with it and without it."""
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(skipping(_asked(call, reader), call.path("step")))


def records(call: Call) -> Response:
    """The records that a figure of the report counts."""
    figure = Figure(*(call.query(name) for name in ("measure", "stage", "to", "step")))
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(records_behind(_asked(call, reader), figure))


def hardness(call: Call) -> Response:
    """What a hard gate would have held up."""
    with call.runtime.reader(call.visitor.principal) as reader:
        require(reader, PUBLISH)
        return json_response(preview(_asked(call, reader), call.path("step")))


def harden(call: Call) -> Response:
    """Make a deliverable hard, or soft again: publishes the pipeline."""
    hard = call.take("hard", bool)
    call.close()
    snapshot = set_hardness(
        call.runtime, call.visitor.principal, call.path("pipeline"), call.path("step"), hard
    )
    return json_response({"version": snapshot.version, "hard": hard})


def export(call: Call) -> Response:
    """The event log as XES or OCEL 2.0, made by a job."""
    format, filter = call.take("format", str), call.take("filter", str, "")
    since, until = (read_instant(name, call.take(name, str, "")) for name in ("since", "until"))
    call.close()
    if len(filter) > MAX_FILTER:
        raise bad_request("filter", "筛选过长", "the filter is too long")
    with call.runtime.unit(call.visitor.principal) as unit:
        id = request_log(ask(unit, call.path("pipeline"), since, until, filter), format, filter)
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


_EXPORT = {
    "type": "object",
    "required": ["format"],
    "additionalProperties": False,
    "properties": {"format": {"enum": ["xes", "ocel"]}, **{name: {"type": "string"} for name in _SAMPLE}},
}
_HARD = {
    "type": "object",
    "required": ["hard"],
    "additionalProperties": False,
    "properties": {"hard": {"type": "boolean"}},
}
ENDPOINTS = (
    Endpoint("GET", ONE + "/report", whole_report, "Conversion, dwell and flow of a pipeline", TAG, query=_SAMPLE),
    Endpoint("GET", ONE + "/map", process_map, "What follows what in a pipeline", TAG, query=(*_SAMPLE, "substeps")),
    Endpoint(
        "GET",
        ONE + "/comparison",
        comparison,
        "Two periods of a pipeline compared",
        TAG,
        query=(*_SAMPLE, "before_since", "before_until"),
    ),
    Endpoint(
        "GET",
        ONE + "/records",
        records,
        "The records behind a figure",
        TAG,
        query=(*_SAMPLE, "measure", "stage", "to", "step"),
    ),
    Endpoint("GET", STEP, step, "Who skips a deliverable, and its effect", TAG, query=_SAMPLE),
    Endpoint("GET", STEP + "/hard", hardness, "What a hard gate would have held up", TAG, query=_SAMPLE),
    Endpoint("POST", STEP + "/hard", harden, "Make a deliverable hard or soft", TAG, body=_HARD),
    Endpoint("POST", ONE + "/export", export, "The event log as XES or OCEL 2.0", TAG, reads=True, status=202, body=_EXPORT),
)  # fmt: skip
