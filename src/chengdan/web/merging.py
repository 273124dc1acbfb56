"""Two records that are one: what a merge would move, and the merge."""

from starlette.responses import Response

from chengdan.run.commands import Merge
from chengdan.run.holding import object_of
from chengdan.run.merging import merge_preview
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.records import ALL, TAG, perform


def preview(call: Call) -> Response:
    """How many records, files, shares, comments and followers of `from` a merge would move."""
    source = call.query_id("from")
    with call.runtime.reader(call.visitor.principal) as reader:
        object_of(reader, call.path("object"))
        if source is None:
            raise bad_request("from", "缺少“from”", "`from` is missing")
        found = merge_preview(reader, call.path("object"), source)
    return json_response(
        {
            "children": [
                {"object": one.object, "field": one.field, "count": one.count} for one in found.children
            ],
            "others": found.others,
            "files": found.files,
            "shares": found.shares,
            "comments": found.comments,
            "followers": found.followers,
        }
    )


def merge(call: Call) -> Response:
    into, source, fields = call.take_id("into"), call.take_id("from"), call.take("fields", dict, {})
    call.close()
    return perform(call, Merge(call.path("object"), into, source, fields))


_ID = {"type": "string", "format": "uuid"}
_MERGE = {
    "type": "object",
    "required": ["into", "from"],
    "additionalProperties": False,
    "properties": {"into": _ID, "from": _ID, "fields": {"type": "object"}},
}
ENDPOINTS = (
    Endpoint(
        "GET", f"{ALL}/merge", preview, "What a merge would move", TAG, query=("from",), per_object=True
    ),
    Endpoint("POST", f"{ALL}/merge", merge, "Merge two records", TAG, per_object=True, body=_MERGE),
)
