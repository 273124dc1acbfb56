"""Validation of objects and their fields."""

from string import Formatter

from chengdan.expr import ExpressionError, Kind
from chengdan.expr.typed import Given, walk
from chengdan.kernel.fault import Found, checks, contradiction, unknown
from chengdan.kernel.field import NUMERIC, TEXTUAL, Field, FieldType, currency_column
from chengdan.kernel.object import RESERVED, STAGE_SINCE, SYSTEM_FIELDS, Object
from chengdan.kernel.record import InvalidValue, read_currency, read_value
from chengdan.kernel.snapshot import Snapshot

ROLLUP_FUNCTIONS = ("count", "sum", "min", "max", "latest")
MAX_FIELDS = 300


def validate_object(snapshot: Snapshot, item: Object) -> Found:
    """Every problem of one object and its fields."""
    seen: dict[str, Field] = {}
    taken = {*RESERVED, *(field.name for field in (*SYSTEM_FIELDS, STAGE_SINCE)), "checklist"}
    if len(item.fields) > MAX_FIELDS:
        yield contradiction(item.place, f"字段超过 {MAX_FIELDS} 个", f"more than {MAX_FIELDS} fields")
    if item.title not in item.by_name:
        yield unknown(item.place, "标题字段", "title field", item.title, item.by_name)
    for field in item.fields:
        if field.system:
            continue
        if field.name in seen or field.name in taken:
            yield contradiction(
                field.place, f"字段名“{field.name}”已被占用", f"the field name `{field.name}` is taken"
            )
        seen[field.name] = field
        yield from _field(snapshot, item, field)
    for money in (field for field in item.fields if field.type is FieldType.MONEY):
        if currency_column(money.name) in seen:
            yield contradiction(
                money.place,
                f"“{currency_column(money.name)}”是币种列",
                f"`{currency_column(money.name)}` is the currency's column",
            )
    for name in item.search:
        found = item.field(name)
        if found is None or found.type not in TEXTUAL:
            yield unknown(item.place, "可搜索的文本字段", "text field to search", name, item.by_name)
    for name in item.sensitive:
        if name not in item.by_name:
            yield unknown(item.place, "字段", "field", name, item.by_name)
    if item.stays:
        yield from checks(item.place, snapshot, item.name, item.stays, Kind.BOOLEAN)
    if item.private:
        yield from _private(snapshot, item)
    yield from _short_ways(item)
    yield from _loop(snapshot, item)
    for name in snapshot.children_of(item.name):
        if name in item.by_name:
            yield contradiction(
                item.place,
                f"子列表“{name}”与字段重名",
                f"the list of children `{name}` has the name of a field",
            )
    for field in item.fields:
        child = snapshot.children_of(field.object).get(field.inverse.name) if field.inverse else None
        if child is not None and (child.object, child.field) != (item.name, field.name):
            yield contradiction(
                field.place,
                f"“{field.object}”已有子列表“{child.name}”",
                f"`{field.object}` already has a list of children `{child.name}`",
            )


def _private(snapshot: Snapshot, item: Object) -> Found:
    """Whether a record is private follows from the record alone: whose it is then is said already."""
    faults = list(checks(item.place, snapshot, item.name, item.private, Kind.BOOLEAN))
    yield from faults
    if faults:
        return
    expression = snapshot.compiled(item.name, item.private, expect=Kind.BOOLEAN).expression
    if any(isinstance(part, Given) for part in walk(expression.root)):
        yield contradiction(
            item.place,
            "private 里不能用“现在”“今天”“我”",
            "`private` can't use `now`, `today` or `me`",
            '只写记录自己的条件，如 status == "draft"；负责人本人总能看到',
            'Write a condition on the record alone, such as status == "draft"; its owner always sees it',
        )


def _short_ways(item: Object) -> Found:
    """What `quick`, `next` and `loop` name are fields that a person fills, of the right types."""
    entered = [field for field in item.fields if not field.readonly and not field.derived]
    wanted: list[tuple[str, tuple[FieldType, ...]]] = []
    if item.quick is not None:
        wanted += [(item.quick.by, (FieldType.SELECT,))] if item.quick.by else []
        wanted += [(name, tuple(FieldType)) for name in item.quick.fields]
    if item.next is not None:
        wanted += [(item.next.text, (FieldType.TEXT, FieldType.LONG_TEXT))]
        wanted += [(item.next.on, (FieldType.DATE, FieldType.DATETIME))]
    if item.loop is not None:
        wanted += [(name, (FieldType.LONG_TEXT,)) for name in (item.loop.answer, item.loop.words)]
        wanted += [(item.loop.since, (FieldType.DATE,))]
    for name, types in wanted:
        known = [field.name for field in entered if field.type in types]
        if name not in known:
            yield unknown(item.place, "可填写的字段", "field to fill in", name, known)


def _loop(snapshot: Snapshot, item: Object) -> Found:
    """Whoever waits for an answer moves through a pipeline: asked, answered."""
    pipeline = snapshot.pipeline_of(item.name)
    if item.loop is not None and (pipeline is None or len(pipeline.stages) < 2):
        yield contradiction(
            item.place,
            "有 loop 的对象要有至少两个阶段的流程",
            "an object with a `loop` needs a pipeline of two stages or more",
        )
    if item.loop is not None and item.loop.where:
        yield from checks(item.place, snapshot, item.name, item.loop.where, Kind.BOOLEAN)
    grouping = (FieldType.SELECT, FieldType.REFERENCE, FieldType.USER)
    for name in item.loop.by if item.loop else ():
        field = item.field(name)
        if field is None or field.type not in grouping:
            yield unknown(item.place, "可分组的字段", "field to group by", name, item.by_name)


