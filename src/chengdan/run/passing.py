"""Passing a gate: gather the evidence, ask the kernel, and let through, hold up or override."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.gate import (
    Attempt,
    Evidence,
    GateBlocked,
    NoSuchStage,
    OverrideNotPermitted,
    ReasonNeeded,
    Standing,
    Surroundings,
    Unmet,
    Verdict,
    check,
    stand,
)
from chengdan.kernel.pipeline import Deliverable, Pipeline
from chengdan.run.facts import evidence
from chengdan.store.unit import Unit

MAX_REASON = 2_000


def in_words(reason: str) -> str:
    """A reason as it is kept; empty unless there is at least one letter or digit in it."""
    return reason.strip()[:MAX_REASON] if any(one.isalnum() for one in reason) else ""


def judge(unit: Unit, pipeline: Pipeline, row: Mapping[str, Any], origin: str | None, target: str) -> Verdict:
    """What the gate says to this move, on the facts of this moment."""
    if not pipeline.has(target):
        raise NoSuchStage.among(pipeline, target)
    key = (pipeline.name, origin, target)
    around = unit.edition.gates.get(key)
    if around is None:
        demanded = [item for _, item in pipeline.passed(origin, target)]
        around = Surroundings.of(unit.snapshot, pipeline.object, demanded)
        unit.edition.gates[key] = around
    return check(unit.snapshot, pipeline, row, evidence(unit, row, around), origin, target)


def standings(unit: Unit, pipeline: Pipeline, row: Mapping[str, Any]) -> list[Standing]:
    """How a record stands towards every deliverable of its pipeline."""
    pairs = list(pipeline.deliverables())
    found = gather(unit, pipeline, row, [item for _, item in pairs])
    return [stand(unit.snapshot, pipeline, stage, item, row, found) for stage, item in pairs]


def gather(unit: Unit, pipeline: Pipeline, row: Mapping[str, Any], demanded: list[Deliverable]) -> Evidence:
    """The evidence for these deliverables, and no more."""
    return evidence(unit, row, Surroundings.of(unit.snapshot, pipeline.object, demanded))


@dataclass(frozen=True, slots=True)
class Passage:
    """A move that the gate lets through, without the deliverables `unmet`, for the reason `given`."""

    attempt: Attempt
    unmet: tuple[Unmet, ...] = ()
    given: str = ""


def let_through(
    unit: Unit,
    pipeline: Pipeline,
    row: Mapping[str, Any],
    origin: str | None,
    target: str,
    reason: str,
    override_reason: str,
) -> Passage:
    """Let the move through or raise: GateBlocked, ReasonNeeded, NoSuchStage, OverrideNotPermitted. Leaves nothing in the unit."""
    verdict = judge(unit, pipeline, row, origin, target)
    attempt = Attempt(pipeline.object, row["id"], pipeline.name, origin, target)
    if verdict.outcome == "allowed":
        return Passage(attempt)
    override = in_words(override_reason)
    given = override or in_words(reason)
    if verdict.outcome == "blocked":
        if not override:
            raise GateBlocked(verdict.stage, verdict.unmet, attempt)
        if not unit.snapshot.permitted(unit.principal, "override_gate"):
            raise OverrideNotPermitted()
    elif not given:
        raise ReasonNeeded(verdict.stage, verdict.unmet, attempt)
    return Passage(attempt, verdict.unmet, given)


def note(unit: Unit, passage: Passage) -> tuple[str, ...]:
    """Leave a `gate.overridden` event that names each deliverable gone without, and the reason; returns their names."""
    if not passage.unmet:
        return ()
    attempt = passage.attempt
    facts = {
        "pipeline": attempt.pipeline,
        "from": attempt.origin,
        "to": attempt.target,
        "reason": passage.given,
        "hard": [item.standing.deliverable.name for item in passage.unmet if item.hard],
        "soft": [item.standing.deliverable.name for item in passage.unmet if not item.hard],
    }
    unit.record(Event(EventKind.GATE_OVERRIDDEN, attempt.object, attempt.record, facts))
    return tuple(item.standing.deliverable.name for item in passage.unmet)


def pass_gate(
    unit: Unit,
    pipeline: Pipeline,
    row: Mapping[str, Any],
    origin: str | None,
    target: str,
    reason: str,
    override_reason: str,
) -> tuple[str, ...]:
    """Let the move through and note it; returns the deliverables that it goes without. Raises as `let_through`."""
    return note(unit, let_through(unit, pipeline, row, origin, target, reason, override_reason))


def blocked_event(error: GateBlocked) -> Event:
    """The fact that a move was refused, and why."""
    attempt = error.attempt
    return Event(
        EventKind.GATE_BLOCKED,
        attempt.object,
        attempt.record,
        {
            "pipeline": attempt.pipeline,
            "from": attempt.origin,
            "to": attempt.target,
            "unmet": [item.standing.deliverable.name for item in error.unmet],
        },
    )
