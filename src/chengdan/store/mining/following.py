"""What follows what: the edges of the process map."""

from typing import Any

from sqlalchemy import (
    Select,
    func,
    literal_column,
    select,
)

from chengdan.kernel.mark import MarkKind
from chengdan.store import system
from chengdan.store.mining.sample import Sample, along, inside, one_of, seconds
from chengdan.store.mining.stages import MOST_EDGES


def map_statement(sample: Sample, with_substeps: bool) -> Select[Any]:
    """The directly-follows graph: from, to, how often, median seconds between. An empty name is the beginning."""
    mark, records = system.mark.alias("m"), sample.records
    kinds = [MarkKind.ENTERED, MarkKind.DONE] if with_substeps else [MarkKind.ENTERED]
    rows = (
        select(
            mark.c.name,
            mark.c.at,
            along(mark, func.lag(mark.c.name)).label("before"),
            along(mark, func.lag(mark.c.at)).label("before_at"),
        )
        .select_from(mark.join(records, records.c.id == mark.c.record_id))
        .where(mark.c.object == sample.object, one_of(mark.c.kind, [str(kind) for kind in kinds]))
        .cte("followed")
    )
    origin = func.coalesce(rows.c.before, "")
    between = seconds(rows.c.at - rows.c.before_at)
    median = func.percentile_cont(literal_column("0.5")).within_group(between)
    return (
        select(origin, rows.c.name, func.count(), median)
        .where(inside(rows.c.at))
        .group_by(origin, rows.c.name)
        .order_by(func.count().desc())
        .limit(MOST_EDGES)
    )
