"""Auto numbers: one PostgreSQL sequence per field, so that no writer waits for another. Numbers may have gaps."""

from typing import LiteralString

from chengdan.kernel.field import Field, FieldType
from chengdan.store.tables import SCHEMA, Tables
from chengdan.store.unit import Unit

BLOCK = 500
_NEXT: LiteralString = "SELECT nextval(%s::regclass) FROM generate_series(1, %s)"


def sequence_of(object: str, field: str) -> str:
    """The name of the sequence behind an auto number, without its schema."""
    return f"{object}_{field}_seq"


def sequences(tables: Tables) -> list[str]:
    """The sequences that the snapshot's auto numbers need."""
    return [
        sequence_of(item.name, field.name)
        for item in tables.snapshot.objects.values()
        for field in item.fields
        if field.type is FieldType.AUTO_NUMBER
    ]


def next_number(unit: Unit, object: str, field: Field) -> str:
    """The next number of an auto-number field, written by its pattern (`{year}`, `{month}`, `{seq}`) on the company's day."""
    name = sequence_of(object, field.name)
    drawn = unit.work.numbers.setdefault(name, [])
    if not drawn:
        count = BLOCK if unit.batch else 1
        rows = unit.execute(_NEXT, (f'{SCHEMA}."{name}"', count)).fetchall()
        drawn.extend(int(value) for (value,) in reversed(rows))
    day = unit.now.astimezone(unit.edition.calendar.zone)
    return field.pattern.format(year=day.year, month=day.month, seq=drawn.pop())
