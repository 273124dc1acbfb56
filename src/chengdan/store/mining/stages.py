"""How the stages fared: what entered them, how it left them, how long it stayed, and where it went."""

from typing import Any

from sqlalchemy import (
    Select,
    func,
    select,
    true,
)

from chengdan.kernel.pipeline import StageKind
from chengdan.store.mining.sample import seconds
from chengdan.store.mining.visits import Visits, count, typical

MOST_EDGES = 400
"""So many pairs of stages are told, the most frequent first."""


def stages_statement(visits: Visits) -> Select[Any]:
    """Per stage: entered, ended, went on, were lost, went back, are there now, entered again; [median, p90] of seconds spent."""
    counted = (
        visits.entered,
        visits.ended,
        visits.forward,
        visits.lost,
        visits.back,
        visits.open,
        visits.again,
    )
    figures = [count(where) for where in counted]
    return select(visits.rows.c.stage, *figures, typical(visits.stay, visits.ended)).group_by(
        visits.rows.c.stage
    )


def outcome_statement(visits: Visits) -> Select[Any]:
    """Over the records that were won or lost in the period: how many of each, and [median, p90] of seconds until won."""
    won, lost = visits.outcome(StageKind.WON), visits.outcome(StageKind.LOST)
    taken = seconds(visits.rows.c.entered_at - visits.rows.c.began_at)
    return select(count(won), count(lost), typical(taken, won))


def flow_statement(visits: Visits) -> Select[Any]:
    """Per pair of stages that follow each other: how often, [median, p90] of seconds in the first, how often straight back."""
    c = visits.rows.c
    return (
        select(c.stage, c.next, func.count(), typical(visits.stay, true()), count(visits.bounced))
        .where(visits.ended)
        .group_by(c.stage, c.next)
        .order_by(func.count().desc())
        .limit(MOST_EDGES)
    )
