"""Refused rows of a job: kept as they come, and handed back with their reasons once it ended, in whatever way."""

import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from chengdan.base.errors import Locale
from chengdan.base.label import Label
from chengdan.run.importer.cells import as_text
from chengdan.run.importer.outcome import Refusal
from chengdan.run.jobs import Job, Progress, locale_of
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import Cell, write_table
from chengdan.store import copying
from chengdan.store.unit import Unit

LINE = Label("原文件行号", "line")
_COLUMNS = ("job", "line", "cells", "code", "message", "hint")
HEADER, FILE = "refused_header", "errors_file"
"""What the result of a job names: the header of its refused rows; and their file, which jobs made before they kept that."""

_EXTRA = {"zh-CN": ("错误代码", "错误", "建议"), "en": ("code", "error", "hint")}


def keep(unit: Unit, progress: Progress, refused: list[Refusal]) -> None:
    """Keep refused rows, as the importer will read them."""
    if not refused:
        return
    locale = locale_of(unit.principal)
    rows = [(progress.job.id, refusal.line, *_told(refusal, locale)) for refusal in refused]
    copying.copy(unit.connection, "chengdan", "refused_row", _COLUMNS, rows)


def _told(refusal: Refusal, locale: Locale) -> tuple[list[str], str, str, str]:
    """Its cells, and the codes, messages and hints of what was wrong, each said once."""
    codes = "; ".join(dict.fromkeys(error.code for error in refusal.errors))
    messages = "; ".join(dict.fromkeys(error.message(locale) for error in refusal.errors))
    hints = "; ".join(dict.fromkeys(filter(None, (error.hint(locale) for error in refusal.errors))))
    return _spoken(refusal.cells), codes, messages, hints


def header(progress: Progress, columns: Sequence[str], numbered: Label = LINE) -> list[str]:
    """The header of the refused rows of a file with these columns: behind them stand the line (called `numbered`) and the reasons."""
    locale = locale_of(progress.principal)
    return [*columns, numbered.text(locale), *_EXTRA[locale]]


def handed_back(job: Job) -> bool:
    """Whether a job hands rows back: it refused some, and ended."""
    return job.finished and bool(job.result.get("refused")) and bool(job.result.keys() & {HEADER, FILE})


def hand_back(runtime: Runtime, job: Job) -> BinaryIO:
    """The rows that a job refused as CSV, with their lines and reasons, to be mended and imported again."""
    if FILE in job.result:
        return runtime.blobs.open(job.result[FILE])
    handle, name = tempfile.mkstemp(prefix="chengdan-refused-")
    os.close(handle)
    path = Path(name)
    try:
        write_table(path, job.result[HEADER], _refused(runtime, job.id), format="csv")
        return path.open("rb")
    finally:
        path.unlink(missing_ok=True)


def _refused(runtime: Runtime, job: UUID) -> Iterator[list[Cell]]:
    with runtime.pool.connection() as connection, connection.cursor(name="refused") as cursor:
        cursor.itersize = 2_000
        cursor.execute(
            "SELECT line, cells, code, message, hint FROM chengdan.refused_row WHERE job = %s ORDER BY line",
            (job,),
        )
        for line, cells, code, message, hint in cursor:
            yield [*cells, line, code, message, hint]


def _spoken(cells: Sequence[Cell]) -> list[str]:
    """Cells as storable text."""
    return [as_text(cell).replace("\0", "").encode("utf-8", "replace").decode() for cell in cells]
