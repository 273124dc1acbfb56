"""The one way to write. Web, import, bulk, rules, timers, merge and restore all come through `apply`.

Each command is checked against access, types, locks, the optimistic version and the gate; then the record, its events and
what rules make of it are left in the unit, which writes them in one transaction.
"""

from collections.abc import Callable, Container, Mapping
from typing import Any

from chengdan.base.ids import new_id
from chengdan.kernel.access import Act
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.field import FieldType
from chengdan.kernel.gate import CHECKLIST
from chengdan.kernel.mark import COMPLETE, WITHOUT
from chengdan.kernel.object import Object
from chengdan.kernel.pipeline import DeliverableKind, Pipeline
from chengdan.kernel.record import MissingValue
from chengdan.run import audience, comments, filing, following, intake, merging, sharing, signing
from chengdan.run.commands import (
    Archive,
    Attach,
    Claim,
    Command,
    Comment,
    Create,
    Detach,
    EditComment,
    Follow,
    Merge,
    Move,
    Release,
    RemoveComment,
    Repoint,
    Restore,
    Settle,
    Share,
    Sign,
    Tick,
    Unshare,
    Update,
    Vouch,
    Work,
)
from chengdan.run.conflicts import settling
from chengdan.run.due import ask_first
from chengdan.run.errors import Forbidden, NoSuchSubstep
from chengdan.run.holding import hold, object_of, pipeline_of
from chengdan.run.passing import let_through, note, pass_gate
from chengdan.run.placing import PEOPLE, joining, place, within_scope
from chengdan.run.pools import claiming
from chengdan.run.react import Change
from chengdan.store import numbering, rollups, touching
from chengdan.store.unit import Row, Unit


def apply(unit: Unit, command: Command) -> Row:
    """Carry out `command` in the unit and return the record after it.

    Raises a ChengdanError when it is refused; the unit must then not be flushed, unless only `create` or `update` refused
    before anything of that record was left in it (which is so for every refusal of its own, not for those of rules).
    """
    if unit.depth == 0:
        unit.work.fired.clear()
    return _HANDLERS[type(command)](unit, command)


def _create(unit: Unit, command: Create) -> Row:
    item, access = object_of(unit, command.object)
    if not access.may(Act.CREATE):
        raise Forbidden()
    given = intake.read_input(unit, item, command.values)
    row = _blank(unit, item)
    row["id"] = command.id or new_id()
    row.update(given)
    intake.with_defaults(unit, item, given, row)
    place(unit, item, row, given)
    row.update(intake.currencies(item, row))
    pipeline = unit.snapshot.pipeline_of(item.name)
    if pipeline is not None:
        row[pipeline.field] = row[pipeline.field] or pipeline.stages[0].name
        row["stage_since"] = unit.now
    intake.check_required(item, row, item.by_name)
    intake.check_references(unit, item, row, [name for name in given if given[name] is not None])
    within_scope(unit, access, row)
    without: tuple[str, ...] = ()
    if pipeline is not None:
        without = pass_gate(
            unit, pipeline, row, None, row[pipeline.field], command.reason, command.override_reason
        )
    ask_first(unit, item, None, row, command.reason, command.override_reason)
    for field in item.fields:
        if field.type is FieldType.AUTO_NUMBER:
            row[field.name] = numbering.next_number(unit, item.name, field)
    unit.insert(item.name, row)
    stated = {name: row[name] for name in item.entered if row.get(name) is not None}
    values = {**stated, **_currencies(item, row)}
    unit.record(
        Event(EventKind.CREATED, item.name, row["id"], {"values": values, "version": 1, **_lacking(without)})
    )
    touching.touch(unit, item.name, None, row)
    _claim_files(unit, item, {}, row, item.by_name)
    _people(unit, item)
    return _follow(unit, Change(EventKind.CREATED, item.name, None, row, frozenset(stated)))


def _currencies(item: Object, row: Row) -> dict[str, Any]:
    """The currencies of the amounts that a record has."""
    return {column: row[column] for _, column in item.amounts if row[column] is not None}


def _blank(unit: Unit, item: Object) -> Row:
    row: Row = dict.fromkeys(unit.tables.columns(item.name))
    row.update(
        version=1,
        created_at=unit.now,
        updated_at=unit.now,
        created_by=unit.actor,
        updated_by=unit.actor,
    )
    for field in item.fields:
        if field.rollup is not None:
            row[field.name] = rollups.empty_value(field.rollup)
    return row


