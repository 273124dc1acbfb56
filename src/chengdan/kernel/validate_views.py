"""Validation of views: what each kind needs of the fields it is drawn from."""

from chengdan.expr import Kind
from chengdan.kernel.fault import Found, checks, contradiction, unknown
from chengdan.kernel.field import DERIVED, Field, FieldType
from chengdan.kernel.object import Object
from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.validate_home import shown
from chengdan.kernel.view import VIEW_KINDS, View

MOMENTS = frozenset({FieldType.DATE, FieldType.DATETIME})
LENGTHS = frozenset({FieldType.INTEGER, FieldType.DECIMAL, FieldType.DURATION})


def validate_view(snapshot: Snapshot, view: View) -> Found:
    """Every problem of one view."""
    item = snapshot.object(view.object)
    if item is None:
        yield unknown(view.place, "对象", "object", view.object, snapshot.objects)
        return
    yield from shown(view.place, item, view.columns, view.sort)
    if view.filter:
        yield from checks(view.place, snapshot, view.object, view.filter, Kind.BOOLEAN)
    match view.kind:
        case "board":
            yield from _board(view, item)
        case "calendar":
            yield from _dated(view, item)
        case "agenda":
            yield from _dated(view, item)
            if not view.done_field:
                yield contradiction(view.place, "日程清单缺少 done_field", "an agenda without `done_field`")
        case kind if kind not in VIEW_KINDS:
            yield unknown(view.place, "视图类型", "kind of view", kind, VIEW_KINDS)


def _board(view: View, item: Object) -> Found:
    field = item.field(view.board_field)
    if field is None or field.type is not FieldType.SELECT:
        yield unknown(view.place, "选项字段", "select field", view.board_field, item.by_name)
        return
    known = [option.value for option in field.options]
    for value, limit in view.limits:
        if value not in known:
            yield unknown(view.place, "选项", "option", value, known)
        if limit < 1:
            yield contradiction(
                view.place, f"“{value}”的上限应至少为 1", f"the limit of `{value}` is below 1"
            )


def _dated(view: View, item: Object) -> Found:
    start = item.field(view.start_field)
    if start is None or start.type not in MOMENTS:
        yield unknown(view.place, "日期字段", "field of a date", view.start_field, item.by_name)
        return
    if view.end_field and view.duration_field:
        yield contradiction(
            view.place, "end_field 与 duration_field 只写一个", "both `end_field` and `duration_field`"
        )
    end = item.field(view.end_field)
    if view.end_field and (end is None or end.type is not start.type):
        yield unknown(
            view.place, f"{start.type} 字段", f"field of type {start.type}", view.end_field, item.by_name
        )
    if view.duration_field and not _is(item.field(view.duration_field), LENGTHS):
        yield unknown(view.place, "时长字段", "field of a duration", view.duration_field, item.by_name)
    if view.done_field and not _is(item.field(view.done_field), {FieldType.BOOLEAN}):
        yield unknown(view.place, "是否字段", "yes-or-no field", view.done_field, item.by_name)


def _is(field: Field | None, types: frozenset[FieldType] | set[FieldType]) -> bool:
    return field is not None and field.type in types and field.type not in DERIVED
