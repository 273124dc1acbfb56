"""Gates passed by exception: all of them are counted on the home, by whom, into which stage and without what."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chengdan.kernel.access import Principal
from chengdan.run.action import apply
from chengdan.run.commands import Archive, Create, Move, Sign, Vouch
from chengdan.run.home import OVERRIDES_BACK, Asked, answer_home
from chengdan.store.overrides import MOST
from tests.databases import Databases
from tests.lab.gated import FORM, SIGNED_TOO
from tests.lab.lab import BOSS, HEAD, LIU, Lab, open_lab
from tests.lab.manifests import edited
from tests.run.test_home import files, home
from tests.run.test_query_counts import statements

PIPELINE, ROLE = "pipelines/course.yaml", "roles/head.yaml"
LARGE = "panel: large\nlabel: {zh: 块, en: Block}\nkind: overrides\nobject: job\nfilter: 'value > 5'\n"
MANY = """
INSERT INTO chengdan.event (actor, cause, object, record_id, kind, data, snapshot)
SELECT %s, 'test', %s, %s, 'gate.overridden', '{"to": "build", "hard": ["plan"], "soft": []}', 1
FROM generate_series(1, %s)
"""


def exceptional_files() -> dict[str, str]:
    """The files of the home, with a deliverable to sign, a head who may answer for it, and a panel of large jobs alone."""
    found = files()
    found[PIPELINE] = edited(PIPELINE, "  - name: build\n", SIGNED_TOO)[PIPELINE]
    found[ROLE] = found[ROLE].replace("override_gate,", "override_gate, vouch_signature,")
    found[ROLE] = found[ROLE].replace("home: [", "home: [large, ")
    return {**found, "templates/consent.yaml": FORM, "panels/large.yaml": LARGE}


@pytest.fixture(scope="module")
def published(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("overrides")) as lab:
        lab.runtime.publish(exceptional_files())
        yield lab


@pytest.fixture
def exceptional(published: Lab) -> Lab:
    """A lab without jobs, in which nothing has happened."""
    published.empty("part", "job")
    with published.runtime.pool.connection() as connection:
        connection.execute("TRUNCATE chengdan.event")
    return published


def job(lab: Lab, who: Principal, value: int, **more: Any) -> UUID:
    id: UUID = lab.create(who, "job", name=f"job of {value}", value=value, **more)["id"]
    return id


def override(lab: Lab, who: Principal, id: UUID, to: str = "build") -> None:
    lab.act(who, Move("job", id, None, to, override_reason="老板点头"))


def note(lab: Lab, who: Principal, id: UUID, times: int, object: str = "job") -> None:
    """Overrides of which there are only the events, which is quick."""
    with lab.runtime.pool.connection() as connection:
        connection.execute(MANY, (who.user, object, id, times))


def vouch(lab: Lab, who: Principal, id: UUID) -> None:
    """Answer for a scan on which no signature was found."""
    lab.act(who, Sign("job", id, "consent", lab.file(who), found=False))
    [(signature,)] = lab.query("SELECT id FROM chengdan.signature WHERE record_id = %s", id)
    lab.act(who, Vouch("job", id, signature, "我看着他签的"))


def passed(lab: Lab, who: Principal, panel: str = "passed", **asked: Any) -> dict[str, Any]:
    found: dict[str, Any] = home(lab, who, panels=frozenset({panel}), **asked)[panel]
    return found


def counts(answer: dict[str, Any], by: str) -> list[tuple[Any, int]]:
    return [(group["key"], group["count"]) for group in answer["tallies"][by]]


def test_exceptions_are_counted_by_person_stage_and_deliverable(exceptional: Lab) -> None:
    small, large = job(exceptional, HEAD, 1), job(exceptional, HEAD, 12, cost=20)
    override(exceptional, HEAD, small)
    override(exceptional, BOSS, large)
    override(exceptional, BOSS, large, "trial")
    vouch(exceptional, BOSS, small)

    found = passed(exceptional, HEAD)
    assert (found["count"], found["more"]) == (4, False)
    assert found["tallies"]["person"] == [
        {"key": str(BOSS.user), "count": 3, "label": "boss"},
        {"key": str(HEAD.user), "count": 1, "label": "head"},
    ]
    assert counts(found, "stage") == [("build", 2), ("trial", 1), (None, 1)]
    assert counts(found, "deliverable") == [
        ("consent", 3),
        ("client", 2),
        ("good_part", 2),
        ("plan", 2),
        ("talked", 2),
        ("big", 1),
        ("cheap", 1),
        ("tested", 1),
    ]
    assert [(item["to"], item["hard"], item["soft"], item["vouched"]) for item in found["items"]] == [
        (None, ["consent"], [], True),
        ("trial", ["tested"], ["cheap"], False),
        ("build", ["plan", "talked", "good_part", "consent", "client"], [], False),
        ("build", ["big", "plan", "talked", "good_part", "consent", "client"], [], False),
    ]
    assert {item["title"] for item in found["items"]} == {"job of 1", "job of 12"}


def test_those_of_other_records_than_the_panel_asks_for_do_not_count(exceptional: Lab) -> None:
    override(exceptional, HEAD, job(exceptional, HEAD, 1))
    override(exceptional, BOSS, job(exceptional, HEAD, 12))
    override(exceptional, BOSS, job(exceptional, BOSS, 15))

    found = passed(exceptional, HEAD, "large")
    assert (found["count"], [item["title"] for item in found["items"]]) == (1, ["job of 12"])
    assert passed(exceptional, BOSS, "large", mine=True)["count"] == 1
    assert passed(exceptional, BOSS, "large")["count"] == 2


def test_all_are_counted_when_not_all_are_listed(exceptional: Lab) -> None:
    for value in (1, 2, 3):
        override(exceptional, HEAD, job(exceptional, HEAD, value))

    found = passed(exceptional, HEAD, limit=1)
    assert [item["title"] for item in found["items"]] == ["job of 3"]
    assert (found["count"], counts(found, "person"), counts(found, "stage")) == (
        3,
        [(str(HEAD.user), 3)],
        [("build", 3)],
    )
    assert counts(found, "deliverable")[0] == ("big", 3)


def test_one_of_a_record_that_was_archived_since_counts(exceptional: Lab) -> None:
    id = job(exceptional, HEAD, 1)
    override(exceptional, HEAD, id)
    exceptional.act(HEAD, Archive("job", id))

    found = passed(exceptional, HEAD)
    assert (found["count"], counts(found, "stage"), len(found["items"])) == (1, [("build", 1)], 1)


def test_one_out_of_reach_does_not_count(exceptional: Lab) -> None:
    override(exceptional, BOSS, job(exceptional, BOSS, 1))

    assert passed(exceptional, BOSS)["count"] == 1
    nothing: dict[str, list[Any]] = {"person": [], "stage": [], "deliverable": []}
    for who in (HEAD, LIU):
        found = passed(exceptional, who)
        assert (found["count"], found["more"], found["items"], found["tallies"]) == (0, False, [], nothing)


def test_what_counts_is_when_it_happened_not_when_the_record_moved(exceptional: Lab) -> None:
    before = exceptional.clock() - OVERRIDES_BACK - timedelta(minutes=2)
    with exceptional.runtime.unit(HEAD, now=before) as unit:
        id = apply(unit, Create("job", {"name": "old", "value": 1}))["id"]
        apply(unit, Move("job", id, None, "build", override_reason="老板点头"))
    assert passed(exceptional, HEAD)["count"] == 0

    vouch(exceptional, HEAD, id)
    found = passed(exceptional, HEAD)
    assert (found["count"], counts(found, "deliverable")) == (1, [("consent", 1)])


def test_what_a_history_tells_of_earlier_times_is_none_of_lately(exceptional: Lab) -> None:
    for days in (20, 5):
        with exceptional.runtime.unit(HEAD) as unit:
            told = unit.telling(exceptional.clock() - timedelta(days=days), None)
            id = apply(told, Create("job", {"name": "told", "value": 1}))["id"]
            apply(told, Move("job", id, None, "build", override_reason="导入"))
    assert passed(exceptional, HEAD)["count"] == 1


def test_the_newest_are_counted_and_the_answer_says_that_there_are_more(exceptional: Lab) -> None:
    override(exceptional, HEAD, job(exceptional, HEAD, 12))
    id = job(exceptional, HEAD, 1)
    note(exceptional, BOSS, id, MOST - 1)
    note(exceptional, BOSS, id, 1, object="client")
    found = passed(exceptional, HEAD)
    assert (found["count"], found["more"]) == (MOST, False)
    assert counts(found, "person") == [(str(BOSS.user), MOST - 1), (str(HEAD.user), 1)]

    for value in (7, 8):
        override(exceptional, BOSS, job(exceptional, BOSS, value))
    found = passed(exceptional, BOSS)
    assert (found["count"], found["more"]) == (MOST, True)
    assert counts(found, "person") == [(str(BOSS.user), MOST)]
    found = passed(exceptional, HEAD)
    assert (found["count"], found["more"]) == (MOST - 2, True)


def test_they_cost_one_statement_however_many_there_are(
    exceptional: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cost() -> int:
        with exceptional.runtime.reader(BOSS) as reader, statements(monkeypatch) as seen:
            answer_home(reader, Asked(frozenset({"passed"})))
        return len(seen)

    assert cost() == 1
    for value in (1, 2, 3):
        override(exceptional, HEAD, job(exceptional, HEAD, value))
    assert cost() == 1
