"""Publishing: all or nothing, live everywhere within a second, and units go on with the snapshot they began with."""

import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from chengdan.base.errors import ChengdanError, Problems
from chengdan.kernel.gate import GateBlocked
from chengdan.run.action import apply
from chengdan.run.commands import Create, Move, Update
from chengdan.run.publish import DatabaseBusy, PublishConflict, publish
from chengdan.store import catalog
from chengdan.store.ddl import ColumnTypeFixed
from tests.databases import Databases
from tests.lab.lab import HEAD, KEEPER, MING, Lab, open_lab
from tests.lab.manifests import edited, manifests

JOB = "objects/job.yaml"
GATE = ("pipelines/course.yaml", "value >= 10", "value >= 50")


@pytest.fixture
def second(own_lab: Lab, tmp_path: Path) -> Iterator[Lab]:
    """Another process's lab over the same database."""
    with open_lab(own_lab.runtime.url, tmp_path / "second") as lab:
        yield lab


def state(lab: Lab) -> tuple[object, ...]:
    """Everything that publishing writes."""
    return (
        lab.query("SELECT version, files FROM chengdan.snapshot ORDER BY version"),
        lab.query("SELECT count(*) FROM chengdan.event"),
        lab.query("SELECT table_name, column_name, data_type FROM information_schema.columns WHERE table_schema = 'data' ORDER BY 1, 2"),
        lab.query("SELECT indexname FROM pg_indexes WHERE schemaname = 'data' ORDER BY 1"),
        lab.query("SELECT sequencename FROM pg_sequences WHERE schemaname = 'data' ORDER BY 1"),
    )  # fmt: skip


def with_field(line: str) -> dict[str, str]:
    return edited(JOB, "  - {name: scan,", f"  - {{{line}, label: {{zh: 多, en: Extra}}}}\n  - {{name: scan,")


def test_new_fields_and_objects_get_columns_indexes_and_an_event(own_lab: Lab) -> None:
    files = with_field("name: extra, type: money, indexed: true") | {
        "objects/visit.yaml": "object: visit\nlabel: {zh: 拜访, en: Visit}\nplural: {zh: 拜访, en: Visits}\ntitle: number\n"
        "fields:\n  - {name: number, type: auto_number, pattern: 'V-{seq:03}', label: {zh: 编号, en: Number}}\n",
        "roles/keeper.yaml": manifests()["roles/keeper.yaml"]
        + "  - {object: visit, read: [all], create: [all]}\n",
    }
    own_lab.runtime.publish(files, by=KEEPER.user, note="拜访")
    assert own_lab.create(KEEPER, "job", extra=5)["extra_currency"] == "CNY"
    assert own_lab.act(KEEPER, Create("visit", {}))["number"] == "V-001"
    [(kind, cause, actor, data)] = own_lab.query(
        "SELECT kind, cause, actor, data FROM chengdan.event WHERE kind = 'snapshot.published' AND snapshot = 2"
    )
    assert (kind, cause, actor) == ("snapshot.published", "publish", KEEPER.user)
    assert (data["version"], data["note"]) == (2, "拜访")
    assert {(change["act"], change["kind"], change["name"]) for change in data["changed"]} == {
        ("added", "field", "job.extra"),
        ("changed", "object", "job"),
        ("added", "object", "visit"),
        ("changed", "role", "keeper"),
    }


def test_what_is_exported_is_what_was_published_to_the_byte(own_lab: Lab) -> None:
    files = manifests({
        "views/job_all.yaml": "# 注释 stays\r\nview: job_all   \nlabel: {zh: '全部', en: \"All\"}\nobject: job\n\n\n",
        "app.yaml": manifests()["app.yaml"] + "# é \U0001f600\n",
    })  # fmt: skip
    own_lab.runtime.publish(files)
    assert own_lab.runtime.snapshot.files == files
    with own_lab.runtime.pool.connection() as connection:
        assert catalog.files_of(connection, 2) == files
    own_lab.runtime.publish(dict(own_lab.runtime.snapshot.files))
    assert own_lab.runtime.snapshot.files == files


