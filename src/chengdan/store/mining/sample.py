"""Which records are looked at, in which period: what every question of process analysis begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    FromClause,
    Subquery,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chengdan.expr import Expression
from chengdan.kernel.mark import MarkKind
from chengdan.kernel.object import STAGE_SINCE
from chengdan.kernel.pipeline import Pipeline, StageKind
from chengdan.store import system
from chengdan.store.panels import within
from chengdan.store.query import Viewing

Condition = ColumnElement[bool]
_SINCE = bindparam("since", type_=system.Instant)
_UNTIL = bindparam("until", type_=system.Instant)


@dataclass(frozen=True)
class Sample:
    """Which records are looked at: those of a pipeline's object within the viewer's reach that satisfy the filter.

    The period is left open in the statements: `since` and `until`.
    """

    viewing: Viewing
    pipeline: Pipeline
    filter: Expression | None

    @property
    def object(self) -> str:
        return self.pipeline.object

    def names(self, *kinds: StageKind) -> list[str]:
        return [stage.name for stage in self.pipeline.stages if stage.kind in kinds]

    @cached_property
    def records(self) -> CTE:
        """The records, with what figures are grouped by; found anew, or by their ids, wherever a statement needs them."""
        table = self.viewing.edition.tables.alias(self.object)
        conditions = within(self.viewing, self.object, table, self.filter)
        now, since = table.c[self.pipeline.field].label("now"), table.c[STAGE_SINCE.name].label("now_since")
        records = (
            select(table.c.id, table.c.owner, table.c.team, table.c.created_at, now, since)
            .where(*conditions)
            .cte("records")
        )
        return records.prefix_with("NOT MATERIALIZED")

    def marks(self, *kinds: MarkKind) -> Subquery:
        """The marks of these kinds that the records left, whenever that was; each with what figures are grouped by."""
        mark, records = system.mark, self.records
        return (
            select(mark, records.c.owner, records.c.team, records.c.now, records.c.now_since)
            .select_from(mark.join(records, records.c.id == mark.c.record_id))
            .where(mark.c.object == self.object, one_of(mark.c.kind, [str(kind) for kind in kinds]))
            .subquery("marks")
        )

    def place(self, stage: ColumnElement[Any]) -> ColumnElement[int]:
        """The place of a stage in the order of the pipeline; null for one that it has no longer."""
        order = {name.name: index for index, name in enumerate(self.pipeline.stages)}
        return case(order, value=stage, else_=None)

    def closed(self, records: FromClause, *kinds: StageKind) -> Condition:
        """Of records: entered the stage of these kinds where they stand now in the period."""
        return and_(self.among(records.c.now, *kinds), inside(records.c.now_since))

    def among(self, stage: ColumnElement[Any], *kinds: StageKind) -> Condition:
        return one_of(stage, self.names(*kinds))


def one_of(column: ColumnElement[Any], names: Sequence[str]) -> Condition:
    return column == any_(literal(names, ARRAY(Text)))


def inside(at: ColumnElement[Any]) -> Condition:
    return and_(at >= _SINCE, at < _UNTIL)


def seconds(span: ColumnElement[Any]) -> ColumnElement[float]:
    """A span as a float; `extract` would count in `numeric`, which takes far longer."""
    return func.date_part("epoch", span)


def count(where: Condition) -> ColumnElement[int]:
    return func.count().filter(where)


def typical(value: ColumnElement[Any], where: Condition) -> ColumnElement[Any]:
    """Median and 90th percentile."""
    shares = cast(literal_column("'{0.5,0.9}'"), ARRAY(Float))
    return func.percentile_cont(shares).within_group(value).filter(where)
