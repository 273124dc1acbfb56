"""Import plans: which column goes to which field, how its cells are read, and how rows find the records they update.

A plan is data: the page sends it as JSON, an import set holds it as YAML, a saved mapping keeps it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from string import Formatter
from typing import Any

from chengdan.base.errors import ChengdanError, Problems
from chengdan.base.label import Label
from chengdan.kernel.access import ObjectAccess
from chengdan.kernel.field import FILE_TYPES, Field, FieldType
from chengdan.kernel.object import Object
from chengdan.kernel.pipeline import Pipeline
from chengdan.kernel.reading import suggest
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.importer.errors import BadPlan, ColumnAbsent, NothingMapped

REFERRING = frozenset({FieldType.REFERENCE, FieldType.REFERENCES, FieldType.USER})
DATE_ORDERS = ("", "mdy", "dmy")
CURRENCY = "_currency"
_PLAN_KEYS = ("columns", "key", "compose", "dates", "clear_empty", "entered")
_TARGET_KEYS = ("field", "values", "lookup")


@dataclass(frozen=True, slots=True)
class Target:
    """Where the cells of a column go. `values` stand for cells before they are read (those not listed stay as they are);
    `lookup` is the field of the referenced object by which a cell names a record, empty for the usual one."""

    field: str
    values: Mapping[str, str]
    lookup: str = ""


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """How the rows of a table become records of `object`.

    `key` is the field by which a row finds the record it updates; without it every row makes a new one. `compose` gives a
    field a text in which `{column}` stands for a cell. `dates` says what 03/04/2026 means (`mdy`, `dmy`; empty: it is
    refused). An empty cell leaves an existing value alone unless `clear_empty`. `entered` names, for stages of the object's
    pipeline, the column that says when a record came into it: new records then go their way at those times.
    """

    object: str
    columns: Mapping[str, tuple[Target, ...]]
    key: str = ""
    compose: Mapping[str, str] | None = None
    dates: str = ""
    clear_empty: bool = False
    entered: Mapping[str, str] = attribute(default_factory=dict)

    def targets(self) -> Iterator[tuple[str, Target]]:
        """Every (column, target)."""
        for column, targets in self.columns.items():
            yield from ((column, target) for target in targets)

    def as_json(self) -> dict[str, Any]:
        """The plan as `read_plan` takes it."""
        columns = {
            name: [
                {"field": target.field, "values": dict(target.values), "lookup": target.lookup}
                for target in targets
            ]
            for name, targets in self.columns.items()
        }
        return {
            "columns": columns,
            "key": self.key,
            "compose": dict(self.compose or {}),
            "dates": self.dates,
            "clear_empty": self.clear_empty,
            "entered": dict(self.entered),
        }


def read_plan(object: str, raw: Any, key: str = "") -> ImportPlan:
    """A plan from JSON or YAML.

    Either `{columns, key, compose, dates, clear_empty, entered}`, or the columns alone; a column maps to a field name, to
    `{field, values, lookup}`, to a list of these, or to null (it is left out). `key` goes before the one in `raw`.
    Raises Problems with everything that cannot be understood, NothingMapped.
    """
    problems: list[ChengdanError] = []
    if not isinstance(raw, Mapping):
        raise bad("mapping", "应是“列: 字段”的映射", "a mapping of columns to fields is expected")
    whole = raw if isinstance(raw.get("columns"), Mapping) else {"columns": raw}
    for name in whole:
        if name not in _PLAN_KEYS:
            problems.append(_unknown(str(name), str(name), _PLAN_KEYS))
    columns = {
        str(column): tuple(_targets(str(column), value, problems))
        for column, value in whole["columns"].items()
        if value is not None
    }
    compose = _texts("compose", whole.get("compose") or {}, problems)
    dates = whole.get("dates") or ""
    if dates not in DATE_ORDERS:
        problems.append(bad("dates", "dates 应为 mdy 或 dmy", "dates must be mdy or dmy"))
    clear = whole.get("clear_empty") or False
    if not isinstance(clear, bool):
        problems.append(bad("clear_empty", "应是 true 或 false", "true or false is expected"))
    entered = _texts("entered", whole.get("entered") or {}, problems)
    if problems:
        raise Problems(problems)
    if not any(columns.values()) and not compose:
        raise NothingMapped(path="mapping")
    chosen = key or whole.get("key") or ""
    return ImportPlan(object, columns, str(chosen), compose, str(dates), bool(clear), entered)


def check_plan(plan: ImportPlan, snapshot: Snapshot, access: ObjectAccess, columns: tuple[str, ...]) -> None:
    """Raise Problems where the plan doesn't fit the file's columns, the object's fields or the importer's rights."""
    item = snapshot.objects[plan.object]
    problems: list[ChengdanError] = []
    taken: dict[str, str] = {}
    for column, target in plan.targets():
        if column not in columns:
            problems.append(ColumnAbsent(path=column, column=column, columns=", ".join(columns[:40])))
        field = _field(item, access, target.field)
        if field is None:
            known = [name for name in item.by_name if name not in access.hidden]
            problems.append(_unknown(column, target.field, known))
            continue
        if target.field in taken:
            problems.append(
                bad(
                    column,
                    f"列“{taken[target.field]}”已对应到“{target.field}”",
                    f"column `{taken[target.field]}` goes to `{target.field}` already",
                )
            )
        taken[target.field] = column
        problems.extend(_misfits(column, field, target, snapshot))
    problems.extend(_composed(plan, item, access, columns))
    problems.extend(_dated(plan, snapshot.pipeline_of(item.name), columns))
    if plan.key and plan.key not in (*taken, *(plan.compose or {})):
        problems.append(bad("key", f"没有列对应到键“{plan.key}”", f"no column goes to the key `{plan.key}`"))
    if problems:
        raise Problems(problems)


def _field(item: Object, access: ObjectAccess, name: str) -> Field | None:
    field = item.field(name)
    if field is None and name.endswith(CURRENCY):
        field = item.field(name.removesuffix(CURRENCY))
        if field is not None and field.type is not FieldType.MONEY:
            field = None
    return None if field is None or field.name in access.hidden else field


def _misfits(column: str, field: Field, target: Target, snapshot: Snapshot) -> Iterator[ChengdanError]:
    if field.type in FILE_TYPES:
        yield bad(column, "文件不能通过表格导入", "files can't come in through a table")
    if not target.lookup:
        return
    if field.type not in REFERRING:
        yield bad(column, f"“{field.label.zh}”不是引用，不用 lookup", f"{field.label.en} is no reference")
        return
    found = snapshot.objects[field.object].field(target.lookup)
    if found is None or found.expression_type() is None or found.formula:
        names = [name for name, one in snapshot.objects[field.object].by_name.items() if not one.formula]
        yield _unknown(column, target.lookup, names)


def _composed(
    plan: ImportPlan, item: Object, access: ObjectAccess, columns: tuple[str, ...]
) -> Iterator[ChengdanError]:
    for name, template in (plan.compose or {}).items():
        if _field(item, access, name) is None:
            yield _unknown(f"compose.{name}", name, list(item.by_name))
        for column in placeholders(template):
            if column not in columns:
                yield ColumnAbsent(path=f"compose.{name}", column=column, columns=", ".join(columns[:40]))


def _dated(plan: ImportPlan, pipeline: Pipeline | None, columns: tuple[str, ...]) -> Iterator[ChengdanError]:
    stages = [stage.name for stage in pipeline.stages] if pipeline else []
    for stage, column in plan.entered.items():
        if stage not in stages:
            yield _unknown(f"entered.{stage}", stage, stages)
        if column not in columns:
            yield ColumnAbsent(path=f"entered.{stage}", column=column, columns=", ".join(columns[:40]))


def placeholders(template: str) -> list[str]:
    """The columns that a composed text names. Raises BadPlan for braces that don't match."""
    try:
        return [name for _, name, _, _ in Formatter().parse(template) if name is not None]
    except ValueError:
        raise bad("compose", f"花括号不配对：{template}", f"the braces don't match: {template}") from None


