"""The timeline of a record: its events, newest first, with what the viewer may not see taken out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from chengdan.kernel.event import EventKind
from chengdan.kernel.field import currency_column
from chengdan.kernel.mark import HAPPENED_AT
from chengdan.kernel.object import Object
from chengdan.run.children import made_under
from chengdan.run.comments import comments_by_id
from chengdan.run.explain import seen
from chengdan.run.past_amounts import with_currencies
from chengdan.run.read import bad_query, readable_field
from chengdan.store.unit import Unit

MAX_EVENTS = 200
CHILDREN, RULES, MAILS = "children", "rules", "mails"
_TIMING = (EventKind.TIMER_SET, EventKind.TIMER_CANCELLED, EventKind.TIMER_FIRED)
KINDS: Mapping[str, Sequence[EventKind]] = {
    "changes": (
        EventKind.CREATED,
        EventKind.UPDATED,
        EventKind.ARCHIVED,
        EventKind.RESTORED,
        EventKind.MERGED,
        EventKind.SHARED,
        EventKind.UNSHARED,
    ),
    "moves": (
        EventKind.MOVED,
        EventKind.SUBSTEP_DONE,
        EventKind.SUBSTEP_UNDONE,
        EventKind.GATE_BLOCKED,
        EventKind.GATE_OVERRIDDEN,
    ),
    "comments": (EventKind.COMMENT_ADDED, EventKind.COMMENT_EDITED, EventKind.COMMENT_REMOVED),
    "files": (
        EventKind.FILE_ATTACHED,
        EventKind.FILE_REMOVED,
        EventKind.SIGNATURE_ASKED,
        EventKind.SIGNED,
        EventKind.SIGNATURE_MISSING,
        EventKind.SIGNATURE_VOUCHED,
    ),
    RULES: (EventKind.RULE_FIRED, *_TIMING),
    CHILDREN: (),
    MAILS: (
        EventKind.MAIL_SENT,
        EventKind.MAIL_RECEIVED,
        EventKind.MAIL_OPENED,
        EventKind.MAIL_LINK_FOLLOWED,
        EventKind.MAIL_DOCUMENT_VIEWED,
        EventKind.MAIL_BOUNCED,
    ),
}
"""What a timeline may be narrowed to. `rules` has what rules changed as well, `children` the records made under this one,
`mails` what became of the mails among them."""
_CURSOR = re.compile("([0-9]{1,16})-([0-9]{1,18})", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_QUIET = (
    EventKind.NOTIFIED,
    EventKind.RULE_FIRED,
    EventKind.FOLLOWED,
    EventKind.UNFOLLOWED,
    EventKind.VIEWED,
)
_COLUMNS: LiteralString = (
    "SELECT e.seq, e.at, e.actor, u.name, e.kind, e.cause, e.data, e.object, e.record_id FROM chengdan.event e "
    'LEFT JOIN data."user" u ON u.id = e.actor WHERE (e.at, e.seq) < (%(at)s, %(seq)s) '
    "AND (%(person)s::uuid IS NULL OR e.actor = %(person)s) "
)
_OWN: LiteralString = (
    "AND (e.record_id = %(id)s OR (e.record_id = ANY(%(sources)s) AND e.kind LIKE 'comment.%%')) AND (e.kind = ANY(%(kinds)s) OR (%(rules)s AND e.cause LIKE 'rule/%%')) "
    "AND (%(field)s::text IS NULL OR jsonb_exists_any(e.data -> 'changes', %(columns)s) "
    "OR jsonb_exists(e.data -> 'values', %(field)s) OR (%(staged)s AND e.kind = 'record.moved')) "
)
_MADE: LiteralString = (
    "AND e.record_id = ANY(%(ids)s) AND (e.kind = ANY(%(mails)s) "
    "OR (%(children)s AND e.kind = 'record.created' AND e.object IS DISTINCT FROM %(mail)s)) "
)
_SOURCES: LiteralString = """
WITH RECURSIVE source AS (
    SELECT (data ->> 'source')::uuid AS id FROM chengdan.event
    WHERE record_id = %(id)s AND kind = 'record.merged' AND jsonb_exists(data, 'source')
    UNION
    SELECT (e.data ->> 'source')::uuid FROM chengdan.event e JOIN source ON e.record_id = source.id
    WHERE e.kind = 'record.merged' AND jsonb_exists(e.data, 'source')
)
SELECT id FROM source LIMIT 100
"""
"""The records that were merged into this one: their comments came along."""
_NEWEST: LiteralString = "ORDER BY e.at DESC, e.seq DESC LIMIT %(limit)s"
_SINCE: LiteralString = (
    'SELECT e.at, e.actor, u.name, e.kind, e.data FROM chengdan.event e LEFT JOIN data."user" u ON u.id = e.actor '
    "WHERE e.record_id = %s AND e.kind = ANY(%s) AND (e.data ->> 'version')::int > %s ORDER BY e.seq LIMIT %s"
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What of a timeline is wanted: events `before` a page's `next_cursor`, of some `kinds`, of a `field`, by a `person`."""

    before: str = ""
    limit: int = 50
    kinds: Sequence[str] = ()
    field: str = ""
    person: UUID | None = None


