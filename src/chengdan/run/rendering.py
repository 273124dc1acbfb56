"""A record that was just written, as JSON for its writer, formulas worked out."""

from datetime import datetime
from typing import Any

from chengdan.base.json import dumps_text
from chengdan.kernel.field import FieldType, currency_column
from chengdan.run.facts import context
from chengdan.store.unit import Row, Unit


def written_record(unit: Unit, object: str, row: Row) -> str | None:
    """The record as JSON text, from what the unit knows of it, whether the unit is still open or not.

    None when the unit does not know enough: a figure over the record's children was worked out anew, or one of its formulas
    looks around it. Then it must be read.
    """
    if (object, row["id"]) not in unit.work.records:
        return None
    item = unit.snapshot.objects[object]
    hidden = unit.snapshot.access(unit.principal, object).hidden
    shown: dict[str, Any] = {"id": row["id"], "version": row["version"]}
    for name, field in item.by_name.items():
        if name in hidden:
            continue
        if field.type is FieldType.FORMULA:
            compiled = unit.snapshot.compiled(object, field.formula)
            if compiled.needs.references or compiled.needs.lists:
                return None
            shown[name] = compiled.run(row, context(unit, row, compiled.needs))
        else:
            value = row[name]
            shown[name] = _instant(value) if type(value) is datetime else value
        money = unit.snapshot.priced_by(item, field)
        if money is not None:
            shown[currency_column(name)] = row[currency_column(money.name)]
    return dumps_text(shown)


def _instant(value: datetime) -> str:
    """An instant as PostgreSQL writes it in JSON: without zeros at the end of its fraction."""
    moment, offset = value.isoformat()[:-6], value.isoformat()[-6:]
    return (moment.rstrip("0") if value.microsecond else moment) + offset
