"""An export as a job: for lists that are too long for one answer, with progress, cancel and a file at the end."""

import tempfile
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from chengdan.run.exporter import columns_of, export_table
from chengdan.run.holding import object_of, require
from chengdan.run.jobs import Progress, Steps, defer, keep_file, locale_of
from chengdan.run.meeting import listed, write_panel
from chengdan.run.read import ListQuery, Measure, aggregate, list_records
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import TableFormat
from chengdan.store.unit import Unit

KIND = "export"
MAX_ROWS = 1_000_000
_LISTS = ("fields", "expand")


def request_export(unit: Unit, query: ListQuery, format: TableFormat) -> UUID:
    """Ask for an export in the unit's transaction; the id of its job. Raises NotPermitted and what a list raises."""
    item, _ = object_of(unit, query.object)
    require(unit, "export")
    columns_of(unit, query)
    list_records(unit, query)
    name = f"{item.plural.text(locale_of(unit.principal))}.{format}"
    payload = {"object": item.name, "name": name, "format": format, "query": asdict(query)}
    return defer(unit, KIND, payload, _expected(unit, query))


def request_panel(unit: Unit, panel: str, mine: bool, format: TableFormat) -> UUID:
    """Ask for a list of the viewer's home as a file; the id of its job. Raises NotPermitted, NoSuchPanel."""
    found, query = listed(unit, panel, mine)
    day = unit.now.astimezone(ZoneInfo(unit.principal.time_zone)).date()
    name = f"{found.label.text(locale_of(unit.principal))} {day}.{format}"
    payload = {"object": query.object, "name": name, "format": format, "panel": panel, "mine": mine}
    return defer(unit, KIND, payload, _expected(unit, query))


def run_export(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Write the file from the beginning (a job that was interrupted has none yet); its result names it."""
    payload = progress.job.payload
    steps = Steps(runtime, progress, progress.job.total)
    format = cast(TableFormat, payload["format"])
    with tempfile.TemporaryDirectory(prefix="chengdan-export-") as folder:
        path = Path(folder) / f"export.{format}"
        if "panel" in payload:
            with runtime.reader(progress.principal) as reader:
                rows = write_panel(reader, payload["panel"], payload["mine"], path, format, MAX_ROWS, steps)
        else:
            query = _read_query(payload["query"])
            rows = export_table(runtime, progress.principal, query, path, format, MAX_ROWS, steps)
        kept = keep_file(runtime, path, payload["name"])
    steps(rows, force=True)
    return {**kept, "rows": rows}


def _expected(unit: Unit, query: ListQuery) -> int:
    """How many rows there will be; 0 where counting would take as long as the export."""
    if query.q.strip() or query.archived:
        return 0
    [(figure,)] = aggregate(unit, query.object, [], [Measure("count")], query.filter, query.view).rows
    return int(orjson.loads(figure)["count"])


def _read_query(given: Mapping[str, Any]) -> ListQuery:
    values: dict[str, Any] = {
        name: tuple(value) if name in _LISTS else value for name, value in given.items()
    }
    return ListQuery(**values)
