"""Intake: raw input becomes values of a record, or every reason why it cannot."""

from collections.abc import Container, Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from chengdan.base.errors import ChengdanError, Problems
from chengdan.base.label import Label
from chengdan.kernel.access import ObjectAccess
from chengdan.kernel.field import FILE_TYPES, NUMERIC, Field, FieldType, currency_column
from chengdan.kernel.object import Object
from chengdan.kernel.reading import suggest
from chengdan.kernel.record import LockedField, MissingValue, UnknownField, read_currency, read_value
from chengdan.run.errors import NoSuchReference
from chengdan.run.facts import context
from chengdan.store import records
from chengdan.store.unit import Unit


def read_input(unit: Unit, item: Object, raw: Mapping[str, Any]) -> dict[str, Any]:
    """The values of `raw` by column. Raises Problems with everything that is unknown, not writable or unfit."""
    access = unit.snapshot.access(unit.principal, item.name)
    plain = unit.snapshot.writable_fields(unit.principal, item.name)
    values: dict[str, Any] = {}
    problems: list[ChengdanError] = []
    for name, given in raw.items():
        try:
            field = plain.get(name)
            if field is not None and (field.type is not FieldType.MONEY or not isinstance(given, Mapping)):
                values[name] = read_value(field, given)
            else:
                values.update(_read(item, access, name, given, raw))
        except ChengdanError as error:
            problems.append(error)
    if problems:
        raise Problems(problems)
    return values


def _read(
    item: Object, access: ObjectAccess, name: str, given: Any, raw: Mapping[str, Any]
) -> dict[str, Any]:
    field, is_currency = _field(item, name)
    if field is None or field.name in access.hidden:
        known = [known for known in item.by_name if known not in access.hidden]
        raise UnknownField(path=name, name=name, suggestion=Label(*suggest(name, known)))
    if field.derived or (field.system and not field.assignable):
        raise LockedField(path=name, label=field.label, why=LockedField.derived)
    if field.readonly or field.name in access.readonly:
        raise LockedField(path=name, label=field.label, why=LockedField.no_right)
    if is_currency:
        return {name: read_currency(field, given)}
    if field.type is FieldType.MONEY:
        return _money(field, given, raw)
    return {name: read_value(field, given)}


def _field(item: Object, name: str) -> tuple[Field | None, bool]:
    field = item.field(name)
    if field is None and name.endswith("_currency"):
        money = item.field(name.removesuffix("_currency"))
        if money is not None and money.type is FieldType.MONEY:
            return money, True
    return field, False


def _money(field: Field, given: Any, raw: Mapping[str, Any]) -> dict[str, Any]:
    """A money value: a number, or `{amount, currency}`. A currency that input leaves out is not among the values."""
    if not isinstance(given, Mapping):
        return {field.name: read_value(field, given)}
    values: dict[str, Any] = {field.name: read_value(field, given.get("amount"))}
    if given.get("currency") is not None:
        values[currency_column(field.name)] = read_currency(field, given["currency"])
    return values


def currencies(item: Object, row: Mapping[str, Any]) -> dict[str, str]:
    """The currencies that the amounts of a record lack: those of their fields."""
    return {
        column: field.currency
        for field, column in item.amounts
        if row[field.name] is not None and row[column] is None
    }


def with_defaults(unit: Unit, item: Object, given: Mapping[str, Any], row: dict[str, Any]) -> None:
    """Fill the fields that input left out with their defaults, each worked out over the record so far."""
    for field in item.defaulted:
        if field.name not in given:
            compiled = unit.snapshot.compiled(item.name, field.default)
            value = compiled.run(row, context(unit, row, compiled.needs))
            row[field.name] = read_value(field, fitted(field, value))


def fitted(field: Field, value: Any) -> Any:
    """A computed value as its field keeps it: numbers are rounded half up to the field's digits."""
    if not isinstance(value, Decimal) or field.type not in NUMERIC:
        return value
    digits = 0 if field.type is FieldType.INTEGER else field.digits
    try:
        return value.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    except InvalidOperation:
        return value


def check_required(item: Object, row: Mapping[str, Any], names: Container[str]) -> None:
    """Raises Problems for the required fields among `names` that are empty."""
    missing = [
        MissingValue(path=field.name, label=field.label)
        for field in item.required
        if field.name in names and row.get(field.name) is None
    ]
    if missing:
        raise Problems(missing)


def check_locked(unit: Unit, item: Object, row: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises Problems for fields among `names` that their `locked_when` locks on the record as it is."""
    locked: list[ChengdanError] = []
    for name in names:
        field, _ = _field(item, name)
        if field is None or not field.locked_when:
            continue
        compiled = unit.snapshot.compiled(item.name, field.locked_when)
        if compiled.run(row, context(unit, row, compiled.needs)):
            locked.append(LockedField(path=name, label=field.label, why=LockedField.locked))
    if locked:
        raise Problems(locked)


def check_references(unit: Unit, item: Object, row: Mapping[str, Any], names: Iterable[str]) -> None:
    """Raises Problems for references among `names` to records that do not exist or are hidden from the writer."""
    wanted: dict[str, dict[UUID, Field]] = {}
    files: dict[UUID, Field] = {}
    pointing = item.pointing
    for name in names:
        field = pointing.get(name)
        value = row.get(name) if field is not None else None
        if field is None or value is None:
            continue
        if field.object == "user" and value == unit.actor:
            continue
        if field.type in (FieldType.REFERENCE, FieldType.USER):
            if unit.knows(field.object, value):
                continue
            wanted.setdefault(field.object, {})[value] = field
        elif field.type is FieldType.REFERENCES:
            wanted.setdefault(field.object, {}).update({UUID(text): field for text in value})
        elif field.type in FILE_TYPES:
            files.update({UUID(text): field for text in value})
    found = records.visible_among(unit, wanted, referred=True) if wanted else set()
    absent = [
        field for object, ids in wanted.items() for id, field in ids.items() if (object, id) not in found
    ]
    absent.extend(field for id, field in files.items() if id not in _own_files(unit, row["id"], list(files)))
    if absent:
        raise Problems(
            [NoSuchReference(path=field.name, label=field.label) for field in dict.fromkeys(absent)]
        )


def _own_files(unit: Unit, record: UUID, ids: list[UUID]) -> set[UUID]:
    """Those of `ids` that the writer uploaded and has not filed elsewhere, or that lie under this record already."""
    rows = unit.execute(
        "SELECT id FROM chengdan.file WHERE id = ANY(%s) AND removed_at IS NULL "
        "AND (record_id = %s OR (record_id IS NULL AND created_by = %s))",
        (ids, record, unit.actor),
    )
    return {id for (id,) in rows.fetchall()}
