"""Claiming from a pool, assigning out of it, and giving back: who holds a record changes through the one way to write."""

from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta
from typing import Any, LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.object import Object
from chengdan.kernel.pool import Pool
from chengdan.run import audience, channels
from chengdan.run.commands import Claim, Command, Release, Update
from chengdan.run.errors import NotFound
from chengdan.run.following import automation
from chengdan.run.holding import hold, object_of, require
from chengdan.run.people import names_of
from chengdan.run.pools.errors import (
    CannotHold,
    CoolingDown,
    DailyLimitReached,
    NoSuchPool,
    NoteMissing,
    NotInPool,
    QuotaReached,
)
from chengdan.run.principals import resolve
from chengdan.store import holdings, records
from chengdan.store.holdings import Holding
from chengdan.store.statement import render
from chengdan.store.unit import Row, Unit

Apply = Callable[[Unit, Command], Row]
PERMISSION = "pools"
CLAIMED, ASSIGNED, RELEASED, FELL = "claimed", "assigned", "released", "idle"
MAX_NOTE = 500
BEFORE_THEIR_EYES = timedelta(hours=1)
"""So long a page may still show a record that has left the pool."""
_TURN: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def pool_of(unit: Unit, object: str) -> Pool:
    """The pool of an object. Raises NoSuchPool."""
    pool = unit.snapshot.pool_of(object)
    if pool is None:
        raise NoSuchPool(name=object)
    return pool


def may_use(unit: Unit, pool: Pool) -> bool:
    """Whether the principal may claim from a pool or looks after it."""
    return pool.open_to(unit.principal.roles) or unit.snapshot.permitted(unit.principal, PERMISSION)


def claim(unit: Unit, command: Claim, apply: Apply) -> Row:
    """Take a record out of the pool: for oneself, or (with the permission `pools`) for somebody else.

    Raises NoSuchPool, NotFound, NotInPool, QuotaReached, DailyLimitReached, CoolingDown, CannotHold, NotPermitted.
    """
    pool = pool_of(unit, command.object)
    person = command.person or unit.principal.user
    assigned = person != unit.principal.user
    if assigned:
        require(unit, PERMISSION)
    elif not pool.open_to(unit.principal.roles):
        raise NoSuchPool(name=pool.name)
    unit.execute(_TURN, (f"{pool.name}/{person}",))
    mover = unit.within(automation(unit.principal), unit.cause)
    row = hold(mover, command.object, command.id, None)
    if row["owner"] is not None:
        raise _held_back(unit, pool, row)
    team = _room_for(unit, pool, person, assigned=assigned)
    before = holdings.of_record(unit, command.id)
    if before is not None and before.former == person and not assigned:
        until = pool.cooled_at(before.since)
        if until > unit.now:
            raise CoolingDown(until=f"{until.astimezone(ZoneInfo(unit.principal.time_zone)):%Y-%m-%d %H:%M}")
    how = ASSIGNED if assigned else CLAIMED
    row = _change_hands(mover, pool, row, person, team, Holding(person, None, unit.now, how, ""), apply)
    unit.record(
        Event(EventKind.CLAIMED, command.object, command.id, {"pool": pool.name, "user": person, "how": how})
    )
    if assigned:
        item = unit.snapshot.objects[command.object]
        title = audience.title_of(item, row)
        message = Label(f"公海客户分配给您：{title}", f"Assigned to you from the pool: {title}")
        unit.flush()
        audience.tell(unit, item, command.id, [person], message, channels.POOL)
    return row


def _held_back(unit: Unit, pool: Pool, row: Row) -> ChengdanError:
    """Why a record that somebody holds can't be claimed.

    Whoever may not see it hears who holds it only where it left the pool just now, before their eyes.
    """
    holding = holdings.of_record(unit, row["id"])
    before_their_eyes = (
        holding is not None and holding.former is None and holding.since > unit.now - BEFORE_THEIR_EYES
    )
    if not before_their_eyes and not records.within_reach(unit, pool.object, [row["id"]]):
        return NotFound()
    names = names_of(unit, [row["owner"]])
    return NotInPool(holder=names.get(str(row["owner"]), "—"))


