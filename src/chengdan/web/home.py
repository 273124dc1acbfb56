"""The home: all panels of the visitor in one answer."""

import os
import tempfile
from pathlib import Path
from typing import Any, cast
from zoneinfo import ZoneInfo

from starlette.responses import Response

from chengdan.run.exporting import request_panel
from chengdan.run.home import Answer, Asked, answer_home
from chengdan.run.meeting import write_panel
from chengdan.run.people import team_name
from chengdan.run.read import MAX_LIMIT
from chengdan.run.tabular import TableFormat
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.exports import MEDIA_TYPES
from chengdan.web.files import attachment
from chengdan.web.problem import as_error, reason_json

TAG = "home"
_WHOSE = ("mine", "all")
AT_ONCE = 5_000
"""Up to how many records a file comes as the answer itself."""


def home(call: Call) -> Response:
    """What the panels show, each on its own: one that fails says why in its place."""
    whose, limit = call.query("whose"), call.query_integer("limit", 0)
    if whose and whose not in _WHOSE:
        raise bad_request("whose", "应是 mine 或 all", "mine or all is expected")
    if not 0 <= limit <= MAX_LIMIT:
        raise bad_request("limit", f"limit 应为 1–{MAX_LIMIT}", f"limit must be 1–{MAX_LIMIT}")
    asked = Asked(frozenset(call.query_list("panels")), whose == "mine", limit or None)
    with call.runtime.reader(call.visitor.principal) as reader:
        found = answer_home(reader, asked)
        team = team_name(reader, call.visitor.team)
    return json_response(
        {
            "at": reader.now,
            "whose": "mine" if found.mine else "all",
            "person": call.visitor.principal.name,
            "team": team,
            "panels": {name: _shown(call, answer) for name, answer in found.panels.items()},
        }
    )


def _shown(call: Call, answer: Answer) -> Any:
    if not isinstance(answer, Exception):
        return answer
    return {"error": reason_json(as_error(answer), call.locale)}


def export(call: Call) -> Response:
    """A list of the home as a file, with what each record lacks for its next stage. Longer ones than AT_ONCE are jobs."""
    format, whose = call.query("format", "xlsx"), call.query("whose")
    if format not in MEDIA_TYPES:
        raise bad_request("format", "格式应为 csv 或 xlsx", "the format is csv or xlsx")
    handle, name = tempfile.mkstemp(prefix="chengdan-panel-")
    os.close(handle)
    path = Path(name)
    try:
        with call.runtime.reader(call.visitor.principal) as reader:
            mine = whose == "mine"
            write_panel(reader, call.path("panel"), mine, path, cast(TableFormat, format), AT_ONCE)
            label = reader.snapshot.panels[call.path("panel")].label.text(call.locale)
            day = reader.now.astimezone(ZoneInfo(reader.principal.time_zone)).date()
        content = path.read_bytes()
    finally:
        path.unlink(missing_ok=True)
    return Response(content, 200, attachment(f"{label} {day}.{format}"), media_type=MEDIA_TYPES[format])


def start_export(call: Call) -> Response:
    """Ask for a list of the home of any length as a file: 202 with the job that makes it."""
    format, whose = call.take("format", str, "xlsx"), call.take("whose", str, "")
    call.close()
    if format not in MEDIA_TYPES:
        raise bad_request("format", "格式应为 csv 或 xlsx", "the format is csv or xlsx")
    with call.runtime.unit(call.visitor.principal) as unit:
        id = request_panel(unit, call.path("panel"), whose == "mine", cast(TableFormat, format))
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


_EXPORT = {
    "type": "object",
    "additionalProperties": False,
    "properties": {"format": {"enum": list(MEDIA_TYPES)}, "whose": {"enum": ["", *_WHOSE]}},
}
ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/home/{panel}/export",
        start_export,
        "Export a list of the own home as a job",
        TAG,
        reads=True,
        status=202,
        body=_EXPORT,
    ),
    Endpoint(
        "GET",
        "/api/home/{panel}/export",
        export,
        "A list of the own home as a file",
        TAG,
        query=("format", "whose"),
        media_type=MEDIA_TYPES["xlsx"],
    ),
    Endpoint(
        "GET",
        "/api/home",
        home,
        "What the panels of the own home show",
        TAG,
        query=("whose", "panels", "limit"),
    ),
)
