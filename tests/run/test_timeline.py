"""The timeline narrowed to kinds, a field or a person, and what was made under a record."""

from collections.abc import Iterator
from typing import Any

import pytest

from chengdan.kernel.access import Principal
from chengdan.run.commands import Comment
from chengdan.run.read import BadQuery
from chengdan.run.timeline import Sought, changes_since, timeline
from tests.databases import Databases
from tests.lab.lab import HEAD, KEEPER, MING, Lab, Row, open_lab


@pytest.fixture(scope="module")
def lab(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("timeline")) as lab:
        yield lab


def told(lab: Lab, who: Principal, object: str, row: Row, **sought: Any) -> list[dict[str, Any]]:
    with lab.runtime.reader(who) as reader:
        return list(timeline(reader, object, row["id"], Sought(**sought))["items"])


def test_one_field_has_its_history_from_the_first_value_on(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造", value=10)
    job = lab.update(MING, "job", job, value=20)
    job = lab.update(HEAD, "job", job, name="大改造")
    lab.update(HEAD, "job", job, value=30, name="大大改造")

    found = told(lab, MING, "job", job, field="value")
    assert [(one["actor"]["label"], one["changes"][0]["old"], one["changes"][0]["new"]) for one in found] == [
        ("head", 20, 30),
        ("ming", 10, 20),
        ("ming", None, 10),
    ]
    assert [len(one["changes"]) for one in found] == [1, 1, 1]
    assert [one["changes"][0]["new"] for one in told(lab, MING, "job", job, field="stage")] == [job["stage"]]


def test_a_hidden_field_has_no_history(lab: Lab) -> None:
    job = lab.create(KEEPER, "job", name="改造", owner=str(MING.user), cost=7)
    with lab.runtime.reader(MING) as reader, pytest.raises(Exception, match="cost"):
        timeline(reader, "job", job["id"], Sought(field="cost"))


def test_it_is_narrowed_by_kind_and_by_person(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造")
    job = lab.update(HEAD, "job", job, name="大改造")
    lab.act(HEAD, Comment("job", job["id"], "好"))

    assert [one["kind"] for one in told(lab, MING, "job", job, kinds=("comments",))] == ["comment.added"]
    assert [one["kind"] for one in told(lab, MING, "job", job, kinds=("changes",), person=HEAD.user)] == [
        "record.updated"
    ]
    with lab.runtime.reader(MING) as reader, pytest.raises(BadQuery):
        timeline(reader, "job", job["id"], Sought(kinds=("nonesuch",)))
    for cursor in ("x", "1", "9999999999999999-1-1"):
        with lab.runtime.reader(MING) as reader, pytest.raises(BadQuery):
            timeline(reader, "job", job["id"], Sought(before=cursor))


def test_records_made_under_it_are_told_page_by_page_and_hidden_ones_are_not(lab: Lab) -> None:
    client = lab.create(MING, "client", name="甲", region="east")
    lab.create(MING, "job", name="一", client=str(client["id"]))
    lab.create(KEEPER, "job", name="看不到", client=str(client["id"]), owner=str(KEEPER.user))
    lab.create(MING, "job", name="二", client=str(client["id"]))

    made = told(lab, MING, "client", client, kinds=("children",))
    assert [(one["object"], one["title"], one["data"]) for one in made] == [
        ("job", "二", {}),
        ("job", "一", {}),
    ]
    with lab.runtime.reader(MING) as reader:
        first = timeline(reader, "client", client["id"], Sought(limit=2))
        rest = timeline(reader, "client", client["id"], Sought(before=first["next_cursor"], limit=2))
    assert [one.get("title") for one in (*first["items"], *rest["items"])] == ["二", "一", None]
    assert rest["next_cursor"] is None


def test_a_stale_writer_learns_who_changed_what_since(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造", value=1)
    seen = lab.update(MING, "job", job, value=2)
    lab.update(HEAD, "job", seen, value=3, name="大改造")
    with lab.runtime.reader(MING) as reader:
        found = changes_since(reader, "job", job["id"], seen["version"])
    assert [(one["by"]["label"], one["fields"], one["version"]) for one in found] == [
        ("head", ["name", "value"], seen["version"] + 1)
    ]


def test_amounts_come_with_the_currency_that_they_were_in(lab: Lab) -> None:
    job = lab.create(MING, "job", name="改造", value=10)
    job = lab.update(MING, "job", job, value=20, name="大改造")
    job = lab.update(MING, "job", job, value_currency="USD")
    job = lab.update(MING, "job", job, value={"amount": 30, "currency": "EUR"})
    lab.update(MING, "job", job, value=40)

    def amounts(**sought: Any) -> list[tuple[object, ...]]:
        changes = [change for one in told(lab, MING, "job", job, **sought) for change in one["changes"]]
        return [(one["old"], one["new"], *one["currency"]) for one in changes if one["field"] == "value"]

    changed = [
        (30, 40, "EUR", "EUR"),
        (20, 30, "USD", "EUR"),
        (20, 20, "CNY", "USD"),
        (10, 20, "CNY", "CNY"),
    ]
    assert amounts() == changed
    assert amounts(field="value") == [*changed, (None, 10, "CNY", "CNY")]
    assert amounts(limit=4)[-1] == (10, 20, "CNY", "CNY")
    assert "currency" not in told(lab, MING, "job", job, field="name")[0]["changes"][0]


def test_the_currency_of_a_hidden_amount_is_not_told(lab: Lab) -> None:
    job = lab.create(KEEPER, "job", name="改造", owner=str(MING.user), cost=7)
    lab.update(KEEPER, "job", job, cost_currency="USD")
    assert [one["changes"] for one in told(lab, MING, "job", job)] == [[], []]
