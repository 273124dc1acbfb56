"""The list of a panel taken to a meeting: a file of all its records with what each still lacks for its next stage."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.base.json import loads_exact
from chengdan.kernel.home import OWN, all_of, home_of, sight_of
from chengdan.kernel.panel import Panel, PanelKind
from chengdan.run.blockers import blockers
from chengdan.run.errors import NoSuchPanel, TooMany
from chengdan.run.exporter import MAX_ROWS, REFERRING, Watch, columns_of
from chengdan.run.holding import require
from chengdan.run.jobs import locale_of
from chengdan.run.read import MAX_LIMIT, ListQuery, list_records
from chengdan.run.tabular import Cell, TableFormat, write_table
from chengdan.store.unit import Unit

_LACKING = {"zh-CN": ("下一阶段", "卡在哪里"), "en": ("Next stage", "What holds it up")}
_AND = {"zh-CN": "；", "en": "; "}


def listed(reader: Unit, name: str, mine: bool) -> tuple[Panel, ListQuery]:
    """A list of the viewer's home, and what it asks for, to take away. Raises NotPermitted, NoSuchPanel."""
    require(reader, "export")
    panel = next((one for one in home_of(reader.snapshot, reader.principal).panels if one.name == name), None)
    if panel is None or panel.kind is not PanelKind.LIST:
        raise NoSuchPanel(path="panel", name=name)
    return panel, _query(reader, panel, mine)


def write_panel(
    reader: Unit,
    name: str,
    mine: bool,
    path: Path,
    format: TableFormat,
    max_rows: int = MAX_ROWS,
    watch: Watch = lambda rows: None,
) -> int:
    """Write all records of a list of the viewer's home; how many there are. `watch` as in `exporter.export_table`.

    Raises NotPermitted, NoSuchPanel, TooMany beyond `max_rows`.
    """
    panel, query = listed(reader, name, mine)
    reader.work.reading = "export"
    locale = locale_of(reader.principal)
    headers = [header for header, _, _ in columns_of(reader, query)]
    headers += _LACKING[locale] if panel.blockers else ()
    zone = ZoneInfo(reader.principal.time_zone)
    return write_table(path, headers, _rows(reader, panel, query, max_rows, watch), format=format, zone=zone)


def _query(reader: Unit, panel: Panel, mine: bool) -> ListQuery:
    sight = sight_of(reader.snapshot, panel)
    item = reader.snapshot.objects[sight.object]
    hidden = reader.snapshot.access(reader.principal, item.name).hidden
    names = dict.fromkeys((*panel.sections, item.title, *sight.columns, *panel.details))
    fields = tuple(name for name in names if name not in hidden)
    condition = all_of(text for text in (sight.filter, OWN if mine else "") if text)
    expand = tuple(name for name in fields if item.by_name[name].type in REFERRING)
    return ListQuery(
        item.name, filter=condition, sort=sight.sort, limit=MAX_LIMIT, fields=fields, expand=expand
    )


def _rows(reader: Unit, panel: Panel, query: ListQuery, max_rows: int, watch: Watch) -> Iterator[list[Cell]]:
    columns, locale = columns_of(reader, query), locale_of(reader.principal)
    pipeline = reader.snapshot.pipeline_of(query.object)
    count = 0
    while True:
        page = list_records(reader, query)
        count += len(page.items)
        if count > max_rows:
            raise TooMany(limit=max_rows)
        records: list[dict[str, Any]] = [loads_exact(text) for text in page.items]
        lacking = (
            blockers(reader, query.object, [UUID(record["id"]) for record in records])
            if panel.blockers
            else {}
        )
        for record in records:
            row = [show(record[key]) for _, key, show in columns]
            if panel.blockers:
                found = lacking.get(UUID(record["id"]))
                stage = pipeline.stage(found["to"]).label.text(locale) if found and pipeline else None
                things = [one["label"].text(locale) for one in found["unmet"]] if found else []
                row += [stage, _AND[locale].join(things)]
            yield row
        watch(count)
        if page.next_cursor is None:
            return
        query = replace(query, cursor=page.next_cursor)
