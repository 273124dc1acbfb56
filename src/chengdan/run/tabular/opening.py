"""From an uploaded file to a table: what it is, by its content and not by its name."""

from pathlib import Path

from chengdan.base.label import Label
from chengdan.run.tabular.delimited import open_delimited
from chengdan.run.tabular.errors import NotATable, TableEmpty
from chengdan.run.tabular.table import Table
from chengdan.run.tabular.workbook import open_workbook

HEAD_BYTES = 1024
ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_PICTURE = Label("图片", "a picture")
_ARCHIVE = Label("压缩包", "an archive")
_WEB_PAGE = Label("网页或 XML（有些系统把它存成 .xls）", "a web page or XML (some systems call that .xls)")
_FOREIGN: dict[bytes, Label] = {
    b"%PDF-": Label("PDF", "a PDF"),
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
    b"\x1f\x8b": _ARCHIVE,
    b"Rar!": _ARCHIVE,
    b"7z\xbc\xaf": _ARCHIVE,
}
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<meta", b"<table", b"<?xml", b"<!--")


def open_table(
    path: Path,
    name: str,
    *,
    sheet: str | None = None,
    header_line: int = 1,
    max_rows: int = 1_000_000,
    max_columns: int = 500,
) -> Table:
    """Open the table in the file at `path`, which the user calls `name`.

    Column names stand on the first line that isn't blank, not before `header_line`. Raises a subclass of
    `TableUnreadable`; errors in later rows come from `Table.rows` and `Table.verify`.
    """
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise TableEmpty(name=name)
    if head.startswith((ZIP, OLE)):
        return open_workbook(
            path, name, sheet=sheet, header_line=header_line, max_rows=max_rows, max_columns=max_columns
        )
    found = _foreign(head)
    if found is not None:
        raise NotATable(name=name, found=found)
    return open_delimited(path, name, header_line=header_line, max_rows=max_rows, max_columns=max_columns)


def _foreign(head: bytes) -> Label | None:
    for signature, label in _FOREIGN.items():
        if head.startswith(signature):
            return label
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return _WEB_PAGE if text.startswith(_MARKUP) else None
