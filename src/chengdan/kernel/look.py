"""Looks: how a person looks at an object's records, as it is kept in a saved view."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from dataclasses import field as attribute
from enum import StrEnum
from typing import Any

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.kernel.reading import suggest

MAX_FILTER = 5_000
MAX_COLUMNS = 100
MAX_NAME = 80
DENSITIES = ("", "compact", "normal", "comfortable")
WIDTHS = range(40, 1_201)
CARDS = range(1, 10_000)
DRAWN_FROM = ("board_field", "start_field", "end_field", "duration_field", "done_field")
"""The members that name the fields which boards, calendars and agendas are drawn from."""
_NAME = 60
_LENGTHS = {
    "filter": MAX_FILTER,
    "sort": 300,
    **dict.fromkeys(("kind", "group_by", "density", *DRAWN_FROM), _NAME),
}
_NUMBERS = {"widths": WIDTHS, "limits": CARDS}


class Shared(StrEnum):
    """Who sees a saved view besides its owner."""

    NONE = "none"
    TEAM = "team"
    EVERYONE = "everyone"


class BadLook(ChengdanError):
    """A view that is not of the form it is kept in; `path` names the member."""

    code = "VIEW-001"
    status = 422
    zh = "视图的内容不对：{what}"
    en = "The view is not valid: {what}"


@dataclass(frozen=True, slots=True)
class Look:
    """Which records (`filter`, an expression), how drawn (`kind`), in what order, with which columns (`widths` in px).

    What it is drawn from is as in a `View`.
    """

    kind: str = "list"
    filter: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    board_field: str = ""
    limits: Mapping[str, int] = attribute(default_factory=dict)
    strict_limits: bool = False
    start_field: str = ""
    end_field: str = ""
    duration_field: str = ""
    done_field: str = ""
    group_by: str = ""
    density: str = ""
    widths: Mapping[str, int] = attribute(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The look as it is kept and sent."""
        return {**asdict(self), "columns": list(self.columns)}


def read_look(raw: Mapping[str, Any]) -> Look:
    """A look from JSON. Raises BadLook; whether its fields exist is another question."""
    known = [*_LENGTHS, *_NUMBERS, "columns", "strict_limits"]
    for name in raw:
        if name not in known:
            zh, en = suggest(name, known)
            raise _bad(name, f"不认识“{name}”。{zh}", f"`{name}` is not known. {en}")
    texts: dict[str, Any] = {name: _text(name, raw.get(name, ""), limit) for name, limit in _LENGTHS.items()}
    if texts["density"] not in DENSITIES:
        raise _bad("density", "没有这种疏密", "there is no such density")
    columns, strict = raw.get("columns", []), raw.get("strict_limits", False)
    if not isinstance(columns, list) or len(columns) > MAX_COLUMNS:
        raise _bad(
            "columns", f"列应是至多 {MAX_COLUMNS} 个字段名", f"columns are at most {MAX_COLUMNS} names"
        )
    if not isinstance(strict, bool):
        raise _bad("strict_limits", "应是 true 或 false", "true or false is expected")
    numbers: dict[str, Any] = {
        name: _numbers(name, raw.get(name, {}), within) for name, within in _NUMBERS.items()
    }
    return Look(
        kind=texts.pop("kind") or "list",
        columns=tuple(dict.fromkeys(_text("columns", name, _NAME) for name in columns)),
        strict_limits=strict,
        **numbers,
        **texts,
    )


def _numbers(name: str, raw: Any, within: range) -> Mapping[str, int]:
    if not isinstance(raw, dict) or len(raw) > MAX_COLUMNS:
        raise _bad(name, f"“{name}”应是 {{名称: 数}}", f"`{name}` is {{name: number}}")
    for value in raw.values():
        if not isinstance(value, int) or isinstance(value, bool) or value not in within:
            raise _bad(name, f"应为 {within[0]}–{within[-1]}", f"{within[0]}–{within[-1]} is expected")
    return {_text(name, key, _NAME): value for key, value in raw.items()}


def _text(name: str, value: Any, limit: int) -> str:
    if not isinstance(value, str) or "\x00" in value:
        raise _bad(name, f"“{name}”应是文本", f"`{name}` must be text")
    if len(value) > limit:
        raise _bad(name, f"“{name}”最多 {limit} 个字", f"`{name}` has at most {limit} characters")
    return value.strip()


def _bad(path: str, zh: str, en: str) -> BadLook:
    return BadLook(path=path, what=Label(zh, en))
