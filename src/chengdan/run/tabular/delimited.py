"""CSV and its kin, streamed: comma, semicolon, tab or bar, any line end, quoted cells over several lines."""

import csv
from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

from chengdan.run.tabular.decoding import detect_encoding
from chengdan.run.tabular.errors import CellTooLong, MalformedQuotes, RaggedRow, TableEmpty, TooManyRows
from chengdan.run.tabular.injection import restore
from chengdan.run.tabular.table import Header, Row, Table, header_of

DELIMITERS = "\t;|,"
"""Of two that fit equally well the first wins: commas occur inside text and numbers."""
SAMPLE_CHARACTERS = 1 << 16
SAMPLE_ROWS = 100
MAX_CELL_CHARACTERS = csv.field_size_limit()


def open_delimited(path: Path, name: str, *, header_line: int, max_rows: int, max_columns: int) -> Table:
    """The table in a text file. Raises a `TableUnreadable` where its encoding, quotes or header are broken."""
    encoding = detect_encoding(path, name)
    with path.open(encoding=encoding, newline="") as file:
        sample = file.read(SAMPLE_CHARACTERS)
    delimiter, named = _delimiter(sample)
    lines = partial(_records, path, name, encoding, delimiter)
    first_line = max(header_line, 2 if named else 1)
    for line, cells in lines():
        if line >= first_line:
            header = header_of(name, line, cells, max_columns)
            break
    else:
        raise TableEmpty(name=name)
    return Table(
        name=name,
        format="csv",
        header=header,
        encoding=encoding,
        sheets=(),
        sheet=None,
        records=lambda: _rows(lines(), name, header, max_rows),
        release=lambda: None,
    )


def _delimiter(sample: str) -> tuple[str, bool]:
    """The separator, and whether a line `sep=;` names it; else the one that cuts most lines into as many cells as the first."""
    start = sample.removeprefix("\ufeff")[:6].lower()
    if start.startswith("sep=") and len(start) > 4 and start[5:6] in ("", "\r", "\n"):
        return start[4], True
    scored = [(*_agreement(sample, candidate), candidate) for candidate in DELIMITERS]
    share, width, best = max(scored, key=lambda score: score[:2])
    return (best, False) if width > 1 and share else (",", False)


def _agreement(sample: str, delimiter: str) -> tuple[float, int]:
    """(share of sampled rows as wide as the first, its width); (0, 1) where the separator cuts nothing."""
    widths: list[int] = []
    try:
        for row in islice(csv.reader(sample.splitlines(keepends=True), delimiter=delimiter), SAMPLE_ROWS):
            if row:
                widths.append(len(row))
    except csv.Error:
        pass
    if len(widths) > 1 and len(sample) == SAMPLE_CHARACTERS:
        widths.pop()
    if not widths or widths[0] == 1:
        return 0.0, 1
    return widths.count(widths[0]) / len(widths), widths[0]


def _records(path: Path, name: str, encoding: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which it starts, cells) of each record that isn't blank."""
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                if any(cells):
                    yield line, cells
                line = reader.line_num + 1
        except csv.Error as failure:
            if "field limit" in str(failure):
                raise CellTooLong(name=name, line=line, limit=MAX_CELL_CHARACTERS) from None
            raise MalformedQuotes(name=name, line=line) from None


def _rows(
    records: Iterator[tuple[int, list[str]]], name: str, header: Header, max_rows: int
) -> Iterator[Row | RaggedRow]:
    width = len(header.columns)
    count = 0
    for line, cells in records:
        if line <= header.line:
            continue
        if count == max_rows:
            raise TooManyRows(name=name, limit=max_rows)
        count += 1
        if len(cells) < width or any(cells[width:]):
            yield RaggedRow(name=name, line=line, found=len(cells), expected=width)
        else:
            yield line, tuple(map(restore, cells[:width]))
