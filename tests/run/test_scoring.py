"""Scores follow what happens, are kept day by day, set rules off, and can be tuned, tried out and taken back."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from chengdan.base.errors import Problems
from chengdan.kernel.access import Principal
from chengdan.run import scoring
from chengdan.run.calibrating import calibrate
from chengdan.run.commands import Archive
from chengdan.run.errors import NoSuchScore, NoSuchVersion, NotFound, NotPermitted
from chengdan.run.publish import PublishConflict
from chengdan.run.standings import board, record_standing
from chengdan.run.tuning import Tuned, definition, preview, publish_tuned, restore
from chengdan.store import scores
from tests.databases import Databases, name_of
from tests.lab.lab import AUDITOR, FANG, HEAD, KEEPER, LIU, MING, Lab, open_lab
from tests.run.scored import SCORE, files

TUNER = Principal(KEEPER.user, "keeper", frozenset({"keeper", "tuner"}))
NUMBERS = {"jobs_lately": (3.0, 0.0, 4.0), "rushed": (1.0, 1.0, 0.0)}


ROLE = (
    "role: tuner\nlabel: {zh: 调整, en: Tuner}\npermissions: [publish]\ngrants:\n"
    "  - {object: client, read: [all]}\n  - {object: job, read: [all]}\n"
)


@pytest.fixture(scope="module")
def scored_database(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The name of a database of the lab with the score, worked out over nobody."""
    with databases.fresh(lab_database) as url:
        with open_lab(url, tmp_path_factory.mktemp("scored")) as lab:
            lab.runtime.publish({**files(), "roles/tuner.yaml": ROLE})
            scoring.keep_up(lab.runtime)
        yield name_of(url)


@pytest.fixture
def scored(databases: Databases, scored_database: str, tmp_path: Path) -> Iterator[Lab]:
    with databases.fresh(scored_database) as url, open_lab(url, tmp_path) as lab:
        yield lab


def client(lab: Lab, jobs: int, who: Principal = MING, **values: Any) -> UUID:
    """A client with so many jobs, one of two rushed, whose score is worked out."""
    id: UUID = lab.create(who, "client", **values)["id"]
    for number in range(jobs):
        lab.create(who, "job", client=id, value=5, urgent=number % 2 == 0)
    settle(lab)
    return id


def settle(lab: Lab) -> None:
    while scoring.settle(lab.runtime):
        pass


def standing(lab: Lab, id: UUID) -> tuple[int | None, str | None]:
    row = lab.row("client", id)
    return row["fit"], row["fit_color"]


def recompute(lab: Lab) -> int:
    return scoring.recompute(lab.runtime, lab.runtime.snapshot.scores["fit"])


def one(lab: Lab, who: Principal, id: UUID) -> Any:
    with lab.runtime.reader(who) as reader:
        return record_standing(reader, "fit", id)


def test_a_change_of_a_child_moves_the_score_of_its_parent_and_nothing_else(scored: Lab) -> None:
    id = client(scored, 2)
    before = scored.row("client", id)
    assert standing(scored, id) == (50, "amber")

    scored.create(MING, "job", client=id, value=5, urgent=False)
    assert standing(scored, id) == (50, "amber")
    settle(scored)

    after = scored.row("client", id)
    assert standing(scored, id) == (73, "green")
    assert {name for name in after if after[name] != before[name]} == {
        "fit", "fit_color", "job_count", "open_value",
    }  # fmt: skip


def test_a_child_that_goes_over_to_another_parent_moves_both(scored: Lab) -> None:
    one, other = client(scored, 2), client(scored, 2)
    job = scored.query("SELECT id FROM data.job WHERE client = %s AND NOT urgent", one)[0][0]

    scored.update(MING, "job", {"id": job, "version": 1}, client=other)
    settle(scored)

    assert [standing(scored, id) for id in (one, other)] == [(25, "red"), (73, "green")]


def test_a_refused_change_makes_nothing_due(scored: Lab) -> None:
    id = client(scored, 2)
    with pytest.raises(Problems):
        scored.create(MING, "job", client=id, value=-5)

    assert scored.query("SELECT count(*) FROM chengdan.score_due") == [(0,)]


def test_records_outside_the_condition_have_no_score_and_lose_the_one_they_had(scored: Lab) -> None:
    id = client(scored, 2)
    scored.update(MING, "client", scored.row("client", id), region="south")
    settle(scored)
    assert standing(scored, id) == (None, None)
    assert one(scored, MING, id)["value"] is None

    other = client(scored, 2)
    scored.act(MING, Archive("client", other, None))
    settle(scored)
    assert scored.query("SELECT count(*) FROM chengdan.score") == [(0,)]


