"""Manifests: the YAML files of an app, read into definitions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.kernel.access import Act, Grant, HomeOf, Role, Scope
from chengdan.kernel.checklist import Checklist
from chengdan.kernel.checklist import read_checklist as _checklist
from chengdan.kernel.conflict import Conflict, ConflictKind
from chengdan.kernel.field import Field, FieldType, Inverse, Option, Rollup
from chengdan.kernel.likeness import Likeness
from chengdan.kernel.mail import Correspondents, Letter, Mail
from chengdan.kernel.metric import Function, Metric, MetricUnit
from chengdan.kernel.object import Loop, Next, Object, Quick
from chengdan.kernel.panel import ChartShape, Panel, PanelKind, Whose
from chengdan.kernel.pipeline import Deliverable, DeliverableKind, Due, Pipeline, Stage, StageKind
from chengdan.kernel.pool import Idle, Pool
from chengdan.kernel.process_audit import ProcessAudit
from chengdan.kernel.process_audit import read_process_audit as _audit
from chengdan.kernel.reading import Mapped, UnknownKey, WrongValue, read_yaml, suggest
from chengdan.kernel.rule import (
    CancelTimer,
    CreateRecord,
    Notify,
    Rule,
    RuleCommand,
    SetFields,
    SetTimer,
    Trigger,
)
from chengdan.kernel.score import Outcome, Score, Signal
from chengdan.kernel.template import Template
from chengdan.kernel.template_reading import read_template
from chengdan.kernel.view import View


@dataclass
class Definitions:
    """Everything that a set of manifests defines, by name."""

    objects: dict[str, Object] = field(default_factory=dict)
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    panels: dict[str, Panel] = field(default_factory=dict)
    audits: dict[str, ProcessAudit] = field(default_factory=dict)
    checklists: dict[str, Checklist] = field(default_factory=dict)
    metrics: dict[str, Metric] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)


def load(files: Mapping[str, str]) -> tuple[Definitions, list[ChengdanError]]:
    """Read `{path: yaml text}`. Returns what could be read and every problem found; never raises for bad content."""
    definitions = Definitions()
    problems: list[ChengdanError] = []
    for path in sorted(files):
        read_yaml(path, files[path], problems, lambda root: _read_definition(root, definitions))
    return definitions, problems


def _read_definition(root: Mapped, into: Definitions) -> None:
    for key, (reader, register) in _KINDS.items():
        if root.has(key):
            definition = reader(root)
            existing = register(into)
            if definition.name in existing:
                root.complain(
                    WrongValue,
                    root.place,
                    f"{key} “{definition.name}” 已有定义",
                    f"{key} `{definition.name}` is defined twice",
                    f"另见 {existing[definition.name].place}",
                    f"See {existing[definition.name].place}",
                )
            else:
                existing[definition.name] = definition
            return
    if root.has("app"):
        root.name("app"), root.label("label"), root.integer("version", 1)
        return
    root.complain(
        UnknownKey,
        root.place,
        "看不出这是什么定义",
        "this does not say what it defines",
        *suggest("", [*_KINDS, "app"]),
    )


def _object(m: Mapped) -> Object:
    quick, following, mail, loop = m.one("quick"), m.one("next"), m.one("mail"), m.one("loop")
    return Object(
        place=m.place,
        name=m.name("object"),
        label=m.label("label"),
        plural=m.label("plural"),
        title=m.text("title"),
        icon=m.text("icon", ""),
        listed=m.flag("listed", True),
        help=m.optional_label("help"),
        search=m.texts("search"),
        quick=_quick(quick) if quick else None,
        next=_next(following) if following else None,
        mail=_mail(mail) if mail else None,
        sensitive=m.texts("sensitive"),
        stays=m.text("stays", ""),
        file_kinds=tuple(_section(item) for item in m.each("file_kinds")),
        loop=_loop(loop) if loop else None,
        sections=tuple(_section(item) for item in m.each("sections")),
        fields=tuple(_field(item) for item in m.each("fields")),
    )


def _quick(m: Mapped) -> Quick:
    quick = Quick(m.text("by", ""), m.texts("fields"))
    m.close()
    return quick


def _next(m: Mapped) -> Next:
    following = Next(m.text("text"), m.text("on"))
    m.close()
    return following


def _mail(m: Mapped) -> Mail:
    mail = Mail(dict(m.pairs("fields")), tuple(_correspondents(item) for item in m.each("people")), m.place)
    m.close()
    return mail


def _correspondents(m: Mapped) -> Correspondents:
    people = Correspondents(m.text("field"), m.text("object"), m.text("address"))
    m.close()
    return people


def _loop(m: Mapped) -> Loop:
    loop = Loop(
        m.text("answer"),
        m.text("words"),
        m.text("since"),
        m.texts("by"),
        m.integers("ages", (2, 5, 10)),
        m.text("where", ""),
    )
    m.close()
    return loop


def _section(m: Mapped) -> tuple[str, Label]:
    section = (m.name("name"), m.label("label"))
    m.close()
    return section


def _field(m: Mapped) -> Field:
    inverse, rollup = m.one("inverse"), m.one("rollup")
    kind = m.choice("type", FieldType)
    made = Field(
        place=m.place,
        name=m.name("name"),
        type=kind,
        label=m.label("label"),
        help=m.optional_label("help"),
        section=m.text("section", ""),
        required=m.flag("required"),
        unique=m.flag("unique"),
        indexed=m.flag("indexed"),
        readonly=m.flag("readonly"),
        default=m.text("default", ""),
        locked_when=m.text("locked_when", ""),
        visible_when=m.text("visible_when", ""),
        max_length=m.integer("max_length"),
        digits=m.integer("digits", 2),
        grouped=m.flag("grouped", True),
        summed=m.flag("summed", True),
        minimum=m.text("minimum", ""),
        maximum=m.text("maximum", ""),
        currency=m.text("currency", "CNY"),
        options=tuple(_option(item) for item in m.each("options")),
        object=m.text("object", "user" if kind is FieldType.USER else ""),
        inverse=_inverse(inverse) if inverse else None,
        formula=m.text("formula", ""),
        rollup=_rollup(rollup) if rollup else None,
        pattern=m.text("pattern", ""),
        result=m.choice("result", FieldType, FieldType.TEXT) if m.has("result") else None,
    )
    m.close()
    return made


def _option(m: Mapped) -> Option:
    option = Option(m.text("value"), m.label("label"), m.text("color", ""))
    m.close()
    return option


def _inverse(m: Mapped) -> Inverse:
    inverse = Inverse(m.name("name"), m.label("label"))
    m.close()
    return inverse


def _rollup(m: Mapped) -> Rollup:
    rollup = Rollup(m.text("of"), m.text("function"), m.text("field", ""), m.text("where", ""))
    m.close()
    return rollup


def _pipeline(m: Mapped) -> Pipeline:
    return Pipeline(
        place=m.place,
        name=m.name("pipeline"),
        label=m.label("label"),
        object=m.text("object"),
        field=m.text("field"),
        alike=m.texts("alike"),
        stages=tuple(_stage(item) for item in m.each("stages")),
    )


def _stage(m: Mapped) -> Stage:
    stage = Stage(
        place=m.place,
        name=m.name("name"),
        label=m.label("label"),
        kind=m.choice("kind", StageKind, StageKind.OPEN),
        probability=m.integer("probability"),
        color=m.text("color", ""),
        sla_days=m.integer("sla_days"),
        entry=tuple(_deliverable(item) for item in m.each("entry")),
        exit=tuple(_deliverable(item) for item in m.each("exit")),
    )
    m.close()
    return stage


def _deliverable(m: Mapped) -> Deliverable:
    due = m.one("due")
    deliverable = Deliverable(
        place=m.place,
        name=m.name("name"),
        kind=m.choice("kind", DeliverableKind),
        label=m.label("label"),
        hint=m.label("hint"),
        hard=m.flag("hard", True),
        field=m.text("field", ""),
        condition=m.text("condition", ""),
        of=m.text("of", ""),
        file_kind=m.text("file_kind", ""),
        count=m.integer("count", 1),
        template=m.text("template", ""),
        fresh=m.flag("fresh"),
        link_hours=m.integer("link_hours", 72),
        due=_due(due) if due else None,
    )
    m.close()
    return deliverable


def _due(m: Mapped) -> Due:
    due = Due(m.text("of"), m.text("when"))
    m.close()
    return due


def _rule(m: Mapped) -> Rule:
    trigger = m.one("on")
    return Rule(
        place=m.place,
        name=m.name("rule"),
        label=m.label("label"),
        object=m.text("object"),
        trigger=_trigger(trigger) if trigger else Trigger(),
        when=m.text("when", ""),
        active=m.flag("active", True),
        commands=tuple(command for item in m.each("do") if (command := _command(item))),
    )


def _trigger(m: Mapped) -> Trigger:
    trigger = Trigger(
        created=m.flag("created"),
        updated=m.texts("updated") if m.has("updated") else None,
        moved_to=m.texts("moved_to") if m.has("moved_to") else None,
        archived=m.flag("archived"),
        timer=m.text("timer", ""),
        turned=m.text("turned", ""),
    )
    m.close()
    return trigger


def _command(m: Mapped) -> RuleCommand | None:
    command: RuleCommand | None = None
    if m.has("set"):
        command = SetFields(m.pairs("set"))
    elif inner := m.one("create"):
        command = CreateRecord(inner.text("object"), inner.pairs("values"))
        inner.close()
    elif inner := m.one("notify"):
        command = Notify(inner.texts("to"), inner.label("message"), inner.flag("urgent"))
        inner.close()
    elif inner := m.one("timer"):
        command = SetTimer(
            inner.name("key"),
            inner.text("after", ""),
            inner.flag("working"),
            inner.text("of", ""),
            inner.text("at", ""),
        )
        inner.close()
    elif inner := m.one("cancel_timer"):
        command = CancelTimer(inner.name("key"), inner.text("of", ""))
        inner.close()
    else:
        m.complain(
            UnknownKey,
            m.place,
            "不认识这个命令",
            "this command is not known",
            *suggest("", ["set", "create", "notify", "timer", "cancel_timer"]),
        )
    m.close()
    return command


def _view(m: Mapped) -> View:
    return View(
        place=m.place,
        name=m.name("view"),
        label=m.label("label"),
        object=m.text("object"),
        kind=m.text("kind", "list"),
        columns=m.texts("columns"),
        filter=m.text("filter", ""),
        sort=m.text("sort", ""),
        board_field=m.text("board_field", ""),
        limits=_limits(m, m.pairs("limits")),
        strict_limits=m.flag("strict_limits"),
        start_field=m.text("start_field", ""),
        end_field=m.text("end_field", ""),
        duration_field=m.text("duration_field", ""),
        done_field=m.text("done_field", ""),
        order=m.integer("order", 100),
    )


def _limits(m: Mapped, pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, int], ...]:
    """How many each may be, such as cards of a column; what isn't a whole number is a problem and counts as 1."""
    limits = []
    for value, text in pairs:
        if not (text.isascii() and text.isdigit()):
            m.complain(
                WrongValue,
                m.place,
                f"“{value}”的上限应是整数",
                f"the limit of `{value}` must be a whole number",
            )
        limits.append((value, int(text) if text.isascii() and text.isdigit() else 1))
    return tuple(limits)


