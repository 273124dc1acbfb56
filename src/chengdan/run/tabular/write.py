"""Tables written to CSV and XLSX as a stream; text that looks like a formula stays text."""

import csv
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from pathlib import Path
from typing import Literal

import xlsxwriter  # type: ignore[import-untyped]
from xlsxwriter.format import Format  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from chengdan.run.tabular.errors import CellTooLong, TooManyRows
from chengdan.run.tabular.injection import defuse
from chengdan.run.tabular.table import Cell

TableFormat = Literal["csv", "xlsx"]

SHEET_ROWS = 1_048_576
SHEET_CELL_CHARACTERS = 32_767
EXACT_DIGITS = 15


def write_table(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    format: TableFormat,
    zone: tzinfo = UTC,
    sheet: str = "Sheet1",
) -> int:
    """Write a header and `rows` to `path`; returns the number of rows. Instants are shown in `zone`.

    CSV is UTF-8 with a mark and CRLF, as Excel expects it. A number of more than 15 digits becomes text in a workbook,
    where it would be rounded. Raises `TooManyRows` or `CellTooLong` for what a sheet can't hold; then, and when `rows`
    raises, no file is left.
    """
    try:
        if format == "csv":
            return _write_csv(path, columns, rows, zone)
        return _write_xlsx(path, columns, rows, zone, sheet)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]], zone: tzinfo) -> int:
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([defuse(column) for column in columns])
        for row in rows:
            writer.writerow([_csv_text(cell, zone) for cell in row])
            count += 1
    return count


def _csv_text(cell: Cell, zone: tzinfo) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "TRUE" if cell else "FALSE"
        case str():
            return defuse(cell)
        case datetime():
            return _wall_clock(cell, zone).isoformat(" ")
        case Decimal():
            return format_number(cell)
        case _:
            return str(cell)


def format_number(number: Decimal) -> str:
    """`number` without an exponent, all its digits kept."""
    return f"{number:f}"


def _wall_clock(instant: datetime, zone: tzinfo) -> datetime:
    """What a clock in `zone` shows; a naive datetime is one already."""
    return instant if instant.tzinfo is None else instant.astimezone(zone).replace(tzinfo=None)


def _write_xlsx(
    path: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]], zone: tzinfo, sheet: str
) -> int:
    workbook = xlsxwriter.Workbook(path, {"constant_memory": True})
    try:
        page = workbook.add_worksheet(sheet)
        sink = _Sink(
            path.name,
            page,
            workbook.add_format({"num_format": "yyyy-mm-dd"}),
            workbook.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            zone,
        )
        page.freeze_panes(1, 0)
        sink.write_row(0, columns)
        count = 0
        for row in rows:
            count += 1
            if count == SHEET_ROWS:
                raise TooManyRows(name=path.name, limit=SHEET_ROWS - 1)
            sink.write_row(count, row)
    except BaseException:
        with suppress(Exception):
            workbook.close()
        raise
    workbook.close()
    return count


class _Sink:
    """Writes rows of cells to a worksheet, each cell by its own type."""

    def __init__(self, name: str, page: Worksheet, day: Format, instant: Format, zone: tzinfo) -> None:
        self._name = name
        self._page = page
        self._day = day
        self._instant = instant
        self._zone = zone

    def write_row(self, line: int, cells: Sequence[Cell]) -> None:
        for column, cell in enumerate(cells):
            self._write(line, column, cell)

    def _write(self, line: int, column: int, cell: Cell) -> None:
        match cell:
            case None | "":
                return
            case bool():
                self._page.write_boolean(line, column, cell)
            case str():
                self._write_text(line, column, cell)
            case int() | Decimal():
                self._write_number(line, column, Decimal(cell))
            case datetime():
                self._page.write_datetime(line, column, _wall_clock(cell, self._zone), self._instant)
            case date():
                self._page.write_datetime(line, column, cell, self._day)

    def _write_text(self, line: int, column: int, text: str) -> None:
        if len(text) > SHEET_CELL_CHARACTERS:
            raise CellTooLong(name=self._name, line=line + 1, limit=SHEET_CELL_CHARACTERS)
        self._page.write_string(line, column, text)

    def _write_number(self, line: int, column: int, number: Decimal) -> None:
        if number.is_finite() and Decimal(format(float(number), f".{EXACT_DIGITS}g")) == number:
            self._page.write_number(line, column, float(number))
        else:
            self._page.write_string(line, column, format_number(number))
