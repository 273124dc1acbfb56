"""No way into a stage goes round its gate: every entry path against every kind of deliverable, and no escape."""

import inspect
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Principal
from chengdan.kernel.gate import GateBlocked, OverrideNotPermitted, ReasonNeeded
from chengdan.run import action, schedule
from chengdan.run.bulk import run_bulk
from chengdan.run.commands import (
    Archive,
    Attach,
    Create,
    Detach,
    Merge,
    Move,
    Restore,
    Sign,
    Tick,
    Update,
    Vouch,
)
from chengdan.run.errors import NotPermitted
from tests.databases import Databases
from tests.lab.lab import HEAD, KEEPER, MING, Lab, open_lab
from tests.lab.manifests import edited
from tests.run.importer.people import bring_in, counts, csv_bytes, refused_rows

RULES = {
    "rules/pushed.yaml": """\
rule: pushed
label: {zh: 推进, en: Pushed}
object: job
on: {updated: [reason]}
when: 'reason == "push"'
do:
  - set: {stage: '"build"'}
""",
    "rules/wound.yaml": """\
rule: wound
label: {zh: 定时, en: Wound}
object: job
on: {updated: [reason]}
when: 'reason == "wind"'
do:
  - timer: {key: push, after: 1h}
""",
    "rules/rang.yaml": """\
rule: rang
label: {zh: 到点, en: Rang}
object: job
on: {timer: push}
do:
  - set: {stage: '"build"'}
""",
    "rules/spawned.yaml": """\
rule: spawned
label: {zh: 派生, en: Spawned}
object: job
on: {updated: [reason]}
when: 'reason == "spawn"'
do:
  - create: {object: job, values: {name: '"spawned"', stage: '"build"'}}
""",
}
CLERK = Principal(UUID(int=0xC1), "clerk", frozenset({"clerk"}))
CLERK_ROLE = """\
role: clerk
label: {zh: 录入员, en: Clerk}
permissions: [import, merge, bulk]
grants:
  - {object: job, read: [all], create: [all], update: [all], archive: [all]}
  - {object: client, read: [all]}
"""
KINDS = {
    "value": ("field", "GATE-010"),
    "big": ("condition", "GATE-011"),
    "plan": ("file", "GATE-012"),
    "talked": ("checklist", "GATE-013"),
    "good_part": ("record", "GATE-014"),
    "consent": ("signature", "GATE-015"),
}
SIGNED_TOO = """\
      - {name: consent, kind: signature, template: consent, label: {zh: 同意书, en: Consent}, hint: {zh: 请客户签字, en: Have it signed}}
  - name: build
"""
FORM = """\
template: consent
label: {zh: 同意书, en: Consent}
object: job
sections: [{fields: [name, client, value]}]
signature: {zh: 签字, en: Signature}
"""


