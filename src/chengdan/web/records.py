"""Records: lists, single records, writing them, their timeline, and who may see them."""

import hashlib
from typing import Any

import orjson
from starlette.responses import Response

from chengdan.base.json import dumps_text
from chengdan.run import read, replay
from chengdan.run.commands import Archive, Command, Create, Restore, Update
from chengdan.run.errors import StaleRecord
from chengdan.run.read import ListQuery, Question
from chengdan.run.rendering import written_record
from chengdan.run.timeline import Sought, changes_since, timeline
from chengdan.store.unit import Unit
from chengdan.web.call import Call, bad_request, read_text
from chengdan.web.endpoint import Endpoint, json_response, text_response
from chengdan.web.problem import problem_response

TAG = "records"
ALL = "/api/records/{object}"
ONE = ALL + "/{id}"
LIST_QUERY = ("view", "filter", "q", "sort", "limit", "cursor", "fields", "expand", "archived")
MAX_FILTER = 5_000
MAX_Q = 100


def query_of(call: Call) -> ListQuery:
    """The list that the query string asks for. Raises BadRequest."""
    if len(call.query("filter")) > MAX_FILTER or len(call.query("q")) > MAX_Q:
        raise bad_request("filter", "筛选或搜索过长", "the filter or the search is too long")
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
    query = query_of(call)
    with call.runtime.reader(call.visitor.principal) as reader:
        page = read.list_records(reader, query)
    return text_response(f'{{"items":[{",".join(page.items)}],"next_cursor":{dumps_text(page.next_cursor)}}}')


def get_record(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        question = ask_record(call, reader)
        return text_response(question.text(reader.connection.run(question.statement, question.params)))


def ask_record(call: Call, reader: Unit) -> Question:
    expand, able = call.query_list("expand"), call.query_flag("able")
    return read.ask_record(reader, call.path("object"), call.path_id(), expand, able=able)


def create(call: Call) -> Response:
    values, reasons = _values_and_reasons(call)
    return perform(call, Create(call.path("object"), values, *reasons), 201)


def update(call: Call) -> Response:
    version = call.take_version()
    values, reasons = _values_and_reasons(call)
    return perform(call, Update(call.path("object"), call.path_id(), version, values, *reasons))


def _values_and_reasons(call: Call) -> tuple[dict[str, Any], tuple[str, str]]:
    """The field values of the body, and the reasons beside them for going on without deliverables."""
    values = call.rest()
    reason, override = (read_text(name, values.pop(name, "")) for name in ("reason", "override_reason"))
    return values, (reason, override)


def archive(call: Call) -> Response:
    return perform(call, Archive(call.path("object"), call.path_id()))


def restore(call: Call) -> Response:
    call.close()
    return perform(call, Restore(call.path("object"), call.path_id()))


def perform(call: Call, command: Command, status: int = 200) -> Response:
    """Carry out a command and answer with the record after it; under an Idempotency-Key only once.

    A stale write is answered with the current record.
    """
    object, principal = call.path("object"), call.visitor.principal
    once = _once(call)
    try:
        if once is not None:
            answer = replay.act_once(call.runtime, principal, object, command, once, cause(call))
            return _kept(answer, object, status)
        row, unit = call.runtime.act(principal, command, cause(call))
    except StaleRecord as stale:
        return _stale_response(call, stale)
    body = written_record(unit, object, row)
    if body is None:
        with call.runtime.reader(principal) as reader:
            body = read.get_record(reader, object, row["id"])
    return text_response(body, status, _location(object, row["id"]) if status == 201 else None)


def _stale_response(call: Call, stale: StaleRecord) -> Response:
    """The refusal with what a merge needs: the record as it is, and who changed which fields since the writer saw it."""
    object, id = call.path("object"), stale.data["id"]
    with call.runtime.reader(call.visitor.principal) as reader:
        current = read.get_record(reader, object, id, read.references(reader, object))
        changes = changes_since(reader, object, id, stale.data["seen"])
    return problem_response(
        stale, call.locale, extra={"current": orjson.Fragment(current), "changes": changes}
    )


def idempotency_key(call: Call) -> str:
    """The Idempotency-Key of the request; empty without one. Raises BadRequest."""
    key = call.request.headers.get("idempotency-key", "")
    if len(key) > replay.MAX_KEY or not key.isprintable():
        raise bad_request(
            "Idempotency-Key", f"最多 {replay.MAX_KEY} 个字符", f"at most {replay.MAX_KEY} characters"
        )
    return key


def _once(call: Call) -> replay.Once | None:
    """The Idempotency-Key of the request, with what it stands for. Raises BadRequest."""
    key = idempotency_key(call)
    if not key:
        return None
    scope = call.request.scope
    asked = b"\0".join((scope["method"].encode(), scope["path"].encode(), scope["query_string"], call.raw))
    return replay.Once(key, hashlib.sha256(asked).digest())


def _kept(answer: replay.Answer, object: str, status: int) -> Response:
    headers = _location(object, orjson.loads(answer.body)["id"]) if status == 201 else {}
    if answer.replayed:
        headers["idempotent-replayed"] = "true"
    return text_response(answer.body, status, headers)


def _location(object: str, id: Any) -> dict[str, str]:
    return {"location": f"/api/records/{object}/{id}"}


def cause(call: Call) -> str:
    """Through what the request came: the page, or an API token."""
    return "page" if call.visitor.by_session else "api"


def record_timeline(call: Call) -> Response:
    """What happened to a record: all of it, or what the query narrows it to."""
    id = call.path_id()
    sought = Sought(
        before=call.query("cursor"),
        limit=call.query_integer("limit", 50),
        kinds=call.query_list("kind"),
        field=call.query("field"),
        person=call.query_id("person"),
    )
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(timeline(reader, call.path("object"), id, sought))


ENDPOINTS = (
    Endpoint("GET", ALL, list_records, "A page of records", TAG, query=LIST_QUERY, per_object=True),
    Endpoint("POST", ALL, create, "Create a record", TAG, status=201, per_object=True),
    Endpoint(
        "GET",
        ONE,
        get_record,
        "One record",
        TAG,
        query=("expand", "able"),
        per_object=True,
        question=ask_record,
    ),
    Endpoint("PATCH", ONE, update, "Change a record", TAG, per_object=True),
    Endpoint("DELETE", ONE, archive, "Archive a record", TAG, per_object=True),
    Endpoint("POST", f"{ONE}/restore", restore, "Restore an archived record", TAG, per_object=True),
    Endpoint(
        "GET",
        f"{ONE}/timeline",
        record_timeline,
        "What happened to a record",
        TAG,
        query=("cursor", "limit", "kind", "field", "person"),
        per_object=True,
    ),
)
