"""Public pools: what lies in them, claiming, assigning, giving back."""

from starlette.responses import Response

from chengdan.kernel.access import Principal
from chengdan.run.bulk import MAX_RECORDS, run_bulk
from chengdan.run.commands import Claim, Release
from chengdan.run.pools.claiming import checked_pool
from chengdan.run.pools.reading import Sought, lying, pools
from chengdan.run.read import DEFAULT_LIMIT
from chengdan.web.bulk import report_json
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.records import ONE, perform
from chengdan.web.records import TAG as RECORDS

TAG = "pools"
_IDS = {"type": "array", "items": {"type": "string", "format": "uuid"}, "maxItems": MAX_RECORDS}


def all_pools(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": pools(reader)})


def one_pool(call: Call) -> Response:
    """One page of what lies in a pool."""
    sought = Sought(
        call.query("q"),
        call.query("filter"),
        call.query("sort"),
        call.query("cursor"),
        call.query_integer("limit", DEFAULT_LIMIT),
    )
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(lying(reader, call.path("pool"), sought))


def claim(call: Call) -> Response:
    """Claim records, each by itself, or assign them to `person`."""
    principal: Principal = call.visitor.principal
    ids = call.take_ids("ids", MAX_RECORDS)
    person = call.take_id("person") if "person" in call.body() else None
    call.close()
    with call.runtime.reader(principal) as reader:
        object = checked_pool(reader, call.path("pool")).object
    report = run_bulk(call.runtime, principal, ids, lambda id: Claim(object, id, person))
    return json_response(report_json(call, object, report))


def release(call: Call) -> Response:
    """Give one record back, with a note why."""
    note = call.take("note", str)
    call.close()
    return perform(call, Release(call.path("object"), call.path_id(), note))


def release_many(call: Call) -> Response:
    """Give records back, each by itself."""
    principal: Principal = call.visitor.principal
    ids, note = call.take_ids("ids", MAX_RECORDS), call.take("note", str)
    call.close()
    with call.runtime.reader(principal) as reader:
        object = checked_pool(reader, call.path("pool")).object
    report = run_bulk(call.runtime, principal, ids, lambda id: Release(object, id, note))
    return json_response(report_json(call, object, report))


_CLAIM = {
    "type": "object",
    "required": ["ids"],
    "additionalProperties": False,
    "properties": {"ids": _IDS, "person": {"type": "string", "format": "uuid"}},
}
_NOTE = {"note": {"type": "string", "maxLength": 500}}
_RELEASE = {"type": "object", "required": ["note"], "additionalProperties": False, "properties": _NOTE}
_RELEASE_MANY = {
    "type": "object",
    "required": ["ids", "note"],
    "additionalProperties": False,
    "properties": {"ids": _IDS, **_NOTE},
}
ENDPOINTS = (
    Endpoint("GET", "/api/pools", all_pools, "The pools the visitor may use", TAG),
    Endpoint(
        "GET",
        "/api/pools/{pool}",
        one_pool,
        "What lies in a pool",
        TAG,
        query=("q", "filter", "sort", "cursor", "limit"),
    ),
    Endpoint(
        "POST", "/api/pools/{pool}/claim", claim, "Claim records of a pool, or assign them", TAG, body=_CLAIM
    ),
    Endpoint("POST", "/api/pools/{pool}/release", release_many, "Give records back", TAG, body=_RELEASE_MANY),
    Endpoint(
        "POST",
        f"{ONE}/release",
        release,
        "Give a record back into its pool",
        RECORDS,
        per_object=True,
        body=_RELEASE,
    ),
)
