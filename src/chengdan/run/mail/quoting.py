"""Quoting: where the words of a mail end and what it answers begins, in text and in HTML."""

import re
from html.parser import HTMLParser

_INTRODUCTIONS = (
    r"(?:on|am|le)\s.{6,200}\s(?:wrote|schrieb|a écrit)\s*[:：]\s*",
    r".{0,200}(?:写道|寫道|编写)\s*[:：]\s*",
    r"[-_—\s]{3,}(?:original message|forwarded message|原始邮件|原始郵件|转发邮件|回复的原邮件|ursprüngliche nachricht)[-_—\s]*",
    r"_{20,}",
)
_INTRODUCTION = re.compile("|".join(f"(?:{one})" for one in _INTRODUCTIONS), re.IGNORECASE)
_HEADER = re.compile(r"\s*\**(?:from|发件人|發件人|寄件者|von)\**\s*[:：]", re.IGNORECASE)
_FURTHER = re.compile(
    r"\s*\**(?:sent|date|to|subject|cc|发送时间|发送日期|日期|收件人|抄送|主题|寄件日期|收件者|主旨)\**\s*[:：]",
    re.IGNORECASE,
)
_QUOTE_CLASSES = frozenset(
    {
        "gmail_quote",
        "gmail_quote_container",
        "yahoo_quoted",
        "moz-cite-prefix",
        "protonmail_quote",
        "zmail_extra",
    }
)
_QUOTE_IDS = frozenset(
    {"divRplyFwdMsg", "appendonsend", "reply-intro", "isReplyContent", "origbody", "OLK_SRC_BODY_SECTION"}
)
_QUOTE_IDS_LOWER = frozenset(map(str.lower, _QUOTE_IDS))


def split_text(text: str) -> tuple[str, str]:
    """What the writer says, and what is quoted below it; the latter may be empty."""
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if _begins_quote(lines, number, line) and any(part.strip() for part in lines[:number]):
            return "\n".join(lines[:number]).rstrip(), "\n".join(lines[number:]).strip()
    return text.rstrip(), ""


def _begins_quote(lines: list[str], number: int, line: str) -> bool:
    stripped = line.strip()
    if _INTRODUCTION.fullmatch(stripped):
        return True
    following = lines[number + 1].strip() if number + 1 < len(lines) else ""
    if (
        stripped
        and following
        and _INTRODUCTION.fullmatch(f"{stripped} {following}")
        and not _HEADER.match(stripped)
    ):
        return _INTRODUCTION.fullmatch(following) is None
    if _HEADER.match(line):
        return any(_FURTHER.match(later) for later in lines[number + 1 : number + 4])
    return line.startswith(">") and all(rest.startswith(">") or not rest.strip() for rest in lines[number:])


def split_html(source: str) -> tuple[str, str]:
    """The same for HTML: cut before the first element that mail programs put around what they quote."""
    finder = _Finder()
    finder.feed(source)
    at = finder.at
    return (source, "") if at is None else (source[:at], source[at:])


class _Finder(HTMLParser):
    """Finds where the quoted part begins: by the marks of mail programs, or a blockquote, after some text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.at: int | None = None
        self._starts: list[int] = []
        self._said = False
        self._silent = 0

    def feed(self, data: str) -> None:
        self._starts = [0]
        for line in data.split("\n"):
            self._starts.append(self._starts[-1] + len(line) + 1)
        super().feed(data)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag in ("style", "script", "title", "head"):
            self._silent += tag != "head"
        if self.at is None and self._said and self._marks(tag, dict(attributes)):
            line, column = self.getpos()
            self.at = self._starts[line - 1] + column

    def handle_endtag(self, tag: str) -> None:
        if tag in ("style", "script", "title"):
            self._silent = max(0, self._silent - 1)

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self._said = True

    @staticmethod
    def _marks(tag: str, attributes: dict[str, str | None]) -> bool:
        classes = set((attributes.get("class") or "").split())
        own = (attributes.get("id") or "").lower().removeprefix("x_")
        cited = tag == "blockquote" and (attributes.get("type") == "cite" or not classes)
        return bool(classes & _QUOTE_CLASSES) or own in _QUOTE_IDS_LOWER or cited