def timeline(reader: Unit, object: str, id: UUID, sought: Sought = Sought()) -> Mapping[str, Any]:
    """One page of a record's events. Raises NotFound, BadQuery, UnknownField."""
    at, seq = _check(sought)
    record = seen(reader, object, id)
    item = reader.snapshot.objects[object]
    pipeline = reader.snapshot.pipeline_of(object)
    if sought.field:
        readable_field(item, reader.snapshot.access(reader.principal, object), sought.field, "field")
    params = {
        "id": id,
        "at": at,
        "seq": seq,
        "person": sought.person,
        "limit": sought.limit + 1,
        "field": sought.field or None,
        "columns": [sought.field, *(column for money, column in item.amounts if money.name == sought.field)],
        "kinds": _event_kinds(sought),
        "rules": RULES in sought.kinds,
        "sources": [source for (source,) in reader.execute(_SOURCES, {"id": id}).fetchall()],
        "staged": pipeline is not None and pipeline.field == sought.field,
    }
    rows = reader.execute(_COLUMNS + _OWN + _NEWEST, params).fetchall()
    made: Mapping[UUID, tuple[str | None, str | None]] = {}
    if not sought.field and (not sought.kinds or {CHILDREN, MAILS} & {*sought.kinds}):
        made = made_under(reader, object, id)
        ids = {**params, **_wanted_of_children(reader, sought), "ids": list(made)}
        rows += reader.execute(_COLUMNS + _MADE + _NEWEST, ids).fetchall() if made else []
        rows.sort(key=lambda row: (row[1], row[0]), reverse=True)
    page = rows[: sought.limit]
    items = [event_json(reader, item, row, sought.field) for row in page]
    with_currencies(reader, item, record, items)
    _with_comments(reader, items)
    for shown in items:
        if shown["record"] in made:
            shown["title"], shown["text"] = made[shown["record"]]
    return {"items": items, "next_cursor": _cursor(page[-1]) if len(rows) > sought.limit else None}


def _wanted_of_children(reader: Unit, sought: Sought) -> Mapping[str, Any]:
    """Of records made under this one that they were made, of mails among them what became of them."""
    mail = reader.snapshot.mail
    return {
        "children": not sought.kinds or CHILDREN in sought.kinds,
        "mails": [str(kind) for kind in KINDS[MAILS]] if not sought.kinds or MAILS in sought.kinds else [],
        "mail": mail.name if mail is not None else None,
    }


def changes_since(reader: Unit, object: str, id: UUID, version: int) -> list[dict[str, Any]]:
    """Who changed which fields of a record after `version`, the oldest first; for one who may see it."""
    item = reader.snapshot.objects[object]
    pipeline = reader.snapshot.pipeline_of(object)
    hidden = reader.snapshot.access(reader.principal, object).hidden
    kinds = [EventKind.UPDATED, EventKind.MOVED, EventKind.ARCHIVED, EventKind.RESTORED]
    rows = reader.execute(_SINCE, (id, kinds, version, MAX_EVENTS)).fetchall()
    found = []
    for at, actor, name, kind, data in rows:
        changed = data.get("changes") or {}
        if kind == EventKind.MOVED and pipeline is not None:
            changed = {pipeline.field: [data["from"], data["to"]]}
        fields = [field for field in changed if _field_of(item, field) not in hidden]
        by = {"id": actor, "label": name} if actor else None
        found.append({"at": at, "by": by, "kind": kind, "version": data["version"], "fields": fields})
    return found


