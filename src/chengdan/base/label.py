"""A text that people read: Chinese first, English complete."""

from dataclasses import dataclass

from chengdan.base.errors import Locale


@dataclass(frozen=True, slots=True)
class Label:
    """The same words in both languages of the product."""

    zh: str
    en: str

    def text(self, locale: Locale) -> str:
        return self.zh if locale == "zh-CN" else self.en

    def as_json(self) -> dict[str, str]:
        return {"zh": self.zh, "en": self.en}
