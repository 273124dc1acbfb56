"""Visits of stages, by `lead` and `lag` along the marks of each record, and what may be said of each.

A visit counts on the day it ended: then it is known how, and how long it took, and no period is unfair to what is still open.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    and_,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chengdan.kernel.mark import MarkKind
from chengdan.kernel.pipeline import StageKind
from chengdan.store import system
from chengdan.store.mining.sample import Condition, Sample, along, inside, seconds, seen_before


@dataclass(frozen=True)
class Visits:
    """The visits of stages: one row each, with how it ended."""

    sample: Sample
    rows: CTE

    @classmethod
    def of(cls, sample: Sample) -> "Visits":
        mark, records = system.mark.alias("m"), sample.records
        chosen = (
            select(
                mark.c.record_id,
                mark.c.name.label("stage"),
                mark.c.at.label("entered_at"),
                mark.c.met.label("came_with"),
                mark.c.without.label("came_without"),
                along(mark, func.lag(mark.c.name)).label("before"),
                along(mark, func.lead(mark.c.name)).label("next"),
                along(mark, func.lead(mark.c.at)).label("left_at"),
                along(mark, func.lead(mark.c.met)).label("met"),
                along(mark, func.lead(mark.c.without)).label("without"),
                along(mark, func.first_value(mark.c.at)).label("began_at"),
                seen_before(mark, mark.c.name).label("again"),
            )
            .select_from(mark.join(records, records.c.id == mark.c.record_id))
            .where(mark.c.object == sample.object, mark.c.kind == str(MarkKind.ENTERED))
        )
        return cls(sample, chosen.cte("visits"))

    @property
    def entered(self) -> Condition:
        return inside(self.rows.c.entered_at)

    @property
    def ended(self) -> Condition:
        return inside(self.rows.c.left_at)

    @property
    def onward(self) -> Condition:
        """It ended towards the end of the pipeline, whenever that was."""
        c, place = self.rows.c, self.sample.place
        return and_(place(c.next) > place(c.stage), ~self.sample.among(c.next, StageKind.LOST))

    @property
    def forward(self) -> Condition:
        return and_(self.ended, self.onward)

    @property
    def lost(self) -> Condition:
        return and_(self.ended, self.sample.among(self.rows.c.next, StageKind.LOST))

    @property
    def backward(self) -> Condition:
        """It ended towards the beginning of the pipeline, whenever that was."""
        c, place = self.rows.c, self.sample.place
        return and_(place(c.next) < place(c.stage), ~self.sample.among(c.next, StageKind.LOST))

    @property
    def back(self) -> Condition:
        return and_(self.ended, self.backward)

    @property
    def open(self) -> Condition:
        return and_(self.rows.c.left_at.is_(None), self.sample.among(self.rows.c.stage, StageKind.OPEN))

    @property
    def again(self) -> Condition:
        return and_(self.entered, self.rows.c.again)

    @property
    def bounced(self) -> Condition:
        """To a stage and straight back to where it came from: the second half of a ping-pong."""
        return and_(self.ended, self.rows.c.before == self.rows.c.next)

    @property
    def stay(self) -> ColumnElement[Any]:
        return seconds(self.rows.c.left_at - self.rows.c.entered_at)

    def outcome(self, *kinds: StageKind) -> Condition:
        """Entered a final stage in the period, and stands there now."""
        c = self.rows.c
        return and_(self.entered, c.left_at.is_(None), self.sample.among(c.stage, *kinds))


def typical(value: ColumnElement[Any], where: Condition) -> ColumnElement[Any]:
    """Median and 90th percentile."""
    shares = cast(literal_column("'{0.5,0.9}'"), ARRAY(Float))
    return func.percentile_cont(shares).within_group(value).filter(where)


def count(where: Condition) -> ColumnElement[int]:
    return func.count().filter(where)
