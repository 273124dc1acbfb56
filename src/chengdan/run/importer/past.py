"""What rows tell of the past: when their records came into each of the stages that they went through. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chengdan.base.label import Label
from chengdan.kernel.pipeline import Stage, StageKind
from chengdan.kernel.record import InvalidValue
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.importer.cells import Reading, instant_of
from chengdan.run.importer.moments import Unreadable
from chengdan.run.importer.plan import ImportPlan
from chengdan.run.tabular import Cell


@dataclass(frozen=True, slots=True)
class Entry:
    """That a record came into a stage; `at` is None where the row doesn't say when."""

    stage: str
    at: datetime | None


class Past:
    """Reads the way of a record through its stages from the columns that the plan names for them."""

    def __init__(
        self, plan: ImportPlan, snapshot: Snapshot, columns: Sequence[str], reading: Reading
    ) -> None:
        self._pipeline = snapshot.pipeline_of(plan.object)
        self._reading = reading
        self._stages = [
            (self._pipeline.stage(stage), columns.index(column))
            for stage, column in plan.entered.items()
            if self._pipeline is not None
        ]

    def of(self, cells: Sequence[Cell], stage: str | None) -> tuple[Entry, ...]:
        """How the record came to `stage` (None: the last that has a date), the earliest first; empty where nothing tells.

        Of the stages behind it, and of other ends, dates say nothing. Raises InvalidValue for what is no date.
        """
        pipeline = self._pipeline
        dated = sorted(
            (at, pipeline.position(one.name), one)
            for one, index in self._stages
            if pipeline is not None and (at := self._instant(one, cells[index])) is not None
        )
        if pipeline is None or not dated or (stage is not None and not pipeline.has(stage)):
            return ()
        last = dated[-1][2].name if stage is None else stage
        end = pipeline.position(last)
        way = [Entry(one.name, at) for at, place, one in dated if place < end and one.kind is StageKind.OPEN]
        reached = next((at for at, place, _ in dated if place == end), None)
        if not way and reached is None:
            return ()
        if way and way[-1].at and reached:
            reached = max(reached, way[-1].at)
        return (*way, Entry(last, reached))

    def _instant(self, stage: Stage, cell: Cell) -> datetime | None:
        text = cell.strip() if isinstance(cell, str) else cell
        if text is None or text == "":
            return None
        try:
            return instant_of(self._reading, text)
        except Unreadable as unreadable:
            raise InvalidValue(
                path=f"entered.{stage.name}", label=_entering(stage), why=unreadable.why
            ) from None


def _entering(stage: Stage) -> Label:
    return Label(f"进入“{stage.label.zh}”的时间", f"when it entered {stage.label.en}")
