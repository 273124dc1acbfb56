"""Who a user acts as: roles, teams and territories as they are now."""

from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.kernel.access import Principal
from chengdan.kernel.snapshot import Snapshot
from chengdan.store import sessions
from chengdan.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Known:
    """An active user: whom they act as, what they log in as, and the team they are in."""

    principal: Principal
    username: str
    team: UUID | None


def resolve(
    connection: Connection, user: UUID, snapshot: Snapshot, locale: str, time_zone: str
) -> Known | None:
    """The active user of that id; None when there is none. `locale` and `time_zone` are of those who chose none."""
    person = sessions.person(connection, user)
    if person is None:
        return None
    tree = tuple(person.team_tree)
    principal = Principal(
        person.id,
        person.name,
        frozenset(person.roles or ()),
        (person.team,) if person.team else (),
        tree,
        sessions.territories(connection, tree) if tree and _has_territories(snapshot) else (),
        person.locale or locale,
        _known_zone(person.time_zone or "", time_zone),
    )
    return Known(principal, person.username, person.team)


def _has_territories(snapshot: Snapshot) -> bool:
    return "territory" in snapshot.objects and "territory" in snapshot.objects["team"].by_name


def _known_zone(name: str, otherwise: str) -> str:
    """`name` where it is a time zone: people write it themselves."""
    try:
        return ZoneInfo(name).key
    except (ValueError, LookupError, OSError):
        return otherwise