@pytest.fixture(scope="module")
def gated(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The lab with rules that try to push jobs through the gate."""
    with databases.fresh(lab_database) as url, open_lab(url, tmp_path_factory.mktemp("gated")) as lab:
        people = edited(
            "objects/user.yaml", "{value: head,", "{value: clerk, label: {zh: 录, en: C}}, {value: head,"
        )
        course = edited("pipelines/course.yaml", "  - name: build\n", SIGNED_TOO)["pipelines/course.yaml"]
        more = {
            "pipelines/course.yaml": course,
            "templates/consent.yaml": FORM,
            "roles/clerk.yaml": CLERK_ROLE,
        }
        lab.runtime.publish({**people, **RULES, **more})
        clerk = {"username": "clerk", "name": "clerk", "roles": ["clerk"]}
        lab.act(KEEPER, Create("user", clerk, id=CLERK.user))
        yield lab


def ready(lab: Lab, lacking: str = "", who: Principal = MING) -> UUID:
    """A job that has all it needs for `build`, but what `lacking` names."""
    client = lab.create(who, "client")
    value = None if lacking == "value" else 5 if lacking == "big" else 10
    job = lab.create(who, "job", client=str(client["id"]), value=value)["id"]
    lab.create(who, "part", job=str(job), good=lacking != "good_part")
    if lacking != "plan":
        lab.attach(who, "job", job, "plan")
    if lacking != "talked":
        lab.act(who, Tick("job", job, "talked"))
    if lacking != "consent":
        lab.act(who, Sign("job", job, "consent", lab.file(who), found=True))
    return UUID(str(job))


def lacking_names(lacking: str) -> list[str]:
    """What a job lacks: without a value it isn't big enough either."""
    return ["value", "big"] if lacking == "value" else [lacking]


def moved(lab: Lab, id: UUID) -> None:
    lab.act(CLERK, Move("job", id, None, "build"))


def updated(lab: Lab, id: UUID) -> None:
    lab.act(CLERK, Update("job", id, None, {"stage": "build"}))


def updated_with_more(lab: Lab, id: UUID) -> None:
    lab.act(CLERK, Update("job", id, None, {"stage": "build", "name": "更多", "urgent": True}))


def given_a_mere_reason(lab: Lab, id: UUID) -> None:
    lab.act(CLERK, Move("job", id, None, "build", reason="老板同意了"))


def in_bulk(lab: Lab, id: UUID) -> None:
    report = run_bulk(lab.runtime, CLERK, [id], lambda each: Move("job", each, None, "build"))
    raise report.refused[0][1]


def by_bulk_update(lab: Lab, id: UUID) -> None:
    report = run_bulk(lab.runtime, CLERK, [id], lambda each: Update("job", each, None, {"stage": "build"}))
    raise report.refused[0][1]


def by_a_rule(lab: Lab, id: UUID) -> None:
    lab.act(CLERK, Update("job", id, None, {"reason": "push"}))


def by_a_rule_set_off_by_somebody_who_may_override(lab: Lab, id: UUID) -> None:
    lab.act(KEEPER, Update("job", id, None, {"reason": "push"}, override_reason="不该传给规则"))


def by_a_merge(lab: Lab, id: UUID) -> None:
    source = lab.create(KEEPER, "job")
    lab.act(CLERK, Merge("job", id, source["id"], {"stage": "build"}))


def by_losing_and_coming_back(lab: Lab, id: UUID) -> None:
    lab.act(CLERK, Update("job", id, None, {"stage": "dropped", "reason": "no"}))
    try:
        lab.act(CLERK, Move("job", id, None, "build"))
    finally:
        lab.act(CLERK, Move("job", id, None, "idea"))


def by_archiving_and_restoring(lab: Lab, id: UUID) -> None:
    lab.act(CLERK, Archive("job", id))
    lab.act(CLERK, Restore("job", id))
    lab.act(CLERK, Move("job", id, None, "build"))


def past_the_stage(lab: Lab, id: UUID) -> None:
    lab.act(CLERK, Move("job", id, None, "trial"))


PATHS: list[Callable[[Lab, UUID], None]] = [
    moved,
    updated,
    updated_with_more,
    given_a_mere_reason,
    in_bulk,
    by_bulk_update,
    by_a_rule,
    by_a_rule_set_off_by_somebody_who_may_override,
    by_a_merge,
    by_losing_and_coming_back,
    by_archiving_and_restoring,
    past_the_stage,
]


@pytest.mark.parametrize("lacking", KINDS)
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_no_path_goes_round_a_gate(gated: Lab, path: Callable[[Lab, UUID], None], lacking: str) -> None:
    id = ready(gated, lacking)
    with pytest.raises(GateBlocked) as refusal:
        path(gated, id)
    names = [unmet.standing.deliverable.name for unmet in refusal.value.unmet]
    assert [name for name in names if name in KINDS] == lacking_names(lacking)
    assert refusal.value.unmet[0].code == KINDS[lacking][1]
    row = gated.row("job", id)
    assert (row["stage"], row["name"], row["urgent"]) == ("idea", "job of ming", None)
    assert "gate.overridden" not in gated.kinds(id)
    assert ("build", "trial") not in {data.get("to") for _, data in gated.events(id)}


@pytest.mark.parametrize("lacking", KINDS)
def test_a_timer_does_not_go_round_a_gate(gated: Lab, lacking: str) -> None:
    id = ready(gated, lacking)
    gated.act(MING, Update("job", id, None, {"reason": "wind"}))
    version = gated.row("job", id)["version"]
    gated.clock.ahead += timedelta(hours=2)
    schedule.fire_due(gated.runtime)
    row = gated.row("job", id)
    assert (row["stage"], row["version"]) == ("idea", version)
    [(attempts, error)] = gated.query("SELECT attempts, error FROM chengdan.timer WHERE record_id = %s", id)
    assert attempts == 1
    assert error.startswith("GATE-001")


def test_a_timer_may_pass_an_open_gate(gated: Lab) -> None:
    id = ready(gated)
    gated.act(MING, Update("job", id, None, {"reason": "wind"}))
    gated.clock.ahead += timedelta(hours=2)
    schedule.fire_due(gated.runtime)
    assert gated.row("job", id)["stage"] == "build"
    assert gated.timers(id) == {}


def test_an_import_does_not_go_round_a_gate(gated: Lab) -> None:
    content = csv_bytes(["code", "name", "stage"], [["IMP-1", "新", "build"], ["IMP-2", "旧", "idea"]])
    mapping = {"code": "code", "name": "name", "stage": "stage"}
    job = bring_in(gated.runtime, CLERK, content, "job", mapping, "code", override_reason="历史")
    assert counts(job) == {"created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    assert [row["name"] for row in refused_rows(gated.runtime, job)] == ["新"]
    again = csv_bytes(["code", "name", "stage"], [["IMP-2", "旧", "build"]])
    job = bring_in(gated.runtime, CLERK, again, "job", mapping, "code")
    assert counts(job) == {"created": 0, "updated": 0, "unchanged": 0, "refused": 1}
    assert gated.query("SELECT code, stage FROM data.job WHERE starts_with(code, 'IMP-')") == [
        ("IMP-2", "idea")
    ]


def test_a_record_cannot_be_born_past_a_gate(gated: Lab) -> None:
    client = str(gated.create(MING, "client")["id"])
    born: list[Callable[[], Any]] = [
        lambda: Create("job", {"name": "x", "stage": "build", "value": 10, "client": client}),
        lambda: Create("job", {"name": "x", "stage": "done", "value": 10, "client": client}),
        lambda: Create("job", {"name": "x", "stage": "build"}, reason="老板同意了"),
    ]
    for make in born:
        error = gated.refused(GateBlocked, MING, make())
        assert {"plan", "talked", "good_part"} <= {unmet.standing.deliverable.name for unmet in error.unmet}
    spawner = gated.create(MING, "job")
    gated.refused(GateBlocked, MING, Update("job", spawner["id"], 1, {"reason": "spawn"}))


def test_what_has_everything_passes_on_every_path(gated: Lab) -> None:
    passing = [moved, updated, updated_with_more, by_a_rule, by_a_merge, by_archiving_and_restoring]
    for path in passing:
        id = ready(gated)
        path(gated, id)
        assert gated.row("job", id)["stage"] == "build"
        assert "gate.overridden" not in gated.kinds(id)


# --- overrides


OVERRIDES: list[Callable[[UUID], Any]] = [
    lambda id: Move("job", id, None, "build", override_reason="客户已口头确认"),
    lambda id: Update("job", id, None, {"stage": "build"}, override_reason="客户已口头确认"),
]


@pytest.mark.parametrize("make", OVERRIDES, ids=["move", "update"])
def test_an_override_needs_the_permission(gated: Lab, make: Callable[[UUID], Any]) -> None:
    id = ready(gated, "plan")
    assert gated.refused(OverrideNotPermitted, MING, make(id)).code == "GATE-003"
    assert gated.row("job", id)["stage"] == "idea"


@pytest.mark.parametrize("make", OVERRIDES, ids=["move", "update"])
def test_an_override_leaves_what_was_lacking_and_why(gated: Lab, make: Callable[[UUID], Any]) -> None:
    id = ready(gated, "plan")
    gated.act(HEAD, make(id))
    assert gated.row("job", id)["stage"] == "build"
    [facts] = [data for kind, data in gated.events(id) if kind == "gate.overridden"]
    assert facts == {
        "pipeline": "course",
        "from": "idea",
        "to": "build",
        "reason": "客户已口头确认",
        "hard": ["plan"],
        "soft": [],
    }
    [(actor,)] = gated.query(
        "SELECT actor FROM chengdan.event WHERE record_id = %s AND kind = 'gate.overridden'", id
    )
    assert actor == HEAD.user


def test_an_override_needs_words(gated: Lab) -> None:
    id = ready(gated, "plan")
    for blank in ("", "   ", "\n\t"):
        gated.refused(GateBlocked, HEAD, Move("job", id, None, "build", override_reason=blank))


def test_an_open_gate_leaves_no_override_whatever_reason_is_given(gated: Lab) -> None:
    id = ready(gated)
    gated.act(HEAD, Move("job", id, None, "build", override_reason="以防万一"))
    assert "gate.overridden" not in gated.kinds(id)


def test_soft_deliverables_take_a_reason_which_is_kept(gated: Lab) -> None:
    id = ready(gated)
    gated.act(HEAD, Update("job", id, None, {"cost": 1000}))
    gated.act(MING, Move("job", id, None, "build"))
    gated.act(MING, Tick("job", id, "tested"))
    assert gated.refused(ReasonNeeded, MING, Move("job", id, None, "trial")).code == "GATE-002"
    gated.act(MING, Move("job", id, None, "trial", reason="战略客户"))
    [facts] = [data for kind, data in gated.events(id) if kind == "gate.overridden"]
    assert (facts["soft"], facts["hard"], facts["reason"]) == (["cheap"], [], "战略客户")


def test_a_refused_move_leaves_a_note_of_what_was_lacking(gated: Lab) -> None:
    id = ready(gated, "plan")
    gated.refused(GateBlocked, MING, Move("job", id, None, "build"))
    [facts] = [data for kind, data in gated.events(id) if kind == "gate.blocked"]
    assert facts == {"pipeline": "course", "from": "idea", "to": "build", "unmet": ["plan"]}


def test_an_unknown_stage_is_refused(gated: Lab) -> None:
    id = ready(gated)
    with pytest.raises(ChengdanError) as refusal:
        gated.act(MING, Move("job", id, None, "shop"))
    assert refusal.value.code == "GATE-004"
    with pytest.raises(ChengdanError) as refusal:
        gated.act(MING, Update("job", id, None, {"stage": "shop"}))
    assert {reason.code for reason in refusal.value.reasons()} == {"VALUE-001"}


def test_a_paper_without_a_signature_opens_nothing(gated: Lab) -> None:
    id = ready(gated, "consent")
    gated.act(CLERK, Attach("job", id, gated.file(CLERK), "consent"))
    assert refusal_of(gated, id) == "GATE-015"
    gated.act(CLERK, Sign("job", id, "consent", gated.file(CLERK), found=False))
    assert refusal_of(gated, id) == "GATE-017"
    assert gated.row("job", id)["stage"] == "idea"
    [(signature,)] = gated.query("SELECT id FROM chengdan.signature WHERE record_id = %s", id)
    gated.refused(NotPermitted, CLERK, Vouch("job", id, signature, "我说签了"))
    assert refusal_of(gated, id) == "GATE-017"


def test_a_signature_is_gone_with_its_paper(gated: Lab) -> None:
    id = ready(gated, "consent")
    paper = gated.file(CLERK)
    gated.act(CLERK, Sign("job", id, "consent", paper, found=True))
    gated.act(CLERK, Detach(paper))
    assert refusal_of(gated, id) == "GATE-015"


def refusal_of(lab: Lab, id: UUID) -> str:
    return lab.refused(GateBlocked, CLERK, Move("job", id, None, "build")).unmet[0].code


HARMLESS = {
    "Tick", "Attach", "Detach", "Sign", "Vouch", "Share", "Unshare", "Comment", "EditComment", "RemoveComment", "Follow",
    "Claim", "Release", "Settle", "Work",
}  # fmt: skip
"""Commands that bring evidence or surroundings, and write no stage."""
TRIED = {"Create", "Update", "Move", "Archive", "Restore", "Merge"}
"""Commands that the paths above go through."""


def test_every_command_has_its_place_in_this_proof() -> None:
    """A new command fails here until a path above tries it, or it is said to write no stage."""
    known = {command.__name__ for command in action._HANDLERS}
    assert known - HARMLESS - TRIED == set()


def test_what_writes_no_stage_indeed_writes_none() -> None:
    """The stage of a record is set in one place, behind the gate, and where records are created."""
    source = inspect.getsource(action)
    assert source.count("pass_gate(") == 3
    writers = [
        line for line in source.splitlines() if "pipeline.field:" in line or "row[pipeline.field] =" in line
    ]
    assert len(writers) == 2
