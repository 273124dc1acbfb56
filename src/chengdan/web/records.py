"""Records: lists, single records, writing, bulk, merging, figures, pickers and search."""

import hashlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import orjson
from starlette.responses import Response

from chengdan.base.errors import ChengdanError
from chengdan.base.json import dumps
from chengdan.run import read, replay
from chengdan.run.bulk import MAX_RECORDS, run_bulk
from chengdan.run.commands import Archive, Command, Create, Merge, Move, Restore, Share, Unshare, Update
from chengdan.run.errors import StaleRecord, TooMany
from chengdan.run.explain import explain_access
from chengdan.run.holding import require
from chengdan.run.read import ListQuery, Measure
from chengdan.run.rendering import record_bytes
from chengdan.run.sharing import shares_of
from chengdan.run.timeline import timeline
from chengdan.web.endpoint import Call, Endpoint, bad_body, json_response, text_response
from chengdan.web.problem import problem_response

TAG = "records"
LIST_QUERY = ("view", "filter", "q", "sort", "limit", "cursor", "fields", "expand", "archived")


def query_of(call: Call) -> ListQuery:
    """The list that the query string asks for."""
    return ListQuery(
        object=call.path("object"),
        view=call.query("view"),
        filter=call.query("filter"),
        q=call.query("q"),
        sort=call.query("sort"),
        limit=call.query_integer("limit", read.DEFAULT_LIMIT),
        cursor=call.query("cursor"),
        fields=call.query_list("fields"),
        expand=call.query_list("expand"),
        archived=call.query_flag("archived"),
    )


