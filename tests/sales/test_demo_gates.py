"""The demo company's history holds under the sales system's own definitions."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from chengdan.expr import Context
from chengdan.kernel.gate import CHECKLIST, Evidence, Signature, Verdict, check
from chengdan.kernel.record import read_value
from chengdan.sales.demo.batch import (
    CREATED,
    FILE_ATTACHED,
    MOVED,
    SIGNATURE_VOUCHED,
    SIGNED,
    SUBSTEP_DONE,
    UPDATED,
)
from tests.sales.company import Company
from tests.sales.manifests import snapshot

Record = dict[str, Any]


def test_every_value_is_one_its_field_takes(company: Company) -> None:
    for name, records in company.records.items():
        fields = snapshot().objects[name].by_name
        for record in records.values():
            for column, value in record.items():
                if column in fields and value is not None:
                    assert read_value(fields[column], value) == value, (name, column, value)


def test_required_fields_are_filled(company: Company) -> None:
    for name, records in company.records.items():
        required = [item.name for item in snapshot().objects[name].fields if item.required]
        assert all(record[column] is not None for record in records.values() for column in required)


def test_columns_are_the_stored_fields(company: Company) -> None:
    for batch in company.batches:
        fields = snapshot().objects[batch.object].by_name
        known = {"id", "version", *fields, *(f"{item}_currency" for item in fields)}
        assert set(batch.columns) <= known, batch.object


@dataclass
class History:
    """The company as it was at an instant that moves forward."""

    records: dict[str, dict[UUID, Record]] = field(default_factory=lambda: defaultdict(dict))
    substeps: dict[UUID, set[str]] = field(default_factory=lambda: defaultdict(set))
    files: dict[UUID, list[str]] = field(default_factory=lambda: defaultdict(list))
    signatures: dict[UUID, dict[str, list[Signature]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    children: dict[tuple[str, UUID], list[UUID]] = field(default_factory=lambda: defaultdict(list))

    def apply(self, object: str, id: UUID, kind: str, data: Mapping[str, Any]) -> None:
        if kind == CREATED:
            record = dict.fromkeys(snapshot().objects[object].by_name) | data["values"] | {"id": id}
            self.records[object][id] = record
            for column, value in data["values"].items():
                if isinstance(value, UUID):
                    self.children[f"{object}.{column}", value].append(id)
        elif kind == UPDATED:
            self.records[object][id] |= {name: new for name, (_, new) in data["changes"].items()}
        elif kind == MOVED:
            pipeline = snapshot().pipeline_of(object)
            assert pipeline is not None
            self.records[object][id][pipeline.field] = data["to"]
        elif kind == SUBSTEP_DONE:
            self.substeps[id].add(data["name"])
        elif kind == FILE_ATTACHED:
            self.files[id].append(data["kind"])
        elif kind in (SIGNED, SIGNATURE_VOUCHED):
            self.signatures[id][data["deliverable"]].append(Signature(True))


@dataclass
class FactsThen:
    """What an expression over one record sees of the records around it."""

    history: History
    object: str
    record: Record

    def one(self, path: tuple[str, ...]) -> Record | None:
        _, record = self._at(path)
        return record

    def many(self, path: tuple[str, ...], inverse: str) -> Sequence[Record]:
        object, record = self._at(path)
        if record is None:
            return ()
        child = snapshot().children_of(object)[inverse]
        ids = self.history.children[f"{child.object}.{child.field}", record["id"]]
        return [self.history.records[child.object][id] for id in ids]

    def _at(self, path: tuple[str, ...]) -> tuple[str, Record | None]:
        object: str = self.object
        record: Record | None = self.record
        for name in path:
            object = snapshot().objects[object].by_name[name].object
            record = None if record is None else self.history.records[object].get(record[name])
        return object, record


def verdict(history: History, object: str, id: UUID, at: datetime, to: str) -> Verdict:
    """What the gate would have said to this move at that instant."""
    pipeline = snapshot().pipeline_of(object)
    assert pipeline is not None
    record = {**history.records[object][id], CHECKLIST: dict.fromkeys(history.substeps[id], True)}
    facts = FactsThen(history, object, record)
    context = Context(now=at, me=None, zone=ZoneInfo("Asia/Shanghai"), calendar=None, facts=facts)
    return check(
        snapshot(),
        pipeline,
        record,
        Evidence(context, Counter(history.files[id]), history.signatures[id]),
        record[pipeline.field],
        to,
    )


@pytest.mark.parametrize("object", ["opportunity", "lead"])
def test_the_gate_would_have_let_every_move_pass(company: Company, object: str) -> None:
    history, moves, refused = History(), 0, []
    story = [
        (at, batch.object, id, kind, data)
        for batch in company.batches
        for at, _, kind, id, data in batch.events
    ]
    for at, name, id, kind, data in sorted(story, key=itemgetter(0)):
        if kind == MOVED and name == object:
            moves += 1
            found = verdict(history, object, id, at, data["to"])
            allowed = "needs_reason" if "without" in data else "allowed"
            if found.outcome != allowed:
                refused.append((data["from"], data["to"], [unmet.path for unmet in found.unmet]))
        history.apply(name, id, kind, data)
    assert moves > 500
    assert refused == []
