"""The reference of manifests names every key, type, scope and permission, and its example is valid."""

import ast
import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest

from chengdan.kernel.access import PERMISSIONS, Act, HomeOf, Scope
from chengdan.kernel.field import FieldType
from chengdan.kernel.metric import Function, MetricUnit
from chengdan.kernel.panel import ChartShape, PanelKind, Whose
from chengdan.kernel.pipeline import DeliverableKind, StageKind
from chengdan.kernel.reading import Mapped
from chengdan.kernel.validate import build
from chengdan.kernel.validate_objects import ROLLUP_FUNCTIONS
from tests.sales.manifests import texts

REFERENCE = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGES = ("manifests.md", "manifests.en.md")
READERS = {
    "object": "object.read_object",
    "mail": "mail.read_mail",
    "people": "mail._correspondents",
    "section": "object._section",
    "quick": "object._quick",
    "next": "object._next",
    "loop": "object._loop",
    "field": "field.read_field",
    "option": "field._option",
    "inverse": "field._inverse",
    "rollup": "field._rollup",
    "pipeline": "pipeline.read_pipeline",
    "stage": "pipeline._stage",
    "deliverable": "pipeline._deliverable",
    "due": "pipeline._due",
    "template": "template.read_template",
    "form section": "template.read_section",
    "rule": "rule.read_rule",
    "on": "rule._trigger",
    "view": "view.read_view",
    "panel": "panel.read_panel",
    "audit": "process_audit.read_process_audit",
    "checklist": "checklist.read_checklist",
    "metric": "metric.read_metric",
    "score": "score.read_score",
    "signal": "score._signal",
    "outcome": "score._outcome",
    "conflict": "conflict.read_conflict",
    "pool": "pool.read_pool",
    "idle": "pool._idle",
    "role": "access.read_role",
    "grant": "access._grant",
    "letter": "mail.read_letter",
    "app": "manifest._read_definition",
}
"""Heading of the reference → the function of the kernel that reads such a mapping."""


def keys_read(reader: str) -> set[str]:
    """The keys that a reader takes, from the calls of Mapped's methods in its source."""
    module, function = reader.split(".")
    tree = ast.parse(inspect.getsource(getattr(import_module(f"chengdan.kernel.{module}"), function)))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return {
        call.args[0].value
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and hasattr(Mapped, call.func.attr)
        and call.args
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def section(page: str, heading: str) -> str:
    """The text below a heading up to the next one."""
    text = (REFERENCE / page).read_text("utf-8")
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", text, re.MULTILINE | re.DOTALL)
    assert found is not None, f"{page} has no heading {heading}"
    return found[1]


def keys_documented(page: str, heading: str) -> set[str]:
    """The names in the first cells of the section's table."""
    rows = (line.split("|")[1] for line in section(page, heading).splitlines() if line.startswith("| `"))
    return {name for row in rows for name in re.findall(r"`(\w+)`", row)}


@pytest.mark.parametrize("reference", PAGES)
@pytest.mark.parametrize("heading", sorted(READERS))
def test_every_key_is_documented(reference: str, heading: str) -> None:
    wanted = keys_read(READERS[heading]) | (set(Act) if heading == "grant" else set())

    assert keys_documented(reference, heading) == wanted


@pytest.mark.parametrize("reference", PAGES)
def test_every_command_and_its_keys_are_documented(reference: str) -> None:
    of_commands = {"create", "notify", "timer", "cancel_timer"}
    inner = set.union(*(keys_documented(reference, heading) for heading in of_commands))

    assert keys_read("rule._command") == of_commands | {"set"} | inner


@pytest.mark.parametrize(
    ("headings", "names"),
    [
        (("字段类型", "Field types"), set(FieldType)),
        (("范围", "Scopes"), set(Scope)),
        (("面板类型", "Kinds of panels"), set(PanelKind)),
        (("权限", "Permissions"), set(PERMISSIONS)),
        (("指标函数", "Functions of metrics"), set(Function)),
    ],
)
def test_every_name_of_a_list_is_documented(headings: tuple[str, str], names: set[str]) -> None:
    assert [keys_documented(page, heading) for page, heading in zip(PAGES, headings, strict=True)] == [
        names,
        names,
    ]


@pytest.mark.parametrize("reference", PAGES)
@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("deliverable", DeliverableKind),
        ("stage", StageKind),
        ("rollup", ROLLUP_FUNCTIONS),
        ("panel", (*Whose, *ChartShape)),
        ("role", HomeOf),
        ("metric", MetricUnit),
    ],
)
def test_every_choice_is_documented(reference: str, heading: str, names: tuple[str, ...]) -> None:
    text = section(reference, heading)

    assert [name for name in names if f"`{name}`" not in text] == []


@pytest.mark.parametrize("reference", PAGES)
def test_the_example_is_an_app_without_problems(reference: str) -> None:
    text = (REFERENCE / reference).read_text("utf-8")
    example = dict(re.findall(r"```yaml\n# (\S+)\n(.*?)```", text, re.DOTALL))

    snapshot, problems = build({**texts(), **example})

    assert len(example) == 5
    assert [str(problem) for problem in problems] == []
    assert snapshot.pipeline_of("group_leader") is not None
