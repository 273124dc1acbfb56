"""Reading ahead: what a batch will ask for, in one statement per object or list of children, into the unit's memory."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from chengdan.kernel.access import Act
from chengdan.store import records
from chengdan.store.statement import Statement, render
from chengdan.store.unit import Unit
from chengdan.store.visibility import reach, scope_params

MAX_CHILDREN = 50_000
_FILES: LiteralString = (
    "SELECT record_id, kind, count(DISTINCT sha256) FROM chengdan.file WHERE record_id = ANY(%s) AND removed_at IS NULL "
    "GROUP BY record_id, kind"
)


def preload(unit: Unit, object: str, ids: Collection[UUID], *, referred: bool = False) -> None:
    """Let the unit know those records among `ids` that the principal may read and that are not archived.

    They are not locked against changes. A batch must lock what it will change before it reads ahead, because what the unit
    knows stays. `referred` as in `records.visible_among`.
    """
    wanted = sorted(id for id in set(ids) if not unit.knows(object, id))
    if not wanted:
        return
    sql, params = _reading(unit, object, referred=referred).bound(ids=wanted, **scope_params(unit.principal))
    names = unit.tables.columns(object)
    for values in unit.execute(sql, params).fetchall():
        row = dict(zip(names, values, strict=True))
        unit.work.records.setdefault((object, row["id"]), row)
        unit.sight(object, row["id"])


def _reading(unit: Unit, object: str, *, referred: bool) -> Statement:
    """The statement that reads records within reach by the open parameter `ids`; kept unless record rules shape it."""
    branches = unit.snapshot.access(unit.principal, object).branches.get(Act.READ, ())
    ruled = any(branch.where for branch in branches)
    key = ("preload", referred, object, unit.principal.roles)
    kept = unit.edition.statements.get(key)
    if kept is not None:
        return kept
    table = unit.tables[object]
    context = unit.sql_context
    readable = reach(unit.snapshot, unit.principal, object, Act.READ, table, context)
    query = select(*table.columns).where(
        table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), table.c.archived_at.is_(None), readable
    )
    statement = render(records.held_for_reference(query, table) if referred else query)
    return statement if ruled else unit.edition.statements.put(key, statement)


def preload_children(
    unit: Unit,
    object: str,
    via: str,
    parents: Collection[UUID],
    columns: Iterable[str],
    childless: Iterable[UUID] = (),
) -> None:
    """Let the unit know the unarchived children that point to `parents` through `via`, and that the `childless` have none.

    Whoever may see them: facts for expressions. Where there are more than MAX_CHILDREN they are left to be read singly.
    """
    names = tuple(sorted({"id", *columns}))
    found: dict[UUID, list[Mapping[str, Any]]] = {id: [] for id in (*parents, *childless)}
    if parents:
        sql, params = _listing(unit, object, via, names).bound(parents=sorted(parents))
        rows = unit.execute(sql, params).fetchall()
        if len(rows) > MAX_CHILDREN:
            return
        for parent, *values in rows:
            found[parent].append(dict(zip(names, values, strict=True)))
    unit.work.children[object, via] = frozenset(names), found


def _listing(unit: Unit, object: str, via: str, names: tuple[str, ...]) -> Statement:
    key = ("children of many", object, via, names)
    kept = unit.edition.statements.get(key)
    if kept is not None:
        return kept
    table = unit.tables[object]
    query = (
        select(table.c[via], *(table.c[name] for name in names))
        .where(table.c[via] == any_(bindparam("parents", type_=ARRAY(Uuid))), table.c.archived_at.is_(None))
        .limit(MAX_CHILDREN + 1)
    )
    return unit.edition.statements.put(key, render(query))


def preload_files(unit: Unit, ids: Collection[UUID], bare: Iterable[UUID] = ()) -> None:
    """Let the unit know how many files of each kind are filed under `ids`, and that the `bare` have none.

    For batches that file nothing themselves.
    """
    found: dict[UUID, dict[str, int]] = defaultdict(dict)
    if ids:
        for record, kind, count in unit.execute(_FILES, (list(ids),)).fetchall():
            found[record][kind] = int(count)
    unit.work.files.update({id: found[id] for id in (*ids, *bare)})
