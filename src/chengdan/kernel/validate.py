"""Validation of definitions against each other: every problem at once, each with its file, line and a way out."""

from collections.abc import Callable, Iterable, Iterator, Mapping

from chengdan.base.errors import ChengdanError
from chengdan.expr import ExpressionError, Kind, Type
from chengdan.kernel import manifest
from chengdan.kernel.access import PERMISSIONS
from chengdan.kernel.field import NUMERIC, SORTABLE, TEXTUAL, Field, FieldType, currency_column
from chengdan.kernel.gate import demand
from chengdan.kernel.object import RESERVED, SYSTEM_FIELDS, Object
from chengdan.kernel.pipeline import DeliverableKind, Pipeline
from chengdan.kernel.place import Place
from chengdan.kernel.reading import ManifestProblem, problem, suggest
from chengdan.kernel.record import InvalidValue, read_value
from chengdan.kernel.rule import CancelTimer, CreateRecord, Notify, Rule, SetFields, SetTimer
from chengdan.kernel.snapshot import AUTOMATION, Snapshot

Found = Iterator[ChengdanError]
ROLLUP_FUNCTIONS = ("count", "sum", "min", "max", "latest")
MAX_FIELDS = 300
MAX_OBJECTS = 500
CORE_OBJECTS = ("user", "team")


class UnknownName(ManifestProblem):
    """A definition that speaks of something that does not exist."""

    code = "DEF-010"


class Contradiction(ManifestProblem):
    """A definition that cannot work as written."""

    code = "DEF-011"


class BadExpression(ManifestProblem):
    """An expression that does not check."""

    code = "DEF-012"


def build(files: Mapping[str, str], version: int = 0) -> tuple[Snapshot, list[ChengdanError]]:
    """Read and validate manifests: the snapshot they make, and every problem; with problems it must not be used."""
    definitions, problems = manifest.load(files)
    snapshot = Snapshot(definitions, version, files)
    problems.extend(validate(snapshot))
    return snapshot, problems


def validate(snapshot: Snapshot) -> list[ChengdanError]:
    """Every problem of the definitions taken together."""
    return [
        *_core(snapshot),
        *(found for item in snapshot.objects.values() for found in _object(snapshot, item)),
        *(found for item in snapshot.pipelines.values() for found in _pipeline(snapshot, item)),
        *(found for item in snapshot.rules.values() for found in _rule(snapshot, item)),
        *_views(snapshot),
        *_roles(snapshot),
    ]


def _unknown(place: Place, what_zh: str, what_en: str, name: str, known: Iterable[str]) -> ChengdanError:
    return problem(
        UnknownName,
        place,
        f"没有{what_zh}“{name}”",
        f"there is no {what_en} `{name}`",
        *suggest(name, list(known)),
    )


