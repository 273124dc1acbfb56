"""Adding the definitions that a set of data needs to those in force, every byte that is there as it was.

A manifest of a set whose file is there already adds what it lists and what is not in there: fields to an object, grants to
a role. So a set lets people use its records, and links records that others define to its own. One that holds nothing else
is left out where there is nothing to add to.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import yaml


@dataclass(frozen=True, slots=True)
class _Addable:
    """A kind of manifest that may be added to: the key of its name, that of its list, and what names the entries of that."""

    name: str
    entries: str
    entry: str


_ADDABLE = {"objects": _Addable("object", "fields", "name"), "roles": _Addable("role", "grants", "object")}


def extended(files: Mapping[str, str], added: Mapping[str, str]) -> Mapping[str, str]:
    """`files` with those of `added` that are not there, and with the entries of `added` that lists in them lack."""
    found = dict(files)
    for path, text in added.items():
        kind = _ADDABLE.get(path.partition("/")[0])
        if path not in files:
            if kind is None or yaml.safe_load(text).keys() - {kind.name, kind.entries}:
                found[path] = text
        elif kind is not None:
            found[path] = _joined(files[path], text, kind)
    return found


def _joined(text: str, added: str, kind: _Addable) -> str:
    """A manifest with the entries of `added` that its list lacks, behind those that it has."""
    known = {entry[kind.entry] for entry in yaml.safe_load(text).get(kind.entries) or ()}
    wanted = yaml.safe_load(added).get(kind.entries) or ()
    missing = [_on_one_line(entry) for entry in wanted if entry[kind.entry] not in known]
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    node = next((value for key, value in pairs if key.value == kind.entries), None)
    if not missing or not isinstance(node, yaml.SequenceNode) or not node.value:
        return text
    at = node.value[-1].end_mark.index
    if node.flow_style:
        return f"{text[:at]}, {', '.join(missing)}{text[at:]}"
    indent = " " * node.start_mark.column
    lines = "".join(f"{indent}- {entry}\n" for entry in missing)
    return text[:at].rstrip() + "\n" + lines + text[at:].lstrip("\n")


def _on_one_line(entry: Mapping[str, object]) -> str:
    return yaml.safe_dump(
        entry, default_flow_style=True, allow_unicode=True, sort_keys=False, width=float("inf")
    ).strip()
