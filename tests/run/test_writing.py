"""Writing records: what happens, what is refused, and that a refusal leaves nothing behind."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from chengdan.base.errors import ChengdanError, Problems
from chengdan.base.ids import new_id
from chengdan.kernel.gate import NoSuchStage
from chengdan.run.action import apply
from chengdan.run.commands import (
    Archive,
    Attach,
    Create,
    Detach,
    Merge,
    Move,
    Restore,
    Share,
    Tick,
    Unshare,
    Update,
)
from chengdan.run.errors import (
    DuplicateValue,
    Forbidden,
    NoPipeline,
    NoSuchObject,
    NoSuchSubstep,
    NotFound,
    NotPermitted,
    RecordArchived,
    SameRecord,
    StaleRecord,
)
from chengdan.run.filing import BadFileKind
from chengdan.run.following import automation
from chengdan.run.sharing import BadShare
from chengdan.store import records
from tests.lab.lab import AUDITOR, EAST, EASTERNER, FANG, HEAD, KEEPER, LIU, MING, SOUTH, Lab

SHANGHAI = ZoneInfo("Asia/Shanghai")


def codes(error: ChengdanError) -> list[tuple[str, str]]:
    return [(reason.code, reason.path) for reason in error.reasons()]


# --- create


def test_a_new_record_gets_owner_team_defaults_number_and_its_event(lab: Lab) -> None:
    made = lab.create(MING, "job", name="新项目", value="1,000")
    row = lab.row("job", made["id"])
    assert (row["version"], row["owner"], row["team"], row["created_by"]) == (1, MING.user, EAST, MING.user)
    assert (row["stage"], row["secret"], row["urgent"]) == ("idea", False, None)
    assert (row["value"], row["value_currency"], row["cost_currency"]) == (Decimal("1000.00"), "CNY", None)
    assert row["due_on"] == (row["created_at"].astimezone(SHANGHAI) + timedelta(days=7)).date()
    assert row["stage_since"] == row["created_at"] == row["updated_at"]
    year = row["created_at"].astimezone(SHANGHAI).year
    assert row["number"].startswith(f"J-{year}-")
    [(kind, data)] = lab.events(made["id"])
    assert (kind, data["version"]) == ("record.created", 1)
    assert {"name": "新项目", "value": 1000.0}.items() <= data["values"].items()


def test_numbers_go_up_and_are_never_given_twice(lab: Lab) -> None:
    numbers = [lab.create(MING, "job")["number"] for _ in range(5)]
    assert len(set(numbers)) == 5
    assert numbers == sorted(numbers)


def test_every_fault_of_the_input_is_told_at_once(lab: Lab) -> None:
    values = {
        "name": "x",
        "value": "many",
        "due_on": "soon",
        "colour": "red",
        "number": "J-1",
        "created_at": "2020-01-01",
    }
    error = lab.refused(Problems, MING, Create("job", values))
    assert codes(error) == [
        ("VALUE-001", "value"),
        ("VALUE-001", "due_on"),
        ("VALUE-003", "colour"),
        ("VALUE-004", "number"),
        ("VALUE-004", "created_at"),
    ]


@pytest.mark.parametrize("values", [{}, {"name": ""}, {"name": None}])
def test_required_fields_must_be_filled(lab: Lab, values: dict[str, Any]) -> None:
    assert codes(lab.refused(Problems, MING, Create("job", values))) == [("VALUE-002", "name")]


def test_nobody_creates_beyond_their_scope(lab: Lab) -> None:
    lab.refused(Forbidden, HEAD, Create("job", {"name": "x", "owner": str(LIU.user), "team": str(SOUTH)}))
    lab.refused(Forbidden, AUDITOR, Create("job", {"name": "x"}))
    made = lab.create(HEAD, "job", owner=str(FANG.user))
    assert (made["owner"], made["team"]) == (FANG.user, EAST)


def test_a_record_without_a_team_joins_that_of_the_person_who_is_given_it(lab: Lab) -> None:
    made = lab.create(KEEPER, "job")
    assert made["team"] is None

    given = lab.update(KEEPER, "job", made, owner=str(FANG.user))
    assert (given["owner"], given["team"]) == (FANG.user, EAST)
    passed_on = lab.update(KEEPER, "job", given, owner=str(LIU.user))
    assert (passed_on["owner"], passed_on["team"]) == (LIU.user, EAST)


def test_whoever_gives_a_record_away_may_say_of_which_team_it_is(lab: Lab) -> None:
    made = lab.create(KEEPER, "job")

    given = lab.update(KEEPER, "job", made, owner=str(FANG.user), team=None)

    assert (given["owner"], given["team"]) == (FANG.user, None)


def test_a_record_rule_binds_what_is_created(lab: Lab) -> None:
    lab.refused(Forbidden, EASTERNER, Create("client", {"name": "南方", "region": "south"}))
    made = lab.create(EASTERNER, "client", name="东方", region="east")
    assert lab.get(EASTERNER, "client", made["id"])["name"] == "东方"


def test_an_object_out_of_reach_is_not_there(lab: Lab) -> None:
    assert lab.refused(NoSuchObject, AUDITOR, Create("part", {"name": "x"})).code == "RECORD-002"
    lab.refused(NoSuchObject, MING, Create("nothing", {"name": "x"}))


def test_a_taken_value_is_refused_until_its_holder_is_archived(lab: Lab) -> None:
    first = lab.create(MING, "job", code="K-1")
    error = lab.refused(DuplicateValue, MING, Create("job", {"name": "x", "code": "K-1"}))
    assert codes(error) == [("VALUE-006", "code")]
    lab.act(MING, Archive("job", first["id"]))
    second = lab.create(MING, "job", code="K-1")
    lab.refused(DuplicateValue, MING, Restore("job", first["id"]))
    assert lab.row("job", second["id"])["code"] == "K-1"


def test_an_id_that_is_taken_is_refused(lab: Lab) -> None:
    made = lab.create(MING, "job")
    lab.refused(ChengdanError, MING, Create("job", {"name": "x"}, id=made["id"]))


# --- update


def test_an_update_changes_the_version_and_leaves_old_and_new(lab: Lab) -> None:
    made = lab.create(MING, "job", value=5)
    lab.update(MING, "job", made, value=7, name=made["name"])
    row = lab.row("job", made["id"])
    assert (row["version"], row["value"], row["updated_by"]) == (2, Decimal(7), MING.user)
    assert row["updated_at"] > row["created_at"]
    kind, data = lab.events(made["id"])[-1]
    assert (kind, data) == ("record.updated", {"changes": {"value": [5.0, 7.0]}, "version": 2})


def test_an_update_that_changes_nothing_leaves_nothing(lab: Lab) -> None:
    made = lab.create(MING, "job", value=5)
    before = lab.footprint()
    assert lab.update(MING, "job", made, value="5.00", due_on=made["due_on"].isoformat())["version"] == 1
    assert lab.footprint() == before


def test_a_stale_version_is_refused(lab: Lab) -> None:
    made = lab.create(MING, "job", value=5)
    lab.update(MING, "job", made, value=6)
    for command in (
        Update("job", made["id"], 1, {"value": 7}),
        Update("job", made["id"], 3, {"value": 7}),
        Move("job", made["id"], 1, "dropped"),
        Archive("job", made["id"], 1),
    ):
        assert lab.refused(StaleRecord, MING, command).code == "STALE-001"


def test_an_amount_keeps_its_currency(lab: Lab) -> None:
    made = lab.create(MING, "job", value={"amount": 5, "currency": "USD"})
    lab.update(MING, "job", made, value=6)
    row = lab.row("job", made["id"])
    assert (row["value"], row["value_currency"]) == (Decimal(6), "USD")
    lab.act(MING, Update("job", made["id"], None, {"value_currency": "JPY"}))
    assert lab.row("job", made["id"])["value_currency"] == "JPY"


def test_a_creation_tells_the_currency(lab: Lab) -> None:
    made = lab.create(MING, "job", value={"amount": 5, "currency": "USD"})
    assert lab.events(made["id"])[0][1]["values"]["value_currency"] == "USD"


def test_a_locked_field_stays_locked_currency_and_all(lab: Lab) -> None:
    made = lab.create(HEAD, "job", value=50)
    lab.move(HEAD, made, "done", override_reason="已交付")
    for changes in ({"value": 60}, {"value_currency": "USD"}, {"value": None}):
        error = lab.refused(Problems, HEAD, Update("job", made["id"], None, changes))
        assert {code for code, _ in codes(error)} == {"VALUE-004"}
    lab.act(HEAD, Update("job", made["id"], None, {"name": "可改"}))


def test_a_required_field_cannot_be_emptied(lab: Lab) -> None:
    made = lab.create(MING, "job")
    assert codes(lab.refused(Problems, MING, Update("job", made["id"], 1, {"name": ""}))) == [
        ("VALUE-002", "name")
    ]


def test_the_stage_cannot_be_emptied(lab: Lab) -> None:
    made = lab.create(MING, "job")
    assert codes(lab.refused(ChengdanError, MING, Update("job", made["id"], 1, {"stage": None}))) == [
        ("VALUE-002", "stage")
    ]


def test_a_field_may_be_readonly_to_a_role(lab: Lab) -> None:
    made = lab.create(MING, "job")
    error = lab.refused(Problems, MING, Update("job", made["id"], 1, {"owner": str(FANG.user)}))
    assert codes(error) == [("VALUE-004", "owner")]
    lab.act(HEAD, Update("job", made["id"], 1, {"owner": str(FANG.user)}))
    lab.refused(Forbidden, MING, Update("job", made["id"], 2, {"value": 1}))


# --- hidden records


def test_a_hidden_record_is_not_found_by_any_command(lab: Lab) -> None:
    hidden = lab.create(LIU, "job")
    other = lab.create(MING, "job")
    file = lab.attach(LIU, "job", hidden["id"], "plan")
    for command in (
        Update("job", hidden["id"], 1, {"value": 1}),
        Update("job", hidden["id"], 9, {"value": 1}),
        Move("job", hidden["id"], 1, "build"),
        Move("job", hidden["id"], 9, "build"),
        Archive("job", hidden["id"]),
        Restore("job", hidden["id"]),
        Tick("job", hidden["id"], "talked"),
        Tick("job", hidden["id"], "no_such_step"),
        Attach("job", hidden["id"], lab.file(MING), "plan"),
        Detach(file),
        Share("job", hidden["id"], FANG.user),
        Unshare("job", hidden["id"], FANG.user),
    ):
        assert lab.refused(NotFound, MING, command).code == "RECORD-001"
    for merge in (Merge("job", hidden["id"], other["id"]), Merge("job", other["id"], hidden["id"])):
        assert lab.refused(NotFound, HEAD, merge).code == "RECORD-001"


def test_what_does_not_exist_is_refused_in_the_same_words(lab: Lab) -> None:
    hidden = lab.create(LIU, "job")
    refusals = [
        lab.refused(NotFound, MING, Update("job", id, 1, {"value": 1})) for id in (hidden["id"], new_id())
    ]
    assert [str(error) for error in refusals] == [str(refusals[0])] * 2


def test_a_record_that_may_be_seen_may_not_be_changed_by_everybody(lab: Lab) -> None:
    made = lab.create(FANG, "job")
    for command in (
        Update("job", made["id"], 1, {"value": 1}),
        Move("job", made["id"], 1, "build"),
        Archive("job", made["id"]),
        Tick("job", made["id"], "talked"),
        Attach("job", made["id"], lab.file(MING), "plan"),
        Share("job", made["id"], LIU.user),
    ):
        assert lab.refused(Forbidden, MING, command).code == "ACCESS-001"


def test_a_reference_to_a_hidden_archived_or_absent_record_is_refused(lab: Lab) -> None:
    hidden = lab.create(LIU, "client")
    archived = lab.create(MING, "client")
    lab.act(MING, Archive("client", archived["id"]))
    for id in (hidden["id"], archived["id"], new_id(), MING.user):
        error = lab.refused(Problems, MING, Create("job", {"name": "x", "client": str(id)}))
        assert codes(error) == [("VALUE-005", "client")]
    made = lab.create(MING, "job")
    error = lab.refused(Problems, MING, Update("job", made["id"], 1, {"client": str(hidden["id"])}))
    assert codes(error) == [("VALUE-005", "client")]


def test_a_record_that_another_held_in_the_unit_is_still_hidden(lab: Lab) -> None:
    """What a rule has read in a unit lends the unit's own principal no sight of it."""
    hidden = lab.create(LIU, "client")
    before = lab.footprint()
    with pytest.raises(Problems) as refusal, lab.runtime.unit(MING) as unit:
        records.lock(unit.within(automation(MING), "rule/x"), "client", [hidden["id"]])
        apply(unit, Create("job", {"name": "x", "client": str(hidden["id"])}))
    assert codes(refusal.value) == [("VALUE-005", "client")]
    assert lab.footprint() == before


