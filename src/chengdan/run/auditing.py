"""Jobs over the audit trail: prove that nobody touched it, and write it to a file."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.base.json import dumps_text
from chengdan.base.label import Label
from chengdan.run.audit import PERMISSION, AuditQuery, audit_events, count_events, every_event
from chengdan.run.holding import require
from chengdan.run.jobs import Progress, Steps, defer, keep_file, locale_of
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import Cell, TableFormat, write_table
from chengdan.store import sealing
from chengdan.store.unit import Unit

VERIFY = "audit_verify"
TRAIL = "audit_export"
EVENTS_PER_STEP = 10_000
_NAME = Label("审计记录", "Audit trail")
_COLUMNS = {
    "zh-CN": ("序号", "时间", "操作人", "事件", "来源", "对象", "记录", "记录编号", "改动", "数据", "定义版本"),
    "en": ("number", "at", "actor", "event", "cause", "object", "record", "record id", "changes", "data", "snapshot"),
}  # fmt: skip


def request_verification(unit: Unit) -> UUID:
    """Ask for the proof; the id of its job. Raises NotPermitted."""
    require(unit, PERMISSION)
    return defer(unit, VERIFY, {}, sealing.state(unit.connection)[1])


def run_verification(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Recompute the whole chain: what `chengdan audit verify` says, as the job's result."""
    with runtime.reader(progress.principal) as reader:
        require(reader, PERMISSION)
    steps = Steps(runtime, progress, progress.job.total, EVENTS_PER_STEP)
    with runtime.pool.connection() as connection:
        seals, _, head = sealing.state(connection)
        total, findings = sealing.verify(connection, steps)
    steps(total, force=True)
    return {
        "events": total,
        "seals": seals,
        "head": head,
        "findings": [{"seal": one.seal, "zh": one.zh, "en": one.what} for one in findings],
    }


def request_trail(unit: Unit, query: AuditQuery, format: TableFormat) -> UUID:
    """Ask for a file of the events that a query finds. Raises NotPermitted, BadQuery."""
    audit_events(unit, query)
    name = f"{_NAME.text(locale_of(unit.principal))}.{format}"
    payload = {"name": name, "format": format, "query": asdict(query)}
    return defer(unit, TRAIL, payload, count_events(unit, query))


def run_trail(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Write the file; its result names it. Raises NotPermitted."""
    payload, principal = progress.job.payload, progress.principal
    steps = Steps(runtime, progress, progress.job.total)
    format = cast(TableFormat, payload["format"])
    with tempfile.TemporaryDirectory(prefix="chengdan-trail-") as folder:
        path = Path(folder) / f"trail.{format}"
        with runtime.reader(principal) as reader:
            found = _rows(reader, _read_query(payload["query"]), steps)
            zone = ZoneInfo(principal.time_zone)
            rows = write_table(path, _COLUMNS[locale_of(principal)], found, format=format, zone=zone)
        kept = keep_file(runtime, path, payload["name"])
    steps(rows, force=True)
    return {**kept, "rows": rows}


def _rows(reader: Unit, query: AuditQuery, steps: Steps) -> Iterator[list[Cell]]:
    locale = locale_of(reader.principal)
    for count, event in enumerate(every_event(reader, query), 1):
        actor, record = event["actor"], event["record"]
        item = reader.snapshot.objects.get(event["object"] or "")
        changes = {change["field"]: [change["old"], change["new"]] for change in event["changes"]}
        yield [
            event["seq"],
            event["at"],
            actor["label"] if actor else None,
            event["kind"],
            event["cause"],
            item.label.text(locale) if item else event["object"],
            record["label"] if record else None,
            str(record["id"]) if record else None,
            dumps_text(changes) if changes else None,
            dumps_text(event["data"]) if event["data"] else None,
            event["snapshot"],
        ]
        steps(count)


def _read_query(given: Mapping[str, Any]) -> AuditQuery:
    """The query as it was before it became JSON."""
    values = dict(given)
    for name in ("since", "until"):
        values[name] = datetime.fromisoformat(values[name]) if values[name] else None
    for name in ("actor", "record"):
        values[name] = UUID(values[name]) if values[name] else None
    return AuditQuery(**values)
