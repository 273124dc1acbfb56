"""Keeping conflicts: what was found against what is known; what is new is told, what is gone is settled by itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import LiteralString
from uuid import UUID

from chengdan.base.ids import new_id
from chengdan.base.json import dumps_text
from chengdan.base.label import Label
from chengdan.kernel.conflict import Conflict, ConflictKind
from chengdan.kernel.event import Event, EventKind
from chengdan.run import audience, channels, notify
from chengdan.run.conflicts.finding import Found, find
from chengdan.run.people import names_of
from chengdan.store import records
from chengdan.store.unit import Unit

OPEN, RESOLVED, IGNORED = "open", "resolved", "ignored"
STATES = (OPEN, RESOLVED, IGNORED)
MAX_KEPT = 50_000
_KNOWN: LiteralString = (
    "SELECT id, record_id, other_id, subject, people, state, settled_at FROM chengdan.conflict WHERE name = %(name)s "
    "AND (%(all)s OR record_id = ANY(%(ids)s) OR other_id = ANY(%(ids)s)) LIMIT %(limit)s"
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


def look(unit: Unit, conflict: Conflict, ids: Sequence[UUID] | None = None) -> int:
    """Find `conflict` among the records `ids` (None: all) and bring what is kept in line; the number of new ones."""
    params = {"name": conflict.name, "all": ids is None, "ids": list(ids or ()), "limit": MAX_KEPT}
    rows = unit.execute(_KNOWN, params).fetchall()
    known = {(one.record, one.subject): one for one in (Known(*row) for row in rows)}
    fresh = 0
    for found in find(unit, conflict, ids):
        fresh += _take_up(unit, conflict, found, known.pop((found.record, found.subject), None))
    for gone in known.values():
        if gone.state == OPEN:
            _let_go(unit, conflict, gone)
    return fresh


def _take_up(unit: Unit, conflict: Conflict, found: Found, known: Known | None) -> bool:
    """Keep what was found; whether it is news."""
    people, facts = list(found.people), dumps_text(found.facts)
    if known is None:
        values = (new_id(), conflict.name, conflict.object, found.record, found.other, found.subject)
        unit.execute(_ADD, (*values, people, facts, unit.now))
        _tell(unit, conflict, found, found.people)
        return True
    if known.state != OPEN and not _goes_on(known, found):
        return False
    joined = [person for person in found.people if person not in known.people]
    if known.state == OPEN and not joined and len(found.people) == len(known.people):
        return False
    unit.execute(_RENEW, (people, facts, unit.now, known.id))
    if known.state != OPEN or joined:
        _tell(unit, conflict, found, found.people if known.state != OPEN else joined)
    return known.state != OPEN


def _goes_on(known: Known, found: Found) -> bool:
    """Whether a settled conflict has broken out again: by what was done since, and of one that is borne by somebody new."""
    since = known.settled_at
    later = [fact for fact in found.facts if "at" in fact and since is not None and fact["at"] > since]
    if known.state == IGNORED:
        return any(fact["user"] not in known.people for fact in later)
    return len({fact["user"] for fact in later}) > 1 or any("sha256" in fact for fact in later)


def _let_go(unit: Unit, conflict: Conflict, gone: Known) -> None:
    sides = [side for side in (gone.record, gone.other) if side is not None]
    rows = [records.fetch(unit, conflict.object, side, ("archived_at",)) for side in sides]
    merged = conflict.kind is ConflictKind.TWINS and any(row and row["archived_at"] for row in rows)
    how = "merge" if merged else "gone"
    unit.execute(_GONE, (how, unit.now, gone.id))
    data = {"conflict": conflict.name, "how": how}
    for side in sides:
        unit.record(Event(EventKind.CONFLICT_SETTLED, conflict.object, side, data))


def _tell(unit: Unit, conflict: Conflict, found: Found, people: Iterable[UUID]) -> None:
    """Note it with the records, and tell those concerned, the owners and their leads, of the side that each may see."""
    item = unit.snapshot.objects[conflict.object]
    names = names_of(unit, found.people)
    listed = [names[str(person)] for person in found.people if str(person) in names]
    told: set[UUID] = set()
    for side in (found.record, found.other):
        row = None if side is None else records.fetch(unit, item.name, side, ("owner", "team", item.title))
        if side is None or row is None:
            continue
        data = {"conflict": conflict.name, "people": list(found.people), "subject": found.subject}
        unit.record(Event(EventKind.CONFLICT_FOUND, item.name, side, data))
        concerned = [*people, *notify.recipients(unit, row, ("owner", "manager"))]
        message = _message(conflict, audience.title_of(item, dict(row)), listed)
        wanted = [person for person in concerned if person not in told]
        audience.tell(unit, item, side, wanted, message, channels.CONFLICT, urgent=conflict.urgent)
        told.update(person for person in wanted if audience.may_see(unit, person, item.name, side))


def _message(conflict: Conflict, title: str, names: Sequence[str]) -> Label:
    if not names:
        return Label(f"{conflict.label.zh}：{title}", f"{conflict.label.en}: {title}")
    return Label(
        f"{conflict.label.zh}：{title}（{'、'.join(names)}）",
        f"{conflict.label.en}: {title} ({', '.join(names)})",
    )


def counted(rows: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    """How many conflicts are in each state."""
    return {**dict.fromkeys(STATES, 0), **dict(rows)}
