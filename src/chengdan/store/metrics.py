"""Metrics as SELECT: every figure of an object's records in one reading of each source, or one figure within a viewer's reach.

Metrics over the same records that belong to the same subjects share a scan; medians, for which PostgreSQL sorts, have their own.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Double,
    FromClause,
    Numeric,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    extract,
    func,
    literal,
    literal_column,
    null,
    select,
    table,
    true,
    within_group,
)

from chengdan.expr import Expression, Kind
from chengdan.expr.sql import SqlContext, compile_filter, compile_sql
from chengdan.kernel.field import FieldType
from chengdan.kernel.mark import MarkKind
from chengdan.kernel.metric import EXTRA, PACE, Function, Metric
from chengdan.kernel.object import STAGE_SINCE
from chengdan.kernel.snapshot import Snapshot
from chengdan.store import system
from chengdan.store.query import Viewing, labelled, stored

Sql = ColumnElement[Any]
_PACE = table(
    "pace", column("object", Text), column("stage", Text), column("days", Numeric), schema="chengdan"
)
PERIODS = ("day", "week", "month", "quarter", "year")
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Source:
    """The records that a metric is worked out over: their rows, and what expressions see beside them."""

    snapshot: Snapshot
    rows: FromClause
    context: SqlContext

    def holds(self, metric: Metric, text: str) -> Sql:
        extra = EXTRA if PACE in text else None
        compiled = self.snapshot.compiled(metric.object, text, expect=Kind.BOOLEAN, extra=extra)
        return compile_filter(compiled.expression, self.rows, self.context)

    def value(self, metric: Metric) -> Sql:
        extra = EXTRA if PACE in metric.value else None
        compiled = self.snapshot.compiled(metric.object, metric.value, expect=Kind.NUMBER, extra=extra)
        return compile_sql(compiled.expression, self.rows, self.context)

    def begun(self, metric: Metric, days: int) -> list[Sql]:
        """That a record counts already and, with `days`, still does."""
        if not metric.at:
            return []
        at = self.rows.c[metric.at]
        now: Any = self.context.now
        if self.snapshot.objects[metric.object].by_name[metric.at].type is FieldType.DATE:
            now = now.astimezone(self.context.zone).date()
        return [at <= now, *([at > now - timedelta(days=days)] if days else [])]


def rows_of(
    metrics: Sequence[Metric], rows: FromClause, snapshot: Snapshot, then: datetime | None = None
) -> FromClause:
    """The rows of the metrics' object; where one compares with it, beside each record the pace of those that were won.

    With `then` each record is in the stage that it was in at that moment, by its marks.
    """
    object = metrics[0].object
    pipeline = snapshot.pipeline_of(object)
    if pipeline is None:
        return rows
    if then is not None:
        rows = _in_stages_of(rows, object, pipeline.field, then)
    if not any(metric.reads_pace for metric in metrics):
        return rows
    pace = _PACE.alias()
    stage = rows.c[pipeline.field]
    days = select(pace.c.days).where(pace.c.object == object, pace.c.stage == stage).scalar_subquery()
    return select(rows, days.label(PACE)).subquery()


def _in_stages_of(rows: FromClause, object: str, field: str, then: datetime) -> Subquery:
    """By the stages entered: the next one after that moment tells which was left, the last one before it since when."""
    mark = system.mark.alias()
    entering = (
        mark.c.object == object,
        mark.c.record_id == rows.c.id,
        mark.c.kind == str(MarkKind.ENTERED),
    )
    left = (
        select(func.nullif(mark.c.stage, ""))
        .where(*entering, mark.c.at > then)
        .order_by(mark.c.at, mark.c.id)
        .limit(1)
        .scalar_subquery()
    )
    entered = (
        select(mark.c.at)
        .where(*entering, mark.c.at <= then)
        .order_by(mark.c.at.desc(), mark.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    others = [column for column in rows.c if column.name not in (field, STAGE_SINCE.name)]
    stage = func.coalesce(left, rows.c[field]).label(field)
    since = func.coalesce(entered, rows.c.created_at).label(STAGE_SINCE.name)
    return select(*others, stage, since).where(rows.c.created_at <= then).subquery()


def figure(source: Source, metric: Metric, within: Sequence[Sql] = ()) -> Sql:
    """The figure over the rows of the source that satisfy `within` and the metric's own conditions; null where it is unknown."""
    own = [source.holds(metric, metric.where)] if metric.where else []
    counted = and_(true(), *within, *own)
    value, records = _worked_out(source, metric, counted)
    if metric.least > 1 or metric.function is Function.RATIO:
        return case((records >= max(1, metric.least), value))
    return value


