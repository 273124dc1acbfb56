"""The gate: every unmet deliverable at once, each with its code, label and way out; hard ones block, soft ones ask why."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from chengdan.expr import Context
from chengdan.kernel.gate import Evidence, NoSuchStage, Verdict, check, is_filled
from tests.lab.manifests import snapshot

LAB = snapshot()
COURSE = LAB.pipelines["course"]
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
ID = UUID(int=1)


class Parts:
    """The facts around a job: its parts."""

    def __init__(self, parts: Sequence[Mapping[str, Any]]) -> None:
        self._parts = parts

    def one(self, path: tuple[str, ...]) -> Mapping[str, Any] | None:
        raise AssertionError(path)

    def many(self, path: tuple[str, ...], inverse: str) -> Sequence[Mapping[str, Any]]:
        assert (path, inverse) == ((), "parts")
        return self._parts


def verdict(
    origin: str | None,
    target: str,
    *,
    files: Mapping[str, int] | None = None,
    parts: Sequence[Mapping[str, Any]] = (),
    ticked: Sequence[str] = (),
    **values: Any,
) -> Verdict:
    job = {"id": ID, **dict.fromkeys(LAB.objects["job"].by_name), **values}
    job["checklist"] = {name: {"by": str(ID)} for name in ticked}
    evidence = Evidence(Context(now=NOW, facts=Parts(parts)), files or {})
    return check(LAB, COURSE, job, evidence, origin, target)


PROVEN: dict[str, Any] = {
    "files": {"plan": 1, "acceptance": 1},
    "parts": [{"id": UUID(int=2), "good": True}],
    "ticked": ["talked", "tested"],
    "value": Decimal(100),
    "client": UUID(int=3),
}


def missing(found: Verdict) -> list[tuple[str, str]]:
    return [(unmet.code, unmet.standing.deliverable.name) for unmet in found.unmet]


def test_reports_every_unmet_deliverable() -> None:
    found = verdict("idea", "done")
    assert missing(found) == [
        ("GATE-010", "value"),
        ("GATE-011", "big"),
        ("GATE-012", "plan"),
        ("GATE-013", "talked"),
        ("GATE-014", "good_part"),
        ("GATE-010", "client"),
        ("GATE-013", "tested"),
        ("GATE-012", "accepted"),
    ]
    assert found.outcome == "blocked"


def test_says_each_reason_with_the_way_to_meet_it_in_both_languages() -> None:
    plan = verdict("idea", "build").unmet[2]
    assert (plan.message("en"), plan.hint("en")) == ("Plan is missing.", "Upload the plan")
    assert (plan.message("zh-CN"), plan.hint("zh-CN")) == ("缺少计划。", "上传计划")
    assert (plan.path, plan.hard) == ("plan", True)


def test_opens_when_everything_is_proven() -> None:
    found = verdict("idea", "done", **PROVEN)
    assert (missing(found), found.outcome) == ([], "allowed")


@pytest.mark.parametrize(
    ("lacking", "code", "name"),
    [
        ({"value": Decimal("9.99")}, "GATE-011", "big"),
        ({"client": None}, "GATE-010", "client"),
        ({"files": {"acceptance": 1}}, "GATE-012", "plan"),
        ({"files": {"plan": 0, "acceptance": 1}}, "GATE-012", "plan"),
        ({"files": {"plan": 3}}, "GATE-012", "accepted"),
        ({"ticked": ["tested"]}, "GATE-013", "talked"),
        ({"parts": []}, "GATE-014", "good_part"),
        ({"parts": [{"id": ID, "good": False}, {"id": ID, "good": None}]}, "GATE-014", "good_part"),
    ],
)
def test_holds_back_for_each_kind_alone(lacking: dict[str, Any], code: str, name: str) -> None:
    found = verdict("idea", "done", **{**PROVEN, **lacking})
    assert missing(found) == [(code, name)]
    assert found.outcome == "blocked"


def test_asks_for_a_reason_when_only_soft_ones_lack() -> None:
    found = verdict("build", "trial", **{**PROVEN, "cost": Decimal(101)})
    assert missing(found) == [("GATE-011", "cheap")]
    assert (found.outcome, found.unmet[0].hard) == ("needs_reason", False)


def test_losing_needs_only_its_own_entry() -> None:
    assert missing(verdict("build", "dropped")) == [("GATE-010", "reason")]
    assert verdict("build", "dropped", reason="预算取消").outcome == "allowed"


def test_going_back_is_free() -> None:
    assert verdict("done", "idea").outcome == "allowed"
    assert verdict("done", "trial").outcome == "allowed"


def test_losing_and_coming_back_is_no_way_round() -> None:
    assert len(verdict("dropped", "done", reason="x").unmet) == 8


def test_an_unknown_stage_is_told_with_the_stages_there_are() -> None:
    with pytest.raises(NoSuchStage) as refusal:
        verdict("idea", "shop")
    assert refusal.value.hint("en") == "Stages: idea, build, trial, done, dropped"
    assert refusal.value.path == "stage"


@pytest.mark.parametrize(
    ("value", "filled"),
    [
        (0, True),
        (Decimal(0), True),
        ("x", True),
        (["a"], True),
        (None, False),
        ("", False),
        ([], False),
        (False, False),
    ],
)
def test_zero_is_filled_in_but_false_and_emptiness_are_not(value: Any, filled: bool) -> None:
    assert is_filled(value) is filled
