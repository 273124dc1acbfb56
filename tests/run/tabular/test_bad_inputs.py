"""Every file of the collection of odd and broken tables: what it must give, or the error that must name its fault."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from chengdan.run.tabular import TableUnreadable, open_table

BAD_INPUTS = Path(__file__).resolve().parents[4] / "shared" / "data" / "bad_inputs"
SPECTRUM = BAD_INPUTS / "csv_spectrum"
ENCODINGS = BAD_INPUTS / "derived_encodings"
WORKBOOKS = BAD_INPUTS / "python_calamine" / "tests" / "data"

pytestmark = pytest.mark.skipif(not BAD_INPUTS.is_dir(), reason="../shared/data/bad_inputs is absent")

TMALL_COLUMNS = (
    "订单编号", "总金额", "买家实际支付金额", "收货地址", "订单创建时间", "订单付款时间", "退款金额",
)  # fmt: skip
TMALL_SECOND = (3, ("2", "21.0", "21.0", "内蒙古自治区", "2020-02-20 23:59:54", "2020-02-21 00:00:02", "0.0"))

READABLE = {
    "tmall_500_gbk.csv": "gb18030",
    "tmall_500_gbk_semicolon_cr_only.csv": "gb18030",
    "tmall_500_gbk_tab.txt": "gb18030",
    "tmall_500_utf16be_bom.csv": "utf-16",
    "tmall_500_utf16le_bom.csv": "utf-16",
    "tmall_500_utf16le_nobom.csv": "utf-16-le",
    "tmall_500_utf8_bom.csv": "utf-8-sig",
}
REFUSED = {
    "tmall_500_gbk_truncated_mid_char.csv": ("TABLE-003", {"line": 50, "column": 18}),
    "tmall_500_with_nul.csv": ("TABLE-005", {"line": 1}),
    "tmall_mixed_gbk_then_utf8.csv": ("TABLE-004", {"line": 252}),
}
NUMBERS = (
    ("1", "2"),
    [
        (2, (3, 4)),
        (3, (5, 6)),
        (5, ("This workbook contains 4 sheets: Visible, Hidden, VeryHidden and Chart", None)),
    ],
)
TYPED_NAMES = ("String", "1", "1.1", "True", "False", "2010-10-10", "2010-10-10 10:10:10", "10:10:10")
SHEETS = {
    "any_sheets.ods": (("Visible", "Hidden", "VeryHidden", "Chart"), *NUMBERS),
    "any_sheets.xls": (("Visible", "Hidden", "VeryHidden"), *NUMBERS),
    "any_sheets.xlsb": (("Visible", "Hidden", "VeryHidden"), *NUMBERS),
    "any_sheets.xlsx": (("Visible", "Hidden", "VeryHidden"), *NUMBERS),
    "base.ods": (("Sheet1", "Sheet2", "Merged Cells"), (*TYPED_NAMES, "10:10:10.100000", "PT255H10M10S"), []),
    "base.xls": (("Sheet1", "Sheet2", "Merged Cells"), (*TYPED_NAMES, "10:10:10.100000", "255:10:10"), []),
    "base.xlsb": (
        ("Sheet1", "Sheet2", "Sheet3", "Merged Cells"),
        (*TYPED_NAMES, "10:10:10.100000", "255:10:10"),
        [],
    ),
    "base.xlsx": (
        ("Sheet1", "Sheet2", "Sheet3", "Merged Cells"),
        (*TYPED_NAMES, "10:10:10.100000", "255:10:10"),
        [],
    ),
    "issue139.xlsx": (("bad_xlsx_dates",), ("date",), [(2, (2994626,))]),
    "table-multiple.xlsx": (
        ("Sheet1", "Sheet2", "Sheet3"),
        ("Item", "Type", "Quantity"),
        [(2, (1, "Apple", 50)), (3, (2, "Banana", 200)), (4, (3, "Orange", 60)), (5, (4, "Pear", 100))],
    ),
}
BROKEN_SHEETS = {
    "empty_file.ods": "TABLE-002",
    "empty_file.xlsb": "TABLE-002",
    "empty_file.xlsx": "TABLE-002",
    "password.ods": "TABLE-013",
    "password.xls": "TABLE-013",
    "password.xlsb": "TABLE-013",
    "password.xlsx": "TABLE-013",
}
SPECTRUM_NAMES = (
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
    "newlines_crlf", "quotes_and_newlines", "simple", "simple_crlf", "utf8",
)  # fmt: skip


def test_every_file_has_an_expectation() -> None:
    found = {path.name for folder in (ENCODINGS, WORKBOOKS, SPECTRUM / "csvs") for path in folder.iterdir()}

    expected = READABLE | REFUSED | SHEETS | BROKEN_SHEETS
    assert found == {
        *expected,
        "names_gb18030_4byte.csv",
        "location_coordinates.csv",
        *(f"{name}.csv" for name in SPECTRUM_NAMES),
    }


@pytest.mark.parametrize("name", SPECTRUM_NAMES)
def test_reads_csv_as_the_spectrum_says(name: str) -> None:
    path = SPECTRUM / "csvs" / f"{name}.csv"
    expected = json.loads((SPECTRUM / "json" / f"{name}.json").read_text("utf-8"))

    with open_table(path, path.name) as table:
        read = [dict(zip(table.columns, cells, strict=True)) for _, cells in table.rows()]

    assert read == expected


def test_reads_replacement_characters_and_quotes_within_a_cell() -> None:
    """The spectrum's JSON for this file tells of another telephone number, so the row is written out here."""
    path = SPECTRUM / "csvs" / "location_coordinates.csv"

    with open_table(path, path.name) as table:
        assert table.columns == ("Contact Phone Number", "Location Coordinates", "Cities", "Counties")
        assert list(table.rows()) == [
            (2, ("2095257564", "37\ufffd36'37.8\"N 121\ufffd2'17.9\"W", "Modesto", "Stanislaus"))
        ]


