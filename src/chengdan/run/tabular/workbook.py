"""Workbooks (.xlsx, .xlsm, .xlsb, .xls, .ods): unpacked by a child process into a temporary file, then streamed from it."""

import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import orjson

from chengdan.run.tabular.errors import (
    RaggedRow,
    SheetNotFound,
    TableEmpty,
    TableUnreadable,
    TooManyRows,
    WorkbookDamaged,
    WorkbookEncrypted,
    WorkbookTooLarge,
)
from chengdan.run.tabular.table import Cell, Header, Row, Table, header_of

READER = Path(__file__).with_name("sheet_reader.py")
MEMORY_BYTES = 1536 << 20
SPOOL_BYTES = 4 << 30
CPU_SECONDS = 180
EXACT_INTEGERS = 1 << 53


def open_workbook(
    path: Path, name: str, *, sheet: str | None, header_line: int, max_rows: int, max_columns: int
) -> Table:
    """The table on one sheet; the first visible one with cells unless `sheet` names it.

    Raises `WorkbookEncrypted`, `WorkbookDamaged`, `WorkbookTooLarge`, `SheetNotFound` and the errors of a header.
    Blank cells are None, numbers int or Decimal with the 15 digits that Excel shows, a time of day is text.
    """
    folder = tempfile.TemporaryDirectory(prefix="chengdan-table-")
    try:
        spool = Path(folder.name) / "rows"
        _unpack(path, name, spool, sheet, max_rows + header_line)
        about = next(_messages(spool))
        header = _header(spool, name, header_line, max_columns)
    except BaseException:
        folder.cleanup()
        raise
    return Table(
        name=name,
        format="workbook",
        header=header,
        encoding=None,
        sheets=tuple(about["sheets"]),
        sheet=about["sheet"],
        records=partial(_rows, spool, name, header, max_rows),
        release=folder.cleanup,
    )


def _unpack(path: Path, name: str, spool: Path, sheet: str | None, max_rows: int) -> None:
    """Let the child write the rows of the sheet into `spool`; raise what it met."""
    options = {
        "sheet": sheet,
        "max_rows": max_rows,
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
        "spool_bytes": SPOOL_BYTES,
    }
    with spool.open("wb") as output:
        try:
            finished = subprocess.run(
                [sys.executable, "-P", str(READER), str(path), orjson.dumps(options).decode()],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.DEVNULL,
                timeout=2 * CPU_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise WorkbookTooLarge(name=name) from None
    if finished.returncode < 0:
        killed = -finished.returncode in (signal.SIGSEGV, signal.SIGBUS, signal.SIGILL)
        raise (WorkbookDamaged if killed else WorkbookTooLarge)(name=name)
    last = _last_message(spool)
    if last != {"end": True}:
        raise _refusal(name, sheet, last, max_rows)


def _refusal(name: str, sheet: str | None, message: Any, max_rows: int) -> TableUnreadable:
    reported = message if isinstance(message, dict) else {}
    match reported.get("error"):
        case "encrypted":
            return WorkbookEncrypted(name=name)
        case "memory":
            return WorkbookTooLarge(name=name)
        case "rows":
            return TooManyRows(name=name, limit=max_rows)
        case "empty":
            return TableEmpty(name=name)
        case "sheet":
            return SheetNotFound(name=name, sheet=sheet, sheets=", ".join(reported["sheets"]))
        case _:
            return WorkbookDamaged(name=name)


def _last_message(spool: Path) -> Any:
    """The last line; None when the child died before it ended one."""
    with spool.open("rb") as file:
        file.seek(max(0, spool.stat().st_size - (1 << 16)))
        tail = file.read().splitlines()
    try:
        return orjson.loads(tail[-1]) if tail else None
    except orjson.JSONDecodeError:
        return None


def _messages(spool: Path) -> Iterator[Any]:
    with spool.open("rb") as file:
        yield from map(orjson.loads, file)


def _header(spool: Path, name: str, header_line: int, max_columns: int) -> Header:
    for message in _messages(spool):
        if isinstance(message, list) and message[0] >= header_line:
            return header_of(name, message[0], tuple(map(_cell, message[1:])), max_columns)
    raise TableEmpty(name=name)


def _rows(spool: Path, name: str, header: Header, max_rows: int) -> Iterator[Row | RaggedRow]:
    width = len(header.columns)
    blanks: tuple[Cell, ...] = (None,) * width
    count = 0
    for message in _messages(spool):
        if not isinstance(message, list) or message[0] <= header.line:
            continue
        if count == max_rows:
            raise TooManyRows(name=name, limit=max_rows)
        count += 1
        line, *cells = message
        if len(cells) > width:
            yield RaggedRow(name=name, line=line, found=len(cells), expected=width)
        else:
            yield line, tuple(map(_cell, cells)) + blanks[len(cells) :]


def _cell(value: Any) -> Cell:
    """The cell that the child printed as `value`."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, list):
        kind, text = value
        return date.fromisoformat(text) if kind == "d" else datetime.fromisoformat(text)
    return value  # type: ignore[no-any-return]


def _number(value: float) -> Decimal | int:
    """A whole number as int, any other with 15 significant digits: what Excel keeps, without binary artefacts."""
    if value.is_integer() and abs(value) < EXACT_INTEGERS:
        return int(value)
    return Decimal(format(value, ".15g"))
