"""A snapshot is one version of all definitions; it does not change, and expressions stand on it."""

from dataclasses import FrozenInstanceError
from uuid import UUID

import pytest

from chengdan.expr import Context, ExpressionError, Kind
from chengdan.kernel.access import Act, Principal
from chengdan.kernel.field import FieldType
from chengdan.kernel.manifest import load
from chengdan.kernel.snapshot import AUTOMATION, Snapshot
from tests.lab.manifests import manifests, snapshot

LAB = snapshot()
NOBODY = Principal(UUID(int=9), "nobody", frozenset())


def principal(*roles: str) -> Principal:
    return Principal(UUID(int=9), "somebody", frozenset(roles))


def test_definitions_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        LAB.objects["job"].name = "other"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        LAB.pipelines["course"].stages[0].label = None  # type: ignore[misc, assignment]
    with pytest.raises(TypeError):
        LAB.objects["job"].by_name["name"] = None  # type: ignore[index]
    for part in (LAB.objects, LAB.pipelines, LAB.rules, LAB.views, LAB.roles, LAB.files):
        with pytest.raises(TypeError):
            part["more"] = None  # type: ignore[index]


def test_does_not_follow_what_it_was_made_of() -> None:
    files = manifests()
    definitions, _ = load(files)
    made = Snapshot(definitions, 3, files)
    definitions.objects.clear()
    definitions.rules["a"] = None  # type: ignore[assignment]
    files.clear()
    assert "job" in made.objects
    assert "a" not in made.rules
    assert made.files == manifests()
    assert made.version == 3


def test_a_pipeline_gives_its_field_the_stages_and_the_object_its_clock() -> None:
    stage = LAB.objects["job"].by_name["stage"]
    assert [option.value for option in stage.options] == ["idea", "build", "trial", "done", "dropped"]
    assert LAB.objects["job"].by_name["stage_since"].type is FieldType.DATETIME
    assert "stage_since" not in LAB.objects["client"].by_name


def test_children_are_known_by_the_name_of_the_inverse() -> None:
    assert {name: (child.object, child.field) for name, child in LAB.children_of("client").items()} == {
        "branches": ("client", "parent"),
        "jobs": ("job", "client"),
    }
    assert LAB.children_of("user") == {}


def test_expressions_speak_api_names_and_labels_in_both_languages() -> None:
    row = {"value": 20, "stage": "idea"}
    context = Context(now=None)  # type: ignore[arg-type]
    for text in ("value > 10", "金额 > 10", "Value > 10"):
        assert LAB.compiled("job", text, expect=Kind.BOOLEAN).run(row, context) is True


def test_an_expression_is_compiled_once_and_checked_for_each_type_wanted() -> None:
    assert LAB.compiled("job", "value + 1") is LAB.compiled("job", "value + 1")
    with pytest.raises(ExpressionError):
        LAB.compiled("job", "value + 1", expect=Kind.BOOLEAN)
    with pytest.raises(ExpressionError):
        LAB.compiled("job", "old.value > 1", expect=Kind.BOOLEAN)
    assert LAB.compiled("job", "old.value > 1", expect=Kind.BOOLEAN, allow_old=True).needs.old == {"value"}


def test_rules_run_in_the_order_of_their_names_and_only_active_ones() -> None:
    rule = "rule: {}\nlabel: {{zh: a, en: a}}\nobject: job\nactive: {}\non: {{created: true}}\ndo:\n  - set: {{urgent: 'true'}}\n"
    made = snapshot(manifests({
        "rules/1.yaml": rule.format("zulu", "true"),
        "rules/2.yaml": rule.format("alpha", "true"),
        "rules/3.yaml": rule.format("beta", "false"),
    }))  # fmt: skip
    assert [rule.name for rule in made.rules_of("job")] == ["alpha", "zulu"]
    assert made.rules_of("client") == ()


def test_access_is_that_of_all_roles_and_of_no_unknown_one() -> None:
    assert not LAB.access(NOBODY, "job").may(Act.READ)
    assert not LAB.access(principal("no_such_role"), "job").may(Act.READ)
    assert LAB.access(principal("maker", "auditor"), "job").unlimited(Act.READ)
    assert not LAB.access(principal("maker", "auditor"), "job").unlimited(Act.UPDATE)


def test_automation_reaches_every_record_but_overrides_no_gate() -> None:
    automation = principal(AUTOMATION.name)
    assert all(LAB.access(automation, "job").unlimited(act) for act in Act)
    assert not LAB.permitted(automation, "override_gate")
    assert LAB.permitted(principal("head"), "override_gate")
    assert not LAB.permitted(principal("maker"), "override_gate")


def test_a_rollup_is_known_by_the_children_it_reads() -> None:
    assert [(parent, field.name) for parent, field, _ in LAB.rollups_over["job"]] == [
        ("client", "job_count"),
        ("client", "open_value"),
        ("client", "smallest"),
        ("client", "largest"),
        ("client", "newest"),
    ]


def test_the_same_files_make_equal_definitions() -> None:
    assert snapshot().objects == LAB.objects
    assert snapshot().pipelines == LAB.pipelines
