"""The report over a history whose figures are worked out by hand: who sees what, and which records stand behind a figure."""

from collections.abc import Iterator
from typing import Any

import pytest

from chengdan.run.errors import NotPermitted
from chengdan.run.mining.asking import NoSuchPipeline, ask
from chengdan.run.mining.comparing import compare
from chengdan.run.mining.report import map_of, records_behind, report
from chengdan.run.mining.skipping import skipping
from chengdan.run.read import BadQuery
from chengdan.run.runtime import rebuild_marks
from chengdan.store.mining.figure import Figure
from tests.databases import Databases
from tests.lab.lab import BOSS, HEAD, KEEPER, LIU, MING, Lab, open_lab
from tests.run.mining.history import DAY, START, History, asking

DAYS = 86_400.0
MARKS = (
    "SELECT object, record_id, at, kind, name, stage, met, without, actor, resource, visit, since, again, bounced, after, after_at "
    "FROM chengdan.mark ORDER BY record_id, at, id"
)


@pytest.fixture(scope="module")
def past(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """Six jobs: three of Ming's team are won, one of them by a detour; one is dropped; two are open; Liu's is elsewhere."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("past")) as lab:
        history = History(lab)
        plain, talked, detour, dropped, waiting = (
            history.job(0, name) for name in ("plain", "talked", "detour", "dropped", "waiting")
        )
        history.tick(1, talked, "talked")
        history.tick(1.5, talked, "talked", done=False)
        history.tick(3, talked, "talked")
        for job, day in ((plain, 2), (talked, 4), (detour, 6)):
            history.move(day, job, "build")
        history.move(8, detour, "idea")
        history.move(9, detour, "build")
        history.move(12, plain, "done")
        history.move(14, talked, "trial")
        history.move(15, detour, "trial")
        history.move(16, detour, "build")
        history.move(20, talked, "done")
        history.move(22, detour, "done")
        history.set(10, dropped, reason="too dear")
        history.move(10, dropped, "dropped")
        history.job(1, "elsewhere", LIU)
        assert waiting
        yield lab


def named(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if row["name"] == name)


def test_stages_count_how_their_visits_ended(past: Lab) -> None:
    with asking(past) as asked:
        stages = report(asked)["stages"]

    idea, build = named(stages, "idea"), named(stages, "build")
    counts = ("entered", "ended", "forward", "lost", "back", "open", "again", "jumped")
    assert [idea[name] for name in counts] == [7, 5, 4, 1, 0, 2, 1, 0]
    assert [build[name] for name in counts] == [5, 5, 4, 0, 1, 0, 2, 0]
    assert named(stages, "trial")["jumped"] == 2
    assert (idea["conversion"].value, build["conversion"].value) == (0.8, 0.8)
    assert named(stages, "done")["conversion"] is None


def test_stays_are_measured_until_they_end(past: Lab) -> None:
    with asking(past) as asked:
        stages = report(asked)["stages"]

    idea = named(stages, "idea")
    assert idea["median_seconds"] == pytest.approx(4 * DAYS, abs=60)
    assert idea["p90_seconds"] == pytest.approx((6 + (10 - 6) * 0.6) * DAYS, abs=60)


def test_the_outcome_is_that_of_what_was_closed(past: Lab) -> None:
    with asking(past) as asked:
        outcome = report(asked)["outcome"]

    assert (outcome["won"], outcome["lost"]) == (3, 1)
    assert outcome["rate"].value == 0.75
    assert outcome["median_seconds"] == pytest.approx(20 * DAYS, abs=60)


def test_the_flow_knows_what_went_straight_back(past: Lab) -> None:
    with asking(past) as asked:
        flow = {(edge["from"], edge["to"]): edge for edge in report(asked)["flow"]}

    assert flow["idea", "build"]["count"] == 4
    assert flow["build", "idea"]["count"] == 1
    assert {pair: edge["bounced"] for pair, edge in flow.items() if edge["bounced"]} == {
        ("build", "idea"): 1,
        ("idea", "build"): 1,
        ("trial", "build"): 1,
    }


def test_substeps_are_counted_at_their_gate_and_when_done(past: Lab) -> None:
    with asking(past) as asked:
        steps = report(asked)["steps"]

    talked, value, tested = named(steps, "talked"), named(steps, "value"), named(steps, "tested")
    assert (talked["met"], talked["skipped"], talked["skipped_ratio"]) == (1, 2, 2 / 3)
    assert (talked["done"], talked["redone"], talked["undone"]) == (2, 1, 1)
    assert talked["median_seconds"] == pytest.approx(2 * DAYS, abs=60)
    assert (value["met"], value["skipped"], value["done"]) == (3, 0, 0)
    assert (tested["met"], tested["skipped"]) == (0, 3)


def test_a_period_takes_what_ended_in_it(past: Lab) -> None:
    with asking(past, since=11) as asked:
        found = report(asked)

    assert (named(found["stages"], "idea")["ended"], named(found["stages"], "build")["ended"]) == (0, 4)
    assert (found["outcome"]["won"], found["outcome"]["lost"]) == (3, 0)


def test_a_filter_narrows_the_records(past: Lab) -> None:
    with asking(past, filter='name == "detour"') as asked:
        found = report(asked)

    assert (found["outcome"]["won"], named(found["stages"], "idea")["entered"]) == (1, 2)


def test_figures_are_those_of_the_records_within_reach(past: Lab) -> None:
    entered = {}
    for who in (KEEPER, BOSS, HEAD):
        with asking(past, who) as asked:
            entered[who.name] = named(report(asked)["stages"], "idea")["entered"]

    assert entered == {"keeper": 7, "boss": 7, "head": 6}


def test_without_the_permission_there_is_no_report(past: Lab) -> None:
    with past.runtime.reader(MING) as reader, pytest.raises(NotPermitted):
        ask(reader, "course")


def test_a_pipeline_that_is_not_there_is_not_found(past: Lab) -> None:
    with past.runtime.reader(BOSS) as reader, pytest.raises(NoSuchPipeline):
        ask(reader, "moon")


def test_a_period_must_begin_before_it_ends(past: Lab) -> None:
    with past.runtime.reader(BOSS) as reader, pytest.raises(BadQuery):
        ask(reader, "course", START, START - DAY)


@pytest.mark.parametrize(
    ("figure", "names"),
    [
        (Figure("open", "idea"), ["elsewhere", "waiting"]),
        (Figure("forward", "build"), ["detour", "plain", "talked"]),
        (Figure("lost", "idea"), ["dropped"]),
        (Figure("back", "trial"), ["detour"]),
        (Figure("again", "build"), ["detour"]),
        (Figure("bounced", "build", "idea"), ["detour"]),
        (Figure("ended", "build", "done"), ["detour", "plain"]),
        (Figure("won_outcome"), ["detour", "plain", "talked"]),
        (Figure("lost_outcome"), ["dropped"]),
        (Figure("met", step="talked"), ["talked"]),
        (Figure("skipped", step="talked"), ["detour", "plain"]),
        (Figure("redone", step="talked"), ["talked"]),
        (Figure("done", step="talked"), ["talked"]),
    ],
)
def test_every_figure_opens_its_records(past: Lab, figure: Figure, names: list[str]) -> None:
    with asking(past) as asked:
        found = records_behind(asked, figure)

    assert sorted(item["title"] for item in found["items"]) == names
    assert found["total"] == len(names)


def test_a_figure_that_is_not_known_is_refused(past: Lab) -> None:
    with asking(past) as asked, pytest.raises(BadQuery):
        records_behind(asked, Figure("moon"))


def test_the_map_follows_the_marks(past: Lab) -> None:
    with asking(past) as asked:
        plain = {(edge["from"], edge["to"]): edge["count"] for edge in map_of(asked, False)["edges"]}
        full = {(edge["from"], edge["to"]): edge["count"] for edge in map_of(asked, True)["edges"]}

    assert plain["", "idea"] == 6
    assert plain["build", "trial"] == 2
    assert full["talked", "build"] == 1
    assert full["talked", "talked"] == 1


def test_skippers_and_outcomes_are_told_apart(past: Lab) -> None:
    with asking(past) as asked:
        found = skipping(asked, "talked")

    assert [
        (one["owner"]["label"], one["met"], one["skipped"], one["skipped_won"]) for one in found["people"]
    ] == [("ming", 1, 2, 2)]
    assert (found["with"]["count"], found["without"]["count"], found["sure"]) == (1, 2, False)
    assert (found["difference"].value, found["alike"]["fields"]) == (0.0, ["client", "value"])


def test_small_samples_are_compared_but_not_explained(past: Lab) -> None:
    with asking(past, since=11) as asked:
        found = compare(asked, asked.period.before())

    assert (found["headline"], found["outcome"]["drivers"]) == (None, [])
    assert found["outcome"]["after"]["won"] == 3


def test_archived_records_count_no_more(past: Lab) -> None:
    with asking(past, filter="archived_at == null") as asked:
        assert named(report(asked)["stages"], "idea")["entered"] == 7


def test_marks_can_be_made_again_from_the_journal(past: Lab) -> None:
    before = past.query(MARKS)
    with past.runtime.pool.connection() as connection:
        assert rebuild_marks(connection, past.runtime.edition) == len(before)

    assert past.query(MARKS) == before
    assert len(before) == 22
