"""Rules: when something happens to a record and a condition holds, do these commands."""

from dataclasses import dataclass
from dataclasses import field as attribute

from chengdan.base.label import Label
from chengdan.kernel.event import EventKind
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped, UnknownKey, suggest


@dataclass(frozen=True, slots=True)
class Trigger:
    """What sets a rule off: record events, a move into one of `moved_to`, a paper filed on which there is no signature
    (`unsigned`), the timer of this key running out, or a new colour of the score `turned`."""

    created: bool = False
    updated: tuple[str, ...] | None = None
    moved_to: tuple[str, ...] | None = None
    archived: bool = False
    unsigned: bool = False
    timer: str = ""
    turned: str = ""

    @property
    def kinds(self) -> tuple[EventKind, ...]:
        """The kinds of events that may set it off."""
        heard = {
            EventKind.CREATED: self.created,
            EventKind.UPDATED: self.updated is not None,
            EventKind.MOVED: self.moved_to is not None,
            EventKind.ARCHIVED: self.archived,
            EventKind.SIGNATURE_MISSING: self.unsigned,
            EventKind.TIMER_FIRED: bool(self.timer),
            EventKind.SCORED: bool(self.turned),
        }
        return tuple(kind for kind, hears in heard.items() if hears)


@dataclass(frozen=True, slots=True)
class SetFields:
    """Set fields of the record; each value is an expression."""

    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CreateRecord:
    """Create a record of `object`; each value is an expression over the triggering record."""

    object: str
    values: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell people: `to` holds user fields of the record, `manager` (leads of its team) or `role:<name>`."""

    to: tuple[str, ...]
    message: Label
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class SetTimer:
    """Start (or restart) the timer `key`: it runs out `after` a duration, in working time if `working`, or `at` a moment.

    Of a day the moment is when working hours begin. A moment that is past, or none, stops the timer instead. `of` sets it on the record that this reference field points to instead of on the record itself.
    """

    key: str
    after: str = ""
    working: bool = False
    of: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Stop the timer `key` if it runs, on the record or on the one that the reference field `of` points to."""

    key: str
    of: str = ""


RuleCommand = SetFields | CreateRecord | Notify | SetTimer | CancelTimer


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over one object. Rules of an object run in the order of their names."""

    name: str
    label: Label
    object: str
    trigger: Trigger
    commands: tuple[RuleCommand, ...]
    when: str = ""
    active: bool = True
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)


def read_rule(m: Mapped) -> Rule:
    """The definition in a manifest of the kind `rule`."""
    trigger = m.one("on")
    return Rule(
        place=m.place,
        name=m.name("rule"),
        label=m.label("label"),
        object=m.text("object"),
        trigger=_trigger(trigger) if trigger else Trigger(),
        when=m.text("when", ""),
        active=m.flag("active", True),
        commands=tuple(command for item in m.each("do") if (command := _command(item))),
    )


def _trigger(m: Mapped) -> Trigger:
    trigger = Trigger(
        created=m.flag("created"),
        updated=m.texts("updated") if m.has("updated") else None,
        moved_to=m.texts("moved_to") if m.has("moved_to") else None,
        archived=m.flag("archived"),
        unsigned=m.flag("unsigned"),
        timer=m.text("timer", ""),
        turned=m.text("turned", ""),
    )
    m.close()
    return trigger


def _command(m: Mapped) -> RuleCommand | None:
    command: RuleCommand | None = None
    if m.has("set"):
        command = SetFields(m.pairs("set"))
    elif inner := m.one("create"):
        command = CreateRecord(inner.text("object"), inner.pairs("values"))
        inner.close()
    elif inner := m.one("notify"):
        command = Notify(inner.texts("to"), inner.label("message"), inner.flag("urgent"))
        inner.close()
    elif inner := m.one("timer"):
        command = SetTimer(
            inner.name("key"),
            inner.text("after", ""),
            inner.flag("working"),
            inner.text("of", ""),
            inner.text("at", ""),
        )
        inner.close()
    elif inner := m.one("cancel_timer"):
        command = CancelTimer(inner.name("key"), inner.text("of", ""))
        inner.close()
    else:
        m.complain(
            UnknownKey,
            m.place,
            "不认识这个命令",
            "this command is not known",
            *suggest("", ["set", "create", "notify", "timer", "cancel_timer"]),
        )
    m.close()
    return command