def list_records(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        page = read.list_records(reader, query_of(call))
    return text_response(
        f'{{"items":[{",".join(page.items)}],"next_cursor":{dumps(page.next_cursor).decode()}}}'
    )


def get_record(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return text_response(
            read.get_record(reader, call.path("object"), call.path_id(), call.query_list("expand"))
        )


def create(call: Call) -> Response:
    key = call.request.headers.get("idempotency-key", "")
    values = call.rest()
    reason, override = _text(values.pop("reason", "")), _text(values.pop("override_reason", ""))
    command = Create(call.path("object"), values, reason, override)
    return once(call, key, lambda: perform(call, command, 201)) if key else perform(call, command, 201)


def update(call: Call) -> Response:
    version = call.take_version()
    values = call.rest()
    reason, override = _text(values.pop("reason", "")), _text(values.pop("override_reason", ""))
    return perform(call, Update(call.path("object"), call.path_id(), version, values, reason, override))


def archive(call: Call) -> Response:
    return perform(call, Archive(call.path("object"), call.path_id()))


def restore(call: Call) -> Response:
    return perform(call, Restore(call.path("object"), call.path_id()))


def perform(call: Call, command: Command, status: int = 200) -> Response:
    """Carry out a command and answer with the record after it; a stale write is answered with the current one."""
    object = call.path("object")
    try:
        row, unit = call.runtime.act(call.visitor.principal, command, cause(call))
    except StaleRecord as stale:
        with call.runtime.reader(call.visitor.principal) as reader:
            current = read.get_record(reader, object, stale.data["id"])
        return problem_response(stale, call.locale, {"current": orjson.Fragment(current)})
    headers = {"location": f"/api/records/{object}/{row['id']}"} if status == 201 else None
    return Response(record_bytes(unit, object, row), status, headers, media_type="application/json")


def cause(call: Call) -> str:
    """Through what the request came: the page, or an API token."""
    return "page" if call.visitor.by_session else "api"


def once(call: Call, key: str, act: Callable[[], Response]) -> Response:
    """Answer a repeated request with the first answer. Raises KeyReused when the key came with another request before."""
    if len(key) > replay.MAX_KEY:
        raise bad_body(
            "Idempotency-Key", f"最多 {replay.MAX_KEY} 个字符", f"at most {replay.MAX_KEY} characters"
        )
    user = call.visitor.principal.user
    request_hash = hashlib.sha256(call.request.url.path.encode() + b"\0" + call.raw).digest()
    found = replay.answered(call.runtime, user, key, request_hash)
    if found is not None:
        return Response(found[1], found[0], {"idempotent-replay": "true"}, media_type="application/json")
    response = act()
    replay.keep(call.runtime, user, key, request_hash, response.status_code, bytes(response.body))
    return response


def aggregate(call: Call) -> Response:
    group_by = [_text(name) for name in call.take("group_by", list, [])]
    measures = [_measure(item) for item in call.take("measures", list, [{"fn": "count"}])]
    filter, view = call.take("filter", str, ""), call.take("view", str, "")
    limit = call.take("limit", int, read.MAX_ROWS)
    call.close()
    with call.runtime.reader(call.visitor.principal) as reader:
        rows = read.aggregate(reader, call.path("object"), group_by, measures, filter, view, limit)
    return text_response(f'{{"rows":[{",".join(rows)}]}}')


def _measure(item: Any) -> Measure:
    if not isinstance(item, dict) or not item.keys() <= {"fn", "field"}:
        raise bad_body("measures", "指标应是 {fn, field}", "a measure is {fn, field}")
    return Measure(_text(item.get("fn", "")), _text(item.get("field", "")))


def bulk(call: Call) -> Response:
    object = call.path("object")
    principal = call.visitor.principal
    ids = call.take_ids("ids") if "ids" in call.body() else []
    filter = call.take("filter", str, "")
    make = _bulk_command(call, object)
    call.close()
    with call.runtime.reader(principal) as reader:
        require(reader, "bulk")
        if filter and not ids:
            ids = _matching(reader, object, filter)
    report = run_bulk(call.runtime, principal, ids, make)
    locale = call.locale
    refused = [
        {"id": id, "errors": [_short(reason, locale) for reason in error.reasons()]}
        for id, error in report.refused
    ]
    return json_response({"done": report.done, "refused": refused})


def _bulk_command(call: Call, object: str) -> Callable[[UUID], Command]:
    body = call.body()
    if "changes" in body:
        changes = call.take("changes", dict)
        return lambda id: Update(object, id, None, changes)
    if "move" in body:
        move = call.take("move", dict)
        to, reason, override = (_text(move.get(name, "")) for name in ("to", "reason", "override_reason"))
        return lambda id: Move(object, id, None, to, reason, override)
    if call.take("archive", bool, False):
        return lambda id: Archive(object, id)
    raise bad_body("", "应有 changes、move 或 archive", "changes, move or archive is expected")


def _matching(reader: Any, object: str, filter: str) -> list[UUID]:
    ids: list[UUID] = []
    cursor = ""
    while True:
        page = read.list_ids(reader, ListQuery(object, filter=filter, limit=read.MAX_LIMIT, cursor=cursor))
        ids.extend(page[0])
        if len(ids) > MAX_RECORDS:
            raise TooMany(limit=MAX_RECORDS)
        if not page[1]:
            return ids
        cursor = page[1]


def _short(error: ChengdanError, locale: Any) -> dict[str, Any]:
    return {
        "code": error.code,
        "path": error.path,
        "message": error.message(locale),
        "hint": error.hint(locale),
    }


def merge(call: Call) -> Response:
    into, source, fields = call.take_id("into"), call.take_id("from"), call.take("fields", dict, {})
    call.close()
    return perform(call, Merge(call.path("object"), into, source, fields))


def record_timeline(call: Call) -> Response:
    cursor = call.query_integer("cursor", 0)
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(
            timeline(
                reader, call.path("object"), call.path_id(), cursor or None, call.query_integer("limit", 50)
            )
        )


def record_access(call: Call) -> Response:
    user = call.query("user")
    with call.runtime.reader(call.visitor.principal) as reader:
        person = call.doorman.principal_of(UUID(user)) if _is_id(user) else call.visitor.principal
        return json_response(explain_access(reader, call.path("object"), call.path_id(), person))


def _is_id(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def share(call: Call) -> Response:
    user, act = call.take_id("user"), call.take("act", str, "read")
    call.close()
    return perform(call, Share(call.path("object"), call.path_id(), user, act))


def unshare(call: Call) -> Response:
    user = call.query("user")
    if not _is_id(user):
        raise bad_body("user", "应是用户编号", "the id of a user is expected")
    return perform(call, Unshare(call.path("object"), call.path_id(), UUID(user)))


def shares(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": shares_of(reader, call.path("object"), call.path_id())})


def options(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(
            {"items": read.options(reader, call.path("object"), call.query("q"), _limit(call, 20))}
        )


def search(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": read.search(reader, call.query("q")[:100], _limit(call, 6))})


def users(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(read.options(reader, "user", call.query("q"), _limit(call, 20)))


def _limit(call: Call, default: int) -> int:
    return max(1, min(call.query_integer("limit", default), read.MAX_LIMIT))


def _text(value: Any) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise bad_body("", "应是文本", "text is expected")
    return value


ONE = "/api/records/{object}/{id}"
ALL = "/api/records/{object}"
_OBJECT = {"type": "object"}
_USER = {
    "type": "object",
    "required": ["user"],
    "properties": {"user": {"type": "string", "format": "uuid"}, "act": {"enum": ["read", "update"]}},
}
ENDPOINTS = (
    Endpoint("GET", ALL, list_records, "A page of records", TAG, query=LIST_QUERY, per_object=True),
    Endpoint("POST", ALL, create, "Create a record", TAG, status=201, per_object=True),
    Endpoint(
        "POST", ALL + "/aggregate", aggregate, "Figures over records", TAG, per_object=True, body=_OBJECT
    ),
    Endpoint("POST", ALL + "/bulk", bulk, "Change many records", TAG, per_object=True, body=_OBJECT),
    Endpoint("POST", ALL + "/merge", merge, "Merge two records", TAG, per_object=True, body=_OBJECT),
    Endpoint(
        "GET", ALL + "/options", options, "Records to pick from", TAG, query=("q", "limit"), per_object=True
    ),
    Endpoint("GET", ONE, get_record, "One record", TAG, query=("expand",), per_object=True),
    Endpoint("PATCH", ONE, update, "Change a record", TAG, per_object=True),
    Endpoint("DELETE", ONE, archive, "Archive a record", TAG, per_object=True),
    Endpoint("POST", ONE + "/restore", restore, "Restore an archived record", TAG, per_object=True),
    Endpoint(
        "GET",
        ONE + "/timeline",
        record_timeline,
        "What happened to a record",
        TAG,
        query=("cursor", "limit"),
        per_object=True,
    ),
    Endpoint(
        "GET",
        ONE + "/access",
        record_access,
        "Why somebody can see a record",
        TAG,
        query=("user",),
        per_object=True,
    ),
    Endpoint("GET", ONE + "/shares", shares, "Whom a record is shared with", TAG, per_object=True),
    Endpoint("POST", ONE + "/shares", share, "Share a record", TAG, per_object=True, body=_USER),
    Endpoint("DELETE", ONE + "/shares", unshare, "Take a share back", TAG, query=("user",), per_object=True),
    Endpoint("GET", "/api/search", search, "Search everything", TAG, query=("q", "limit")),
    Endpoint("GET", "/api/users", users, "People to pick from", TAG, query=("q", "limit")),
)