def _panel(m: Mapped) -> Panel:
    return Panel(
        place=m.place,
        name=m.name("panel"),
        label=m.label("label"),
        kind=m.choice("kind", PanelKind),
        object=m.text("object", ""),
        view=m.text("view", ""),
        filter=m.text("filter", ""),
        sort=m.text("sort", ""),
        columns=m.texts("columns"),
        limit=m.integer("limit", 6),
        whose=m.choice("whose", Whose, Whose.HOME),
        by=m.text("by", ""),
        function=m.text("function", "count"),
        field=m.text("field", ""),
        shape=m.choice("shape", ChartShape, ChartShape.BAR),
        tick=m.text("tick", ""),
        blockers=m.flag("blockers"),
        warn=m.flag("warn"),
        wide=m.flag("wide"),
        sections=m.texts("sections"),
        details=m.texts("details"),
        total=m.text("total", ""),
        empty=m.optional_label("empty"),
    )


def _metric(m: Mapped) -> Metric:
    return Metric(
        place=m.place,
        name=m.name("metric"),
        label=m.label("label"),
        help=m.optional_label("help"),
        object=m.text("object"),
        per=m.text("per", ""),
        at=m.text("at", ""),
        days=m.integer("days"),
        where=m.text("where", ""),
        function=m.choice("function", Function),
        value=m.text("value", ""),
        part=m.text("part", ""),
        against=m.text("against", ""),
        least=m.integer("least", 1),
        empty=m.number("empty", ""),
        ripe_days=m.integer("ripe_days"),
        unit=m.choice("unit", MetricUnit, MetricUnit.NUMBER),
        digits=m.integer("digits"),
    )


