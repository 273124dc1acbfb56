"""Reading conflicts: those of a record, and the list of all within reach for those who settle them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, any_, false, func, literal, or_, select, true, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Uuid

from chengdan.base.label import Label
from chengdan.kernel.access import Act
from chengdan.kernel.field import FieldType
from chengdan.run.conflicts.keeping import OPEN, STATES, counted
from chengdan.run.conflicts.settling import PERMISSION
from chengdan.run.explain import seen
from chengdan.run.holding import require
from chengdan.run.people import names_of
from chengdan.run.read import bad_query
from chengdan.store import system
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import reach, scope_params

DEFAULT_LIMIT, MAX_LIMIT = 50, 200
OF_RECORD = 20
_C = system.conflict.c
_COLUMNS = (
    _C.id, _C.name, _C.object, _C.record_id, _C.other_id, _C.subject, _C.people, _C.facts, _C.state, _C.found_at,
    _C.settled_at, _C.settled_by, _C.how, _C.reason,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sought:
    """Which conflicts are wanted: in a state, of one definition, from a page's `next_cursor` on."""

    state: str = OPEN
    name: str = ""
    cursor: UUID | None = None
    limit: int = DEFAULT_LIMIT


def of_record(reader: Unit, object: str, id: UUID) -> list[dict[str, Any]]:
    """The open conflicts of a record within reach. Raises NotFound."""
    seen(reader, object, id)
    query = select(*_COLUMNS).where(or_(_C.record_id == id, _C.other_id == id), _C.state == OPEN)
    rows = _rows(reader, query.order_by(_C.found_at.desc(), _C.id).limit(OF_RECORD))
    return _shown(reader, rows, {id})


def list_conflicts(reader: Unit, sought: Sought) -> Mapping[str, Any]:
    """One page of the conflicts over records within reach, newest first, and how many there are in each state.

    Raises NotPermitted, BadQuery.
    """
    require(reader, PERMISSION)
    if sought.state not in STATES:
        raise bad_query("state", f"state 可用：{'、'.join(STATES)}", f"state is one of {', '.join(STATES)}")
    if not 1 <= sought.limit <= MAX_LIMIT:
        raise bad_query("limit", f"limit 应为 1–{MAX_LIMIT}", f"limit must be 1–{MAX_LIMIT}")
    within = _within_reach(reader)
    of_name = _C.name == sought.name if sought.name else true()
    query = select(*_COLUMNS).where(_C.state == sought.state, of_name, within)
    if sought.cursor is not None:
        after = select(_C.found_at, _C.id).where(_C.id == sought.cursor)
        query = query.where(tuple_(_C.found_at, _C.id) < after.scalar_subquery())
    rows = _rows(reader, query.order_by(_C.found_at.desc(), _C.id.desc()).limit(sought.limit + 1))
    page = rows[: sought.limit]
    counts = _rows(reader, select(_C.state, func.count()).where(of_name, within).group_by(_C.state))
    return {
        "items": _shown(reader, page, set()),
        "next_cursor": page[-1][0] if len(rows) > sought.limit else None,
        "counts": counted(counts),
        "kinds": [{"name": one.name, "label": one.label} for one in reader.snapshot.conflicts.values()],
    }


def _rows(reader: Unit, query: Select[Any]) -> list[Any]:
    sql, params = render(query).bound(**scope_params(reader.principal))
    return reader.execute(sql, params).fetchall()


def _within_reach(reader: Unit) -> ColumnElement[bool]:
    """Conflicts of which the viewer may read one side."""
    ways: list[ColumnElement[bool]] = []
    for name in sorted({one.object for one in reader.snapshot.conflicts.values()}):
        access = reader.snapshot.access(reader.principal, name)
        if access.unlimited(Act.READ):
            ways.append(_C.object == name)
        elif access.may(Act.READ):
            table = reader.tables[name].alias()
            within = reach(reader.snapshot, reader.principal, name, Act.READ, table, reader.sql_context)
            ids = select(table.c.id).where(within)
            ways.append(and_(_C.object == name, or_(_C.record_id.in_(ids), _C.other_id.in_(ids))))
    return or_(*ways) if ways else false()


