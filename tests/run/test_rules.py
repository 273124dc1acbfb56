"""Rules: what sets them off, what they do, that each runs at most once for a cause, and that loops end."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from chengdan.base.errors import Problems
from chengdan.run.action import apply
from chengdan.run.commands import Archive, Create, Move, Update
from chengdan.run.errors import RuleLoop
from tests.databases import Databases
from tests.lab.lab import BOSS, FANG, HEAD, KEEPER, MING, Lab, open_lab
from tests.lab.manifests import manifests

Ruled = Callable[..., AbstractContextManager[Lab]]


@pytest.fixture(scope="module")
def shared(
    databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """The lab whose rules each test replaces."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("rules")) as lab:
        yield lab


@pytest.fixture
def ruled(shared: Lab) -> Ruled:
    """Publishes the rules given (name → everything below its object) in a lab without jobs, parts and messages."""

    @contextmanager
    def opened(object: str = "job", **rules: str) -> Iterator[Lab]:
        files = {
            f"rules/{name}.yaml": f"rule: {name}\nlabel: {{zh: {name}, en: {name}}}\nobject: {object}\n{text}"
            for name, text in rules.items()
        }
        shared.empty("job", "part")
        shared.runtime.publish(manifests(files))
        yield shared

    return opened


def fired(lab: Lab) -> list[str]:
    """The rules that fired since they were published, in their order."""
    return [
        name
        for (name,) in lab.query(
            "SELECT data->>'rule' FROM chengdan.event WHERE kind = 'rule.fired' "
            "AND snapshot = %s ORDER BY seq",
            lab.runtime.snapshot.version,
        )
    ]


def test_a_rule_sets_fields_in_the_same_transaction_and_leaves_its_trace(ruled: Ruled) -> None:
    with ruled(
        a="on: {updated: [value]}\nwhen: 'value > 10'\ndo:\n  - set: {urgent: 'true', cost: 'value / 3'}\n"
    ) as lab:
        made = lab.create(MING, "job", value=5)
        lab.update(MING, "job", made, value=10)
        assert fired(lab) == []
        after = lab.act(MING, Update("job", made["id"], 2, {"value": 20}))
        assert (after["urgent"], after["cost"], after["version"]) == (True, Decimal("6.67"), 4)
        assert lab.kinds(made["id"]) == [
            "record.created",
            "record.updated",
            "record.updated",
            "rule.fired",
            "record.updated",
        ]
        rows = lab.query(
            "SELECT actor, cause FROM chengdan.event WHERE record_id = %s ORDER BY seq DESC LIMIT 1",
            made["id"],
        )
        assert rows == [(MING.user, "rule/a")]


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("{created: true}", ["create"]),
        ("{updated: []}", ["update", "other"]),
        ("{updated: [value]}", ["update"]),
        ("{updated: [value, name]}", ["update", "other"]),
        ("{moved_to: [dropped]}", ["move"]),
        ("{moved_to: []}", ["move"]),
        ("{moved_to: [build]}", []),
        ("{archived: true}", ["archive"]),
        ("{created: true, updated: [value], moved_to: [dropped], archived: true}", ["create", "update", "move", "archive"]),
    ],
)  # fmt: skip
def test_a_rule_is_set_off_by_its_trigger_alone(ruled: Ruled, on: str, expected: list[str]) -> None:
    with ruled(
        a=f"on: {on}\ndo:\n  - notify: {{to: [owner], message: {{zh: '{{name}}', en: '{{name}}'}}}}\n"
    ) as lab:
        steps = []
        count = 0
        id = lab.create(BOSS, "job", owner=str(HEAD.user), reason="x")["id"]
        for step, command in (
            ("create", None),
            ("update", Update("job", id, None, {"value": 1})),
            ("other", Update("job", id, None, {"name": "b"})),
            ("move", Move("job", id, None, "dropped")),
            ("archive", Archive("job", id)),
        ):
            if command is not None:
                lab.act(BOSS, command)
            if len(fired(lab)) > count:
                steps.append(step)
            count = len(fired(lab))
        assert steps == expected


def test_the_condition_may_compare_with_what_was(ruled: Ruled) -> None:
    with ruled(
        a="on: {created: true, updated: [value]}\nwhen: 'value > 10 and (old.value == null or old.value <= 10)'\ndo:\n  - set: {urgent: 'true'}\n"
    ) as lab:
        made = lab.create(MING, "job", value=20)
        assert made["urgent"] is True
        lab.act(MING, Update("job", made["id"], None, {"value": 30}))
        assert fired(lab) == ["a"]
        lab.act(MING, Update("job", made["id"], None, {"value": 5}))
        lab.act(MING, Update("job", made["id"], None, {"value": 15}))
        assert fired(lab) == ["a", "a"]