def _check(sought: Sought) -> tuple[datetime, int]:
    """The place that the page starts before: an instant and a sequence number. Raises BadQuery."""
    if not 1 <= sought.limit <= MAX_EVENTS:
        raise bad_query("limit", f"limit 应为 1–{MAX_EVENTS}", f"limit must be 1–{MAX_EVENTS}")
    for kind in sought.kinds:
        if kind not in KINDS:
            known = "、".join(KINDS), ", ".join(KINDS)
            raise bad_query("kind", f"kind 可用：{known[0]}", f"kind is one of {known[1]}")
    if not sought.before:
        return datetime.max.replace(tzinfo=UTC), 0
    place = _CURSOR.fullmatch(sought.before)
    if place is None:
        raise bad_query("cursor", "cursor 不对", "the cursor is not valid")
    return _EPOCH + timedelta(microseconds=int(place[1])), int(place[2])


def _cursor(row: Sequence[Any]) -> str:
    return f"{(row[1] - _EPOCH) // timedelta(microseconds=1)}-{row[0]}"


def _event_kinds(sought: Sought) -> list[str]:
    """The kinds of events that are wanted; of all when none are named, but those that are only noise."""
    if sought.kinds:
        return [str(kind) for name in sought.kinds for kind in KINDS[name]]
    return [str(kind) for kind in EventKind if kind not in _QUIET]


def event_json(reader: Unit, item: Object, row: Sequence[Any], field: str = "") -> dict[str, Any]:
    """An event of a record of `item` (or of one made under it) without the fields that are hidden from the viewer.

    `row`: number, instant, actor and the actor's name, kind, cause, data, object, record.
    """
    seq, at, actor, name, kind, cause, data, object, record = row
    hidden = reader.snapshot.access(reader.principal, item.name).hidden
    changed = data.pop("changes", None) or {}
    values = data.pop("values", None) or {}
    if object != item.name or record is None:
        changed, data = {}, data if kind in KINDS[MAILS] else {}
    if field and kind == EventKind.CREATED:
        changed = {field: [None, values.get(field)]}
    elif field and kind == EventKind.MOVED:
        changed = {field: [data["from"], data["to"]]}
    changes = {
        key: pair
        for key, pair in changed.items()
        if _field_of(item, key) not in hidden and field in ("", _field_of(item, key))
    }
    snapshot = reader.snapshot
    rule = snapshot.timers.get((object, data.get("key", ""))) if kind in _TIMING else None
    rule = rule or snapshot.rules.get(data.get("rule") or cause.removeprefix("rule/"))
    return {
        "seq": seq,
        "at": data.get(HAPPENED_AT, at),
        "actor": {"id": actor, "label": name} if actor else None,
        "kind": kind,
        "cause": cause,
        "rule": rule.label if rule else None,
        "object": object,
        "record": record,
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


def _with_comments(reader: Unit, items: Sequence[dict[str, Any]]) -> None:
    """Give events of comments the comment as it is now; the words of one that was removed are left out."""
    spoken = [item for item in items if str(item["kind"]).startswith("comment.")]
    found = comments_by_id(reader, [UUID(item["data"]["comment"]) for item in spoken])
    for item in spoken:
        comment = item["comment"] = found.get(UUID(item["data"]["comment"]))
        if comment is None or comment["removed_at"] is not None:
            item["data"] = {"comment": item["data"]["comment"]}


def _field_of(item: Object, column: str) -> str:
    """The field that a column belongs to: a currency's is its money field."""
    if column in item.by_name:
        return column
    money = column.removesuffix(currency_column(""))
    return money if money in item.by_name else column
