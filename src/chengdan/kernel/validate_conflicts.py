"""Validation of conflicts."""

from chengdan.expr import Kind
from chengdan.kernel.conflict import Conflict, ConflictKind
from chengdan.kernel.fault import Found, checks, contradiction, unknown
from chengdan.kernel.field import TEXTUAL, FieldType
from chengdan.kernel.object import Object
from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.validate_home import shown

MAX_DAYS = 3_650


def validate_conflict(snapshot: Snapshot, conflict: Conflict) -> Found:
    """Every problem of one kind of conflict."""
    item = snapshot.object(conflict.object)
    if item is None:
        yield unknown(conflict.place, "对象", "object", conflict.object, snapshot.objects)
        return
    if conflict.where:
        yield from checks(conflict.place, snapshot, item.name, conflict.where, Kind.BOOLEAN)
    if not 1 <= conflict.days <= MAX_DAYS:
        yield contradiction(conflict.place, f"days 应为 1–{MAX_DAYS}", f"days must be 1–{MAX_DAYS}")
    if conflict.kind is ConflictKind.TWINS:
        yield from _twins(conflict, item)
        return
    child = snapshot.children_of(item.name).get(conflict.of)
    if child is None:
        yield unknown(
            conflict.place, "子列表", "list of children", conflict.of, snapshot.children_of(item.name)
        )
    elif conflict.kind is ConflictKind.PEOPLE:
        yield from _people(snapshot, conflict, snapshot.objects[child.object])
    elif not conflict.file_kinds:
        yield contradiction(conflict.place, "缺少 file_kinds", "`file_kinds` is missing")


def _twins(conflict: Conflict, item: Object) -> Found:
    textual = [field.name for field in item.fields if field.type in TEXTUAL]
    if not conflict.fields:
        yield contradiction(conflict.place, "缺少 fields", "`fields` is missing")
    for name in conflict.fields:
        if name not in textual:
            yield unknown(conflict.place, "文本字段", "text field", name, textual)
    referring = [field.name for field in item.fields if field.type is FieldType.REFERENCE]
    if conflict.across and conflict.across not in referring:
        yield unknown(conflict.place, "引用字段", "reference field", conflict.across, referring)


def _people(snapshot: Snapshot, conflict: Conflict, child: Object) -> Found:
    users = [name for name, field in child.by_name.items() if field.type is FieldType.USER]
    if conflict.who not in users:
        yield unknown(conflict.place, "用户字段", "user field", conflict.who, users)
    at = child.field(conflict.at)
    if at is None or at.type is not FieldType.DATETIME:
        yield from shown(conflict.place, child, (conflict.at,), "")
        yield contradiction(conflict.place, "at 应是时间字段", "`at` must be a datetime field")
    for role in conflict.roles:
        if role not in snapshot.roles:
            yield unknown(conflict.place, "角色", "role", role, snapshot.roles)
