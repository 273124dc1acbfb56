"""Two periods side by side: how the win rate and each stage's conversion changed, and which skipped deliverable is behind it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chengdan.kernel.effect import Group, Passage, difference, due_to_skipping, rate
from chengdan.kernel.pipeline import StageKind
from chengdan.run.mining.asking import Asked, Period
from chengdan.run.mining.flow import Flow, Spread
from chengdan.run.mining.report import spread
from chengdan.store.mining.deliverables import closed_statement, entries_statement
from chengdan.store.mining.moves import Moves
from chengdan.store.mining.stages import flow_statement, outcome_statement

LEAST = 20
"""So many records or visits must tell in either period, or a change is not explained."""
Passages = Mapping[str, Passage]


@dataclass(frozen=True)
class _Side:
    """One period: the outcome, and per stage how many stays ended and went on, with the times spent."""

    outcome: Group
    of_outcome: Passages
    stages: Mapping[str, tuple[Group, Spread]]
    of_stages: Mapping[str, Passages]


def compare(asked: Asked, earlier: Period) -> dict[str, Any]:
    """The period against an earlier one.

    Every change names its `drivers`: the deliverables by how much of it comes of their being skipped more or less often.
    `headline` is the stage (empty: the outcome) with the greatest change that chance does not explain; None: there is none.
    """
    old, new = (_side(asked, period) for period in (earlier, asked.period))
    outcome = {"stage": "", **_change(asked, old.outcome, new.outcome, old.of_outcome, new.of_outcome)}
    stages = []
    for stage in asked.pipeline.stages:
        if stage.kind is not StageKind.OPEN:
            continue
        (was, was_taken), (now, now_taken) = old.stages[stage.name], new.stages[stage.name]
        change = _change(
            asked, was, now, old.of_stages.get(stage.name, {}), new.of_stages.get(stage.name, {})
        )
        change["before"] |= spread(was_taken)
        change["after"] |= spread(now_taken)
        stages.append({"stage": stage.name, **change})
    return {
        "before": {"since": earlier.since, "until": earlier.until},
        "after": {"since": asked.period.since, "until": asked.period.until},
        "outcome": outcome,
        "stages": stages,
        "headline": _headline([outcome, *stages]),
    }  # fmt: skip


def _side(asked: Asked, period: Period) -> _Side:
    moves = Moves(asked.sample)
    [[won, lost, _]], pairs, entries, closed = asked.together(
        outcome_statement(asked.sample),
        flow_statement(moves),
        entries_statement(moves),
        closed_statement(moves),
        period=period,
    )
    outcome = Group(won + lost, won)
    flow = Flow.of(asked.pipeline, pairs)
    stages = {}
    for stage in asked.pipeline.stages:
        counts = flow.counts(stage.name)
        stages[stage.name] = Group(counts.ended, counts.forward), flow.stays.get(stage.name)
    of_stages: dict[str, dict[str, Passage]] = {}
    for name, step, *counted in entries:
        if name in stages:
            of_stages.setdefault(name, {})[step] = _passage(stages[name][0], counted)
    of_outcome = {name: _passage(outcome, counted) for name, *counted in closed}
    return _Side(outcome, of_outcome, stages, of_stages)


def _passage(whole: Group, counts: list[int]) -> Passage:
    done, done_won, skipped, skipped_won = counts
    return Passage(whole, Group(done, done_won), Group(skipped, skipped_won))


def _change(asked: Asked, was: Group, now: Group, old: Passages, new: Passages) -> dict[str, Any]:
    change = difference(now, was)
    told = min(was.count, now.count) >= LEAST
    return {
        "before": {"count": was.count, "won": was.won, "rate": rate(was)},
        "after": {"count": now.count, "won": now.won, "rate": rate(now)},
        "change": change,
        "certain": told and change is not None and not change.low <= 0 <= change.high,
        "drivers": _drivers(asked, old, new, change.value) if told and change else [],
    }


def _drivers(asked: Asked, old: Passages, new: Passages, change: float) -> list[dict[str, Any]]:
    """The one whose skipping moved the rate most in the direction of the change first; those that moved it at all."""
    found = []
    for stage, item in asked.pipeline.deliverables():
        before, after = old.get(item.name), new.get(item.name)
        effect = due_to_skipping(before, after) if before and after else None
        if before is None or after is None or not effect:
            continue
        found.append(
            {
                "name": item.name,
                "stage": stage.name,
                "hard": item.hard,
                "before": before.skipped_ratio,
                "after": after.skipped_ratio,
                "effect": effect,
                "share": effect / change if change else None,
                "with": rate(after.done),
                "without": rate(after.skipped),
            }
        )
    return sorted(found, key=lambda one: -one["effect"] if change > 0 else one["effect"])


def _headline(changes: list[dict[str, Any]]) -> str | None:
    certain = [one for one in changes if one["certain"]]
    greatest = max(certain, key=lambda one: abs(one["change"].value), default=None)
    return greatest["stage"] if greatest else None
