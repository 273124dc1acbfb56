"""Event logs in tables: which columns say whose case an event belongs to, what happened, when, and by whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from zoneinfo import ZoneInfo

from chengdan.base.errors import ChengdanError, Problems
from chengdan.run.importer.cells import Reading, instant_of
from chengdan.run.importer.errors import ColumnAbsent
from chengdan.run.importer.moments import Unreadable
from chengdan.run.importer.plan import DATE_ORDERS, bad
from chengdan.run.importer.suggest import plain
from chengdan.run.tabular import Row, Table

PARTS = ("case", "activity", "at", "resource", "transition")
NEEDED = ("case", "activity", "at")
SAMPLED_ROWS = 200
SAMPLES = 3
_WORDS: Mapping[str, tuple[str, ...]] = {
    "case": (
        "case:concept:name", "caseid", "case", "traceid", "案例编号", "案例", "案例id", "实例编号", "流程实例", "业务编号",
        "单号", "订单号", "申请编号", "商机编号", "编号", "id",
    ),
    "activity": ("concept:name", "activity", "activityname", "event", "eventname", "task", "活动", "活动名称", "事件", "事件名称", "环节", "步骤", "动作", "节点"),
    "at": (
        "time:timestamp", "timestamp", "completetimestamp", "completetime", "endtime", "eventtime", "starttimestamp",
        "starttime", "datetime", "time", "date", "时间", "时间戳", "发生时间", "完成时间", "操作时间", "开始时间", "日期",
    ),
    "resource": ("org:resource", "resource", "user", "performer", "owner", "执行人", "操作人", "处理人", "经办人", "负责人", "人员", "资源"),
    "transition": ("lifecycle:transition", "lifecycle", "transition", "状态变迁", "生命周期"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LogColumns:
    """The columns of a table that tell of events; `resource` and `transition` may be empty. `dates` says what 03/04/2026 means.

    Every other column is an attribute of the case.
    """

    case: str = ""
    activity: str = ""
    at: str = ""
    resource: str = ""
    transition: str = ""
    dates: str = ""

    @property
    def whole(self) -> bool:
        """Whether all is said that must be."""
        return bool(self.case and self.activity and self.at)

    def as_json(self) -> dict[str, str]:
        """The columns as `read_columns` takes them."""
        return asdict(self)


NO_COLUMNS = LogColumns()
"""Those of a log that is no table."""


def read_columns(raw: Any) -> LogColumns:
    """Columns from JSON. Raises BadPlan with the place."""
    names = (*PARTS, "dates")
    if not isinstance(raw, Mapping) or not all(
        name in names and isinstance(one, str) for name, one in raw.items()
    ):
        raise bad(
            "columns", f"应是 {', '.join(names)} 到列名的映射", f"a mapping of {', '.join(names)} is expected"
        )
    found = LogColumns(**raw)
    if found.dates not in DATE_ORDERS:
        raise bad("columns.dates", "dates 应为 mdy 或 dmy", "dates must be mdy or dmy")
    return found


def check_columns(found: LogColumns, table: Table) -> None:
    """Raises Problems with every column that is missing, not there, or taken twice."""
    problems = [*_misfits(found, table.columns)]
    if problems:
        raise Problems(problems)


def _misfits(found: LogColumns, columns: Sequence[str]) -> Iterator[ChengdanError]:
    taken: set[str] = set()
    for part in PARTS:
        name, path = getattr(found, part), f"columns.{part}"
        if not name:
            if part in NEEDED:
                yield bad(path, "请选择一列", "choose a column")
        elif name not in columns:
            yield ColumnAbsent(path=path, column=name, columns=", ".join(columns[:40]))
        elif name in taken:
            yield bad(path, f"列“{name}”选了两次", f"column `{name}` is chosen twice")
        taken.add(name)


def suggest_columns(table: Table, zone: ZoneInfo) -> LogColumns:
    """What each column probably is: by its name, and a column of instants by what it holds."""
    rows, called = table.preview(SAMPLED_ROWS), {_plain(name): name for name in reversed(table.columns)}
    found: dict[str, str] = {}
    for part in PARTS:
        words = (called.get(_plain(word)) for word in _WORDS[part])
        found[part] = next((name for name in words if name and name not in found.values()), "")
    if not found["at"]:
        free = (name for name in table.columns if name not in found.values())
        found["at"] = next((name for name in free if _tells_when(rows, table.columns.index(name), zone)), "")
    return LogColumns(**found)


def samples_of(table: Table) -> dict[str, list[str]]:
    """A few values of each column."""
    rows = table.preview(SAMPLED_ROWS)
    return {
        name: list(
            dict.fromkeys(str(cells[place])[:80] for _, cells in rows if cells[place] not in (None, ""))
        )[:SAMPLES]
        for place, name in enumerate(table.columns)
    }


def _plain(name: str) -> str:
    """A name without case, blanks and signs; the colons of XES make a difference."""
    return name.casefold() if ":" in name else plain(name)


def _tells_when(rows: Sequence[Row], place: int, zone: ZoneInfo) -> bool:
    cells = [cell for _, row in rows if (cell := row[place]) not in (None, "")]
    try:
        return bool(cells) and all(instant_of(Reading(zone, "mdy"), cell) for cell in cells)
    except Unreadable:
        return False
