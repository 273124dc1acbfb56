"""What somebody types to search, as a condition on texts."""

from enum import StrEnum

from sqlalchemy import ColumnElement


class Searched(StrEnum):
    """Whether there is something to search for, and whether its letters have a case.

    Chinese has none, and PostgreSQL compares as written twice as fast as it does without regard to case.
    """

    NOTHING = ""
    CASELESS = "caseless"
    CASED = "cased"

    @classmethod
    def of(cls, q: str) -> "Searched":
        """What a text that was typed asks for."""
        if not q.strip():
            return cls.NOTHING
        return cls.CASELESS if q.lower() == q == q.upper() else cls.CASED


def pattern_of(q: str) -> str:
    """The pattern for LIKE of texts that hold `q`."""
    escaped = q.strip().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def matches(
    text: ColumnElement[str], pattern: str | ColumnElement[str], searched: Searched
) -> ColumnElement[bool]:
    """That a text is like the pattern of what is searched for, without regard to case."""
    return text.ilike(pattern) if searched is Searched.CASED else text.like(pattern)
