"""The encoding of a text by its content: GB 18030 is not taken for a mixture because some of its lines are valid UTF-8."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chengdan.run.tabular.decoding import detect_encoding
from chengdan.run.tabular.errors import MixedEncodings

COMMON = [bytes((high, low)).decode("gb2312") for high in range(0xB0, 0xD7) for low in range(0xA1, 0xFF)]
"""The common characters of GB 2312."""
BOTH_WAYS = [one for one in COMMON if one.encode("gb2312")[0] >= 0xC2 and one.encode("gb2312")[1] < 0xC0]
"""Those whose bytes are valid UTF-8 as well."""


def found(folder: Path, content: bytes) -> str:
    path = folder / "table.csv"
    path.write_bytes(content)
    return detect_encoding(path, path.name)


@pytest.mark.parametrize("line", ["联通", "谭埃罢埠蜗", "浴缸,谩骂,妹夫", "陆北埂篓谩,墨牧"])
def test_lines_of_gb_that_are_valid_utf_8_are_not_a_mixture(tmp_path: Path, line: str) -> None:
    table = f"公司,姓名\n上海明达,{line}\n{line}\n"
    assert found(tmp_path, table.encode("gb18030")) == "gb18030"


def test_a_column_that_repeats_such_words_is_not_a_mixture(tmp_path: Path) -> None:
    words = "".join(BOTH_WAYS[:: len(BOTH_WAYS) // 8][:8])
    assert words.encode("gb18030").decode("utf-8")
    table = "姓名,备注\n" + f"1,{words}\n" * 5_000 + "王芳,好\n"
    assert found(tmp_path, table.encode("gb18030")) == "gb18030"


@given(st.lists(st.text(st.sampled_from(BOTH_WAYS), max_size=11), min_size=1, max_size=20))
def test_no_words_of_common_characters_are_taken_for_a_mixture(
    tmp_path_factory: pytest.TempPathFactory, words: list[str]
) -> None:
    table = "姓名\n" + "\n".join(words) + "\n王芳\n"
    assert found(tmp_path_factory.mktemp("gb"), table.encode("gb18030")) == "gb18030"


@pytest.mark.parametrize(
    "line",
    ["上海明达制造", "苏州工业园区,孙芳", "Привет, уважаемые коллеги", "Ελληνικά κείμενα", "José, Müller, Ångström, naïve, café, Zoë, été, à, ñ, Ø, Þór"],
)  # fmt: skip
def test_a_mixture_is_found_where_the_encoding_changes(tmp_path: Path, line: str) -> None:
    content = "公司\n上海明达\n".encode("gb18030") + f"{line}\n".encode()
    with pytest.raises(MixedEncodings) as mixture:
        found(tmp_path, content)
    assert mixture.value.data["line"] == 3


def test_a_mixture_that_begins_with_utf_8_is_found_too(tmp_path: Path) -> None:
    content = "公司,姓名,手机号码\n上海明达制造,孙芳\n".encode() + "苏州精密\n".encode("gb18030")
    with pytest.raises(MixedEncodings):
        found(tmp_path, content)
