"""Conflicts as SQL: where definitions find clashes, over all records or among some."""

from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    FromClause,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from chengdan.expr import Kind
from chengdan.expr.sql import SqlContext, compile_filter
from chengdan.kernel.conflict import Conflict
from chengdan.kernel.snapshot import Child
from chengdan.store import system
from chengdan.store.edition import Edition
from chengdan.store.likenesses import CROWD, Compared

MAX_FOUND = 5_000
_SINCE = bindparam("since", type_=DateTime(timezone=True))
_NOW = bindparam("now", type_=DateTime(timezone=True))


def people_statement(
    edition: Edition, context: SqlContext, conflict: Conflict, child: Child, *, some: bool
) -> Select[Any]:
    """Who was active on which record, latest first: (record, person, latest instant, the child of that instant).

    Only records on which several were, and of a record's other users not those it is shared with. Open: `since`, `now`, and
    with `some` the `ids` of the records.
    """
    record, made = edition.tables.alias(conflict.object), edition.tables.alias(child.object)
    person = edition.tables.alias("user")
    at, who = made.c[conflict.at], made.c[conflict.who]
    inner = (
        select(
            record.c.id.label("record"),
            who.label("person"),
            func.max(at).label("at"),
            func.array_agg(aggregate_order_by(made.c.id, at.desc()))[1].label("made"),
            func.count().over(partition_by=record.c.id).label("people"),
        )
        .select_from(made)
        .join(record, record.c.id == made.c[child.field])
        .join(person, person.c.id == who)
        .where(
            made.c.archived_at.is_(None),
            at > _SINCE,
            at <= _NOW,
            _counts(person, conflict),
            or_(record.c.owner == who, ~_shared(conflict, record, who)),
            *_looked_at(edition, context, conflict, record, some=some),
        )
        .group_by(record.c.id, who)
        .subquery()
    )
    c = inner.c
    return (
        select(c.record, c.person, c.at, c.made)
        .where(c.people > 1)
        .order_by(c.record, c.at.desc(), c.person)
        .limit(MAX_FOUND)
    )


def _counts(person: FromClause, conflict: Conflict) -> ColumnElement[bool]:
    active = and_(person.c.active, person.c.archived_at.is_(None))
    if not conflict.roles:
        return active
    return and_(active, person.c.roles.op("&&")(literal(list(conflict.roles), ARRAY(Text))))


def _shared(conflict: Conflict, record: FromClause, who: ColumnElement[Any]) -> ColumnElement[bool]:
    share = system.share.c
    return exists().where(
        share.object == conflict.object,
        share.record_id == record.c.id,
        share.grantee == who,
        or_(share.until.is_(None), share.until > func.now()),
    )


def _looked_at(
    edition: Edition, context: SqlContext, conflict: Conflict, record: FromClause, *, some: bool
) -> list[ColumnElement[bool]]:
    """Which records a conflict looks at: unarchived ones that satisfy its condition, all or `ids`."""
    conditions: list[ColumnElement[bool]] = [record.c.archived_at.is_(None)]
    if conflict.where:
        expression = edition.snapshot.compiled(
            conflict.object, conflict.where, expect=Kind.BOOLEAN
        ).expression
        conditions.append(compile_filter(expression, record, context))
    if some:
        conditions.append(record.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    return conditions


def twins_statement(
    edition: Edition, context: SqlContext, conflict: Conflict, what: list[Compared], *, some: bool
) -> Select[Any]:
    """Pairs of records that share a value: (record, its owner, other, its owner, what they share). Open: `ids` with `some`."""
    one, other = system.likeness.alias(), system.likeness.alias()
    record, twin = edition.tables.alias(conflict.object), edition.tables.alias(conflict.object)
    crowd = system.likeness.alias()
    holders = (
        select(crowd.c.record_id)
        .where(crowd.c.object == one.c.object, crowd.c.field == one.c.field, crowd.c.key == one.c.key)
        .limit(CROWD + 1)
        .correlate(one)
        .subquery()
    )
    conditions = [
        one.c.object == conflict.object,
        one.c.field == any_(literal([each.mark for each in what], ARRAY(Text))),
        one.c.record_id != other.c.record_id if some else one.c.record_id < other.c.record_id,
        select(func.count()).select_from(holders).scalar_subquery() <= CROWD,
        *_looked_at(edition, context, conflict, record, some=some),
        *_looked_at(edition, context, conflict, twin, some=False),
    ]
    if conflict.across:
        conditions.append(record.c[conflict.across].is_distinct_from(twin.c[conflict.across]))
    shared = func.array_agg(aggregate_order_by(one.c.field.distinct(), one.c.field))
    return (
        select(record.c.id, record.c.owner, twin.c.id, twin.c.owner, shared)
        .select_from(one)
        .join(
            other,
            and_(other.c.object == one.c.object, other.c.field == one.c.field, other.c.key == one.c.key),
        )
        .join(record, record.c.id == one.c.record_id)
        .join(twin, twin.c.id == other.c.record_id)
        .where(*conditions)
        .group_by(record.c.id, record.c.owner, twin.c.id, twin.c.owner)
        .order_by(record.c.id, twin.c.id)
        .limit(MAX_FOUND)
    )


def files_statement(
    edition: Edition, context: SqlContext, conflict: Conflict, child: Child, *, some: bool
) -> Select[Any]:
    """Files given out for a record, latest first: (record, file, name, content's hash, child, who, when, child's owner).

    Open: `since`, and with `some` the `ids` of the records.
    """
    record, made = edition.tables.alias(conflict.object), edition.tables.alias(child.object)
    file = system.file.c
    return (
        select(
            record.c.id,
            file.id,
            file.name,
            file.sha256,
            made.c.id,
            file.created_by,
            file.created_at,
            made.c.owner,
        )
        .select_from(system.file)
        .join(made, made.c.id == file.record_id)
        .join(record, record.c.id == made.c[child.field])
        .where(
            file.object == child.object,
            file.removed_at.is_(None),
            file.created_at > _SINCE,
            file.kind == any_(literal(list(conflict.file_kinds), ARRAY(Text))),
            made.c.archived_at.is_(None),
            *_looked_at(edition, context, conflict, record, some=some),
        )
        .order_by(record.c.id, file.created_at.desc(), file.id)
        .limit(MAX_FOUND)
    )
