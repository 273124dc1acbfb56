"""The bonus that a quarter's final reviews make: for each person the figures, the reviews behind them, and the amount."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from chengdan.expr import Kind
from chengdan.kernel.calendar import SHANGHAI
from chengdan.kernel.process_audit import BONUS_INPUTS, ProcessAudit, ReviewStatus
from chengdan.kernel.snapshot import PEOPLE
from chengdan.run.audits.drawing import CLERK
from chengdan.run.facts import context
from chengdan.run.holding import require
from chengdan.run.jobs import locale_of
from chengdan.run.people import names_of
from chengdan.run.read import bad_query, viewer_filter, viewing
from chengdan.run.tabular import TableFormat, write_table
from chengdan.store import population, records
from chengdan.store.preload import preload
from chengdan.store.unit import Unit

CENT = Decimal("0.01")
_QUARTER = re.compile(r"(20\d\d)-Q([1-4])")
_COLUMNS = ("judged", "team", "name", "score", "first_score", "final_at")
_HEADS = {
    "zh-CN": ("姓名", "季度", "终审单数", "平均分", "最低分", "申诉改判", "过程质量奖金"),
    "en": (
        "Name",
        "Quarter",
        "Final reviews",
        "Mean score",
        "Lowest score",
        "Appeals upheld",
        "Process bonus",
    ),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """What one person gets for a quarter, and by which reviews. `amount` is None where the audit has no bonus."""

    person: UUID
    label: str
    reviews: int
    score: Decimal | None
    lowest: Decimal | None
    upheld: int
    amount: Decimal | None
    items: Sequence[Mapping[str, Any]]


def quarter_of(now: datetime) -> str:
    """The quarter that an instant lies in by the clock of Shanghai: `2026-Q4`."""
    local = now.astimezone(SHANGHAI)
    return f"{local.year}-Q{(local.month + 2) // 3}"


def bounds(quarter: str) -> tuple[datetime, datetime]:
    """The first instant of a quarter and that of the next, in UTC. Raises BadQuery."""
    found = _QUARTER.fullmatch(quarter)
    if not found:
        raise bad_query("quarter", "季度应写成 2026-Q4", "a quarter is written 2026-Q4")
    first = datetime(int(found[1]), int(found[2]) * 3 - 2, 1, tzinfo=SHANGHAI)
    following = (first + timedelta(days=95)).replace(day=1)
    return first.astimezone(UTC), following.astimezone(UTC)


def statements(reader: Unit, audit: ProcessAudit, quarter: str) -> list[Statement]:
    """The statements of a quarter, the highest score first; of those alone whose every review the viewer may see.

    Raises BadQuery.
    """
    since, until = bounds(quarter)
    clerk = reader.within(CLERK, "audit")
    item = reader.snapshot.objects[audit.reviews]
    moment = f'status == "{ReviewStatus.FINAL}" and final_at >= datetime("{since:%Y-%m-%dT%H:%M:%SZ}") and final_at < datetime("{until:%Y-%m-%dT%H:%M:%SZ}")'  # fmt: skip
    filter = viewer_filter(clerk, item, [moment])
    rows = [
        dict(zip(("id", *_COLUMNS), row, strict=True))
        for row in population.population(clerk, viewing(clerk), item.name, filter, _COLUMNS)
    ]
    seen = records.visible(reader, audit.reviews, [row["id"] for row in rows])
    own: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        if row["judged"] is not None:
            own[row["judged"]].append(row)
    shown = {person: found for person, found in own.items() if all(row["id"] in seen for row in found)}
    preload(clerk, PEOPLE, list(shown))
    names = names_of(reader, shown)
    made = [_statement(clerk, audit, person, names, found) for person, found in shown.items()]
    return sorted(made, key=lambda one: (-(one.score or 0), one.label))


def _statement(
    clerk: Unit, audit: ProcessAudit, person: UUID, names: Mapping[str, str], rows: list[dict[str, Any]]
) -> Statement:
    scores = [row["score"] for row in rows if row["score"] is not None]
    score = (sum(scores, Decimal(0)) / len(scores)).quantize(CENT, ROUND_HALF_UP) if scores else None
    lowest = min(scores, default=None)
    upheld = sum(row["score"] != row["first_score"] for row in rows)
    figures = {"score": score, "lowest": lowest, "reviews": len(rows), "upheld": upheld}
    items = [{name: row[name] for name in ("id", "name", "score", "first_score", "final_at")} for row in rows]
    amount = _amount(clerk, audit, person, figures)
    return Statement(person, names.get(str(person), ""), len(rows), score, lowest, upheld, amount, items)


def _amount(clerk: Unit, audit: ProcessAudit, person: UUID, figures: Mapping[str, Any]) -> Decimal | None:
    user = clerk.work.records.get((PEOPLE, person))
    if not audit.bonus or user is None:
        return None
    compiled = clerk.snapshot.compiled(PEOPLE, audit.bonus, expect=Kind.NUMBER, extra=BONUS_INPUTS)
    value = compiled.run({**user, **figures}, context(clerk, user, compiled.needs))
    return None if value is None else Decimal(value).quantize(CENT, ROUND_HALF_UP)


def write_statements(reader: Unit, audit: ProcessAudit, quarter: str, path: Path, format: TableFormat) -> int:
    """The statements of a quarter as a file; how many there are. Raises NotPermitted, BadQuery."""
    require(reader, "export")
    rows = [
        (one.label, quarter, one.reviews, one.score, one.lowest, one.upheld, one.amount)
        for one in statements(reader, audit, quarter)
    ]
    return write_table(path, _HEADS[locale_of(reader.principal)], rows, format=format)
