"""Merging: two records that are one. The source's children go to the target, the source is archived, both keep the trail."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Uuid, bindparam, func, select

from chengdan.kernel.access import Act
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.field import FieldType
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.commands import Archive, Command, Merge, Repoint, Update
from chengdan.run.errors import SameRecord, TooMany
from chengdan.run.explain import seen
from chengdan.run.following import automation
from chengdan.run.holding import hold, object_of, require
from chengdan.store import records, signatures, system
from chengdan.store.statement import render
from chengdan.store.unit import Row, Unit

Apply = Callable[[Unit, Command], Row]
_TRAVEL = (
    "UPDATE chengdan.file SET record_id = %s WHERE record_id = %s AND removed_at IS NULL",
    signatures.TRAVEL,
    "UPDATE chengdan.comment SET record_id = %s WHERE record_id = %s",
    "INSERT INTO chengdan.follower (object, record_id, user_id, since) "
    "SELECT object, %s, user_id, since FROM chengdan.follower WHERE record_id = %s ON CONFLICT DO NOTHING",
    "INSERT INTO chengdan.share (object, record_id, grantee, act, shared_by, shared_at, until) "
    "SELECT object, %s, grantee, act, shared_by, shared_at, until FROM chengdan.share WHERE record_id = %s "
    "ON CONFLICT DO NOTHING",
)
"""What hangs on a record beside its children, and goes where the record goes: (target, source)."""

_SPOKEN = (
    "SELECT (SELECT count(*) FROM chengdan.comment WHERE record_id = %s AND removed_at IS NULL), "
    "(SELECT count(*) FROM chengdan.follower WHERE record_id = %s)"
)


def merge(unit: Unit, command: Merge, apply: Apply) -> Row:
    """Merge `source` into `target`; chosen values pass the same checks and gates as any update.

    Whatever refers to the source by a field of its own, archived or not, refers to the target afterwards; its files,
    comments, followers and shares go along. Whoever lets a record refer to the source meanwhile either came first and is
    waited for, or waits and is refused. Raises SameRecord, and TooMany for more than `records.MAX_CHILDREN` records that
    refer by one field.
    """
    item, _ = object_of(unit, command.object)
    require(unit, "merge")
    if command.source == command.target:
        raise SameRecord()
    for id in sorted((command.source, command.target)):
        records.lock(unit, item.name, [id], alone=id == command.source)
    hold(unit, item.name, command.source, None)
    hold(unit, item.name, command.target, None)
    if command.values:
        apply(unit, Update(item.name, command.target, None, command.values))
    mover = unit.within(automation(unit.principal), unit.cause)
    for object, field in _references(unit.snapshot, item.name):
        _repoint(mover, object, field, command, apply)
    for statement in _TRAVEL:
        unit.later(statement, (command.target, command.source))
    unit.later("DELETE FROM chengdan.follower WHERE record_id = %s", (command.source,))
    apply(unit, Archive(item.name, command.source))
    unit.record(Event(EventKind.MERGED, item.name, command.target, {"source": command.source}))
    unit.record(Event(EventKind.MERGED, item.name, command.source, {"into": command.target}))
    return hold(unit, item.name, command.target, None)


def _repoint(mover: Unit, object: str, field: str, command: Merge, apply: Apply) -> None:
    """Let what refers to the source by one field refer to the target; the target itself to nothing."""
    ids = _referring(mover, object, field, command.source)
    for id, held in records.lock(mover, object, ids).items():
        if held.row[field] != command.source:
            continue
        new = None if (object, id) == (command.object, command.target) else command.target
        if held.row["archived_at"] is None:
            apply(mover, Update(object, id, None, {field: new}))
        else:
            apply(mover, Repoint(object, id, field, new))


@dataclass(frozen=True, slots=True)
class Moving:
    """How many records refer to the source by one field of theirs."""

    object: str
    field: str
    count: int


@dataclass(frozen=True, slots=True)
class MergePreview:
    """What a merge would move: records by the field that refers to the source, those of objects hidden from the viewer
    as one number, files, shares, comments and followers."""

    children: Sequence[Moving]
    others: int
    files: int
    shares: int
    comments: int
    followers: int


def merge_preview(reader: Unit, object: str, source: UUID) -> MergePreview:
    """What would go over from `source` to another record. Raises NotPermitted, NotFound."""
    object_of(reader, object)
    require(reader, "merge")
    seen(reader, object, source)
    asked = _references(reader.snapshot, object)
    counts = [
        select(func.count()).where(reader.tables[child].c[field] == bindparam("id", type_=Uuid))
        for child, field in asked
    ]
    file, share = system.file.c, system.share.c
    of_record = bindparam("id", type_=Uuid)
    counts.append(select(func.count()).where(file.record_id == of_record, file.removed_at.is_(None)))
    counts.append(select(func.count()).where(share.record_id == of_record, share.object == object))
    statement = render(select(*(count.scalar_subquery() for count in counts)))
    sql, params = statement.bound(id=source)
    *referring, files, shares = reader.execute(sql, params).fetchone() or (0,) * len(counts)
    found, others = [], 0
    for (child, field), count in zip(asked, referring, strict=True):
        access = reader.snapshot.access(reader.principal, child)
        if not access.may(Act.READ) or field in access.hidden:
            others += count
        elif count:
            found.append(Moving(child, field, count))
    comments, followers = reader.execute(_SPOKEN, (source, source)).fetchone() or (0, 0)
    return MergePreview(found, others, files, shares, comments, followers)


def _references(snapshot: Snapshot, object: str) -> list[tuple[str, str]]:
    """The fields that refer to records of `object`: (their object, their name)."""
    return [
        (item.name, field.name)
        for item in snapshot.objects.values()
        for field in item.fields
        if field.type in (FieldType.REFERENCE, FieldType.USER) and field.object == object
    ]


def _referring(unit: Unit, object: str, field: str, source: UUID) -> list[UUID]:
    if unit.pending(object):
        unit.flush()
    found = records.referring(unit, object, field, source)
    if len(found) > records.MAX_CHILDREN:
        raise TooMany(limit=records.MAX_CHILDREN)
    return found
