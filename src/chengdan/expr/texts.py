"""Text functions by the law in `types`: code points, ASCII case, results of at most 100,000 characters."""

import re
from functools import lru_cache

from chengdan.expr.numbers import Number

MAX_RESULT = 100_000
SPACE = " \t\n\r\u3000"

_LOWER = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
_UPPER = {code: code - 32 for code in range(ord("a"), ord("z") + 1)}


def lower(text: str) -> str:
    """`text` with A–Z made small."""
    return text.translate(_LOWER)


def upper(text: str) -> str:
    """`text` with a–z made capital."""
    return text.translate(_UPPER)


def trim(text: str) -> str:
    """`text` without blanks, tabs, line breaks and full-width blanks at its ends."""
    return text.strip(SPACE)


def contains(text: str, part: str) -> bool:
    """Whether `part` occurs in `text`."""
    return part in text


def joined(*parts: str) -> str:
    """`parts` one after the other."""
    result = ""
    for part in parts:
        result = (result + part[:MAX_RESULT])[:MAX_RESULT]
    return result


def left(text: str, count: Number) -> str | None:
    """The first `count` characters; None for a count outside 0 … 100,000."""
    return text[: int(count)] if -1 < count < MAX_RESULT + 1 else None


def right(text: str, count: Number) -> str | None:
    """The last `count` characters; None for a count outside 0 … 100,000."""
    return text[max(0, len(text) - int(count)) :] if -1 < count < MAX_RESULT + 1 else None


def replaced(text: str, part: str, other: str) -> str:
    """`text` with every `part` made `other`; unchanged when `part` is empty."""
    if not part:
        return text[:MAX_RESULT]
    enough = MAX_RESULT // len(other) + 1 if other else -1
    return text.replace(part, other, enough)[:MAX_RESULT]


def is_like(text: str, pattern: str) -> bool:
    """Whether the whole of `text` follows `pattern`: `*` any characters, `?` one, backslash for the sign itself.

    Takes time in proportion to the text times the pattern, whatever they are.
    """
    first, middle, last = _pieces(pattern)
    if last is None:
        return bool(first.fullmatch(text))
    found = first.match(text)
    if found is None:
        return False
    at = found.end()
    for piece in middle:
        found = piece.search(text, at)
        if found is None:
            return False
        at = found.end()
    length, ending = last
    return len(text) - length >= at and bool(ending.fullmatch(text, len(text) - length))


def like_pattern(pattern: str) -> str:
    """`pattern` as PostgreSQL's LIKE writes it."""
    return "".join(
        {"*": "%", "?": "_"}.get(sign, "") if wild else ("\\" + sign if sign in "%_\\" else sign)
        for sign, wild in _signs(pattern)
    )


@lru_cache(maxsize=1024)
def _pieces(
    pattern: str,
) -> tuple[re.Pattern[str], list[re.Pattern[str]], tuple[int, re.Pattern[str]] | None]:
    pieces = [""]
    lengths = [0]
    for sign, wild in _signs(pattern):
        if wild and sign == "*":
            pieces.append("")
            lengths.append(0)
        else:
            pieces[-1] += "." if wild else re.escape(sign)
            lengths[-1] += 1
    compiled = [re.compile(piece, re.DOTALL) for piece in pieces]
    if len(compiled) == 1:
        return compiled[0], [], None
    return compiled[0], compiled[1:-1], (lengths[-1], compiled[-1])


def _signs(pattern: str) -> list[tuple[str, bool]]:
    """The characters of `pattern`, each with whether it is a wildcard. A backslash at the end stands for itself."""
    signs: list[tuple[str, bool]] = []
    at = 0
    while at < len(pattern):
        sign = pattern[at]
        escaped = sign == "\\" and at + 1 < len(pattern)
        signs.append((pattern[at + 1], False) if escaped else (sign, sign in "*?"))
        at += 2 if escaped else 1
    return signs
