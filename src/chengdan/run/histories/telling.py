"""Telling histories: an event log becomes records that went their way at the times it says, through the one write path.

Each event is told in a unit whose moment is that of the event: records bear it, and the journal says when it was written
down, when it happened, and who is said to have done it. What a gate would have held up goes past it as an override.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.kernel.field import FieldType
from chengdan.run.action import apply
from chengdan.run.commands import Create, Move, Update, Work
from chengdan.run.histories.plan import HistoryPlan
from chengdan.run.histories.trace import Happening, Trace
from chengdan.run.holding import require
from chengdan.run.importer.ahead import read_ahead, read_referred
from chengdan.run.importer.batch import left_in
from chengdan.run.importer.cells import Reading
from chengdan.run.importer.convert import Converter, Draft
from chengdan.run.importer.errors import KeyMissing, NoEvents
from chengdan.run.importer.lookup import Lookups
from chengdan.run.importer.narrowing import narrow
from chengdan.run.importer.outcome import Checkpoint, Outcome, Refusal, Rehearsal, Terms
from chengdan.run.runtime import Runtime
from chengdan.store import records
from chengdan.store.unit import Unit

TRACES_PER_UNIT = 250
REASON = "导入的历史数据 Imported history"
"""Why records of a log go past gates, where nobody gives another reason."""


@dataclass(slots=True)
class Told(Outcome):
    """What became of traces, those that were there already unchanged; events told, and those that the plan doesn't know."""

    events: int = 0
    unknown: int = 0

    def counts(self) -> Mapping[str, int]:
        """The figures, by the names that results give them."""
        return {**Outcome.counts(self), "events": self.events, "unknown": self.unknown}


def require_telling(unit: Unit) -> None:
    """Raises NotPermitted unless the principal may import, and past gates."""
    require(unit, "import")
    require(unit, "override_gate")


def tell_log(
    runtime: Runtime,
    traces: Iterable[Trace],
    plan: HistoryPlan,
    terms: Terms,
    checkpoint: Checkpoint[Told],
    skip: int = 0,
) -> None:
    """Tell the traces of a log behind the first `skip`, many in each transaction, in which the checkpoint is called.

    A trace that is refused spoils no other. Traces whose record is there already are left alone, so a log can be brought in
    again. The plan must have been checked. Raises what reading the traces raises.
    """
    teller = _Teller(runtime, plan, terms, checkpoint)
    rest = islice(traces, skip, None)
    while batch := list(islice(rest, TRACES_PER_UNIT)):
        narrow(batch, teller.attempt, teller.refuse)


class _Teller:
    """Tells batches of one log one after the other; `_known` are the keys of those told."""

    def __init__(
        self, runtime: Runtime, plan: HistoryPlan, terms: Terms, checkpoint: Checkpoint[Told]
    ) -> None:
        self._runtime = runtime
        self._plan = plan
        self._terms = terms
        self._checkpoint = checkpoint
        self._attributes = tuple(plan.mapping.columns)
        reading = Reading(ZoneInfo(terms.principal.time_zone))
        self._converter = Converter(plan.mapping, runtime.snapshot, self._attributes, reading)
        self._lookups = Lookups(plan.object)
        self._known: set[str] = set()

    def attempt(self, traces: Sequence[Trace]) -> None:
        """Tell traces in one unit. Raises what refuses one of them after parts of it were left in the unit."""
        told = Told()
        terms = self._terms
        try:
            with self._runtime.unit(terms.principal, terms.cause, batch=True) as unit:
                unit.work.quiet = True
                keys = self._tell(unit, traces, told)
                unit.flush()
                if terms.dry_run:
                    told.records.clear()
                    raise Rehearsal
                self._checkpoint(unit, told)
        except Rehearsal:
            self._note(told)
        self._known |= keys

    def refuse(self, trace: Trace, error: ChengdanError) -> None:
        """Note that a trace is refused although it was told alone."""
        self._note(Told(refused=[_refusal(trace, self._key_of(trace), error.reasons())]))

    def _note(self, told: Told) -> None:
        with self._runtime.unit(self._terms.principal, self._terms.cause, batch=True) as unit:
            self._checkpoint(unit, told)

    def _key_of(self, trace: Trace) -> str:
        return trace.attributes.get(self._plan.fields[self._plan.key], "")

    def _tell(self, unit: Unit, traces: Sequence[Trace], told: Told) -> set[str]:
        """Tell those traces whose record is not there; the keys of the new records."""
        drafts = [self._draft(trace) for trace in traces]
        self._prepare(unit, drafts)
        for trace, draft in zip(traces, drafts, strict=True):
            if draft.problems:
                told.refused.append(_refusal(trace, self._key_of(trace), draft.problems))
            elif draft.id is None:
                told.unchanged += 1
            else:
                self._tell_one(unit, trace, draft, told)
        return {draft.key for draft in drafts if draft.id is not None and not draft.problems}

    def _draft(self, trace: Trace) -> Draft:
        cells = tuple(trace.attributes.get(name) for name in self._attributes)
        draft = self._converter.convert((trace.number, cells))
        draft.problems.extend(trace.problems)
        if not trace.events and not trace.problems:
            draft.problems.append(NoEvents())
        return draft

    def _prepare(self, unit: Unit, drafts: Sequence[Draft]) -> None:
        """Give the drafts of new records their ids, and read what they refer to and what will be asked about them."""
        object, key = self._plan.object, self._plan.key
        label = unit.snapshot.objects[object].by_name[key].label
        wanted = sorted({draft.key for draft in drafts if draft.key})
        there = {*self._known, *(records.find_by_key(unit, object, key, wanted) if wanted else ())}
        for draft in drafts:
            if not draft.key:
                draft.problems.append(KeyMissing(path=key, label=label))
            elif draft.key not in there:
                there.add(draft.key)
                draft.id = new_id()
        new = [draft for draft in drafts if draft.id is not None]
        self._lookups.resolve(unit, new, {}, {})
        read_referred(unit, new)
        read_ahead(unit, object, new)

    def _tell_one(self, unit: Unit, trace: Trace, draft: Draft, told: Told) -> None:
        before = left_in(unit)
        telling = _Telling(self._plan, self._terms.override_reason, unit, draft)
        try:
            telling.tell(trace)
        except ChengdanError as error:
            if telling.begun or left_in(unit) != before:
                raise
            told.refused.append(_refusal(trace, draft.key, error.reasons()))
            return
        told.created += 1
        told.events += telling.known
        told.unknown += len(trace.events) - telling.known
        told.records.append(telling.id)


