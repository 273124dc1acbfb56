"""Log-in, log-out, who am I, passwords and API tokens."""

from contextlib import suppress
from dataclasses import asdict
from typing import Any

from starlette.responses import Response

from chengdan.kernel.access import PERMISSIONS
from chengdan.run.action import apply
from chengdan.run.commands import Update
from chengdan.run.following import automation
from chengdan.run.live import place
from chengdan.run.sessions import SCOPES, NotLoggedIn, SessionNeeded, Visitor
from chengdan.web.call import Call, bad_request, read_instant
from chengdan.web.endpoint import COOKIE, Endpoint, json_response, known_visitor

TAG = "auth"
MAX_TOKEN_NAME = 100
MAX_AGENT = 300


def log_in(call: Call) -> Response:
    username, password = call.take("username", str), call.take("password", str)
    call.close()
    address = call.request.client.host if call.request.client else ""
    agent = call.request.headers.get("user-agent", "")[:MAX_AGENT]
    token, visitor = call.doorman.log_in(username, password, address, agent)
    response = json_response({"user": person(visitor), "csrf_token": visitor.csrf_token})
    config = call.runtime.config
    response.set_cookie(
        COOKIE,
        token,
        max_age=config.session_days * 86_400,
        httponly=True,
        samesite="lax",
        secure=config.secure_cookies,
    )
    return response


def log_out(call: Call) -> Response:
    """End the session; one that has ended already is fine."""
    with suppress(NotLoggedIn):
        visitor = known_visitor(call.doorman, call.request)
        if visitor.by_session:
            call.doorman.log_out(visitor)
    response = Response(status_code=204)
    response.delete_cookie(COOKIE)
    return response


def me(call: Call) -> Response:
    """Who is logged in; `place` is from where to listen to /api/live, so that nothing is missed after this answer."""
    visitor = call.visitor
    snapshot = call.runtime.snapshot
    permissions = [name for name in PERMISSIONS if snapshot.permitted(visitor.principal, name)]
    return json_response(
        {
            "user": person(visitor),
            "csrf_token": visitor.csrf_token,
            "permissions": permissions,
            "demo": call.runtime.demo,
            "place": place(call.runtime),
        }
    )


def change_me(call: Call) -> Response:
    """Own settings; everybody may change them, whatever their role says about users."""
    locale = call.take("locale", str)
    call.close()
    principal = call.visitor.principal
    with call.runtime.unit(automation(principal)) as unit:
        apply(unit, Update("user", principal.user, None, {"locale": locale}))
    call.doorman.forget()
    return json_response({"user": person(call.doorman.still_there(call.visitor))})


def change_password(call: Call) -> Response:
    _require_session(call)
    old, new = call.take("old", str), call.take("new", str)
    call.close()
    call.doorman.change_password(call.visitor, old, new)
    return Response(status_code=204)


def list_sessions(call: Call) -> Response:
    _require_session(call)
    return json_response({"items": [asdict(session) for session in call.doorman.sessions(call.visitor)]})


def end_session(call: Call) -> Response:
    _require_session(call)
    call.doorman.end_session(call.visitor, call.path("id"))
    return Response(status_code=204)


def list_tokens(call: Call) -> Response:
    _require_session(call)
    return json_response({"items": call.doorman.list_tokens(call.visitor)})


def create_token(call: Call) -> Response:
    _require_session(call)
    name, expires = call.take("name", str).strip(), call.take("expires_at", str, "")
    scopes = call.take_texts("scopes") if "scopes" in call.body() else None
    call.close()
    if not 0 < len(name) <= MAX_TOKEN_NAME:
        raise bad_request(
            "name", f"名称应为 1–{MAX_TOKEN_NAME} 个字", f"a name has 1–{MAX_TOKEN_NAME} characters"
        )
    if scopes is not None and not (scopes and all(scope in SCOPES for scope in scopes)):
        raise bad_request("scopes", "可选：read、write", "read and write are possible")
    id, token = call.doorman.create_token(
        call.visitor.principal, name, scopes, read_instant("expires_at", expires)
    )
    return json_response({"id": id, "token": token}, 201)


def revoke_token(call: Call) -> Response:
    _require_session(call)
    call.doorman.revoke_token(call.visitor, call.path_id())
    return Response(status_code=204)


def _require_session(call: Call) -> None:
    """Passwords and tokens are looked after by people. Raises SessionNeeded."""
    if not call.visitor.by_session:
        raise SessionNeeded()


def person(visitor: Visitor) -> dict[str, Any]:
    """The visitor's own data."""
    principal = visitor.principal
    return {
        "id": principal.user,
        "name": principal.name,
        "username": visitor.username,
        "roles": sorted(principal.roles),
        "team": visitor.team,
        "locale": principal.locale,
        "time_zone": principal.time_zone,
    }


_STRING = {"type": "string"}


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/auth/login",
        log_in,
        "Log in",
        TAG,
        public=True,
        body=_object(["username", "password"], username=_STRING, password=_STRING),
    ),
    Endpoint("POST", "/api/auth/logout", log_out, "Log out", TAG, public=True, status=204),
    Endpoint("GET", "/api/me", me, "Who is logged in", TAG),
    Endpoint(
        "PATCH",
        "/api/me",
        change_me,
        "Change own settings",
        TAG,
        body=_object(["locale"], locale={"enum": ["zh-CN", "en"]}),
    ),
    Endpoint(
        "POST",
        "/api/auth/password",
        change_password,
        "Change own password",
        TAG,
        status=204,
        body=_object(["old", "new"], old=_STRING, new=_STRING),
    ),
    Endpoint("GET", "/api/sessions", list_sessions, "Own sessions", TAG),
    Endpoint("DELETE", "/api/sessions/{id}", end_session, "End one of one's own sessions", TAG, status=204),
    Endpoint("GET", "/api/tokens", list_tokens, "Own API tokens", TAG),
    Endpoint(
        "POST",
        "/api/tokens",
        create_token,
        "Make an API token; its text is shown once",
        TAG,
        status=201,
        body=_object(
            ["name"],
            name={"type": "string", "minLength": 1, "maxLength": 100},
            expires_at={"type": "string", "format": "date-time"},
            scopes={"type": "array", "minItems": 1, "items": {"enum": list(SCOPES)}},
        ),
    ),
    Endpoint("DELETE", "/api/tokens/{id}", revoke_token, "Revoke an API token", TAG, status=204),
)
