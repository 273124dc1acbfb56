"""The report of a pipeline: outcome, stages, flow, sub-steps; the map; the records behind a figure."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chengdan.kernel.effect import Group, rate
from chengdan.kernel.pipeline import Pipeline, StageKind
from chengdan.run.mining.asking import Asked
from chengdan.run.mining.flow import Flow, Rows, Spread
from chengdan.run.read import bad_query
from chengdan.store.mining.deliverables import demands_statement, substeps_statement
from chengdan.store.mining.figure import MEASURES, Figure, figure_statement
from chengdan.store.mining.following import MOST_EDGES, map_statement
from chengdan.store.mining.moves import Moves
from chengdan.store.mining.stages import flow_statement, open_statement, outcome_statement

MOST_RECORDS = 200


def report(asked: Asked) -> dict[str, Any]:
    """Everything about the period but the map."""
    moves = Moves(asked.sample)
    outcome, pairs, standing, demanded, worked = asked.together(
        outcome_statement(asked.sample),
        flow_statement(moves),
        open_statement(asked.sample),
        demands_statement(moves),
        substeps_statement(asked.sample),
    )
    flow = Flow.of(asked.pipeline, pairs)
    return {
        "outcome": _outcome(*outcome[0]),
        "stages": _stages(asked.pipeline, flow, dict(standing)),
        "flow": _pairs(flow),
        "steps": _steps(asked.pipeline, demanded, worked),
    }


def _outcome(won: int, lost: int, taken: Spread) -> dict[str, Any]:
    """How many records were won and lost in the period, the win rate with its interval, and the time until won."""
    return {"won": won, "lost": lost, "rate": rate(Group(won + lost, won)), **spread(taken)}


def _stages(pipeline: Pipeline, flow: Flow, standing: Mapping[str, int]) -> list[dict[str, Any]]:
    """The stages in their order, those that saw nothing too. `conversion` is that of the stays that ended."""
    stages = []
    for stage in pipeline.stages:
        counts = flow.counts(stage.name)
        ended = Group(counts.ended, counts.forward)
        stages.append(
            {
                "name": stage.name,
                **asdict(counts),
                "open": standing.get(stage.name, 0),
                "conversion": rate(ended) if stage.kind is StageKind.OPEN else None,
                **spread(flow.stays.get(stage.name)),
            }
        )
    return stages


def _pairs(flow: Flow) -> list[dict[str, Any]]:
    """From stage to stage: how often, time spent before, how often straight back."""
    return [
        {
            "from": one.origin,
            "to": one.target,
            "count": one.count,
            **spread(one.taken),
            "bounced": one.bounced,
        }
        for one in flow.edges
        if one.origin
    ][:MOST_EDGES]


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
