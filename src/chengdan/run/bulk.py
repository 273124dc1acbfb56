"""Bulk work: one command for many records, each checked by itself, in units of moderate size."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Principal
from chengdan.run.commands import Command
from chengdan.run.errors import TooMany
from chengdan.run.runtime import Runtime

MAX_RECORDS = 1_000


@dataclass
class BulkReport:
    """How many records were done, and which were refused and why."""

    done: int = 0
    refused: list[tuple[UUID, ChengdanError]] = field(default_factory=list)


def run_bulk(
    runtime: Runtime, principal: Principal, ids: Sequence[UUID], make: Callable[[UUID], Command]
) -> BulkReport:
    """Carry out `make(id)` for each record in a unit of its own: one refusal holds up no other. Raises TooMany."""
    if len(ids) > MAX_RECORDS:
        raise TooMany(limit=MAX_RECORDS)
    report = BulkReport()
    for id in dict.fromkeys(ids):
        try:
            runtime.act(principal, make(id), "bulk")
            report.done += 1
        except ChengdanError as error:
            report.refused.append((id, error))
    return report
