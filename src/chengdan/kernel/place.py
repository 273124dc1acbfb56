"""Where in the manifests something was written, so that a problem can point to it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """A file of the app and a line in it, counted from 1."""

    file: str = ""
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file else ""


NOWHERE = Place()
