"""Marks: what a record leaves behind on its way through its pipeline, worked out from the events of the journal.

A mark says that a stage was entered, with which deliverables and without which, or that a sub-step was done. Marks are all
that process analysis reads; they can be made again from the journal at any time.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from chengdan.kernel.event import EventKind
from chengdan.kernel.gate import is_filled
from chengdan.kernel.pipeline import DeliverableKind, Pipeline

COMPLETE = "complete"
"""The transition by which work on a sub-step ends; others schedule, start or interrupt it."""
WITHOUT, HAPPENED_AT, RESOURCE = "without", "happened_at", "resource"
"""In the data of events: deliverables that lacked; of history that was brought in, when it happened and who did it there."""


class MarkKind(StrEnum):
    """`entered`: a stage. `done`, `undone`: a sub-step, or evidence filed and taken off. `worked`: work on a sub-step went on."""

    ENTERED = "entered"
    DONE = "done"
    UNDONE = "undone"
    WORKED = "worked"


class Mark(NamedTuple):
    """One mark. `name` is the stage entered (then `stage` is where it came from, empty: it is new) or the sub-step (then
    `stage` is that which demands it). `met` and `without` are the deliverables that the way into the stage demanded."""

    kind: MarkKind
    name: str
    stage: str
    met: tuple[str, ...] = ()
    without: tuple[str, ...] = ()


class Placed(NamedTuple):
    """A mark with its record, when it happened, who did it, and who is said to have done it elsewhere."""

    object: str
    record: UUID
    at: datetime
    actor: UUID | None
    resource: str | None
    mark: Mark


class Carried(NamedTuple):
    """What a mark says of those before it of its record, so that no report goes through them in their order.

    `visit`: the number of the stay that it begins or belongs to. `since`: when the record had entered a stage before. `again`:
    whether there was one of its kind and name. `bounced`: whether it leads straight back to where that stage was entered
    from. `after`, `after_at`: the last one before it among stages entered and sub-steps done.
    """

    visit: int
    since: datetime | None
    again: bool
    bounced: bool
    after: str | None
    after_at: datetime | None


@dataclass(slots=True)
class _Trail:
    """The marks of a record so far."""

    visits: int = 0
    entered: Placed | None = None
    last: Placed | None = None
    seen: set[tuple[MarkKind, str]] = attribute(default_factory=set)

    def carried_by(self, placed: Placed) -> Carried:
        """What the next mark carries; it is one of the trail from then on."""
        mark, before, last = placed.mark, self.entered, self.last
        entering = mark.kind is MarkKind.ENTERED
        carried = Carried(
            self.visits + entering,
            before.at if before else None,
            (mark.kind, mark.name) in self.seen,
            entering and before is not None and before.mark.stage == mark.name,
            last.mark.name if last else None,
            last.at if last else None,
        )
        self.seen.add((mark.kind, mark.name))
        if entering:
            self.visits, self.entered = self.visits + 1, placed
        if mark.kind in (MarkKind.ENTERED, MarkKind.DONE):
            self.last = placed
        return carried


def followed(left: Iterable[Placed]) -> Iterator[tuple[Placed, Carried]]:
    """Marks in the order in which they are left, each with what it carries of the others."""
    trails: dict[UUID, _Trail] = {}
    for placed in left:
        yield placed, trails.setdefault(placed.record, _Trail()).carried_by(placed)


def marks_of(pipeline: Pipeline, event: str, data: Mapping[str, Any]) -> Iterator[Mark]:
    """The marks that one event of a record of the pipeline's object leaves."""
    match event:
        case EventKind.CREATED:
            values = data.get("values") or {}
            stage = values.get(pipeline.field) or pipeline.stages[0].name
            yield _entered(pipeline, None, stage, data)
        case EventKind.MOVED:
            yield _entered(pipeline, data.get("from"), data["to"], data)
        case EventKind.UPDATED:
            yield from _filled(pipeline, data.get("changes") or {})
        case EventKind.SUBSTEP_DONE:
            yield Mark(MarkKind.DONE, data["name"], data["stage"])
        case EventKind.SUBSTEP_UNDONE:
            yield Mark(MarkKind.UNDONE, data["name"], data["stage"])
        case EventKind.SUBSTEP_WORKED:
            kind = MarkKind.DONE if data["transition"] == COMPLETE else MarkKind.WORKED
            yield Mark(kind, data["name"], data["stage"])
        case EventKind.FILE_ATTACHED:
            yield from _filed(pipeline, MarkKind.DONE, data)
        case EventKind.FILE_REMOVED:
            yield from _filed(pipeline, MarkKind.UNDONE, data)
        case EventKind.SIGNED | EventKind.SIGNATURE_VOUCHED:
            yield from _signed(pipeline, data["deliverable"])


def _entered(pipeline: Pipeline, origin: str | None, target: str, data: Mapping[str, Any]) -> Mark:
    """Into a stage: what was demanded on the way is met, but for what the event says was lacking."""
    demanded = [item.name for _, item in pipeline.passed(origin, target)] if pipeline.has(target) else []
    lacking = tuple(data.get(WITHOUT) or ())
    met = tuple(name for name in demanded if name not in lacking)
    return Mark(MarkKind.ENTERED, target, origin or "", met, lacking)


def _filled(pipeline: Pipeline, changes: Mapping[str, Any]) -> Iterator[Mark]:
    """By name, as the journal keeps no order of fields that changed at once."""
    for field, (old, new) in sorted(changes.items()):
        if is_filled(new) and not is_filled(old):
            for stage, name in pipeline.evidence.get((DeliverableKind.FIELD, field), ()):
                yield Mark(MarkKind.DONE, name, stage)


def _filed(pipeline: Pipeline, kind: MarkKind, data: Mapping[str, Any]) -> Iterator[Mark]:
    """A file proves by being there; a paper that is to be signed proves nothing yet, and nothing any more once it is gone."""
    proving = [DeliverableKind.FILE]
    if kind is MarkKind.UNDONE:
        proving.append(DeliverableKind.SIGNATURE)
    for demand in proving:
        for stage, name in pipeline.evidence.get((demand, data.get("kind") or ""), ()):
            yield Mark(kind, name, stage)


def _signed(pipeline: Pipeline, deliverable: str) -> Iterator[Mark]:
    for stage, item in pipeline.deliverables():
        if item.name == deliverable:
            yield Mark(MarkKind.DONE, item.name, stage.name)
