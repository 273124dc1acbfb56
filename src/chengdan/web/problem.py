"""Errors over HTTP: one shape for all (RFC 9457), in the language of whoever reads them."""

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import psycopg
from starlette.responses import Response

from chengdan.base.errors import ChengdanError, Locale, Problems
from chengdan.base.ids import new_id
from chengdan.base.json import dumps
from chengdan.expr.errors import ExpressionError
from chengdan.kernel.gate import DueFirst, Unmet
from chengdan.kernel.pipeline import DeliverableKind
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.explain import child_object
from chengdan.run.sessions import NotLoggedIn, TooManyAttempts

MEDIA_TYPE = "application/problem+json"
_log = logging.getLogger(__name__)
_TITLES: Mapping[int, str] = {
    400: "请求无法完成",
    401: "需要登录",
    403: "没有权限",
    404: "不存在",
    405: "不支持该方法",
    409: "与当前状态冲突",
    413: "内容过大",
    415: "类型不支持",
    422: "内容有误",
    429: "请求过于频繁",
    500: "服务器出错",
    503: "暂时不可用",
}


class Unexpected(ChengdanError):
    code = "SERVER-001"
    status = 500
    zh = "出了意外错误，编号 {id}。"
    en = "Something unexpected went wrong; its number is {id}."
    hint_zh = "请把编号告诉管理员。"
    hint_en = "Tell an administrator the number."


class DatabaseAway(ChengdanError):
    code = "SERVER-002"
    status = 503
    zh = "数据库暂时不可用，请稍后重试。"
    en = "The database is away for a moment; try again."


class TooSlow(ChengdanError):
    code = "SERVER-003"
    status = 503
    zh = "查询超时，请缩小范围。"
    en = "The query took too long; narrow it."


class Unstorable(ChengdanError):
    """A value that passed every check and that the database still can't take or work with."""

    code = "HTTP-400"
    status = 400
    zh = "请求中有数据库无法处理的值。"
    en = "The request holds a value that the database can't work with."


class NoSuchPath(ChengdanError):
    code = "HTTP-404"
    status = 404
    zh = "没有这个地址。"
    en = "There is nothing at this address."


class MethodNotAllowed(ChengdanError):
    code = "HTTP-405"
    status = 405
    zh = "这个地址不支持该方法。"
    en = "This address does not take that method."


def problem_response(
    error: ChengdanError,
    locale: Locale,
    *,
    snapshot: Snapshot | None = None,
    object: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Response:
    """The error as a response. `extra` adds members to the problem: the current record of a stale write; what is due first
    says of which record.

    Several errors at once are spoken of as the gravest of them. `snapshot` and `object` say of which object unmet
    deliverables are.
    """
    reasons = error.reasons()
    gravest = error
    if isinstance(error, DueFirst):
        object, extra = error.object, {"due": {"object": error.object, "id": error.id}}
    if isinstance(error, Problems) and reasons:
        gravest = max(reasons, key=lambda reason: reason.status)
    spoken = gravest if len(reasons) == 1 and isinstance(error, Problems) else error
    body = {
        "type": "about:blank",
        "title": _title(gravest.status, locale),
        "status": gravest.status,
        "code": gravest.code,
        "detail": f"{spoken.message(locale)} {spoken.hint(locale)}".strip(),
        "errors": [reason_json(reason, locale, snapshot, object) for reason in reasons],
        **(extra or {}),
    }
    return Response(dumps(body), gravest.status, _headers(gravest), media_type=MEDIA_TYPE)


def _title(status: int, locale: Locale) -> str:
    return _TITLES.get(status, _TITLES[400]) if locale == "zh-CN" else HTTPStatus(status).phrase


def _headers(error: ChengdanError) -> dict[str, str]:
    if isinstance(error, NotLoggedIn):
        return {"www-authenticate": "Bearer"}
    if isinstance(error, TooManyAttempts):
        return {"retry-after": str(error.data["minutes"] * 60)}
    return {}


def reason_json(
    error: ChengdanError, locale: Locale, snapshot: Snapshot | None = None, object: str = ""
) -> dict[str, Any]:
    """One error: code, place, message and hint; for an unmet deliverable all that a page needs to provide it."""
    shown: dict[str, Any] = {
        "code": error.code,
        "path": error.path,
        "message": error.message(locale),
        "hint": error.hint(locale),
    }
    if isinstance(error, Unmet):
        shown.update(_unmet(error, snapshot, object))
    if isinstance(error, ExpressionError):
        shown.update(offset=error.offset, line=error.line, column=error.column, text=error.text)
        shown["suggestion"] = error.suggestion
    return shown


def _unmet(error: Unmet, snapshot: Snapshot | None, object: str) -> dict[str, Any]:
    item = error.standing.deliverable
    known = snapshot is not None and object in snapshot.objects and bool(item.of)
    return {
        "deliverable": item.name,
        "stage": error.standing.stage.name,
        "kind": item.kind,
        "hard": item.hard,
        "field": item.field,
        "of": item.of,
        "object": child_object(snapshot, object, item.of) if known and snapshot else "",
        "file_kind": item.filed_as if item.kind is DeliverableKind.SIGNATURE else item.file_kind,
        "count": item.count,
        "have": error.standing.have,
        "template": item.template,
        "note": error.standing.note,
    }


def as_error(error: Exception) -> ChengdanError:
    """Any exception as an error that a user may see; the unforeseen is logged under a number."""
    match error:
        case ChengdanError():
            return error
        case psycopg.errors.QueryCanceled():
            return TooSlow()
        case psycopg.OperationalError():
            _log.warning("the database is away: %s", " ".join(str(error).split()))
            return DatabaseAway()
        case psycopg.DataError():
            _log.warning("the database refused a value: %s", " ".join(str(error).split()))
            return Unstorable()
    id = new_id()
    _log.error("unexpected error %s", id, exc_info=error)
    return Unexpected(id=id)
