"""No way into a stage goes round its gate: every entry path against every kind of deliverable, and no escape."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Principal
from chengdan.kernel.gate import GateBlocked, OverrideNotPermitted, ReasonNeeded
from chengdan.kernel.hardness import with_hardness
from chengdan.run import schedule, scoring
from chengdan.run.action import apply
from chengdan.run.bulk import run_bulk
from chengdan.run.commands import (
    Archive,
    Attach,
    Claim,
    Create,
    Detach,
    Merge,
    Move,
    Release,
    Restore,
    Sign,
    Tick,
    Update,
    Vouch,
)
from chengdan.run.errors import NotPermitted
from chengdan.run.facts import files_of
from chengdan.run.leaving.back import request_back
from chengdan.run.leaving.moving import request
from chengdan.run.mining.hardening import set_hardness
from chengdan.run.sessions import Doorman
from chengdan.run.worker import perform
from tests.databases import Databases
from tests.lab.gated import CLERK, KINDS, been_there, lacking_names, open_gated, ready
from tests.lab.lab import FANG, HEAD, KEEPER, LIU, MING, Lab
from tests.run.importer.people import bring_in, counts, csv_bytes, refused_rows


@pytest.fixture(scope="module")
def gated(databases: Databases, lab_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The gated lab, shared by all rows of the table."""
    with (
        databases.fresh(lab_database) as url,
        open_gated(url, tmp_path_factory.mktemp("gated")) as lab,
    ):
        yield lab


# --- the rows: each tries to carry a job from `idea` past the gate to `build`, as somebody


def by_a_move(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Move("job", id, None, "build"))


def by_a_move_past_the_stage(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Move("job", id, None, "trial"))


def by_a_mere_reason(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Move("job", id, None, "build", reason="老板同意了"))


def by_an_override_without_words(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Move("job", id, None, "build", override_reason=" \u200b …！ "))


def by_an_update(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Update("job", id, None, {"stage": "build"}))


def by_an_update_with_more(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Update("job", id, None, {"stage": "build", "name": "更多", "urgent": True}))


def by_a_bulk_move(lab: Lab, who: Principal, id: UUID) -> None:
    report = run_bulk(lab.runtime, who, [id], lambda each: Move("job", each, None, "build"))
    raise report.refused[0][1]


def by_a_bulk_update(lab: Lab, who: Principal, id: UUID) -> None:
    report = run_bulk(lab.runtime, who, [id], lambda each: Update("job", each, None, {"stage": "build"}))
    raise report.refused[0][1]


def by_a_rule(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Update("job", id, None, {"reason": "push"}))


def by_a_rule_under_an_override(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Update("job", id, None, {"reason": "push"}, override_reason="不该传给规则"))


def by_a_merge(lab: Lab, who: Principal, id: UUID) -> None:
    source = lab.create(KEEPER, "job")
    lab.act(who, Merge("job", id, source["id"], {"stage": "build"}))


def by_a_merge_with_one_that_is_further(lab: Lab, who: Principal, id: UUID) -> None:
    source = ready(lab)
    lab.act(KEEPER, Move("job", source, None, "build"))
    lab.act(who, Merge("job", id, source, {"stage": "build"}))


def by_losing_and_coming_back(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Update("job", id, None, {"stage": "dropped", "reason": "no"}))
    try:
        lab.act(who, Move("job", id, None, "build"))
    finally:
        lab.act(who, Move("job", id, None, "idea"))


def by_archiving_and_restoring(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Archive("job", id))
    lab.act(who, Restore("job", id))
    lab.act(who, Move("job", id, None, "build"))


