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
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.functions import FunctionElement

from chengdan.expr import Expression
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
        """The records, with what figures are grouped by."""
        table = self.viewing.edition.tables.alias(self.object)
        conditions = within(self.viewing, self.object, table, self.filter)
        stage = table.c[self.pipeline.field].label("now")
        return select(table.c.id, table.c.owner, table.c.team, stage).where(*conditions).cte("records")

    def place(self, stage: ColumnElement[Any]) -> ColumnElement[int]:
        """The place of a stage in the order of the pipeline; null for one that it has no longer."""
        order = {name.name: index for index, name in enumerate(self.pipeline.stages)}
        return case(order, value=stage, else_=None)

    def among(self, stage: ColumnElement[Any], *kinds: StageKind) -> Condition:
        return one_of(stage, self.names(*kinds))


def one_of(column: ColumnElement[Any], names: Sequence[str]) -> Condition:
    return column == any_(literal(names, ARRAY(Text)))


def along(mark: FromClause, function: FunctionElement[Any]) -> ColumnElement[Any]:
    """A window function along the marks of each record, from the first to the present one."""
    return function.over(partition_by=mark.c.record_id, order_by=[mark.c.at, mark.c.id], rows=(None, 0))


def seen_before(mark: FromClause, name: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether a name came up along the record's earlier marks. In the order that `along` has, so nothing is sorted for it."""
    earlier = func.array_agg(name).over(
        partition_by=mark.c.record_id, order_by=[mark.c.at, mark.c.id], rows=(None, -1)
    )
    seen: ColumnElement[bool] = func.coalesce(name == any_(earlier), False)
    return seen


def inside(at: ColumnElement[Any]) -> Condition:
    return and_(at >= _SINCE, at < _UNTIL)


def seconds(span: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(extract("epoch", span), Float)
