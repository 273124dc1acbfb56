"""Event logs to take away: XES (IEEE 1849-2016) and OCEL 2.0 (its JSON form), written piece by piece, however long they are."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO
from uuid import UUID
from xml.sax.saxutils import quoteattr

from chengdan.base.json import dumps_text
from chengdan.base.label import Label
from chengdan.kernel.field import FieldType
from chengdan.kernel.mark import MarkKind
from chengdan.run.mining.asking import Asked
from chengdan.store.mining.log import log_marks_statement, log_records_statement

RECORDS_PER_PIECE = 2_000
SUFFIXES = {"xes": "xes", "ocel": "jsonocel"}
Watch = Callable[[int], None]
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 cannot hold, not even escaped."""
_XES_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
\t<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
\t<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
\t<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
\t<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
\t<global scope="trace"><string key="concept:name" value=""/></global>
\t<global scope="event"><string key="concept:name" value=""/><date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/><string key="lifecycle:transition" value="complete"/></global>
\t<classifier name="Activity" keys="concept:name"/>
"""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One mark as a log tells it. `transition` is XES's lifecycle."""

    number: int
    record: UUID
    at: datetime
    activity: str
    transition: str
    stage: str
    resource: str | None


@dataclass(frozen=True, slots=True)
class LoggedRecord:
    """A record with its title, its stage, and what it refers to: (field, object, id, label)."""

    id: UUID
    title: str
    stage: str
    related: Sequence[tuple[str, str, UUID, str]]


class EventLog:
    """The records of a sample that something happened to in the period, with all their marks."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        snapshot, pipeline = asked.reader.snapshot, asked.pipeline
        self.object = pipeline.object
        item, access = snapshot.objects[self.object], snapshot.access(asked.reader.principal, self.object)
        self.references = [
            (field.name, field.object)
            for field in item.by_name.values()
            if field.type in (FieldType.REFERENCE, FieldType.USER)
            and field.name not in access.hidden
            and field.object in snapshot.objects
            and not field.derived
        ]
        self._zh = asked.reader.principal.locale != "en"
        self._names = {stage.name: self._say(stage.label) for stage in pipeline.stages}
        self._steps = {item.name: self._say(item.label) for _, item in pipeline.deliverables()}

    def _say(self, label: Label) -> str:
        return label.zh if self._zh else label.en

    def activities(self) -> list[str]:
        """Every activity that an event may name."""
        return list(dict.fromkeys([*self._names.values(), *self._steps.values()]))

    def pieces(self) -> Iterator[list[LoggedRecord]]:
        """The records, a piece at a time, in the order of their ids."""
        after = UUID(int=0)
        names = [name for name, _ in self.references]
        statement = log_records_statement(self._asked.sample, names, RECORDS_PER_PIECE)
        while rows := self._asked.rows(statement, after=after):
            yield [self._record(row) for row in rows]
            after = rows[-1][0]

    def _record(self, row: tuple[Any, ...]) -> LoggedRecord:
        id, title, stage, *related = row
        found = [
            (name, object, UUID(one["id"]), one["label"])
            for (name, object), one in zip(self.references, related, strict=True)
            if one is not None and one["label"] is not None
        ]
        return LoggedRecord(id, title or str(id), self._names.get(stage, stage or ""), found)

    def events(self, records: Sequence[LoggedRecord]) -> Iterator[LoggedEvent]:
        """The events of these records, record by record, each in the order in which they happened."""
        ids = [record.id for record in records]
        for number, id, at, kind, name, stage, resource in self._asked.rows(
            log_marks_statement(self._asked.sample), ids=ids
        ):
            if kind == MarkKind.ENTERED:
                activity, transition, stage = self._names.get(name, name), "complete", name
            else:
                activity = self._steps.get(name, name)
                transition = _TRANSITIONS[kind]
            yield LoggedEvent(number, id, at, activity, transition, self._names.get(stage, stage), resource)


_TRANSITIONS: Mapping[str, str] = {
    MarkKind.DONE: "complete",
    MarkKind.UNDONE: "ate_abort",
    MarkKind.WORKED: "start",
}


def write_xes(log: EventLog, path: Path, watch: Watch = lambda count: None) -> int:
    """Write the log as XES; returns how many events it has."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(_XES_HEAD)
        for records in log.pieces():
            events = log.events(records)
            event = next(events, None)
            for record in records:
                file.write(f"\t<trace>\n{_string(2, 'concept:name', record.title)}")
                file.write(_string(2, "identity:id", str(record.id)))
                for name, _, _, label in record.related:
                    file.write(_string(2, name, label))
                while event is not None and event.record == record.id:
                    _write_event(file, event)
                    count += 1
                    event = next(events, None)
                file.write("\t</trace>\n")
            watch(count)
        file.write("</log>\n")
    return count


