"""What can be wrong with an expression: one class per condition, each with its place in the text."""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from chengdan.base.errors import ChengdanError, Problems

Wording = Mapping[str, str]

_EXCERPT = 80
_LONGEST_GUESS = 40


class ExpressionError(ChengdanError):
    """Base of all errors of the expression language.

    `text` is the expression, `offset` the place in it counted in characters from 0; `line` and `column` count from 1.
    """

    code = "EXPR-000"
    status = 422
    zh = "表达式有误。"
    en = "The expression is not valid."

    def __init__(self, *, path: str = "", text: str = "", offset: int = 0, **data: Any) -> None:
        super().__init__(path=path, **data)
        self.placed(text, offset, path)

    def placed(self, text: str, offset: int, path: str = "") -> Self:
        """This error, its place now `offset` in `text`; `path` names a formula the text belongs to."""
        self.path = path
        self.text = text
        self.offset = max(0, min(offset, len(text)))
        self.line = text.count("\n", 0, self.offset) + 1
        self._line_start = text.rfind("\n", 0, self.offset) + 1
        self.column = self.offset - self._line_start + 1
        return self

    @property
    def suggestion(self) -> str | None:
        """The name the writer probably meant, for a one-click repair."""
        guess = self.data.get("suggestion")
        return guess if isinstance(guess, str) and guess else None

    @property
    def excerpt(self) -> str:
        """The line at fault and a caret under the place; at most 80 characters of the line are shown."""
        end = self.text.find("\n", self.offset)
        line = self.text[self._line_start : len(self.text) if end < 0 else end]
        first = max(0, min(self.column - 1 - _EXCERPT // 2, len(line) - _EXCERPT))
        shown = line[first : first + _EXCERPT].replace("\t", " ")
        return f"{shown}\n{' ' * _width(shown[: self.column - 1 - first])}^"

    def __str__(self) -> str:
        head = super().__str__()
        return f"{head}\n{self.excerpt}" if self.text else head


class ExpressionProblems(Problems, ExpressionError):
    """Everything the checker found wrong with one expression."""

    code = "EXPR-001"
    status = 422


class SyntaxFault(ExpressionError):
    """The text does not follow the grammar."""

    code = "EXPR-002"
    zh = "{what}。"
    en = "{what}."
    hint_zh = "{advice}"
    hint_en = "{advice}"

    def __init__(self, what: Wording, advice: Wording | str = "", **place: Any) -> None:
        super().__init__(what=what, advice=advice, **place)


class TooLarge(ExpressionError):
    """A budget of the language is exceeded."""

    code = "EXPR-003"
    zh = "{what}超过上限 {limit}。"
    en = "{what}: the limit is {limit}."
    hint_zh = "请拆分或简化表达式。"
    hint_en = "Split or simplify the expression."


class UnknownName(ExpressionError):
    """A field, variable or member that does not exist."""

    code = "EXPR-004"
    zh = "{object} 没有字段“{name}”。"
    en = "{object} has no field `{name}`."
    hint_zh = "{advice}"
    hint_en = "{advice}"

    def __init__(self, name: str, object_name: str, known: Iterable[str], **place: Any) -> None:
        guess = closest(name, known)
        super().__init__(name=name[:100], object=object_name, suggestion=guess, advice=advice(guess), **place)


class UnknownFunction(ExpressionError):
    """A function that does not exist."""

    code = "EXPR-005"
    zh = "没有函数“{name}”。"
    en = "There is no function `{name}`."
    hint_zh = "{advice}"
    hint_en = "{advice}"

    def __init__(self, name: str, known: Iterable[str], **place: Any) -> None:
        guess = closest(name, known)
        super().__init__(name=name[:100], suggestion=guess, advice=advice(guess), **place)


class TypeMismatch(ExpressionError):
    """An operator or function given values it is not made for."""

    code = "EXPR-006"
    zh = "{what}。"
    en = "{what}."
    hint_zh = "{advice}"
    hint_en = "{advice}"

    def __init__(self, what: Wording, advice: Wording | str = "", **place: Any) -> None:
        super().__init__(what=what, advice=advice, **place)


class UnknownOption(ExpressionError):
    """A select compared with a value that is not among its options."""

    code = "EXPR-007"
    zh = "“{name}”不是可选值。"
    en = "`{name}` is not one of the options."
    hint_zh = "{advice}"
    hint_en = "{advice}"

    def __init__(self, name: str, options: Iterable[str], **place: Any) -> None:
        known = sorted(options)
        guess = closest(name, known)
        listed = ", ".join(known[:10])
        hint = advice(guess) or {"zh": f"可选值：{listed}。", "en": f"Options: {listed}."}
        super().__init__(name=name[:100], suggestion=guess, advice=hint, **place)


class NameTaken(ExpressionError):
    """A variable of a list function named like something that already has a meaning."""

    code = "EXPR-008"
    zh = "名称“{name}”已有含义，不能用作变量。"
    en = "`{name}` already has a meaning and cannot be a variable."
    hint_zh = "请换一个变量名。"
    hint_en = "Choose another variable name."


class FormulaCycle(ExpressionError):
    """A formula that needs its own value."""

    code = "EXPR-009"
    zh = "公式循环引用：{chain}。"
    en = "The formula refers to itself: {chain}."
    hint_zh = "请去掉其中一个引用。"
    hint_en = "Remove one of these references."


class NotAllowedHere(ExpressionError):
    """Something the language has, in a place where it has no meaning."""

    code = "EXPR-010"
    zh = "{what}。"
    en = "{what}."
    hint_zh = "{advice}"
    hint_en = "{advice}"

    def __init__(self, what: Wording, advice: Wording | str = "", **place: Any) -> None:
        super().__init__(what=what, advice=advice, **place)


class WrongResult(ExpressionError):
    """The expression yields another kind of value than its place needs."""

    code = "EXPR-011"
    zh = "此处需要{expected}，表达式得到{found}。"
    en = "{expected} is needed here; the expression gives {found}."


class EvaluationError(ExpressionError):
    """An evaluation was stopped: more children or steps than the budget allows."""

    code = "EXPR-012"
    zh = "计算量过大：{what}超过上限 {limit}。"
    en = "The evaluation is too large: {what}, the limit is {limit}."
    hint_zh = "请缩小所遍历的列表，或改用汇总字段。"
    hint_en = "Narrow the lists it runs over, or use a rollup field."


class NotInSql(ExpressionError):
    """An expression that only makes sense on one record in memory."""

    code = "EXPR-013"
    zh = "筛选与查询中不能使用{what}。"
    en = "{what} cannot be used in a filter or query."


def closest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None when none is near."""
    if len(name) > _LONGEST_GUESS:
        return None
    folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def advice(guess: str | None) -> Wording | str:
    """The sentence that offers `guess`; empty without one."""
    return {"zh": f"是不是 `{guess}`？", "en": f"Did you mean `{guess}`?"} if guess else ""


def say(zh: str, en: str) -> Wording:
    """A wording in both languages."""
    return {"zh": zh, "en": en}


def gathered(errors: Sequence[ExpressionError]) -> ExpressionProblems:
    """One error that holds all of `errors`."""
    return ExpressionProblems(errors)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
