"""Timers: each fires once, whoever works; a failing one holds up no other; a killed worker loses none."""

import threading
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from chengdan.run import schedule
from chengdan.run.commands import Archive, Update
from chengdan.run.timeline import Sought, timeline
from chengdan.store import timers
from tests.databases import Databases
from tests.lab.lab import MING, Lab, open_lab
from tests.lab.manifests import manifests

RULES = {
    "rules/start.yaml": """\
rule: start
label: {zh: a, en: a}
object: job
on: {created: true}
do:
  - timer: {key: ring, after: 1h}
""",
    "rules/ring.yaml": """\
rule: ring
label: {zh: a, en: a}
object: job
on: {timer: ring}
do:
  - set: {value: 'coalesce(value, 0) + 1', code: 'if(name == "clash", "taken", code)'}
  - notify: {to: [owner], message: {zh: '{name} 到点', en: '{name} is due'}}
""",
    "rules/plan.yaml": """\
rule: plan
label: {zh: a, en: a}
object: job
on: {updated: [due_on]}
do:
  - timer: {key: due, at: due_on}
""",
    "rules/repeat.yaml": """\
rule: repeat
label: {zh: 再响, en: Rings again}
object: job
on: {timer: ring}
when: 'name == "again"'
do:
  - timer: {key: ring, after: 1h}
""",
}


@pytest.fixture(scope="module")
def shared(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("timers")) as lab:
        lab.runtime.publish(manifests(RULES))
        yield lab


@pytest.fixture
def ringing(shared: Lab) -> Lab:
    """A lab without jobs, where every new job's timer runs out after an hour and then counts `value` up."""
    shared.empty("job")
    shared.clock.ahead = timedelta()
    return shared


def values(lab: Lab) -> list[tuple[str, int | None]]:
    return [
        (name, None if value is None else int(value))
        for name, value in lab.query("SELECT name, value FROM data.job ORDER BY name, id")
    ]


def test_nothing_fires_before_its_time(ringing: Lab) -> None:
    ringing.create(MING, "job")
    ringing.clock.ahead = timedelta(minutes=59)
    assert schedule.fire_due(ringing.runtime) == 0
    assert values(ringing) == [("job of ming", None)]


def test_a_timer_fires_once_tells_its_owner_and_is_gone(ringing: Lab) -> None:
    made = ringing.create(MING, "job", name="a")
    ringing.clock.ahead = timedelta(hours=1, seconds=1)
    assert schedule.fire_due(ringing.runtime) == 1
    assert schedule.fire_due(ringing.runtime) == 0
    assert values(ringing) == [("a", 1)]
    assert ringing.timers(made["id"]) == {}
    assert ringing.notifications(MING) == ["a 到点"]
    assert ringing.kinds(made["id"]) == [
        "record.created",
        "rule.fired",
        "timer.fired",
        "rule.fired",
        "record.updated",
        "person.notified",
    ]
    [(actor, cause)] = ringing.query(
        "SELECT actor, cause FROM chengdan.event WHERE kind = 'timer.fired' AND record_id = %s", made["id"]
    )
    assert (actor, cause) == (None, "timer/ring")
    with ringing.runtime.reader(MING) as reader:
        rung = timeline(reader, "job", made["id"], Sought(kinds=("rules",)))["items"]
    assert [str(one["rule"].zh) for one in rung if one["kind"] == "timer.fired"] == ["再响"]


