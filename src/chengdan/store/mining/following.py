"""What follows what: the edges of the process map."""

from typing import Any

from sqlalchemy import Select, func, literal_column, select

from chengdan.kernel.mark import MarkKind
from chengdan.store.mining.sample import Sample, inside, seconds

MOST_EDGES = 400
"""So many pairs are told, the most frequent first."""


def map_statement(sample: Sample, with_substeps: bool) -> Select[Any]:
    """The directly-follows graph: from, to, how often, median seconds between. An empty name is the beginning."""
    kinds = (MarkKind.ENTERED, MarkKind.DONE) if with_substeps else (MarkKind.ENTERED,)
    c = sample.marks(*kinds).c
    before, before_at = (func.coalesce(c.after, ""), c.after_at) if with_substeps else (c.stage, c.since)
    median = func.percentile_cont(literal_column("0.5")).within_group(seconds(c.at - before_at))
    return (
        select(before, c.name, func.count(), median)
        .where(inside(c.at))
        .group_by(before, c.name)
        .order_by(func.count().desc())
        .limit(MOST_EDGES)
    )
