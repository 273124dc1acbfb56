"""The audit trail: every event, newest first, as far as the viewer may see its record and its fields."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chengdan.base.json import dumps_text, loads_exact
from chengdan.kernel.access import Act
from chengdan.kernel.event import EventKind
from chengdan.kernel.field import FieldType
from chengdan.run.holding import require
from chengdan.run.people import names_of
from chengdan.run.read import bad_query
from chengdan.run.timeline import event_json
from chengdan.store import system
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import reach, scope_params

PERMISSION = "audit"
DEFAULT_LIMIT = 50
MAX_LIMIT = 200
_EVENT = system.event.c


@dataclass(frozen=True, slots=True)
class AuditQuery:
    """Which events are asked for. `cause` is the part before the slash (`page`, `import`, `rule` …)."""

    since: datetime | None = None
    until: datetime | None = None
    actor: UUID | None = None
    object: str = ""
    record: UUID | None = None
    kind: str = ""
    cause: str = ""
    cursor: str = ""
    limit: int = DEFAULT_LIMIT


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Events as the page shows them, and the cursor of the next page if there is one."""

    items: Sequence[Mapping[str, Any]]
    next_cursor: str | None


def audit_events(reader: Unit, query: AuditQuery) -> AuditPage:
    """One page of the trail. Events come by transaction, then by number: the order in which they are sealed.

    Raises NotPermitted, BadQuery.
    """
    require(reader, PERMISSION)
    if not 1 <= query.limit <= MAX_LIMIT:
        raise bad_query("limit", f"limit 应为 1–{MAX_LIMIT}", f"limit must be 1–{MAX_LIMIT}")
    statement = render(_select(reader, query))
    sql, params = statement.bound(**scope_params(reader.principal))
    rows = reader.execute(sql, params).fetchall()
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    actors = names_of(reader, {row[4] for row in rows if row[4]})
    titles = _titles(reader, rows)
    items = [_item(reader, row, actors, titles) for row in rows]
    return AuditPage(items, f"{rows[-1][0]}.{rows[-1][1]}" if more else None)


def every_event(reader: Unit, query: AuditQuery) -> Iterator[Mapping[str, Any]]:
    """All events that a query finds, read page by page, whatever its cursor. Raises as `audit_events`."""
    asked = replace(query, limit=MAX_LIMIT, cursor="")
    while True:
        page = audit_events(reader, asked)
        yield from page.items
        if page.next_cursor is None:
            return
        asked = replace(asked, cursor=page.next_cursor)


def count_events(reader: Unit, query: AuditQuery) -> int:
    """How many events a query finds. Raises NotPermitted, BadQuery."""
    require(reader, PERMISSION)
    statement = render(select(func.count()).select_from(system.event).where(*_conditions(reader, query)))
    sql, params = statement.bound(**scope_params(reader.principal))
    row = reader.execute(sql, params).fetchone()
    return int(row[0]) if row else 0


def _select(reader: Unit, query: AuditQuery) -> Select[Any]:
    statement = select(
        _EVENT.xid,
        _EVENT.seq,
        _EVENT.at,
        _EVENT.object,
        _EVENT.actor,
        _EVENT.kind,
        _EVENT.cause,
        _EVENT.record_id,
        sql_cast(_EVENT.data, Text),
        _EVENT.snapshot,
    ).where(*_conditions(reader, query))
    if query.cursor:
        xid, seq = _place(query.cursor)
        statement = statement.where(
            _EVENT.xid <= xid, or_(_EVENT.xid < xid, and_(_EVENT.xid == xid, _EVENT.seq < seq))
        )
    return statement.order_by(_EVENT.xid.desc(), _EVENT.seq.desc()).limit(query.limit + 1)


