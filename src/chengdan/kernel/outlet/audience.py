"""Whose notifications leave through an outlet, and not before when."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Hearer:
    """Somebody who was notified: roles, the team with all above it, and quiet hours in minutes of their own day."""

    id: UUID
    name: str
    roles: frozenset[str]
    teams: frozenset[UUID]
    zone: ZoneInfo
    quiet: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Audience:
    """Which kinds of notifications to whom an outlet passes on. What is empty narrows nothing; a team brings those below it."""

    kinds: frozenset[str] = frozenset()
    urgent_only: bool = False
    teams: frozenset[UUID] = frozenset()
    roles: frozenset[str] = frozenset()
    people: frozenset[UUID] = frozenset()

    def includes(self, hearer: Hearer, kind: str, *, urgent: bool) -> bool:
        """Whether a notification of this kind to `hearer` goes through the outlet."""
        if (self.kinds and kind not in self.kinds) or (self.urgent_only and not urgent):
            return False
        if not (self.teams or self.roles or self.people):
            return True
        return hearer.id in self.people or bool(self.roles & hearer.roles) or bool(self.teams & hearer.teams)


def hears_at(hearer: Hearer, now: datetime, *, urgent: bool) -> datetime:
    """When somebody may be disturbed: now if it is urgent or no quiet hour of theirs, else when those end."""
    if urgent or hearer.quiet is None:
        return now
    starts, ends = hearer.quiet
    here = now.astimezone(hearer.zone)
    minute = here.hour * 60 + here.minute
    past_midnight = starts > ends
    within = minute >= starts or minute < ends if past_midnight else starts <= minute < ends
    if not within:
        return now
    day = here.date() + timedelta(days=1) if past_midnight and minute >= starts else here.date()
    end = datetime.combine(day, time(ends // 60, ends % 60), hearer.zone)
    return end.astimezone(now.tzinfo)