# --- hidden fields


@pytest.mark.parametrize("name", ["cost", "cost_currency"])
def test_a_hidden_field_cannot_be_written(lab: Lab, name: str) -> None:
    value: Any = "USD" if name.endswith("currency") else 5
    made = lab.create(MING, "job")
    for command in (Create("job", {"name": "x", name: value}), Update("job", made["id"], 1, {name: value})):
        error = lab.refused(Problems, MING, command)
        assert codes(error) == [("VALUE-003", name)]
        assert "cost" not in error.reasons()[0].hint("en")


# --- archive and restore


def test_archive_and_restore_change_the_version_and_leave_events(lab: Lab) -> None:
    made = lab.create(MING, "job")
    lab.act(MING, Archive("job", made["id"], 1))
    assert lab.row("job", made["id"])["archived_at"] is not None
    lab.refused(RecordArchived, MING, Archive("job", made["id"]))
    lab.refused(RecordArchived, MING, Update("job", made["id"], 2, {"value": 1}))
    lab.refused(RecordArchived, MING, Move("job", made["id"], 2, "dropped"))
    lab.refused(RecordArchived, MING, Tick("job", made["id"], "talked"))
    lab.refused(RecordArchived, MING, Attach("job", made["id"], lab.file(MING), "plan"))
    lab.act(MING, Restore("job", made["id"], 2))
    lab.refused(RecordArchived, MING, Restore("job", made["id"]))
    row = lab.row("job", made["id"])
    assert (row["archived_at"], row["version"], row["stage"]) == (None, 3, "idea")
    assert lab.kinds(made["id"]) == ["record.created", "record.archived", "record.restored"]


