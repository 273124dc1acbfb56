"""Comments on records, and following them."""

from uuid import UUID

from starlette.responses import Response

from chengdan.base.ids import new_id
from chengdan.run.audience import followers_of
from chengdan.run.commands import Command, Comment, EditComment, Follow, RemoveComment
from chengdan.run.comments import MAX_MENTIONS, MAX_TEXT, comments_by_id, comments_of
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.records import ONE, cause

TAG = "comments"
COMMENTS = f"{ONE}/comments"
COMMENT = COMMENTS + "/{comment}"
FOLLOWERS = f"{ONE}/followers"


def list_comments(call: Call) -> Response:
    id, before = call.path_id(), call.query_id("cursor")
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(comments_of(reader, call.path("object"), id, before))


def add_comment(call: Call) -> Response:
    """Write a comment. A client that may have to try again chooses its `id`; then it is written once."""
    comment = call.take_id("id") if "id" in call.body() else new_id()
    text, mentions = _text_and_mentions(call)
    return _written(call, Comment(call.path("object"), call.path_id(), text, mentions, comment), comment, 201)


def edit_comment(call: Call) -> Response:
    comment = call.path_id("comment")
    text, mentions = _text_and_mentions(call)
    return _written(call, EditComment(call.path("object"), call.path_id(), comment, text, mentions), comment)


def remove_comment(call: Call) -> Response:
    command = RemoveComment(call.path("object"), call.path_id(), call.path_id("comment"))
    call.runtime.act(call.visitor.principal, command, cause(call))
    return Response(status_code=204)


def list_followers(call: Call) -> Response:
    id = call.path_id()
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(followers_of(reader, call.path("object"), id))


def follow(call: Call) -> Response:
    call.close()
    return _follow(call, True)


def unfollow(call: Call) -> Response:
    return _follow(call, False)


def _follow(call: Call, on: bool) -> Response:
    object, id = call.path("object"), call.path_id()
    call.runtime.act(call.visitor.principal, Follow(object, id, on), cause(call))
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(followers_of(reader, object, id))


def _text_and_mentions(call: Call) -> tuple[str, tuple[UUID, ...]]:
    text = call.take("text", str)
    mentions = tuple(call.take_ids("mentions", MAX_MENTIONS)) if "mentions" in call.body() else ()
    call.close()
    return text, mentions


def _written(call: Call, command: Command, comment: UUID, status: int = 200) -> Response:
    call.runtime.act(call.visitor.principal, command, cause(call))
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response(comments_by_id(reader, [comment])[comment], status)


_ID = {"type": "string", "format": "uuid"}
_FIELDS = {
    "text": {"type": "string", "minLength": 1, "maxLength": MAX_TEXT},
    "mentions": {"type": "array", "maxItems": MAX_MENTIONS, "items": _ID},
}
_EDIT = {"type": "object", "required": ["text"], "additionalProperties": False, "properties": _FIELDS}
_ADD = {**_EDIT, "properties": {"id": _ID, **_FIELDS}}
ENDPOINTS = (
    Endpoint("GET", COMMENTS, list_comments, "Comments on a record", TAG, query=("cursor",), per_object=True),
    Endpoint(
        "POST", COMMENTS, add_comment, "Comment on a record", TAG, status=201, body=_ADD, per_object=True
    ),
    Endpoint("PATCH", COMMENT, edit_comment, "Edit an own comment", TAG, body=_EDIT, per_object=True),
    Endpoint("DELETE", COMMENT, remove_comment, "Remove an own comment", TAG, status=204, per_object=True),
    Endpoint("GET", FOLLOWERS, list_followers, "Who follows a record", TAG, per_object=True),
    Endpoint("POST", FOLLOWERS, follow, "Follow a record", TAG, per_object=True),
    Endpoint("DELETE", FOLLOWERS, unfollow, "No longer follow a record", TAG, per_object=True),
)
