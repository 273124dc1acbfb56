"""How records went from stage to stage in a period: what is counted of each stage, out of the pairs that followed each other."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from chengdan.kernel.pipeline import Pipeline, StageKind

Rows = Sequence[Sequence[Any]]
Spread = Sequence[float] | None
"""Median and 90th percentile, in seconds; None where nothing is to be measured."""


@dataclass(frozen=True, slots=True)
class Edge:
    """From a stage (empty: the record is new) to another: how often, how long it stood in the first, how often it went straight
    back, how often it had been there before."""

    origin: str
    target: str
    count: int
    taken: Spread
    bounced: int
    again: int


@dataclass(frozen=True, slots=True)
class Counts:
    """What a stage saw: entered; left, of these towards the end, into a lost stage, back; entered again; passed over."""

    entered: int
    ended: int
    forward: int
    lost: int
    back: int
    again: int
    jumped: int


@dataclass(frozen=True)
class Flow:
    """The edges, the most frequent first, and how long records stood in each stage."""

    pipeline: Pipeline
    edges: Sequence[Edge]
    stays: dict[str, Spread]

    @classmethod
    def of(cls, pipeline: Pipeline, rows: Rows) -> "Flow":
        """From the rows of `store.mining.stages.flow_statement`."""
        edges = [Edge(*row) for row in rows if row[1] is not None]
        stays = {row[0]: row[3] for row in rows if row[1] is None}
        return cls(pipeline, sorted(edges, key=lambda edge: -edge.count), stays)

    def counts(self, stage: str) -> Counts:
        into = [edge for edge in self.edges if edge.target == stage]
        out = [edge for edge in self.edges if edge.origin == stage]
        lost = [edge for edge in out if self._is(edge.target, StageKind.LOST)]
        forward = [edge for edge in self._onward() if edge.origin == stage]
        back = [edge for edge in out if edge not in lost and self._step(edge) < 0]
        return Counts(
            entered=_sum(into),
            ended=_sum(out),
            forward=_sum(forward),
            lost=_sum(lost),
            back=_sum(back),
            again=sum(edge.again for edge in into),
            jumped=_sum(edge for edge in self._onward() if self._is_over(edge, stage)),
        )

    def _onward(self) -> Iterator[Edge]:
        for edge in self.edges:
            if self._step(edge) > 0 and not self._is(edge.target, StageKind.LOST):
                yield edge

    def _step(self, edge: Edge) -> int:
        """How many stages further on; 0 where the pipeline has one of the two no longer."""
        if not (self.pipeline.has(edge.origin) and self.pipeline.has(edge.target)):
            return 0
        return self.pipeline.position(edge.target) - self.pipeline.position(edge.origin)

    def _is_over(self, edge: Edge, stage: str) -> bool:
        position = self.pipeline.position
        between = position(edge.origin) < position(stage) < position(edge.target)
        return between and self._is(stage, StageKind.OPEN)

    def _is(self, stage: str, kind: StageKind) -> bool:
        return self.pipeline.has(stage) and self.pipeline.stage(stage).kind is kind


def _sum(edges: Iterable[Edge]) -> int:
    return sum(edge.count for edge in edges)
