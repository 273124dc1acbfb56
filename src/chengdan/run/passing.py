"""Passing a gate: gather the evidence, ask the kernel, and let through, hold up or override."""

from collections.abc import Mapping
from typing import Any

from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.gate import (
    Attempt,
    Evidence,
    GateBlocked,
    OverrideNotPermitted,
    ReasonNeeded,
    Standing,
    Verdict,
    check,
    needs_for,
    stand,
)
from chengdan.kernel.pipeline import Deliverable, DeliverableKind, Pipeline
from chengdan.run.facts import evidence
from chengdan.store.unit import Unit

MAX_REASON = 2_000


def judge(unit: Unit, pipeline: Pipeline, row: Mapping[str, Any], origin: str | None, target: str) -> Verdict:
    """What the gate says to this move, on the facts of this moment."""
    demanded = [item for _, item in pipeline.passed(origin, target)] if pipeline.has(target) else []
    return check(unit.snapshot, pipeline, row, gather(unit, pipeline, row, demanded), origin, target)


def standings(unit: Unit, pipeline: Pipeline, row: Mapping[str, Any]) -> list[Standing]:
    """How a record stands towards every deliverable of its pipeline."""
    pairs = list(pipeline.deliverables())
    found = gather(unit, pipeline, row, [item for _, item in pairs])
    return [stand(unit.snapshot, pipeline, stage, item, row, found) for stage, item in pairs]


def gather(unit: Unit, pipeline: Pipeline, row: Mapping[str, Any], demanded: list[Deliverable]) -> Evidence:
    """The evidence for these deliverables, and no more."""
    kinds = {item.kind for item in demanded}
    return evidence(
        unit,
        row,
        needs_for(unit.snapshot, pipeline.object, demanded),
        with_files=DeliverableKind.FILE in kinds,
        with_signatures=DeliverableKind.SIGNATURE in kinds,
    )


def pass_gate(
    unit: Unit,
    pipeline: Pipeline,
    row: Mapping[str, Any],
    origin: str | None,
    target: str,
    reason: str,
    override_reason: str,
) -> tuple[str, ...]:
    """Let the move through or raise: GateBlocked, ReasonNeeded, NoSuchStage, OverrideNotPermitted.

    Returns the deliverables that it goes without.

    Going on without a deliverable leaves a `gate.overridden` event that names each one and the reason given.
    """
    verdict = judge(unit, pipeline, row, origin, target)
    if verdict.outcome == "allowed":
        return ()
    attempt = Attempt(pipeline.object, row["id"], pipeline.name, origin, target)
    given = (override_reason or reason).strip()[:MAX_REASON]
    if verdict.outcome == "blocked":
        if not override_reason.strip():
            raise GateBlocked(verdict.stage, verdict.unmet, attempt)
        if not unit.snapshot.permitted(unit.principal, "override_gate"):
            raise OverrideNotPermitted()
    elif not given:
        raise ReasonNeeded(verdict.stage, verdict.unmet, attempt)
    unit.record(
        Event(
            EventKind.GATE_OVERRIDDEN,
            pipeline.object,
            row["id"],
            {
                "pipeline": pipeline.name,
                "from": origin,
                "to": target,
                "reason": given,
                "hard": [item.standing.deliverable.name for item in verdict.unmet if item.hard],
                "soft": [item.standing.deliverable.name for item in verdict.unmet if not item.hard],
            },
        )
    )
    return tuple(item.standing.deliverable.name for item in verdict.unmet)


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
