"""Event logs in tables: each row an event, in any order; those of one case become its trace."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from sys import intern
from zoneinfo import ZoneInfo

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.run.histories.columns import PARTS, LogColumns, check_columns
from chengdan.run.histories.trace import COMPLETE, NAME, Happening, Trace
from chengdan.run.importer.cells import Reading, as_text, instant_of
from chengdan.run.importer.errors import EventUnreadable
from chengdan.run.importer.moments import Unreadable
from chengdan.run.tabular import Cell, Row, Table

MAX_PROBLEMS = 5
"""So many rows of a case are said to be unreadable."""
OF_CASE = "case:"
"""What stands before attributes of the case where a log of XES was made a table."""
EMPTY = Label("是空的", "it is empty")


@dataclass(slots=True)
class _Case:
    attributes: dict[str, str]
    events: list[Happening] = field(default_factory=list)
    problems: list[ChengdanError] = field(default_factory=list)


def read_table(table: Table, columns: LogColumns, zone: ZoneInfo) -> Iterator[Trace]:
    """The traces of a table in the order in which they begin in it, each with its events in the order of time.

    Clocks without an offset are those of `zone`. An attribute is the first that any row of the case says. All rows are held
    at once, since those of a case may lie apart. Raises Problems, TableUnreadable.
    """
    check_columns(columns, table)
    reader = _Reader(table, columns, zone)
    cases: dict[str, _Case] = {}
    for row in table.rows():
        reader.take(row, cases)
    for number, case in enumerate(cases.values(), start=1):
        events = tuple(sorted(case.events, key=attrgetter("at")))
        yield Trace(number, case.attributes, events, tuple(case.problems))


class _Reader:
    """Reads the rows of a table as events."""

    def __init__(self, table: Table, columns: LogColumns, zone: ZoneInfo) -> None:
        self._columns = columns
        self._reading = Reading(zone, columns.dates)
        places = {name: place for place, name in enumerate(table.columns)}
        taken: Mapping[str, str] = {part: getattr(columns, part) for part in PARTS}
        self._places = {part: places[name] for part, name in taken.items() if name}
        attributes = {
            place: name.removeprefix(OF_CASE) for name, place in places.items() if name not in taken.values()
        }
        self._attributes = {place: name for place, name in attributes.items() if name != NAME}

    def take(self, row: Row, cases: dict[str, _Case]) -> None:
        line, cells = row
        name = self._text(cells, "case")
        case = cases.get(name)
        if case is None:
            case = cases[name] = _Case({NAME: name} if name else {})
        for place, attribute in self._attributes.items():
            if attribute not in case.attributes and (text := as_text(cells[place])):
                case.attributes[attribute] = text
        try:
            case.events.append(self._happening(line, cells))
        except EventUnreadable as error:
            if len(case.problems) < MAX_PROBLEMS:
                case.problems.append(error)

    def _happening(self, line: int, cells: tuple[Cell, ...]) -> Happening:
        activity = self._text(cells, "activity")
        if not activity:
            raise self._fault(line, self._columns.activity, EMPTY)
        try:
            at = instant_of(self._reading, cells[self._places["at"]])
        except Unreadable as unreadable:
            raise self._fault(line, self._columns.at, unreadable.why) from None
        resource = self._text(cells, "resource")
        return Happening(
            intern(activity),
            at,
            intern(self._text(cells, "transition").lower() or COMPLETE),
            intern(resource) if resource else None,
        )

    def _text(self, cells: tuple[Cell, ...], part: str) -> str:
        place = self._places.get(part)
        return "" if place is None else as_text(cells[place])

    def _fault(self, line: int, column: str, why: Label) -> EventUnreadable:
        return EventUnreadable(path=column, line=line, column=column, why=why)
