"""How far a file is brought in, as its job says: counts so far, the first records, the refused ones kept."""

from collections.abc import Mapping, Sequence
from typing import Any

from chengdan.run.importer.outcome import Checkpoint, Outcome
from chengdan.run.importer.refused import HEADER, keep
from chengdan.run.jobs import Progress
from chengdan.store.unit import Unit

RECORDS_NAMED = 20


def checkpoint(progress: Progress, total: int, header: Sequence[str]) -> Checkpoint[Outcome]:
    """Moves the job in the transaction of each part, so that it goes on behind the last one that was committed.

    `header` is that of the rows it refuses.
    """

    def move(unit: Unit, outcome: Outcome) -> None:
        keep(unit, progress, outcome.refused)
        tallied = _tallied(progress.result, outcome)
        if tallied["refused"]:
            tallied[HEADER] = list(header)
        progress.move(unit, progress.done + outcome.size, tallied, total)

    return move


def _tallied(result: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    counts = {name: result.get(name, 0) + more for name, more in outcome.counts().items()}
    records = [*result.get("records", ()), *map(str, outcome.records)][:RECORDS_NAMED]
    return {**result, **counts, "records": records}
