"""Letters: their places filled from a record, with no more than the writer may see of it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.base.errors import Locale
from chengdan.expr import Needs
from chengdan.kernel.field import FieldType
from chengdan.kernel.home import reads_only_seen
from chengdan.kernel.letter import filled, spelled
from chengdan.kernel.mail import Letter
from chengdan.kernel.object import Object
from chengdan.run.facts import UnitFacts, context
from chengdan.run.mail.errors import NoSuchLetter
from chengdan.store import records
from chengdan.store.unit import Unit


def letters_for(unit: Unit, object: str) -> list[Letter]:
    """The letters that can be written from records of an object, in their order."""
    return [letter for letter in unit.snapshot.letters.values() if letter.object == object]


def find(unit: Unit, name: str, object: str) -> Letter:
    """Raises NoSuchLetter."""
    letter = unit.snapshot.letters.get(name)
    if letter is None or letter.object != object:
        raise NoSuchLetter(path="letter", name=name)
    return letter


def fill(unit: Unit, letter: Letter, row: Mapping[str, Any], locale: Locale) -> tuple[str, str]:
    """Subject and body of a letter from the record `row`. What the writer may not see is left for them to fill in."""
    item = unit.snapshot.objects[letter.object]

    def value_of(text: str) -> str:
        return _value(unit, item, row, text, locale)

    return filled(letter.subject.text(locale), value_of), filled(letter.body.text(locale), value_of).strip()


def _value(unit: Unit, item: Object, row: Mapping[str, Any], text: str, locale: Locale) -> str:
    if not reads_only_seen(unit.snapshot, unit.principal, item.name, text):
        return ""
    compiled = unit.snapshot.compiled(item.name, text)
    if not _reaches(unit, row, compiled.needs):
        return ""
    value = compiled.run(row, context(unit, row, compiled.needs))
    field = item.field(text)
    if field is not None and field.type is FieldType.SELECT:
        return next((o.label.text(locale) for o in field.options if o.value == value), "")
    return spelled(value, locale, ZoneInfo(unit.principal.time_zone))


def _reaches(unit: Unit, row: Mapping[str, Any], needs: Needs) -> bool:
    """Whether every record that the expression goes through is within the writer's reach; lists of children aren't read."""
    if needs.lists:
        return False
    facts = UnitFacts(unit, row, needs)
    wanted: dict[str, set[UUID]] = {}
    for path, object in needs.objects.items():
        holder = facts.one(path[:-1]) if path else None
        id = holder.get(path[-1]) if holder is not None else None
        if id is not None:
            wanted.setdefault(object, set()).add(id)
    found = records.visible_among(unit, wanted) if wanted else set()
    return all((object, id) in found for object, ids in wanted.items() for id in ids)
