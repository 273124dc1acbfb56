"""What a move has to prove: jumping proves as much as walking, losing and going back prove nothing but the entry."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.lab.manifests import edited, snapshot

COURSE = snapshot().pipelines["course"]
STAGES = [stage.name for stage in COURSE.stages]
IDEA = ["value", "big", "plan", "talked", "good_part"]
BUILD = ["tested", "cheap"]


def demanded(origin: str | None, target: str) -> list[str]:
    return [item.name for _, item in COURSE.passed(origin, target)]


@pytest.mark.parametrize(
    ("origin", "target", "names"),
    [
        (None, "idea", []),
        ("idea", "build", [*IDEA, "client"]),
        ("idea", "trial", [*IDEA, "client", *BUILD]),
        ("idea", "done", [*IDEA, "client", *BUILD, "accepted"]),
        (None, "done", [*IDEA, "client", *BUILD, "accepted"]),
        ("build", "trial", BUILD),
        ("trial", "done", ["accepted"]),
        ("trial", "build", ["client"]),
        ("done", "idea", []),
        ("done", "trial", []),
        ("idea", "dropped", ["reason"]),
        ("done", "dropped", ["reason"]),
        (None, "dropped", ["reason"]),
        ("dropped", "idea", []),
        ("dropped", "trial", [*IDEA, "client", *BUILD]),
        ("dropped", "done", [*IDEA, "client", *BUILD, "accepted"]),
        ("no_longer_there", "trial", [*IDEA, "client", *BUILD]),
    ],
)
def test_a_move_proves(origin: str | None, target: str, names: list[str]) -> None:
    assert demanded(origin, target) == names


@given(st.lists(st.sampled_from(["idea", "build", "trial", "done"]), min_size=2, max_size=4, unique=True))
def test_no_detour_proves_less_than_the_straight_way(path: list[str]) -> None:
    """Whatever stages are taken on the way up, everything that the straight jump demands was demanded somewhere."""
    path = sorted(path, key=STAGES.index)
    walked = {name for origin, target in pairwise(path) for name in demanded(origin, target)}
    assert walked >= set(demanded(path[0], path[-1]))


@given(st.lists(st.sampled_from(STAGES), min_size=1, max_size=6))
def test_no_way_from_a_new_record_to_done_leaves_anything_unproven(detours: list[str]) -> None:
    path = [None, "idea", *detours, "done"]
    proven = {name for origin, target in pairwise(path) if target for name in demanded(origin, target)}
    assert proven >= {*IDEA, "client", *BUILD, "accepted"}


def test_an_unknown_stage_has_no_place() -> None:
    with pytest.raises(KeyError):
        COURSE.position("shop")
    assert not COURSE.has(None)
    assert COURSE.has("idea")


def test_what_comes_after_a_win_is_not_reached_round_the_win() -> None:
    """`done` is won, and an open stage follows it; another won stage beside it is no duty."""
    more = """\
  - {name: given, kind: won, label: {zh: 赠出, en: Given}}
  - {name: care, label: {zh: 售后, en: Care}}
  - name: dropped
"""
    course = snapshot(edited("pipelines/course.yaml", "  - name: dropped\n", more)).pipelines["course"]
    names = {
        (origin, target): [item.name for _, item in course.passed(origin, target)]
        for origin in ("trial", "done")
        for target in ("given", "care")
    }
    assert names == {
        ("trial", "given"): [],
        ("trial", "care"): ["accepted"],
        ("done", "given"): [],
        ("done", "care"): [],
    }