def _field(snapshot: Snapshot, item: Object, field: Field) -> Found:
    place = field.place
    if (
        field.type in (FieldType.REFERENCE, FieldType.REFERENCES, FieldType.USER)
        and field.object not in snapshot.objects
    ):
        yield unknown(place, "对象", "object", field.object, snapshot.objects)
    if field.section and field.section not in dict(item.sections):
        yield unknown(place, "分组", "section", field.section, dict(item.sections))
    if field.type in (FieldType.SELECT, FieldType.MULTI_SELECT) and not field.options:
        yield contradiction(
            place,
            "选项字段没有选项",
            "a select without options",
            "加上 options，或为它配置流程",
            "Add options, or a pipeline over it",
        )
    if len({option.value for option in field.options}) != len(field.options):
        yield contradiction(place, "选项重复", "an option is there twice")
    if not 0 <= field.digits <= 10:
        yield contradiction(place, "digits 应为 0–10", "digits must be 0–10")
    for bound in (field.minimum, field.maximum):
        if bound and field.type in NUMERIC:
            try:
                read_value(Field(field.name, FieldType.DECIMAL, field.label, digits=10), bound)
            except InvalidValue:
                yield contradiction(place, f"“{bound}”不是数字", f"`{bound}` is not a number")
    try:
        read_currency(field, field.currency)
    except InvalidValue:
        yield contradiction(
            place,
            f"币种不能是“{field.currency}”",
            f"the currency can't be `{field.currency}`",
            "写三个大写字母，如 CNY、USD",
            "Three capital letters, such as CNY or USD",
        )
    if field.type is FieldType.AUTO_NUMBER:
        yield from _pattern(field)
    yield from _derived(snapshot, item, field)
    yield from _field_expressions(snapshot, item, field)


def _pattern(field: Field) -> Found:
    try:
        names = {name for _, name, _, _ in Formatter().parse(field.pattern) if name is not None}
        sound = "seq" in names and names <= {"year", "month", "seq"}
        sound = sound and field.pattern.format(year=2026, month=1, seq=1) != ""
    except (KeyError, IndexError, ValueError):
        sound = False
    if not sound:
        yield contradiction(
            field.place,
            "pattern 应含 {seq}",
            "pattern must hold {seq}",
            "如 OPP-{year}-{seq:05}",
            "Such as OPP-{year}-{seq:05}",
        )


def _derived(snapshot: Snapshot, item: Object, field: Field) -> Found:
    if field.type in (FieldType.FORMULA, FieldType.ROLLUP) and field.result is None:
        yield contradiction(
            field.place, "缺少 result（结果类型）", "`result`, the type of the value, is missing"
        )
    if field.type is FieldType.FORMULA:
        kind = field.expression_type()
        yield from checks(
            field.place,
            snapshot,
            item.name,
            field.formula,
            kind.kind if kind else None,
        )
    if field.type is not FieldType.ROLLUP:
        return
    rollup = field.rollup
    if rollup is None:
        yield contradiction(field.place, "缺少 rollup", "`rollup` is missing")
        return
    children = snapshot.children_of(item.name)
    child = children.get(rollup.of)
    if rollup.function not in ROLLUP_FUNCTIONS:
        yield unknown(field.place, "汇总方式", "rollup function", rollup.function, ROLLUP_FUNCTIONS)
    if child is None:
        yield unknown(field.place, "子列表", "list of children", rollup.of, children)
        return
    source = snapshot.objects[child.object].field(rollup.field)
    if rollup.function != "count" and (
        source is None or source.type in (FieldType.FORMULA, FieldType.ROLLUP)
    ):
        yield unknown(
            field.place,
            "可汇总的字段",
            "field to roll up",
            rollup.field,
            snapshot.objects[child.object].by_name,
        )
    yield from _rollup_currency(field, rollup.function, source)
    if rollup.where:
        yield from checks(field.place, snapshot, child.object, rollup.where, Kind.BOOLEAN)
        yield from _rollup_condition(snapshot, field, child.object, rollup.where)


def _rollup_currency(field: Field, function: str, source: Field | None) -> Found:
    """Amounts are rolled up as amounts, in one currency."""
    money = function != "count" and source is not None and source.type is FieldType.MONEY
    if money and field.result not in (None, FieldType.MONEY):
        yield contradiction(
            field.place,
            "汇总金额，结果类型应是 money",
            "a rollup of money gives money",
            "写 result: money",
            "Write `result: money`",
        )


def _rollup_condition(snapshot: Snapshot, field: Field, child: str, where: str) -> Found:
    """A rollup is worked out when a child changes, so it must count by what only a change of the child changes."""
    try:
        expression = snapshot.compiled(child, where, expect=Kind.BOOLEAN).expression
    except ExpressionError:
        return
    fields = snapshot.objects[child].by_name
    paths = expression.fields()
    if any(path not in fields or fields[path].type is FieldType.ROLLUP for path in paths - {"id", "version"}):
        yield contradiction(
            field.place,
            "汇总条件只能使用子记录自己的、非汇总的字段",
            "a rollup's condition may only read the child's own fields, rollups aside",
        )
    if any(isinstance(part, Given) for part in walk(expression.root)):
        yield contradiction(
            field.place,
            "汇总条件不能使用当前时间或当前用户",
            "a rollup's condition can't read the clock or who looks",
        )


def _field_expressions(snapshot: Snapshot, item: Object, field: Field) -> Found:
    kind = field.expression_type()
    if field.default:
        yield from checks(
            field.place,
            snapshot,
            item.name,
            field.default,
            kind.kind if kind else None,
        )
    for condition in (field.locked_when, field.visible_when):
        if condition:
            yield from checks(field.place, snapshot, item.name, condition, Kind.BOOLEAN)
