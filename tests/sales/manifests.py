"""The sales system's manifests, as the tests read them."""

from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

from chengdan.kernel.manifest import load
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.apps import FOLDERS


def texts() -> dict[str, str]:
    """The YAML files by their path in the app."""
    root: Traversable = files("chengdan.sales")
    paths = {"app.yaml": root / "app.yaml"}
    for folder in FOLDERS:
        paths.update({f"{folder}/{item.name}": item for item in (root / folder).iterdir()})
    return {path: item.read_text(encoding="utf-8") for path, item in paths.items()}


@cache
def snapshot() -> Snapshot:
    """The sales system, ready to run."""
    definitions, problems = load(texts())
    assert problems == []
    return Snapshot(definitions)
