"""Looking into an event log before it is brought in: what it holds, and which pipelines its events look like."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.kernel.access import Act, Principal
from chengdan.kernel.field import TEXTUAL
from chengdan.kernel.object import Object
from chengdan.kernel.pipeline import DeliverableKind, Pipeline
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.histories.plan import HistoryPlan
from chengdan.run.histories.trace import NAME, Trace
from chengdan.run.importer.suggest import plain, suggest

MAX_EVENTS = 500_000
"""So many events are looked at before a log is brought in."""
SAMPLES = 3
SAMPLE_LENGTH = 80
MAX_DIFFERENT = 2_000
"""So many different activities or attributes are told apart."""


@dataclass
class Look:
    """What a log holds: its traces and events, from when until when, the attributes of traces with a few of their values,
    and how often each activity happens. `whole`: all of it was looked at. `unreadable` traces can't come in, by the first `fault`."""

    traces: int = 0
    events: int = 0
    since: datetime | None = None
    until: datetime | None = None
    attributes: dict[str, list[str]] = field(default_factory=dict)
    activities: Counter[str] = field(default_factory=Counter)
    whole: bool = True
    unreadable: int = 0
    fault: ChengdanError | None = None

    def known(self, plan: HistoryPlan) -> int:
        """How many of the events a plan knows."""
        return sum(count for name, count in self.activities.items() if plan.knows(name))


def look(traces: Iterable[Trace], limit: int | None = None) -> Look:
    """Read a log through, until it has told of `limit` events. Raises what reading it raises."""
    found = Look()
    for trace in traces:
        if limit is not None and found.events >= limit:
            found.whole = False
            break
        found.traces += 1
        found.events += len(trace.events)
        if trace.problems:
            found.unreadable += 1
            found.fault = found.fault or trace.problems[0]
        _sample(found.attributes, trace.attributes)
        if trace.events:
            moments = [event.at for event in trace.events]
            found.since = min(found.since or moments[0], *moments)
            found.until = max(found.until or moments[0], *moments)
        for event in trace.events:
            if event.name in found.activities or len(found.activities) < MAX_DIFFERENT:
                found.activities[event.name] += 1
    return found


def _sample(known: dict[str, list[str]], attributes: Mapping[str, str]) -> None:
    for name, value in attributes.items():
        samples = known.get(name)
        if samples is None:
            if len(known) < MAX_DIFFERENT:
                known[name] = [value[:SAMPLE_LENGTH]]
        elif len(samples) < SAMPLES and value[:SAMPLE_LENGTH] not in samples:
            samples.append(value[:SAMPLE_LENGTH])


def plans_for(found: Look, snapshot: Snapshot, principal: Principal) -> list[HistoryPlan]:
    """A plan for each object with a pipeline that the principal may fill, that which knows most events first.

    Activities are recognised by the names and labels of stages and sub-steps, attributes by those of fields.
    """
    plans = []
    for pipeline in snapshot.pipelines.values():
        access = snapshot.access(principal, pipeline.object)
        if access.may(Act.CREATE) and access.may(Act.UPDATE) and pipeline.field not in access.readonly:
            plans.append(_plan_for(found, snapshot, principal, pipeline))
    return sorted(plans, key=found.known, reverse=True)


def _plan_for(found: Look, snapshot: Snapshot, principal: Principal, pipeline: Pipeline) -> HistoryPlan:
    item = snapshot.objects[pipeline.object]
    access = snapshot.access(principal, item.name)
    suggested = suggest(snapshot, access, list(found.attributes), found.attributes)
    fields = {to: name for name, to in suggested.items() if to is not None and to != pipeline.field}
    if NAME in found.attributes and NAME not in fields.values():
        fields.setdefault(_naming(item), NAME)
    if NAME in found.attributes and item.by_name[item.title].required:
        fields.setdefault(item.title, NAME)
    stages = _recognised(found, ((one.name, one.label.zh, one.label.en) for one in pipeline.stages))
    steps = [one for _, one in pipeline.deliverables() if one.kind is DeliverableKind.CHECKLIST]
    done = _recognised(found, ((one.name, one.label.zh, one.label.en) for one in steps))
    return HistoryPlan(
        object=item.name,
        key=_key(item, fields),
        fields=fields,
        stages=stages,
        steps={name: step for name, step in done.items() if name not in stages},
    )


def _recognised(found: Look, words: Iterable[Sequence[str]]) -> dict[str, str]:
    """Activities that are called like one of these things; the first word of each is its name."""
    names = {plain(word): name for name, *labels in words for word in (name, *labels)}
    return {one: names[plain(one)] for one in found.activities if plain(one) in names}


def _naming(item: Object) -> str:
    """The field that takes the name of a trace: a text that is unique, else the title."""
    return next((one.name for one in item.fields if one.unique and one.type in TEXTUAL), item.title)


def _key(item: Object, fields: Mapping[str, str]) -> str:
    """The field by which a trace finds its record again: a unique one, else the one that has the name of the trace."""
    unique = next((one.name for one in item.fields if one.unique and one.name in fields), None)
    return unique or next((name for name, attribute in fields.items() if attribute == NAME), "")


def meanings(plan: HistoryPlan, snapshot: Snapshot) -> dict[str, dict[str, Any]]:
    """What each activity means by a plan that fits the snapshot: a stage or a sub-step, its label, and of which object."""
    found = {name: ("stage", plan.object, stage) for name, stage in plan.stages.items()}
    found |= {name: ("step", plan.object, step) for name, step in plan.steps.items()}
    if plan.children is not None:
        moved = {name: to for name, (to, _) in plan.children.stages.items()}
        for name, stage in {**plan.children.opens, **moved}.items():
            found[name] = ("stage", plan.children.object, stage)
    return {
        name: {
            "kind": kind,
            "object": snapshot.objects[object].label,
            "label": _label(snapshot, object, kind, one),
        }
        for name, (kind, object, one) in found.items()
    }


def _label(snapshot: Snapshot, object: str, kind: str, name: str) -> Label:
    pipeline = snapshot.pipeline_of(object)
    assert pipeline is not None
    if kind == "stage":
        return pipeline.stage(name).label
    return next(one.label for _, one in pipeline.deliverables() if one.name == name)
