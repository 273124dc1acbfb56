"""Public pools: records that nobody holds and that those of some roles may take, by rules that keep it fair."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import datetime, timedelta

from chengdan.base.label import Label
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped


@dataclass(frozen=True, slots=True)
class Idle:
    """When a held record falls back: nothing happened by its instant `since` for `days`, told `warn_days` before.

    Records that satisfy `exempt` never do.
    """

    days: int
    warn_days: int = 7
    since: str = "updated_at"
    exempt: str = ""


@dataclass(frozen=True, slots=True)
class Pool:
    """The pool of an object: the records without an owner.

    Holders of a role in `who` may claim, at most `daily` a day, and hold as many as their role's `quota` says of those that
    satisfy `counts`; a former holder not before `cool_down_days`. Until then they see the fields `shown`, and of those
    `masked` only a part. The children `along` whose owner is that of the record change hands with it.
    """

    name: str
    label: Label
    object: str
    who: tuple[str, ...]
    quota: tuple[tuple[str, int], ...] = ()
    counts: str = ""
    daily: int = 0
    cool_down_days: int = 0
    idle: Idle | None = None
    shown: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    def open_to(self, roles: Iterable[str]) -> bool:
        """Whether holders of these roles may claim."""
        return not set(self.who).isdisjoint(roles)

    def quota_of(self, roles: Iterable[str]) -> int | None:
        """How many records somebody with these roles may hold; None: as many as they like."""
        limits = [limit for role, limit in self.quota if role in set(roles)]
        return max(limits) if limits else None

    def cooled_at(self, since: datetime) -> datetime:
        """When the former holder of a record that is in the pool `since` may claim it again."""
        return since + timedelta(days=self.cool_down_days)


def falls_at(idle: Idle, idle_from: datetime, warned_at: datetime | None, now: datetime) -> datetime:
    """When a record falls back that nothing happened with from `idle_from` on: not without a warning in good time."""
    warned = warned_at if warned_at is not None and warned_at > idle_from else now
    warning = idle_from + timedelta(days=idle.days - idle.warn_days)
    return max(idle_from + timedelta(days=idle.days), max(warned, warning) + timedelta(days=idle.warn_days))


def mask(value: str) -> str:
    """A value of which only the ends are left: enough to tell two apart, too little to call."""
    plain = value.strip()
    head, at, domain = plain.rpartition("@")
    if at:
        return f"{head[:1]}***@{domain}"
    ends = min(4, len(plain) // 4)
    return f"{plain[:ends]}{'*' * max(3, min(8, len(plain) - 2 * ends))}{plain[len(plain) - ends :]}"


def read_pool(m: Mapped) -> Pool:
    """The definition in a manifest of the kind `pool`."""
    idle = m.one("idle")
    return Pool(
        place=m.place,
        name=m.name("pool"),
        label=m.label("label"),
        object=m.text("object"),
        who=m.texts("who"),
        quota=m.counts("quota"),
        counts=m.text("counts", ""),
        daily=m.integer("daily"),
        cool_down_days=m.integer("cool_down_days"),
        idle=_idle(idle) if idle else None,
        shown=m.texts("shown"),
        masked=m.texts("masked"),
        along=m.texts("along"),
    )


def _idle(m: Mapped) -> Idle:
    idle = Idle(
        m.integer("days", 30),
        m.integer("warn_days", 7),
        m.text("since", "updated_at"),
        m.text("exempt", ""),
    )
    m.close()
    return idle
