"""What is asked of a pipeline's history: which pipeline, which period, which records; checked before it is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Act
from chengdan.kernel.pipeline import Deliverable, Pipeline, Stage
from chengdan.run.holding import object_of, require
from chengdan.run.read import bad_query, viewer_filter, viewing
from chengdan.store.mining.sample import Sample
from chengdan.store.mining.together import together
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import scope_params

PERMISSION = "analyse"
DEFAULT_DAYS = 90
MAX_DAYS = 3_700


class NoSuchPipeline(ChengdanError):
    """A pipeline that is not there, or over an object that the viewer may not see."""

    code = "PROCESS-001"
    status = 404
    zh = "没有流程“{name}”。"
    en = "There is no pipeline `{name}`."


class NoSuchDeliverable(ChengdanError):
    """A deliverable that the pipeline does not have."""

    code = "PROCESS-002"
    status = 404
    zh = "流程“{pipeline}”里没有交付物“{name}”。"
    en = "The pipeline `{pipeline}` has no deliverable `{name}`."


@dataclass(frozen=True, slots=True)
class Period:
    """From `since` (included) until `until` (excluded)."""

    since: datetime
    until: datetime

    def before(self) -> "Period":
        """The period of the same length that ends where this one begins."""
        return Period(self.since - (self.until - self.since), self.since)


@dataclass(frozen=True)
class Asked:
    """A question about a pipeline: its sample of records, and the period."""

    reader: Unit
    pipeline: Pipeline
    sample: Sample
    period: Period

    def rows(
        self, statement: Select[Any], period: Period | None = None, **more: Any
    ) -> Sequence[tuple[Any, ...]]:
        """The answer of a statement of `store.mining`, over another period if one is given; `more` are its other parameters."""
        span = period or self.period
        sql, params = render(statement).bound(
            **scope_params(self.reader.principal), since=span.since, until=span.until, **more
        )
        return self.reader.execute(sql, params).fetchall()

    def together(self, *statements: Select[Any], period: Period | None = None) -> list[list[list[Any]]]:
        """The rows of each statement, all answered at once; instants come as text."""
        [answers] = self.rows(together(*statements), period)
        return [rows or [] for rows in answers]


def ask(
    reader: Unit, name: str, since: datetime | None = None, until: datetime | None = None, filter: str = ""
) -> Asked:
    """A question, checked; without a period the last DEFAULT_DAYS.

    Raises NotPermitted, NoSuchPipeline, BadQuery, ExpressionError, UnknownField.
    """
    require(reader, PERMISSION)
    pipeline = reader.snapshot.pipelines.get(name)
    if pipeline is None or not reader.snapshot.access(reader.principal, pipeline.object).may(Act.READ):
        raise NoSuchPipeline(path="pipeline", name=name)
    item, access = object_of(reader, pipeline.object)
    if pipeline.field in access.hidden:
        raise NoSuchPipeline(path="pipeline", name=name)
    expression = viewer_filter(reader, item, [filter] if filter.strip() else [])
    period = period_of(reader.now, since, until)
    return Asked(reader, pipeline, Sample(viewing(reader), pipeline, expression), period)


def period_of(now: datetime, since: datetime | None, until: datetime | None) -> Period:
    """The period that is asked for. Raises BadQuery."""
    end = until or now
    start = since or end - timedelta(days=DEFAULT_DAYS)
    if not start < end or end - start > timedelta(days=MAX_DAYS):
        raise bad_query(
            "since",
            f"开始应早于结束，且不超过 {MAX_DAYS} 天",
            f"the start must lie before the end, at most {MAX_DAYS} days",
        )
    return Period(start, end)


def deliverable_of(pipeline: Pipeline, name: str) -> tuple[Stage, Deliverable]:
    """The deliverable of that name and its stage. Raises NoSuchDeliverable."""
    for stage, item in pipeline.deliverables():
        if item.name == name:
            return stage, item
    raise NoSuchDeliverable(path="step", pipeline=pipeline.name, name=name)


def pipelines(reader: Unit) -> list[Pipeline]:
    """The pipelines that the viewer may ask about. Raises NotPermitted."""
    require(reader, PERMISSION)
    found = []
    for pipeline in reader.snapshot.pipelines.values():
        access = reader.snapshot.access(reader.principal, pipeline.object)
        if access.may(Act.READ) and pipeline.field not in access.hidden:
            found.append(pipeline)
    return found
