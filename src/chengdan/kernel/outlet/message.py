"""What an outlet says: lines, each about one thing that happened, in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from chengdan.base.errors import Locale
from chengdan.base.label import Label

MAX_TEXT = 300
MAX_NAMES = 8
SENDER = Label("成单", "Chengdan")
"""Stands in every message: a robot that wants a keyword may ask for it."""

_URGENT = Label("紧急", "Urgent")
_OPEN = Label("打开", "Open")
_NOTICE = Label("通知", "Notice")
_MARKUP = str.maketrans("<>[]()*_`#|~\\\n\r", "＜＞［］（）＊＿｀＃｜～＼  ")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that happened: in which words, whom it is for, what it is about, how often, and where it leads (or "")."""

    id: UUID
    kind: str
    at: datetime
    text: Label
    people: tuple[str, ...] = ()
    object: str = ""
    record: UUID | None = None
    count: int = 1
    urgent: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """Lines that leave together, at least one, in the language of the outlet."""

    lines: tuple[Line, ...]
    locale: Locale = "zh-CN"

    @property
    def urgent(self) -> bool:
        return any(line.urgent for line in self.lines)

    @property
    def title(self) -> str:
        """What the message is called where only one line is shown."""
        if len(self.lines) == 1:
            return f"{SENDER.text(self.locale)} · {words(self.lines[0], self.locale)}"[:MAX_TEXT]
        count = len(self.lines)
        return Label(f"成单 · {count} 条通知", f"Chengdan · {count} notifications").text(self.locale)

    @property
    def word(self) -> "Words":
        return Words(self.locale)


@dataclass(frozen=True, slots=True)
class Words:
    """The fixed words of messages in one language."""

    locale: Locale

    @property
    def urgent(self) -> str:
        return _URGENT.text(self.locale)

    @property
    def open(self) -> str:
        return _OPEN.text(self.locale)

    @property
    def notice(self) -> str:
        return f"{SENDER.text(self.locale)} · {_NOTICE.text(self.locale)}"


def words(line: Line, locale: Locale) -> str:
    """What happened, how often, without anything that a chat would take for markup, a link or a mention."""
    text = line.text.text(locale).translate(_MARKUP).strip()
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - 1] + "…"
    if line.count == 1:
        return text
    return text + (f"（{line.count} 次）" if locale == "zh-CN" else f" ({line.count} times)")


def names(line: Line, locale: Locale) -> str:
    """Whom it is for; empty when nobody is named."""
    if not line.people:
        return ""
    shown = [name.translate(_MARKUP) for name in line.people[:MAX_NAMES]]
    more = len(line.people) - len(shown)
    if locale == "zh-CN":
        return "、".join(shown) + (f" 等 {len(line.people)} 人" if more else "")
    return ", ".join(shown) + (f" and {more} more" if more else "")


@dataclass(frozen=True, slots=True)
class Request:
    """A POST: where to, with which headers besides those of JSON, and the body."""

    url: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an answer means: whether the message arrived, what was answered, and whether the outlet asks to slow down."""

    arrived: bool
    answer: str
    slow: bool = False


def verdict_of_code(
    status: int, answer: Mapping[str, Any], code: str, text: str, slow: Sequence[int]
) -> Verdict:
    """The verdict of a robot that answers 200 whatever happens and tells in `code` (0 when all is well) what did."""
    said = answer.get(code)
    if status == 200 and said == 0:
        return Verdict(True, "ok")
    told = f"{code} {said}: {answer.get(text)}" if said is not None else f"HTTP {status}"
    return Verdict(False, told, slow=status == 429 or said in slow)
