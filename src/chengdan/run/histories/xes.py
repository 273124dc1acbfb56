"""Reading XES event logs (IEEE 1849), plain or gzipped, one trace at a time."""

import gzip
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, cast
from xml.parsers import expat

from chengdan.base.errors import ChengdanError
from chengdan.run.histories.trace import COMPLETE, Happening, Trace

MAX_BYTES = 4_000_000_000
"""So much XML at most, however small the file was packed."""
MAX_EVENTS = 100_000
"""So many events of one trace at most."""
MAX_DEPTH = 50
_PIECE = 1 << 18


class XesUnreadable(ChengdanError):
    """A file that is no XES event log, or one beyond the limits."""

    code = "XES-001"
    status = 422
    zh = "“{file}”不是可以读取的 XES 事件日志：{why}"
    en = "{file} is no readable XES event log: {why}"
    hint_zh = "应是 .xes 或 .xes.gz，每个事件有 concept:name 和带时区的 time:timestamp。"
    hint_en = "It should be .xes or .xes.gz, each event with concept:name and time:timestamp with an offset."


def read_xes(path: Path, name: str = "") -> Iterator[Trace]:
    """The traces of a log; errors call it `name`. Raises XesUnreadable with the place."""
    reader = _Reader(name or path.name)
    try:
        with _opened(path) as file:
            while piece := file.read(_PIECE):
                yield from reader.read(piece)
            yield from reader.read(b"", last=True)
    except (expat.ExpatError, zlib.error, OSError, EOFError, ValueError) as error:
        raise XesUnreadable(file=name or path.name, why=str(error)) from None


@contextmanager
def _opened(path: Path) -> Iterator[IO[bytes]]:
    with path.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
        raw.seek(0)
        yield cast(IO[bytes], gzip.GzipFile(fileobj=raw)) if packed else raw


class _Reader:
    """Takes XML piece by piece and hands out the traces that end in it.

    Straight from expat: only the attributes of traces (at depth 3) and of events (at depth 4) are looked at, so no tree is
    built.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._read = 0
        self._number = 0
        self._depth = 0
        self._trace: dict[str, str] | None = None
        self._event: dict[str, str] | None = None
        self._events: list[Happening] = []
        self._done: list[Trace] = []
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.StartDoctypeDeclHandler = self._doctype

    def read(self, piece: bytes, last: bool = False) -> list[Trace]:
        """The traces that end within `piece`."""
        self._read += len(piece)
        if self._read > MAX_BYTES:
            raise self._fault(f"> {MAX_BYTES} bytes")
        self._parser.Parse(piece, last)
        done, self._done = self._done, []
        return done

    def _start(self, tag: str, found: dict[str, str]) -> None:
        self._depth = depth = self._depth + 1
        if depth == 4:
            if self._event is not None and "key" in found:
                self._event[found["key"]] = found.get("value", "")
        elif depth == 3:
            if self._trace is None:
                return
            if _name(tag) == "event":
                self._event = {}
            elif "key" in found:
                self._trace[found["key"]] = found.get("value", "")
        elif depth == 2:
            if _name(tag) == "trace":
                self._trace, self._events = {}, []
                self._number += 1
        elif depth == 1:
            if _name(tag) != "log":
                raise self._fault(f"<{_name(tag)}>")
        elif depth > MAX_DEPTH:
            raise self._fault(f"> {MAX_DEPTH} levels")

    def _end(self, _: str) -> None:
        depth = self._depth
        self._depth = depth - 1
        if depth == 3 and self._event is not None:
            if len(self._events) == MAX_EVENTS:
                raise self._fault(f"trace {self._number}: > {MAX_EVENTS} events")
            self._events.append(self._happened(self._event))
            self._event = None
        elif depth == 2 and self._trace is not None:
            self._done.append(Trace(self._number, self._trace, tuple(self._events)))
            self._trace = None

    def _happened(self, found: Mapping[str, str]) -> Happening:
        try:
            at = datetime.fromisoformat(found["time:timestamp"])
            name = found["concept:name"]
        except (KeyError, ValueError) as error:
            raise self._fault(f"trace {self._number}: {error}") from None
        if at.tzinfo is None:
            raise self._fault(f"trace {self._number}: {found['time:timestamp']}")
        transition = found.get("lifecycle:transition", COMPLETE).lower()
        return Happening(name, at, transition, found.get("org:resource"))

    def _doctype(self, *_: object) -> None:
        raise self._fault("<!DOCTYPE>")

    def _fault(self, why: str) -> XesUnreadable:
        return XesUnreadable(file=self._file, why=why)


def _name(tag: str) -> str:
    return tag.rpartition(" ")[2]
