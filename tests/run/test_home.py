"""The home answers every panel within the viewer's reach, in few statements; one that fails leaves the others be."""

from collections.abc import Iterator
from typing import Any

import pytest
from psycopg.errors import QueryCanceled

from chengdan.base.json import dumps, loads_exact
from chengdan.kernel.access import Principal
from chengdan.run.commands import Archive, Move
from chengdan.run.errors import NoSuchPanel
from chengdan.run.home import Asked, answer_home
from tests.databases import Databases
from tests.lab.lab import AUDITOR, BOSS, FANG, HEAD, LIU, MING, Lab, open_lab
from tests.lab.manifests import manifests
from tests.run.test_query_counts import statements

PANELS = {
    "jobs": "kind: list\nobject: job\nsort: name\ncolumns: [value, owner, cost]\nlimit: 2\nblockers: true",
    "count": "kind: figure\nobject: job",
    "worth": "kind: figure\nobject: job\nfilter: 'value > 5'\nfunction: sum\nfield: value",
    "broken": "kind: figure\nobject: client",
    "all": "kind: figure\nobject: job\nwhose: all",
    "owners": "kind: chart\nobject: job\nby: owner\nfunction: sum\nfield: value",
    "months": "kind: chart\nobject: job\nby: due_on",
    "ringing": "kind: timers",
    "told": "kind: notices",
    "passed": "kind: overrides\nobject: job",
}
RING = """\
rule: {name}
label: {{zh: 到点, en: Time is up}}
object: job
on: {on}
do:
  - {do}
"""
HOME = f"home: [{', '.join(PANELS)}]"


def files() -> dict[str, str]:
    found = manifests()
    for name, written in PANELS.items():
        found[f"panels/{name}.yaml"] = f"panel: {name}\nlabel: {{zh: 块, en: Block}}\n{written}\n"
    for role, lines in {
        "maker": HOME,
        "head": f"{HOME}\nhome_of: choice",
        "auditor": f"{HOME}\nhome_of: all",
    }.items():
        path = f"roles/{role}.yaml"
        found[path] = found[path].replace("grants:", f"{lines}\ngrants:")
    found["rules/start.yaml"] = RING.format(
        name="start", on="{created: true}", do="timer: {key: ring, after: 1h}"
    )
    tell = "notify: {to: [owner], message: {zh: '{name} 到点', en: '{name} is due'}}"
    found["rules/stop.yaml"] = RING.format(name="stop", on="{timer: ring}", do=tell)
    return found


