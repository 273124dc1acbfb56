"""Manifests: the YAML files of an app, read into definitions."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import Role, read_role
from chengdan.kernel.checklist import Checklist, read_checklist
from chengdan.kernel.conflict import Conflict, read_conflict
from chengdan.kernel.mail import Letter, read_letter
from chengdan.kernel.metric import Metric, read_metric
from chengdan.kernel.object import Object, read_object
from chengdan.kernel.panel import Panel, read_panel
from chengdan.kernel.pipeline import Pipeline, read_pipeline
from chengdan.kernel.pool import Pool, read_pool
from chengdan.kernel.process_audit import ProcessAudit, read_process_audit
from chengdan.kernel.reading import Mapped, UnknownKey, WrongValue, read_yaml, suggest
from chengdan.kernel.rule import Rule, read_rule
from chengdan.kernel.score import Score, read_score
from chengdan.kernel.template import Template, read_template
from chengdan.kernel.view import View, read_view


@dataclass
class Definitions:
    """Everything that a set of manifests defines, by name."""

    objects: dict[str, Object] = field(default_factory=dict)
    pipelines: dict[str, Pipeline] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    panels: dict[str, Panel] = field(default_factory=dict)
    audits: dict[str, ProcessAudit] = field(default_factory=dict)
    checklists: dict[str, Checklist] = field(default_factory=dict)
    metrics: dict[str, Metric] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)
    roles: dict[str, Role] = field(default_factory=dict)
    letters: dict[str, Letter] = field(default_factory=dict)
    conflicts: dict[str, Conflict] = field(default_factory=dict)
    pools: dict[str, Pool] = field(default_factory=dict)
    templates: dict[str, Template] = field(default_factory=dict)


def load(files: Mapping[str, str]) -> tuple[Definitions, list[ChengdanError]]:
    """Read `{path: yaml text}`. Returns what could be read and every problem found; never raises for bad content."""
    definitions = Definitions()
    problems: list[ChengdanError] = []
    for path in sorted(files):
        read_yaml(path, files[path], problems, lambda root: _read_definition(root, definitions))
    return definitions, problems


def _read_definition(root: Mapped, into: Definitions) -> None:
    for key, (reader, register) in _KINDS.items():
        if root.has(key):
            definition = reader(root)
            existing = register(into)
            if definition.name in existing:
                root.complain(
                    WrongValue,
                    root.place,
                    f"{key} “{definition.name}” 已有定义",
                    f"{key} `{definition.name}` is defined twice",
                    f"另见 {existing[definition.name].place}",
                    f"See {existing[definition.name].place}",
                )
            else:
                existing[definition.name] = definition
            return
    if root.has("app"):
        root.name("app"), root.label("label"), root.integer("version", 1)
        return
    root.complain(
        UnknownKey,
        root.place,
        "看不出这是什么定义",
        "this does not say what it defines",
        *suggest("", [*_KINDS, "app"]),
    )


Definition = (
    Object
    | Checklist
    | Pipeline
    | Rule
    | View
    | Panel
    | ProcessAudit
    | Metric
    | Score
    | Role
    | Letter
    | Conflict
    | Pool
    | Template
)

_KINDS: dict[str, tuple[Callable[[Mapped], Definition], Callable[[Definitions], dict[str, Any]]]] = {
    "pool": (read_pool, lambda d: d.pools),
    "conflict": (read_conflict, lambda d: d.conflicts),
    "pipeline": (read_pipeline, lambda d: d.pipelines),
    "rule": (read_rule, lambda d: d.rules),
    "panel": (read_panel, lambda d: d.panels),
    "audit": (read_process_audit, lambda d: d.audits),
    "checklist": (read_checklist, lambda d: d.checklists),
    "view": (read_view, lambda d: d.views),
    "score": (read_score, lambda d: d.scores),
    "metric": (read_metric, lambda d: d.metrics),
    "role": (read_role, lambda d: d.roles),
    "letter": (read_letter, lambda d: d.letters),
    "template": (read_template, lambda d: d.templates),
    "object": (read_object, lambda d: d.objects),
}
