"""Many records at once: bulk changes, moves and archiving."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from starlette.responses import Response

from chengdan.run import read
from chengdan.run.bulk import MAX_RECORDS, BulkReport, run_bulk
from chengdan.run.commands import Archive, Command, Move, Restore, Update
from chengdan.run.errors import TooMany
from chengdan.run.holding import object_of, require
from chengdan.run.read import ListQuery
from chengdan.store.unit import Unit
from chengdan.web.call import Call, bad_request, read_id, read_text
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.problem import reason_json
from chengdan.web.records import ALL, TAG

WORK = ("changes", "move", "archive", "restore")
MOVE = ("to", "reason", "override_reason")


def bulk(call: Call) -> Response:
    """Change, move, archive or restore the records of `ids`, or all that `filter` finds; each is checked by itself.

    `items` changes each record in its own way: so a bulk change is taken back.
    """
    object, principal = call.path("object"), call.visitor.principal
    ids = call.take_ids("ids", MAX_RECORDS) if "ids" in call.body() else None
    filter = call.take("filter", str, "")
    own = _own_changes(call) if "items" in call.body() else None
    make = _command(call, object) if own is None else _each(object, own)
    call.close()
    if own is not None and ids is None:
        ids = list(own)
    elif own is not None or (ids is None) is not bool(filter.strip()):
        raise bad_request(
            "ids", "应有 ids、filter、items 三者之一", "one of ids, filter and items is expected"
        )
    with call.runtime.reader(principal) as reader:
        object_of(reader, object)
        require(reader, "bulk")
        chosen = _matching(reader, object, filter) if ids is None else ids
    report = run_bulk(call.runtime, principal, chosen, make)
    return json_response(report_json(call, object, report))


def report_json(call: Call, object: str, report: BulkReport) -> dict[str, Any]:
    """How many records were done, and which were refused, why."""
    locale, snapshot = call.locale, call.runtime.snapshot
    refused = [
        {"id": id, "errors": [reason_json(reason, locale, snapshot, object) for reason in error.reasons()]}
        for id, error in report.refused
    ]
    return {"done": report.done, "refused": refused}


def _own_changes(call: Call) -> dict[UUID, dict[str, Any]]:
    """The changes of each record, by its id. Raises BadRequest."""
    items = call.take("items", list)
    if len(items) > MAX_RECORDS:
        raise TooMany(limit=MAX_RECORDS)
    found: dict[UUID, dict[str, Any]] = {}
    for item in items:
        changes = item.get("changes") if isinstance(item, dict) else None
        if not isinstance(changes, dict) or item.keys() != {"id", "changes"}:
            raise bad_request("items", "每项应是 {id, changes}", "each item is {id, changes}")
        found[read_id("items.id", item["id"])] = changes
    return found


def _each(object: str, changes: Mapping[UUID, dict[str, Any]]) -> Callable[[UUID], Command]:
    return lambda id: Update(object, id, None, changes[id])


def _command(call: Call, object: str) -> Callable[[UUID], Command]:
    """What is to be done to each record. Raises BadRequest unless it is exactly one thing."""
    asked = [name for name in WORK if name in call.body()]
    if len(asked) != 1:
        raise bad_request("", f"应有 {'、'.join(WORK)} 之一", f"exactly one of {', '.join(WORK)} is expected")
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
    if not call.take(asked[0], bool):
        raise bad_request(asked[0], f"{asked[0]} 只能是 true", f"{asked[0]} can only be true")
    return (lambda id: Archive(object, id)) if asked == ["archive"] else (lambda id: Restore(object, id))


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
        "restore": {"type": "boolean"},
        "items": {
            "type": "array",
            "maxItems": MAX_RECORDS,
            "items": {
                "type": "object",
                "required": ["id", "changes"],
                "additionalProperties": False,
                "properties": {"id": _ID, "changes": {"type": "object"}},
            },
        },
    },
}
ENDPOINTS = (Endpoint("POST", f"{ALL}/bulk", bulk, "Change many records", TAG, per_object=True, body=_BULK),)
