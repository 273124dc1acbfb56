"""What follows from a change: the rules it sets off, turned into commands, notifications and timers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast
from uuid import UUID

from chengdan.kernel.access import Principal
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.rule import CancelTimer, CreateRecord, Notify, Rule, SetFields, SetTimer
from chengdan.kernel.snapshot import AUTOMATION
from chengdan.run import notify
from chengdan.run.commands import Command, Create, Update
from chengdan.run.errors import RuleLoop
from chengdan.run.intake import fitted
from chengdan.run.react import Change, evaluate, spoken, triggered
from chengdan.store import timers
from chengdan.store.unit import Unit

MAX_DEPTH = 5


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command that a rule asks for, and the unit to carry it out in."""

    unit: Unit
    command: Command


def follow(unit: Unit, change: Change) -> Iterator[Ordered]:
    """Run the rules that `change` sets off. Notifications and timers are done here, commands are handed back.

    Each rule that fires leaves a `rule.fired` event; one that would do nothing because the unit is quiet does not fire.
    A quiet unit tells nobody, and of timers it sets those alone that history leaves running. Raises RuleLoop beyond MAX_DEPTH.
    """
    for rule in triggered(unit, change):
        if unit.work.quiet and not any(_has_effect(unit, rule, change, command) for command in rule.commands):
            continue
        if unit.depth >= MAX_DEPTH:
            raise RuleLoop(depth=MAX_DEPTH, rule=rule.label)
        inner = unit.within(automation(unit.principal), f"rule/{rule.name}")
        unit.record(
            Event(
                EventKind.RULE_FIRED,
                change.object,
                change.after["id"],
                {"rule": rule.name, "on": change.kind},
            )
        )
        yield from _carry_out(inner, rule, change)


def _has_effect(unit: Unit, rule: Rule, change: Change, command: Any) -> bool:
    """Whether a quiet unit carries out a rule's command."""
    match command:
        case Notify():
            return False
        case SetTimer():
            setting = _setting(unit, rule, change, command)
            return setting is not None and _is_ahead(unit, setting)
        case _:
            return True


@lru_cache(maxsize=4_096)
def automation(principal: Principal) -> Principal:
    """Rules act with the automation role, which sees every record but cannot override a gate."""
    return Principal(
        principal.user, AUTOMATION.name, frozenset({AUTOMATION.name}), time_zone=principal.time_zone
    )


def _carry_out(unit: Unit, rule: Rule, change: Change) -> Iterator[Ordered]:
    id = change.after["id"]
    for command in rule.commands:
        match command:
            case SetFields(values):
                yield Ordered(
                    unit,
                    Update(change.object, id, None, _worked_out(unit, rule, change.object, values, change)),
                )
            case CreateRecord(object, values):
                yield Ordered(unit, Create(object, _worked_out(unit, rule, object, values, change)))
            case Notify(to, message, urgent):
                if unit.work.quiet:
                    continue
                people = [
                    user
                    for user in notify.recipients(unit, change.object, change.after, to)
                    if user != unit.actor or change.timer
                ]
                if people:
                    text = spoken(unit, change, message)
                    notify.tell(
                        unit, people, text, object=change.object, record=id, urgent=urgent, rule=rule.name
                    )
            case SetTimer():
                setting = _setting(unit, rule, change, command)
                if setting is not None and (not unit.work.quiet or _is_ahead(unit, setting)):
                    _set(unit, rule, command, setting)
            case CancelTimer(key, of):
                record = change.after[of] if of else id
                if record is not None:
                    timers.cancel(unit, record, key)


def _worked_out(
    unit: Unit, rule: Rule, object: str, values: Sequence[tuple[str, str]], change: Change
) -> dict[str, Any]:
    """The values that a rule gives to fields of `object`."""
    fields = unit.snapshot.objects[object].by_name
    return {name: fitted(fields[name], evaluate(unit, rule, text, change)) for name, text in values}


@dataclass(frozen=True, slots=True)
class _Setting:
    """For which record a timer is to be set, and when it rings; None: it is to be stopped."""

    object: str
    record: UUID
    due_at: datetime | None


def _setting(unit: Unit, rule: Rule, change: Change, timer: SetTimer) -> _Setting | None:
    """What a rule asks of a timer; None where there is no such record, or nothing to wait for."""
    field = unit.snapshot.objects[change.object].field(timer.of) if timer.of else None
    object, record = (field.object, change.after[timer.of]) if field else (change.object, change.after["id"])
    if record is None:
        return None
    if timer.at:
        due_at = _moment(unit, evaluate(unit, rule, timer.at, change))
        return _Setting(object, record, None if due_at is None or due_at <= unit.now else due_at)
    wait = evaluate(unit, rule, timer.after, change)
    if wait is None:
        return None
    calendar = unit.edition.calendar
    due_at = calendar.add_working_time(unit.now, wait) if timer.working else unit.now + wait
    return _Setting(object, record, due_at)


def _is_ahead(unit: Unit, setting: _Setting) -> bool:
    """Whether a timer that was set when the unit's history happened still runs when it is written down."""
    return unit.told is not None and setting.due_at is not None and setting.due_at > unit.told.at


def _set(unit: Unit, rule: Rule, timer: SetTimer, setting: _Setting) -> None:
    if setting.due_at is None:
        timers.cancel(unit, setting.record, timer.key)
    else:
        timers.set_timer(unit, setting.object, setting.record, timer.key, setting.due_at, rule.name)


def _moment(unit: Unit, value: Any) -> datetime | None:
    """An instant; of a day, when its working hours begin."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return unit.edition.calendar.opening(value)
    return cast("datetime | None", value)