def _refusal(trace: Trace, key: str, errors: Sequence[ChengdanError]) -> Refusal:
    return Refusal(trace.number, (key, len(trace.events)), tuple(errors))


class _Telling:
    """One trace being told; `begun` once its record is made, `known` events so far."""

    def __init__(self, plan: HistoryPlan, reason: str, unit: Unit, draft: Draft) -> None:
        assert draft.id is not None
        self.id = draft.id
        self.begun = False
        self.known = 0
        self._plan = plan
        self._reason = reason
        self._unit = unit
        self._draft = draft
        self._children: list[tuple[UUID, str]] = []

    def tell(self, trace: Trace) -> None:
        first, *later = trace.events
        unit = self._unit.telling(first.at, first.resource)
        stage = self._plan.stages.get(first.name)
        values = self._draft.values
        if stage:
            values = {**values, **self._dated(first), self._stage_field(self._plan.object): stage}
        apply(unit, Create(self._plan.object, values, self._reason, self._reason, self.id))
        self.begun = True
        self.known += bool(stage) or self._about_any(unit, first)
        for event in later:
            self.known += self._about_any(self._unit.telling(event.at, event.resource), event)

    def _stage_field(self, object: str) -> str:
        pipeline = self._unit.snapshot.pipeline_of(object)
        assert pipeline is not None
        return pipeline.field

    def _dated(self, event: Happening) -> Mapping[str, Any]:
        """The field that takes the day of an event, as the log writes it, and its value."""
        name, object = self._plan.dates.get(event.name), self._plan.entering(event.name)
        if name is None or object is None:
            return {}
        type = self._unit.snapshot.objects[object].by_name[name].type
        return {name: (event.at.date() if type is FieldType.DATE else event.at).isoformat()}

    def _enter(self, unit: Unit, object: str, id: UUID, stage: str, event: Happening) -> None:
        if dated := self._dated(event):
            apply(unit, Update(object, id, None, dated))
        apply(unit, Move(object, id, None, stage, self._reason, self._reason))

    def _about_any(self, unit: Unit, event: Happening) -> bool:
        """Tell an event; whether the plan knows it."""
        if stage := self._plan.stages.get(event.name):
            self._enter(unit, self._plan.object, self.id, stage, event)
        elif step := self._plan.steps.get(event.name):
            apply(unit, Work(self._plan.object, self.id, step, event.transition))
        else:
            return self._about_child(unit, event)
        return True

    def _about_child(self, unit: Unit, event: Happening) -> bool:
        plan = self._plan.children
        if plan is None:
            return False
        if opened := plan.opens.get(event.name):
            number = len(self._children) + 1
            named = {plan.title: f"{self._draft.key}-{number}", plan.parent: str(self.id)}
            first = {**named, **self._dated(event), self._stage_field(plan.object): opened}
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
        self._enter(unit, plan.object, child, to, event)
        self._children[place] = child, to
        return True

    def _place(self, origins: Sequence[str]) -> int | None:
        """The newest child in the first of these stages in which there is any."""
        for origin in origins:
            for place in reversed(range(len(self._children))):
                if self._children[place][1] == origin:
                    return place
        return None
