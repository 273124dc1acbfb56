"""The records that an audit draws from, and who may review them, read whole."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal, select

from chengdan.expr import Expression
from chengdan.expr.sql import compile_filter
from chengdan.store.connection import Connection
from chengdan.store.query import Viewing
from chengdan.store.statement import render
from chengdan.store.unit import Unit

_REVIEWERS: LiteralString = """
WITH RECURSIVE led AS (
    SELECT u.id AS reviewer, t.id AS team FROM data."user" u JOIN data.team t ON t.id = u.team OR t.lead = u.id
    WHERE %(role)s = ANY(u.roles) AND u.active AND u.archived_at IS NULL
    UNION
    SELECT led.reviewer, t.id FROM led JOIN data.team l ON l.id = led.team AND l.lead = led.reviewer
    JOIN data.team t ON t.parent = led.team
)
SELECT u.id, array_remove(array_agg(led.team), NULL) FROM data."user" u LEFT JOIN led ON led.reviewer = u.id
WHERE %(role)s = ANY(u.roles) AND u.active AND u.archived_at IS NULL GROUP BY u.id ORDER BY u.id
"""
_DEMANDED: LiteralString = (
    "SELECT m.record_id, array_agg(DISTINCT n.name) FROM chengdan.mark m, unnest(m.met || m.without) AS n(name) "
    "WHERE m.object = %s AND m.record_id = ANY(%s) AND m.kind = 'entered' GROUP BY m.record_id"
)
_FIRST_SEAL: LiteralString = (
    "SELECT s.number, encode(s.hash, 'hex') FROM chengdan.event e JOIN chengdan.seal s ON s.xid_to > e.xid "
    "WHERE e.record_id = %s AND e.kind = 'record.created' ORDER BY s.number LIMIT 1"
)


def population(
    unit: Unit, viewing: Viewing, object: str, filter: Expression | None, columns: Iterable[str]
) -> Iterator[Sequence[Any]]:
    """The id and `columns` of every unarchived record within reach that satisfies the condition, by id."""
    table = unit.tables.alias(object)
    conditions = [table.c.archived_at.is_(None), viewing.reach(object, table)]
    if filter is not None:
        conditions.append(compile_filter(filter, table, viewing.context))
    query = select(table.c.id, *(table.c[name] for name in columns)).where(*conditions).order_by(table.c.id)
    sql, params = render(query).bound()
    yield from unit.execute(sql, params).fetchall()


def demanded(unit: Unit, object: str, ids: Sequence[UUID]) -> dict[UUID, frozenset[str]]:
    """The deliverables that each record's way through its pipeline asked for, met or gone without, lost ones included."""
    return {id: frozenset(names) for id, names in unit.execute(_DEMANDED, (object, list(ids))).fetchall()}


def reviewers(unit: Unit, role: str) -> list[tuple[UUID, list[UUID]]]:
    """Active users with the role, each with the teams they belong to or lead, and those below the ones they lead."""
    return [(id, list(teams)) for id, teams in unit.execute(_REVIEWERS, {"role": role}).fetchall()]


def in_hand(unit: Unit, object: str, owners: Sequence[UUID], statuses: Sequence[str]) -> dict[UUID, int]:
    """How many records of an object each of the owners has in one of these states."""
    table = unit.tables[object]
    query = (
        select(table.c.owner, func.count())
        .where(
            table.c.owner == any_(literal(list(owners), ARRAY(Uuid))),
            table.c.status.in_([str(status) for status in statuses]),
            table.c.archived_at.is_(None),
        )
        .group_by(table.c.owner)
    )
    sql, params = render(query).bound()
    return {owner: int(count) for owner, count in unit.execute(sql, params).fetchall()}


def first_seal(connection: Connection, record: UUID) -> tuple[int, str] | None:
    """Number and hash (hex) of the first seal that covers the making of a record; None while none does."""
    row = connection.execute(_FIRST_SEAL, (record,)).fetchone()
    return (int(row[0]), row[1]) if row else None
