"""Reading metrics: a figure over the records within the viewer's reach, by a field and by calendar periods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chengdan.kernel.access import Act
from chengdan.kernel.field import FieldType
from chengdan.kernel.metric import EXTRA, Metric
from chengdan.kernel.record import UnknownField
from chengdan.run.errors import NoSuchMetric
from chengdan.run.read import bad_query, readable_field, require_readable, viewer_filter, viewing
from chengdan.store.metrics import PERIODS, metric_statement
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import scope_params

MAX_ROWS = 500
GROUPING = (FieldType.SELECT, FieldType.REFERENCE, FieldType.USER, FieldType.BOOLEAN)


@dataclass(frozen=True, slots=True)
class MetricQuery:
    """What of a metric is wanted: by the field `group`, per `period` of its moment, from the day `since` until before `until`."""

    name: str
    group: str = ""
    period: str = ""
    since: date | None = None
    until: date | None = None
    filter: str = ""
    limit: int = 100


def readable_metric(reader: Unit, metric: Metric) -> bool:
    """Whether the viewer may read all that the metric reads."""
    access = reader.snapshot.access(reader.principal, metric.object)
    if not access.may(Act.READ) or {metric.at, metric.per} & access.hidden:
        return False
    extra = EXTRA if metric.reads_pace else None
    try:
        for text in (*metric.conditions, metric.value):
            if text:
                needs = reader.snapshot.compiled(metric.object, text, extra=extra).needs
                require_readable(reader, metric.object, needs)
    except UnknownField:
        return False
    return True


def metrics(reader: Unit) -> Sequence[Metric]:
    """The metrics that the viewer may read."""
    return [metric for metric in reader.snapshot.metrics.values() if readable_metric(reader, metric)]


def read_metric(reader: Unit, query: MetricQuery) -> Sequence[Mapping[str, Any]]:
    """The figure, or one for each group and period. Raises NoSuchMetric, BadQuery, UnknownField, ExpressionError."""
    metric = reader.snapshot.metrics.get(query.name)
    if metric is None or not readable_metric(reader, metric):
        raise NoSuchMetric(name=query.name)
    item = reader.snapshot.objects[metric.object]
    _check(reader, metric, query)
    texts = [query.filter] if query.filter.strip() else []
    made = metric_statement(
        viewing(reader),
        metric,
        group=query.group,
        period=query.period,
        since=query.since,
        until=query.until,
        filter=viewer_filter(reader, item, texts),
        limit=query.limit,
    )
    sql, params = render(made).bound(**scope_params(reader.principal))
    return [
        {
            **({"period": period} if query.period else {}),
            **({"group": key, "label": label["label"] if label else None} if query.group else {}),
            "value": value,
            "records": records,
        }
        for period, key, label, value, records in reader.execute(sql, params).fetchall()
    ]


def _check(reader: Unit, metric: Metric, query: MetricQuery) -> None:
    item = reader.snapshot.objects[metric.object]
    access = reader.snapshot.access(reader.principal, metric.object)
    if query.group and readable_field(item, access, query.group, "group").type not in GROUPING:
        raise bad_query("group", f"不能按“{query.group}”分组", f"`{query.group}` can't be grouped by")
    if query.period and query.period not in PERIODS:
        raise bad_query(
            "period", f"period 应为 {'、'.join(PERIODS)}", f"period is one of {', '.join(PERIODS)}"
        )
    if (query.period or query.since or query.until) and not metric.at:
        raise bad_query("period", "这个指标没有时间", "this metric has no moment to go by")
    if not 1 <= query.limit <= MAX_ROWS:
        raise bad_query("limit", f"limit 应为 1–{MAX_ROWS}", f"limit must be 1–{MAX_ROWS}")