def _shown(reader: Unit, rows: Sequence[Any], among: set[UUID]) -> list[dict[str, Any]]:
    """Conflicts from the viewer's side: of a pair first the record they look at, of the other only what they may see."""
    sides: dict[str, set[UUID]] = {}
    for row in rows:
        sides.setdefault(row[2], set()).update(side for side in (row[3], row[4]) if side is not None)
    heads = {name: _heads(reader, name, ids) for name, ids in sides.items()}
    people = names_of(reader, _everybody(rows, heads))
    found = []
    for row in rows:
        id, name, object, record, other, subject, involved, facts, state, found_at, settled_at, settled_by, how, reason = row  # fmt: skip
        definition = reader.snapshot.conflicts.get(name)
        if other is not None and (other in among or not _seen(heads[object], record)):
            record, other = other, record
        found.append(
            {
                "id": id,
                "conflict": name,
                "label": definition.label if definition else Label(name, name),
                "kind": definition.kind if definition else "",
                "days": definition.days if definition else 0,
                "object": object,
                "record": _side(heads[object], record, people),
                "other": None if other is None else _side(heads[object], other, people),
                "subject": subject if definition and definition.kind == "files" else "",
                "people": [_person(person, people) for person in involved],
                "facts": [_fact(fact, people) for fact in facts],
                "state": state,
                "found_at": found_at,
                "settled_at": settled_at,
                "settled_by": _person(settled_by, people) if settled_by else None,
                "how": how,
                "reason": reason,
            }
        )
    return found


def _heads(reader: Unit, object: str, ids: Iterable[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """What records are called, whose they are, and whether the viewer may see them."""
    item, table = reader.snapshot.objects[object], reader.tables[object]
    hidden = item.title in reader.snapshot.access(reader.principal, object).hidden
    named = not hidden and item.by_name[item.title].type is not FieldType.FORMULA
    title = table.c[item.title] if named else literal(None)
    within = reach(reader.snapshot, reader.principal, object, Act.READ, table, reader.sql_context)
    query = select(table.c.id, title, table.c.owner, within)
    rows = _rows(reader, query.where(table.c.id == any_(literal(sorted(ids), ARRAY(Uuid)))))
    return {id: (title, owner, visible) for id, title, owner, visible in rows}


def _everybody(rows: Sequence[Any], heads: Mapping[str, Mapping[UUID, tuple[Any, ...]]]) -> set[str]:
    ids = {str(person) for row in rows for person in (*row[6], row[11]) if person is not None}
    ids |= {str(fact["user"]) for row in rows for fact in row[7] if fact.get("user")}
    return ids | {
        str(owner) for found in heads.values() for _, owner, _ in found.values() if owner is not None
    }


def _seen(heads: Mapping[UUID, tuple[Any, ...]], id: UUID) -> bool:
    return id in heads and bool(heads[id][2])


def _side(heads: Mapping[UUID, tuple[Any, ...]], id: UUID, people: Mapping[str, str]) -> dict[str, Any]:
    """One record of a conflict; of a hidden one only that it is there, and whom to ask."""
    title, owner, visible = heads.get(id, (None, None, False))
    ask = _person(owner, people) if owner else None
    if not visible:
        return {"id": None, "label": None, "owner": ask}
    return {"id": id, "label": title, "owner": ask}


def _person(id: Any, people: Mapping[str, str]) -> dict[str, Any]:
    return {"id": id, "label": people.get(str(id))}


def _fact(fact: Mapping[str, Any], people: Mapping[str, str]) -> dict[str, Any]:
    shown = {name: fact[name] for name in ("field", "at", "object", "record", "name", "file") if name in fact}
    return {**shown, "user": _person(fact["user"], people)} if fact.get("user") else shown
