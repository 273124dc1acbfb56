"""Reading ahead: the records that a batch will refer to, in one statement per object, into the unit's memory."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, bindparam, select

from chengdan.kernel.access import Act
from chengdan.store.statement import Statement, render
from chengdan.store.unit import Unit
from chengdan.store.visibility import reach, scope_params


def preload(unit: Unit, object: str, ids: Collection[UUID]) -> None:
    """Let the unit know those records among `ids` that the principal may read and that are not archived.

    They are not locked. A batch must lock what it will change before it reads ahead, because what the unit knows stays.
    """
    wanted = sorted(id for id in set(ids) if not unit.knows(object, id))
    if not wanted:
        return
    sql, params = _reading(unit, object).bound(ids=wanted, **scope_params(unit.principal))
    names = unit.tables.columns(object)
    for values in unit.execute(sql, params).fetchall():
        row = dict(zip(names, values, strict=True))
        unit.work.records.setdefault((object, row["id"]), row)
        unit.sight(object, row["id"])


def _reading(unit: Unit, object: str) -> Statement:
    """The statement that reads records within reach by the open parameter `ids`; kept unless record rules shape it."""
    branches = unit.snapshot.access(unit.principal, object).branches.get(Act.READ, ())
    ruled = any(branch.where for branch in branches)
    key = ("preload", object, unit.principal.roles)
    kept = unit.edition.statements.get(key)
    if kept is not None:
        return kept
    table = unit.tables[object]
    context = unit.edition.context(unit.now, unit.principal.user)
    readable = reach(unit.snapshot, unit.principal, object, Act.READ, table, context)
    statement = render(
        select(*table.columns).where(
            table.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))), table.c.archived_at.is_(None), readable
        )
    )
    return statement if ruled else unit.edition.statements.put(key, statement)
