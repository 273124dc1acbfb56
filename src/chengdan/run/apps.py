"""Apps: folders of manifests, shipped with Chengdan or lying on disk."""

from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from chengdan.base.errors import ChengdanError

FOLDERS = (
    "objects",
    "pipelines",
    "rules",
    "views",
    "panels",
    "audits",
    "checklists",
    "metrics",
    "scores",
    "letters",
    "conflicts",
    "pools",
    "roles",
    "templates",
)
MAX_FILES = 5_000


class NoManifests(ChengdanError):
    """A folder that holds no app."""

    code = "DEF-030"
    status = 422
    zh = "文件夹“{folder}”里没有定义文件。"
    en = "There are no manifests in the folder {folder}."
    hint_zh = f"应有 app.yaml 以及 {'、'.join(f'{name}/' for name in FOLDERS)} 中的 YAML 文件。"
    hint_en = f"It should hold app.yaml and YAML files in {', '.join(f'{name}/' for name in FOLDERS)}."


def shipped(package: str) -> Mapping[str, str]:
    """The manifests of an app that is a Python package, by their path in it."""
    return _collect(files(package), package)


def on_disk(folder: Path) -> Mapping[str, str]:
    """The manifests of an app in a folder, by their path in it. Raises NoManifests."""
    return _collect(folder, str(folder))


def write(manifests: Mapping[str, str], folder: Path) -> None:
    """Write manifests to a folder, to the byte."""
    for path, text in manifests.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text.encode())


def _collect(root: Traversable, name: str) -> Mapping[str, str]:
    found = dict(_manifests(root))
    if not found or len(found) > MAX_FILES:
        raise NoManifests(folder=name)
    return found


def _manifests(root: Traversable) -> Iterator[tuple[str, str]]:
    app = root / "app.yaml"
    if app.is_file():
        yield "app.yaml", app.read_bytes().decode()
    for folder in FOLDERS:
        if (root / folder).is_dir():
            for entry in sorted((root / folder).iterdir(), key=lambda item: item.name):
                if entry.name.endswith(".yaml") and entry.is_file():
                    yield f"{folder}/{entry.name}", entry.read_bytes().decode()
