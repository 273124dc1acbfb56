"""Making a deliverable of a pipeline hard or soft in the text of its manifest, and leaving every other byte as it is."""

import yaml


def with_hardness(text: str, name: str, hard: bool) -> str:
    """The manifest of a pipeline with its deliverable `name` hard or soft. KeyError when there is none of that name."""
    node = _deliverable(yaml.compose(text, Loader=yaml.SafeLoader), name)
    if node is None:
        raise KeyError(name)
    word = "true" if hard else "false"
    for key, value in node.value:
        if key.value == "hard":
            return text[: value.start_mark.index] + word + text[value.end_mark.index :]
    if hard:
        return text
    named = next(value for key, value in node.value if key.value == "name")
    at = named.end_mark.index
    if node.flow_style:
        return f"{text[:at]}, hard: {word}{text[at:]}"
    indent = " " * node.start_mark.column
    return f"{text[:at]}\n{indent}hard: {word}{text[at:]}"


def _deliverable(root: yaml.Node | None, name: str) -> yaml.MappingNode | None:
    """The mapping of the deliverable of that name, below a stage's `entry` or `exit`."""
    for stage in _members(root, "stages"):
        for part in ("entry", "exit"):
            for item in _members(stage, part):
                if any(key.value == "name" and value.value == name for key, value in item.value):
                    return item
    return None


def _members(node: yaml.Node | None, key: str) -> list[yaml.MappingNode]:
    """The mappings in the list under `key` of a mapping."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    for name, value in pairs:
        if name.value == key and isinstance(value, yaml.SequenceNode):
            return [item for item in value.value if isinstance(item, yaml.MappingNode)]
    return []
