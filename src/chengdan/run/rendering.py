"""A record that was just written, as JSON: what the writer may see of it, formulas worked out."""

from typing import Any

from chengdan.base.json import dumps
from chengdan.kernel.field import FieldType, currency_column
from chengdan.run.facts import context
from chengdan.store.unit import Row, Unit


def record_bytes(unit: Unit, object: str, row: Row) -> bytes:
    """The record as JSON. Needs the unit to be open still only where a formula reads around the record."""
    return dumps(record_dict(unit, object, row))


def record_dict(unit: Unit, object: str, row: Row) -> dict[str, Any]:
    """The record's visible fields by name, in the order of the object."""
    item = unit.snapshot.objects[object]
    hidden = unit.snapshot.access(unit.principal, object).hidden
    shown: dict[str, Any] = {"id": row["id"], "version": row["version"]}
    for name, field in item.by_name.items():
        if name in hidden:
            continue
        if field.type is FieldType.FORMULA:
            compiled = unit.snapshot.compiled(object, field.formula)
            shown[name] = compiled.run(row, context(unit, row, (compiled.needs,)))
        else:
            shown[name] = row[name]
        if field.type is FieldType.MONEY:
            shown[currency_column(name)] = row[currency_column(name)]
    return shown
