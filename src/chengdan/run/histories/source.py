"""Event logs as they come: XES, packed or not, or a table in which columns say what each row is about."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from chengdan.run.histories.columns import NO_COLUMNS, LogColumns
from chengdan.run.histories.table import read_table
from chengdan.run.histories.trace import Trace
from chengdan.run.histories.xes import read_xes
from chengdan.run.tabular import open_table

_XES = (b"\x1f\x8b", b"<")
_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class LogFile:
    """A log on disk: what the user calls it, the zone of clocks without an offset, and the columns where it is a table."""

    path: Path
    name: str
    zone: ZoneInfo
    columns: LogColumns = NO_COLUMNS

    @property
    def is_table(self) -> bool:
        """Whether columns must say what it tells of."""
        with self.path.open("rb") as file:
            head = file.read(64)
        return not head.removeprefix(_MARK).lstrip().startswith(_XES)

    def traces(self) -> Iterator[Trace]:
        """Its traces, in an order that stays. Raises XesUnreadable, TableUnreadable, Problems of the columns."""
        if not self.is_table:
            yield from read_xes(self.path, self.name)
            return
        with open_table(self.path, self.name) as table:
            yield from read_table(table, self.columns, self.zone)