def _score(m: Mapped) -> Score:
    outcome = m.one("outcome")
    return Score(
        place=m.place,
        name=m.name("score"),
        label=m.label("label"),
        help=m.optional_label("help"),
        object=m.text("object"),
        where=m.text("where", ""),
        red=float(m.number("red", "40") or 0),
        green=float(m.number("green", "70") or 0),
        least=float(m.number("least", "0.3") or 0),
        outcome=_outcome(outcome) if outcome else None,
        calibrate=m.flag("calibrate", True),
        signals=tuple(_signal(item) for item in m.each("signals")),
    )


def _signal(m: Mapped) -> Signal:
    signal = Signal(
        m.text("metric"),
        float(m.number("weight") or 0),
        float(m.number("bad") or 0),
        float(m.number("good") or 0),
        m.label("words"),
    )
    m.close()
    return signal


def _outcome(m: Mapped) -> Outcome:
    outcome = Outcome(
        m.text("object"),
        m.text("per"),
        m.text("on"),
        m.text("won"),
        m.text("lost"),
        m.integer("days", 60),
    )
    m.close()
    return outcome


def _conflict(m: Mapped) -> Conflict:
    return Conflict(
        place=m.place,
        name=m.name("conflict"),
        label=m.label("label"),
        kind=m.choice("kind", ConflictKind),
        object=m.text("object"),
        where=m.text("where", ""),
        of=m.text("of", ""),
        who=m.text("who", "owner"),
        at=m.text("at", "created_at"),
        roles=m.texts("roles"),
        days=m.integer("days", 30),
        fields=m.texts("fields"),
        like=m.choice("like", Likeness, Likeness.VALUE),
        across=m.text("across", ""),
        file_kinds=m.texts("file_kinds"),
        urgent=m.flag("urgent"),
    )