def test_a_fault_in_the_manifests_changes_nothing(own_lab: Lab) -> None:
    before = state(own_lab)
    for files in (
        edited(JOB, "object: client", "object: cliet"),
        with_field("name: extra, type: txt"),
        {"objects/x.yaml": "object: ["},
        {},
    ):
        with pytest.raises(Problems) as refusal:
            own_lab.runtime.publish(files)
        assert all(reason.code.startswith("DEF-") for reason in refusal.value.reasons())
    assert state(own_lab) == before
    assert own_lab.runtime.snapshot.version == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("name: secret, type: boolean, label: {zh: 保密, en: Secret}, default: 'false'", "name: secret, type: text, label: {zh: 保密, en: Secret}"),
        ("name: due_on, type: date, label: {zh: 截止, en: Due}, default: 'today() + 7d'", "name: due_on, type: datetime, label: {zh: 截止, en: Due}"),
        ("name: helper, type: user", "name: helper, type: text"),
        ("name: urgent, type: boolean", "name: urgent, type: integer"),
        ("name: cost, type: money", "name: cost, type: duration"),
    ],
)  # fmt: skip
def test_a_field_keeps_the_type_of_its_column(own_lab: Lab, old: str, new: str) -> None:
    """Nothing else of the lab speaks of these fields here."""
    files = edited(JOB, old, new) | {"roles/east.yaml": "role: east\nlabel: {zh: a, en: a}\n"}
    files[JOB] = files[JOB].replace("formula: 'value - cost'", "formula: 'value'")
    files["pipelines/course.yaml"] = files["pipelines/course.yaml"].replace(
        "cost == null or cost <= value", "true"
    )
    before = state(own_lab)
    with pytest.raises(ColumnTypeFixed) as refusal:
        own_lab.runtime.publish(files)
    assert refusal.value.path == f"job.{new.split(',')[0].removeprefix('name: ')}"
    assert state(own_lab) == before


def test_types_that_share_a_column_may_be_exchanged(own_lab: Lab) -> None:
    own_lab.runtime.publish(edited(JOB, "name: reason, type: text", "name: reason, type: long_text"))
    assert own_lab.runtime.snapshot.version == 2


def test_a_uniqueness_that_the_records_contradict_changes_nothing(own_lab: Lab) -> None:
    for _ in range(2):
        own_lab.create(MING, "job", name="twice")
    before = state(own_lab)
    with pytest.raises(ChengdanError) as refusal:
        own_lab.runtime.publish(edited(JOB, "name: name, type: text", "name: name, unique: true, type: text"))
    assert (refusal.value.code, refusal.value.path) == ("DEF-021", "job.name")
    assert state(own_lab) == before


def test_a_field_that_need_not_be_unique_any_more_may_repeat(own_lab: Lab) -> None:
    own_lab.runtime.publish(
        edited(
            JOB,
            "name: code, type: text, label: {zh: 代码, en: Code}, unique: true",
            "name: code, type: text, label: {zh: 代码, en: Code}",
        )
    )
    for _ in range(2):
        own_lab.create(MING, "job", code="same")
    assert own_lab.names(MING, "job", 'code == "same"') == ["job of ming"] * 2


def test_a_field_that_is_taken_out_keeps_its_data(own_lab: Lab) -> None:
    made = own_lab.create(MING, "job", reason="kept")
    without = edited(JOB, "  - {name: reason, type: text, label: {zh: 放弃原因, en: Reason}}\n", "") | {
        "pipelines/course.yaml": manifests()["pipelines/course.yaml"].replace(
            "kind: field, field: reason", "kind: checklist"
        )
    }
    own_lab.runtime.publish(without)
    assert "reason" not in own_lab.get(MING, "job", made["id"])
    own_lab.act(MING, Update("job", made["id"], None, {"value": 5}))
    own_lab.runtime.publish(manifests())
    assert own_lab.get(MING, "job", made["id"])["reason"] == "kept"


