"""Sets: event logs of a known kind, with the definitions that their records need and the plan that makes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from chengdan.base.label import Label
from chengdan.kernel.access import Principal
from chengdan.kernel.snapshot import Snapshot
from chengdan.run import apps
from chengdan.run.histories.extension import extended
from chengdan.run.histories.plan import HistoryPlan, read_history, read_yaml
from chengdan.run.holding import require
from chengdan.run.runtime import Runtime

PLAN = "history.yaml"


@dataclass(frozen=True)
class HistorySet:
    """A kind of event log: its name, the manifests that it adds, and its plan."""

    name: str
    label: Label
    files: Mapping[str, str]
    plan: HistoryPlan

    @property
    def roles(self) -> tuple[str, ...]:
        """The names of the roles to which it gives grants."""
        paths = (path.partition("/") for path in self.files)
        return tuple(name.removesuffix(".yaml") for folder, _, name in paths if folder == "roles")

    def added_to(self, snapshot: Snapshot) -> Mapping[str, str]:
        """The manifests in force with those of the set."""
        return extended(snapshot.files, self.files)

    def is_in(self, snapshot: Snapshot) -> bool:
        """Whether its definitions are in force, so that its logs can be told."""
        return self.added_to(snapshot).keys() <= snapshot.files.keys()


def set_on_disk(folder: Path) -> HistorySet:
    """The set in a folder. Raises NoManifests, BadPlan."""
    return _read(folder.name, folder, apps.on_disk(folder))


def shipped_sets(package: str) -> Mapping[str, HistorySet]:
    """The sets that lie in an app, by name."""
    found = sorted(one.name for one in resources.files(package).iterdir() if (one / PLAN).is_file())
    return {
        name: _read(name, resources.files(package) / name, apps.shipped(f"{package}.{name}"))
        for name in found
    }


def _read(name: str, root: Traversable, files: Mapping[str, str]) -> HistorySet:
    raw = read_yaml((root / PLAN).read_text("utf-8"))
    label = raw.get("label") or {}
    return HistorySet(
        name, Label(str(label.get("zh", name)), str(label.get("en", name))), files, read_history(raw)
    )


def add_set(runtime: Runtime, principal: Principal, found: HistorySet) -> Snapshot:
    """Publish what a set adds. Raises NotPermitted, Problems, PublishConflict."""
    with runtime.reader(principal) as reader:
        require(reader, "publish")
        snapshot = reader.snapshot
    files = found.added_to(snapshot)
    if files == snapshot.files:
        return snapshot
    return runtime.publish(files, by=principal.user, note=f"import {found.name}")