def test_a_new_colour_leaves_an_event_and_sets_rules_off_once(scored: Lab) -> None:
    id = client(scored, 2)
    assert "record.scored" not in scored.kinds(id)

    job = scored.query("SELECT id FROM data.job WHERE client = %s AND NOT urgent", id)[0][0]
    scored.act(MING, Archive("job", job, None))
    settle(scored)
    settle(scored)

    assert standing(scored, id) == (25, "red")
    told = {"score": "fit", "value": 25, "changes": {"fit_color": ["amber", "red"]}}
    assert [data for kind, data in scored.events(id) if kind == "record.scored"] == [told]
    assert scored.notifications(MING) == ["client of ming 只有 25 分"]


def test_all_at_once_gives_what_one_by_one_gives(scored: Lab) -> None:
    ids = [client(scored, jobs) for jobs in (0, 1, 2, 3, 4)]
    known = [standing(scored, id) for id in ids]
    assert known == [(0, "red"), (25, "red"), (50, "amber"), (65, "amber"), (88, "green")]
    with scored.runtime.pool.connection() as connection:
        connection.execute("TRUNCATE chengdan.score")
        connection.execute("UPDATE data.client SET fit = NULL, fit_color = NULL")

    assert recompute(scored) == 5
    assert [standing(scored, id) for id in ids] == known


def test_time_alone_changes_scores_when_they_are_worked_out_anew(scored: Lab) -> None:
    id = client(scored, 3)
    scored.clock.ahead = timedelta(days=40)

    scoring.keep_up(scored.runtime)

    assert standing(scored, id) == (8, "red")
    assert one(scored, MING, id)["reasons"][0]["words"].zh == "近 30 天 0 个项目"


def test_what_is_known_from_later_stays(scored: Lab) -> None:
    id = client(scored, 3)
    score = scored.runtime.snapshot.scores["fit"]
    stale = scoring._scored(score, {"jobs_lately": 3, "rushed": 1}, [(id, {"jobs_lately": 0.0})])
    with scored.runtime.pool.connection() as connection:
        then = scored.clock() - timedelta(hours=1)
        assert scores.keep(connection, score, stale, then, then.date()) == []

    assert standing(scored, id) == (65, "amber")


def test_the_first_time_the_past_is_filled_in_as_it_was(own_lab: Lab) -> None:
    id = own_lab.create(MING, "client")["id"]
    for urgent in (True, False, False):
        own_lab.create(MING, "job", client=id, value=5, urgent=urgent)
    own_lab.clock.ahead = timedelta(days=32)
    own_lab.runtime.publish(files())

    scoring.keep_up(own_lab.runtime)

    trend = {str(one["day"]): one["value"] for one in one(own_lab, MING, id)["trend"]}
    values = [trend[day] for day in sorted(trend)]
    assert values[0] == 73
    assert values[-1] == 17
    assert len(values) >= 8


def test_a_standing_says_why_and_how_sure_it_is(scored: Lab) -> None:
    id = client(scored, 1)
    found = one(scored, MING, id)

    assert (found["value"], found["color"], found["known"], found["confidence"]) == (25, "red", 0.75, "high")
    assert [(reason["words"].en, reason["points"]) for reason in found["reasons"]] == [
        ("1 jobs in 30 days", -75)
    ]
    assert [signal["figure"] for signal in found["signals"]] == [1, None]
    assert (found["calibrated"], found["won"], found["lost"], found["rate"]) == (False, 0, 0, None)


def test_standings_are_only_of_records_within_reach(scored: Lab) -> None:
    id = client(scored, 1)

    with pytest.raises(NotFound):
        one(scored, LIU, id)
    with scored.runtime.reader(MING) as reader, pytest.raises(NoSuchScore):
        board(reader, "nothing")


def test_signals_that_read_what_is_hidden_are_not_told(scored: Lab) -> None:
    id = client(scored, 2)
    found = scored.runtime.snapshot.files["roles/maker.yaml"].replace(
        "hidden: [cost, margin]", "hidden: [cost, margin, urgent]"
    )
    scored.runtime.publish({**scored.runtime.snapshot.files, "roles/maker.yaml": found})

    told = one(scored, MING, id)

    assert [signal["metric"] for signal in told["signals"]] == ["jobs_lately"]
    assert {reason["metric"] for reason in told["reasons"]} == {"jobs_lately"}
    assert {reason["metric"] for reason in one(scored, HEAD, id)["reasons"]} == {"jobs_lately", "rushed"}


def test_the_board_counts_within_reach_and_tells_who_turned_in_a_week(scored: Lab) -> None:
    client(scored, 3), client(scored, 2), client(scored, 2, LIU)
    turned = client(scored, 2, name="turned")
    scored.clock.ahead = timedelta(days=8)
    scored.create(MING, "job", client=turned, value=5, urgent=False)
    settle(scored)

    with scored.runtime.reader(HEAD) as reader:
        found = board(reader, "fit", "owner")

    assert found["now"] == {"red": 0, "amber": 2, "green": 1}
    assert found["before"] == {"red": 0, "amber": 3, "green": 0}
    assert (found["risen"], found["fallen"]) == (1, 0)
    assert [(change["title"], change["color_before"], change["color"]) for change in found["changes"]] == [
        ("turned", "amber", "green")
    ]
    assert [group["label"] for group in found["groups"]] == ["ming"]