def test_two_workers_fire_each_timer_once(ringing: Lab, tmp_path: Path) -> None:
    for number in range(30):
        ringing.create(MING, "job", name=f"{number:02}")
    ringing.clock.ahead = timedelta(hours=2)
    with open_lab(ringing.runtime.url, tmp_path / "other") as other:
        other.clock.ahead = ringing.clock.ahead
        barrier = threading.Barrier(2)
        fired: list[int] = []

        def work(lab: Lab) -> None:
            barrier.wait()
            while taken := schedule._fire(lab.runtime, 3):
                fired.append(taken)

        workers = [threading.Thread(target=work, args=(lab,)) for lab in (ringing, other)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert sum(fired) == 30
    assert {value for _, value in values(ringing)} == {1}
    assert ringing.query(
        "SELECT count(*) FROM chengdan.event e JOIN data.job j ON j.id = e.record_id WHERE e.kind = 'timer.fired'"
    ) == [(30,)]
    assert len(ringing.notifications(MING)) == 30


def test_a_worker_that_dies_gives_its_timers_back_at_once(ringing: Lab) -> None:
    ringing.create(MING, "job", name="a")
    now = ringing.clock() + timedelta(hours=2)
    dying = psycopg.connect(ringing.runtime.url)
    assert len(timers.claim(dying, now)) == 1
    ringing.clock.ahead = timedelta(hours=2)
    assert schedule.fire_due(ringing.runtime) == 0
    dying.close()
    deadline = time.monotonic() + 30
    while schedule.fire_due(ringing.runtime) == 0:
        assert time.monotonic() < deadline
    assert values(ringing) == [("a", 1)]


def test_a_failing_timer_is_put_off_and_the_others_go_on(ringing: Lab) -> None:
    ringing.create(MING, "job", name="holder", code="taken")
    bad = ringing.create(MING, "job", name="clash")
    for name in ("a", "z"):
        ringing.create(MING, "job", name=name)
    ringing.clock.ahead = timedelta(hours=2)
    schedule.fire_due(ringing.runtime)
    assert values(ringing) == [("a", 1), ("clash", None), ("holder", 1), ("z", 1)]
    [(attempts, error, due)] = ringing.query("SELECT attempts, error, due_at FROM chengdan.timer")
    assert attempts == 1
    assert error.startswith("VALUE-006")
    assert timedelta(seconds=20) < due - ringing.clock() <= timedelta(seconds=30)
    assert "timer.fired" not in ringing.kinds(bad["id"])


def test_a_failing_timer_waits_longer_each_time_and_is_kept_in_the_end(ringing: Lab) -> None:
    ringing.create(MING, "job", name="holder", code="taken")
    ringing.create(MING, "job", name="clash")
    waits = []
    for _ in range(timers.MAX_ATTEMPTS):
        [(due,)] = ringing.query("SELECT max(due_at) FROM chengdan.timer")
        ringing.clock.ahead += due - ringing.clock() + timedelta(seconds=1)
        now = ringing.clock()
        schedule.fire_due(ringing.runtime)
        [(due,)] = ringing.query("SELECT due_at FROM chengdan.timer")
        waits.append(round((due - now) / timedelta(seconds=30)))
    assert waits[:-1] == [1, 2, 4, 8, 16, 32, 64]
    assert waits[-1] > 1_000_000
    assert schedule.fire_due(ringing.runtime) == 0


def test_a_failing_timer_that_is_mended_fires(ringing: Lab) -> None:
    ringing.create(MING, "job", name="holder", code="taken")
    bad = ringing.create(MING, "job", name="clash")
    ringing.clock.ahead = timedelta(hours=2)
    schedule.fire_due(ringing.runtime)
    ringing.act(MING, Update("job", bad["id"], None, {"name": "mended"}))
    ringing.clock.ahead = timedelta(hours=3)
    assert schedule.fire_due(ringing.runtime) == 1
    assert ("mended", 1) in values(ringing)


def test_a_timer_may_start_itself_again(ringing: Lab) -> None:
    made = ringing.create(MING, "job", name="again")
    for hour in (1, 2, 3):
        ringing.clock.ahead = timedelta(hours=hour, minutes=1 + hour)
        assert schedule.fire_due(ringing.runtime) == 1
        assert set(ringing.timers(made["id"])) == {"ring"}
    assert values(ringing) == [("again", 3)]


def test_the_timer_of_an_archived_record_passes_in_silence(ringing: Lab) -> None:
    made = ringing.create(MING, "job", name="a")
    ringing.act(MING, Archive("job", made["id"]))
    ringing.clock.ahead = timedelta(hours=2)
    assert schedule.fire_due(ringing.runtime) == 1
    assert (values(ringing), ringing.timers(made["id"])) == ([("a", None)], {})
    assert "timer.fired" not in ringing.kinds(made["id"])


def test_the_timer_of_an_object_that_is_gone_is_taken_away(ringing: Lab) -> None:
    ringing.query(
        "INSERT INTO chengdan.timer (object, record_id, key, due_at, rule, snapshot) "
        "VALUES ('ghost', gen_random_uuid(), 'k', now(), 'r', 1) RETURNING id"
    )
    assert schedule.fire_due(ringing.runtime) == 1
    assert ringing.query("SELECT count(*) FROM chengdan.timer") == [(0,)]


def test_several_timers_of_one_record_all_fire_in_one_batch(ringing: Lab) -> None:
    made = ringing.create(MING, "job", name="a")
    ringing.query(
        "INSERT INTO chengdan.timer (object, record_id, key, due_at, rule, snapshot) "
        "SELECT object, record_id, 'other', due_at, rule, snapshot FROM chengdan.timer RETURNING id"
    )
    ringing.clock.ahead = timedelta(hours=2)
    assert schedule.fire_due(ringing.runtime) == 2
    assert [data["key"] for kind, data in ringing.events(made["id"]) if kind == "timer.fired"] == [
        "ring",
        "other",
    ]


def test_a_timer_may_be_set_for_a_day_and_follows_it(ringing: Lab) -> None:
    made = ringing.create(MING, "job", name="a")
    today = ringing.clock().date()
    ringing.act(MING, Update("job", made["id"], None, {"due_on": (today + timedelta(days=3)).isoformat()}))
    opening = ringing.runtime.edition.calendar.opening(today + timedelta(days=3))
    assert ringing.timers(made["id"])["due"] == opening
    ringing.act(MING, Update("job", made["id"], None, {"due_on": (today + timedelta(days=9)).isoformat()}))
    assert ringing.timers(made["id"])["due"] == opening + timedelta(days=6)


@pytest.mark.parametrize("ahead", [-1, None])
def test_a_day_that_is_past_or_none_stops_the_timer(ringing: Lab, ahead: int | None) -> None:
    made = ringing.create(MING, "job", name="a")
    today = ringing.clock().date()
    ringing.act(MING, Update("job", made["id"], None, {"due_on": (today + timedelta(days=3)).isoformat()}))
    assert set(ringing.timers(made["id"])) == {"ring", "due"}
    day = None if ahead is None else (today + timedelta(days=ahead)).isoformat()
    ringing.act(MING, Update("job", made["id"], None, {"due_on": day}))
    assert set(ringing.timers(made["id"])) == {"ring"}