# --- sub-steps


def test_a_substep_is_ticked_once_and_unticked(lab: Lab) -> None:
    made = lab.create(MING, "job")
    lab.act(MING, Tick("job", made["id"], "talked"))
    before = lab.footprint()
    lab.act(MING, Tick("job", made["id"], "talked"))
    assert lab.footprint() == before
    assert lab.row("job", made["id"])["checklist"]["talked"]["by"] == str(MING.user)
    lab.act(MING, Tick("job", made["id"], "talked", done=False))
    assert lab.row("job", made["id"])["checklist"] == {}
    assert lab.events(made["id"])[1:] == [
        ("substep.done", {"name": "talked", "stage": "idea"}),
        ("substep.undone", {"name": "talked", "stage": "idea"}),
    ]
    lab.refused(NoSuchSubstep, MING, Tick("job", made["id"], "plan"))
    lab.refused(NoPipeline, MING, Tick("client", lab.create(MING, "client")["id"], "talked"))


# --- files


def test_a_file_is_filed_once_by_its_uploader_and_taken_off_again(lab: Lab) -> None:
    made = lab.create(MING, "job")
    file = lab.attach(MING, "job", made["id"], "plan")
    lab.refused(NotFound, MING, Attach("job", made["id"], file, "plan"))
    lab.refused(NotFound, MING, Attach("job", made["id"], lab.file(FANG), "plan"))
    lab.refused(NotFound, MING, Attach("job", made["id"], new_id(), "plan"))
    lab.refused(BadFileKind, MING, Attach("job", made["id"], lab.file(MING), "../plan"))
    lab.act(MING, Detach(file))
    lab.refused(NotFound, MING, Detach(file))
    lab.refused(NotFound, MING, Detach(lab.file(MING)))
    assert lab.kinds(made["id"]) == ["record.created", "file.attached", "file.removed"]


