"""How people are let in: links to set a password, sessions that are ended."""

from starlette.responses import Response

from chengdan.run.admitting import end_sessions, log_in_state, make_link, use_link, whose_link
from chengdan.run.sessions import SessionNeeded
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint, json_response

TAG = "people"


def state(call: Call) -> Response:
    id = call.path_id()
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(log_in_state(reader, id))


def link(call: Call) -> Response:
    """A link by which the person sets a password; its token is shown once."""
    _require_session(call)
    id = call.path_id()
    call.close()
    with call.runtime.unit(call.visitor.principal, "page") as unit:
        token, until = make_link(unit, id)
    return json_response({"token": token, "path": f"/welcome#{token}", "expires_at": until}, 201)


def log_out_everywhere(call: Call) -> Response:
    _require_session(call)
    id = call.path_id()
    with call.runtime.unit(call.visitor.principal, "page") as unit:
        ended = end_sessions(unit, id)
    call.doorman.forget()
    return json_response({"ended": ended})


def welcome(call: Call) -> Response:
    """Whom a link is for."""
    token = call.take("token", str)
    call.close()
    person = whose_link(call.doorman, token)
    return json_response({"name": person.name, "locale": person.locale})


def set_password(call: Call) -> Response:
    """Set the password that the holder of a link chose."""
    token, password = call.take("token", str), call.take("password", str)
    call.close()
    use_link(call.doorman, token, password)
    return Response(status_code=204)


def _require_session(call: Call) -> None:
    """Log-ins are looked after by people. Raises SessionNeeded."""
    if not call.visitor.by_session:
        raise SessionNeeded()


_TEXT = {"type": "string"}


def _body(*names: str) -> dict[str, object]:
    properties = dict.fromkeys(names, _TEXT)
    return {
        "type": "object",
        "required": list(names),
        "additionalProperties": False,
        "properties": properties,
    }


_ONE = "/api/people/{id}/log-in"
ENDPOINTS = (
    Endpoint("GET", _ONE, state, "How somebody logs in", TAG),
    Endpoint("POST", f"{_ONE}/link", link, "Make a link to set a password", TAG, status=201),
    Endpoint("DELETE", f"{_ONE}/sessions", log_out_everywhere, "Log somebody out everywhere", TAG),
    Endpoint("POST", "/api/auth/link", welcome, "Whom a link is for", TAG, public=True, body=_body("token")),
    Endpoint(
        "POST",
        "/api/auth/link/password",
        set_password,
        "Set a password by a link",
        TAG,
        public=True,
        status=204,
        body=_body("token", "password"),
    ),
)