def test_a_new_rollup_starts_with_the_right_figure(own_lab: Lab) -> None:
    client = own_lab.create(MING, "client")["id"]
    for value in (3, 4):
        own_lab.create(MING, "job", client=str(client), value=value)
    line = "  - {name: total, type: rollup, result: money, label: {zh: 总, en: Total}, currency: CNY, rollup: {of: jobs, function: sum, field: value}}\n"
    own_lab.runtime.publish(edited("objects/client.yaml", "  - {name: newest,", line + "  - {name: newest,"))
    assert own_lab.get(MING, "client", client)["total"] == 7
    own_lab.create(MING, "job", client=str(client), value=5)
    assert own_lab.get(MING, "client", client)["total"] == 12


def test_of_two_publishers_the_later_is_told(own_lab: Lab) -> None:
    based_on = own_lab.runtime.snapshot
    own_lab.runtime.publish(edited(*GATE))
    before = state(own_lab)
    with pytest.raises(PublishConflict) as refusal, own_lab.runtime.pool.connection() as connection:
        publish(connection, based_on, manifests(), by=None, now=own_lab.clock())
    assert refusal.value.data == {"current": 2, "based_on": 1}
    assert state(own_lab) == before


def test_a_table_that_is_busy_is_not_waited_for_for_ever(own_lab: Lab) -> None:
    before = state(own_lab)
    with psycopg.connect(own_lab.runtime.url) as holder:
        holder.execute("LOCK TABLE data.job IN ACCESS SHARE MODE")
        with pytest.raises(DatabaseBusy):
            own_lab.runtime.publish(with_field("name: extra, type: text"))
    assert state(own_lab) == before
    own_lab.runtime.publish(with_field("name: extra, type: text"))


def test_another_process_follows_within_a_second(own_lab: Lab, second: Lab) -> None:
    made = own_lab.create(HEAD, "job", value=20)
    own_lab.runtime.publish(edited(*GATE))
    deadline = time.monotonic() + 20
    while second.runtime.snapshot.version == 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    with pytest.raises(GateBlocked) as refusal:
        second.act(HEAD, Move("job", made["id"], 1, "build"))
    assert "big" in [unmet.standing.deliverable.name for unmet in refusal.value.unmet]


def test_a_process_follows_again_after_its_listener_was_cut_off(own_lab: Lab, second: Lab) -> None:
    own_lab.query(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%'"
    )
    own_lab.runtime.publish(edited(*GATE))
    deadline = time.monotonic() + 20
    while second.runtime.snapshot.version == 1:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_unit_goes_on_with_the_snapshot_it_began_with(own_lab: Lab, second: Lab) -> None:
    """The gate rises and a field comes while a unit is open: it finishes by the old definitions, and is recorded so."""
    with second.runtime.unit(KEEPER) as unit:
        second_job = apply(unit, Create("job", {"name": "begun before", "value": 20}))
        unit.flush()
        own_lab.runtime.publish(edited(*GATE))
        second.runtime.reload()
        assert second.runtime.snapshot.version == 2
        assert unit.snapshot.version == 1
        moved = apply(unit, Move("job", second_job["id"], 1, "build", override_reason="x"))
    [overridden] = [data for kind, data in own_lab.events(moved["id"]) if kind == "gate.overridden"]
    assert "big" not in overridden["hard"]
    assert own_lab.query(
        "SELECT DISTINCT snapshot FROM chengdan.event WHERE record_id = %s", moved["id"]
    ) == [(1,)]


def test_a_plan_says_what_would_happen_and_does_nothing(own_lab: Lab) -> None:
    before = state(own_lab)
    plan = own_lab.runtime.plan(with_field("name: extra, type: text, indexed: true"))
    assert [(step.kind, step.table, step.name) for step in plan.steps] == [
        ("column", "job", "extra"),
        ("index", "job", "job_extra_ix"),
    ]
    assert [(item.act, item.kind, item.name) for item in plan.differences] == [
        ("added", "field", "job.extra"),
        ("changed", "object", "job"),
    ]
    assert state(own_lab) == before


def test_the_same_manifests_need_no_steps(databases: Databases, own_lab: Lab) -> None:
    plan = own_lab.runtime.plan(manifests())
    assert (plan.steps, plan.differences) == ([], [])
