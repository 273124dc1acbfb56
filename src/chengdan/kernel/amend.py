"""Amending a manifest: single values of its text are replaced where they stand, everything else stays to the byte."""

from collections.abc import Mapping

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]


def amended(text: str, values: Mapping[Path, str]) -> str:
    """The YAML `text` with the scalars at these paths (keys and positions) replaced.

    A key that the mapping there lacks is added on a line of its own, at the top level only. KeyError for any other path.
    """
    root = yaml.compose(text, Loader=yaml.CSafeLoader)
    places: list[tuple[int, int, str]] = []
    added: list[str] = []
    for path, value in values.items():
        node = _at(root, path)
        if node is not None:
            places.append((node.start_mark.index, node.end_mark.index, value))
        elif len(path) == 1:
            added.append(f"{path[0]}: {value}\n")
        else:
            raise KeyError(path)
    for start, end, value in sorted(places, reverse=True):
        text = text[:start] + value + text[end:]
    if not added:
        return text
    return text + ("" if text.endswith("\n") else "\n") + "".join(added)


def _at(node: Node | None, path: Path) -> ScalarNode | None:
    for step in path:
        found: Node | None = None
        if isinstance(step, int) and isinstance(node, SequenceNode) and step < len(node.value):
            found = node.value[step]
        elif isinstance(node, MappingNode):
            found = next((value for key, value in node.value if key.value == step), None)
        if found is None:
            return None
        node = found
    return node if isinstance(node, ScalarNode) else None
