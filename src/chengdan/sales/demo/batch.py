"""What the generator yields, and how one record comes to life in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

CREATED = "record.created"
UPDATED = "record.updated"
MOVED = "record.moved"
SUBSTEP_DONE = "substep.done"
FILE_ATTACHED = "file.attached"
SIGNED = "signature.given"
SIGNATURE_MISSING = "signature.missing"
SIGNATURE_VOUCHED = "signature.vouched"
GATE_OVERRIDDEN = "gate.overridden"
NOTIFIED = "person.notified"

Event = tuple[datetime, UUID | None, str, UUID, dict[str, Any]]
"""When, who (None: nobody with a log-in), what kind, which record, and the data of the fact: a row for the journal."""

SYSTEM_COLUMNS = ("id", "version", "owner", "team", "created_at", "created_by", "updated_at", "updated_by")


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one object for COPY, and the events that made them.

    Values are Python ones (UUID, int for whole money, date, aware datetime); rollups and `archived_at` are left out.
    Every record that a row refers to is in the same or an earlier batch, but for the lead of a team. Events are in
    the order of their instants. `timers` still run, `notices` were left with people (see `echoes`).
    """

    object: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    events: list[Event]
    timers: list[tuple[Any, ...]] = field(default_factory=list)
    notices: list[tuple[Any, ...]] = field(default_factory=list)


class Story:
    """One record while it is being made: its values so far, its version, and the events that led to them."""

    __slots__ = (
        "created_at",
        "created_by",
        "events",
        "id",
        "stage_since",
        "updated_at",
        "updated_by",
        "values",
        "version",
    )

    def __init__(self, id: UUID, at: datetime, by: UUID, values: Mapping[str, Any]) -> None:
        self.id = id
        self.values = {name: value for name, value in values.items() if value is not None}
        self.version = 1
        self.created_at = self.updated_at = self.stage_since = at
        self.created_by = by
        self.updated_by: UUID | None = by
        self.events: list[Event] = [(at, by, CREATED, id, {"values": self.values.copy(), "version": 1})]

    def update(self, at: datetime, by: UUID | None, values: Mapping[str, Any]) -> None:
        """Set the fields that differ; nothing happens when none does."""
        changes = {
            name: [self.values.get(name), value]
            for name, value in values.items()
            if self.values.get(name) != value
        }
        if changes:
            self.values.update(values)
            self._bump(at, by, UPDATED, {"changes": changes})

    def move(self, at: datetime, by: UUID, pipeline: str, field: str, to: str, lacking: str = "") -> None:
        """Take the record to stage `to`, perhaps without a soft deliverable."""
        data: dict[str, Any] = {"pipeline": pipeline, "from": self.values[field], "to": to}
        if lacking:
            data["without"] = [lacking]
        self.values[field] = to
        self.stage_since = at
        self._bump(at, by, MOVED, data)

    def note(self, at: datetime, by: UUID | None, kind: str, data: dict[str, Any]) -> None:
        """A fact about the record that leaves its values as they are."""
        self.events.append((at, by, kind, self.id, data))

    def row(self, fields: Iterable[str], staged: bool) -> tuple[Any, ...]:
        """The system columns, `stage_since` when `staged`, then `fields`."""
        get = self.values.get
        system = (
            self.id,
            self.version,
            get("owner"),
            get("team"),
            self.created_at,
            self.created_by,
            self.updated_at,
            self.updated_by,
        )
        return (*system, *((self.stage_since,) if staged else ()), *[get(name) for name in fields])

    def _bump(self, at: datetime, by: UUID | None, kind: str, data: dict[str, Any]) -> None:
        self.version += 1
        self.updated_at = at
        self.updated_by = by
        data["version"] = self.version
        self.events.append((at, by, kind, self.id, data))


def batch(object: str, fields: tuple[str, ...], stories: Iterable[Story], staged: bool = False) -> Batch:
    """The stories of one object as a batch; `staged` when the object has a pipeline."""
    rows: list[tuple[Any, ...]] = []
    events: list[Event] = []
    for story in stories:
        rows.append(story.row(fields, staged))
        events.extend(story.events)
    events.sort(key=instant_of)
    return Batch(object, (*SYSTEM_COLUMNS, *(("stage_since",) if staged else ()), *fields), rows, events)


def instant_of(event: Event) -> datetime:
    """When an event happened: what events are sorted by."""
    return event[0]
