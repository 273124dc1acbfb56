"""Validation of pipelines, checklists and rules."""

from collections.abc import Iterator
from functools import partial
from string import Formatter

from chengdan.expr import Kind
from chengdan.kernel.checklist import Checklist
from chengdan.kernel.fault import Found, checks, contradiction, fault, unknown
from chengdan.kernel.field import SORTABLE, FieldType
from chengdan.kernel.gate import demand
from chengdan.kernel.object import Object
from chengdan.kernel.pipeline import Deliverable, DeliverableKind, Pipeline
from chengdan.kernel.rule import CancelTimer, CreateRecord, Notify, Rule, RuleCommand, SetFields, SetTimer
from chengdan.kernel.snapshot import Snapshot

MAX_LINK_HOURS = 24 * 90


def validate_pipeline(snapshot: Snapshot, pipeline: Pipeline) -> Found:
    """Every problem of one pipeline."""
    item = snapshot.object(pipeline.object)
    if item is None:
        yield unknown(pipeline.place, "对象", "object", pipeline.object, snapshot.objects)
        return
    field = item.field(pipeline.field)
    if field is None or field.type is not FieldType.SELECT or field.derived or field.system:
        yield unknown(pipeline.place, "选项字段", "select field", pipeline.field, item.by_name)
    if snapshot.pipeline_of(pipeline.object) is not pipeline:
        yield contradiction(pipeline.place, "一个对象只能有一条流程", "an object has one pipeline")
    if not pipeline.stages:
        yield contradiction(pipeline.place, "流程没有阶段", "a pipeline without stages")
    if len({stage.name for stage in pipeline.stages}) != len(pipeline.stages):
        yield contradiction(pipeline.place, "阶段重名", "two stages have the same name")
    for name in pipeline.alike:
        like = item.field(name)
        if like is None or like.type not in SORTABLE:
            groups = [one.name for one in item.by_name.values() if one.type in SORTABLE]
            yield unknown(pipeline.place, "可分组的字段", "field to group by", name, groups)
    names: set[str] = set()
    for _stage, deliverable in pipeline.deliverables():
        if deliverable.name in names:
            yield contradiction(
                deliverable.place,
                f"交付物“{deliverable.name}”重名",
                f"two deliverables are named `{deliverable.name}`",
            )
        names.add(deliverable.name)
        if deliverable.kind is DeliverableKind.FILE and not deliverable.file_kind:
            yield contradiction(deliverable.place, "缺少 file_kind", "`file_kind` is missing")
        yield from _template_of(snapshot, pipeline, deliverable)
        yield from _due(snapshot, pipeline, deliverable)
        if deliverable.kind in (DeliverableKind.FIELD, DeliverableKind.CONDITION, DeliverableKind.RECORD):
            yield from fault(deliverable.place, partial(demand, snapshot, pipeline.object, deliverable))


def _template_of(snapshot: Snapshot, pipeline: Pipeline, item: Deliverable) -> Found:
    """The form of a deliverable: it is there, over the same object, and has a box where it is to be signed."""
    signed = item.kind is DeliverableKind.SIGNATURE
    if signed and not 1 <= item.link_hours <= MAX_LINK_HOURS:
        yield contradiction(
            item.place,
            f"link_hours 应在 1 到 {MAX_LINK_HOURS} 之间",
            f"`link_hours` is from 1 to {MAX_LINK_HOURS}",
        )
    if item.fresh and not (signed and item.template):
        yield contradiction(item.place, "fresh 只用于有模板的签字", "`fresh` is for signatures on a template")
    if not item.template:
        return
    template = snapshot.templates.get(item.template)
    if template is None or template.object != pipeline.object:
        known = [name for name, one in snapshot.templates.items() if one.object == pipeline.object]
        yield unknown(item.place, "模板", "template", item.template, known)
    elif signed and template.signature is None:
        yield contradiction(
            item.place,
            f"模板“{template.name}”没有签字处",
            f"the template `{template.name}` has no place to sign",
            "在模板里写上 signature: {zh: 客户签字, en: Customer signature}",
            "Give the template signature: {zh: 客户签字, en: Customer signature}",
        )


def _due(snapshot: Snapshot, pipeline: Pipeline, item: Deliverable) -> Found:
    if item.due is None:
        return
    child = snapshot.children_of(pipeline.object).get(item.due.of)
    if child is None:
        yield unknown(
            item.place, "子列表", "list of children", item.due.of, snapshot.children_of(pipeline.object)
        )
    else:
        yield from checks(item.place, snapshot, child.object, item.due.when, Kind.BOOLEAN)


def validate_checklist(snapshot: Snapshot, checklist: Checklist) -> Found:
    """Every problem of one checklist."""
    pipeline = snapshot.pipeline_of(checklist.object)
    if pipeline is None:
        yield unknown(
            checklist.place, "有流程的对象", "object with a pipeline", checklist.object, snapshot.objects
        )
        return
    if not checklist.steps:
        yield contradiction(checklist.place, "清单是空的", "a checklist without steps")
    known = [item.name for _, item in pipeline.deliverables() if item.kind is DeliverableKind.CHECKLIST]
    for step in checklist.steps:
        if step not in known:
            yield unknown(checklist.place, "子步骤", "sub-step", step, known)


