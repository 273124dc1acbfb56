"""The code on each page of a form: which form it is, of which record, for what, with what content, and which page."""

from dataclasses import dataclass
from uuid import UUID

_MARK = "CD1"


@dataclass(frozen=True, slots=True)
class FormCode:
    """What a page of a form says of itself. `deliverable` is empty on a form that nobody asked for."""

    template: str
    record: UUID
    deliverable: str
    fingerprint: str
    page: int
    pages: int

    def text(self) -> str:
        """What stands in the code."""
        parts = (
            _MARK,
            self.template,
            self.record.hex,
            self.deliverable,
            self.fingerprint,
            self.page,
            self.pages,
        )
        return ":".join(map(str, parts))


def read_code(text: str) -> FormCode | None:
    """The code of a form; None for any other."""
    parts = text.split(":")
    if len(parts) != 7 or parts[0] != _MARK:
        return None
    try:
        return FormCode(parts[1], UUID(parts[2]), parts[3], parts[4], int(parts[5]), int(parts[6]))
    except ValueError:
        return None
