"""Histories: an event log becomes records that went their way at the times it tells, through the one write path.

Each event is told in a unit whose moment is that of the event: records bear it, and the journal says when it was written
down, when it happened, and who is said to have done it. What a gate would have held up goes past it as an override.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.commands import Create, Move, Work
from chengdan.run.holding import require
from chengdan.run.importer.plan import bad
from chengdan.run.importer.xes import Trace, XesEvent, read_traces
from chengdan.run.runtime import Runtime
from chengdan.store import records
from chengdan.store.unit import Unit

TRACES_PER_UNIT = 250
MAX_BYTES = 256_000


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
    """How traces become records: see sales/bpi2012/history.yaml. `grant` names the roles that are to see them."""

    grant: tuple[str, ...]
    object: str
    key: str
    fields: Mapping[str, str]
    stages: Mapping[str, str]
    steps: Mapping[str, str]
    children: ChildPlan | None


@dataclass(slots=True)
class HistoryReport:
    """What became of a log: records made, traces whose record was there already, events told and not known, and refusals."""

    created: int = 0
    present: int = 0
    events: int = 0
    unknown: int = 0
    refused: list[tuple[int, ChengdanError]] = field(default_factory=list)


def read_history(text: str) -> HistoryPlan:
    """A plan written in YAML. Raises BadPlan with the place."""
    try:
        raw: Any = yaml.safe_load(text) if len(text.encode()) <= MAX_BYTES else None
    except yaml.YAMLError:
        raw = None
    if not isinstance(raw, Mapping):
        raise bad("history", "应是 YAML 映射", "a YAML mapping is expected")
    children = raw.get("children")
    return HistoryPlan(
        grant=tuple(map(str, raw.get("grant") or ())),
        object=_text(raw, "object"),
        key=_text(raw, "key"),
        fields=_names(raw, "fields"),
        stages=_names(raw, "stages"),
        steps=_names(raw, "steps"),
        children=_children(children) if isinstance(children, Mapping) else None,
    )


def _children(raw: Mapping[str, Any]) -> ChildPlan:
    stages: dict[str, tuple[str, tuple[str, ...]]] = {}
    for name, step in (raw.get("stages") or {}).items():
        if not isinstance(step, Mapping) or not step.get("to") or not isinstance(step.get("from"), list):
            raise bad(f"children.stages.{name}", "应有 to 与 from", "`to` and `from` are expected")
        stages[str(name)] = str(step["to"]), tuple(map(str, step["from"]))
    return ChildPlan(
        _text(raw, "object"), _text(raw, "parent"), _text(raw, "title"), _names(raw, "opens"), stages
    )


def _text(raw: Mapping[str, Any], name: str) -> str:
    value = raw.get(name)
    if not isinstance(value, str) or not value:
        raise bad(name, f"缺少 {name}", f"`{name}` is missing")
    return value


def _names(raw: Mapping[str, Any], name: str) -> dict[str, str]:
    value = raw.get(name) or {}
    if not isinstance(value, Mapping) or not all(isinstance(one, str) for one in value.values()):
        raise bad(name, f"{name} 应是名称到名称的映射", f"`{name}` maps names to names")
    return {str(key): one for key, one in value.items()}


def import_history(
    runtime: Runtime,
    principal: Principal,
    plan: HistoryPlan,
    path: Path,
    reason: str,
    watch: Callable[[HistoryReport], None] = lambda report: None,
) -> HistoryReport:
    """Bring in a log, many traces in each transaction; a trace that is refused spoils no other.

    Traces whose record is there already are left alone, so it can be brought in again. Raises NotPermitted, XesUnreadable.
    """
    with runtime.unit(principal, "import") as unit:
        require(unit, "import")
        require(unit, "override_gate")
    report = HistoryReport()
    teller = _Teller(runtime, principal, plan, f"import/{path.name}", reason, report)
    traces = read_traces(path)
    while batch := list(islice(traces, TRACES_PER_UNIT)):
        teller.tell(batch)
        watch(report)
    return report


class _Teller:
    def __init__(
        self,
        runtime: Runtime,
        principal: Principal,
        plan: HistoryPlan,
        cause: str,
        reason: str,
        report: HistoryReport,
    ) -> None:
        self._runtime = runtime
        self._principal = principal
        self._plan = plan
        self._cause = cause
        self._reason = reason
        self._report = report

    def tell(self, traces: Sequence[Trace]) -> None:
        """Tell traces in one unit; where one is refused, halve until it stands alone."""
        try:
            told = self._attempt(traces)
        except ChengdanError as error:
            if len(traces) == 1:
                self._report.refused.append((traces[0].number, error))
                return
            middle = len(traces) // 2
            self.tell(traces[:middle])
            self.tell(traces[middle:])
            return
        report = self._report
        report.created += told.created
        report.present += told.present
        report.events += told.events
        report.unknown += told.unknown

    def _attempt(self, traces: Sequence[Trace]) -> HistoryReport:
        told = HistoryReport()
        with self._runtime.unit(self._principal, self._cause, batch=True) as unit:
            unit.work.quiet = True
            keys = {trace.number: self._values(trace)[self._plan.key] for trace in traces}
            there = records.find_by_key(unit, self._plan.object, self._plan.key, sorted(set(keys.values())))
            for trace in traces:
                if keys[trace.number] in there:
                    told.present += 1
                    continue
                _Telling(self._plan, self._reason, unit, told).tell(trace, self._values(trace))
        return told

    def _values(self, trace: Trace) -> dict[str, str]:
        values = {
            name: trace.attributes[attribute]
            for name, attribute in self._plan.fields.items()
            if attribute in trace.attributes
        }
        if not values.get(self._plan.key):
            raise bad(self._plan.key, f"第 {trace.number} 条缺少编号", f"trace {trace.number} has no key")
        return values


class _Telling:
    """One trace being told."""

    def __init__(self, plan: HistoryPlan, reason: str, unit: Unit, report: HistoryReport) -> None:
        self._plan = plan
        self._reason = reason
        self._unit = unit
        self._report = report
        self._children: list[tuple[UUID, str]] = []

    def tell(self, trace: Trace, values: Mapping[str, str]) -> None:
        id = new_id()
        made = False
        for event in trace.events:
            unit = self._unit.telling(event.at, event.resource)
            stage = self._plan.stages.get(event.name)
            if not made:
                first = {**values, self._stage_field(self._plan.object): stage} if stage else dict(values)
                apply(unit, Create(self._plan.object, first, self._reason, self._reason, id))
                self._report.created += 1
                made = True
                if stage:
                    self._report.events += 1
                    continue
            known = self._about(unit, id, event, stage) or self._about_child(unit, id, values, event)
            self._report.events += known
            self._report.unknown += not known

    def _stage_field(self, object: str) -> str:
        pipeline = self._unit.snapshot.pipeline_of(object)
        if pipeline is None:
            raise bad("object", f"对象“{object}”没有流程", f"the object `{object}` has no pipeline")
        return pipeline.field

    def _about(self, unit: Unit, id: UUID, event: XesEvent, stage: str | None) -> bool:
        if stage:
            apply(unit, Move(self._plan.object, id, None, stage, self._reason, self._reason))
        elif step := self._plan.steps.get(event.name):
            apply(unit, Work(self._plan.object, id, step, event.transition))
        else:
            return False
        return True

    def _about_child(self, unit: Unit, id: UUID, values: Mapping[str, str], event: XesEvent) -> bool:
        plan = self._plan.children
        if plan is None:
            return False
        if opened := plan.opens.get(event.name):
            number = len(self._children) + 1
            named = {plan.title: f"{values[self._plan.key]}-{number}", plan.parent: str(id)}
            first = {**named, self._stage_field(plan.object): opened}
            row = apply(unit, Create(plan.object, first, self._reason, self._reason))
            self._children.append((row["id"], opened))
            return True
        if event.name not in plan.stages:
            return False
        to, origins = plan.stages[event.name]
        place = self._place(origins)
        if place is None:
            return False
        child, _ = self._children[place]
        apply(unit, Move(plan.object, child, None, to, self._reason, self._reason))
        self._children[place] = child, to
        return True

    def _place(self, origins: Sequence[str]) -> int | None:
        """The newest child in the first of these stages in which there is any."""
        for origin in origins:
            for place in reversed(range(len(self._children))):
                if self._children[place][1] == origin:
                    return place
        return None
