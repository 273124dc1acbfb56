"""Replacing single values of a manifest leaves the rest to the byte."""

import pytest

from chengdan.kernel.amend import amended

TEXT = """# 注释留着
score: fit
label: {zh: 分, en: Fit}   # 也留着
signals:
  - metric: calls
    weight: 3
    words: {zh: "一", en: "one"}
  - {metric: age, weight: 10, bad: 30}
"""


def test_replaces_values_where_they_stand() -> None:
    found = amended(
        TEXT, {("signals", 0, "weight"): "12.5", ("signals", 1, "weight"): "1", ("label", "zh"): "新"}
    )

    assert found == TEXT.replace("weight: 3", "weight: 12.5").replace("weight: 10", "weight: 1").replace(
        "zh: 分", "zh: 新"
    )


def test_adds_a_key_that_is_not_there_at_the_end() -> None:
    assert amended(TEXT, {("red",): "40"}) == TEXT + "red: 40\n"
    assert amended("a: 1", {("b",): "2"}) == "a: 1\nb: 2\n"


@pytest.mark.parametrize("path", [("signals", 2, "weight"), ("signals", 0, "bad"), ("label", "de")])
def test_refuses_a_place_that_is_not_there(path: tuple[str | int, ...]) -> None:
    with pytest.raises(KeyError):
        amended(TEXT, {path: "1"})