@pytest.fixture(scope="module")
def homely(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """Jobs of three makers in two teams: a 3 and b 7 of Ming, c 9 of Fang, all in the east; d 20 of Liu in the south."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("homely")) as lab:
        lab.runtime.publish(files())
        for who, name, value, due_on in (
            (MING, "a", 3, "2026-11-03"),
            (MING, "b", 7, "2026-11-28"),
            (FANG, "c", 9, "2026-12-01"),
            (LIU, "d", 20, None),
        ):
            lab.create(who, "job", name=name, value=value, due_on=due_on)
        yield lab


def home(lab: Lab, who: Principal, **asked: Any) -> dict[str, Any]:
    """The panels as the page receives them."""
    with lab.runtime.reader(who) as reader:
        told: dict[str, Any] = loads_exact(dumps(answer_home(reader, Asked(**asked)).panels))
    return told


def test_figures_are_over_what_the_home_is_about(homely: Lab) -> None:
    def figures(who: Principal, **asked: Any) -> list[Any]:
        found = home(homely, who, **asked)
        return [found[name]["value"] for name in ("count", "worth", "all")]

    assert figures(MING) == [2, 7, 3]
    assert figures(MING, mine=False) == [2, 7, 3]
    assert figures(HEAD) == [3, 16, 3]
    assert figures(HEAD, mine=True) == [0, 0, 3]
    assert figures(BOSS) == [4, 36, 4]
    assert figures(AUDITOR, mine=True) == [4, 36, 4]


def test_amounts_of_several_currencies_stand_beside_each_other(homely: Lab) -> None:
    made = homely.create(FANG, "job", name="e", value={"amount": 50, "currency": "USD"})

    found = home(homely, HEAD)
    assert (found["worth"]["value"], found["worth"]["by_currency"]) == (None, {"CNY": 16, "USD": 50})
    assert (found["count"]["value"], found["count"]["by_currency"]) == (4, None)
    owners = [(group["label"], group["value"], group["by_currency"]) for group in found["owners"]["groups"]]
    assert owners == [("fang", None, {"CNY": 9, "USD": 50}), ("ming", 10, {"CNY": 10})]
    assert home(homely, MING)["worth"]["by_currency"] == {"CNY": 7}
    homely.act(FANG, Archive("job", made["id"]))


def test_a_list_shows_the_first_and_counts_the_rest(homely: Lab) -> None:
    found = home(homely, HEAD)["jobs"]

    assert [item["name"] for item in found["items"]] == ["a", "b"]
    assert found["items"][0]["owner"] == {"id": str(MING.user), "label": "ming"}
    assert (found["count"], found["more"]) == (3, False)
    whole = home(homely, HEAD, panels=frozenset({"jobs"}), limit=200)
    assert [item["name"] for item in whole["jobs"]["items"]] == ["a", "b", "c"]
    assert list(whole) == ["jobs"]


def test_a_list_shows_no_hidden_column(homely: Lab) -> None:
    assert "cost" not in home(homely, MING)["jobs"]["items"][0]
    assert "cost" in home(homely, HEAD)["jobs"]["items"][0]


def test_each_record_says_what_its_next_stage_asks_for(homely: Lab) -> None:
    found = home(homely, MING)["jobs"]
    first = found["blockers"][found["items"][0]["id"]]

    assert first["to"] == "build"
    assert [item["name"] for item in first["unmet"]] == ["big", "plan", "talked", "good_part", "client"]
    assert {item["hard"] for item in first["unmet"]} == {True}


def test_charts_name_the_records_they_group_by(homely: Lab) -> None:
    groups = home(homely, HEAD)["owners"]["groups"]

    assert [(group["label"], group["count"], group["value"]) for group in groups] == [
        ("ming", 2, 10),
        ("fang", 1, 9),
    ]


def test_dates_count_by_months(homely: Lab) -> None:
    groups = home(homely, BOSS)["months"]["groups"]

    assert {group["key"]: group["count"] for group in groups} == {"2026-11-01": 2, "2026-12-01": 1, None: 1}


def test_a_panel_that_fails_says_so_in_its_place(homely: Lab) -> None:
    with homely.runtime.pool.connection() as other, homely.runtime.reader(HEAD) as reader:
        other.execute("LOCK TABLE data.client")
        reader.execute("SET statement_timeout = '2s'")
        found = answer_home(reader, Asked()).panels
        reader.execute("RESET statement_timeout")

    assert {name for name, answer in found.items() if isinstance(answer, Exception)} == {"broken"}
    assert isinstance(found["broken"], QueryCanceled)
    worth = found["worth"]
    assert not isinstance(worth, Exception)
    assert (worth["value"], worth["count"], worth["renewing"]) == (16, 2, False)


def test_timers_are_those_of_records_within_reach_with_what_they_set_off(homely: Lab) -> None:
    def ringing(who: Principal, **asked: Any) -> list[tuple[str, Any]]:
        return [
            (item["title"], item["label"]["en"]) for item in home(homely, who, **asked)["ringing"]["items"]
        ]

    assert ringing(MING) == [("a", "Time is up"), ("b", "Time is up")]
    assert ringing(HEAD) == [("a", "Time is up"), ("b", "Time is up"), ("c", "Time is up")]
    assert ringing(HEAD, mine=True) == []


def test_a_gate_passed_by_exception_is_told_to_who_may_see_the_record(homely: Lab) -> None:
    made = homely.create(HEAD, "job", name="z", value=1)
    homely.act(HEAD, Move("job", made["id"], None, "build", override_reason="老板点头"))

    found = home(homely, HEAD)["passed"]["items"]
    assert [(item["title"], item["by"]["label"], item["to"], item["reason"]) for item in found] == [
        ("z", "head", "build", "老板点头")
    ]
    assert found[0]["hard"] == ["big", "plan", "talked", "good_part", "client"]
    assert home(homely, LIU)["passed"]["items"] == []
    homely.empty("part")
    with homely.runtime.pool.connection() as connection:
        connection.execute("DELETE FROM data.job WHERE id = %s", (made["id"],))


def test_a_panel_that_is_not_on_the_home_is_refused(homely: Lab) -> None:
    with homely.runtime.reader(MING) as reader, pytest.raises(NoSuchPanel):
        answer_home(reader, Asked(panels=frozenset({"jobs", "moon"})))


def test_the_whole_home_costs_few_statements_whatever_the_number_of_records(
    homely: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost(limit: int | None) -> int:
        with homely.runtime.reader(BOSS) as reader, statements(monkeypatch) as seen:
            answer_home(reader, Asked(limit=limit))
        return len(seen)

    assert cost(1) == cost(None) == cost(200)
    assert cost(None) <= 20