def release(unit: Unit, command: Release, apply: Apply) -> Row:
    """Give a record that one may change back into the pool. Raises NoSuchPool, NoteMissing, NotFound, Forbidden."""
    item, _ = object_of(unit, command.object)
    row = hold(unit, item.name, command.id, None)
    pool = pool_of(unit, item.name)
    if not command.note.strip():
        raise NoteMissing(path="note")
    return let_go(unit, pool, row, RELEASED, command.note.strip()[:MAX_NOTE], apply)


def let_go(unit: Unit, pool: Pool, row: Row, how: str, note: str, apply: Apply) -> Row:
    """Put a record that is held into the pool."""
    if row["owner"] is None:
        return row
    mover = unit.within(automation(unit.principal), unit.cause)
    former = row["owner"]
    row = _change_hands(mover, pool, row, None, None, Holding(None, former, unit.now, how, note), apply)
    data = {"pool": pool.name, "former": former, "how": how, "note": note}
    unit.record(Event(EventKind.POOLED, pool.object, row["id"], data))
    return row


def moved(unit: Unit, item: Object, before: Row, after: Row) -> None:
    """Note that a record of an object with a pool has another owner, through whatever way of writing."""
    if unit.snapshot.pool_of(item.name) is None or before["owner"] == after["owner"]:
        return
    how = ASSIGNED if after["owner"] else RELEASED
    holdings.put(unit, item.name, after["id"], Holding(after["owner"], before["owner"], unit.now, how, ""))


def held(unit: Unit, pool: Pool, person: UUID) -> int:
    """How many records of a pool's object somebody holds that count against the quota."""
    sql, params = render(holdings.held_statement(unit.edition, unit.sql_context, pool)).bound(person=person)
    row = unit.execute(sql, params).fetchone()
    return int(row[0]) if row else 0


def claimed_today(unit: Unit, pool: Pool, person: UUID) -> int:
    """How often somebody claimed since midnight where the principal is; what they gave back since counts as well."""
    return holdings.claimed_since(unit, pool.object, person, _midnight(unit))


def _midnight(unit: Unit) -> datetime:
    zone = ZoneInfo(unit.principal.time_zone)
    return datetime.combine(unit.now.astimezone(zone).date(), time(), zone)


def _room_for(unit: Unit, pool: Pool, person: UUID, *, assigned: bool) -> UUID | None:
    """The team of somebody who may take one more. Raises CannotHold, QuotaReached, DailyLimitReached."""
    known = resolve(unit.connection, person, unit.snapshot, unit.principal.locale, unit.principal.time_zone)
    if known is None or not pool.open_to(known.principal.roles):
        raise CannotHold(path="person")
    limit = pool.quota_of(known.principal.roles)
    if limit is not None and (count := held(unit, pool, person)) >= limit:
        raise QuotaReached(person=known.principal.name, held=count, limit=limit)
    if pool.daily and not assigned and (count := claimed_today(unit, pool, person)) >= pool.daily:
        raise DailyLimitReached(claimed=count, limit=pool.daily)
    return known.team


def going_along(unit: Unit, pool: Pool, row: Row) -> list[tuple[str, Mapping[str, Any]]]:
    """The children that change hands with a record: their objects, and their ids, owners and teams."""
    found = []
    for name in pool.along:
        child = unit.snapshot.children_of(pool.object)[name]
        columns = ("id", "owner", "team")
        for one in records.children(unit, child.object, child.field, row["id"], columns):
            if one["owner"] == row["owner"]:
                found.append((child.object, one))
    return found


def _change_hands(
    mover: Unit, pool: Pool, row: Row, person: UUID | None, team: UUID | None, holding: Holding, apply: Apply
) -> Row:
    """Give a record and what goes along with it to `person`, or (None) to nobody."""
    changes = {"owner": person, "team": team}
    for object, child in going_along(mover, pool, row):
        apply(mover, Update(object, child["id"], None, changes))
    after = apply(mover, Update(pool.object, row["id"], None, changes))
    holdings.put(mover, pool.object, row["id"], holding)
    return after


def checked_pool(unit: Unit, name: str) -> Pool:
    """A pool that the principal may use. Raises NoSuchPool."""
    pool = unit.snapshot.pools.get(name)
    if pool is None or not may_use(unit, pool):
        raise NoSuchPool(name=name)
    return pool
