"""What falls into a pool by itself: records that nothing happened with, after their holder was warned.

Every morning: who is to be warned is told once of all theirs; what was warned of in good time and still lies idle falls.
Where letting go of a record is refused, it stays as it is until the next morning and holds up no other.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import LiteralString
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.kernel.access import NOBODY, Principal
from chengdan.kernel.pool import Idle, Pool, falls_at
from chengdan.kernel.snapshot import AUTOMATION
from chengdan.run import audience, channels, notify
from chengdan.run.action import apply
from chengdan.run.pools.claiming import FELL, let_go
from chengdan.run.runtime import Runtime
from chengdan.store import holdings, records
from chengdan.store.statement import render
from chengdan.store.unit import Unit

MORNING_HOUR = 8
NAME, CAUSE = "pools", "pool"
KEEPER = Principal(NOBODY, AUTOMATION.name, frozenset({AUTOMATION.name}))
BATCH = 100
MAX_A_DAY = 5_000
NAMED = 3
_DUE: LiteralString = (
    "INSERT INTO chengdan.reading (name, xid, swept_on) VALUES (%s, 0, %s) ON CONFLICT (name) DO UPDATE "
    "SET swept_on = excluded.swept_on WHERE reading.swept_on IS NULL OR reading.swept_on < excluded.swept_on "
    "RETURNING swept_on"
)
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Falling:
    """A held record that will fall into its pool, unless something happens."""

    record: UUID
    owner: UUID
    team: UUID | None
    title: str
    idle_from: datetime
    warned_at: datetime | None
    at: datetime


def falling(unit: Unit, pool: Pool, idle: Idle, limit: int, *, own: bool = False) -> list[Falling]:
    """Records that are near to fall or due, those that fall first in front; with `own` only the principal's."""
    sql, params = render(
        holdings.idle_statement(unit.edition, unit.sql_context, pool, idle, limit, own=own)
    ).bound(before=unit.now - timedelta(days=idle.days - idle.warn_days), me=unit.principal.user)
    found = [
        Falling(
            id, owner, team, title or "", idle_from, warned_at, falls_at(idle, idle_from, warned_at, unit.now)
        )
        for id, owner, team, title, idle_from, warned_at in unit.execute(sql, params).fetchall()
    ]
    return sorted(found, key=lambda one: (one.at, one.record))


def fall_due(runtime: Runtime) -> bool:
    """Whether it is morning, and this process the first to let fall what is due; then it has done so."""
    here = runtime.clock().astimezone(ZoneInfo(str(runtime.config.time_zone)))
    if here.hour < MORNING_HOUR or not runtime.snapshot.pools:
        return False
    with runtime.pool.connection() as connection:
        due = connection.execute(_DUE, (NAME, here.date())).fetchone() is not None
    if due:
        for pool in runtime.snapshot.pools.values():
            let_fall(runtime, pool)
    return due


def let_fall(
    runtime: Runtime,
    pool: Pool,
    now: datetime | None = None,
    limit: int = MAX_A_DAY,
    cause: str = CAUSE,
) -> tuple[int, int]:
    """Warn and let fall for one pool: how many records were warned of, and how many fell."""
    idle = pool.idle
    if idle is None:
        return 0, 0
    with runtime.unit(KEEPER, cause, now=now) as unit:
        found = falling(unit, pool, idle, limit)
        fresh = [one for one in found if one.warned_at is None or one.warned_at <= one.idle_from]
        _warn(unit, pool, fresh)
    due = [one for one in found if one not in fresh and one.at <= (now or runtime.clock())]
    fell = 0
    for start in range(0, len(due), BATCH):
        fell += _fall_together(runtime, pool, idle, due[start : start + BATCH], now, cause)
    return len(fresh), fell


def _warn(unit: Unit, pool: Pool, found: Sequence[Falling]) -> None:
    by_owner: Mapping[UUID, list[Falling]] = defaultdict(list)
    for one in found:
        unit.later(
            holdings.WARN,
            (pool.object, one.record, one.owner, one.idle_from, unit.now),
            ("holding", one.record),
        )
        by_owner[one.owner].append(one)
    for owner, theirs in by_owner.items():
        _tell_warned(unit, pool, owner, theirs)


def _tell_warned(unit: Unit, pool: Pool, owner: UUID, theirs: Sequence[Falling]) -> None:
    """One notification for all of a person's, however many."""
    thing = unit.snapshot.objects[pool.object]
    days = 0 if pool.idle is None else pool.idle.warn_days
    named = [one.title for one in theirs[:NAMED]]
    more = len(theirs) > NAMED
    message = Label(
        f"{len(theirs)} 条{thing.label.zh} {days} 天后退回{pool.label.zh}：{'、'.join(named)}{'等' if more else ''}",
        f"{len(theirs)} of your {thing.plural.en} fall into the {pool.label.en} in {days} days: "
        f"{', '.join(named)}{' …' if more else ''}",
    )
    record = theirs[0].record if len(theirs) == 1 else None
    notify.tell(unit, [owner], message, object=pool.object, record=record, urgent=False, rule=channels.POOL)


def _fall_together(
    runtime: Runtime, pool: Pool, idle: Idle, due: Sequence[Falling], now: datetime | None, cause: str
) -> int:
    """Let records fall in one unit, or where one of them is refused each in its own; how many fell."""
    try:
        with runtime.unit(KEEPER, cause, now=now, batch=True) as unit:
            return _fall(unit, pool, idle, due)
    except ChengdanError as error:
        if len(due) == 1:
            _log.warning("%s %s was refused to fall and stays: %s", pool.object, due[0].record, error)
            return 0
    return sum(_fall_together(runtime, pool, idle, [one], now, cause) for one in due)


def _fall(unit: Unit, pool: Pool, idle: Idle, due: Sequence[Falling]) -> int:
    """Let records fall, unless something happened with them meanwhile; how many fell."""
    fell = 0
    held = records.lock(unit, pool.object, [one.record for one in due])
    item = unit.snapshot.objects[pool.object]
    for one in due:
        row = held[one.record].row if one.record in held else None
        if row is None or row["archived_at"] is not None or row["owner"] != one.owner:
            continue
        if (row[idle.since] or row["created_at"]) > one.idle_from:
            continue
        people = notify.recipients(unit, item.name, row, ("owner", "manager"))
        unit.work.fired.clear()
        let_go(unit, pool, row, FELL, "", apply)
        title = audience.title_of(item, row)
        message = Label(f"「{title}」已退回{pool.label.zh}", f"{title} fell into the {pool.label.en}")
        notify.tell(unit, people, message, object=item.name, record=None, urgent=False, rule=channels.POOL)
        fell += 1
    return fell
