"""The sales system as data: it holds together, and keeps its promises about who sees what."""

from pathlib import Path

from chengdan.kernel.access import Act
from chengdan.kernel.field import FieldType
from chengdan.kernel.pipeline import DeliverableKind
from chengdan.kernel.validate import build
from chengdan.run import apps
from tests.sales.manifests import snapshot, texts

AUDITED = {"audit_draw", "audit_review", "audit_verdict"}
AFTER_SALES = ("ticket", "usage", "invoice")


def test_validates_without_a_problem() -> None:
    _, problems = build(texts())
    assert [str(problem) for problem in problems] == []


def test_is_the_same_to_the_byte_when_it_is_written_and_read_again(tmp_path: Path) -> None:
    shipped = apps.shipped("chengdan.sales")
    apps.write(shipped, tmp_path)

    assert apps.on_disk(tmp_path) == shipped
    assert {path.split("/")[0] for path in shipped} == {"app.yaml", *apps.FOLDERS}


def test_files_are_named_after_what_they_define() -> None:
    for path, text in texts().items():
        if "/" in path:
            name = path.rpartition("/")[2].removesuffix(".yaml")
            assert text.splitlines()[0].split(": ") == [path.split("/")[0].removesuffix("s"), name]


def test_every_object_has_a_list_and_is_known_to_every_role_or_left_out_on_purpose() -> None:
    listed = {view.object for view in snapshot().views.values() if view.kind == "list"}
    assert listed == set(snapshot().objects)
    missing = {
        role.name: set(snapshot().objects) - set(role.by_object)
        for role in snapshot().roles.values()
        if set(snapshot().objects) - set(role.by_object)
    }
    assert missing == {
        "presales": {"lead", *AUDITED, *AFTER_SALES},
        "finance": {"lead", "concern", "ticket", "usage"},
        "legal": {"lead", "activity", "email", *AUDITED, *AFTER_SALES},
        "csm": {"lead", *AUDITED},
    }


def test_views_show_no_column_that_a_role_may_not_see() -> None:
    for view in snapshot().views.values():
        for role in snapshot().roles.values():
            grant = role.by_object.get(view.object)
            assert grant is None or not set(view.columns) & set(grant.hidden), (view.name, role.name)


def test_no_formula_gives_away_a_field_that_is_hidden() -> None:
    for role in snapshot().roles.values():
        for grant in role.grants:
            for field in snapshot().objects[grant.object].fields:
                if field.type is FieldType.FORMULA and field.name not in grant.hidden:
                    reads = snapshot().compiled(grant.object, field.formula).expression.fields()
                    assert not reads & set(grant.hidden), (role.name, field.name)


def test_no_gate_gives_away_a_field_that_a_mover_may_not_see() -> None:
    for pipeline in snapshot().pipelines.values():
        for role in snapshot().roles.values():
            grant = role.by_object.get(pipeline.object)
            if grant is None or not grant.acts[Act.UPDATE]:
                continue
            for _, item in pipeline.deliverables():
                for text in filter(
                    None, (item.field, item.condition if item.kind is DeliverableKind.CONDITION else "")
                ):
                    reads = snapshot().compiled(pipeline.object, text).expression.fields()
                    assert not reads & set(grant.hidden), (role.name, item.name)


def test_admin_may_do_everything_to_everything() -> None:
    admin = snapshot().roles["admin"]
    assert set(admin.by_object) == set(snapshot().objects)
    kept = [grant for grant in admin.grants if grant.object not in AUDITED]
    assert all(grant.acts[act] == ("all",) for grant in kept for act in Act)


def test_nobody_writes_the_records_of_an_audit_but_the_audit_itself() -> None:
    for role in snapshot().roles.values():
        for name in AUDITED & set(role.by_object):
            acts = role.by_object[name].acts
            assert [act for act in Act if acts.get(act)] == [Act.READ], (role.name, name)


def test_the_sales_pipeline_uses_every_kind_of_deliverable() -> None:
    pipeline = snapshot().pipelines["sales"]
    assert {item.kind for _, item in pipeline.deliverables()} == set(DeliverableKind)
    assert [item.name for _, item in pipeline.deliverables() if item.kind is DeliverableKind.CHECKLIST] == [
        "needs_confirmed",
        "demo_given",
        "architecture_confirmed",
        "quote_approved",
    ]


def test_opportunities_have_at_least_ten_active_rules() -> None:
    assert len(snapshot().rules_of("opportunity")) >= 10


def test_the_probability_formula_says_what_the_stages_say() -> None:
    pipeline = snapshot().pipelines["sales"]
    formula = snapshot().objects["opportunity"].by_name["probability"].formula
    for stage in pipeline.stages[1:]:
        assert f'stage == "{stage.name}", {stage.probability}' in formula
    assert formula.rstrip(")").endswith(f", {pipeline.stages[0].probability}")
