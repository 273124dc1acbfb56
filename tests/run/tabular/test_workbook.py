"""Workbooks: typed cells, chosen sheets, and hostile files that must only cost themselves."""

import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]

from chengdan.run.tabular import Cell, TableUnreadable, open_table, write_table


def made(folder: Path, sheets: Mapping[str, Sequence[Sequence[Cell]]]) -> Path:
    path = folder / "book.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in sheets.items():
            page = workbook.add_worksheet(name)
            for line, row in enumerate(rows):
                page.write_row(line, 0, row)
    return path


def with_sheet(folder: Path, source: Path, sheet_xml: bytes) -> Path:
    """A copy of `source` whose first sheet is `sheet_xml`."""
    path = folder / "changed.xlsx"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as after:
        for entry in before.namelist():
            after.writestr(entry, sheet_xml if entry.endswith("/sheet1.xml") else before.read(entry))
    return path


def sheet(rows: bytes) -> bytes:
    opening = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return opening + rows + b"</sheetData></worksheet>"


def refusal_of(path: Path, *, sheet: str | None = None, max_rows: int = 100) -> TableUnreadable:
    with pytest.raises(TableUnreadable) as refusal:
        open_table(path, path.name, sheet=sheet, max_rows=max_rows)
    return refusal.value


def test_gives_every_cell_its_type(tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    row: list[Cell] = [
        "甲",
        7,
        Decimal("0.1"),
        True,
        date(2026, 2, 28),
        datetime(2026, 2, 28, 9, 30, tzinfo=UTC),
        None,
    ]
    write_table(path, list("abcdefg"), [row], format="xlsx")

    with open_table(path, "typed.xlsx") as table:
        ((line, cells),) = table.rows()

    assert line == 2
    assert cells == (
        "甲",
        7,
        Decimal("0.1"),
        True,
        date(2026, 2, 28),
        datetime.fromisoformat("2026-02-28T09:30"),
        None,
    )
    assert [type(cell) for cell in cells] == [str, int, Decimal, bool, date, datetime, type(None)]


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        (b"0.30000000000000004", Decimal("0.3")),
        (b"1234567890123456", 1234567890123456),
        (b"1.5E-7", Decimal("1.5E-7")),
        (b"-19.99", Decimal("-19.99")),
        (b"1E+20", Decimal("1E+20")),
    ],
)
def test_numbers_carry_no_binary_artefact(tmp_path: Path, stored: bytes, read: Decimal | int) -> None:
    rows = b'<row r="1"><c r="A1" t="str"><v>n</v></c></row><row r="2"><c r="A2"><v>%s</v></c></row>' % stored
    path = with_sheet(tmp_path, made(tmp_path, {"S": [["n"]]}), sheet(rows))

    with open_table(path, "n.xlsx") as table:
        assert list(table.rows()) == [(2, (read,))]


def test_opens_the_sheet_that_is_named(tmp_path: Path) -> None:
    path = made(tmp_path, {"说明": [["请先阅读"]], "客户": [["名称"], ["甲"]]})

    with open_table(path, "b.xlsx", sheet="客户") as table:
        assert (table.sheets, table.sheet, table.columns) == (("说明", "客户"), "客户", ("名称",))
    refusal = refusal_of(path, sheet="联系人")
    assert (refusal.code, refusal.data["sheets"]) == ("TABLE-016", "说明, 客户")


def test_skips_empty_sheets_and_blank_rows(tmp_path: Path) -> None:
    path = made(tmp_path, {"空": [], "客户": [[], ["名称", "金额"], ["甲", 1], [], ["乙"]]})

    with open_table(path, "b.xlsx") as table:
        assert table.sheet == "客户"
        assert list(table.rows()) == [(3, ("甲", 1)), (5, ("乙", None))]


def test_rows_can_be_read_twice_and_leave_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    path = made(tmp_path, {"S": [["a"], [1], [2]]})

    with open_table(path, "b.xlsx") as table:
        assert list(table.rows()) == list(table.rows()) == [(2, (1,)), (3, (2,))]

    assert list((tmp_path / "spool").iterdir()) == []


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([], "TABLE-002"),
        ([["a", "a"]], "TABLE-009"),
        ([["a", None, "c"]], "TABLE-008"),
    ],
)
def test_checks_the_header(tmp_path: Path, rows: list[list[Cell]], code: str) -> None:
    assert refusal_of(made(tmp_path, {"S": rows})).code == code


def test_names_the_row_with_cells_beyond_the_header(tmp_path: Path) -> None:
    path = made(tmp_path, {"S": [["a", "b"], [1, 2], [1, 2, 3]]})

    with open_table(path, "b.xlsx") as table, pytest.raises(TableUnreadable) as refusal:
        list(table.rows())

    assert (refusal.value.code, refusal.value.path) == ("TABLE-007", "b.xlsx:3")


def test_limits_rows(tmp_path: Path) -> None:
    path = made(tmp_path, {"S": [["a"], *[[number] for number in range(30)]]})

    assert refusal_of(path, max_rows=20).code == "TABLE-010"
    with open_table(path, "b.xlsx", max_rows=30) as table:
        assert table.verify() == 30


def test_two_distant_cells_do_not_take_the_memory_of_the_rectangle_between(tmp_path: Path) -> None:
    rows = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = with_sheet(tmp_path, made(tmp_path, {"S": [["a"]]}), sheet(rows))

    assert refusal_of(path).code == "TABLE-015"


@pytest.mark.parametrize("cut", [30, 400, 2000])
def test_says_that_a_cut_off_workbook_is_damaged(tmp_path: Path, cut: int) -> None:
    path = made(tmp_path, {"S": [["a"]]})
    path.write_bytes(path.read_bytes()[:cut])

    assert refusal_of(path).code == "TABLE-014"


def test_says_that_another_archive_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")

    assert refusal_of(path).code == "TABLE-014"


def test_entities_do_not_expand(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    rows = b'<row r="1"><c r="A1" t="str"><v>n&b;</v></c></row>'
    path = with_sheet(tmp_path, made(tmp_path, {"S": [["a"]]}), bomb + sheet(rows))

    try:
        with open_table(path, "x.xlsx") as table:
            assert "aaaa" not in table.columns[0]
    except TableUnreadable as refusal:
        assert refusal.code == "TABLE-014"