def test_a_rule_creates_a_record_with_what_it_knows(ruled: Ruled) -> None:
    with ruled(
        a="""on: {moved_to: [dropped]}
do:
  - create: {object: part, values: {name: '"复盘：" + name', job: id, client: client, owner: 'coalesce(helper, owner)'}}
"""
    ) as lab:
        client = lab.create(MING, "client")
        made = lab.create(
            MING, "job", name="大单", client=str(client["id"]), helper=str(FANG.user), reason="价格"
        )
        lab.move(MING, made, "dropped")
        assert lab.query("SELECT name, job, client, owner, team, created_by FROM data.part") == [
            ("复盘：大单", made["id"], client["id"], FANG.user, FANG.teams[0], MING.user)
        ]


def test_a_rule_tells_people_but_not_the_one_who_acts(ruled: Ruled) -> None:
    with ruled(
        a="""on: {updated: [value]}
do:
  - notify: {to: [owner, helper, manager, "role:head"], message: {zh: '{name} 为 {value}，{stage}', en: '{name}: {value}'}, urgent: true}
"""
    ) as lab:
        lab.query("UPDATE data.\"user\" SET roles = '{head}' WHERE id = %s RETURNING id", BOSS.user)
        made = lab.create(MING, "job", name="甲", helper=str(FANG.user))
        lab.update(MING, "job", made, value=2_000_000)
        assert lab.notifications(MING) == []
        for person in (FANG, HEAD, BOSS):
            assert lab.notifications(person) == ["甲 为 2,000,000，构想"]
        assert lab.kinds(made["id"]).count("person.notified") == 3


def test_a_rule_starts_restarts_and_stops_timers(ruled: Ruled) -> None:
    with ruled(
        start="on: {created: true, updated: [value]}\ndo:\n  - timer: {key: silence, after: 24h}\n",
        stop="on: {moved_to: [dropped]}\ndo:\n  - cancel_timer: {key: silence}\n",
    ) as lab:
        made = lab.create(MING, "job", reason="x")
        first = lab.timers(made["id"])["silence"]
        assert first == lab.row("job", made["id"])["created_at"] + timedelta(hours=24)
        lab.update(MING, "job", made, value=1)
        assert lab.timers(made["id"])["silence"] > first
        lab.move(MING, made, "dropped")
        assert lab.timers(made["id"]) == {}


def test_a_timer_may_be_kept_for_the_record_referred_to(ruled: Ruled) -> None:
    with ruled(
        "part",
        start="on: {created: true}\ndo:\n  - timer: {key: checked, after: 1h, of: job}\n",
        stop="on: {archived: true}\ndo:\n  - cancel_timer: {key: checked, of: job}\n",
    ) as lab:
        job = lab.create(MING, "job")
        part = lab.create(MING, "part", job=str(job["id"]))
        lab.create(MING, "part")
        assert (set(lab.timers(job["id"])), lab.timers(part["id"])) == ({"checked"}, {})
        lab.act(MING, Archive("part", part["id"]))
        assert lab.timers(job["id"]) == {}


def test_working_time_passes_over_nights_weekends_and_holidays(ruled: Ruled) -> None:
    with ruled(a="on: {created: true}\ndo:\n  - timer: {key: reply, after: 16h, working: true}\n") as lab:
        friday = datetime(2026, 9, 30, 2, tzinfo=UTC)
        with lab.runtime.unit(MING, now=friday) as unit:
            made = apply(unit, Create("job", {"name": "国庆前"}))
        due = lab.timers(made["id"])["reply"]
        assert due == lab.runtime.edition.calendar.add_working_time(friday, timedelta(hours=16))
        assert due > datetime(2026, 10, 7, 16, tzinfo=UTC)


def test_each_rule_runs_once_for_a_cause_even_if_it_sets_itself_off(ruled: Ruled) -> None:
    with ruled(a="on: {updated: [value]}\ndo:\n  - set: {value: 'value + 1'}\n") as lab:
        made = lab.create(MING, "job", value=1)
        assert lab.update(MING, "job", made, value=10)["value"] == 11
        assert fired(lab) == ["a"]


def test_two_rules_that_set_each_other_off_run_once_each(ruled: Ruled) -> None:
    with ruled(
        a="on: {updated: [value]}\ndo:\n  - set: {cost: 'value + 1'}\n",
        b="on: {updated: [cost]}\ndo:\n  - set: {value: 'cost + 1'}\n",
    ) as lab:
        made = lab.create(MING, "job", value=1)
        after = lab.update(MING, "job", made, value=10)
        assert (after["value"], after["cost"], after["version"]) == (12, 11, 4)
        assert fired(lab) == ["a", "b"]


def test_two_commands_in_one_unit_are_two_causes(ruled: Ruled) -> None:
    with ruled(a="on: {updated: [value]}\ndo:\n  - set: {cost: 'value'}\n") as lab:
        made = lab.create(MING, "job", value=1)
        with lab.runtime.unit(HEAD, batch=True) as unit:
            apply(unit, Update("job", made["id"], None, {"value": 2}))
            apply(unit, Update("job", made["id"], None, {"value": 3}))
        assert lab.row("job", made["id"])["cost"] == 3
        assert fired(lab) == ["a", "a"]


