"""How the stages fared: what entered and left them, how long it stayed, where it went; and what came of it."""

from typing import Any

from sqlalchemy import Select, func, select, tuple_

from chengdan.kernel.pipeline import StageKind
from chengdan.store.mining.moves import Moves
from chengdan.store.mining.sample import Sample, count, seconds, typical


def flow_statement(moves: Moves) -> Select[Any]:
    """Per pair of stages, and once more per origin (no target): how often, [median, p90] of seconds in the first, how often
    straight back, how often into where the record had been. The origin of new records is empty."""
    c = moves.rows.c
    sets = func.grouping_sets(tuple_(c.origin, c.target), tuple_(c.origin))
    figures = (func.count(), typical(moves.stay, c.visit > 1), count(c.bounced), count(c.again))
    return select(c.origin, c.target, *figures).where(moves.inside).group_by(sets)


def open_statement(sample: Sample) -> Select[Any]:
    """Per open stage: how many records stand there now."""
    c = sample.records.c
    return select(c.now, func.count()).where(sample.among(c.now, StageKind.OPEN)).group_by(c.now)


def outcome_statement(sample: Sample) -> Select[Any]:
    """Over the records that were won or lost in the period: how many of each, and [median, p90] of seconds until won."""
    c = sample.records.c
    won, lost = (sample.among(c.now, kind) for kind in (StageKind.WON, StageKind.LOST))
    return select(count(won), count(lost), typical(seconds(c.now_since - c.created_at), won)).where(
        sample.closed(sample.records, StageKind.WON, StageKind.LOST)
    )
