"""Refused rows of a job: kept until its end, then handed back as a file with their reasons."""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID

from chengdan.base.errors import Locale
from chengdan.base.label import Label
from chengdan.run.importer.cells import as_text
from chengdan.run.importer.outcome import Refusal
from chengdan.run.jobs import Progress, locale_of
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import Cell, write_table
from chengdan.store import copying
from chengdan.store.unit import Unit

LINE = Label("原文件行号", "line")
_COLUMNS = ("job", "line", "cells", "code", "message", "hint")
_EXTRA = {"zh-CN": ("错误代码", "错误", "建议"), "en": ("code", "error", "hint")}


def keep(unit: Unit, progress: Progress, refused: list[Refusal]) -> None:
    """Keep refused rows until the end of the job, as the importer will read them."""
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


def hand_back(
    runtime: Runtime, progress: Progress, columns: tuple[str, ...], numbered: Label = LINE
) -> str | None:
    """Write the refused rows to a CSV file with their lines (called `numbered`) and reasons, to be mended and imported again."""
    if not progress.result.get("refused"):
        return None
    locale = locale_of(progress.principal)
    header = (*columns, numbered.text(locale), *_EXTRA[locale])
    with tempfile.TemporaryDirectory(prefix="chengdan-import-") as folder:
        path = Path(folder) / "refused.csv"
        write_table(path, header, _refused(runtime, progress.job.id), format="csv")
        with path.open("rb") as file:
            stored = runtime.blobs.put(file, name=path.name)
    return stored.sha256


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