def test_rules_run_in_the_order_of_their_names(ruled: Ruled) -> None:
    rule = "on: {{created: true}}\ndo:\n  - set: {{reason: '\"{}\"'}}\n"
    with ruled(zulu=rule.format("z"), alpha=rule.format("a"), mike=rule.format("m")) as lab:
        assert lab.create(MING, "job")["reason"] == "z"
        assert fired(lab) == ["alpha", "mike", "zulu"]


def test_a_loop_that_never_ends_is_stopped_and_leaves_nothing(ruled: Ruled) -> None:
    with ruled(a="on: {created: true}\ndo:\n  - create: {object: job, values: {name: name}}\n") as lab:
        error = lab.refused(RuleLoop, MING, Create("job", {"name": "x"}))
        assert error.code == "RULE-001"
        assert lab.query("SELECT count(*) FROM data.job") == [(0,)]


def test_a_rule_that_cannot_do_its_work_refuses_the_whole_command(ruled: Ruled) -> None:
    with ruled(a="on: {updated: [name]}\ndo:\n  - set: {urgent: 'true'}\n  - set: {value: '0 - 5'}\n") as lab:
        made = lab.create(MING, "job")
        error = lab.refused(Problems, MING, Update("job", made["id"], 1, {"name": "y"}))
        assert [reason.code for reason in error.reasons()] == ["VALUE-001"]
        assert lab.row("job", made["id"])["urgent"] is None


def test_rules_may_set_what_the_actor_may_not_even_see(ruled: Ruled) -> None:
    with ruled(a="on: {updated: [value]}\ndo:\n  - set: {cost: 'value * 0.4'}\n") as lab:
        made = lab.create(MING, "job")
        lab.update(MING, "job", made, value=100)
        assert lab.row("job", made["id"])["cost"] == 40
        assert "cost" not in lab.get(MING, "job", made["id"])
        assert lab.get(KEEPER, "job", made["id"])["cost"] == 40


def test_a_condition_sees_the_children_written_before_it_in_the_same_unit(ruled: Ruled) -> None:
    with ruled(
        a="on: {updated: [value]}\nwhen: 'parts.count(p, p.good) == 2'\ndo:\n  - set: {urgent: 'true'}\n"
    ) as lab:
        with lab.runtime.unit(MING, batch=True) as unit:
            job = apply(unit, Create("job", {"name": "x"}))
            for _ in range(2):
                apply(unit, Create("part", {"name": "p", "job": str(job["id"]), "good": True}))
            apply(unit, Update("job", job["id"], None, {"value": 3}))
        assert lab.row("job", job["id"])["urgent"] is True


def test_a_rule_reacts_to_a_child_and_changes_its_parent(ruled: Ruled) -> None:
    with ruled(
        "part",
        a="on: {created: true}\ndo:\n  - create: {object: part, values: {name: '\"twin\"', client: 'job.client'}}\n",
    ) as lab:
        client = lab.create(MING, "client")
        job = lab.create(MING, "job", client=str(client["id"]))
        with pytest.raises(RuleLoop):
            lab.create(MING, "part", job=str(job["id"]))


def test_history_that_reaches_up_to_now_leaves_its_timers_running(ruled: Ruled) -> None:
    with ruled(
        waits="on: {created: true}\ndo:\n  - timer: {key: wait, after: 48h}\n"
        "  - notify: {to: [owner], message: {zh: 甲, en: A}}\n",
        ends="on: {updated: [value]}\ndo:\n  - cancel_timer: {key: wait}\n",
    ) as lab:
        now, made = lab.clock(), {}
        with lab.runtime.unit(KEEPER, "import", batch=True) as unit:
            unit.work.quiet = True
            for name, hours in (("old", 49), ("answered", 47), ("waiting", 47)):
                then = unit.telling(now - timedelta(hours=hours), None)
                made[name] = apply(then, Create("job", {"name": name}))["id"]
            apply(
                unit.telling(now - timedelta(hours=1), None),
                Update("job", made["answered"], None, {"value": 3}),
            )

        [(record, due_at)] = lab.query("SELECT record_id, due_at FROM chengdan.timer WHERE key = 'wait'")
        assert (record, due_at) == (made["waiting"], now + timedelta(hours=1))
        assert fired(lab) == ["waits", "waits", "ends"]
        assert lab.query("SELECT FROM chengdan.notification") == []


def test_history_that_is_brought_in_sets_off_no_rule_that_only_tells_or_waits(ruled: Ruled) -> None:
    with ruled(
        tells="on: {created: true}\ndo:\n  - notify: {to: [owner], message: {zh: 甲, en: A}}\n"
        "  - timer: {key: wait, after: 48h}\n",
        sets="on: {created: true}\ndo:\n  - set: {reason: '\"来自历史\"'}\n  - timer: {key: wait, after: 48h}\n",
    ) as lab:
        with lab.runtime.unit(KEEPER, "import", batch=True) as unit:
            unit.work.quiet = True
            id = apply(unit, Create("job", {"name": "旧单"}))["id"]

        assert fired(lab) == ["sets"]
        assert lab.row("job", id)["reason"] == "来自历史"
        assert lab.query("SELECT FROM chengdan.timer WHERE record_id = %s", id) == []
        assert lab.query("SELECT FROM chengdan.notification WHERE record_id = %s", id) == []
