"""Conflicts as SQL: where definitions find clashes among some records.

Each statement gives what it finds by record. Open in each: the `ids` of the records, and the `limit` of its rows (None: all),
by which whoever asks sees that there are too many at once. What is cut says nothing of the records behind it.
"""

from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
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
"""So many rows are read at once, unless a single record has more."""
_SINCE = bindparam("since", type_=DateTime(timezone=True))
_NOW = bindparam("now", type_=DateTime(timezone=True))
_LIMIT = bindparam("limit", type_=Integer)


def people_statement(edition: Edition, context: SqlContext, conflict: Conflict, child: Child) -> Select[Any]:
    """Who was active on which record, latest first: (record, person, latest instant, the child of that instant).

    Only records on which several were, and of a record's other users not those it is shared with. Open too: `since`, `now`.
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
            _among(record),
            *_looked_at(edition, context, conflict, record),
        )
        .group_by(record.c.id, who)
        .subquery()
    )
    c = inner.c
    return (
        select(c.record, c.person, c.at, c.made)
        .where(c.people > 1)
        .order_by(c.record, c.at.desc(), c.person)
        .limit(_LIMIT)
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


def _among(record: FromClause) -> ColumnElement[bool]:
    """That a record is one of those that are looked at."""
    return record.c.id == any_(bindparam("ids", type_=ARRAY(Uuid)))


def _looked_at(
    edition: Edition, context: SqlContext, conflict: Conflict, record: FromClause
) -> list[ColumnElement[bool]]:
    """Which records a conflict is about: unarchived ones that satisfy its condition."""
    conditions: list[ColumnElement[bool]] = [record.c.archived_at.is_(None)]
    if conflict.where:
        expression = edition.snapshot.compiled(
            conflict.object, conflict.where, expect=Kind.BOOLEAN
        ).expression
        conditions.append(compile_filter(expression, record, context))
    return conditions


def twins_statement(
    edition: Edition, context: SqlContext, conflict: Conflict, what: list[Compared]
) -> Select[Any]:
    """Pairs of records that share a value, from either side: (record, its owner, other, its owner, what they share)."""
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
        one.c.record_id != other.c.record_id,
        select(func.count()).select_from(holders).scalar_subquery() <= CROWD,
        _among(record),
        *_looked_at(edition, context, conflict, record),
        *_looked_at(edition, context, conflict, twin),
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
        .limit(_LIMIT)
    )


def files_statement(edition: Edition, context: SqlContext, conflict: Conflict, child: Child) -> Select[Any]:
    """Files given out for a record, latest first: (record, file, name, content's hash, child, who, when, child's owner).

    Only records of which not all have the same content. Open too: `since`.
    """
    record, made = edition.tables.alias(conflict.object), edition.tables.alias(child.object)
    file = system.file.c
    inner = (
        select(
            record.c.id.label("record"),
            file.id.label("file"),
            file.name,
            file.sha256,
            made.c.id.label("made"),
            file.created_by,
            file.created_at,
            made.c.owner,
            func.min(file.sha256).over(partition_by=record.c.id).label("least"),
            func.max(file.sha256).over(partition_by=record.c.id).label("greatest"),
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
            _among(record),
            *_looked_at(edition, context, conflict, record),
        )
        .subquery()
    )
    c = inner.c
    return (
        select(c.record, c.file, c.name, c.sha256, c.made, c.created_by, c.created_at, c.owner)
        .where(c.least != c.greatest)
        .order_by(c.record, c.created_at.desc(), c.file)
        .limit(_LIMIT)
    )
