"""What an administrator sees of outlets: how they are set up, how they fare, and the log of what left."""

from collections.abc import Mapping, Sequence
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.label import Label
from chengdan.kernel.outlet import KINDS
from chengdan.run import channels
from chengdan.run.errors import NotFound
from chengdan.run.holding import require
from chengdan.run.outlets import PERMISSION
from chengdan.store import outlets
from chengdan.store.deliveries import DIGEST, TEST
from chengdan.store.outlets import Outlet
from chengdan.store.unit import Unit

STATES = ("waiting", "sending", "sent", "dead")
MAX_LISTED = 100
_NAMES = {DIGEST: Label("邮件摘要", "E-mail digest"), TEST: Label("测试消息", "Test")}
_FARES: LiteralString = """
SELECT o.id, (SELECT count(*) FROM (SELECT 1 FROM chengdan.delivery d WHERE d.outlet = o.id
    AND d.state IN ('waiting', 'sending') LIMIT 100) w),
    (SELECT count(*) FROM (SELECT 1 FROM chengdan.delivery d WHERE d.outlet = o.id AND d.state = 'dead' LIMIT 100) g),
    last.state, last.answer, last.at
FROM chengdan.outlet o LEFT JOIN LATERAL (SELECT d.state, d.answer, coalesce(d.sent_at, d.at) AS at
    FROM chengdan.delivery d WHERE d.outlet = o.id AND d.answer <> '' ORDER BY d.id DESC LIMIT 1) last ON true
"""
_TEAMS: LiteralString = "SELECT id, name FROM data.team WHERE id = ANY(%s)"
_PEOPLE: LiteralString = 'SELECT id, name FROM data."user" WHERE id = ANY(%s)'
_LOG: LiteralString = """
SELECT d.id, d.outlet, o.name, d.kind, d.object, d.record_id, d.zh, d.en, d.urgent, d.count, d.at, d.due_at, d.state,
    d.attempts, d.answer, d.sent_at, ARRAY(SELECT u.name FROM data."user" u WHERE u.id = ANY(d.people) ORDER BY u.name LIMIT 20)
FROM chengdan.delivery d LEFT JOIN chengdan.outlet o ON o.id = d.outlet
WHERE (%(outlet)s::uuid IS NULL OR d.outlet = %(outlet)s) AND (NOT %(mail)s OR d.outlet IS NULL)
AND (%(state)s = '' OR d.state = %(state)s) AND (%(before)s::uuid IS NULL OR d.id < %(before)s)
ORDER BY d.id DESC LIMIT %(limit)s
"""


def setting_up(reader: Unit) -> Mapping[str, Any]:
    """The outlets with how they fare, and what there is to choose from. Raises NotPermitted."""
    require(reader, PERMISSION)
    found = outlets.all_outlets(reader.connection)
    fares = {row[0]: row[1:] for row in reader.execute(_FARES).fetchall()}
    names = _names(reader, found)
    return {
        "items": [_outlet(one, fares.get(one.id, (0, 0, None, None, None)), names) for one in found],
        "kinds": [
            {
                "name": kind.name,
                "label": kind.label,
                "starts": kind.starts,
                "secret": kind.secret,
                "minimum_seconds": kind.spacing.total_seconds(),
            }
            for kind in KINDS.values()
        ],
        "notices": [
            {"kind": kind.name, "label": kind.label, "urgent": kind.urgent}
            for kind in channels.all_kinds(reader.snapshot)
        ],
        "roles": [{"name": role.name, "label": role.label} for role in reader.snapshot.roles.values()],
    }


def one(reader: Unit, id: UUID) -> Mapping[str, Any]:
    """One outlet as `setting_up` tells of it. Raises NotFound, NotPermitted."""
    items: Sequence[Mapping[str, Any]] = setting_up(reader)["items"]
    for item in items:
        if item["id"] == id:
            return item
    raise NotFound()


def log(
    reader: Unit, outlet: UUID | None, state: str, before: UUID | None, limit: int, *, mail: bool
) -> Mapping[str, Any]:
    """A page of the log from `before` on, newest first: of one outlet, of the e-mails, of one state. Raises NotPermitted."""
    require(reader, PERMISSION)
    params = {"outlet": outlet, "mail": mail, "state": state, "before": before, "limit": limit + 1}
    rows = reader.execute(_LOG, params).fetchall()
    labels = {kind.name: kind.label for kind in channels.all_kinds(reader.snapshot)} | _NAMES
    return {
        "items": [_delivery(row, labels) for row in rows[:limit]],
        "next_cursor": str(rows[limit - 1][0]) if len(rows) > limit else None,
    }


def _names(reader: Unit, found: Sequence[Outlet]) -> Mapping[UUID, str]:
    """The names of the teams and people of audiences."""
    teams = sorted({id for outlet in found for id in outlet.audience.teams})
    people = sorted({id for outlet in found for id in outlet.audience.people})
    rows = [*reader.execute(_TEAMS, (teams,)).fetchall(), *reader.execute(_PEOPLE, (people,)).fetchall()]
    return dict(rows)


def _outlet(one: Outlet, fares: tuple[Any, ...], names: Mapping[UUID, str]) -> Mapping[str, Any]:
    waiting, dead, state, answer, at = fares
    audience = one.audience
    return {
        "id": one.id,
        "version": one.version,
        "name": one.name,
        "kind": one.kind,
        "host": one.host,
        "has_secret": one.secret is not None,
        "locale": one.locale,
        "active": one.active,
        "kinds": sorted(audience.kinds),
        "urgent_only": audience.urgent_only,
        "teams": [{"id": id, "label": names.get(id)} for id in sorted(audience.teams)],
        "roles": sorted(audience.roles),
        "people": [{"id": id, "label": names.get(id)} for id in sorted(audience.people)],
        "failures": one.failures,
        "waiting": waiting,
        "dead": dead,
        "last": None if at is None else {"state": state, "answer": answer, "at": at},
    }


def _delivery(row: tuple[Any, ...], labels: Mapping[str, Label]) -> Mapping[str, Any]:
    id, outlet, name, kind, object, record, zh, en, urgent, count, *rest = row
    at, due_at, state, attempts, answer, sent_at, people = rest
    return {
        "id": id,
        "outlet": {"id": outlet, "label": name} if outlet else None,
        "kind": kind,
        "label": labels.get(kind),
        "object": object or None,
        "record": record,
        "message": {"zh": zh, "en": en},
        "urgent": urgent,
        "count": count,
        "people": people,
        "at": at,
        "due_at": due_at,
        "state": state,
        "attempts": attempts,
        "answer": answer,
        "sent_at": sent_at,
    }
