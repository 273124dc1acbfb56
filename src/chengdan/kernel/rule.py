"""Rules: when something happens to a record and a condition holds, do these commands."""

from dataclasses import dataclass
from dataclasses import field as attribute

from chengdan.base.label import Label
from chengdan.kernel.event import EventKind
from chengdan.kernel.place import NOWHERE, Place


@dataclass(frozen=True, slots=True)
class Trigger:
    """What sets a rule off: record events, a move into one of `moved_to`, the timer of this key running out, or a new
    colour of the score `turned`."""

    created: bool = False
    updated: tuple[str, ...] | None = None
    moved_to: tuple[str, ...] | None = None
    archived: bool = False
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
