"""The plan names exactly what differs between two snapshots."""

from chengdan.kernel.manifest import Definitions
from chengdan.kernel.plan import Difference, differences
from chengdan.kernel.snapshot import Snapshot
from tests.lab.manifests import edited, manifests, snapshot

EMPTY = Snapshot(Definitions())


def test_nothing_differs_from_itself() -> None:
    assert differences(snapshot(), snapshot()) == []
    moved = {**manifests(), "objects/client.yaml": "\n\n" + manifests()["objects/client.yaml"]}
    assert differences(snapshot(), snapshot(moved)) == []


def test_everything_is_new_the_first_time() -> None:
    found = differences(EMPTY, snapshot())
    assert {item.act for item in found} == {"added"}
    assert [item.name for item in found if item.kind == "object"] == [
        "client",
        "job",
        "part",
        "team",
        "territory",
        "user",
    ]
    assert {item.act for item in differences(snapshot(), EMPTY)} == {"removed"}


def test_a_changed_field_is_told_with_its_object() -> None:
    after = snapshot(
        edited("objects/job.yaml", "name: code, type: text", "name: code, type: text, indexed: true")
    )
    assert differences(snapshot(), after) == [
        Difference("changed", "field", "job.code"),
        Difference("changed", "object", "job"),
    ]


def test_added_and_removed_fields_are_told_apart() -> None:
    after = snapshot(edited("objects/part.yaml", "name: good", "name: fine") | {
        "pipelines/course.yaml": manifests()["pipelines/course.yaml"].replace("item.good", "item.fine")
    })  # fmt: skip
    assert [item for item in differences(snapshot(), after) if item.kind == "field"] == [
        Difference("added", "field", "part.fine"),
        Difference("removed", "field", "part.good"),
    ]


def test_a_changed_gate_is_told() -> None:
    after = snapshot(edited("pipelines/course.yaml", "value >= 10", "value >= 20"))
    assert differences(snapshot(), after) == [Difference("changed", "pipeline", "course")]


def test_a_renamed_stage_changes_the_stage_field_too() -> None:
    after = snapshot(edited("pipelines/course.yaml", "name: trial", "name: pilot"))
    assert [item for item in differences(snapshot(), after) if item.kind == "field"] == [
        Difference("changed", "field", "job.stage")
    ]
