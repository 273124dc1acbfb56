"""The plan: what changes between two snapshots, in words that a person can approve."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chengdan.kernel.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Difference:
    """One definition that is `added`, `changed` or `removed`: its kind and name, `object.field` for fields."""

    act: str
    kind: str
    name: str


_PARTS: Mapping[str, Callable[[Snapshot], Mapping[str, Any]]] = {
    "object": lambda snapshot: snapshot.objects,
    "pipeline": lambda snapshot: snapshot.pipelines,
    "rule": lambda snapshot: snapshot.rules,
    "view": lambda snapshot: snapshot.views,
    "panel": lambda snapshot: snapshot.panels,
    "checklist": lambda snapshot: snapshot.checklists,
    "audit": lambda snapshot: snapshot.audits,
    "metric": lambda snapshot: snapshot.metrics,
    "score": lambda snapshot: snapshot.scores,
    "conflict": lambda snapshot: snapshot.conflicts,
    "pool": lambda snapshot: snapshot.pools,
    "role": lambda snapshot: snapshot.roles,
    "letter": lambda snapshot: snapshot.letters,
    "template": lambda snapshot: snapshot.templates,
}


def differences(old: Snapshot, new: Snapshot) -> list[Difference]:
    """Everything that `new` adds, changes or removes; fields one by one."""
    found = [item for kind, part in _PARTS.items() for item in _compare(kind, part(old), part(new))]
    for name in old.objects.keys() & new.objects.keys():
        before = {f"{name}.{field.name}": field for field in old.objects[name].fields}
        after = {f"{name}.{field.name}": field for field in new.objects[name].fields}
        found.extend(_compare("field", before, after))
    return sorted(found, key=lambda item: (item.kind, item.name))


def _compare(kind: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for name in new.keys() - old.keys():
        yield Difference("added", kind, name)
    for name in old.keys() - new.keys():
        yield Difference("removed", kind, name)
    for name in old.keys() & new.keys():
        if old[name] != new[name]:
            yield Difference("changed", kind, name)
