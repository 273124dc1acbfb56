"""A table read from a file: its columns and a stream of rows, whatever the file's format."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from types import TracebackType
from typing import Literal, Self

from chengdan.base.errors import Problems
from chengdan.run.tabular.errors import DuplicateColumn, RaggedRow, TableEmpty, TooManyColumns, UnnamedColumn

Cell = str | Decimal | int | bool | date | None
"""What a cell holds; a datetime is a date too. Cells of a CSV file are text; a blank cell of a workbook is None."""

Row = tuple[int, tuple[Cell, ...]]
"""The line of the file on which a row starts, from 1, and one cell per column."""

Records = Callable[[], Iterator[Row | RaggedRow]]


@dataclass(frozen=True, slots=True)
class Header:
    """The line with the column names. `line` is its number, `columns` the names without surrounding blanks."""

    line: int
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """An opened table. Close it, or use it in `with`; rows can be read as often as needed, never all at once.

    `encoding` is a codec name and None for a workbook; `sheets` are the worksheets of a workbook, `sheet` the one read.
    """

    name: str
    format: Literal["csv", "workbook"]
    header: Header
    encoding: str | None
    sheets: tuple[str, ...]
    sheet: str | None
    records: Records
    release: Callable[[], None]

    @property
    def columns(self) -> tuple[str, ...]:
        """The column names, unique and none empty."""
        return self.header.columns

    def rows(self) -> Iterator[Row]:
        """Every row that isn't blank, in order. Raises a `TableUnreadable` at the first that can't be read."""
        for record in self.records():
            if isinstance(record, RaggedRow):
                raise record
            yield record

    def verify(self, limit: int = 100) -> int:
        """The number of rows, after reading them all; so nothing is half imported when the last one is broken.

        Raises `Problems` with the first `limit` ragged rows, or the `TableUnreadable` that stops the reading.
        """
        faults: list[RaggedRow] = []
        count = 0
        for record in self.records():
            count += 1
            if isinstance(record, RaggedRow):
                faults.append(record)
                if len(faults) == limit:
                    break
        if faults:
            raise Problems(faults)
        return count

    def preview(self, count: int) -> list[Row]:
        """The first `count` rows."""
        return list(islice(self.rows(), count))

    def close(self) -> None:
        """Let go of what the table holds on disk."""
        self.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def header_of(name: str, line: int, cells: Sequence[Cell], max_columns: int) -> Header:
    """The header that `cells` make: unnamed columns at the end are left out, runs of blanks in a name become one.

    Raises `TableEmpty`, `TooManyColumns`, `UnnamedColumn`, `DuplicateColumn`.
    """
    names = [" ".join(_as_text(cell).removeprefix("\ufeff").split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if not names:
        raise TableEmpty(name=name)
    if len(names) > max_columns:
        raise TooManyColumns(name=name, found=len(names), limit=max_columns)
    seen: dict[str, int] = {}
    for column, header in enumerate(names, start=1):
        if not header:
            raise UnnamedColumn(name=name, line=line, column=column, letter=column_letter(column))
        if header in seen:
            raise DuplicateColumn(name=name, line=line, column=column, first=seen[header], header=header)
        seen[header] = column
    return Header(line, tuple(names))


def column_letter(column: int) -> str:
    """The letters a spreadsheet shows above a column counted from 1: 1 is A, 27 is AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _as_text(cell: Cell) -> str:
    return "" if cell is None else str(cell)
