"""Homes: panels are checked like every definition, and the roles of a person make one home of theirs."""

from collections.abc import Mapping

import pytest

from chengdan.base.ids import new_id
from chengdan.kernel.access import HomeOf, Principal
from chengdan.kernel.home import home_of, sight_of
from chengdan.kernel.panel import Panel
from chengdan.kernel.plan import Difference, differences
from chengdan.kernel.validate import build
from tests.lab.manifests import manifests, snapshot


def panel(name: str, written: str) -> dict[str, str]:
    return {f"panels/{name}.yaml": f"panel: {name}\nlabel: {{zh: 块, en: Block}}\n{written}\n"}


def homes(**roles: str) -> dict[str, str]:
    """The lab's roles with these lines about their homes."""
    return {
        f"roles/{name}.yaml": manifests()[f"roles/{name}.yaml"].replace("grants:", f"{lines}\ngrants:")
        for name, lines in roles.items()
    }


PANELS = {
    **panel("late", "kind: list\nview: job_mine\nfilter: 'due_on < today()'"),
    **panel("worth", "kind: figure\nobject: job\nfunction: sum\nfield: value"),
    **panel("dear", "kind: figure\nobject: job\nfunction: sum\nfield: cost"),
    **panel("gain", "kind: list\nobject: job\nfilter: 'margin > 0'"),
    **panel("told", "kind: notices"),
}


def problems(files: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(found.code, found.message("en")) for found in build(manifests(files))[1]]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("kind: lists\nobject: job", "`kind` cannot be `lists`"),
        ("kind: list", "there is no object ``"),
        ("kind: list\nview: job_min", "there is no view `job_min`"),
        ("kind: list\nview: job_mine\nobject: client", "the view `job_mine` is not of `client`"),
        ("kind: notices\nobject: job", "a panel of the kind notices is not about one object: no object, view or filter"),
        ("kind: list\nobject: job\ncolumns: [valu]", "there is no field `valu`"),
        ("kind: list\nobject: job\nsort: margin", "there is no field to sort by `margin`"),
        ("kind: list\nobject: job\nlimit: 51", "limit must be 1–50"),
        ("kind: list\nobject: job\ntick: name", "there is no boolean field `name`"),
        ("kind: list\nobject: client\nblockers: true", "`client` has no pipeline"),
        ("kind: overrides\nobject: client", "`client` has no pipeline"),
        ("kind: figure\nobject: job\nfunction: median", "there is no function `median`"),
        ("kind: figure\nobject: job\nfunction: sum", "`count` takes no `field`, the others need one"),
        ("kind: figure\nobject: job\nfield: value", "`count` takes no `field`, the others need one"),
        ("kind: figure\nobject: job\nfunction: sum\nfield: name", "there is no field of numbers `name`"),
        ("kind: chart\nobject: job\nby: name", "there is no field to group by `name`"),
        ("kind: chart\nobject: job\nby: due_on\nshape: funnel", "a funnel is by a select field"),
    ],
)  # fmt: skip
def test_a_faulty_panel_is_told(written: str, message: str) -> None:
    assert [found for _, found in problems(panel("block", written))] == [message]


def test_a_faulty_condition_is_told_with_its_code() -> None:
    found = problems(panel("block", "kind: list\nobject: job\nfilter: 'valu > 1'"))
    assert [code for code, _ in found] == ["DEF-012"]


def test_a_home_of_panels_that_are_not_there_is_told() -> None:
    assert problems(homes(maker="home: [late]")) == [("DEF-010", "there is no panel `late`")]


def test_a_panel_takes_from_its_view_what_it_does_not_say() -> None:
    made = snapshot(manifests(PANELS))
    sight = sight_of(made, made.panels["late"])

    assert (sight.object, sight.sort, sight.columns) == (
        "job",
        "-value",
        ("name", "client", "value", "stage"),
    )
    assert sight.filter == "(owner == me) and (due_on < today())"


def someone(*roles: str) -> Principal:
    return Principal(new_id(), "someone", frozenset(roles))


def names(panels: tuple[Panel, ...]) -> list[str]:
    return [panel.name for panel in panels]


def test_several_roles_make_one_home_without_doubles() -> None:
    made = snapshot(
        manifests(
            {**PANELS, **homes(head="home: [worth, told]\nhome_of: choice", auditor="home: [late, worth]")}
        )
    )

    assert names(home_of(made, someone("auditor")).panels) == ["late", "worth"]
    assert home_of(made, someone("auditor")).of is HomeOf.MINE
    both = home_of(made, someone("auditor", "head"))
    assert (names(both.panels), both.of) == (["worth", "told", "late"], HomeOf.CHOICE)
    assert home_of(made, someone("keeper")).panels == ()


def test_panels_over_what_is_hidden_are_left_out() -> None:
    home = "home: [late, dear, gain, told]"
    made = snapshot(manifests({**PANELS, **homes(maker=home, auditor=home)}))

    assert names(home_of(made, someone("auditor")).panels) == ["late", "dear", "gain", "told"]
    assert names(home_of(made, someone("maker")).panels) == ["late", "told"]
    assert names(home_of(made, someone("maker", "auditor")).panels) == ["late", "dear", "gain", "told"]


def test_a_changed_panel_is_told_in_the_plan() -> None:
    before = snapshot(manifests(PANELS))
    after = snapshot(manifests({**PANELS, **panel("told", "kind: notices\nlimit: 9")}))

    assert differences(before, after) == [Difference("changed", "panel", "told")]