def _worked_out(source: Source, metric: Metric, counted: Sql) -> tuple[Sql, Sql]:
    """The figure, and over how many records it is."""
    records = func.count().filter(counted)
    match metric.function:
        case Function.COUNT:
            return func.nullif(records, 0), records
        case Function.SINCE:
            latest: Sql = func.max(source.rows.c[metric.at]).filter(counted)
            now = literal(source.context.now, DateTime(timezone=True))
            return extract("epoch", now - cast(latest, DateTime(timezone=True))) / _DAY_SECONDS, records
        case Function.RATIO:
            base = and_(counted, source.holds(metric, metric.against)) if metric.against else counted
            part = and_(counted, source.holds(metric, metric.part))
            if metric.value:
                value = source.value(metric)
                over, under = func.sum(value).filter(part), func.sum(value).filter(base)
            else:
                over, under = func.count().filter(part), func.count().filter(base)
            return (
                cast(func.coalesce(over, 0), Double) / cast(func.nullif(under, 0), Double),
                func.count().filter(base),
            )
        case Function.MEDIAN:
            middle = within_group(func.percentile_cont(0.5), cast(source.value(metric), Double))
            return middle.filter(counted), records
        case _:
            return getattr(func, metric.function)(source.value(metric)).filter(counted), records


def subjects_statement(
    snapshot: Snapshot,
    object: str,
    metrics: Sequence[Metric],
    context: SqlContext,
    *,
    where: str = "",
    some: bool = False,
    past: bool = False,
) -> Select[Any]:
    """For each unarchived record of `object` its id and the figures of the metrics in their order, unknown ones null.

    With `some` only for the ids in the open parameter `ids`. As of `context.now`: records made later are not there yet,
    and of the `past` records are in the stages that they were in.
    """
    subject = context.tables(object)
    joined: FromClause = subject
    columns: dict[str, Sql] = {}
    for group in _groups(metrics):
        found = _grouped(snapshot, group, context, some, past)
        joined = joined.outerjoin(found, found.c.per == subject.c.id)
        for metric in group:
            columns[metric.name] = found.c[metric.name]
    figures = [_known(metric, columns[metric.name], subject, context) for metric in metrics]
    chosen: list[Sql] = [subject.c.archived_at.is_(None), subject.c.created_at <= context.now]
    if where:
        condition = snapshot.compiled(object, where, expect=Kind.BOOLEAN).expression
        chosen.append(compile_filter(condition, subject, context))
    if some:
        chosen.append(subject.c.id == any_(bindparam("ids", type_=ARRAY(Uuid))))
    return select(subject.c.id, *figures).select_from(joined).where(*chosen)


def _known(metric: Metric, value: Sql, subject: FromClause, context: SqlContext) -> Sql:
    number: Sql = cast(value, Double)
    if metric.empty is not None:
        number = func.coalesce(number, float(metric.empty))
    if metric.ripe_days:
        ripe = subject.c.created_at <= context.now - timedelta(days=metric.ripe_days)
        number = case((ripe, number))
    return number.label(metric.name)


def _groups(metrics: Sequence[Metric]) -> list[list[Metric]]:
    found: dict[Any, list[Metric]] = defaultdict(list)
    for metric in metrics:
        alone = metric.name if metric.function is Function.MEDIAN else ""
        found[metric.object, metric.per, metric.reads_pace, alone].append(metric)
    return list(found.values())


