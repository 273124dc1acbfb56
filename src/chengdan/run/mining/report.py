"""The report of a pipeline: outcome, stages, flow, sub-steps; the map; the records behind a figure."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chengdan.kernel.effect import Group, rate
from chengdan.kernel.pipeline import Pipeline, StageKind
from chengdan.run.mining.asking import Asked
from chengdan.run.read import bad_query
from chengdan.store.mining.deliverables import demands_statement, substeps_statement
from chengdan.store.mining.figure import MEASURES, Figure, figure_statement
from chengdan.store.mining.following import map_statement
from chengdan.store.mining.stages import flow_statement, outcome_statement, stages_statement
from chengdan.store.mining.visits import Visits

MOST_RECORDS = 200
Rows = Sequence[Sequence[Any]]
Spread = Sequence[float] | None
"""Median and 90th percentile, in seconds; None where nothing is to be measured."""
_STAGE_COUNTS = ("entered", "ended", "forward", "lost", "back", "open", "again")


def report(asked: Asked) -> dict[str, Any]:
    """Everything about the period but the map."""
    visits = Visits.of(asked.sample)
    outcome, stages, flow, demanded, worked = asked.together(
        outcome_statement(visits),
        stages_statement(visits),
        flow_statement(visits),
        demands_statement(visits),
        substeps_statement(asked.sample),
    )
    followed = _flow(flow)
    return {
        "outcome": _outcome(*outcome[0]),
        "stages": _stages(asked.pipeline, stages, followed),
        "flow": followed,
        "steps": _steps(asked.pipeline, demanded, worked),
    }


def _outcome(won: int, lost: int, taken: Spread) -> dict[str, Any]:
    """How many records were won and lost in the period, the win rate with its interval, and the time until won."""
    return {"won": won, "lost": lost, "rate": rate(Group(won + lost, won)), **spread(taken)}


def _stages(pipeline: Pipeline, rows: Rows, flow: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The stages in their order, those without a visit too. `conversion` is that of the visits that ended."""
    found = {row[0]: row[1:] for row in rows}
    jumped = _jumped(pipeline, flow)
    stages = []
    for stage in pipeline.stages:
        *counts, taken = found.get(stage.name, (*(0 for _ in _STAGE_COUNTS), None))
        figures = dict(zip(_STAGE_COUNTS, counts, strict=True))
        conversion = (
            rate(Group(figures["ended"], figures["forward"])) if stage.kind is StageKind.OPEN else None
        )
        stages.append(
            {
                "name": stage.name,
                **figures,
                "jumped": jumped.get(stage.name, 0),
                "conversion": conversion,
                **spread(taken),
            }
        )
    return stages


def _jumped(pipeline: Pipeline, flow: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """How often each open stage was passed over."""
    found: dict[str, int] = {}
    for edge in flow:
        if not (pipeline.has(edge["from"]) and pipeline.has(edge["to"])):
            continue
        if pipeline.stage(edge["to"]).kind is StageKind.LOST:
            continue
        for stage in pipeline.stages[pipeline.position(edge["from"]) + 1 : pipeline.position(edge["to"])]:
            if stage.kind is StageKind.OPEN:
                found[stage.name] = found.get(stage.name, 0) + edge["count"]
    return found


def _flow(rows: Rows) -> list[dict[str, Any]]:
    """From stage to stage: how often, time spent before, how often straight back."""
    return [
        {"from": origin, "to": target, "count": count, **spread(taken), "bounced": bounced}
        for origin, target, count, taken, bounced in rows
    ]


def _steps(pipeline: Pipeline, demands: Rows, substeps: Rows) -> list[dict[str, Any]]:
    """The deliverables in their order: how often their gate was passed with and without them, and what was done when."""
    demanded = {row[0]: row[1:] for row in demands}
    worked = {row[0]: row[1:] for row in substeps}
    steps = []
    for stage, item in pipeline.deliverables():
        met, skipped = demanded.get(item.name, (0, 0))
        done, redone, undone, taken = worked.get(item.name, (0, 0, 0, None))
        steps.append(
            {
                "name": item.name,
                "stage": stage.name,
                "met": met,
                "skipped": skipped,
                "skipped_ratio": skipped / (met + skipped) if met + skipped else None,
                "done": done,
                "redone": redone,
                "undone": undone,
                **spread(taken),
            }
        )
    return steps


def map_of(asked: Asked, with_substeps: bool) -> dict[str, Any]:
    """The directly-follows graph: edges, the most frequent first, with the median time between; an empty `from` begins."""
    edges = [
        {"from": origin, "to": target, "count": count, "median_seconds": median}
        for origin, target, count, median in asked.rows(map_statement(asked.sample, with_substeps))
    ]
    return {"edges": edges}


def records_behind(asked: Asked, figure: Figure) -> dict[str, Any]:
    """The records that a figure counts, the latest first, at most MOST_RECORDS; `total` says how many there are."""
    if figure.measure not in MEASURES:
        known = ", ".join(MEASURES)
        raise bad_query("measure", f"measure 可用：{known}", f"measure is one of {known}")
    rows = asked.rows(figure_statement(asked.sample, figure, MOST_RECORDS))
    return {
        "object": asked.pipeline.object,
        "total": rows[0][6] if rows else 0,
        "items": [
            {"id": id, "title": title, "owner": owner, "stage": stage, "at": at, "seconds": seconds}
            for id, title, owner, stage, at, seconds, _ in rows
        ],
    }


def spread(taken: Spread) -> dict[str, float | None]:
    """[median, p90] under their names."""
    median, p90 = taken or (None, None)
    return {"median_seconds": median, "p90_seconds": p90}