def _pool(m: Mapped) -> Pool:
    idle = m.one("idle")
    return Pool(
        place=m.place,
        name=m.name("pool"),
        label=m.label("label"),
        object=m.text("object"),
        who=m.texts("who"),
        quota=_limits(m, m.pairs("quota")),
        counts=m.text("counts", ""),
        daily=m.integer("daily"),
        cool_down_days=m.integer("cool_down_days"),
        idle=_idle(idle) if idle else None,
        shown=m.texts("shown"),
        masked=m.texts("masked"),
        along=m.texts("along"),
    )


def _idle(m: Mapped) -> Idle:
    idle = Idle(
        m.integer("days", 30),
        m.integer("warn_days", 7),
        m.text("since", "updated_at"),
        m.text("exempt", ""),
    )
    m.close()
    return idle


def _role(m: Mapped) -> Role:
    return Role(
        place=m.place,
        name=m.name("role"),
        label=m.label("label"),
        permissions=frozenset(m.texts("permissions")),
        home=m.texts("home"),
        home_of=m.choice("home_of", HomeOf, HomeOf.MINE),
        grants=tuple(_grant(item) for item in m.each("grants")),
    )


def _grant(m: Mapped) -> Grant:
    grant = Grant(
        place=m.place,
        object=m.text("object"),
        acts={act: tuple(_scopes(m, act)) for act in Act},
        where=m.text("where", ""),
        hidden=m.texts("hidden"),
        readonly=m.texts("readonly"),
    )
    m.close()
    return grant


def _scopes(m: Mapped, act: Act) -> list[Scope]:
    scopes = []
    for text in m.texts(act):
        if text in list(Scope):
            scopes.append(Scope(text))
        else:
            m.complain(
                WrongValue,
                m.place,
                f"没有“{text}”这个范围",
                f"there is no scope `{text}`",
                *suggest(text, list(Scope)),
            )
    return scopes


def _letter(m: Mapped) -> Letter:
    return Letter(
        place=m.place,
        name=m.name("letter"),
        label=m.label("label"),
        object=m.text("object"),
        subject=m.label("subject"),
        body=m.label("body"),
        kind=m.text("kind", ""),
        order=m.integer("order", 100),
    )


Definition = (
    Object
    | Checklist
    | Pipeline
    | Rule
    | View
    | Panel
    | ProcessAudit
    | Metric
    | Score
    | Role
    | Letter
    | Conflict
    | Pool
    | Template
)

_KINDS: dict[str, tuple[Callable[[Mapped], Definition], Callable[[Definitions], dict[str, Any]]]] = {
    "pool": (_pool, lambda d: d.pools),
    "conflict": (_conflict, lambda d: d.conflicts),
    "pipeline": (_pipeline, lambda d: d.pipelines),
    "rule": (_rule, lambda d: d.rules),
    "panel": (_panel, lambda d: d.panels),
    "audit": (_audit, lambda d: d.audits),
    "checklist": (_checklist, lambda d: d.checklists),
    "view": (_view, lambda d: d.views),
    "score": (_score, lambda d: d.scores),
    "metric": (_metric, lambda d: d.metrics),
    "role": (_role, lambda d: d.roles),
    "letter": (_letter, lambda d: d.letters),
    "template": (read_template, lambda d: d.templates),
    "object": (_object, lambda d: d.objects),
}
