"""Finding records and figures over them: pickers, the directory of people, search, aggregates."""

from typing import Any

import orjson
from starlette.responses import Response

from chengdan.run import read
from chengdan.run.people import directory
from chengdan.run.read import Measure
from chengdan.web.call import Call, bad_request, read_text
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.records import ALL, MAX_Q, TAG

DEFAULT_OPTIONS = 20
FOUND_PER_OBJECT = 6


def options(call: Call) -> Response:
    q, limit = _asked(call, DEFAULT_OPTIONS)
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": read.options(reader, call.path("object"), q, limit)})


def search(call: Call) -> Response:
    q, limit = _asked(call, FOUND_PER_OBJECT)
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": read.search(reader, q, limit)})


def users(call: Call) -> Response:
    """The people that a picker offers, each with the team."""
    q, limit = _asked(call, DEFAULT_OPTIONS)
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(directory(reader, q, limit))


def _asked(call: Call, default: int) -> tuple[str, int]:
    limit = call.query_integer("limit", default)
    if not 1 <= limit <= read.MAX_LIMIT:
        raise bad_request("limit", f"limit 应为 1–{read.MAX_LIMIT}", f"limit must be 1–{read.MAX_LIMIT}")
    return call.query("q")[:MAX_Q], limit


def aggregate(call: Call) -> Response:
    """Figures per group; see `run.read.aggregate`."""
    group_by, measures = call.take_texts("group_by"), call.take("measures", list, [{"fn": "count"}])
    filter, view = call.take("filter", str, ""), call.take("view", str, "")
    limit, archived = call.take("limit", int, read.MAX_ROWS), call.take("archived", bool, False)
    q = read_text("q", call.take("q", str, ""))[:MAX_Q]
    call.close()
    wanted = [_measure(item) for item in measures]
    with call.runtime.reader(call.visitor.principal) as reader:
        found = read.aggregate(reader, call.path("object"), group_by, wanted, filter, view, limit, q=q, archived=archived)  # fmt: skip
    rows = [orjson.Fragment(row[0]) for row in found.rows]
    return json_response({"rows": rows, "at": found.at, "renewing": found.renewing})


def _measure(item: Any) -> Measure:
    if not isinstance(item, dict) or not item.keys() <= {"fn", "field"}:
        raise bad_request("measures", "指标应是 {fn, field}", "a measure is {fn, field}")
    return Measure(read_text("measures", item.get("fn", "")), read_text("measures", item.get("field", "")))


_AGGREGATE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "group_by": {"type": "array", "maxItems": 4, "items": {"type": "string"}},
        "measures": {
            "type": "array",
            "minItems": 1,
            "maxItems": 10,
            "items": {
                "type": "object",
                "required": ["fn"],
                "additionalProperties": False,
                "properties": {"fn": {"enum": list(read.MEASURES)}, "field": {"type": "string"}},
            },
        },
        "filter": {"type": "string"},
        "view": {"type": "string"},
        "q": {"type": "string", "maxLength": MAX_Q},
        "archived": {"type": "boolean"},
        "limit": {"type": "integer", "minimum": 1, "maximum": read.MAX_ROWS},
    },
}
_PICK = ("q", "limit")
ENDPOINTS = (
    Endpoint("GET", f"{ALL}/options", options, "Records to pick from", TAG, query=_PICK, per_object=True),
    Endpoint(
        "POST",
        f"{ALL}/aggregate",
        aggregate,
        "Figures over records",
        TAG,
        reads=True,
        per_object=True,
        body=_AGGREGATE,
    ),
    Endpoint("GET", "/api/search", search, "Search everything", TAG, query=_PICK),
    Endpoint("GET", "/api/users", users, "People to pick from", TAG, query=_PICK),
)
