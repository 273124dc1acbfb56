"""Errors over HTTP: one shape for all (RFC 9457), in the language of whoever reads them."""

import logging
from collections.abc import Mapping
from typing import Any

import psycopg
from starlette.requests import Request
from starlette.responses import Response

from chengdan.base.errors import ChengdanError, Locale
from chengdan.base.ids import new_id
from chengdan.base.json import dumps
from chengdan.kernel.gate import GateBlocked, Unmet

_log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class DatabaseAway(ChengdanError):
    code = "SERVER-002"
    status = 503
    zh = "数据库暂时不可用，请稍后重试。"
    en = "The database is away for a moment; try again."


class Unexpected(ChengdanError):
    code = "SERVER-001"
    status = 500
    zh = "出了意外错误，编号 {id}。"
    en = "Something unexpected went wrong; its number is {id}."
    hint_zh = "请把编号告诉管理员。"
    hint_en = "Tell an administrator the number."


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


class TooSlow(ChengdanError):
    code = "SERVER-003"
    status = 503
    zh = "查询超时，请缩小范围。"
    en = "The query took too long; narrow it."


def locale_of(request: Request, preferred: str = "") -> Locale:
    """The language to answer in: the user's own, else the first that the browser asks for."""
    asked = preferred or request.headers.get("accept-language", "zh-CN")
    return "en" if asked.lower().startswith("en") else "zh-CN"


def problem_response(
    error: ChengdanError, locale: Locale, extra: Mapping[str, Any] | None = None
) -> Response:
    """The error as a response. `extra` adds members to the problem (the current record of a stale write)."""
    reasons = error.reasons()
    body = {
        "type": "about:blank",
        "title": error.message(locale),
        "status": error.status if reasons else 400,
        "code": error.code,
        "detail": error.hint(locale),
        "errors": [reason_json(reason, locale) for reason in reasons],
        **(extra or {}),
    }
    status = _status(error)
    body["status"] = status
    return Response(dumps(body), status, media_type=MEDIA_TYPE)


def _status(error: ChengdanError) -> int:
    """The status of a collection is that of its gravest member."""
    if type(error).status != ChengdanError.status or isinstance(error, GateBlocked):
        return error.status
    return max((reason.status for reason in error.reasons()), default=error.status)


def reason_json(error: ChengdanError, locale: Locale) -> dict[str, Any]:
    """One error as a member of `errors`; a missing deliverable says what would meet it."""
    shown: dict[str, Any] = {
        "code": error.code,
        "path": error.path,
        "message": error.message(locale),
        "hint": error.hint(locale),
    }
    if isinstance(error, Unmet):
        item = error.standing.deliverable
        shown.update(
            deliverable=item.name,
            stage=error.standing.stage.name,
            kind=item.kind,
            hard=item.hard,
            field=item.field,
            of=item.of,
            file_kind=item.file_kind,
            count=item.count,
            have=error.standing.have,
            template=item.template,
        )
    for name in ("line", "column", "excerpt", "suggestion"):
        value = getattr(error, name, None)
        if isinstance(value, (str, int)):
            shown[name] = value
    return shown


def as_error(error: Exception) -> ChengdanError:
    """Any exception as an error that a user may see; the unforeseen is logged under a number."""
    if isinstance(error, ChengdanError):
        return error
    if isinstance(error, psycopg.errors.QueryCanceled):
        return TooSlow()
    if isinstance(error, psycopg.OperationalError):
        return DatabaseAway()
    id = new_id()
    _log.error("unexpected error %s", id, exc_info=error)
    return Unexpected(id=id)
