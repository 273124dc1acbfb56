"""A generated demo company, taken apart for the tests."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from chengdan.sales.demo import Batch

NOW = datetime(2026, 11, 24, 6, 30, tzinfo=UTC)


@dataclass
class Company:
    """A generated demo company: its batches, the records by object and id, and every event in the order given."""

    batches: list[Batch]
    records: dict[str, dict[UUID, dict[str, Any]]]
    events: dict[UUID, list[tuple[datetime, UUID | None, str, dict[str, Any]]]]


def take_apart(batches: list[Batch]) -> Company:
    records: dict[str, dict[UUID, dict[str, Any]]] = defaultdict(dict)
    events: dict[UUID, list[tuple[datetime, UUID | None, str, dict[str, Any]]]] = defaultdict(list)
    for batch in batches:
        for row in batch.rows:
            record = dict(zip(batch.columns, row, strict=True))
            records[batch.object][record["id"]] = record
        for at, actor, kind, record_id, data in batch.events:
            events[record_id].append((at, actor, kind, data))
    return Company(batches, records, events)