def by_the_pool(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(who, Release("job", id, "暂无需求"))
    lab.act(who, Claim("job", id))
    lab.act(who, Move("job", id, None, "build"))


def by_a_hand_over_and_back(lab: Lab, who: Principal, id: UUID) -> None:
    lab.act(KEEPER, Update("job", id, None, {"owner": str(FANG.user)}))
    with lab.runtime.unit(who) as unit:
        job = request(unit, FANG.user, {}, [LIU.user], close=False)
    perform(Doorman(lab.runtime), job)
    assert lab.row("job", id)["owner"] == LIU.user
    with lab.runtime.unit(who) as unit:
        back = request_back(unit, job)
    perform(Doorman(lab.runtime), back)
    lab.act(who, Move("job", id, None, "build"))


PATHS: list[Callable[[Lab, Principal, UUID], None]] = [
    by_a_move,
    by_a_move_past_the_stage,
    by_a_mere_reason,
    by_an_override_without_words,
    by_an_update,
    by_an_update_with_more,
    by_a_bulk_move,
    by_a_bulk_update,
    by_a_rule,
    by_a_rule_under_an_override,
    by_a_merge,
    by_a_merge_with_one_that_is_further,
    by_losing_and_coming_back,
    by_archiving_and_restoring,
    by_the_pool,
    by_a_hand_over_and_back,
]
"""Each way in. Whoever adds one adds its row; `test_gate_registry` finds those without."""


@pytest.mark.parametrize("who", [CLERK, KEEPER], ids=["clerk", "admin"])
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_no_path_goes_round_a_gate(
    gated: Lab, path: Callable[[Lab, Principal, UUID], None], who: Principal
) -> None:
    for lacking in KINDS:
        id = ready(gated, lacking)
        with pytest.raises(GateBlocked) as refusal:
            path(gated, who, id)
        assert_held(gated, id, refusal.value, lacking)


def assert_held(lab: Lab, id: UUID, refusal: GateBlocked, lacking: str) -> None:
    """The refusal names what lacks, and the job stands where it stood with nobody's word for it."""
    names = [unmet.standing.deliverable.name for unmet in refusal.unmet]
    assert [name for name in names if name in KINDS] == lacking_names(lacking)
    assert refusal.unmet[0].code == KINDS[lacking]
    row = lab.row("job", id)
    assert (row["stage"], row["name"], row["urgent"]) == ("idea", "job of ming", None)
    assert "gate.overridden" not in lab.kinds(id)


# --- rows for a job that was let in once, stepped back, and has lost something since


def undone(lab: Lab, who: Principal, id: UUID) -> None:
    """As the page takes a step back back: the stage that was, against the version that is."""
    lab.act(who, Update("job", id, lab.row("job", id)["version"], {"stage": "build"}))


def undone_in_bulk(lab: Lab, who: Principal, id: UUID) -> None:
    by_a_bulk_update(lab, who, id)


def restored_from_the_history(lab: Lab, who: Principal, id: UUID) -> None:
    """The stage as the record's own events tell it."""
    [entered] = [
        data["to"] for kind, data in lab.events(id) if kind == "record.moved" and data["to"] == "build"
    ]
    lab.act(who, Update("job", id, lab.row("job", id)["version"], {"stage": entered}))


@pytest.mark.parametrize("who", [CLERK, KEEPER], ids=["clerk", "admin"])
@pytest.mark.parametrize(
    "path", [undone, undone_in_bulk, restored_from_the_history], ids=lambda path: path.__name__
)
def test_who_was_let_in_once_is_asked_again(
    gated: Lab, path: Callable[[Lab, Principal, UUID], None], who: Principal
) -> None:
    for lacking in KINDS:
        id = been_there(gated, lacking)
        with pytest.raises(GateBlocked) as refusal:
            path(gated, who, id)
        assert_held(gated, id, refusal.value, lacking)


# --- rows without anybody at the keyboard


def test_a_timer_does_not_go_round_a_gate(gated: Lab) -> None:
    jobs = {lacking: ready(gated, lacking) for lacking in KINDS}
    for id in jobs.values():
        gated.act(MING, Update("job", id, None, {"reason": "wind"}))
    gated.clock.ahead += timedelta(hours=2)
    schedule.fire_due(gated.runtime)
    for id in jobs.values():
        row = gated.row("job", id)
        assert (row["stage"], row["version"]) == ("idea", 2)
        [(attempts, error)] = gated.query(
            "SELECT attempts, error FROM chengdan.timer WHERE record_id = %s", id
        )
        assert (attempts, error[:8]) == (1, "GATE-001")


def test_a_timer_may_pass_an_open_gate(gated: Lab) -> None:
    id = ready(gated)
    gated.act(MING, Update("job", id, None, {"reason": "wind"}))
    gated.clock.ahead += timedelta(hours=2)
    schedule.fire_due(gated.runtime)
    assert gated.row("job", id)["stage"] == "build"
    assert gated.timers(id) == {}


def test_a_score_that_turns_does_not_go_round_a_gate_and_holds_up_no_other_score(gated: Lab) -> None:
    """The rule `ripened` pushes a job whose score turns green; four parts make it so."""
    jobs = {lacking: ready(gated, lacking) for lacking in (*KINDS, "")}
    while scoring.settle(gated.runtime):
        pass
    for id in jobs.values():
        for _ in range(3):
            gated.create(MING, "part", job=str(id), good=False)
    while scoring.settle(gated.runtime):
        pass
    assert {gated.row("job", id)["ripe_color"] for id in jobs.values()} == {"green"}
    passed = jobs.pop("")
    assert gated.row("job", passed)["stage"] == "build"
    assert {gated.row("job", id)["stage"] for id in jobs.values()} == {"idea"}


def test_an_import_does_not_go_round_a_gate(gated: Lab) -> None:
    mapping = {"code": "code", "name": "name", "stage": "stage"}
    rows = [["IMP-1", "新", "build"], ["IMP-2", "旧", "idea"]]
    job = bring_in(
        gated.runtime, CLERK, csv_bytes([*mapping], rows), "job", mapping, "code", override_reason="历史"
    )
    assert counts(job) == {"created": 1, "updated": 0, "unchanged": 0, "refused": 1}
    assert [row["name"] for row in refused_rows(gated.runtime, job)] == ["新"]
    for number, lacking in enumerate(KINDS):
        gated.act(KEEPER, Update("job", ready(gated, lacking), None, {"code": f"KIND-{number}"}))
    again = csv_bytes(["code", "stage"], [[f"KIND-{number}", "build"] for number in range(len(KINDS))])
    for who in (CLERK, KEEPER):
        job = bring_in(gated.runtime, who, again, "job", {"code": "code", "stage": "stage"}, "code")
        assert counts(job) == {"created": 0, "updated": 0, "unchanged": 0, "refused": len(KINDS)}
    stages = gated.query("SELECT DISTINCT stage FROM data.job WHERE code ~ '^(IMP|KIND)-'")
    assert stages == [("idea",)]


def test_a_past_that_is_imported_passes_a_gate_as_an_override_alone(gated: Lab) -> None:
    mapping = {
        "columns": {"code": "code", "name": "name", "stage": "stage"},
        "entered": {"idea": "began", "build": "built"},
    }
    rows = csv_bytes(
        ["code", "name", "stage", "began", "built"], [["PAST-1", "旧", "build", "2026-01-05", "2026-02-01"]]
    )
    for who, reason in ((CLERK, "历史"), (KEEPER, "")):
        job = bring_in(gated.runtime, who, rows, "job", mapping, "code", override_reason=reason)
        assert counts(job) == {"created": 0, "updated": 0, "unchanged": 0, "refused": 1}
    job = bring_in(gated.runtime, KEEPER, rows, "job", mapping, "code", override_reason="历史")
    assert counts(job)["created"] == 1
    told = gated.query(
        "SELECT e.data->>'to', e.data->>'reason' FROM chengdan.event e JOIN data.job j ON j.id = e.record_id "
        "WHERE j.code = 'PAST-1' AND e.kind = 'gate.overridden'"
    )
    assert told == [("build", "历史")]


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
    passing = [
        by_a_move,
        by_an_update,
        by_an_update_with_more,
        by_a_rule,
        by_a_merge,
        by_archiving_and_restoring,
        by_the_pool,
        by_a_hand_over_and_back,
    ]
    for path in passing:
        id = ready(gated)
        path(gated, CLERK, id)
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


# --- what the gate judges is what the record comes to be


def test_a_rule_that_takes_something_away_on_the_way_is_judged_too(gated: Lab) -> None:
    """The rule `emptied` empties the value in the very update that also moves."""
    id = ready(gated)
    with pytest.raises(GateBlocked) as refusal:
        gated.act(CLERK, Update("job", id, None, {"code": "EMPTY", "stage": "build"}))
    assert_held(gated, id, refusal.value, "value")
    assert (gated.row("job", id)["code"], gated.row("job", id)["value"]) == (None, 10)


def test_of_two_at_once_the_second_is_judged_on_what_the_first_left(gated: Lab) -> None:
    id = ready(gated)
    gated.act(CLERK, Move("job", id, None, "build"))
    gated.act(CLERK, Tick("job", id, "tested"))
    with ThreadPoolExecutor(1) as other:
        with gated.runtime.unit(CLERK) as unit:
            apply(unit, Tick("job", id, "talked", done=False))
            apply(unit, Move("job", id, None, "idea"))
            unit.flush()
            second = other.submit(gated.act, CLERK, Move("job", id, None, "trial"))
            while not gated.query("SELECT 1 FROM pg_locks WHERE NOT granted"):
                assert not second.done()
        refusal = second.exception(30)
    assert isinstance(refusal, GateBlocked)
    assert [unmet.standing.deliverable.name for unmet in refusal.unmet] == ["talked"]
    assert gated.row("job", id)["stage"] == "idea"


def test_text_without_a_visible_character_fills_nothing(gated: Lab) -> None:
    for blank in ("", "   ", "\u3000\n", "\u200b\ufeff"):
        id = ready(gated)
        error = gated.refused(
            GateBlocked, CLERK, Update("job", id, None, {"stage": "dropped", "reason": blank})
        )
        assert [unmet.code for unmet in error.unmet] == ["GATE-010"]


def test_the_same_paper_twice_is_one(gated: Lab) -> None:
    id = ready(gated, "plan")
    first = gated.attach(CLERK, "job", id, "draft")
    again = gated.file(CLERK)
    gated.query(
        "UPDATE chengdan.file SET sha256 = (SELECT sha256 FROM chengdan.file WHERE id = %s) WHERE id = %s RETURNING 1",
        first,
        again,
    )
    gated.act(CLERK, Attach("job", id, again, "draft"))
    with gated.runtime.reader(CLERK) as reader:
        assert files_of(reader, id)["draft"] == 1


def test_a_deliverable_that_is_made_hard_takes_no_reason_any_more(gated: Lab) -> None:
    course = gated.runtime.snapshot.files["pipelines/course.yaml"]
    for name in KINDS:
        course = with_hardness(course, name, False)
    gated.runtime.publish({**gated.runtime.snapshot.files, "pipelines/course.yaml": course})
    for lacking in KINDS:
        id = ready(gated, lacking)
        assert gated.refused(ReasonNeeded, CLERK, Move("job", id, None, "build")).code == "GATE-002"
        set_hardness(gated.runtime, KEEPER, "course", lacking, True)
        error = gated.refused(GateBlocked, CLERK, Move("job", id, None, "build", reason="老板同意了"))
        assert_held(gated, id, error, lacking)
    with pytest.raises(NotPermitted):
        set_hardness(gated.runtime, CLERK, "course", "plan", False)
