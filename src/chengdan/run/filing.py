"""Filing: uploaded files put under records as evidence, and taken off again."""

from collections.abc import Sequence
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.reading import is_api_name
from chengdan.run.commands import Attach, Detach
from chengdan.run.errors import NotFound
from chengdan.run.holding import hold, object_of
from chengdan.store.unit import Row, Unit


class BadFileKind(ChengdanError):
    """A file kind that is not an api name."""

    code = "FILE-020"
    status = 422
    zh = "文件类别“{kind}”不对。"
    en = "`{kind}` is no kind of file."
    hint_zh = "用小写字母、数字和下划线。"
    hint_en = "Use lower-case letters, digits and underscores."


_CLAIM = "UPDATE chengdan.file SET object = %s, record_id = %s, kind = %s WHERE id = ANY(%s) AND (record_id, kind) IS DISTINCT FROM (%s, %s)"
_RELEASE = "UPDATE chengdan.file SET kind = '' WHERE id = ANY(%s) AND record_id = %s AND kind = %s"


def claim(unit: Unit, object: str, record: UUID, files: Sequence[str], kind: str) -> None:
    """Put files that a file field names under the record."""
    unit.later(_CLAIM, (object, record, kind, [UUID(id) for id in files], record, kind))


def release(unit: Unit, record: UUID, files: Sequence[str], kind: str) -> None:
    """Leave files that a file field no longer names under the record, but as evidence of nothing."""
    unit.later(_RELEASE, ([UUID(id) for id in files], record, kind))


def attach(unit: Unit, command: Attach) -> Row:
    """File an uploaded file of the actor under a record. Raises NotFound for another's or a filed one."""
    object_of(unit, command.object)
    if command.kind and not is_api_name(command.kind):
        raise BadFileKind(path="kind", kind=command.kind)
    row = hold(unit, command.object, command.id, None)
    found = unit.execute(
        "UPDATE chengdan.file SET object = %s, record_id = %s, kind = %s "
        "WHERE id = %s AND record_id IS NULL AND created_by = %s AND removed_at IS NULL RETURNING name, sha256, size",
        (command.object, command.id, command.kind, command.file, unit.actor),
    ).fetchone()
    if found is None:
        raise NotFound(path="file")
    name, sha256, size = found
    facts = {"file": command.file, "kind": command.kind, "name": name, "sha256": sha256, "size": size}
    unit.record(Event(EventKind.FILE_ATTACHED, command.object, command.id, facts))
    return row


def detach(unit: Unit, command: Detach) -> Row:
    """Take a file off its record; the bytes stay, as evidence of what was there."""
    found = unit.execute(
        "SELECT object, record_id, kind, name FROM chengdan.file WHERE id = %s AND removed_at IS NULL",
        (command.file,),
    ).fetchone()
    if found is None or found[1] is None:
        raise NotFound()
    object, record, kind, name = found
    row = hold(unit, object, record, None)
    unit.execute("UPDATE chengdan.file SET removed_at = %s WHERE id = %s", (unit.now, command.file))
    unit.record(
        Event(EventKind.FILE_REMOVED, object, record, {"file": command.file, "kind": kind, "name": name})
    )
    return row
