"""The lab: a small app with one of everything, whose manifests the tests read, add to and spoil."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from chengdan.kernel.snapshot import Snapshot
from chengdan.kernel.validate import build
from chengdan.run.apps import on_disk


@cache
def _shipped() -> Mapping[str, str]:
    return on_disk(Path(__file__).parent)


def manifests(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The lab's files by path, with `extra` files added or put in their place."""
    return {**_shipped(), **(extra or {})}


def edited(path: str, old: str, new: str) -> dict[str, str]:
    """The lab's files with one passage of one file changed; the passage must be there."""
    text = _shipped()[path]
    assert old in text, f"{path} doesn't hold {old!r}"
    return manifests({path: text.replace(old, new)})


def snapshot(files: Mapping[str, str] | None = None) -> Snapshot:
    """The snapshot of sound manifests: the lab's own unless told."""
    made, problems = build(files or _shipped(), 1)
    assert [str(problem) for problem in problems] == []
    return made
