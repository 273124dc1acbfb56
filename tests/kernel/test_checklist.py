"""Checklists and loops: what their definitions must fit."""

import pytest

from chengdan.kernel.validate import build
from tests.sales.manifests import snapshot, texts

CHECKLIST = """\
checklist: follow_up
label: {zh: 清单, en: List}
object: %s
steps: [%s]
"""


def problems(path: str, text: str) -> list[str]:
    return [str(problem.data["what"].en) for problem in build({**texts(), path: text})[1]]


def test_the_checklist_of_the_sales_system_holds_the_three_required_steps() -> None:
    checklist = snapshot().checklists["follow_up"]
    known = {item.name: item for _, item in snapshot().pipelines["sales"].deliverables()}

    assert checklist.label.zh == "客户跟进检查清单"
    assert [(known[name].label.zh, known[name].hard) for name in checklist.steps] == [
        ("需求确认", True),
        ("方案演示", True),
        ("报价审批", True),
    ]


@pytest.mark.parametrize(
    ("object", "steps", "expected"),
    [
        ("opportunity", "needs_confirmed, budget", "there is no sub-step `budget`"),
        ("opportunity", "", "a checklist without steps"),
        ("task", "done", "there is no object with a pipeline `task`"),
    ],
)
def test_a_checklist_of_what_is_no_sub_step_is_refused(object: str, steps: str, expected: str) -> None:
    assert problems("checklists/follow_up.yaml", CHECKLIST % (object, steps)) == [expected]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("answer: answer,", "answer: subject,", "there is no field to fill in `subject`"),
        (
            "ages: [2, 5, 10]",
            "ages: [5, 2]",
            "`ages` must be whole numbers above 0, each larger than the last",
        ),
        ("by: [category,", "by: [detail,", "there is no field to group by `detail`"),
    ],
)
def test_a_loop_names_fields_that_fit(old: str, new: str, expected: str) -> None:
    text = texts()["objects/concern.yaml"]
    assert old in text

    assert problems("objects/concern.yaml", text.replace(old, new)) == [expected]


def test_what_waits_for_answers_moves_through_a_pipeline() -> None:
    files = {path: text for path, text in texts().items() if path != "pipelines/concern.yaml"}

    assert "an object with a `loop` needs a pipeline of two stages or more" in [
        str(problem.data["what"].en) for problem in build(files)[1]
    ]
