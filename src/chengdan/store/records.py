"""Records read for writing: locked, with what the principal may do to each, in one statement."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal,
    select,
    union_all,
)

from chengdan.kernel.access import Act
from chengdan.store.statement import Statement, render
from chengdan.store.unit import Row, Unit
from chengdan.store.visibility import id_array, reach, scope_params

MAX_CHILDREN = 5_000
_FOLLOWER = Table("follower", MetaData(schema="chengdan"), Column("record_id", Uuid))


@dataclass(frozen=True, slots=True)
class Locked:
    """A record locked for writing, and what the principal may do to it beside reading."""

    row: Row
    may_update: bool
    may_archive: bool


def lock(unit: Unit, object: str, ids: Sequence[UUID], *, alone: bool = False) -> dict[UUID, Locked]:
    """Lock the records among `ids` that the principal may read. Archived ones are among them.

    Locked in the order of the ids. Records that this principal has locked in the unit already are taken from it.
    `alone`: until the unit is committed nobody begins to refer to them either, and what did before is there to be seen.
    """
    key = (unit.principal.roles, object)
    known = {
        id: held
        for id in ids
        if not alone and (held := unit.work.locked.get((*key, id))) and (object, id) in unit.work.records
    }
    found = {id: replace(held, row=unit.work.records[object, id]) for id, held in known.items()}
    for id, held in _made(unit, object, [id for id in ids if id not in found]).items():
        unit.sight(object, id)
        found[id] = unit.work.locked[*key, id] = held
    wanted = sorted(id for id in set(ids) if id not in found)
    if not wanted:
        return found
    if any(id in unit.work.inserts.get(object, ()) for id in wanted):
        unit.flush()
    among = Among(object, tuple(wanted))
    sql, params = _lock_statement(unit, among, alone=alone).bound(
        **among.params(), **scope_params(unit.principal)
    )
    names = unit.tables.columns(object)
    for *values, may_update, may_archive, followed in unit.execute(sql, params).fetchall():
        row = dict(zip(names, values, strict=True))
        if followed:
            unit.work.followed.add(row["id"])
        held = Locked(unit.work.records.setdefault((object, row["id"]), row), may_update, may_archive)
        unit.sight(object, row["id"])
        found[row["id"]] = unit.work.locked[*key, row["id"]] = held
    return found


def _made(unit: Unit, object: str, ids: Sequence[UUID]) -> dict[UUID, Locked]:
    """Those of `ids` that the unit made and has not written: nobody else can know them, so none is asked for or locked.

    Only for a principal of whom it is plain, without looking at the record, what they may do to it. A record of which a
    rollup moves must be written first, for its figure.
    """
    inserts = unit.work.inserts.get(object)
    if not inserts:
        return {}
    access = unit.snapshot.access(unit.principal, object)
    plain = all(access.unlimited(act) or not access.branches.get(act) for act in (Act.UPDATE, Act.ARCHIVE))
    if not plain or not access.unlimited(Act.READ):
        return {}
    may_update, may_archive = access.unlimited(Act.UPDATE), access.unlimited(Act.ARCHIVE)
    return {
        id: Locked(inserts[id], may_update, may_archive)
        for id in ids
        if id in inserts and (object, id) not in unit.work.rollups
    }


@dataclass(frozen=True, slots=True)
class Among:
    """Ids of an object's records to look for. One alone is compared plainly, which PostgreSQL plans once and for all."""

    object: str
    ids: tuple[UUID, ...]

    @property
    def shape(self) -> tuple[str, bool]:
        """What shapes a statement that looks for them."""
        return self.object, len(self.ids) == 1

    def condition(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        """That a column is among them, by the open parameters of `params`."""
        if len(self.ids) == 1:
            return column == bindparam(f"id_{self.object}", type_=Uuid)
        return column == any_(bindparam(f"ids_{self.object}", type_=ARRAY(Uuid)))

    def params(self) -> dict[str, Any]:
        if len(self.ids) == 1:
            return {f"id_{self.object}": self.ids[0]}
        return {f"ids_{self.object}": id_array(self.ids)}


def _lock_statement(unit: Unit, among: Among, *, alone: bool) -> Statement:
    """The statement that locks; kept unless record rules bind the viewer or the moment into it."""
    object = among.object
    key = ("lock", alone, *among.shape, unit.principal.roles)
    bound = _is_bound(unit, object)
    statement = None if bound else unit.edition.statements.get(key)
    if statement is None:
        table = unit.tables[object]
        context = unit.sql_context
        readable = reach(unit.snapshot, unit.principal, object, Act.READ, table, context)
        updatable = reach(unit.snapshot, unit.principal, object, Act.UPDATE, table, context)
        archivable = reach(unit.snapshot, unit.principal, object, Act.ARCHIVE, table, context)
        query = (
            select(
                *table.columns,
                updatable.label("may_update"),
                archivable.label("may_archive"),
                exists().where(_FOLLOWER.c.record_id == table.c.id).label("followed"),
            )
            .where(and_(among.condition(table.c.id), readable))
            .order_by(table.c.id)
            .with_for_update(key_share=not alone)
        )
        statement = render(query) if bound else unit.edition.statements.put(key, render(query))
    return statement


def _is_bound(unit: Unit, object: str) -> bool:
    """Whether record rules may bind the viewer or the moment into a statement."""
    access = unit.snapshot.access(unit.principal, object)
    return any(branch.where for branches in access.branches.values() for branch in branches)


def visible(unit: Unit, object: str, ids: Iterable[UUID]) -> set[UUID]:
    """Those of `ids` that the principal may read and that are not archived."""
    return {id for _, id in visible_among(unit, {object: ids})}


def visible_among(
    unit: Unit, wanted: Mapping[str, Iterable[UUID]], *, referred: bool = False
) -> set[tuple[str, UUID]]:
    """Those of the `wanted` records, by object, that the principal may read and that are not archived. One query for all.

    `referred`: a record of the unit will refer to them. So they are held against being merged (see `lock`), against no other
    write; one that is being merged is waited for, and then archived.
    """
    known = {(object, id) for object, ids in wanted.items() for id in ids if unit.knows(object, id)}
    known |= {(object, id) for object, ids in wanted.items() for id in _plainly_made(unit, object, ids)}
    rest = [
        Among(object, tuple(missing))
        for object, ids in sorted(wanted.items())
        if (missing := sorted({id for id in ids if (object, id) not in known}))
    ]
    if not rest:
        return known
    if any(id in unit.work.inserts.get(among.object, ()) for among in rest for id in among.ids):
        unit.flush()
    given = {name: value for among in rest for name, value in among.params().items()}
    sql, params = _visible_statement(unit, rest, referred=referred).bound(
        **given, **scope_params(unit.principal)
    )
    return known | {(object, id) for object, id in unit.execute(sql, params).fetchall()}


def _plainly_made(unit: Unit, object: str, ids: Iterable[UUID]) -> list[UUID]:
    """Those of `ids` that the unit made and has not written, for a principal who may read all."""
    inserts = unit.work.inserts.get(object)
    if not inserts or not unit.snapshot.access(unit.principal, object).unlimited(Act.READ):
        return []
    return [id for id in ids if id in inserts and inserts[id]["archived_at"] is None]


def _visible_statement(unit: Unit, wanted: Sequence[Among], *, referred: bool) -> Statement:
    bound = any(_is_bound(unit, among.object) for among in wanted)
    key = ("visible", referred, *(among.shape for among in wanted), unit.principal.roles)
    statement = None if bound else unit.edition.statements.get(key)
    if statement is None:
        context = unit.sql_context
        parts = []
        for among in wanted:
            table = unit.tables[among.object]
            readable = reach(unit.snapshot, unit.principal, among.object, Act.READ, table, context)
            alive = table.c.archived_at.is_(None)
            found = select(literal(among.object), table.c.id).where(
                among.condition(table.c.id), alive, readable
            )
            parts.append(held_for_reference(found, table) if referred else found)
        query = parts[0] if len(parts) == 1 else union_all(*parts)
        statement = render(query) if bound else unit.edition.statements.put(key, render(query))
    return statement


def held_for_reference(query: Select[Any], table: Table) -> Select[Any]:
    """A query that also holds the records it finds in `table`, in the order of their ids, against being merged."""
    return query.order_by(table.c.id).with_for_update(read=True, key_share=True).subquery().select()


def referring(unit: Unit, object: str, via: str, to: UUID) -> list[UUID]:
    """Ids of the records that refer to `to` through `via`, archived or not, at most MAX_CHILDREN + 1."""
    key = ("referring", object, via)
    statement = unit.edition.statements.get(key)
    if statement is None:
        table = unit.tables[object]
        query = select(table.c.id).where(table.c[via] == bindparam("to", type_=Uuid)).limit(MAX_CHILDREN + 1)
        statement = unit.edition.statements.put(key, render(query))
    sql, params = statement.bound(to=to)
    return [id for (id,) in unit.execute(sql, params).fetchall()]


def fetch(unit: Unit, object: str, id: UUID, columns: Iterable[str]) -> Mapping[str, Any] | None:
    """Columns of one record, unlocked and whoever may see it: a fact for an expression."""
    return fetch_many(unit, object, (id,), columns).get(id)


def fetch_many(
    unit: Unit, object: str, ids: Collection[UUID], columns: Iterable[str]
) -> dict[UUID, Mapping[str, Any]]:
    """Columns of those of `ids` that exist, unlocked and whoever may see them, by their ids."""
    found: dict[UUID, Mapping[str, Any]] = {
        id: known for id in ids if (known := unit.work.records.get((object, id))) is not None
    }
    among = Among(object, tuple(sorted({id for id in ids if id not in found})))
    if not among.ids:
        return found
    names = tuple(sorted({"id", *columns}))
    key = ("fetch", *among.shape, names)
    statement = unit.edition.statements.get(key)
    if statement is None:
        table = unit.tables[object]
        query = select(*(table.c[name] for name in names)).where(among.condition(table.c.id))
        statement = unit.edition.statements.put(key, render(query))
    sql, params = statement.bound(**among.params())
    for values in unit.execute(sql, params).fetchall():
        row = dict(zip(names, values, strict=True))
        found[row["id"]] = row
    return found


def within_reach(unit: Unit, object: str, ids: Iterable[UUID]) -> set[UUID]:
    """Those of `ids` that the principal may read, archived or not."""
    among = Among(object, tuple(sorted(set(ids))))
    if not among.ids:
        return set()
    bound = _is_bound(unit, object)
    key = ("within reach", *among.shape, unit.principal.roles)
    statement = None if bound else unit.edition.statements.get(key)
    if statement is None:
        table = unit.tables[object]
        readable = reach(unit.snapshot, unit.principal, object, Act.READ, table, unit.sql_context)
        query = select(table.c.id).where(among.condition(table.c.id), readable)
        statement = render(query) if bound else unit.edition.statements.put(key, render(query))
    sql, params = statement.bound(**among.params(), **scope_params(unit.principal))
    return {id for (id,) in unit.execute(sql, params).fetchall()}


def children(
    unit: Unit, object: str, via: str, parent: UUID, columns: Iterable[str]
) -> list[Mapping[str, Any]]:
    """Columns of the children that point to `parent` through `via`, none archived, at most MAX_CHILDREN + 1."""
    names = tuple(sorted({"id", *columns}))
    ahead = unit.work.children.get((object, via))
    if ahead is not None and parent in ahead[1] and ahead[0].issuperset(names):
        return ahead[1][parent]
    key = ("children", object, via, names)
    statement = unit.edition.statements.get(key)
    if statement is None:
        table = unit.tables[object]
        query = (
            select(*(table.c[name] for name in names))
            .where(table.c[via] == bindparam("parent", type_=Uuid), table.c.archived_at.is_(None))
            .limit(MAX_CHILDREN + 1)
        )
        statement = unit.edition.statements.put(key, render(query))
    sql, params = statement.bound(parent=parent)
    return [dict(zip(names, row, strict=True)) for row in unit.execute(sql, params).fetchall()]


def find_by_key(unit: Unit, object: str, field: str, values: Sequence[str]) -> dict[str, list[UUID]]:
    """Ids of the unarchived records whose `field`, as text, is among `values`; within the principal's reach."""
    table = unit.tables[object]
    context = unit.sql_context
    readable = reach(unit.snapshot, unit.principal, object, Act.READ, table, context)
    column = table.c[field]
    as_text = column if isinstance(column.type, Text) else func.cast(column, Text)
    query = select(as_text, table.c.id).where(
        as_text == any_(bindparam("values", type_=ARRAY(Text))), table.c.archived_at.is_(None), readable
    )
    sql, params = render(query).bound(values=list(values), **scope_params(unit.principal))
    found: dict[str, list[UUID]] = {}
    for text, id in unit.execute(sql, params).fetchall():
        found.setdefault(text, []).append(id)
    return found