def _update(unit: Unit, command: Update) -> Row:
    item, _ = object_of(unit, command.object)
    values = intake.read_input(unit, item, command.changes)
    row = hold(unit, command.object, command.id, command.version)
    changed = {name: value for name, value in values.items() if row[name] != value}
    if not changed:
        return row
    intake.check_locked(unit, item, row, changed)
    after = {**row, **changed}
    changed.update(intake.currencies(item, after))
    changed.update(joining(unit, item, row, values, changed))
    after.update(changed)
    intake.check_required(item, after, changed)
    intake.check_references(unit, item, after, changed)
    pipeline = unit.snapshot.pipeline_of(item.name)
    if pipeline is not None and after[pipeline.field] is None:
        raise MissingValue(path=pipeline.field, label=item.by_name[pipeline.field].label)
    target = changed.pop(pipeline.field, None) if pipeline else None
    if pipeline is None or target is None:
        return _change(unit, item, row, after, changed, command)
    reasons = command.reason, command.override_reason
    origin = row[pipeline.field]
    passage = let_through(unit, pipeline, {**after, pipeline.field: origin}, origin, target, *reasons)
    ordered = unit.work.ordered
    row = _change(unit, item, row, after, changed, command)
    if unit.work.ordered > ordered:
        origin = row[pipeline.field]
        if origin == target:
            return row
        passage = let_through(unit, pipeline, row, origin, target, *reasons)
    return _enter(unit, item, pipeline, row, target, note(unit, passage))


def _change(
    unit: Unit, item: Object, row: Row, after: Row, changed: Mapping[str, Any], command: Update
) -> Row:
    """Write what changed beside the stage, and run what follows from it."""
    if not changed:
        return row
    ask_first(unit, item, row, after, command.reason, command.override_reason)
    return _write(unit, item, row, changed)


def _write(unit: Unit, item: Object, row: Row, changed: Mapping[str, Any]) -> Row:
    after = _written(unit, item, row, changed)
    return _follow(unit, Change(EventKind.UPDATED, item.name, row, after, frozenset(changed)))


def _written(unit: Unit, item: Object, row: Row, changed: Mapping[str, Any]) -> Row:
    """Leave a change of a record in the unit, with its event and what it does to others' figures; no rule hears of it yet."""
    after = _stamped(unit, row, changed)
    changes = {name: [row[name], value] for name, value in changed.items()}
    unit.update(item.name, after, (*changed, *_STAMP))
    unit.record(
        Event(EventKind.UPDATED, item.name, row["id"], {"changes": changes, "version": after["version"]})
    )
    claiming.moved(unit, item, row, after)
    touching.touch(unit, item.name, row, after)
    _claim_files(unit, item, row, after, changed)
    _people(unit, item)
    return after


_STAMP = ("version", "updated_at", "updated_by")


def _stamped(unit: Unit, row: Row, changed: Mapping[str, Any]) -> Row:
    return {**row, **changed, "version": row["version"] + 1, "updated_at": unit.now, "updated_by": unit.actor}


def _move(unit: Unit, command: Move) -> Row:
    item, access = object_of(unit, command.object)
    pipeline = pipeline_of(unit, item)
    row = hold(unit, command.object, command.id, command.version)
    if pipeline.field in access.readonly:
        raise Forbidden(path=pipeline.field)
    origin = row[pipeline.field]
    if origin == command.to:
        return row
    intake.check_locked(unit, item, row, (pipeline.field,))
    without = pass_gate(unit, pipeline, row, origin, command.to, command.reason, command.override_reason)
    return _enter(unit, item, pipeline, row, command.to, without)


def _lacking(without: tuple[str, ...]) -> dict[str, Any]:
    """What an event says of a gate that was passed without some deliverables."""
    return {WITHOUT: without} if without else {}


def _enter(
    unit: Unit, item: Object, pipeline: Pipeline, row: Row, target: str, without: tuple[str, ...]
) -> Row:
    """Put a record into a stage whose gate let it through."""
    after = _stamped(unit, row, {pipeline.field: target, "stage_since": unit.now})
    unit.update(item.name, after, (pipeline.field, "stage_since", *_STAMP))
    moved = {
        "pipeline": pipeline.name,
        "from": row[pipeline.field],
        "to": target,
        "version": after["version"],
        **_lacking(without),
    }
    unit.record(Event(EventKind.MOVED, item.name, row["id"], moved))
    audience.tell_of_move(unit, item, pipeline, row, target)
    touching.touch(unit, item.name, row, after)
    return _follow(unit, Change(EventKind.MOVED, item.name, row, after, frozenset({pipeline.field})))


def _archive(unit: Unit, command: Archive) -> Row:
    item, _ = object_of(unit, command.object)
    row = hold(unit, command.object, command.id, command.version, Act.ARCHIVE)
    return _set_archived(unit, item, row, EventKind.ARCHIVED, unit.now)


