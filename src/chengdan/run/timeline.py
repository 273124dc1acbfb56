"""The timeline of a record: its events, newest first, with what the viewer may not see taken out."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from chengdan.kernel.event import EventKind
from chengdan.kernel.field import currency_column
from chengdan.kernel.object import Object
from chengdan.run.explain import seen
from chengdan.run.read import bad_query
from chengdan.store.unit import Unit

MAX_EVENTS = 200
_QUIET = (EventKind.NOTIFIED, EventKind.RULE_FIRED)


def timeline(
    reader: Unit, object: str, id: UUID, before: int | None = None, limit: int = 50
) -> Mapping[str, Any]:
    """One page of a record's events, `before` a sequence number. Raises NotFound, BadQuery."""
    if not 1 <= limit <= MAX_EVENTS:
        raise bad_query("limit", f"limit 应为 1–{MAX_EVENTS}", f"limit must be 1–{MAX_EVENTS}")
    seen(reader, object, id)
    rows = reader.execute(
        "SELECT e.seq, e.at, e.actor, u.name, e.kind, e.cause, e.data FROM chengdan.event e "
        'LEFT JOIN data."user" u ON u.id = e.actor '
        "WHERE e.record_id = %s AND e.seq < %s AND e.kind <> ALL(%s) ORDER BY e.seq DESC LIMIT %s",
        (id, before or 2**62, list(_QUIET), limit + 1),
    ).fetchall()
    items = [_event(reader, object, row) for row in rows[:limit]]
    return {"items": items, "next_cursor": str(rows[limit - 1][0]) if len(rows) > limit else None}


def _event(reader: Unit, object: str, row: Sequence[Any]) -> dict[str, Any]:
    seq, at, actor, name, kind, cause, data = row
    hidden = reader.snapshot.access(reader.principal, object).hidden
    item = reader.snapshot.objects[object]
    changed = data.pop("changes", None) or {}
    changes = {key: pair for key, pair in changed.items() if _field_of(item, key) not in hidden}
    data.pop("values", None)
    return {
        "seq": seq,
        "at": at,
        "actor": {"id": actor, "label": name} if actor else None,
        "kind": kind,
        "cause": cause,
        "data": data,
        "changes": [
            {
                "field": key,
                "label": item.by_name[key].label if key in item.by_name else {"zh": key, "en": key},
                "old": old,
                "new": new,
            }
            for key, (old, new) in changes.items()
        ],
    }


def _field_of(item: Object, column: str) -> str:
    """The field that a column belongs to: a currency's is its money field."""
    if column in item.by_name:
        return column
    money = column.removesuffix(currency_column(""))
    return money if money in item.by_name else column
