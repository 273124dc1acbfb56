"""Who may see a record, and why: shares given and taken back, and the explanation for one person."""

from typing import Any
from uuid import UUID

from starlette.responses import Response

from chengdan.base.errors import Locale
from chengdan.kernel.access import Act
from chengdan.run.access import Access, Reason, explain_access
from chengdan.run.commands import Share, Unshare
from chengdan.run.sharing import GRANTEES, shares_of
from chengdan.run.sightings import seen_by
from chengdan.web.call import Call, bad_request, read_instant
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.records import ONE, TAG, perform


def record_access(call: Call) -> Response:
    """Why a user (without one: the visitor) can see the record, or that the user can't."""
    id, user = call.path_id(), call.query_id("user")
    person = call.doorman.principal_of(user) if user else call.visitor.principal
    with call.runtime.reader(call.visitor.principal) as reader:
        found = explain_access(reader, call.path("object"), id, person)
    answer = access_json(found, call.locale)
    return json_response({"person": {"id": person.user, "label": person.name}, **answer})


def access_json(found: Access, locale: Locale) -> dict[str, Any]:
    """An explanation in words of `locale`: `because` says why a record can be seen, `ways` all that was looked at."""
    because = found.because(Act.READ)
    return {
        "allowed": found.may(Act.READ),
        "can_change": found.may(Act.UPDATE),
        "because": [f"{one.role.text(locale)}: {one.text.text(locale)}" for one in because],
        "ways": [_way_json(one, locale) for one in found.reasons],
        "silent": [label.text(locale) for label in found.silent],
    }


def _way_json(reason: Reason, locale: Locale) -> dict[str, Any]:
    return {
        "role": reason.role.text(locale),
        "act": reason.act,
        "scope": reason.scope,
        "holds": reason.holds,
        "in_scope": reason.in_scope,
        "by_rule": reason.by_rule,
        "text": reason.text.text(locale),
        "fact": reason.fact.text(locale),
        "ruled": reason.ruled,
        "where": reason.where,
    }


def share(call: Call) -> Response:
    """Share with a user or a team, for good or until an instant."""
    given = {name: call.take_id(name) for name in GRANTEES if name in call.body()}
    act, until = call.take("act", str, "read"), call.take("until", str, "")
    call.close()
    grantee = _only(given)
    return perform(
        call, Share(call.path("object"), call.path_id(), grantee, act, read_instant("until", until))
    )


def unshare(call: Call) -> Response:
    asked = {name: call.query_id(name) for name in GRANTEES}
    return perform(
        call,
        Unshare(call.path("object"), call.path_id(), _only({name: id for name, id in asked.items() if id})),
    )


def _only(given: dict[str, UUID]) -> UUID:
    if len(given) != 1:
        raise bad_request("user", "应有 user 或 team，二者之一", "either `user` or `team` is expected")
    return next(iter(given.values()))


def shares(call: Call) -> Response:
    id = call.path_id()
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": shares_of(reader, call.path("object"), id)})


def viewers(call: Call) -> Response:
    """Who looked at a record whose object has sensitive fields."""
    id = call.path_id()
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": seen_by(reader, call.path("object"), id)})


_ID = {"type": "string", "format": "uuid"}
_SHARE = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "user": _ID,
        "team": _ID,
        "act": {"enum": ["read", "update"]},
        "until": {"type": "string", "format": "date-time"},
    },
}
ENDPOINTS = (
    Endpoint("GET", f"{ONE}/viewers", viewers, "Who looked at a record", TAG, per_object=True),
    Endpoint(
        "GET",
        f"{ONE}/access",
        record_access,
        "Why somebody can or cannot see a record",
        TAG,
        query=("user",),
        per_object=True,
    ),
    Endpoint("GET", f"{ONE}/shares", shares, "Whom a record is shared with", TAG, per_object=True),
    Endpoint("POST", f"{ONE}/shares", share, "Share a record", TAG, per_object=True, body=_SHARE),
    Endpoint("DELETE", f"{ONE}/shares", unshare, "Take a share back", TAG, query=GRANTEES, per_object=True),
)