@pytest.mark.parametrize("name", READABLE)
def test_reads_an_export_in_any_encoding(name: str) -> None:
    with open_table(ENCODINGS / name, name) as table:
        assert table.encoding == READABLE[name]
        assert table.columns == TMALL_COLUMNS
        assert table.verify() == 500
        assert table.preview(2)[1] == TMALL_SECOND


def test_reads_characters_of_four_bytes() -> None:
    name = "names_gb18030_4byte.csv"

    with open_table(ENCODINGS / name, name) as table:
        assert list(table.rows()) == [
            (2, ("北京𠮷祥科技有限公司", "㐂田", "¥1,200.50", "含四字节字 𠀀 𪚥 😀")),
            (3, ("深圳市䶮腾电子有限公司", "王喆", "¥-30", "全角数字：１２３，全角空格\u3000结束")),
            (4, ('"引号""内嵌"公司', "李;四", "1.2e3", "换行\n在字段内")),
        ]


@pytest.mark.parametrize("name", REFUSED)
def test_names_the_line_of_broken_text(name: str) -> None:
    with pytest.raises(TableUnreadable) as refusal:
        open_table(ENCODINGS / name, name)

    code, place = REFUSED[name]
    assert refusal.value.code == code
    assert {key: refusal.value.data[key] for key in place} == place


@pytest.mark.parametrize("name", SHEETS)
def test_reads_the_first_visible_sheet(name: str) -> None:
    with open_table(WORKBOOKS / name, name) as table:
        assert (table.sheets, table.columns, list(table.rows())) == SHEETS[name]


def test_reads_prices_as_decimals() -> None:
    with open_table(WORKBOOKS / "table-multiple.xlsx", "t.xlsx", sheet="Sheet2") as table:
        assert table.preview(2) == [(2, (1, Decimal("0.85"))), (3, (2, Decimal("0.75")))]


@pytest.mark.parametrize("name", BROKEN_SHEETS)
def test_says_why_a_workbook_cannot_be_read(name: str) -> None:
    with pytest.raises(TableUnreadable) as refusal:
        open_table(WORKBOOKS / name, name)

    assert refusal.value.code == BROKEN_SHEETS[name]


def test_refuses_a_chart_sheet() -> None:
    with pytest.raises(TableUnreadable) as refusal:
        open_table(WORKBOOKS / "any_sheets.xlsb", "any.xlsb", sheet="Chart")

    assert refusal.value.code == "TABLE-016"
    assert refusal.value.hint("en") == "Choose one of: Visible, Hidden, VeryHidden."
