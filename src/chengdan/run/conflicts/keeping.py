"""Keeping conflicts: what was found against what is known; what is new is told, what is gone is settled by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from chengdan.base.ids import new_id
from chengdan.base.json import dumps_text
from chengdan.kernel.conflict import Conflict, ConflictKind
from chengdan.kernel.event import Event, EventKind
from chengdan.run.conflicts.finding import Found, find
from chengdan.run.conflicts.telling import Heard, News, tell
from chengdan.store import records
from chengdan.store.unit import Unit

OPEN, RESOLVED, IGNORED = "open", "resolved", "ignored"
STATES = (OPEN, RESOLVED, IGNORED)
_KNOWN: LiteralString = (
    "SELECT id, record_id, other_id, subject, people, state, settled_at FROM chengdan.conflict WHERE name = %(name)s "
    "AND (record_id = ANY(%(ids)s) OR other_id = ANY(%(ids)s))"
)
_ADD: LiteralString = (
    "INSERT INTO chengdan.conflict (id, name, object, record_id, other_id, subject, people, facts, state, found_at) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s::jsonb, 'open', %s) ON CONFLICT (name, record_id, subject) DO NOTHING"
)
_RENEW: LiteralString = (
    "UPDATE chengdan.conflict SET people = %s, facts = %s::jsonb, state = 'open', "
    "found_at = CASE WHEN state = 'open' THEN found_at ELSE %s END, "
    "settled_at = NULL, settled_by = NULL, how = '', reason = '' WHERE id = %s"
)
_GONE: LiteralString = "UPDATE chengdan.conflict SET state = 'resolved', how = %s, settled_at = %s, settled_by = NULL WHERE id = %s"


@dataclass(frozen=True, slots=True)
class Known:
    """A conflict as it is kept."""

    id: UUID
    record: UUID
    other: UUID | None
    subject: str
    people: Sequence[UUID]
    state: str
    settled_at: datetime | None


def look(unit: Unit, conflict: Conflict, ids: Sequence[UUID], heard: Heard) -> int:
    """Find `conflict` among the records `ids` and bring what is kept in line; the number of new ones.

    What each person is told of counts as `heard`.
    """
    rows = unit.execute(_KNOWN, {"name": conflict.name, "ids": list(ids)}).fetchall()
    known = {(one.record, one.subject): one for one in (Known(*row) for row in rows)}
    fresh, news = 0, list[News]()
    for found in find(unit, conflict, ids):
        before = known.pop((found.record, found.subject), None)
        fresh += _take_up(unit, conflict, found, before, news)
    tell(unit, conflict, news, heard)
    _let_go(unit, conflict, [one for one in known.values() if one.state == OPEN])
    return fresh


def _take_up(unit: Unit, conflict: Conflict, found: Found, known: Known | None, news: list[News]) -> bool:
    """Keep what was found, and add it to the `news` where somebody must hear of it; whether it is new."""
    people, facts = list(found.people), dumps_text(found.facts)
    if known is None:
        values = (new_id(), conflict.name, conflict.object, found.record, found.other, found.subject)
        unit.later(_ADD, (*values, people, facts, unit.now))
        news.append(News(found, found.people))
        return True
    if known.state != OPEN and not _goes_on(known, found):
        return False
    joined = [person for person in found.people if person not in known.people]
    if known.state == OPEN and not joined and len(found.people) == len(known.people):
        return False
    unit.later(_RENEW, (people, facts, unit.now, known.id))
    if known.state != OPEN or joined:
        news.append(News(found, found.people if known.state != OPEN else tuple(joined)))
    return known.state != OPEN


def _goes_on(known: Known, found: Found) -> bool:
    """Whether a settled conflict has broken out again: by what was done since, and of one that is borne by somebody new."""
    since = known.settled_at
    later = [fact for fact in found.facts if "at" in fact and since is not None and fact["at"] > since]
    if known.state == IGNORED:
        return any(fact["user"] not in known.people for fact in later)
    return len({fact["user"] for fact in later}) > 1 or any("sha256" in fact for fact in later)


def _let_go(unit: Unit, conflict: Conflict, gone: Sequence[Known]) -> None:
    """Settle what is not found any more: merged, or gone by itself."""
    sides = {one.id: [side for side in (one.record, one.other) if side is not None] for one in gone}
    ids = [side for both in sides.values() for side in both]
    rows = records.fetch_many(unit, conflict.object, ids, ("archived_at",))
    archived = {id for id, row in rows.items() if row["archived_at"]}
    for one in gone:
        merged = conflict.kind is ConflictKind.TWINS and not archived.isdisjoint(sides[one.id])
        how = "merge" if merged else "gone"
        unit.later(_GONE, (how, unit.now, one.id))
        for side in sides[one.id]:
            data = {"conflict": conflict.name, "how": how}
            unit.record(Event(EventKind.CONFLICT_SETTLED, conflict.object, side, data))


def counted(rows: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """How many conflicts are in each state."""
    return {**dict.fromkeys(STATES, 0), **dict(rows)}
