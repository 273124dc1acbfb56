"""What follows from a change: the rules it sets off, turned into commands, notifications and timers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

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
_NEWS = (Notify, SetTimer)
"""What a quiet unit holds back."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A command that a rule asks for, and the unit to carry it out in."""

    unit: Unit
    command: Command


def follow(unit: Unit, change: Change) -> Iterator[Ordered]:
    """Run the rules that `change` sets off. Notifications and timers are done here, commands are handed back.

    Each rule that fires leaves a `rule.fired` event; one that would do nothing because the unit is quiet does not fire.
    Raises RuleLoop beyond MAX_DEPTH.
    """
    for rule in triggered(unit, change):
        if unit.work.quiet and all(isinstance(command, _NEWS) for command in rule.commands):
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
                if not unit.work.quiet:
                    text = spoken(unit, change, message)
                    people = [
                        user
                        for user in notify.recipients(unit, change.after, to)
                        if user != unit.actor or change.timer
                    ]
                    notify.tell(
                        unit, people, text, object=change.object, record=id, urgent=urgent, rule=rule.name
                    )
            case SetTimer():
                if not unit.work.quiet:
                    _set_timer(unit, rule, change, command)
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


def _set_timer(unit: Unit, rule: Rule, change: Change, timer: SetTimer) -> None:
    field = unit.snapshot.objects[change.object].field(timer.of) if timer.of else None
    object, record = (field.object, change.after[timer.of]) if field else (change.object, change.after["id"])
    if record is None:
        return
    if timer.at:
        due_at = _moment(unit, evaluate(unit, rule, timer.at, change))
        if due_at is None or due_at <= unit.now:
            timers.cancel(unit, record, timer.key)
            return
    else:
        wait = evaluate(unit, rule, timer.after, change)
        if wait is None:
            return
        calendar = unit.edition.calendar
        due_at = calendar.add_working_time(unit.now, wait) if timer.working else unit.now + wait
    timers.set_timer(unit, object, record, timer.key, due_at, rule.name)


def _moment(unit: Unit, value: Any) -> datetime | None:
    """An instant; of a day, when its working hours begin."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return unit.edition.calendar.opening(value)
    return cast("datetime | None", value)
