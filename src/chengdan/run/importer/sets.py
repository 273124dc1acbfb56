"""Import sets: several files of one system brought in by one description, step after step."""

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from chengdan.base.errors import ChengdanError, Problems
from chengdan.base.label import Label
from chengdan.kernel.access import Principal
from chengdan.run.holding import require
from chengdan.run.importer.batch import import_table
from chengdan.run.importer.errors import FileAbsent
from chengdan.run.importer.outcome import Outcome, Refusal, Terms
from chengdan.run.importer.plan import ImportPlan, bad, check_plan, read_by, read_plan
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import Table, open_table
from chengdan.store.unit import Unit

MAX_BYTES = 256_000
KEPT_REFUSALS = 1_000
DESCRIPTION = "import.yaml"
_STEP_KEYS = frozenset({"file", "object", "key", "columns", "compose", "dates", "clear_empty", "entered"})


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a set: the file that it reads, and the plan."""

    file: str
    plan: ImportPlan


@dataclass(frozen=True, slots=True)
class ImportSet:
    """Several files of one system: what it is called, and its steps in their order."""

    label: Label
    steps: tuple[Step, ...]

    def fitting(self, object: str, columns: Collection[str]) -> list[ImportPlan]:
        """The plans of the steps that make records of `object` from a file with these columns, in their order.

        Columns that a step leaves alone are in its plan, without a field.
        """
        return [
            replace(step.plan, columns={**dict.fromkeys(columns, ()), **step.plan.columns})
            for step in self.steps
            if step.plan.object == object and read_by(step.plan) <= set(columns)
        ]


@dataclass(slots=True)
class StepReport:
    """What became of the rows of one step; of those refused at most KEPT_REFUSALS are kept."""

    file: str
    object: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: list[Refusal] = field(default_factory=list)

    def add(self, _unit: Unit, outcome: Outcome) -> None:
        """Count what became of a part of the rows."""
        self.created += outcome.created
        self.updated += outcome.updated
        self.unchanged += outcome.unchanged
        self.refused += len(outcome.refused)
        self.refusals.extend(outcome.refused[: KEPT_REFUSALS - len(self.refusals)])


@cache
def shipped_sets(package: str) -> tuple[ImportSet, ...]:
    """The sets that lie in an app, by the names of their folders."""
    folders = sorted(resources.files(package).iterdir(), key=lambda one: one.name)
    return tuple(
        read_set((one / DESCRIPTION).read_text("utf-8")) for one in folders if (one / DESCRIPTION).is_file()
    )


def read_set(text: str) -> ImportSet:
    """A set written in YAML. Raises Problems with everything that cannot be understood."""
    try:
        raw: Any = yaml.safe_load(text) if len(text.encode()) <= MAX_BYTES else None
    except yaml.YAMLError:
        raw = None
    steps = raw.get("steps") if isinstance(raw, Mapping) else None
    if not isinstance(steps, list) or not steps:
        raise bad("steps", "应有 steps 列表", "a list of steps is expected")
    problems: list[ChengdanError] = []
    found = [_step(number, step, problems) for number, step in enumerate(steps, start=1)]
    if problems:
        raise Problems(problems)
    label = raw.get("label") if isinstance(raw.get("label"), Mapping) else {}
    zh, en = (str(label.get(language, raw.get("import", ""))) for language in ("zh", "en"))
    return ImportSet(Label(zh, en), tuple(step for step in found if step is not None))


def _step(number: int, raw: Any, problems: list[ChengdanError]) -> Step | None:
    path = f"steps[{number}]"
    if not isinstance(raw, Mapping) or not raw.keys() <= _STEP_KEYS:
        known = ", ".join(sorted(_STEP_KEYS))
        problems.append(bad(path, f"一步应由 {known} 组成", f"a step is made of {known}"))
        return None
    file, object = raw.get("file"), raw.get("object")
    if not isinstance(file, str) or not isinstance(object, str) or Path(file).name != file:
        problems.append(bad(path, "应有 file（文件名）与 object", "a file name and an object are expected"))
        return None
    try:
        plan = {name: value for name, value in raw.items() if name not in ("file", "object")}
        return Step(file, read_plan(object, {"columns": {}, **plan}))
    except ChengdanError as error:
        problems.extend(error.reasons())
        return None


def import_set(
    runtime: Runtime,
    principal: Principal,
    steps: Sequence[Step],
    folder: Path,
    override_reason: str = "",
    report: Callable[[StepReport], None] = lambda _: None,
) -> list[StepReport]:
    """Import the files in `folder`, each step once the one before is done; `report` hears of each.

    Every file and plan is checked before the first row is written. Raises NotPermitted, FileAbsent, TableUnreadable,
    Problems; the set can be brought in again at any time, its keys update what is there.
    """
    with runtime.unit(principal, "import") as unit:
        require(unit, "import")
    with ExitStack() as stack:
        tables = {name: stack.enter_context(_open(folder, name)) for name in {step.file for step in steps}}
        _check(runtime, principal, steps, tables)
        reports: list[StepReport] = []
        for step in steps:
            terms = Terms(principal, f"import/{step.file}", override_reason.strip())
            found = StepReport(step.file, step.plan.object)
            import_table(runtime, tables[step.file], step.plan, terms, found.add)
            reports.append(found)
            report(found)
    return reports


def _open(folder: Path, name: str) -> Table:
    path = folder / name
    if not path.is_file():
        raise FileAbsent(path=str(path), folder=str(folder), file=name)
    return open_table(path, name)


def _check(
    runtime: Runtime, principal: Principal, steps: Sequence[Step], tables: Mapping[str, Table]
) -> None:
    problems: list[ChengdanError] = []
    for step in steps:
        if runtime.snapshot.object(step.plan.object) is None:
            problems.append(
                bad(step.file, f"没有对象“{step.plan.object}”", f"there is no object `{step.plan.object}`")
            )
            continue
        access = runtime.snapshot.access(principal, step.plan.object)
        try:
            check_plan(step.plan, runtime.snapshot, access, tables[step.file].columns)
        except ChengdanError as error:
            problems.extend(error.reasons())
    if problems:
        raise Problems(problems)
    for table in tables.values():
        table.verify()
