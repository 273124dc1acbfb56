"""Adding the definitions that a set of data needs to those in force, and letting roles use them."""

from collections.abc import Iterable, Mapping

import yaml


def extended(files: Mapping[str, str], added: Mapping[str, str], roles: Iterable[str]) -> Mapping[str, str]:
    """`files` with those of `added` that are not there, and grants on their objects in the roles; what is there stays as it is."""
    objects = [yaml.safe_load(text)["object"] for path, text in added.items() if path.startswith("objects/")]
    paths = [path for role in roles if (path := f"roles/{role}.yaml") in files]
    return {**added, **files, **{path: _granted(files[path], objects) for path in paths}}


def _granted(text: str, objects: Iterable[str]) -> str:
    """A role's manifest with grants for those `objects` that it has none for, every other byte as it was."""
    known = {grant["object"] for grant in yaml.safe_load(text)["grants"]}
    missing = [object for object in objects if object not in known]
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if not missing or not isinstance(root, yaml.MappingNode):
        return text
    grants = next(value for key, value in root.value if key.value == "grants")
    indent = " " * grants.start_mark.column
    lines = "".join(
        f"{indent}- {{object: {object}, read: [all], create: [all], update: [all], archive: [all]}}\n"
        for object in missing
    )
    at = grants.value[-1].end_mark.index
    return text[:at].rstrip() + "\n" + lines + text[at:].lstrip("\n")
