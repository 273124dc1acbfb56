"""Text to tokens. Full-width punctuation and the Chinese operator words are read as their ASCII forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from chengdan.expr.errors import SyntaxFault, TooLarge, say
from chengdan.expr.nodes import Value

MAX_TEXT = 10_000
MAX_LITERAL_TEXT = 1_000
MAX_NAME = 100
MAX_DIGITS = 30
MAX_DECIMALS = 10

KEYWORDS = {"and": "and", "or": "or", "not": "not", "in": "in", "且": "and", "或": "or", "非": "not"}
CONSTANTS: dict[str, tuple[str, Value]] = {
    "true": ("boolean", True),
    "false": ("boolean", False),
    "null": ("null", None),
}
UNIT_SECONDS = {
    "w": 604_800, "d": 86_400, "h": 3_600, "m": 60, "s": 1,
    "周": 604_800, "天": 86_400, "小时": 3_600, "分钟": 60, "秒": 1,
}  # fmt: skip
SCALES = {"万": 10_000, "亿": 100_000_000}

_FULL_WIDTH = {
    "（": "(", "）": ")", "，": ",", "［": "[", "］": "]", "【": "[", "】": "]", "＞": ">", "＜": "<", "≥": ">=", "≤": "<=",
    "≠": "!=", "＋": "+", "－": "-", "×": "*", "÷": "/", "．": ".",
}  # fmt: skip
_CLOSING_QUOTES = {'"': '"', "'": "'", "“": "”", "”": "”", "‘": "’", "’": "’"}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'", "”": "”", "’": "’"}
_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_TOKEN = re.compile(
    r"""(?P<space>\s+)
      |(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<suffix>\w*)
      |(?P<name>[^\W\d]\w*)
      |`(?P<label>[^`\n]+)`
      |(?P<operator>==|!=|<=|>=|[<>+\-*/%().,\[\]（），［］【】＞＜≥≤≠＋－×÷．])
      |(?P<quote>["'“”‘’])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is name, operator, end, or the kind of a literal; `text` is the name or operator."""

    kind: str
    text: str
    at: int
    value: Value = None


def is_plain_name(name: str) -> bool:
    """Whether `name` can be written without backticks."""
    return bool(_PLAIN_NAME.fullmatch(name)) and name not in KEYWORDS and name not in CONSTANTS


def tokens(text: str) -> Iterator[Token]:
    """The tokens of `text`, ending with one of kind `end`. Raises SyntaxFault and TooLarge."""
    if len(text) > MAX_TEXT:
        raise TooLarge(what=say("表达式长度", "characters in the expression"), limit=MAX_TEXT)
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise _stray(text, at)
        if found["quote"]:
            token, at = _quoted(text, at)
            yield token
            continue
        if not found["space"]:
            yield _token(found, text)
        at = found.end()
    yield Token("end", "", at)


def _token(found: re.Match[str], text: str) -> Token:
    at = found.start()
    if found["number"]:
        return _number(found["number"], found["suffix"], text, at)
    if found["operator"]:
        return Token("operator", _FULL_WIDTH.get(found["operator"], found["operator"]), at)
    name = found["name"] or found["label"]
    if len(name) > MAX_NAME:
        raise TooLarge(what=say("名称长度", "characters in a name"), limit=MAX_NAME, text=text, offset=at)
    if found["name"] and name in KEYWORDS:
        return Token("operator", KEYWORDS[name], at)
    if found["name"] and name in CONSTANTS:
        kind, value = CONSTANTS[name]
        return Token(kind, name, at, value)
    return Token("name", name, at)


def _number(digits: str, suffix: str, text: str, at: int) -> Token:
    whole, _, decimals = digits.partition(".")
    if len(whole) > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
        limit = f"{MAX_DIGITS} + {MAX_DECIMALS}"
        raise TooLarge(what=say("数字位数", "digits of a number"), limit=limit, text=text, offset=at)
    number = Decimal(digits)
    if suffix in UNIT_SECONDS:
        return _duration(number * UNIT_SECONDS[suffix], text, at)
    if suffix and suffix not in SCALES:
        what = say(f"数字后面不能跟“{suffix[:20]}”", f"a number cannot be followed by `{suffix[:20]}`")
        advice = say(
            "时长写作 48h、7d；大数写作 100万。", "Write durations as 48h or 7d; put a space before words."
        )
        raise SyntaxFault(what, advice, text=text, offset=at + len(digits))
    if suffix:
        number *= SCALES[suffix]
    if number >= Decimal(10) ** MAX_DIGITS:
        raise TooLarge(what=say("数字位数", "digits of a number"), limit=MAX_DIGITS, text=text, offset=at)
    return Token("number", digits, at, number)


def _duration(seconds: Decimal, text: str, at: int) -> Token:
    micros = seconds * 1_000_000
    if seconds >= 10_000_000 * 86_400 or micros != micros.to_integral_value():
        limit = say("1000 万天，精确到微秒", "10,000,000 days, to the microsecond")
        raise TooLarge(what=say("时长", "a duration"), limit=limit, text=text, offset=at)
    return Token("duration", "", at, timedelta(microseconds=int(micros)))


def _quoted(text: str, start: int) -> tuple[Token, int]:
    closing = _CLOSING_QUOTES[text[start]]
    chars: list[str] = []
    at = start + 1
    while at < len(text) and text[at] != closing:
        char, at = _escaped(text, at) if text[at] == "\\" else (text[at], at + 1)
        if char == "\0" or "\ud800" <= char <= "\udfff":
            raise SyntaxFault(
                say("文本中有不允许的字符", "the text holds a character that is not allowed"),
                text=text,
                offset=at - 1,
            )
        chars.append(char)
        if len(chars) > MAX_LITERAL_TEXT:
            what = say("文本长度", "characters in a text literal")
            raise TooLarge(what=what, limit=MAX_LITERAL_TEXT, text=text, offset=start)
    if at >= len(text):
        what = say("文本缺少结束引号", "the text has no closing quote")
        raise SyntaxFault(what, text=text, offset=start)
    return Token("text", "", start, "".join(chars)), at + 1


def _escaped(text: str, at: int) -> tuple[str, int]:
    code = text[at + 1 : at + 2]
    if code in _ESCAPES:
        return _ESCAPES[code], at + 2
    digits = text[at + 2 : at + 6]
    if code == "u" and re.fullmatch("[0-9a-fA-F]{4}", digits):
        return chr(int(digits, 16)), at + 6
    what = say("未知的转义", "unknown escape")
    raise SyntaxFault(
        what, say(r"可用：\" \\ \n \t \r \u4e2d", r"Known: \" \\ \n \t \r \u4e2d"), text=text, offset=at
    )


def _stray(text: str, at: int) -> SyntaxFault:
    char = text[at]
    advice = {
        "=": say("相等写作 ==。", "Write == to compare."),
        "＝": say("相等写作 ==。", "Write == to compare."),
        "!": say("否定写作 not。", "Write not to negate."),
        "&": say("并且写作 and 或 且。", "Write and."),
        "|": say("或者写作 or 或 或。", "Write or."),
        "`": say("反引号要成对。", "Close the backtick on the same line."),
    }.get(char, "")
    return SyntaxFault(
        say(f"不认识的字符“{char}”", f"unexpected character `{char}`"), advice, text=text, offset=at
    )
