"""The words for strata: values of select fields by their labels, references by their titles."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, any_, cast, literal, select

from chengdan.kernel.draw import Member
from chengdan.kernel.process_audit import ProcessAudit
from chengdan.store.statement import render
from chengdan.store.unit import Unit


def stratum_names(unit: Unit, audit: ProcessAudit, members: Iterable[Member]) -> dict[str, str]:
    """What people call the values that strata are made of, by the value as it stands in the list."""
    found: dict[str, str] = {"": "—"}
    strata = [member.stratum for member in members]
    for index, name in enumerate(audit.strata):
        field = unit.snapshot.objects[audit.object].by_name[name]
        found.update({option.value: option.label.zh for option in field.options})
        if field.object:
            found.update(_titles(unit, field.object, {stratum[index] for stratum in strata} - {""}))
    return found


def _titles(unit: Unit, object: str, ids: set[str]) -> dict[str, str]:
    if not ids:
        return {}
    table = unit.tables[object]
    title = cast(table.c[unit.snapshot.objects[object].title], Text)
    wanted = literal(sorted(map(UUID, ids)), ARRAY(Uuid))
    sql, params = render(select(table.c.id, title).where(table.c.id == any_(wanted))).bound()
    return {str(id): name for id, name in unit.execute(sql, params).fetchall()}
