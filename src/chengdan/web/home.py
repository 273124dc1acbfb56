"""The home: all panels of the visitor in one answer."""

from typing import Any

from starlette.responses import Response

from chengdan.run.home import Answer, Asked, answer_home
from chengdan.run.people import team_name
from chengdan.run.read import MAX_LIMIT
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.problem import as_error, reason_json

TAG = "home"
_WHOSE = ("mine", "all")


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


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/home",
        home,
        "What the panels of the own home show",
        TAG,
        query=("whose", "panels", "limit"),
    ),
)
