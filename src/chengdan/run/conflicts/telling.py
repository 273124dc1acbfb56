"""Telling of conflicts: noted with the records, and told to those concerned, of the side that each may see."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chengdan.base.label import Label
from chengdan.kernel.conflict import Conflict
from chengdan.kernel.event import Event, EventKind
from chengdan.run import audience, channels, notify
from chengdan.run.conflicts.finding import Found
from chengdan.run.people import names_of
from chengdan.store import records
from chengdan.store.unit import Unit

MOST_TOLD = 20
"""So many conflicts of a kind a person hears of one by one at a time; of more, how many they are."""
Heard = Counter[UUID]
"""How many conflicts of a kind each person was to be told of at a time."""


@dataclass(frozen=True, slots=True)
class News:
    """A conflict to be told of: to `people`, and to the owner and the lead of each side."""

    found: Found
    people: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class _Word:
    """What one person may hear of a conflict: the sides that concern them, as they would be told of it."""

    person: UUID
    sides: Mapping[UUID, Label]


def tell(unit: Unit, conflict: Conflict, news: Sequence[News], heard: Heard) -> None:
    """Note each with its records, and tell everybody of the first side that they may see.

    Nobody hears of more than MOST_TOLD, with those they have `heard` of already; `tell_rest` says how many more there are.
    """
    if not news:
        return
    object = conflict.object
    words = _words(unit, conflict, news)
    concerning: dict[UUID, set[UUID]] = defaultdict(set)
    for word in words:
        concerning[word.person].update(word.sides)
    seen = {person: audience.seen_by(unit, person, object, ids) for person, ids in concerning.items()}
    for word in words:
        side = next((side for side in word.sides if side in seen[word.person]), None)
        if side is None:
            continue
        heard[word.person] += 1
        if heard[word.person] <= MOST_TOLD:
            _leave(unit, conflict, word.person, word.sides[side], side)


def tell_rest(unit: Unit, conflict: Conflict, heard: Heard) -> None:
    """Tell those who did not hear of all one by one how many more there are."""
    for person, count in heard.items():
        if count > MOST_TOLD:
            _leave(unit, conflict, person, _more(conflict, count - MOST_TOLD), None)


def _words(unit: Unit, conflict: Conflict, news: Sequence[News]) -> list[_Word]:
    item = unit.snapshot.objects[conflict.object]
    names = names_of(unit, {person for one in news for person in one.found.people})
    ids = [side for one in news for side in one.found.sides]
    rows = records.fetch_many(unit, item.name, ids, ("owner", "team", item.title))
    words: list[_Word] = []
    for one in news:
        found = one.found
        listed = [names[str(person)] for person in found.people if str(person) in names]
        concerned: dict[UUID, dict[UUID, Label]] = defaultdict(dict)
        for side in found.sides:
            if side not in rows:
                continue
            row: Mapping[str, Any] = rows[side]
            data = {"conflict": conflict.name, "people": list(found.people), "subject": found.subject}
            unit.record(Event(EventKind.CONFLICT_FOUND, item.name, side, data))
            message = _message(conflict, audience.title_of(item, dict(row)), listed)
            for person in (*one.people, *notify.recipients(unit, item.name, row, ("owner", "manager"))):
                concerned[person][side] = message
        words += [_Word(person, sides) for person, sides in concerned.items() if person != unit.actor]
    return words


def _leave(unit: Unit, conflict: Conflict, person: UUID, message: Label, record: UUID | None) -> None:
    urgent = conflict.urgent and record is not None
    notify.tell(
        unit,
        [person],
        message,
        object=conflict.object,
        record=record,
        urgent=urgent,
        rule=channels.CONFLICT,
    )


def _message(conflict: Conflict, title: str, names: Sequence[str]) -> Label:
    if not names:
        return Label(f"{conflict.label.zh}：{title}", f"{conflict.label.en}: {title}")
    return Label(
        f"{conflict.label.zh}：{title}（{'、'.join(names)}）",
        f"{conflict.label.en}: {title} ({', '.join(names)})",
    )


def _more(conflict: Conflict, count: int) -> Label:
    return Label(f"{conflict.label.zh}：另有 {count} 处", f"{conflict.label.en}: {count} more")
