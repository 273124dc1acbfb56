"""Moves: how records went from stage to stage, by the marks of stages entered, and what may be said of each.

What a record spent in a stage counts on the day it left: then it is known how, and how long it took, and no period is unfair to
what is still open.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, select

from chengdan.kernel.mark import MarkKind
from chengdan.kernel.pipeline import StageKind
from chengdan.store.mining.sample import Condition, Sample, inside, seconds


@dataclass(frozen=True)
class Moves:
    """The moves of a sample, out of `origin` (empty: the record is new) into `target`."""

    sample: Sample

    @cached_property
    def rows(self) -> Subquery:
        c = self.sample.marks(MarkKind.ENTERED).c
        return select(
            c.record_id,
            c.owner,
            c.team,
            c.now,
            c.now_since,
            c.stage.label("origin"),
            c.name.label("target"),
            c.at,
            c.met,
            c.without,
            c.visit,
            c.since,
            c.again,
            c.bounced,
        ).subquery("moves")

    @property
    def inside(self) -> Condition:
        return inside(self.rows.c.at)

    @property
    def ended(self) -> Condition:
        """A stay in the origin ended in the period."""
        return and_(self.inside, self.rows.c.visit > 1)

    @property
    def onward(self) -> Condition:
        """Towards the end of the pipeline, whenever that was."""
        c, place = self.rows.c, self.sample.place
        return and_(place(c.target) > place(c.origin), ~self._into_lost)

    @property
    def backward(self) -> Condition:
        """Towards the beginning of the pipeline, whenever that was."""
        c, place = self.rows.c, self.sample.place
        return and_(place(c.target) < place(c.origin), ~self._into_lost)

    @property
    def lost(self) -> Condition:
        return and_(self.ended, self._into_lost)

    @property
    def _into_lost(self) -> Condition:
        return self.sample.among(self.rows.c.target, StageKind.LOST)

    @property
    def stay(self) -> ColumnElement[Any]:
        """Seconds spent in the origin."""
        return seconds(self.rows.c.at - self.rows.c.since)