def tuned(red: float = 40, green: float = 70, **signals: tuple[float, float, float]) -> Tuned:
    return Tuned({**NUMBERS, **signals}, red, green)


def test_a_preview_tells_who_would_turn_and_changes_nothing(scored: Lab) -> None:
    first, second = client(scored, 2, name="first"), client(scored, 4, name="second")
    version = scored.runtime.snapshot.version

    with scored.runtime.reader(TUNER) as reader:
        found = preview(reader, "fit", tuned(red=60, jobs_lately=(3, 0, 8)))

    assert (found["records"], found["turned"]) == (2, 2)
    assert found["before"] == {"amber": 1, "green": 1}
    assert found["after"] == {"red": 2}
    assert {(who["title"], who["value_before"], who["value"]) for who in found["who"]} == {
        ("first", 50, 31), ("second", 88, 50),
    }  # fmt: skip
    assert scored.runtime.snapshot.version == version
    assert [standing(scored, id) for id in (first, second)] == [(50, "amber"), (88, "green")]


def test_numbers_are_published_to_the_byte_and_can_be_taken_back(scored: Lab) -> None:
    id = client(scored, 2)
    version = scored.runtime.snapshot.version

    made = publish_tuned(scored.runtime, TUNER, "fit", tuned(jobs_lately=(3, 0, 2)), version, "放宽")
    scoring.keep_up(scored.runtime)

    assert made == version + 1
    assert scored.runtime.snapshot.files["scores/fit.yaml"] == SCORE.replace("good: 4", "good: 2")
    assert standing(scored, id) == (88, "green")
    assert scored.notifications(MING) == []
    with scored.runtime.reader(TUNER) as reader:
        told = definition(reader, "fit")
    assert [(one["version"], one["note"]) for one in told["versions"]] == [(made, "放宽"), (version, "")]

    restore(scored.runtime, TUNER, "fit", version, made, "")
    scoring.keep_up(scored.runtime)

    assert scored.runtime.snapshot.files["scores/fit.yaml"] == SCORE
    assert standing(scored, id) == (50, "amber")


def test_tuning_takes_the_permission_sound_numbers_and_the_newest_version(scored: Lab) -> None:
    version = scored.runtime.snapshot.version

    with pytest.raises(NotPermitted):
        publish_tuned(scored.runtime, HEAD, "fit", tuned(), version, "")
    with pytest.raises(PublishConflict):
        publish_tuned(scored.runtime, TUNER, "fit", tuned(), version - 1, "")
    with pytest.raises(Problems):
        publish_tuned(scored.runtime, TUNER, "fit", tuned(red=80), version, "")
    with pytest.raises(NoSuchVersion):
        restore(scored.runtime, TUNER, "fit", 999, version, "")
    with scored.runtime.reader(TUNER) as reader, pytest.raises(Problems):
        preview(reader, "fit", tuned(rushed=(1, 1, 1)))
    with scored.runtime.reader(AUDITOR) as reader, pytest.raises(NotPermitted):
        preview(reader, "fit", tuned())
    assert scored.runtime.snapshot.version == version


def test_weights_follow_what_was_won_and_lost(scored: Lab) -> None:
    """Forty clients: those with a job in the month before were won, those without were lost."""
    for number in range(40):
        won = number % 2 == 0
        id = scored.create(FANG, "client", name=str(number))["id"]
        for urgent in (True, False) if won else ():
            scored.create(FANG, "job", client=id, value=5, urgent=urgent)
        with scored.runtime.pool.connection() as connection:
            connection.execute(
                "UPDATE data.job SET created_at = created_at - interval '40 days' WHERE client = %s", (id,)
            )
            connection.execute(
                "UPDATE data.client SET created_at = created_at - interval '90 days' WHERE id = %s", (id,)
            )
        ended = scored.create(
            FANG, "job", client=id, value=5, due_on=str((scored.clock() - timedelta(days=3)).date())
        )
        with scored.runtime.pool.connection() as connection:
            stage = "done" if won else "dropped"
            ago = "UPDATE data.job SET stage = %s, created_at = created_at - interval '35 days' WHERE id = %s"
            connection.execute(ago, (stage, ended["id"]))

    known = calibrate(scored.runtime, scored.runtime.snapshot.scores["fit"])

    assert (known["jobs_lately"].auc, known["jobs_lately"].won, known["jobs_lately"].lost) == (1, 20, 20)
    assert not known["rushed"].enough
    with scored.runtime.reader(TUNER) as reader:
        told = definition(reader, "fit")
    assert (told["won"], told["lost"]) == (20, 20)
    assert [signal["used"] for signal in told["signals"]] == [3, 1]
