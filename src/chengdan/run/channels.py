"""Channels: which kinds of notifications reach a person, and by what.

A kind is the name of a rule that notifies, or one of SYSTEM. A channel is a column of `chengdan.notice_setting`: `in_app`
(the bell, without which nothing else comes), `toast` (over the page; unset: only what is urgent), `chat` (outlets may say
it of one) and `digest` (e-mail). During quiet hours nothing pops up, and outlets hold back what is not urgent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.base.label import Label
from chengdan.kernel.access import Act
from chengdan.kernel.digest import Rhythm
from chengdan.kernel.rule import Notify, Rule
from chengdan.kernel.snapshot import Snapshot
from chengdan.store import digests, outlets, sessions
from chengdan.store.unit import Unit

MENTIONED, COMMENTED, MOVED, CONFLICT, POOL = "@mentioned", "@commented", "@moved", "@conflict", "@pool"
HANDED = "@handed"
MINUTES = 24 * 60
MAX_MUTED = 50_000
_MUTED = b"SELECT user_id FROM chengdan.notice_setting WHERE kind = $1 AND NOT in_app LIMIT $2"
_PUT: LiteralString = (
    "INSERT INTO chengdan.notice_setting AS s (user_id, kind, in_app, toast, chat, digest) "
    "VALUES (%(user)s, %(kind)s, %(in_app)s, %(toast)s, coalesce(%(chat)s, true), coalesce(%(digest)s, true)) "
    "ON CONFLICT (user_id, kind) DO UPDATE SET in_app = excluded.in_app, toast = excluded.toast, "
    "chat = coalesce(%(chat)s, s.chat), digest = coalesce(%(digest)s, s.digest)"
)
_PUT_QUIET: LiteralString = (
    "INSERT INTO chengdan.quiet_hours (user_id, starts, ends) VALUES (%s, %s, %s) "
    "ON CONFLICT (user_id) DO UPDATE SET starts = excluded.starts, ends = excluded.ends"
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of notification: what it is called, and whether it is urgent."""

    name: str
    label: Label
    urgent: bool


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a person chose for a kind; `toast` None: only what is urgent; `chat` and `digest` None: as they were."""

    in_app: bool
    toast: bool | None
    chat: bool | None = None
    digest: bool | None = None


@dataclass(frozen=True, slots=True)
class Quiet:
    """Quiet hours in minutes of the person's own day; they may span midnight."""

    starts: int
    ends: int


SYSTEM = (
    Kind(MENTIONED, Label("有人提到我", "Somebody mentions me"), urgent=True),
    Kind(COMMENTED, Label("评论我负责或关注的记录", "Comments on records I own or follow"), urgent=False),
    Kind(MOVED, Label("我关注的记录推进阶段", "Records I follow move on"), urgent=False),
    Kind(
        POOL,
        Label("公海：即将退回、已退回、分配给我", "Pool: about to fall, fallen, assigned to me"),
        urgent=False,
    ),
    Kind(CONFLICT, Label("撞单、重复和资料冲突", "Conflicts over my records"), urgent=True),
)


def kinds(snapshot: Snapshot, unit: Unit) -> list[Kind]:
    """The kinds that may reach the viewer: those of the system, and of active rules over objects that they may read."""
    return _kinds(rule for rule in snapshot.rules.values() if _readable(snapshot, unit, rule))


def all_kinds(snapshot: Snapshot) -> list[Kind]:
    """The kinds that may reach anybody."""
    return _kinds(snapshot.rules.values())


def _kinds(rules: Iterable[Rule]) -> list[Kind]:
    found = list(SYSTEM)
    for rule in rules:
        notices = [command for command in rule.commands if isinstance(command, Notify)]
        if notices and rule.active:
            found.append(Kind(rule.name, rule.label, any(notice.urgent for notice in notices)))
    return found


def _readable(snapshot: Snapshot, unit: Unit, rule: Rule) -> bool:
    return snapshot.access(unit.principal, rule.object).may(Act.READ)


def muted(unit: Unit, kind: str) -> frozenset[UUID]:
    """Who does not want to hear of a kind at all."""
    return frozenset(unit.people(_MUTED, (kind, MAX_MUTED)))


def settings(reader: Unit) -> Mapping[str, Any]:
    """The viewer's choices for every kind, their quiet hours and their digest; whether there is an outlet at all."""
    me = reader.principal.user
    rows = reader.execute(
        "SELECT kind, in_app, toast, chat, digest FROM chengdan.notice_setting WHERE user_id = %s LIMIT 1000",
        (me,),
    ).fetchall()
    chosen = {kind: Chosen(*choice) for kind, *choice in rows}
    quiet = reader.execute(
        "SELECT starts, ends FROM chengdan.quiet_hours WHERE user_id = %s", (me,)
    ).fetchone()
    about = digests.reader(reader.connection, me)
    return {
        "items": [
            _shown(kind, chosen.get(kind.name, Chosen(True, None))) for kind in kinds(reader.snapshot, reader)
        ],
        "quiet": {"from": quiet[0], "to": quiet[1]} if quiet else None,
        "digest": _digest(reader),
        "email": about.email if about else None,
        "outlets": any(outlet.active for outlet in outlets.all_outlets(reader.connection)),
    }


def _digest(reader: Unit) -> Mapping[str, Any] | None:
    found = digests.of_user(reader.connection, reader.principal.user)
    if found is None:
        return None
    rhythm, next_at = found
    return {"every": rhythm.every, "minute": rhythm.minute, "weekday": rhythm.weekday, "next_at": next_at}


def _shown(kind: Kind, chosen: Chosen) -> Mapping[str, Any]:
    return {
        "kind": kind.name,
        "label": kind.label,
        "urgent": kind.urgent,
        "in_app": chosen.in_app,
        "toast": kind.urgent if chosen.toast is None else chosen.toast,
        "chat": chosen.chat is not False,
        "digest": chosen.digest is not False,
    }


def choose(unit: Unit, chosen: Mapping[str, Chosen]) -> None:
    """Keep what the principal chose for some kinds; every process hears of it."""
    for kind, choice in chosen.items():
        unit.execute(_PUT, {"user": unit.principal.user, "kind": kind, **asdict(choice)})
    sessions.tell_access_changed(unit.connection)


def keep_quiet(unit: Unit, quiet: Quiet | None) -> None:
    """Set the principal's quiet hours; None: there are none."""
    if quiet is None:
        unit.execute("DELETE FROM chengdan.quiet_hours WHERE user_id = %s", (unit.principal.user,))
    else:
        unit.execute(_PUT_QUIET, (unit.principal.user, quiet.starts, quiet.ends))


def send_digest(unit: Unit, rhythm: Rhythm | None) -> None:
    """Set when the principal's digest comes, by the clock where they are; None: there is none."""
    user = unit.principal.user
    if rhythm is None:
        unit.execute(digests.STOP, (user,))
        return
    next_at = rhythm.after(unit.now, ZoneInfo(unit.principal.time_zone))
    unit.execute(digests.PUT, (user, rhythm.every, rhythm.minute, rhythm.weekday, unit.now, next_at))
