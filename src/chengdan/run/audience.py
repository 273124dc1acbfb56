"""Who hears of a record: its followers, as far as each may still see it, and the people whom a comment names."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from chengdan.base.label import Label
from chengdan.kernel.access import Act
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.object import Object
from chengdan.kernel.pipeline import Pipeline
from chengdan.run import channels, notify
from chengdan.run.commands import Follow
from chengdan.run.explain import seen
from chengdan.run.principals import resolve
from chengdan.store.records import within_reach
from chengdan.store.unit import Row, Unit

MAX_FOLLOWERS = 500
_FOLLOW = (
    "INSERT INTO chengdan.follower (object, record_id, user_id, since) VALUES (%s, %s, %s, %s) "
    "ON CONFLICT DO NOTHING RETURNING user_id"
)
_UNFOLLOW = "DELETE FROM chengdan.follower WHERE record_id = %s AND user_id = %s RETURNING user_id"
_FOLLOWERS = (
    'SELECT f.user_id, u.name FROM chengdan.follower f JOIN data."user" u ON u.id = f.user_id '
    "WHERE f.record_id = %s ORDER BY f.since, f.user_id LIMIT %s"
)


def follow(unit: Unit, command: Follow) -> Row:
    """Follow a record within reach, or no longer. Raises NotFound."""
    row = seen(unit, command.object, command.id)
    if command.on:
        start(unit, command.object, command.id)
    elif unit.execute(_UNFOLLOW, (command.id, unit.principal.user)).fetchone() is not None:
        unit.record(Event(EventKind.UNFOLLOWED, command.object, command.id))
    return row


def start(unit: Unit, object: str, id: UUID) -> None:
    """Let the principal follow a record, unless they do."""
    done = unit.execute(_FOLLOW, (object, id, unit.principal.user, unit.now))
    if done.fetchone() is not None:
        unit.record(Event(EventKind.FOLLOWED, object, id))


def followers_of(reader: Unit, object: str, id: UUID) -> Mapping[str, Any]:
    """Who follows a record within reach, and whether the viewer does. Raises NotFound."""
    seen(reader, object, id)
    found = _followers(reader, id)
    return {
        "items": [{"id": user, "label": name} for user, name in found],
        "following": any(user == reader.principal.user for user, _ in found),
    }


def _followers(unit: Unit, id: UUID) -> list[tuple[UUID, str]]:
    rows = unit.execute(_FOLLOWERS, (id, MAX_FOLLOWERS)).fetchall()
    return [(user, name) for user, name in rows]


def tell_of_move(unit: Unit, item: Object, pipeline: Pipeline, row: Row, target: str) -> None:
    """Tell the followers of a record that it moved on from where `row` has it."""
    if row["id"] not in unit.work.followed or unit.work.quiet:
        return
    title, stage = title_of(item, row), pipeline.stage(target).label
    message = Label(f"「{title}」进入「{stage.zh}」", f"{title} moved to {stage.en}")
    people = (user for user, _ in _followers(unit, row["id"]))
    tell(unit, item, row["id"], people, message, channels.MOVED)


def tell(
    unit: Unit,
    item: Object,
    id: UUID,
    people: Iterable[UUID],
    message: Label,
    kind: str,
    *,
    urgent: bool = False,
) -> None:
    """Tell those of `people` who may see the record; not the one who acts."""
    others = [user for user in dict.fromkeys(people) if user != unit.actor]
    able = [user for user in others if may_see(unit, user, item.name, id)]
    notify.tell(unit, able, message, object=item.name, record=id, urgent=urgent, rule=kind)


def title_of(item: Object, row: Row) -> str:
    """What people call the record."""
    return str(row.get(item.title) or item.label.zh)


def may_see(unit: Unit, user: UUID, object: str, id: UUID) -> bool:
    """Whether a user, as they are now, may see a record and what it is called."""
    return bool(seen_by(unit, user, object, (id,)))


def seen_by(unit: Unit, user: UUID, object: str, ids: Collection[UUID]) -> Collection[UUID]:
    """Those of `ids` that a user, as they are now, may see and what they are called. Costs the same for one and for many."""
    known = resolve(unit.connection, user, unit.snapshot, unit.principal.locale, unit.principal.time_zone)
    if known is None:
        return ()
    person = known.principal
    access = unit.snapshot.access(person, object)
    if not access.may(Act.READ) or unit.snapshot.objects[object].title in access.hidden:
        return ()
    return ids if access.unlimited(Act.READ) else within_reach(unit.within(person, unit.cause), object, ids)
