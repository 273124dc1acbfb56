"""Taking hold of a record to write to it: locked, visible, permitted, unarchived, at the version the writer saw."""

from uuid import UUID

from chengdan.kernel.access import Act, ObjectAccess
from chengdan.kernel.object import Object
from chengdan.kernel.pipeline import Pipeline
from chengdan.run.errors import (
    Forbidden,
    NoPipeline,
    NoSuchObject,
    NotFound,
    NotPermitted,
    RecordArchived,
    StaleRecord,
)
from chengdan.store import records
from chengdan.store.unit import Row, Unit


def object_of(unit: Unit, name: str) -> tuple[Object, ObjectAccess]:
    """The object and what the principal may do with it. Raises NoSuchObject, also for an object that is hidden."""
    item = unit.snapshot.object(name)
    access = unit.snapshot.access(unit.principal, name)
    if item is None or not access.may(Act.READ):
        raise NoSuchObject(name=name)
    return item, access


def pipeline_of(unit: Unit, item: Object) -> Pipeline:
    pipeline = unit.snapshot.pipeline_of(item.name)
    if pipeline is None:
        raise NoPipeline(label=item.label)
    return pipeline


def hold(
    unit: Unit, object: str, id: UUID, version: int | None, act: Act = Act.UPDATE, *, archived: bool = False
) -> Row:
    """The record, locked. `archived` says which of the two states it must be in.

    Raises NotFound, Forbidden, RecordArchived, StaleRecord (with the row as `row`).
    """
    held = records.lock(unit, object, [id]).get(id)
    if held is None:
        raise NotFound()
    if not (held.may_archive if act is Act.ARCHIVE else held.may_update):
        raise Forbidden()
    if (held.row["archived_at"] is not None) is not archived:
        raise RecordArchived()
    if version is not None and version != held.row["version"]:
        raise StaleRecord(seen=version, current=held.row["version"], object=object, id=id)
    return held.row


def require(unit: Unit, permission: str) -> None:
    """Raises NotPermitted unless one of the principal's roles carries `permission`."""
    if not unit.snapshot.permitted(unit.principal, permission):
        raise NotPermitted(permission=permission)