def _write_event(file: TextIO, event: LoggedEvent) -> None:
    at = event.at.astimezone(UTC).isoformat(timespec="milliseconds")
    file.write("\t\t<event>\n")
    file.write(_string(3, "concept:name", event.activity))
    file.write(f'\t\t\t<date key="time:timestamp" value="{at}"/>\n')
    file.write(_string(3, "lifecycle:transition", event.transition))
    file.write(_string(3, "stage", event.stage))
    if event.resource:
        file.write(_string(3, "org:resource", event.resource))
    file.write("\t\t</event>\n")


def _string(depth: int, key: str, value: str) -> str:
    written = quoteattr(_UNWRITABLE.sub(" ", value), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
    return f'{chr(9) * depth}<string key="{key}" value={written}/>\n'


def write_ocel(log: EventLog, path: Path, watch: Watch = lambda count: None) -> int:
    """Write the log as OCEL 2.0 in JSON: events of records, related to what these refer to; returns how many events it has."""
    kinds = list(dict.fromkeys([log.object, *(object for _, object in log.references)]))
    text = [{"name": "name", "type": "string"}]
    with path.open("w", encoding="utf-8") as file:
        types = [
            {"name": kind, "attributes": [*text, *_STAGE] if kind == log.object else text} for kind in kinds
        ]
        file.write(f'{{"objectTypes":{dumps_text(types)},\n')
        made = [{"name": name, "attributes": _ATTRIBUTES} for name in log.activities()]
        file.write(f'"eventTypes":{dumps_text(made)},\n"objects":[')
        comma = _Commas(file)
        known: set[UUID] = set()
        for records in log.pieces():
            for one in _objects(log, records, known):
                comma.write(one)
        file.write('],\n"events":[')
        comma, count = _Commas(file), 0
        for records in log.pieces():
            related = {record.id: record.related for record in records}
            for event in log.events(records):
                comma.write(_ocel_event(event, related[event.record]))
                count += 1
            watch(count)
        file.write("]}\n")
    return count


_STAGE = [{"name": "stage", "type": "string"}]
_ATTRIBUTES = [{"name": name, "type": "string"} for name in ("transition", "stage", "resource")]
_EPOCH = "1970-01-01T00:00:00Z"


class _Commas:
    """Writes the members of a JSON list one by one."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._first = True

    def write(self, value: Any) -> None:
        self._file.write(("\n" if self._first else ",\n") + dumps_text(value))
        self._first = False


def _objects(log: EventLog, records: Sequence[LoggedRecord], known: set[UUID]) -> Iterator[dict[str, Any]]:
    """These records, and before each what it refers to, each once."""
    for record in records:
        for _, object, id, label in record.related:
            if id not in known:
                known.add(id)
                yield {
                    "id": str(id),
                    "type": object,
                    "attributes": [_attribute("name", label)],
                    "relationships": [],
                }
        yield {
            "id": str(record.id),
            "type": log.object,
            "attributes": [_attribute("name", record.title), _attribute("stage", record.stage)],
            "relationships": [{"objectId": str(id), "qualifier": name} for name, _, id, _ in record.related],
        }


def _attribute(name: str, value: str) -> dict[str, str]:
    return {"name": name, "time": _EPOCH, "value": value}


def _ocel_event(event: LoggedEvent, related: Sequence[tuple[str, str, UUID, str]]) -> dict[str, Any]:
    values = {"transition": event.transition, "stage": event.stage, "resource": event.resource or ""}
    return {
        "id": f"e{event.number}",
        "type": event.activity,
        "time": event.at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        "attributes": [{"name": name, "value": value} for name, value in values.items()],
        "relationships": [
            {"objectId": str(event.record), "qualifier": "of"},
            *({"objectId": str(id), "qualifier": name} for name, _, id, _ in related),
        ],
    }
