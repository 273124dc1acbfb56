"""What is due first: deliverables that a record must show before a child of a certain kind comes to be, such as a booked demo."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chengdan.expr import Kind
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.gate import DueFirst, OverrideNotPermitted, Unmet, stand, unmet
from chengdan.kernel.object import Object
from chengdan.kernel.pipeline import Deliverable, Pipeline, Stage, StageKind
from chengdan.run.facts import context
from chengdan.run.passing import gather, in_words
from chengdan.store import records
from chengdan.store.unit import Row, Unit


def ask_first(
    unit: Unit, item: Object, before: Row | None, after: Row, reason: str, override_reason: str
) -> None:
    """Raise DueFirst for what lacks, unless a reason (hard things: a permitted override) is given, which is kept.

    Asked when the record comes to be what it says, not of every later change; nothing is due once the parent is closed.
    """
    lacking: dict[tuple[str, UUID], list[tuple[Pipeline, Unmet]]] = {}
    for pipeline, deliverable, field in unit.snapshot.due_with(item.name):
        parent = after.get(field)
        if parent is None or not _comes_to_be(unit, item, deliverable, field, before, after):
            continue
        found = _lacks(unit, pipeline, deliverable, parent)
        if found is not None:
            lacking.setdefault((pipeline.object, parent), []).append((pipeline, found))
    for (object, parent), items in lacking.items():
        _settle(unit, item, object, parent, items, reason, override_reason)


def _comes_to_be(
    unit: Unit, item: Object, deliverable: Deliverable, field: str, before: Row | None, after: Row
) -> bool:
    if not _holds(unit, item, deliverable, after):
        return False
    same = before is not None and before[field] == after[field]
    return before is None or not same or not _holds(unit, item, deliverable, before)


def _holds(unit: Unit, item: Object, deliverable: Deliverable, row: Row) -> bool:
    when = deliverable.due.when if deliverable.due else "false"
    compiled = unit.snapshot.compiled(item.name, when, expect=Kind.BOOLEAN)
    return bool(compiled.run(row, context(unit, row, compiled.needs)))


def _lacks(unit: Unit, pipeline: Pipeline, deliverable: Deliverable, parent: UUID) -> Unmet | None:
    row = records.fetch(unit, pipeline.object, parent, unit.tables.columns(pipeline.object))
    stage = _stage_of(pipeline, deliverable)
    if row is None or not pipeline.has(row[pipeline.field]):
        return None
    if pipeline.stage(row[pipeline.field]).kind is not StageKind.OPEN:
        return None
    found = stand(
        unit.snapshot, pipeline, stage, deliverable, row, gather(unit, pipeline, row, [deliverable])
    )
    return None if found.met else unmet(found)


def _stage_of(pipeline: Pipeline, deliverable: Deliverable) -> Stage:
    return next(stage for stage, one in pipeline.deliverables() if one.name == deliverable.name)


def _settle(
    unit: Unit,
    item: Object,
    object: str,
    parent: UUID,
    items: list[tuple[Pipeline, Unmet]],
    reason: str,
    override_reason: str,
) -> None:
    hard = [one.standing.deliverable.name for _, one in items if one.hard]
    override = in_words(override_reason)
    given = override if hard else in_words(reason) or override
    pipeline = items[0][0]
    row: Mapping[str, Any] = records.fetch(unit, object, parent, unit.tables.columns(object)) or {}
    title = str(row.get(unit.snapshot.objects[object].title) or "")
    if not given:
        raise DueFirst(object, parent, title, (one for _, one in items))
    if hard and not unit.snapshot.permitted(unit.principal, "override_gate"):
        raise OverrideNotPermitted()
    stage = row.get(pipeline.field)
    facts = {
        "pipeline": pipeline.name,
        "from": stage,
        "to": stage,
        "reason": given,
        "hard": hard,
        "soft": [one.standing.deliverable.name for _, one in items if not one.hard],
        "for": item.name,
    }
    unit.record(Event(EventKind.GATE_OVERRIDDEN, object, parent, facts))
