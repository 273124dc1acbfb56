"""What became of the things that a file brings, and the terms on which they come in: the same for rows and for traces."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Self, TypeVar
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Principal
from chengdan.run.tabular import Cell
from chengdan.store.unit import Unit


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms a file comes in: who brings it and through what, the reason that takes history past gates (empty: none),
    and whether it is a rehearsal, in which everything is decided and nothing stays."""

    principal: Principal
    cause: str
    override_reason: str = ""
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row or trace that was not brought in: its line or number in the file, its cells and every reason."""

    line: int
    cells: tuple[Cell, ...]
    errors: tuple[ChengdanError, ...]


@dataclass(slots=True)
class Outcome:
    """What became of rows or traces; `records` are those that were created or changed."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    records: list[UUID] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many rows or traces these are."""
        return self.created + self.updated + self.unchanged + len(self.refused)

    def add(self, other: Self) -> None:
        """Count what became of others too."""
        for one in fields(self):
            sum = getattr(self, one.name)
            sum += getattr(other, one.name)
            setattr(self, one.name, sum)

    def counts(self) -> Mapping[str, int]:
        """The figures, by the names that results give them."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "refused": len(self.refused),
        }


Brought = TypeVar("Brought", bound=Outcome, contravariant=True)
Checkpoint = Callable[[Unit, Brought], None]
"""Hears of a part in the transaction in which it was brought in."""


class Rehearsal(Exception):
    """Rolls a rehearsal back."""
