"""A request as a handler sees it: who asks, and its query and body read strictly, member by member."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import parse_qsl
from uuid import UUID

import orjson
from starlette.datastructures import FormData
from starlette.requests import Request

from chengdan.base.errors import ChengdanError, Locale
from chengdan.base.label import Label
from chengdan.kernel.reading import suggest
from chengdan.run.errors import NotFound
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman, NotLoggedIn, Visitor
from chengdan.web.language import locale_of

MAX_EXPONENT = 60
MAX_INTEGER_DIGITS = 18
MAX_QUERY_PARAMETERS = 50
_NUL = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")
T = TypeVar("T")


class BadRequest(ChengdanError):
    """A request that is not of the form its endpoint takes; `path` names the parameter or member."""

    code = "HTTP-422"
    status = 422
    zh = "请求内容不对：{what}"
    en = "The request is not valid: {what}"


def bad_request(path: str, zh: str, en: str) -> BadRequest:
    return BadRequest(path=path, what=Label(zh, en))


@dataclass
class Call:
    """One request: the runtime, who asks, and what is asked. A body is read by `take…` and ended by `close` or `rest`."""

    runtime: Runtime
    doorman: Doorman
    request: Request
    raw: bytes = b""
    form: FormData = field(default_factory=FormData)
    known: Visitor | None = None
    _query: Mapping[str, str] = field(default_factory=dict)
    _left: dict[str, Any] | None = None
    _taken: list[str] = field(default_factory=list)

    @property
    def visitor(self) -> Visitor:
        """Who asks. Raises NotLoggedIn."""
        if self.known is None:
            raise NotLoggedIn()
        return self.known

    @property
    def locale(self) -> Locale:
        """The language of the answer: what the request asks for, else the visitor's own, else the installation's."""
        own = self.known.principal.locale if self.known else self.runtime.config.locale
        return locale_of(self.request, own)

    # --- path and query

    def path(self, name: str) -> str:
        return str(self.request.path_params[name])

    def path_id(self, name: str = "id") -> UUID:
        """An id in the path; anything else is a record that is not there."""
        id = as_id(self.path(name))
        if id is None:
            raise NotFound()
        return id

    def read_query(self, names: Collection[str]) -> None:
        """Read the query string, of which only `names` are known. Raises BadRequest."""
        raw = self.request.scope["query_string"]
        if not raw:
            return
        try:
            pairs = parse_qsl(
                raw.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_QUERY_PARAMETERS
            )
        except ValueError:
            raise bad_request("", "查询参数不对", "the query is not valid") from None
        for name, value in pairs:
            if name not in names:
                zh, en = suggest(name, list(names))
                raise bad_request(name, f"不认识参数“{name}”。{zh}", f"`{name}` is not known. {en}")
            if "\x00" in value:
                raise _unstorable(name)
        self._query = dict(pairs)

    def query(self, name: str, default: str = "") -> str:
        return self._query.get(name, default)

    def query_list(self, name: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in self.query(name).split(",") if part.strip())

    def query_integer(self, name: str, default: int) -> int:
        text = self.query(name) or str(default)
        if not re.fullmatch(rf"-?[0-9]{{1,{MAX_INTEGER_DIGITS}}}", text, re.ASCII):
            raise bad_request(name, "应是整数", "a whole number is expected")
        return int(text)

    def query_flag(self, name: str) -> bool:
        text = self.query(name) or "false"
        if text not in ("true", "false", "1", "0"):
            raise bad_request(name, "应是 true 或 false", "true or false is expected")
        return text in ("true", "1")

    def query_id(self, name: str) -> UUID | None:
        """An id in the query; None when it is left out. Raises BadRequest."""
        text = self.query(name)
        return read_id(name, text) if text else None

    # --- body

    def body(self) -> dict[str, Any]:
        """The JSON object of the request, without the members taken so far. Raises BadRequest."""
        if self._left is None:
            self._left = read_object(self.raw)
        return self._left

    def take(self, name: str, kind: type[T], default: T | None = None) -> T:
        """A member of the body of this type; without a default it must be there. Raises BadRequest."""
        self._taken.append(name)
        value = self.body().pop(name, None)
        if value is None and default is not None:
            return default
        if value is None:
            raise bad_request(name, f"缺少“{name}”", f"`{name}` is missing")
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise bad_request(name, f"“{name}”的类型不对", f"`{name}` is of the wrong type")
        return value

    def take_version(self) -> int:
        """The version that the writer saw."""
        version = self.take("version", int)
        if not 0 < version < 2**31:
            raise bad_request("version", "version 不对", "the version is out of range")
        return version

    def take_id(self, name: str) -> UUID:
        return read_id(name, self.take(name, str))

    def take_ids(self, name: str, limit: int) -> list[UUID]:
        """A list of ids, at most `limit`."""
        values = self.take(name, list)
        if len(values) > limit:
            raise bad_request(name, f"最多 {limit} 个", f"at most {limit}")
        return [read_id(name, value) for value in values]

    def take_texts(self, name: str) -> list[str]:
        return [read_text(name, value) for value in self.take(name, list, [])]

    def rest(self) -> dict[str, Any]:
        """All members that were not taken."""
        left, self._left = self.body(), {}
        return left

    def close(self) -> None:
        """Refuse members that nobody took."""
        for name in self.body():
            zh, en = suggest(name, self._taken)
            raise bad_request(name, f"不认识“{name}”。{zh}", f"`{name}` is not known. {en}")

    # --- form

    def field(self, name: str) -> str:
        """A text field of the form; empty when it is left out. Raises BadRequest."""
        return read_text(name, self.form.get(name, ""))


def read_object(raw: bytes) -> dict[str, Any]:
    """The JSON object in `raw`, its fractions as Decimal; nothing is an empty object. Raises BadRequest."""
    if not raw.strip():
        return {}
    try:
        found = orjson.loads(raw)
        if _has_fraction(raw):
            found = json.loads(raw, parse_float=_decimal)
    except (ValueError, RecursionError):
        raise bad_request("", "不是合法的 JSON", "it is not valid JSON") from None
    if not isinstance(found, dict):
        raise bad_request("", "应是一个 JSON 对象", "a JSON object is expected")
    if b"\\u0000" in raw and _NUL.search(raw):
        raise _unstorable("")
    return found


def _has_fraction(raw: bytes) -> bool:
    return b"." in raw or b"e" in raw or b"E" in raw


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if abs(number.adjusted()) > MAX_EXPONENT:
        raise ValueError(text)
    return number


def _unstorable(path: str) -> BadRequest:
    return bad_request(path, "含有不可存储的字符", "it holds a character that can't be stored")


def as_id(text: Any) -> UUID | None:
    """A UUID from its text, or None."""
    try:
        return UUID(text) if isinstance(text, str) else None
    except ValueError:
        return None


def read_id(path: str, text: Any) -> UUID:
    """A UUID from its text. Raises BadRequest."""
    id = as_id(text)
    if id is None:
        raise bad_request(path, f"“{path}”应是编号", f"`{path}` must be an id")
    return id


def read_text(path: str, value: Any) -> str:
    """A text that can be stored. Raises BadRequest."""
    if not isinstance(value, str):
        raise bad_request(path, f"“{path}”应是文本", f"`{path}` must be text")
    if "\x00" in value:
        raise _unstorable(path)
    return value


def read_instant(path: str, text: str) -> datetime | None:
    """An instant with its offset; None for an empty text. Raises BadRequest."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is None:
            raise ValueError
        return found.astimezone(UTC)
    except (ValueError, OverflowError):
        raise bad_request(path, "应是带时区的时间", "an instant with its offset is expected") from None