def test_a_file_field_takes_only_the_writers_own_files(lab: Lab) -> None:
    mine, other = lab.create(MING, "job"), lab.create(MING, "job")
    error = lab.refused(Problems, MING, Update("job", mine["id"], 1, {"scan": str(lab.file(FANG))}))
    assert codes(error) == [("VALUE-005", "scan")]
    file = str(lab.file(MING))
    lab.update(MING, "job", mine, scan=file)
    assert lab.query("SELECT object, record_id, kind FROM chengdan.file WHERE id = %s", UUID(file)) == [
        ("job", mine["id"], "scan")
    ]
    error = lab.refused(Problems, MING, Update("job", other["id"], 1, {"scan": file}))
    assert codes(error) == [("VALUE-005", "scan")]


def test_a_file_that_its_field_no_longer_names_is_no_evidence_until_it_is_named_again(lab: Lab) -> None:
    made = lab.create(MING, "job")
    first, second = lab.file(MING), lab.file(MING)

    def evidence() -> list[tuple[Any, ...]]:
        found = lab.query("SELECT id, kind FROM chengdan.file WHERE record_id = %s", made["id"])
        return sorted(found, key=lambda file: file[0] == second)

    made = lab.update(MING, "job", made, scan=str(first))
    made = lab.update(MING, "job", made, scan=str(second))
    assert evidence() == [(first, ""), (second, "scan")]
    made = lab.update(MING, "job", made, scan=str(first))
    assert evidence() == [(first, "scan"), (second, "")]
    lab.update(MING, "job", made, scan=None)
    assert evidence() == [(first, ""), (second, "")]