def _restore(unit: Unit, command: Restore) -> Row:
    item, _ = object_of(unit, command.object)
    row = hold(unit, command.object, command.id, command.version, Act.ARCHIVE, archived=True)
    return _set_archived(unit, item, row, EventKind.RESTORED, None)


def _set_archived(unit: Unit, item: Object, row: Row, kind: EventKind, at: Any) -> Row:
    after = _stamped(unit, row, {"archived_at": at})
    unit.update(item.name, after, ("archived_at", *_STAMP))
    unit.record(Event(kind, item.name, row["id"], {"version": after["version"]}))
    touching.touch(unit, item.name, row, after)
    _people(unit, item)
    return _follow(unit, Change(kind, item.name, row, after))


def _repoint(unit: Unit, command: Repoint) -> Row:
    item, _ = object_of(unit, command.object)
    row = hold(unit, command.object, command.id, None, archived=True)
    return _written(unit, item, row, {command.field: command.target})


def _tick(unit: Unit, command: Tick) -> Row:
    item, _ = object_of(unit, command.object)
    pipeline = pipeline_of(unit, item)
    row = hold(unit, command.object, command.id, None)
    stage = _stage_of_substep(pipeline, command.name)
    ticked = dict(row[CHECKLIST] or {})
    if (command.name in ticked) is command.done:
        return row
    if command.done:
        ticked[command.name] = {"at": unit.now, "by": unit.actor}
    else:
        del ticked[command.name]
    after = {**row, CHECKLIST: ticked}
    unit.update(item.name, after, (CHECKLIST,))
    kind = EventKind.SUBSTEP_DONE if command.done else EventKind.SUBSTEP_UNDONE
    unit.record(Event(kind, item.name, row["id"], {"name": command.name, "stage": stage}))
    return after


def _sign(unit: Unit, command: Sign) -> Row:
    row = signing.sign(unit, command)
    if command.found:
        return row
    return _follow(unit, Change(EventKind.SIGNATURE_MISSING, command.object, row, row))


def _work(unit: Unit, command: Work) -> Row:
    item, _ = object_of(unit, command.object)
    pipeline = pipeline_of(unit, item)
    row = hold(unit, command.object, command.id, None)
    stage = _stage_of_substep(pipeline, command.name)
    if command.transition == COMPLETE and command.name not in (row[CHECKLIST] or {}):
        return _tick(unit, Tick(command.object, command.id, command.name))
    worked = {"name": command.name, "stage": stage, "transition": command.transition}
    unit.record(Event(EventKind.SUBSTEP_WORKED, item.name, row["id"], worked))
    return row


def _stage_of_substep(pipeline: Pipeline, name: str) -> str:
    for stage, deliverable in pipeline.deliverables():
        if deliverable.kind is DeliverableKind.CHECKLIST and deliverable.name == name:
            return stage.name
    raise NoSuchSubstep(name=name)


def _follow(unit: Unit, change: Change) -> Row:
    """Run what the change sets off; the record as it is after that."""
    for ordered in following.follow(unit, change):
        unit.work.ordered += 1
        apply(ordered.unit, ordered.command)
    return unit.work.records.get((change.object, change.after["id"])) or dict(change.after)


def _claim_files(unit: Unit, item: Object, before: Row, after: Row, names: Container[str]) -> None:
    """File what file fields name under the record; what they named before no longer counts."""
    for field in item.filing:
        if field.name not in names:
            continue
        named = after[field.name] or ()
        dropped = [file for file in before.get(field.name) or () if file not in named]
        if dropped:
            filing.release(unit, after["id"], dropped, field.name)
        if named:
            filing.claim(unit, item.name, after["id"], named, field.name)


def _people(unit: Unit, item: Object) -> None:
    """Who may see what hangs on these objects: let every process resolve its principals anew."""
    if item.name in PEOPLE:
        unit.work.people_changed = True


_HANDLERS: Mapping[type[Command], Callable[[Unit, Any], Row]] = {
    Create: _create,
    Update: _update,
    Move: _move,
    Archive: _archive,
    Restore: _restore,
    Repoint: _repoint,
    Tick: _tick,
    Work: _work,
    Attach: filing.attach,
    Detach: filing.detach,
    Sign: _sign,
    Vouch: signing.vouch,
    Share: sharing.share,
    Unshare: sharing.unshare,
    Comment: comments.comment,
    EditComment: comments.edit,
    RemoveComment: comments.remove,
    Follow: audience.follow,
    Claim: lambda unit, command: claiming.claim(unit, command, apply),
    Release: lambda unit, command: claiming.release(unit, command, apply),
    Settle: lambda unit, command: settling.settle(unit, command, apply),
    Merge: lambda unit, command: merging.merge(unit, command, apply),
}
