"""Saved views, and expressions while they are being written."""

from typing import Any

from starlette.responses import Response

from chengdan.base.errors import ChengdanError
from chengdan.kernel.look import (
    CARDS,
    DENSITIES,
    DRAWN_FROM,
    MAX_COLUMNS,
    MAX_FILTER,
    MAX_NAME,
    WIDTHS,
    Shared,
)
from chengdan.run import views
from chengdan.run.checking import check_filter
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.problem import reason_json

TAG = "views"
ALL = "/api/views"
ONE = ALL + "/{id}"


def list_views(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        found = views.list_views(reader, call.query("object"))
    for item in found["items"]:
        _say(call, item)
    return json_response(found)


def create_view(call: Call) -> Response:
    object, name = call.take("object", str), call.take("name", str)
    definition, shared = call.take("definition", dict), _shared(call) or Shared.NONE
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        view = views.create_view(unit, object, name, definition, shared)
        found = views.view_json(unit, view)
    return json_response(_say(call, found), 201, {"location": f"{ALL}/{view.id}"})


def change_view(call: Call) -> Response:
    id, version = call.path_id(), call.take_version()
    asked = call.body()
    name = call.take("name", str) if "name" in asked else None
    definition = call.take("definition", dict) if "definition" in asked else None
    shared = _shared(call)
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        view = views.change_view(unit, id, version, name=name, definition=definition, shared=shared)
        found = views.view_json(unit, view)
    return json_response(_say(call, found))


def remove_view(call: Call) -> Response:
    with call.runtime.unit(call.visitor.principal) as unit:
        views.remove_view(unit, call.path_id())
    return Response(status_code=204)


def choose_default(call: Call) -> Response:
    object, view = call.take("object", str), call.take("view", str, "")
    call.close()
    with call.runtime.unit(call.visitor.principal) as unit:
        views.choose_default(unit, object, view)
    return Response(status_code=204)


def check_expression(call: Call) -> Response:
    """Whether a text is a filter that the visitor may use, and everything that is wrong with it."""
    object, text = call.take("object", str), call.take("text", str)
    call.close()
    if len(text) > MAX_FILTER:
        raise bad_request("text", f"最多 {MAX_FILTER} 个字", f"at most {MAX_FILTER} characters")
    with call.runtime.reader(call.visitor.principal) as reader:
        found = check_filter(reader, object, text)
    return json_response({"ok": not found, "errors": _reasons(call, found, object)})


def _say(call: Call, view: dict[str, Any]) -> dict[str, Any]:
    """The view with its problems in the visitor's language."""
    view["problems"] = _reasons(call, view["problems"], view["object"])
    return view


def _reasons(call: Call, errors: list[ChengdanError], object: str) -> list[dict[str, Any]]:
    return [reason_json(error, call.locale, call.runtime.snapshot, object) for error in errors]


def _shared(call: Call) -> Shared | None:
    if "shared" not in call.body():
        return None
    text = call.take("shared", str)
    if text not in set(Shared):
        raise bad_request("shared", "应是 none、team、everyone 之一", "none, team or everyone is expected")
    return Shared(text)


def _numbers(within: range) -> dict[str, Any]:
    number = {"type": "integer", "minimum": within[0], "maximum": within[-1]}
    return {"type": "object", "maxProperties": MAX_COLUMNS, "additionalProperties": number}


_TEXT = {"type": "string", "maxLength": 60}
_LOOK = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "kind": _TEXT,
        "filter": {"type": "string", "maxLength": MAX_FILTER},
        "sort": {"type": "string", "maxLength": 300},
        "columns": {"type": "array", "maxItems": MAX_COLUMNS, "items": _TEXT},
        **dict.fromkeys(DRAWN_FROM, _TEXT),
        "strict_limits": {"type": "boolean"},
        "limits": _numbers(CARDS),
        "group_by": _TEXT,
        "density": {"enum": list(DENSITIES)},
        "widths": _numbers(WIDTHS),
    },
}
_NAME = {"type": "string", "minLength": 1, "maxLength": MAX_NAME}
_SHARED = {"enum": list(Shared)}
_OBJECT = {"type": "string"}


def _body(required: list[str], **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": properties,
    }


ENDPOINTS = (
    Endpoint("GET", ALL, list_views, "Saved views", TAG, query=("object",)),
    Endpoint(
        "POST",
        ALL,
        create_view,
        "Save a view",
        TAG,
        status=201,
        body=_body(
            ["object", "name", "definition"], object=_OBJECT, name=_NAME, definition=_LOOK, shared=_SHARED
        ),
    ),
    Endpoint(
        "POST",
        f"{ALL}/default",
        choose_default,
        "Choose the view that an object starts with",
        TAG,
        status=204,
        body=_body(["object"], object=_OBJECT, view=_OBJECT),
    ),
    Endpoint(
        "PATCH",
        ONE,
        change_view,
        "Change a saved view",
        TAG,
        body=_body(
            ["version"],
            version={"type": "integer", "minimum": 1},
            name=_NAME,
            definition=_LOOK,
            shared=_SHARED,
        ),
    ),
    Endpoint("DELETE", ONE, remove_view, "Delete a saved view", TAG, status=204),
    Endpoint(
        "POST",
        "/api/expressions/check",
        check_expression,
        "Check a filter while it is being written",
        TAG,
        reads=True,
        body=_body(["object", "text"], object=_OBJECT, text={"type": "string", "maxLength": MAX_FILTER}),
    ),
)
