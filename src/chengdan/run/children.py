"""What was made under a record: the newest of the records that point to it, by title, as far as the viewer sees them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, bindparam, cast, func, literal, select, union_all

from chengdan.kernel.access import Act, ObjectAccess
from chengdan.kernel.field import FieldType
from chengdan.kernel.object import Object
from chengdan.kernel.snapshot import Child
from chengdan.store.statement import Statement, render
from chengdan.store.unit import Unit
from chengdan.store.visibility import reach, scope_params

MAX_CHILDREN = 200
"""Of each list of children, the newest."""
MAX_WORDS = 2_000


def made_under(reader: Unit, object: str, id: UUID) -> Mapping[UUID, tuple[str | None, str | None]]:
    """Title and words of the newest children of a record by id; None where hidden or worked out.

    The words are the long text that `quick` of their object asks for: what was noted.
    """
    statement = _statement(reader, object)
    if statement is None:
        return {}
    sql, params = statement.bound(id=id, **scope_params(reader.principal))
    return {id: (title, words) for id, title, words in reader.execute(sql, params).fetchall()}


def _statement(reader: Unit, object: str) -> Statement | None:
    """The statement that finds them; kept unless record rules bind the viewer or the moment into it."""
    snapshot = reader.snapshot
    children = [
        (child, access)
        for child in snapshot.children_of(object).values()
        if (access := snapshot.access(reader.principal, child.object)).may(Act.READ)
        and child.field not in access.hidden
    ]
    if not children:
        return None
    key = ("made under", object, reader.principal.roles)
    ruled = any(branch.where for _, access in children for branch in access.branches[Act.READ])
    statement = None if ruled else reader.edition.statements.get(key)
    if statement is None:
        parts = [_newest(reader, child, access) for child, access in children]
        made = render(parts[0] if len(parts) == 1 else union_all(*parts))
        statement = made if ruled else reader.edition.statements.put(key, made)
    return statement


def _newest(reader: Unit, child: Child, access: ObjectAccess) -> Select[Any]:
    """The newest of one list of children."""
    table, item = reader.tables[child.object], reader.snapshot.objects[child.object]
    titled = item.title not in access.hidden and item.by_name[item.title].type is not FieldType.FORMULA
    title = cast(table.c[item.title], Text) if titled else cast(literal(None), Text)
    words = _words(item, access)
    text = func.left(table.c[words], MAX_WORDS) if words else cast(literal(None), Text)
    within = reach(reader.snapshot, reader.principal, child.object, Act.READ, table, reader.sql_context)
    points = table.c[child.field] == bindparam("id", type_=Uuid)
    newest = select(table.c.id, title, text).where(points, within).order_by(table.c.id.desc())
    return newest.limit(MAX_CHILDREN).subquery().select()


def _words(item: Object, access: ObjectAccess) -> str:
    """The long text that a quick entry of the object asks for, if it may be seen."""
    names = item.quick.fields if item.quick else ()
    return next(
        (
            name
            for name in names
            if item.by_name[name].type is FieldType.LONG_TEXT and name not in access.hidden
        ),
        "",
    )
