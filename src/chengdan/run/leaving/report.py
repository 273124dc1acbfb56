"""What came of a hand-over so far, and what it keeps so that it can be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.store.unit import Unit

FOLLOWER, MAIL = ":follower", ":mail"
"""What `chengdan.handed` calls the field of what is not one: following a record, and a mail account."""

MAX_REFUSED = 200
_HANDED: LiteralString = (
    "INSERT INTO chengdan.handed (job, object, record_id, field, old_user, new_user, old_team) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_FORGET: LiteralString = "DELETE FROM chengdan.handed WHERE job = %s AND record_id = %s AND field = %s"


@dataclass(frozen=True, slots=True)
class Handed:
    """One thing that went from somebody to somebody else, or (None) to nobody."""

    object: str
    record: UUID
    field: str
    old: UUID
    new: UUID | None
    team: UUID | None = None


def keep(unit: Unit, job: UUID, handed: Handed) -> None:
    """Note at the next flush what went to whom."""
    unit.later(
        _HANDED, (job, handed.object, handed.record, handed.field, handed.old, handed.new, handed.team)
    )


def forget(unit: Unit, job: UUID, handed: Handed) -> None:
    unit.later(_FORGET, (job, handed.record, handed.field))


@dataclass
class Report:
    """How many records went by object, how many each person received, what refused, how much of what is no record went, and
    whether the account was closed."""

    moved: dict[str, int]
    received: dict[str, int]
    beside: dict[str, int]
    refused: list[dict[str, Any]]
    closed: bool = False

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> "Report":
        return cls(
            dict(result.get("moved", {})),
            dict(result.get("received", {})),
            dict(result.get("beside", {})),
            list(result.get("refused", [])),
            bool(result.get("closed")),
        )

    def note(self, object: str, receiver: UUID | None) -> None:
        self.moved[object] = self.moved.get(object, 0) + 1
        if receiver is not None:
            self.received[str(receiver)] = self.received.get(str(receiver), 0) + 1

    def note_beside(self, name: str, count: int = 1) -> None:
        if count:
            self.beside[name] = self.beside.get(name, 0) + count

    def refuse(self, object: str, id: UUID, error: ChengdanError) -> None:
        reason = error.reasons()[0]
        if len(self.refused) < MAX_REFUSED:
            told = {"zh": reason.message("zh-CN"), "en": reason.message("en")}
            self.refused.append({"object": object, "id": str(id), "code": reason.code, **told})

    def as_json(self) -> dict[str, Any]:
        return {
            "moved": self.moved,
            "received": self.received,
            "beside": self.beside,
            "refused": self.refused,
            "closed": self.closed,
        }
