"""Exports: what a spreadsheet opens must show the values and run none of them."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengdan.run.tabular import Cell, TableUnreadable, open_table, write_table
from chengdan.run.tabular.injection import defuse, restore

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 1, 31, 4, tzinfo=UTC)


def test_csv_is_what_excel_expects(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    rows: list[list[Cell]] = [["甲,公司", Decimal("1E+3"), True, date(2026, 1, 31), NOON, None]]

    count = write_table(path, ["客户", "b", "c", "d", "e", "f"], rows, format="csv", zone=SHANGHAI)

    assert count == 1
    expected = '客户,b,c,d,e,f\r\n"甲,公司",1000,TRUE,2026-01-31,2026-01-31 12:00:00,\r\n'
    assert path.read_bytes() == b"\xef\xbb\xbf" + expected.encode()


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("- 已联系", "'- 已联系"),
        ("+86 13800000000", "'+86 13800000000"),
        ("-12.50", "-12.50"),
        ("+8613800000000", "+8613800000000"),
        ("-1e5", "-1e5"),
        ("'=1", "''=1"),
        ("普通文本", "普通文本"),
    ],
)
def test_csv_defuses_formulas_but_not_numbers(tmp_path: Path, text: str, written: str) -> None:
    path = tmp_path / "out.csv"

    write_table(path, ["a"], [[text]], format="csv")

    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [["a"], [written]]


@given(st.text(alphabet="'=+-@\t\r\n1.eE甲"))
def test_defusing_is_undone_exactly(text: str) -> None:
    assert restore(defuse(text)) == text


def test_xlsx_writes_formulas_as_text(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows: list[list[Cell]] = [["=1+1", "http://example.com", "@x", "-5"]]

    write_table(path, list("abcd"), rows, format="xlsx")

    with open_table(path, "out.xlsx") as table:
        assert list(table.rows()) == [(2, ("=1+1", "http://example.com", "@x", "-5"))]


def test_xlsx_keeps_digits_that_a_number_cell_would_lose(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    rows: list[list[Cell]] = [
        [Decimal("12345678901234.56"), 4403001234567890123, Decimal("12345678901234.5")]
    ]

    write_table(path, list("abc"), rows, format="xlsx")

    with open_table(path, "out.xlsx") as table:
        assert list(table.rows()) == [
            (2, ("12345678901234.56", "4403001234567890123", Decimal("12345678901234.5")))
        ]


def test_xlsx_shows_instants_in_the_zone(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"

    write_table(path, ["at"], [[NOON]], format="xlsx", zone=SHANGHAI)

    with open_table(path, "out.xlsx") as table:
        assert list(table.rows()) == [(2, (datetime.fromisoformat("2026-01-31T12:00"),))]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_failing_source_leaves_no_file(tmp_path: Path, kind: str) -> None:
    def rows() -> Iterator[list[Cell]]:
        yield ["x"]
        raise LookupError

    with pytest.raises(LookupError):
        write_table(tmp_path / "out", ["a"], rows(), format=kind)  # type: ignore[arg-type]

    assert list(tmp_path.iterdir()) == []


def test_xlsx_refuses_a_cell_that_is_too_long(tmp_path: Path) -> None:
    with pytest.raises(TableUnreadable) as refusal:
        write_table(tmp_path / "out.xlsx", ["a"], [["x" * 32_768]], format="xlsx")

    assert (refusal.value.code, refusal.value.data["line"]) == ("TABLE-012", 2)
    assert list(tmp_path.iterdir()) == []


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**15) + 1, 10**15 - 1),
    st.decimals(-(10**6), 10**6, places=4),
    st.dates(date(1901, 1, 1), date(2200, 1, 1)),
    st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=20),
)


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS), max_size=10))
def test_xlsx_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[Cell, Cell]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "round.xlsx"
    write_table(path, ["n", "a", "b"], [(number, *row) for number, row in enumerate(rows)], format="xlsx")

    with open_table(path, "round.xlsx") as table:
        assert [cells for _, cells in table.rows()] == [(number, *row) for number, row in enumerate(rows)]