def _contradiction(place: Place, zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> ChengdanError:
    return problem(Contradiction, place, zh, en, hint_zh, hint_en)


def _core(snapshot: Snapshot) -> Found:
    for name in CORE_OBJECTS:
        if name not in snapshot.objects:
            yield _unknown(Place(), "对象", "object", name, snapshot.objects)
    if len(snapshot.objects) > MAX_OBJECTS:
        yield _contradiction(Place(), f"对象超过 {MAX_OBJECTS} 个", f"more than {MAX_OBJECTS} objects")


def _checks(place: Place, compile: Callable[[], object]) -> Found:
    try:
        compile()
    except ExpressionError as error:
        zh = " ".join((error.message("zh-CN"), error.hint("zh-CN"))).strip()
        en = " ".join((error.message("en"), error.hint("en"))).strip()
        yield problem(BadExpression, place, zh, en)


def _object(snapshot: Snapshot, item: Object) -> Found:
    seen: dict[str, Field] = {}
    system = {field.name for field in SYSTEM_FIELDS}
    if len(item.fields) > MAX_FIELDS:
        yield _contradiction(item.place, f"字段超过 {MAX_FIELDS} 个", f"more than {MAX_FIELDS} fields")
    if item.title not in item.by_name:
        yield _unknown(item.place, "标题字段", "title field", item.title, item.by_name)
    for field in item.fields:
        if field.system:
            continue
        if field.name in seen or field.name in RESERVED or field.name in system or field.name == "checklist":
            yield _contradiction(
                field.place, f"字段名“{field.name}”已被占用", f"the field name `{field.name}` is taken"
            )
        seen[field.name] = field
        yield from _field(snapshot, item, field)
    for money in (field for field in item.fields if field.type is FieldType.MONEY):
        if currency_column(money.name) in seen:
            yield _contradiction(
                money.place,
                f"“{currency_column(money.name)}”是币种列",
                f"`{currency_column(money.name)}` is the currency's column",
            )
    for name in item.search:
        found = item.field(name)
        if found is None or found.type not in TEXTUAL:
            yield _unknown(item.place, "可搜索的文本字段", "text field to search", name, item.by_name)
    for name in snapshot.children_of(item.name):
        if name in item.by_name:
            yield _contradiction(
                item.place,
                f"子列表“{name}”与字段重名",
                f"the list of children `{name}` has the name of a field",
            )


def _field(snapshot: Snapshot, item: Object, field: Field) -> Found:
    place = field.place
    if (
        field.type in (FieldType.REFERENCE, FieldType.REFERENCES, FieldType.USER)
        and field.object not in snapshot.objects
    ):
        yield _unknown(place, "对象", "object", field.object, snapshot.objects)
    if field.section and field.section not in dict(item.sections):
        yield _unknown(place, "分组", "section", field.section, dict(item.sections))
    if field.type in (FieldType.SELECT, FieldType.MULTI_SELECT) and not field.options:
        yield _contradiction(
            place,
            "选项字段没有选项",
            "a select without options",
            "加上 options，或为它配置流程",
            "Add options, or a pipeline over it",
        )
    if len({option.value for option in field.options}) != len(field.options):
        yield _contradiction(place, "选项重复", "an option is there twice")
    if not 0 <= field.digits <= 10:
        yield _contradiction(place, "digits 应为 0–10", "digits must be 0–10")
    for bound in (field.minimum, field.maximum):
        if bound and field.type in NUMERIC:
            try:
                read_value(Field(field.name, FieldType.DECIMAL, field.label, digits=10), bound)
            except InvalidValue:
                yield _contradiction(place, f"“{bound}”不是数字", f"`{bound}` is not a number")
    if field.type is FieldType.AUTO_NUMBER:
        yield from _pattern(field)
    yield from _derived(snapshot, item, field)
    yield from _field_expressions(snapshot, item, field)


def _pattern(field: Field) -> Found:
    try:
        made = field.pattern.format(year=2026, month=1, seq=1)
    except (KeyError, IndexError, ValueError):
        made = ""
    if not made or "{seq" not in field.pattern:
        yield _contradiction(
            field.place,
            "pattern 应含 {seq}",
            "pattern must hold {seq}",
            "如 OPP-{year}-{seq:05}",
            "Such as OPP-{year}-{seq:05}",
        )


def _derived(snapshot: Snapshot, item: Object, field: Field) -> Found:
    if field.type in (FieldType.FORMULA, FieldType.ROLLUP) and field.result is None:
        yield _contradiction(
            field.place, "缺少 result（结果类型）", "`result`, the type of the value, is missing"
        )
    if field.type is FieldType.FORMULA:
        kind = field.expression_type()
        yield from _checks(
            field.place,
            lambda: snapshot.compiled(item.name, field.formula, expect=kind.kind if kind else None),
        )
    if field.type is not FieldType.ROLLUP:
        return
    rollup = field.rollup
    if rollup is None:
        yield _contradiction(field.place, "缺少 rollup", "`rollup` is missing")
        return
    children = snapshot.children_of(item.name)
    child = children.get(rollup.of)
    if rollup.function not in ROLLUP_FUNCTIONS:
        yield _unknown(field.place, "汇总方式", "rollup function", rollup.function, ROLLUP_FUNCTIONS)
    if child is None:
        yield _unknown(field.place, "子列表", "list of children", rollup.of, children)
        return
    source = snapshot.objects[child.object].field(rollup.field)
    if rollup.function != "count" and (
        source is None or source.type in (FieldType.FORMULA, FieldType.ROLLUP)
    ):
        yield _unknown(
            field.place,
            "可汇总的字段",
            "field to roll up",
            rollup.field,
            snapshot.objects[child.object].by_name,
        )
    if rollup.where:
        yield from _checks(
            field.place, lambda: snapshot.compiled(child.object, rollup.where, expect=Kind.BOOLEAN)
        )
        compiled_paths = _paths(snapshot, child.object, rollup.where)
        if any("." in path for path in compiled_paths):
            yield _contradiction(
                field.place,
                "汇总条件只能使用子记录自己的字段",
                "a rollup's condition may only read the child's own fields",
            )


def _paths(snapshot: Snapshot, object: str, text: str) -> frozenset[str]:
    try:
        return snapshot.compiled(object, text, expect=Kind.BOOLEAN).expression.fields()
    except ExpressionError:
        return frozenset()


def _field_expressions(snapshot: Snapshot, item: Object, field: Field) -> Found:
    kind = field.expression_type()
    if field.default:
        yield from _checks(
            field.place,
            lambda: snapshot.compiled(item.name, field.default, expect=kind.kind if kind else None),
        )
    for condition in (field.locked_when, field.visible_when):
        if condition:
            yield from _checks(
                field.place, lambda text=condition: snapshot.compiled(item.name, text, expect=Kind.BOOLEAN)
            )  # type: ignore[misc]


def _pipeline(snapshot: Snapshot, pipeline: Pipeline) -> Found:
    item = snapshot.object(pipeline.object)
    if item is None:
        yield _unknown(pipeline.place, "对象", "object", pipeline.object, snapshot.objects)
        return
    field = item.field(pipeline.field)
    if field is None or field.type is not FieldType.SELECT:
        yield _unknown(pipeline.place, "选项字段", "select field", pipeline.field, item.by_name)
    if snapshot.pipeline_of(pipeline.object) is not pipeline:
        yield _contradiction(pipeline.place, "一个对象只能有一条流程", "an object has one pipeline")
    if not pipeline.stages:
        yield _contradiction(pipeline.place, "流程没有阶段", "a pipeline without stages")
    if len({stage.name for stage in pipeline.stages}) != len(pipeline.stages):
        yield _contradiction(pipeline.place, "阶段重名", "two stages have the same name")
    names: set[str] = set()
    for _stage, deliverable in pipeline.deliverables():
        if deliverable.name in names:
            yield _contradiction(
                deliverable.place,
                f"交付物“{deliverable.name}”重名",
                f"two deliverables are named `{deliverable.name}`",
            )
        names.add(deliverable.name)
        if deliverable.kind is DeliverableKind.FILE and not deliverable.file_kind:
            yield _contradiction(deliverable.place, "缺少 file_kind", "`file_kind` is missing")
        if deliverable.kind in (DeliverableKind.FIELD, DeliverableKind.CONDITION, DeliverableKind.RECORD):
            yield from _checks(deliverable.place, lambda d=deliverable: demand(snapshot, pipeline.object, d))  # type: ignore[misc]


def _rule(snapshot: Snapshot, rule: Rule) -> Found:
    item = snapshot.object(rule.object)
    if item is None:
        yield _unknown(rule.place, "对象", "object", rule.object, snapshot.objects)
        return
    trigger = rule.trigger
    if not (
        trigger.created
        or trigger.archived
        or trigger.timer
        or trigger.updated is not None
        or trigger.moved_to is not None
    ):
        yield _contradiction(
            rule.place,
            "规则没有触发条件",
            "a rule that nothing sets off",
            "写上 on: {created: true}",
            "Write on: {created: true}",
        )
    for name in trigger.updated or ():
        if name not in item.by_name:
            yield _unknown(rule.place, "字段", "field", name, item.by_name)
    pipeline = snapshot.pipeline_of(rule.object)
    for name in trigger.moved_to or ():
        if pipeline is None or not pipeline.has(name):
            yield _unknown(
                rule.place,
                "阶段",
                "stage",
                name,
                [stage.name for stage in pipeline.stages] if pipeline else (),
            )
    if rule.when:
        yield from _checks(
            rule.place, lambda: snapshot.compiled(rule.object, rule.when, expect=Kind.BOOLEAN, allow_old=True)
        )
    for command in rule.commands:
        yield from _command(snapshot, rule, item, command)


def _command(snapshot: Snapshot, rule: Rule, item: Object, command: object) -> Found:
    match command:
        case SetFields(values):
            yield from _values(snapshot, rule, item, values)
        case CreateRecord(object, values):
            target = snapshot.object(object)
            if target is None:
                yield _unknown(rule.place, "对象", "object", object, snapshot.objects)
            else:
                yield from _values(snapshot, rule, target, values)
        case Notify(to, message):
            people = {
                "manager",
                *(field.name for field in item.by_name.values() if field.type is FieldType.USER),
            }
            for name in to:
                if name not in people and name.removeprefix("role:") not in snapshot.roles:
                    yield _unknown(rule.place, "可通知的人", "person to notify", name, people)
            for text in (message.zh, message.en):
                yield from _placeholders(rule, item, text)
        case SetTimer(_, after, _, of):
            yield from _checks(
                rule.place, lambda: snapshot.compiled(rule.object, after, expect=Kind.DURATION)
            )
            yield from _timer_of(rule, item, of)
        case CancelTimer(_, of):
            yield from _timer_of(rule, item, of)


def _timer_of(rule: Rule, item: Object, of: str) -> Found:
    reference = item.field(of) if of else None
    if of and (reference is None or reference.type is not FieldType.REFERENCE):
        yield _unknown(rule.place, "引用字段", "reference", of, item.by_name)


def _placeholders(rule: Rule, item: Object, text: str) -> Found:
    try:
        text.format_map(dict.fromkeys(item.by_name, ""))
    except KeyError as missing:
        yield _unknown(rule.place, "字段", "field", str(missing.args[0]), item.by_name)
    except (ValueError, IndexError):
        yield _contradiction(
            rule.place, f"消息“{text}”里的花括号不成对", f"the braces in `{text}` don't pair up"
        )


def _values(snapshot: Snapshot, rule: Rule, target: Object, values: tuple[tuple[str, str], ...]) -> Found:
    for name, text in values:
        field = target.field(name)
        if field is None or field.derived:
            yield _unknown(rule.place, "可写的字段", "field to write", name, target.by_name)
            continue
        kind: Type | None = field.expression_type()
        yield from _checks(
            rule.place,
            lambda t=text, k=kind: snapshot.compiled(
                rule.object, t, expect=k.kind if k else None, allow_old=True
            ),
        )  # type: ignore[misc]


def _views(snapshot: Snapshot) -> Found:
    for view in snapshot.views.values():
        item = snapshot.object(view.object)
        if item is None:
            yield _unknown(view.place, "对象", "object", view.object, snapshot.objects)
            continue
        for name in view.columns:
            if name not in item.by_name:
                yield _unknown(view.place, "字段", "field", name, item.by_name)
        for name in filter(None, (part.strip().lstrip("-") for part in view.sort.split(","))):
            field = item.field(name)
            if field is None or field.type not in SORTABLE:
                yield _unknown(view.place, "可排序的字段", "field to sort by", name, item.by_name)
        if view.filter:
            yield from _checks(
                view.place, lambda v=view: snapshot.compiled(v.object, v.filter, expect=Kind.BOOLEAN)
            )  # type: ignore[misc]
        if view.kind == "board" and (
            (field := item.field(view.board_field)) is None or field.type is not FieldType.SELECT
        ):
            yield _unknown(view.place, "选项字段", "select field", view.board_field, item.by_name)


def _roles(snapshot: Snapshot) -> Found:
    for role in snapshot.roles.values():
        if role.name == AUTOMATION.name:
            yield _contradiction(
                role.place, "“automation”是系统自带的角色", "`automation` is the system's own role"
            )
        for permission in role.permissions - set(PERMISSIONS):
            yield _unknown(role.place, "权限", "permission", permission, PERMISSIONS)
        for grant in role.grants:
            item = snapshot.object(grant.object)
            if item is None:
                yield _unknown(grant.place, "对象", "object", grant.object, snapshot.objects)
                continue
            for name in (*grant.hidden, *grant.readonly):
                if name not in item.by_name:
                    yield _unknown(grant.place, "字段", "field", name, item.by_name)
            if grant.where:
                yield from _checks(
                    grant.place, lambda g=grant: snapshot.compiled(g.object, g.where, expect=Kind.BOOLEAN)
                )  # type: ignore[misc]