def validate_rule(snapshot: Snapshot, rule: Rule) -> Found:
    """Every problem of one rule."""
    item = snapshot.object(rule.object)
    if item is None:
        yield unknown(rule.place, "对象", "object", rule.object, snapshot.objects)
        return
    trigger = rule.trigger
    if not trigger.kinds:
        yield contradiction(
            rule.place,
            "规则没有触发条件",
            "a rule that nothing sets off",
            "写上 on: {created: true}",
            "Write on: {created: true}",
        )
    for name in trigger.updated or ():
        if name not in item.by_name:
            yield unknown(rule.place, "字段", "field", name, item.by_name)
    pipeline = snapshot.pipeline_of(rule.object)
    if trigger.unsigned and not (pipeline and pipeline.signatures):
        yield contradiction(
            rule.place, "这个对象没有要签字的交付物", "no deliverable of this object asks for a signature"
        )
    if trigger.turned and trigger.turned not in {score.name for score in snapshot.scores_of(item.name)}:
        known = [score.name for score in snapshot.scores_of(item.name)]
        yield unknown(rule.place, "评分", "score", trigger.turned, known)
    for name in trigger.moved_to or ():
        if pipeline is None or not pipeline.has(name):
            yield unknown(
                rule.place,
                "阶段",
                "stage",
                name,
                [stage.name for stage in pipeline.stages] if pipeline else (),
            )
    if rule.when:
        yield from checks(rule.place, snapshot, rule.object, rule.when, Kind.BOOLEAN, allow_old=True)
    for command in rule.commands:
        yield from _command(snapshot, rule, item, command)


def _command(snapshot: Snapshot, rule: Rule, item: Object, command: RuleCommand) -> Found:
    match command:
        case SetFields(values):
            yield from _values(snapshot, rule, item, values)
        case CreateRecord(object, values):
            target = snapshot.object(object)
            if target is None:
                yield unknown(rule.place, "对象", "object", object, snapshot.objects)
            else:
                yield from _values(snapshot, rule, target, values)
        case Notify(to, message):
            people = {"manager", *_people_of(item), *_people_beyond(snapshot, item)}
            for name in to:
                if name not in people and name.removeprefix("role:") not in snapshot.roles:
                    yield unknown(rule.place, "可通知的人", "person to notify", name, people)
            for text in (message.zh, message.en):
                yield from _placeholders(rule, item, text)
        case SetTimer(of=of) as timer:
            yield from _timer_moment(snapshot, rule, timer)
            yield from _timer_of(rule, item, of)
        case CancelTimer(_, of):
            yield from _timer_of(rule, item, of)


def _people_of(item: Object) -> list[str]:
    return [field.name for field in item.by_name.values() if field.type is FieldType.USER]


def _people_beyond(snapshot: Snapshot, item: Object) -> Iterator[str]:
    """The people of the records that a record refers to, as `reference.field`."""
    for field in item.by_name.values():
        target = snapshot.object(field.object) if field.type is FieldType.REFERENCE else None
        yield from (f"{field.name}.{name}" for name in (_people_of(target) if target else ()))


def _timer_moment(snapshot: Snapshot, rule: Rule, timer: SetTimer) -> Found:
    if bool(timer.after) is bool(timer.at) or (timer.at and timer.working):
        yield contradiction(
            rule.place,
            f"计时器“{timer.key}”应写 after（可加 working）或 at 之一",
            f"the timer `{timer.key}` needs either `after`, with or without `working`, or `at`",
        )
    elif timer.after:
        yield from checks(rule.place, snapshot, rule.object, timer.after, Kind.DURATION)
    else:
        found = list(checks(rule.place, snapshot, rule.object, timer.at))
        yield from found
        if not found and _kind(snapshot, rule.object, timer.at) not in (Kind.DATE, Kind.DATETIME):
            yield contradiction(
                rule.place, f"“{timer.at}”不是日期或时间", f"`{timer.at}` is no date and no instant"
            )


def _kind(snapshot: Snapshot, object: str, text: str) -> Kind:
    return snapshot.compiled(object, text).expression.type.kind


def _timer_of(rule: Rule, item: Object, of: str) -> Found:
    reference = item.field(of) if of else None
    if of and (reference is None or reference.type is not FieldType.REFERENCE):
        yield unknown(rule.place, "引用字段", "reference", of, item.by_name)


def _placeholders(rule: Rule, item: Object, text: str) -> Found:
    try:
        names = [name for _, name, _, _ in Formatter().parse(text) if name is not None]
        text.format_map(dict.fromkeys(names, ""))
        for name in names:
            if name not in item.by_name:
                yield unknown(rule.place, "字段", "field", name, item.by_name)
    except (ValueError, KeyError, IndexError, AttributeError):
        yield contradiction(
            rule.place, f"消息“{text}”里的花括号不成对", f"the braces in `{text}` don't pair up"
        )


def _values(snapshot: Snapshot, rule: Rule, target: Object, values: tuple[tuple[str, str], ...]) -> Found:
    for name, text in values:
        field = target.field(name)
        if field is None or field.derived or (field.system and field.readonly):
            yield unknown(rule.place, "可写的字段", "field to write", name, target.by_name)
            continue
        kind = field.expression_type()
        yield from checks(
            rule.place,
            snapshot,
            rule.object,
            text,
            kind.kind if kind else None,
            allow_old=True,
        )
