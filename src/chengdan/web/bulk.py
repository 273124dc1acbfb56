"""Many records at once: bulk changes, moves and archiving, and merging two that are one."""

from collections.abc import Callable
from uuid import UUID

from starlette.responses import Response

from chengdan.run import read
from chengdan.run.bulk import MAX_RECORDS, run_bulk
from chengdan.run.commands import Archive, Command, Merge, Move, Update
from chengdan.run.errors import TooMany
from chengdan.run.holding import object_of, require
from chengdan.run.read import ListQuery
from chengdan.store.unit import Unit
from chengdan.web.call import Call, bad_request, read_text
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.problem import reason_json
from chengdan.web.records import ALL, TAG, perform

MOVE = ("to", "reason", "override_reason")


def bulk(call: Call) -> Response:
    """Change, move or archive the records of `ids`, or all that `filter` finds; each is checked by itself."""
    object, principal = call.path("object"), call.visitor.principal
    ids = call.take_ids("ids", MAX_RECORDS) if "ids" in call.body() else None
    filter = call.take("filter", str, "")
    make = _command(call, object)
    call.close()
    if (ids is None) is not bool(filter.strip()):
        raise bad_request("ids", "应有 ids 或 filter，二者之一", "either ids or filter is expected")
    with call.runtime.reader(principal) as reader:
        object_of(reader, object)
        require(reader, "bulk")
        chosen = _matching(reader, object, filter) if ids is None else ids
    report = run_bulk(call.runtime, principal, chosen, make)
    locale, snapshot = call.locale, call.runtime.snapshot
    refused = [
        {"id": id, "errors": [reason_json(reason, locale, snapshot, object) for reason in error.reasons()]}
        for id, error in report.refused
    ]
    return json_response({"done": report.done, "refused": refused})


def _command(call: Call, object: str) -> Callable[[UUID], Command]:
    """What is to be done to each record. Raises BadRequest unless it is exactly one thing."""
    asked = [name for name in ("changes", "move", "archive") if name in call.body()]
    if len(asked) != 1:
        raise bad_request(
            "", "应有 changes、move、archive 三者之一", "exactly one of changes, move and archive is expected"
        )
    if asked == ["changes"]:
        changes = call.take("changes", dict)
        return lambda id: Update(object, id, None, changes)
    if asked == ["move"]:
        move = call.take("move", dict)
        if not move.keys() <= set(MOVE):
            raise bad_request(
                "move", "应是 {to, reason, override_reason}", "{to, reason, override_reason} is expected"
            )
        to, reason, override = (read_text(f"move.{name}", move.get(name, "")) for name in MOVE)
        return lambda id: Move(object, id, None, to, reason, override)
    if not call.take("archive", bool):
        raise bad_request("archive", "archive 只能是 true", "archive can only be true")
    return lambda id: Archive(object, id)


def _matching(reader: Unit, object: str, filter: str) -> list[UUID]:
    """The ids of all records that a filter finds. Raises TooMany."""
    ids: list[UUID] = []
    cursor: str | None = ""
    while cursor is not None:
        query = ListQuery(object, filter=filter, limit=read.MAX_LIMIT, cursor=cursor)
        found, cursor = read.list_ids(reader, query)
        ids.extend(found)
        if len(ids) > MAX_RECORDS:
            raise TooMany(limit=MAX_RECORDS)
    return ids


def merge(call: Call) -> Response:
    into, source, fields = call.take_id("into"), call.take_id("from"), call.take("fields", dict, {})
    call.close()
    return perform(call, Merge(call.path("object"), into, source, fields))


_TEXT = {"type": "string"}
_ID = {"type": "string", "format": "uuid"}
_BULK = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "ids": {"type": "array", "maxItems": MAX_RECORDS, "items": _ID},
        "filter": _TEXT,
        "changes": {"type": "object"},
        "move": {
            "type": "object",
            "required": ["to"],
            "additionalProperties": False,
            "properties": dict.fromkeys(MOVE, _TEXT),
        },
        "archive": {"type": "boolean"},
    },
}
_MERGE = {
    "type": "object",
    "required": ["into", "from"],
    "additionalProperties": False,
    "properties": {"into": _ID, "from": _ID, "fields": {"type": "object"}},
}
ENDPOINTS = (
    Endpoint("POST", f"{ALL}/bulk", bulk, "Change many records", TAG, per_object=True, body=_BULK),
    Endpoint("POST", f"{ALL}/merge", merge, "Merge two records", TAG, per_object=True, body=_MERGE),
)
