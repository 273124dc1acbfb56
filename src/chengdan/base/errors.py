"""The error tree: every refusal has a stable code, a message and a hint in zh and en, and the place it speaks of.

An error class states a condition (`StaleRecord`), carries its data as keyword arguments, and renders its text
only when somebody reads it, in that reader's language. `status` is the HTTP status used at the edge.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, Literal

Locale = Literal["zh-CN", "en"]


class ChengdanError(Exception):
    """Base of all errors that a user may see.

    Class attributes `code`, `status`, `zh`, `en`, `hint_zh`, `hint_en` are `str.format` templates over `data`.
    `path` names the place: a field (`amount`), a file and line (`rules/a.yaml:12`), a row (`row 17`).
    """

    code: ClassVar[str] = "CHENGDAN-000"
    status: ClassVar[int] = 400
    zh: ClassVar[str] = "请求无法完成。"
    en: ClassVar[str] = "The request could not be completed."
    hint_zh: ClassVar[str] = ""
    hint_en: ClassVar[str] = ""

    def __init__(self, *, path: str = "", **data: Any) -> None:
        self.path = path
        self.data: Mapping[str, Any] = data
        super().__init__(self.code)

    def __str__(self) -> str:
        place = f"{self.path}: " if self.path else ""
        return f"{self.code} {place}{self.message('en')} {self.hint('en')}".rstrip()

    def message(self, locale: Locale = "zh-CN") -> str:
        """The condition, in one sentence."""
        return self._render(self.zh if locale == "zh-CN" else self.en, locale)

    def hint(self, locale: Locale = "zh-CN") -> str:
        """The way out, in one sentence; empty when there is nothing to add."""
        return self._render(self.hint_zh if locale == "zh-CN" else self.hint_en, locale)

    def _render(self, template: str, locale: Locale) -> str:
        return template.format_map({name: localized(value, locale) for name, value in self.data.items()})

    def reasons(self) -> "Sequence[ChengdanError]":
        """The single errors this one stands for; itself unless it is a collection."""
        return (self,)


class Problems(ChengdanError):
    """Several errors found in one pass; nothing was done."""

    code = "CHENGDAN-001"
    zh = "有 {count} 处问题。"
    en = "{count} problems were found."

    def __init__(self, errors: Sequence[ChengdanError]) -> None:
        super().__init__(count=len(errors))
        self.errors = tuple(errors)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)

    def reasons(self) -> Sequence[ChengdanError]:
        return tuple(reason for error in self.errors for reason in error.reasons())


def localized(value: Any, locale: Locale) -> Any:
    """The text of a label (`{"zh": …, "en": …}` or an object with `.text(locale)`) in `locale`; other values as they are."""
    if isinstance(value, Mapping) and value.keys() <= {"zh", "en"} and value:
        preferred, other = ("zh", "en") if locale == "zh-CN" else ("en", "zh")
        return value.get(preferred) or value.get(other, "")
    text = getattr(value, "text", None)
    return text(locale) if callable(text) else value
