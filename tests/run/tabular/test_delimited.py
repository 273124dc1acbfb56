"""Text files: separators, line ends, headers, ragged rows, limits."""

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chengdan.base.errors import Problems
from chengdan.run.tabular import TableUnreadable, open_table
from chengdan.run.tabular.decoding import detect_encoding


def written(folder: Path, content: bytes | str, name: str = "table.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refusal_of(path: Path, *, max_rows: int = 100, max_columns: int = 100) -> TableUnreadable:
    with (
        pytest.raises(TableUnreadable) as refusal,
        open_table(path, path.name, max_rows=max_rows, max_columns=max_columns) as table,
    ):
        list(table.rows())
    return refusal.value


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_finds_separator_and_line_end(tmp_path: Path, delimiter: str, line_end: str) -> None:
    lines = [delimiter.join(row) for row in (("名称", "金额"), ("甲公司", "1"), ("乙公司", "2"))]
    path = written(tmp_path, line_end.join(lines))

    with open_table(path, "t.csv") as table:
        assert table.columns == ("名称", "金额")
        assert list(table.rows()) == [(2, ("甲公司", "1")), (3, ("乙公司", "2"))]


def test_prefers_the_separator_that_fits_every_row(tmp_path: Path) -> None:
    path = written(tmp_path, "姓名, 称呼;金额\n张三;1,5\n李四;2,5\n")

    with open_table(path, "t.csv") as table:
        assert table.columns == ("姓名, 称呼", "金额")


def test_obeys_a_named_separator(tmp_path: Path) -> None:
    path = written(tmp_path, "sep=|\r\na;b|c\r\n1;2|3\r\n")

    with open_table(path, "t.csv") as table:
        assert table.columns == ("a;b", "c")
        assert list(table.rows()) == [(3, ("1;2", "3"))]


def test_reads_one_column(tmp_path: Path) -> None:
    with open_table(written(tmp_path, "name\nA\n\nB\n"), "t.csv") as table:
        assert list(table.rows()) == [(2, ("A",)), (4, ("B",))]


def test_leaves_out_unnamed_columns_at_the_end_and_blank_rows(tmp_path: Path) -> None:
    path = written(tmp_path, "a, b  c ,,\n1,2,,\n,,,\n3,4\n")

    with open_table(path, "t.csv") as table:
        assert table.columns == ("a", "b c")
        assert list(table.rows()) == [(2, ("1", "2")), (4, ("3", "4"))]


def test_starts_at_the_line_of_the_header(tmp_path: Path) -> None:
    path = written(tmp_path, "2026 年销售表,\n制表：张三,\n客户,金额\n甲,1\n")

    with open_table(path, "t.csv", header_line=3) as table:
        assert table.columns == ("客户", "金额")
        assert list(table.rows()) == [(4, ("甲", "1"))]


def test_takes_the_apostrophe_off_defused_text(tmp_path: Path) -> None:
    with open_table(written(tmp_path, "a,b\n'=1+1,'tis\n"), "t.csv") as table:
        assert list(table.rows()) == [(2, ("=1+1", "'tis"))]


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        ("", "TABLE-002", {}),
        ("\n\r\n , \n", "TABLE-002", {}),
        (b"%PDF-1.7 ...", "TABLE-001", {}),
        ("<html><table><tr><td>1</td></tr></table></html>", "TABLE-001", {}),
        (b"a,b\n\x31\x00,2\n", "TABLE-005", {"line": 2}),
        (b"\xd0\xd5\xc3\xfb,b\n\xff\xff,2\n", "TABLE-003", {"line": 2, "column": 1}),
        ("姓名,公司\n张三李四,甲\n".encode() + "王五,乙\n".encode("gbk"), "TABLE-004", {"line": 3}),
        ("姓名,b\n1,2\n".encode("utf-16-le") + b"\x31", "TABLE-003", {"line": 3, "column": 1}),
        ("姓名,b\n1,\0\n2,3\n".encode("utf-16"), "TABLE-005", {"line": 2}),
        ("a,b\n1,2,3\n", "TABLE-007", {"line": 2, "found": 3, "expected": 2}),
        ("a,b\n1,2\n3\n", "TABLE-007", {"line": 3, "found": 1, "expected": 2}),
        ('a,b\n"x\ny",2\n1,"2\n', "TABLE-006", {"line": 4}),
        ('a,b\n"x"y,2\n', "TABLE-006", {"line": 2}),
        ("a,,c\n1,2,3\n", "TABLE-008", {"line": 1, "column": 2, "letter": "B"}),
        ("\na,b,a \n1,2,3\n", "TABLE-009", {"line": 2, "header": "a", "first": 1, "column": 3}),
        ("a,b\n1," + "x" * 200_000 + "\n", "TABLE-012", {"line": 2}),
    ],
)
def test_names_the_place_of_a_fault(
    tmp_path: Path, content: bytes | str, code: str, place: dict[str, object]
) -> None:
    refusal = refusal_of(written(tmp_path, content))

    assert refusal.code == code
    assert {key: refusal.data[key] for key in place} == place
    assert refusal.path == (f"table.csv:{place['line']}" if "line" in place else "table.csv")
    assert refusal.message("zh-CN") != refusal.message("en")


def test_limits_rows_and_columns(tmp_path: Path) -> None:
    path = written(tmp_path, "a,b\n1,2\n3,4\n5,6\n")

    assert refusal_of(path, max_rows=2).code == "TABLE-010"
    assert refusal_of(path, max_columns=1).code == "TABLE-011"
    with open_table(path, "t.csv", max_rows=3, max_columns=2) as table:
        assert table.verify() == 3


def test_verify_reports_every_ragged_row(tmp_path: Path) -> None:
    with (
        open_table(written(tmp_path, "a,b\n1\n1,2\n1,2,3\n"), "t.csv") as table,
        pytest.raises(Problems) as found,
    ):
        table.verify()

    assert [(error.code, error.data["line"]) for error in found.value.reasons()] == [
        ("TABLE-007", 2),
        ("TABLE-007", 4),
    ]


def test_reads_a_large_file_in_constant_memory(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("w", encoding="gb18030") as file:
        file.write("客户,金额,备注\n")
        file.writelines(f"客户{number},{number},{'说明' * 20}\n" for number in range(100_000))

    tracemalloc.start()
    with open_table(path, path.name) as table:
        assert table.verify() == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert path.stat().st_size > 8 << 20
    assert peak < 8 << 20


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.lists(st.sampled_from("客户公司销售云部署金额人民币大写一龥あ（，"), min_size=4).map("".join),
        min_size=1,
        max_size=8,
    )
)
def test_encodings_of_chinese_text_are_told_apart(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str]
) -> None:
    path = tmp_path_factory.getbasetemp() / "encoded.csv"
    text = "编号,名称\n" + "\n".join(f"1,{line}" for line in lines) + "\n"

    for encoding, detected in (("utf-8", "utf-8-sig"), ("gb18030", "gb18030"), ("utf-16", "utf-16")):
        path.write_bytes(text.encode(encoding))
        assert detect_encoding(path, "encoded.csv") == detected


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_give_a_table_or_a_typed_error(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "noise.csv"
    path.write_bytes(content.replace(b"PK\x03\x04", b""))

    try:
        with open_table(path, "noise.csv") as table:
            assert len(set(table.columns)) == len(table.columns)
            assert all(len(cells) == len(table.columns) for _, cells in table.rows())
    except TableUnreadable as refusal:
        assert refusal.code.startswith("TABLE-")
