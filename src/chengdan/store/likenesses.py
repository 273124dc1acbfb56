"""The comparable forms of values (`chengdan.likeness`): kept up with the records, asked for twins and for near ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from chengdan.kernel.conflict import Conflict
from chengdan.kernel.field import Field
from chengdan.kernel.likeness import Likeness, grams, key_of
from chengdan.store.statement import render
from chengdan.store.unit import Unit

PAGE = 5_000
CROWD = 20
"""A value that more records share says nothing of them: a switchboard, a placeholder."""
MAX_NEAR = 200
_COMPANY = f"~{Likeness.COMPANY}"
_KEPT: LiteralString = "SELECT record_id, field, key FROM chengdan.likeness WHERE record_id = ANY(%s)"
_PUT: LiteralString = (
    "INSERT INTO chengdan.likeness (object, record_id, field, key, grams) "
    "SELECT %s, record_id, field, key, string_to_array(grams, ' ') "
    "FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::text[]) AS fresh (record_id, field, key, grams) "
    "ON CONFLICT (record_id, field) DO UPDATE SET key = excluded.key, grams = excluded.grams"
)
_DROP: LiteralString = (
    "DELETE FROM chengdan.likeness l USING unnest(%s::uuid[], %s::text[]) AS gone (record_id, field) "
    "WHERE l.record_id = gone.record_id AND l.field = gone.field"
)
_SAME: LiteralString = (
    "SELECT record_id, field FROM chengdan.likeness "
    "WHERE object = %s AND (field, key) IN (SELECT * FROM unnest(%s::text[], %s::text[])) LIMIT %s"
)
_NEAR: LiteralString = (
    "SELECT record_id, key FROM chengdan.likeness WHERE object = %(object)s AND field = %(mark)s "
    "AND grams && %(grams)s ORDER BY (SELECT count(*) FROM unnest(grams) AS one WHERE one = ANY(%(grams)s)) DESC, "
    "length(key), record_id LIMIT %(limit)s"
)


@dataclass(frozen=True, slots=True)
class Compared:
    """A field whose values are compared, and how."""

    field: Field
    like: Likeness

    @property
    def mark(self) -> str:
        """What the kept forms of this comparison are filed under."""
        return self.field.name if self.like is Likeness.VALUE else f"{self.field.name}~{self.like}"

    def key(self, value: object) -> str:
        return key_of(self.field.type, self.like, value)


def compared(unit: Unit, conflicts: Iterable[Conflict]) -> list[Compared]:
    """What these conflicts of one object compare, each once."""
    pairs = dict.fromkeys((one.object, name, one.like) for one in conflicts for name in one.fields)
    return [Compared(unit.snapshot.objects[object].by_name[name], like) for object, name, like in pairs]


def refresh(unit: Unit, object: str, what: Sequence[Compared], ids: Sequence[UUID]) -> None:
    """Bring the kept forms of these records up to date; archived ones have none."""
    if not what or not ids:
        return
    table = unit.tables[object]
    names = list(dict.fromkeys(one.field.name for one in what))
    query = select(table.c.id, *(table.c[name] for name in names)).where(
        table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), table.c.archived_at.is_(None)
    )
    sql, params = render(query).bound(ids=list(ids))
    wanted: dict[tuple[UUID, str], str] = {}
    for id, *values in unit.execute(sql, params).fetchall():
        row = dict(zip(names, values, strict=True))
        for one in what:
            if key := one.key(row[one.field.name]):
                wanted[id, one.mark] = key
    kept = {(id, mark): key for id, mark, key in unit.execute(_KEPT, (list(ids),)).fetchall()}
    _write(unit, object, wanted, kept)


def _write(
    unit: Unit, object: str, wanted: Mapping[tuple[UUID, str], str], kept: Mapping[tuple[UUID, str], str]
) -> None:
    changed = [(id, mark, key) for (id, mark), key in wanted.items() if kept.get((id, mark)) != key]
    gone = [place for place in kept if place not in wanted]
    if changed:
        ids, marks, keys = (list(column) for column in zip(*changed, strict=True))
        parts = [
            " ".join(grams(key)) if _COMPANY in mark else "" for mark, key in zip(marks, keys, strict=True)
        ]
        unit.execute(_PUT, (object, ids, marks, keys, parts))
    if gone:
        unit.execute(_DROP, ([id for id, _ in gone], [mark for _, mark in gone]))


def pages(unit: Unit, object: str) -> Iterable[list[UUID]]:
    """The ids of all records of an object, archived ones too, a page at a time."""
    table = unit.tables[object]
    query = (
        select(table.c.id).where(table.c.id > bindparam("after", type_=Uuid)).order_by(table.c.id).limit(PAGE)
    )
    statement, after = render(query), UUID(int=0)
    while True:
        sql, params = statement.bound(after=after)
        found = [id for (id,) in unit.execute(sql, params).fetchall()]
        if not found:
            return
        yield found
        after = found[-1]


def same(unit: Unit, object: str, keys: Mapping[str, str], limit: int) -> list[tuple[UUID, str]]:
    """The records with one of these forms, by what they are filed under: (record, mark)."""
    if not keys:
        return []
    rows = unit.execute(_SAME, (object, list(keys), list(keys.values()), limit)).fetchall()
    return [(id, mark) for id, mark in rows]


def near(unit: Unit, object: str, mark: str, key: str) -> list[tuple[UUID, str]]:
    """The records whose form shares much with `key`, the nearest first: (record, form)."""
    asked = {"object": object, "mark": mark, "grams": grams(key), "limit": MAX_NEAR}
    rows = unit.execute(_NEAR, asked).fetchall()
    return [(id, found) for id, found in rows]
