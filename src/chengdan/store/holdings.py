"""Who holds what of objects with a pool (`chengdan.holding`), how many, and what has lain idle."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    func,
    literal,
    not_,
    or_,
    select,
    true,
)

from chengdan.expr import Kind
from chengdan.expr.sql import SqlContext, compile_filter
from chengdan.kernel.pool import Idle, Pool
from chengdan.store import system
from chengdan.store.edition import Edition
from chengdan.store.unit import Unit

PUT: LiteralString = (
    "INSERT INTO chengdan.holding (object, record_id, holder, former, since, how, note) VALUES (%s, %s, %s, %s, %s, %s, %s) "
    "ON CONFLICT (record_id) DO UPDATE SET holder = excluded.holder, former = excluded.former, since = excluded.since, "
    "how = excluded.how, note = excluded.note, warned_at = NULL"
)
WARN: LiteralString = (
    "INSERT INTO chengdan.holding (object, record_id, holder, since, how, warned_at) VALUES (%s, %s, %s, %s, '', %s) "
    "ON CONFLICT (record_id) DO UPDATE SET warned_at = excluded.warned_at"
)
CLAIMED: LiteralString = (
    "SELECT count(*) FROM chengdan.event WHERE kind = 'pool.claimed' AND actor = %s AND at >= %s AND object = %s "
    "AND data ->> 'how' = 'claimed'"
)
"""How often a person claimed for themselves; found by the index `event_claimed`, which knows that kind of event alone."""

_OF: LiteralString = "SELECT holder, former, since, how, note FROM chengdan.holding WHERE record_id = %s"
_POOLED: LiteralString = (
    "SELECT h.record_id, h.former, u.name, h.since, h.how, h.note FROM chengdan.holding h "
    'LEFT JOIN data."user" u ON u.id = h.former WHERE h.record_id = ANY(%s)'
)


@dataclass(frozen=True, slots=True)
class Holding:
    """How a record came to whoever holds it, or into the pool (`holder` None): since when, from whom."""

    holder: UUID | None
    former: UUID | None
    since: datetime
    how: str
    note: str


def of_record(unit: Unit, record: UUID) -> Holding | None:
    """What is known of a record that changed hands; None: it never did."""
    row = unit.execute(_OF, (record,)).fetchone()
    return None if row is None else Holding(*row)


def put(unit: Unit, object: str, record: UUID, holding: Holding) -> None:
    """Note that a record changed hands, at the next flush."""
    values = (holding.holder, holding.former, holding.since, holding.how, holding.note)
    unit.later(PUT, (object, record, *values), target=("holding", record))


def claimed_since(unit: Unit, object: str, person: UUID, since: datetime) -> int:
    """How often somebody claimed a record since an instant, whether they still hold it or not."""
    row = unit.execute(CLAIMED, (person, since, object)).fetchone()
    return int(row[0]) if row else 0


def pooled(unit: Unit, ids: list[UUID]) -> dict[UUID, tuple[Any, ...]]:
    """By record: who held it before (id and name), since when it is in the pool, how it came there, and the note."""
    return {row[0]: row[1:] for row in unit.execute(_POOLED, (ids,)).fetchall()}


def held_statement(edition: Edition, context: SqlContext, pool: Pool) -> Select[Any]:
    """How many records of a pool's object the open parameter `person` holds that count."""
    table = edition.tables.alias(pool.object)
    counts: ColumnElement[bool] = true()
    if pool.counts:
        expression = edition.snapshot.compiled(pool.object, pool.counts, expect=Kind.BOOLEAN).expression
        counts = compile_filter(expression, table, context)
    return select(func.count()).where(
        table.c.owner == bindparam("person", type_=Uuid), table.c.archived_at.is_(None), counts
    )


def idle_statement(
    edition: Edition, context: SqlContext, pool: Pool, idle: Idle, limit: int, *, own: bool
) -> Select[Any]:
    """Held records with which nothing happened from before the open instant `before` on, the most idle first.

    Rows: (id, owner, team, title, idle from, warned at). `own`: only those of the open parameter `me`.
    """
    table, holding, person = (
        edition.tables.alias(pool.object),
        system.holding.alias(),
        edition.tables.alias("user"),
    )
    c = table.c
    idle_from = func.greatest(
        func.coalesce(c[idle.since], c.created_at), func.coalesce(holding.c.since, c.created_at)
    )
    held: list[ColumnElement[bool]] = [
        c.archived_at.is_(None),
        person.c.roles.op("&&")(literal(list(pool.who), ARRAY(Text))),
    ]
    if own:
        held.append(c.owner == bindparam("me", type_=Uuid))
    if idle.exempt:
        expression = edition.snapshot.compiled(pool.object, idle.exempt, expect=Kind.BOOLEAN).expression
        held.append(not_(compile_filter(expression, table, context)))
    title = edition.snapshot.objects[pool.object].title
    return (
        select(c.id, c.owner, c.team, c[title], idle_from.label("idle_from"), holding.c.warned_at)
        .select_from(table)
        .join(person, person.c.id == c.owner)
        .outerjoin(holding, holding.c.record_id == c.id)
        .where(and_(*held), idle_from < bindparam("before", type_=DateTime(timezone=True)))
        .where(or_(holding.c.record_id.is_(None), holding.c.holder.is_not(None)))
        .order_by(idle_from, c.id)
        .limit(limit)
    )
