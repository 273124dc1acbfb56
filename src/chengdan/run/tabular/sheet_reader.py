"""The child process that unpacks a workbook: a hostile one takes down this process, not the server.

Run as `python -P sheet_reader.py <path> <JSON: sheet, max_rows, memory_bytes, cpu_seconds, spool_bytes>`. Prints JSON
lines: `{"sheet", "sheets"}`, then `[line, cell, …]` for each row that isn't blank, then `{"end": true}`; or
`{"error": …}`. A date is `["d", ISO]`, a datetime `["t", ISO]`. It imports nothing of Chengdan, to start fast.
"""

import sys
import tempfile
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import orjson
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

if sys.platform != "win32":
    import resource

SUFFIXES = (".xlsx", ".xls", ".xlsb", ".ods")


def main(path: Path, options: dict[str, Any]) -> None:
    """Print the sheet that `options` name, or the first visible one with cells."""
    _limit(options["memory_bytes"], options["cpu_seconds"], options["spool_bytes"])
    try:
        with path.open("rb") as file, CalamineWorkbook.from_filelike(file) as workbook:
            for message in _messages(workbook, options["sheet"], options["max_rows"]):
                _print(message)
    except MemoryError:
        _print({"error": "memory"})
    except (CalamineError, OSError):
        _print({"error": "encrypted" if _is_encrypted(path) else "damaged"})


def _is_encrypted(path: Path) -> bool:
    """Whether a file that can't be read asks for a password; calamine only says so when it is told the format."""
    with tempfile.TemporaryDirectory() as folder:
        for suffix in SUFFIXES:
            link = Path(folder) / f"book{suffix}"
            try:
                link.symlink_to(path.absolute())
                CalamineWorkbook.from_path(link)
            except PasswordError:
                return True
            except (CalamineError, OSError):
                continue
    return False


def _limit(memory_bytes: int, cpu_seconds: int, spool_bytes: int) -> None:
    if sys.platform == "win32":
        return
    for kind, wanted in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_FSIZE, spool_bytes),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        limit = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (limit, limit))


def _messages(workbook: CalamineWorkbook, wanted: str | None, max_rows: int) -> Iterator[Any]:
    listed = [sheet for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
    names = [sheet.name for sheet in listed]
    if wanted is None:
        choice = [sheet.name for sheet in listed if sheet.visible == SheetVisibleEnum.Visible]
    else:
        choice = [name for name in names if name == wanted]
        if not choice:
            yield {"error": "sheet", "sheets": names}
            return
    for name in choice:
        sheet = workbook.get_sheet_by_name(name)
        if sheet.start is not None:
            yield {"sheet": name, "sheets": names}
            yield from _rows(sheet, max_rows)
            return
    yield {"error": "empty"}


def _rows(sheet: CalamineSheet, max_rows: int) -> Iterator[Any]:
    count = 0
    for line, cells in enumerate(sheet.iter_rows(), start=1):
        while cells and cells[-1] == "":
            cells.pop()
        if cells:
            count += 1
            if count > max_rows + 1:
                yield {"error": "rows"}
                return
            yield [line, *cells]
    yield {"end": True}


def _tagged(value: Any) -> Any:
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    if isinstance(value, time):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(value.days * 86_400 + value.seconds, 60)
        fraction = f".{value.microseconds:06}" if value.microseconds else ""
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}{fraction}"
    raise TypeError(value)


def _print(message: Any) -> None:
    sys.stdout.buffer.write(
        orjson.dumps(
            message, default=_tagged, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_APPEND_NEWLINE
        )
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), orjson.loads(sys.argv[2]))
