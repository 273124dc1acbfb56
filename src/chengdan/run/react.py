"""Reaction: which rules a change sets off, and the commands they ask for. Deciding only; `run.action` carries them out."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from chengdan.base.errors import Locale
from chengdan.base.label import Label
from chengdan.expr import OLD, Context
from chengdan.kernel.event import EventKind
from chengdan.kernel.field import FieldType
from chengdan.kernel.object import Object
from chengdan.kernel.rule import Rule, Trigger
from chengdan.run.facts import context
from chengdan.store.unit import Unit

LOCALES: tuple[Locale, Locale] = ("zh-CN", "en")


class Change(NamedTuple):
    """What happened to a record: the kind of event, the record before (None: it is new) and after, the changed fields."""

    kind: EventKind
    object: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]
    fields: frozenset[str] = frozenset()
    timer: str = ""


def triggered(unit: Unit, change: Change) -> Iterator[Rule]:
    """The rules that this change sets off, conditions included; each at most once per record within a unit."""
    id, around = change.after["id"], None
    for rule in unit.snapshot.rules_on(change.object, change.kind):
        if not _sets_off(rule.trigger, change, unit) or (rule.name, id) in unit.work.fired:
            continue
        if rule.when:
            around = around or context(
                unit, change.after, unit.snapshot.rule_needs(change.object, change.kind)
            )
            if not _holds(unit, rule, change, around):
                continue
        unit.work.fired.add((rule.name, id))
        yield rule
        around = None


def _sets_off(trigger: Trigger, change: Change, unit: Unit) -> bool:
    """Whether a trigger that hears events of this kind hears this one."""
    match change.kind:
        case EventKind.UPDATED:
            return not trigger.updated or not change.fields.isdisjoint(trigger.updated)
        case EventKind.MOVED:
            stage = change.after[unit.snapshot.pipeline_of(change.object).field]  # type: ignore[union-attr]
            return not trigger.moved_to or stage in trigger.moved_to
        case EventKind.TIMER_FIRED:
            return trigger.timer == change.timer
        case EventKind.SCORED:
            return unit.snapshot.scores[trigger.turned].color_field in change.fields
        case _:
            return True


def _holds(unit: Unit, rule: Rule, change: Change, around: Context) -> bool:
    compiled = unit.snapshot.rule_condition(rule)
    subject = {**change.after, OLD: change.before} if compiled.needs.old else change.after
    return bool(compiled.run(subject, around))


def evaluate(unit: Unit, rule: Rule, text: str, change: Change) -> Any:
    """The value of one of the rule's expressions over the changed record."""
    compiled = unit.snapshot.compiled(rule.object, text, allow_old=True)
    subject = {**change.after, OLD: change.before} if compiled.needs.old else change.after
    return compiled.run(subject, context(unit, change.after, compiled.needs))


def spoken(unit: Unit, change: Change, message: Label) -> Label:
    """A message in both languages, the record's values in it as words: options by their labels, empty as a dash."""
    item = unit.snapshot.objects[change.object]
    zh, en = (message.text(locale).format_map(_Words(item, change.after, locale)) for locale in LOCALES)
    return Label(zh, en)


class _Words(dict[str, str]):
    """The values of a record as words, each put into words when it is asked for."""

    def __init__(self, item: Object, record: Mapping[str, Any], locale: Locale) -> None:
        super().__init__()
        self._item, self._record, self._locale = item, record, locale

    def __missing__(self, name: str) -> str:
        value = self._record.get(name)
        if value is None:
            return "—"
        field = self._item.by_name[name]
        if isinstance(value, Decimal):
            return _grouped(value) if field.type is FieldType.MONEY else f"{value.normalize():f}"
        options = field.options if field.type is FieldType.SELECT else ()
        return next((o.label.text(self._locale) for o in options if o.value == value), f"{value}")


def _grouped(amount: Decimal) -> str:
    """An amount as people read it: thousands apart, and cents only where there are any."""
    return f"{amount:,.2f}".removesuffix(".00")
