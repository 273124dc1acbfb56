"""History plans: how the traces of an event log become records with their history.

A plan is data: a set of definitions ships it as YAML (see sales/bpi2012/history.yaml), the page sends it as JSON.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from typing import Any

import yaml

from chengdan.base.errors import ChengdanError, Problems
from chengdan.kernel.access import Act, Principal
from chengdan.kernel.field import FieldType
from chengdan.kernel.pipeline import DeliverableKind, Pipeline
from chengdan.kernel.reading import suggest
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.importer.errors import BadPlan
from chengdan.run.importer.plan import ImportPlan, Target, bad, check_plan

MAX_BYTES = 256_000
MAX_NAMES = 2_000
_DAYS = (FieldType.DATE, FieldType.DATETIME)


@dataclass(frozen=True, slots=True)
class ChildPlan:
    """Which events are about records below the trace's: `opens` names the stage of a new one, `stages` (to, from)."""

    object: str
    parent: str
    title: str
    opens: Mapping[str, str]
    stages: Mapping[str, tuple[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class HistoryPlan:
    """A trace becomes a record of `object`, found again by its `key`.

    `fields` are filled from attributes of the trace, as an import reads its columns. `stages` and `steps` say which stage an
    event enters and which sub-step it is work on. `dates` names the field that takes the day of an event that
    enters a stage, on the record that enters it.
    """

    object: str
    key: str
    fields: Mapping[str, str]
    stages: Mapping[str, str]
    steps: Mapping[str, str]
    children: ChildPlan | None = None
    dates: Mapping[str, str] = attribute(default_factory=dict)

    @property
    def mapping(self) -> ImportPlan:
        """How attributes become fields, as an import of a table takes it."""
        columns: dict[str, tuple[Target, ...]] = {}
        for name, source in self.fields.items():
            columns[source] = (*columns.get(source, ()), Target(name, {}))
        return ImportPlan(self.object, columns, self.key)

    def knows(self, activity: str) -> bool:
        """Whether the plan says what an event of this name means."""
        return activity in self.steps or self.entering(activity) is not None

    def entering(self, activity: str) -> str | None:
        """The object of the record that enters a stage by an event of this name; None: none does."""
        if activity in self.stages:
            return self.object
        children = self.children
        if children is not None and (activity in children.opens or activity in children.stages):
            return children.object
        return None

    def as_json(self) -> dict[str, Any]:
        """The plan as `read_history` takes it."""
        found: dict[str, Any] = {
            "object": self.object,
            "key": self.key,
            "fields": dict(self.fields),
            "stages": dict(self.stages),
            "steps": dict(self.steps),
            "dates": dict(self.dates),
        }
        if self.children is not None:
            found["children"] = {
                "object": self.children.object,
                "parent": self.children.parent,
                "title": self.children.title,
                "opens": dict(self.children.opens),
                "stages": {
                    name: {"to": to, "from": list(origins)}
                    for name, (to, origins) in self.children.stages.items()
                },
            }
        return found


def read_yaml(text: str) -> Mapping[str, Any]:
    """What a history.yaml says. Raises BadPlan unless it is a mapping."""
    try:
        raw: Any = yaml.safe_load(text) if len(text.encode()) <= MAX_BYTES else None
    except yaml.YAMLError:
        raw = None
    return _mapping(raw)


def read_history(raw: Any) -> HistoryPlan:
    """A plan from JSON or YAML. Raises BadPlan with the place."""
    found = _mapping(raw)
    children = found.get("children")
    return HistoryPlan(
        object=_text(found, "object"),
        key=_text(found, "key"),
        fields=_names(found, "fields"),
        stages=_names(found, "stages"),
        steps=_names(found, "steps"),
        children=_children(_mapping(children, "children")) if children is not None else None,
        dates=_names(found, "dates"),
    )


def _children(raw: Mapping[str, Any]) -> ChildPlan:
    stages: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, step in _mapping(raw.get("stages") or {}, "children.stages").items():
        if not isinstance(step, Mapping) or not step.get("to") or not isinstance(step.get("from"), list):
            raise bad(f"children.stages.{name}", "应有 to 与 from", "`to` and `from` are expected")
        stages[str(name)] = str(step["to"]), tuple(map(str, step["from"]))
    return ChildPlan(
        object=_text(raw, "object", "children."),
        parent=_text(raw, "parent", "children."),
        title=_text(raw, "title", "children."),
        opens=_names(raw, "opens", "children."),
        stages=stages,
    )


def _mapping(raw: Any, path: str = "history") -> Mapping[str, Any]:
    if not isinstance(raw, Mapping) or len(raw) > MAX_NAMES:
        raise bad(path, f"应是映射，至多 {MAX_NAMES} 项", f"a mapping of at most {MAX_NAMES} is expected")
    return raw


def _text(raw: Mapping[str, Any], name: str, within: str = "") -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value:
        raise bad(within + name, f"缺少 {name}", f"`{name}` is missing")
    return value


def _names(raw: Mapping[str, Any], name: str, within: str = "") -> dict[str, str]:
    value = _mapping(raw.get(name) or {}, within + name)
    if not all(isinstance(one, str) for one in value.values()):
        raise bad(within + name, f"{name} 应是名称到名称的映射", f"`{name}` maps names to names")
    return {str(key): one for key, one in value.items()}


def check_history(plan: HistoryPlan, snapshot: Snapshot, principal: Principal) -> None:
    """Raises Problems with everything in a plan that does not fit the definitions in force."""
    problems = [*_misfits(plan, snapshot, principal)]
    if not problems and plan.children is not None:
        problems.extend(_child_misfits(plan.children, plan.object, snapshot, principal))
    if not problems:
        problems.extend(_no_dates(plan, snapshot))
    if problems:
        raise Problems(problems)


def _misfits(plan: HistoryPlan, snapshot: Snapshot, principal: Principal) -> Iterator[ChengdanError]:
    pipeline = _pipeline(plan.object, snapshot, principal)
    if pipeline is None:
        yield _without_pipeline("object", plan.object)
        return
    try:
        access = snapshot.access(principal, plan.object)
        check_plan(plan.mapping, snapshot, access, tuple(plan.fields.values()))
    except ChengdanError as error:
        yield from error.reasons()
    if pipeline.field in plan.fields:
        yield bad(
            pipeline.field, "阶段由事件决定，不取自属性", "the stage comes from events, not from attributes"
        )
    yield from _no_stages("stages", plan.stages, pipeline)
    steps = [item.name for _, item in pipeline.deliverables() if item.kind is DeliverableKind.CHECKLIST]
    for activity, step in plan.steps.items():
        if step not in steps:
            yield _unknown(f"steps.{activity}", step, steps)


def _child_misfits(
    plan: ChildPlan, parent: str, snapshot: Snapshot, principal: Principal
) -> Iterator[ChengdanError]:
    pipeline = _pipeline(plan.object, snapshot, principal)
    if pipeline is None:
        yield _without_pipeline("children.object", plan.object)
        return
    item = snapshot.objects[plan.object]
    reference = item.field(plan.parent)
    if reference is None or reference.object != parent:
        yield _unknown(
            "children.parent", plan.parent, [f.name for f in item.by_name.values() if f.object == parent]
        )
    if item.field(plan.title) is None:
        yield _unknown("children.title", plan.title, list(item.by_name))
    yield from _no_stages("children.opens", plan.opens, pipeline)
    for activity, (to, origins) in plan.stages.items():
        wanted = {f"{activity}.{number}": name for number, name in enumerate((to, *origins))}
        yield from _no_stages("children.stages", wanted, pipeline)


def _no_dates(plan: HistoryPlan, snapshot: Snapshot) -> Iterator[BadPlan]:
    for activity, name in plan.dates.items():
        object = plan.entering(activity)
        fields = snapshot.objects[object].fields if object else ()
        known = [one.name for one in fields if one.type in _DAYS and not one.readonly]
        if name not in known:
            yield _unknown(f"dates.{activity}", name, known)


def _pipeline(object: str, snapshot: Snapshot, principal: Principal) -> Pipeline | None:
    readable = snapshot.object(object) is not None and snapshot.access(principal, object).may(Act.READ)
    return snapshot.pipeline_of(object) if readable else None


def _without_pipeline(path: str, object: str) -> BadPlan:
    return bad(path, f"没有带流程的对象“{object}”", f"there is no object `{object}` with a pipeline")


def _no_stages(path: str, named: Mapping[str, str], pipeline: Pipeline) -> Iterator[BadPlan]:
    for activity, stage in named.items():
        if not pipeline.has(stage):
            yield _unknown(f"{path}.{activity}", stage, [one.name for one in pipeline.stages])


def _unknown(path: str, name: str, known: list[str]) -> BadPlan:
    return bad(path, f"没有“{name}”", f"there is no `{name}`", *suggest(name, known))
