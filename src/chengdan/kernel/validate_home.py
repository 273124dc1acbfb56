"""Validation of panels, and of the homes that roles make of them."""

from collections.abc import Iterable

from chengdan.expr import Kind
from chengdan.kernel.access import Role
from chengdan.kernel.fault import Found, checks, contradiction, unknown
from chengdan.kernel.field import NUMERIC, SORTABLE, FieldType
from chengdan.kernel.home import sight_of
from chengdan.kernel.object import Object
from chengdan.kernel.panel import FREE_OF_OBJECT, ChartShape, Panel, PanelKind
from chengdan.kernel.place import Place
from chengdan.kernel.snapshot import Snapshot

FUNCTIONS = ("count", "sum", "avg", "min", "max")
GROUPING = (FieldType.SELECT, FieldType.REFERENCE, FieldType.USER, FieldType.BOOLEAN, FieldType.DATE)
MAX_LIMIT = 50
MAX_PANELS = 30


def validate_panel(snapshot: Snapshot, panel: Panel) -> Found:
    """Every problem of one panel."""
    if panel.kind in FREE_OF_OBJECT:
        if panel.object or panel.view or panel.filter:
            yield contradiction(
                panel.place,
                f"{panel.kind} 不针对某个对象，不能有 object、view、filter",
                f"a panel of the kind {panel.kind} is not about one object: no object, view or filter",
            )
        return
    view = snapshot.views.get(panel.view)
    if panel.view and view is None:
        yield unknown(panel.place, "视图", "view", panel.view, snapshot.views)
        return
    if view is not None and panel.object not in ("", view.object):
        yield contradiction(
            panel.place,
            f"视图“{view.name}”不是“{panel.object}”的",
            f"the view `{view.name}` is not of `{panel.object}`",
        )
        return
    item = snapshot.object(sight_of(snapshot, panel).object)
    if item is None:
        yield unknown(panel.place, "对象", "object", panel.object, snapshot.objects)
        return
    yield from shown(panel.place, item, (*panel.columns, *panel.details), panel.sort)
    yield from _page(panel, item)
    if panel.filter:
        yield from checks(panel.place, snapshot, item.name, panel.filter, Kind.BOOLEAN)
    if not 1 <= panel.limit <= MAX_LIMIT:
        yield contradiction(panel.place, f"limit 应为 1–{MAX_LIMIT}", f"limit must be 1–{MAX_LIMIT}")
    yield from _pipeline(snapshot, panel, item)
    yield from _figures(panel, item)


def shown(place: Place, item: Object, columns: Iterable[str], sort: str) -> Found:
    """Columns that are not there, and sorts that can't be."""
    for name in columns:
        if name not in item.by_name:
            yield unknown(place, "字段", "field", name, item.by_name)
    for name in filter(None, (part.strip().lstrip("-") for part in sort.split(","))):
        field = item.field(name)
        if field is None or field.type not in SORTABLE:
            yield unknown(place, "可排序的字段", "field to sort by", name, item.by_name)


def _pipeline(snapshot: Snapshot, panel: Panel, item: Object) -> Found:
    needing = panel.blockers or panel.kind is PanelKind.OVERRIDES
    if needing and snapshot.pipeline_of(item.name) is None:
        yield contradiction(panel.place, f"“{item.name}”没有流程", f"`{item.name}` has no pipeline")
    pool = snapshot.pool_of(item.name)
    if panel.kind is PanelKind.FALLING and (pool is None or pool.idle is None):
        yield contradiction(
            panel.place, f"“{item.name}”没有会退回的公海", f"`{item.name}` has no pool that records fall into"
        )
    if panel.tick and ((field := item.field(panel.tick)) is None or field.type is not FieldType.BOOLEAN):
        yield unknown(panel.place, "是否字段", "boolean field", panel.tick, item.by_name)


def _page(panel: Panel, item: Object) -> Found:
    for name in panel.sections:
        field = item.field(name)
        if field is None or field.type not in GROUPING or field.type is FieldType.DATE:
            yield unknown(panel.place, "可分组的字段", "field to group by", name, item.by_name)
    if panel.total and ((field := item.field(panel.total)) is None or field.stored_type not in NUMERIC):
        yield unknown(panel.place, "数值字段", "field of numbers", panel.total, item.by_name)
    if panel.sections and panel.kind is not PanelKind.LIST:
        yield contradiction(panel.place, "只有 list 可以有 sections", "only a `list` has `sections`")


def _figures(panel: Panel, item: Object) -> Found:
    if panel.function not in FUNCTIONS:
        yield unknown(panel.place, "计算方式", "function", panel.function, FUNCTIONS)
    elif (panel.function == "count") is bool(panel.field):
        yield contradiction(
            panel.place,
            "count 不带 field，其余的要有 field",
            "`count` takes no `field`, the others need one",
        )
    if panel.field and ((field := item.field(panel.field)) is None or field.stored_type not in NUMERIC):
        yield unknown(panel.place, "数值字段", "field of numbers", panel.field, item.by_name)
    if panel.kind is PanelKind.CHART:
        by = item.field(panel.by)
        if by is None or by.type not in GROUPING:
            yield unknown(panel.place, "可分组的字段", "field to group by", panel.by, item.by_name)
        elif panel.shape is ChartShape.FUNNEL and by.type is not FieldType.SELECT:
            yield contradiction(
                panel.place, "漏斗只能按选项字段", "a funnel is by a select field", "改用 bar", "Use bar"
            )


def validate_home(snapshot: Snapshot, role: Role) -> Found:
    """Every problem of the home of one role."""
    if len(role.home) > MAX_PANELS:
        yield contradiction(role.place, f"首页面板超过 {MAX_PANELS} 个", f"more than {MAX_PANELS} panels")
    for name in role.home:
        if name not in snapshot.panels:
            yield unknown(role.place, "面板", "panel", name, snapshot.panels)
