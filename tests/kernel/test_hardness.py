"""A deliverable is made hard or soft in the text of its manifest, every other byte as it was."""

import pytest

from chengdan.kernel.hardness import with_hardness
from chengdan.kernel.validate import build
from tests.lab.manifests import manifests, snapshot

PATH = "pipelines/course.yaml"
TEXT = manifests()[PATH]


def hard(text: str, name: str) -> bool:
    built, problems = build(manifests({PATH: text}), 1)
    assert problems == []
    return next(item.hard for _, item in built.pipelines["course"].deliverables() if item.name == name)


def test_one_word_is_changed() -> None:
    changed = with_hardness(TEXT, "cheap", True)

    assert changed == TEXT.replace(
        "name: cheap, kind: condition, hard: false", "name: cheap, kind: condition, hard: true"
    )
    assert hard(changed, "cheap")
    assert with_hardness(changed, "cheap", False) == TEXT


@pytest.mark.parametrize("name", [item.name for _, item in snapshot().pipelines["course"].deliverables()])
def test_every_deliverable_can_be_made_soft_and_hard_again(name: str) -> None:
    soft = with_hardness(TEXT, name, False)

    assert not hard(soft, name)
    assert hard(with_hardness(soft, name, True), name)


def test_what_is_hard_without_saying_so_stays_as_it_is() -> None:
    assert with_hardness(TEXT, "plan", True) == TEXT


def test_mappings_in_lines_get_a_line() -> None:
    block = "stages:\n  - name: a\n    exit:\n      - name: 图纸\n        kind: checklist\n"

    assert with_hardness(block, "图纸", False) == (
        "stages:\n  - name: a\n    exit:\n      - name: 图纸\n        hard: false\n        kind: checklist\n"
    )


def test_a_name_that_is_not_there_is_refused() -> None:
    with pytest.raises(KeyError):
        with_hardness(TEXT, "moon", True)