def _conditions(reader: Unit, query: AuditQuery) -> list[ColumnElement[bool]]:
    if query.kind and query.kind not in set(EventKind):
        raise bad_query("kind", f"没有事件“{query.kind}”", f"there is no event `{query.kind}`")
    found = [_within_reach(reader, query.object)]
    if query.since is not None:
        found.append(_EVENT.at >= query.since)
    if query.until is not None:
        found.append(_EVENT.at < query.until)
    if query.actor is not None:
        found.append(_EVENT.actor == query.actor)
    if query.record is not None:
        named = _EVENT.data["records"].contains(sql_cast(literal(dumps_text(str(query.record)), Text), JSONB))
        found.append(or_(_EVENT.record_id == query.record, and_(_EVENT.kind == EventKind.VIEWED, named)))
    if query.kind:
        found.append(_EVENT.kind == query.kind)
    if query.cause:
        found.append(func.split_part(_EVENT.cause, "/", 1) == query.cause)
    return found


def _within_reach(reader: Unit, object: str) -> ColumnElement[bool]:
    """Events of records that the viewer may read, and those of no record; those of one object where it is named."""
    whole: list[str] = [] if object else [""]
    ways: list[ColumnElement[bool]] = []
    for name in [object] if object else reader.snapshot.objects:
        access = reader.snapshot.access(reader.principal, name)
        if access.unlimited(Act.READ):
            whole.append(name)
        elif access.may(Act.READ):
            table = reader.tables[name]
            seen = reach(reader.snapshot, reader.principal, name, Act.READ, table, reader.sql_context)
            ways.append(and_(_EVENT.object == name, _EVENT.record_id.in_(select(table.c.id).where(seen))))
    if whole:
        ways.append(_EVENT.object == any_(literal(whole, ARRAY(Text))))
    return or_(*ways) if ways else false()


def _place(cursor: str) -> tuple[int, int]:
    xid, _, seq = cursor.partition(".")
    if not (xid.isascii() and xid.isdigit() and seq.isascii() and seq.isdigit() and len(cursor) < 40):
        raise bad_query("cursor", "cursor 不对", "the cursor is not valid")
    return min(int(xid), 2**62), min(int(seq), 2**62)


def _titles(reader: Unit, rows: Sequence[Any]) -> dict[UUID, str]:
    """The titles of the records that the events are about, in one query."""
    wanted: dict[str, set[UUID]] = {}
    for row in rows:
        if row[3] and row[7]:
            wanted.setdefault(row[3], set()).add(row[7])
    parts = []
    for name, ids in sorted(wanted.items()):
        item = reader.snapshot.objects.get(name)
        hidden = reader.snapshot.access(reader.principal, name).hidden
        if item and item.title not in hidden and item.by_name[item.title].type is not FieldType.FORMULA:
            table = reader.tables[name]
            title = sql_cast(table.c[item.title], Text).label("title")
            parts.append(
                select(table.c.id, title).where(table.c.id == any_(literal(sorted(ids), ARRAY(Uuid))))
            )
    if not parts:
        return {}
    sql, params = render(union_all(*parts)).bound()
    return dict(reader.execute(sql, params).fetchall())


def _item(
    reader: Unit, row: Sequence[Any], actors: Mapping[str, str], titles: Mapping[UUID, str]
) -> dict[str, Any]:
    xid, seq, at, object, actor, kind, cause, record, data, snapshot = row
    data = loads_exact(data)
    if kind == EventKind.CREATED:
        data["changes"] = {name: [None, value] for name, value in (data.get("values") or {}).items()}
    name = actors.get(str(actor)) if actor else None
    if str(kind).startswith("comment."):
        data = {"comment": data["comment"]}
    event = (seq, at, actor, name, kind, cause, data, object, record)
    item = reader.snapshot.objects.get(object)
    shown = event_json(reader, item, event) if item else _bare(event)
    return {
        **shown,
        "object": object or None,
        "record": {"id": record, "label": titles.get(record)} if record else None,
        "snapshot": snapshot,
        "transaction": xid,
    }


def _bare(event: Sequence[Any]) -> dict[str, Any]:
    """An event that is about no record."""
    seq, at, actor, name, kind, cause, data, *_ = event
    who = {"id": actor, "label": name} if actor else None
    return {
        "seq": seq,
        "at": at,
        "actor": who,
        "kind": kind,
        "cause": cause,
        "data": data,
        "changes": [],
        "rule": None,
    }
