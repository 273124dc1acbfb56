"""Reading XES event logs (IEEE 1849), plain or gzipped, one trace at a time."""

import gzip
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any, cast

from chengdan.base.errors import ChengdanError

MAX_BYTES = 4_000_000_000
"""So much XML at most, however small the file was packed."""
MAX_EVENTS = 100_000
"""So many events of one trace at most."""
_HEAD = 4_096


class XesUnreadable(ChengdanError):
    """A file that is no XES event log, or one beyond the limits."""

    code = "XES-001"
    status = 422
    zh = "“{file}”不是可以读取的 XES 事件日志：{why}"
    en = "{file} is no readable XES event log: {why}"
    hint_zh = "应是 .xes 或 .xes.gz，每个事件有 concept:name 和带时区的 time:timestamp。"
    hint_en = "It should be .xes or .xes.gz, each event with concept:name and time:timestamp with an offset."


@dataclass(frozen=True, slots=True)
class XesEvent:
    """One event. `transition` is that of its lifecycle in lower case (`complete` where the log says none)."""

    name: str
    at: datetime
    transition: str
    resource: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """One case: its number in the file (from 1), its attributes, its events in their order."""

    number: int
    attributes: Mapping[str, str]
    events: tuple[XesEvent, ...]


def read_traces(path: Path) -> Iterator[Trace]:
    """The traces of a log. Raises XesUnreadable with the place."""
    number = 0
    try:
        with _opened(path) as file:
            root = None
            for happening, element in ET.iterparse(file, events=("start", "end")):
                if root is None:
                    root = element
                    if _tag(root) != "log":
                        raise XesUnreadable(file=path.name, why=f"<{_tag(root)}>")
                if happening == "end" and _tag(element) == "trace":
                    number += 1
                    yield _trace(path, number, element)
                    root.clear()
    except (ET.ParseError, OSError, EOFError) as error:
        raise XesUnreadable(file=path.name, why=str(error)) from None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        file = cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw
        head = file.read(_HEAD)
        if b"<!DOCTYPE" in head or b"<!ENTITY" in head:
            raise XesUnreadable(file=path.name, why="<!DOCTYPE>")
        file.seek(0)
        yield cast(IO[bytes], _Limited(file, path.name))


class _Limited:
    """A stream that ends in an error once more was read than a log may have."""

    def __init__(self, file: IO[bytes], name: str) -> None:
        self._file = file
        self._name = name
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        part = self._file.read(size)
        self._read += len(part)
        if self._read > MAX_BYTES:
            raise XesUnreadable(file=self._name, why=f"> {MAX_BYTES} bytes")
        return part


def _trace(path: Path, number: int, element: ET.Element) -> Trace:
    attributes = _attributes(element)
    events = [child for child in element if _tag(child) == "event"]
    if len(events) > MAX_EVENTS:
        raise XesUnreadable(file=path.name, why=f"trace {number}: > {MAX_EVENTS} events")
    return Trace(number, attributes, tuple(_event(path, number, event) for event in events))


def _event(path: Path, number: int, element: ET.Element) -> XesEvent:
    found = _attributes(element)
    try:
        at = datetime.fromisoformat(found["time:timestamp"])
        name = found["concept:name"]
    except (KeyError, ValueError) as error:
        raise XesUnreadable(file=path.name, why=f"trace {number}: {error}") from None
    if at.tzinfo is None:
        raise XesUnreadable(file=path.name, why=f"trace {number}: {found['time:timestamp']}")
    transition = found.get("lifecycle:transition", "complete").lower()
    return XesEvent(name, at, transition, found.get("org:resource"))


def _attributes(element: ET.Element) -> dict[str, Any]:
    return {child.get("key", ""): child.get("value", "") for child in element if child.get("key")}


def _tag(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