def _grouped(
    snapshot: Snapshot, group: Sequence[Metric], context: SqlContext, some: bool, past: bool
) -> Subquery:
    """The figures of a group of metrics for each subject, read in one scan."""
    rows = rows_of(group, context.tables(group[0].object), snapshot, context.now if past else None)
    source = Source(snapshot, rows, context)
    per = rows.c[group[0].per]
    common: list[Sql] = [rows.c.archived_at.is_(None), per.is_not(None)]
    if some:
        common.append(per == any_(bindparam("ids", type_=ARRAY(Uuid))))
    alone = len(group) == 1
    if alone:
        common += source.begun(group[0], group[0].days)
    elif len({metric.at for metric in group}) == 1 and group[0].at:
        widest = 0 if any(metric.days == 0 for metric in group) else max(metric.days for metric in group)
        common += source.begun(group[0], widest)
    figures = [
        figure(source, metric, () if alone else source.begun(metric, metric.days)).label(metric.name)
        for metric in group
    ]
    return select(per.label("per"), *figures).where(*common).group_by(per).subquery()


def metric_statement(
    viewing: Viewing,
    metric: Metric,
    *,
    group: str = "",
    period: str = "",
    since: Any = None,
    until: Any = None,
    filter: Expression | None = None,
    limit: int = 200,
) -> Select[Any]:
    """One figure over the records within reach: (period, group, label of the group, figure, records).

    By the field `group` and the calendar `period` of the metric's `at`, the latest period and the greatest figure first;
    `since` and `until` (not itself) are days.
    """
    snapshot, context = viewing.edition.snapshot, viewing.context
    item = snapshot.objects[metric.object]
    rows = rows_of([metric], viewing.edition.tables.alias(metric.object), snapshot)
    source = Source(snapshot, rows, context)
    chosen: list[Sql] = [rows.c.archived_at.is_(None), viewing.gathered(metric.object, rows)]
    chosen += source.begun(metric, 0 if period or since or until else metric.days)
    if filter is not None:
        chosen.append(compile_filter(filter, rows, context))
    key: Sql = null()
    field = item.by_name[group] if group else None
    if field is not None:
        key = stored(viewing, item, field.name, rows)
    when: Sql = null()
    if metric.at and (period or since or until):
        day = _day(source, metric)
        chosen += [*([day >= since] if since else []), *([day < until] if until else [])]
        if period:
            when = cast(func.date_trunc(literal_column(f"'{period}'"), cast(day, DateTime)), Date)
    own = [source.holds(metric, metric.where)] if metric.where else []
    value = figure(source, metric)
    if metric.empty is not None:
        value = func.coalesce(value, float(metric.empty))
    found = (
        select(
            when.label("period"),
            key.label("key"),
            cast(value, Double).label("value"),
            func.count().filter(and_(true(), *own)).label("records"),
        )
        .where(*chosen)
        .limit(limit)
    )
    grouped = [part for part, asked in ((when, period), (key, group)) if asked]
    if grouped:
        found = found.group_by(*grouped).order_by(
            *([when.desc()] if period else []), cast(value, Double).desc().nulls_last()
        )
    rows_found = found.subquery("found")
    refers = field is not None and field.type in (FieldType.REFERENCE, FieldType.USER)
    label = labelled(viewing, field.object, rows_found.c.key) if field is not None and refers else null()
    return select(rows_found.c.period, rows_found.c.key, label, rows_found.c.value, rows_found.c.records)


def _day(source: Source, metric: Metric) -> Sql:
    """The day of a record's `at`, in the viewer's zone."""
    at = source.rows.c[metric.at]
    if source.snapshot.objects[metric.object].by_name[metric.at].type is FieldType.DATE:
        return at
    return cast(func.timezone(cast(source.context.zone.key, Text), at), Date)