def read_by(plan: ImportPlan) -> set[str]:
    """The columns that a plan reads."""
    composed = (column for template in (plan.compose or {}).values() for column in placeholders(template))
    return {*plan.columns, *composed, *plan.entered.values()}


def _targets(column: str, raw: Any, problems: list[ChengdanError]) -> Iterator[Target]:
    for one in raw if isinstance(raw, list) else [raw]:
        if isinstance(one, str):
            yield Target(one, {})
        elif isinstance(one, Mapping) and isinstance(one.get("field"), str):
            problems.extend(
                _unknown(column, str(name), _TARGET_KEYS) for name in one if name not in _TARGET_KEYS
            )
            values = _texts(column, one.get("values") or {}, problems)
            yield Target(one["field"], values, str(one.get("lookup") or ""))
        else:
            problems.append(
                bad(
                    column,
                    "应是字段名或 {field, values, lookup}",
                    "a field name or {field, values, lookup} is expected",
                )
            )


def _texts(path: str, raw: Any, problems: list[ChengdanError]) -> dict[str, str]:
    if isinstance(raw, Mapping) and all(isinstance(value, str) for value in raw.values()):
        return {str(name): value for name, value in raw.items()}
    problems.append(bad(path, "应是文本到文本的映射", "a mapping of texts to texts is expected"))
    return {}


def bad(path: str, zh: str, en: str, hint_zh: str = "", hint_en: str = "") -> BadPlan:
    """A fault of a plan at `path`."""
    return BadPlan(path=path, what=Label(zh, en), hint=Label(hint_zh, hint_en))


def _unknown(path: str, name: str, known: list[str] | tuple[str, ...]) -> BadPlan:
    return bad(path, f"没有“{name}”", f"there is no `{name}`", *suggest(name, list(known)))