# --- sharing


def test_a_share_lets_see_or_change_and_is_taken_back(lab: Lab) -> None:
    made = lab.create(MING, "job", name="共享项目")
    assert lab.names(LIU, "job", 'name == "共享项目"') == []
    lab.act(MING, Share("job", made["id"], LIU.user))
    assert lab.names(LIU, "job", 'name == "共享项目"') == ["共享项目"]
    lab.refused(Forbidden, LIU, Update("job", made["id"], 1, {"value": 1}))
    lab.act(MING, Share("job", made["id"], LIU.user, "update"))
    lab.act(LIU, Update("job", made["id"], 1, {"value": 1}))
    lab.refused(NotPermitted, LIU, Share("job", made["id"], FANG.user))
    lab.act(MING, Unshare("job", made["id"], LIU.user))
    lab.refused(NotFound, LIU, Update("job", made["id"], 2, {"value": 2}))
    assert [kind for kind in lab.kinds(made["id"]) if "share" in kind] == [
        "record.shared",
        "record.shared",
        "record.unshared",
    ]


def test_a_share_needs_a_sound_act_and_a_person(lab: Lab) -> None:
    made = lab.create(MING, "job")
    lab.refused(BadShare, MING, Share("job", made["id"], LIU.user, "archive"))
    lab.refused(ChengdanError, MING, Share("job", made["id"], new_id()))


# --- merge


def test_a_merge_moves_the_children_archives_the_source_and_keeps_both_trails(lab: Lab) -> None:
    target = lab.create(HEAD, "client", name="真")
    source = lab.create(HEAD, "client", name="重复", region="east")
    jobs = [lab.create(HEAD, "job", client=str(source["id"]), value=value) for value in (10, 20)]
    branch = lab.create(HEAD, "client", name="分部", parent=str(source["id"]))
    part = lab.create(HEAD, "part", client=str(source["id"]))
    merged = lab.act(HEAD, Merge("client", target["id"], source["id"], {"region": "east"}))
    assert (merged["id"], merged["region"]) == (target["id"], "east")
    assert [lab.row("job", job["id"])["client"] for job in jobs] == [target["id"]] * 2
    assert lab.row("client", branch["id"])["parent"] == target["id"]
    assert lab.row("part", part["id"])["client"] == target["id"]
    assert lab.row("client", source["id"])["archived_at"] is not None
    assert (lab.row("client", target["id"])["job_count"], lab.row("client", target["id"])["open_value"]) == (
        2,
        30,
    )
    assert lab.row("client", source["id"])["job_count"] == 0
    assert lab.events(target["id"])[-1] == ("record.merged", {"source": str(source["id"])})
    assert lab.events(source["id"])[-1] == ("record.merged", {"into": str(target["id"])})


def test_a_merge_makes_no_record_its_own_parent(lab: Lab) -> None:
    source = lab.create(HEAD, "client", name="上级")
    target = lab.create(HEAD, "client", name="下级", parent=str(source["id"]))
    lab.act(HEAD, Merge("client", target["id"], source["id"]))
    assert lab.row("client", target["id"])["parent"] is None


def test_a_merge_needs_the_permission_and_two_records(lab: Lab) -> None:
    one, two = lab.create(MING, "client"), lab.create(MING, "client")
    lab.refused(NotPermitted, MING, Merge("client", one["id"], two["id"]))
    lab.refused(SameRecord, HEAD, Merge("client", one["id"], one["id"]))
    lab.refused(Problems, HEAD, Merge("client", one["id"], two["id"], {"job_count": 5}))
    lab.refused(NotFound, HEAD, Merge("client", one["id"], new_id()))
    lab.act(KEEPER, Archive("client", two["id"]))
    lab.refused(RecordArchived, HEAD, Merge("client", one["id"], two["id"]))


def test_a_stage_that_is_not_there_is_refused_and_leaves_nothing_kept(lab: Lab) -> None:
    made = lab.create(MING, "job", value=10)

    with pytest.raises(NoSuchStage, match="nonesuch"):
        lab.move(MING, made, "nonesuch")

    assert not any("nonesuch" in key for key in lab.runtime.edition.gates)
