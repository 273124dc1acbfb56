"""The home: everything that a viewer's panels show, in a handful of statements. A panel that fails leaves the others be."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import orjson
import psycopg
from sqlalchemy import Select

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.expr import Expression
from chengdan.kernel.access import Act, HomeOf
from chengdan.kernel.event import EventKind
from chengdan.kernel.field import FieldType
from chengdan.kernel.home import OWN, Sight, all_of, home_of, sight_of
from chengdan.kernel.panel import Panel, PanelKind, Whose
from chengdan.run.blockers import blockers
from chengdan.run.errors import NoSuchPanel
from chengdan.run.inbox import unread
from chengdan.run.people import names_of
from chengdan.run.pools.falling import falling
from chengdan.run.read import MAX_LIMIT, ListQuery, circumstances, list_records, viewer_filter, viewing
from chengdan.store.overrides import overrides_statement
from chengdan.store.panels import Figure, chart_statement, figures_statement, timers_statement
from chengdan.store.records import visible
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import scope_params

COUNTED = 100
"""Up to how many records a list is counted."""

MAX_GROUPS = 60
TIMERS_AHEAD = timedelta(days=3)
OVERRIDES_BACK = timedelta(days=14)
Answer = Mapping[str, Any] | Exception
_BEARABLE = (ChengdanError, psycopg.errors.QueryCanceled, psycopg.DataError)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which panels to answer (empty: all), whether on one's own records where one may choose, and how long lists may be."""

    panels: frozenset[str] = frozenset()
    mine: bool = False
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Answered:
    """What each panel shows, or why it can't, and whether the home is about the viewer's own records."""

    panels: Mapping[str, Answer]
    mine: bool


def answer_home(reader: Unit, asked: Asked) -> Answered:
    """What the viewer's home shows, as of the last full minute: so statements are made anew once a minute at most.

    Raises NoSuchPanel.
    """
    reader = replace(reader, now=reader.now.replace(second=0, microsecond=0))
    home = home_of(reader.snapshot, reader.principal)
    known = {panel.name: panel for panel in home.panels}
    for name in asked.panels - known.keys():
        raise NoSuchPanel(path="panels", name=name)
    wanted = [panel for name, panel in known.items() if not asked.panels or name in asked.panels]
    mine = home.of is HomeOf.MINE or (home.of is HomeOf.CHOICE and asked.mine)
    found: dict[str, Answer] = {}
    figures: dict[tuple[str, bool], list[_Looking]] = defaultdict(list)
    for panel in wanted:
        looking = _looking(reader, panel, mine)
        if panel.kind is PanelKind.FIGURE:
            figures[looking.sight.object, looking.mine].append(looking)
        else:
            found[panel.name] = _tried(partial(_ANSWERS[panel.kind], reader, looking, asked.limit))
    for (object, own), group in figures.items():
        found.update(_figures(reader, object, own, group))
    return Answered({panel.name: found[panel.name] for panel in wanted}, mine)


@dataclass(frozen=True, slots=True)
class _Looking:
    """A panel, what it looks at, and the condition of it in the viewer's case."""

    panel: Panel
    sight: Sight
    mine: bool

    def condition(self) -> str:
        return all_of(text for text in (self.sight.filter, OWN if self.mine else "") if text)


def _looking(reader: Unit, panel: Panel, mine: bool) -> _Looking:
    own = panel.whose is Whose.MINE or (panel.whose is Whose.HOME and mine)
    return _Looking(panel, sight_of(reader.snapshot, panel), own)


def _tried(work: partial[Mapping[str, Any]]) -> Answer:
    try:
        return work()
    except _BEARABLE as error:
        return error


def _filter(reader: Unit, looking: _Looking) -> Expression | None:
    """What the panel asks of its records; that they are one's own is said in the statement."""
    text = looking.sight.filter
    item = reader.snapshot.objects[looking.sight.object]
    return viewer_filter(reader, item, [text] if text else [])


def _figures(reader: Unit, object: str, mine: bool, group: Sequence[_Looking]) -> dict[str, Answer]:
    """The figures over one object in one statement; where that fails, one by one, so that it is known which it was."""
    try:
        figures = [Figure(one.panel.function, one.panel.field, _filter(reader, one)) for one in group]
        statement = _bound(
            reader,
            (object, mine, *((one.panel.function, one.panel.field, one.sight.filter) for one in group)),
            [(object, figure.filter) for figure in figures],
            lambda: figures_statement(viewing(reader), object, figures, mine),
        )
        found = reader.figures(*statement)
    except _BEARABLE as error:
        if len(group) == 1:
            return {group[0].panel.name: error}
        return {
            name: answer for one in group for name, answer in _figures(reader, object, mine, [one]).items()
        }
    row = found.rows[0]
    return {
        one.panel.name: {
            "value": value,
            "by_currency": each and orjson.Fragment(each),
            "count": count,
            "renewing": found.renewing,
        }
        for one, value, each, count in zip(group, row[::3], row[1::3], row[2::3], strict=True)
    }


def _list(reader: Unit, looking: _Looking, limit: int | None) -> Mapping[str, Any]:
    panel, sight = looking.panel, looking.sight
    item = reader.snapshot.objects[sight.object]
    access = reader.snapshot.access(reader.principal, sight.object)
    pipeline = reader.snapshot.pipeline_of(sight.object)
    needed = [item.title, *sight.columns, panel.tick, pipeline.field if pipeline else ""]
    if limit:
        needed += [*panel.sections, *panel.details, panel.total]
    fields = tuple(dict.fromkeys(name for name in needed if name and name not in access.hidden))
    refers = (FieldType.REFERENCE, FieldType.USER)
    query = ListQuery(
        sight.object,
        filter=looking.condition(),
        sort=sight.sort,
        limit=min(limit or COUNTED, MAX_LIMIT),
        fields=fields or ("created_at",),
        expand=tuple(name for name in fields if item.by_name[name].type in refers),
    )
    page = list_records(reader, query)
    shown = page.items[: limit or panel.limit]
    answer: dict[str, Any] = {
        "items": [orjson.Fragment(text) for text in shown],
        "count": len(page.items),
        "more": page.next_cursor is not None,
    }
    if panel.blockers:
        ids = [UUID(orjson.loads(text)["id"]) for text in shown]
        answer["blockers"] = {str(id): found for id, found in blockers(reader, sight.object, ids).items()}
    return answer


def _chart(reader: Unit, looking: _Looking, limit: int | None) -> Mapping[str, Any]:
    panel = looking.panel
    object, filter = looking.sight.object, _filter(reader, looking)
    what = (object, panel.by, panel.function, panel.field)
    statement = _bound(
        reader,
        ("chart", *what, looking.sight.filter, looking.mine),
        [(object, filter)],
        lambda: chart_statement(viewing(reader), *what, filter, looking.mine, MAX_GROUPS),
    )
    found = reader.figures(*statement)
    return {
        "groups": [
            {
                "key": key,
                "label": label["label"] if label else None,
                "count": count,
                "value": value,
                "by_currency": each and orjson.Fragment(each),
            }
            for key, label, count, value, each in found.rows
        ],
        "renewing": found.renewing,
    }


def _timers(reader: Unit, looking: _Looking, limit: int | None) -> Mapping[str, Any]:
    """Timers that run out within TIMERS_AHEAD, each with what will happen then."""
    snapshot = reader.snapshot
    timed = {object for object, _ in snapshot.timers}
    objects = sorted(name for name in timed if snapshot.access(reader.principal, name).may(Act.READ))
    if not objects:
        return {"items": []}
    limit = min(limit or looking.panel.limit, MAX_LIMIT)
    rows = _rows(
        reader,
        ("timers", looking.mine, limit),
        [(object, None) for object in objects],
        lambda: timers_statement(viewing(reader), objects, looking.mine, limit),
        until=reader.now + TIMERS_AHEAD,
    )
    return {
        "items": [
            {
                "object": object,
                "id": id,
                "title": title,
                "owner": owner,
                "key": key,
                "due_at": due_at,
                "label": rule.label if (rule := snapshot.timers.get((object, key))) else None,
            }
            for object, id, title, owner, key, due_at in rows
        ]
    }


def _notices(reader: Unit, looking: _Looking, limit: int | None) -> Mapping[str, Any]:
    return unread(reader, min(limit or looking.panel.limit, MAX_LIMIT))


def _overrides(reader: Unit, looking: _Looking, limit: int | None) -> Mapping[str, Any]:
    """Exceptions of the time OVERRIDES_BACK: the newest, and all of them counted."""
    object, filter = looking.sight.object, _filter(reader, looking)
    limit = min(limit or COUNTED, MAX_LIMIT)
    [(count, more, items, *tallies)] = _rows(
        reader,
        ("overrides", object, looking.sight.filter, looking.mine, limit),
        [(object, filter)],
        lambda: overrides_statement(viewing(reader), object, filter, looking.mine, limit, MAX_GROUPS),
        since=reader.now - OVERRIDES_BACK,
    )
    return {
        "count": count,
        "more": more,
        "items": [_told(**item) for item in items],
        "tallies": dict(zip(("person", "stage", "deliverable"), tallies, strict=True)),
        "labels": _deliverables(reader, object),
    }


def _falling(reader: Unit, looking: _Looking, limit: int | None) -> Mapping[str, Any]:
    pool = reader.snapshot.pool_of(looking.sight.object)
    if pool is None or pool.idle is None:
        return {"items": []}
    found = falling(reader, pool, pool.idle, MAX_LIMIT, own=looking.mine)
    if not looking.mine:
        seen = visible(reader, pool.object, [one.record for one in found])
        found = [one for one in found if one.record in seen]
    names = names_of(reader, {one.owner for one in found})
    return {
        "items": [
            {
                "object": pool.object,
                "id": one.record,
                "title": one.title,
                "owner": {"id": one.owner, "label": names.get(str(one.owner))},
                "falls_at": one.at,
                "idle_from": one.idle_from,
            }
            for one in found[: min(limit or looking.panel.limit, MAX_LIMIT)]
        ],
        "count": len(found),
    }


def _told(kind: str, data: Mapping[str, Any], **item: Any) -> dict[str, Any]:
    """An exception with what it was about: deliverables gone without, or (`vouched`) a scan that somebody answered for."""
    vouched = kind == EventKind.SIGNATURE_VOUCHED
    about = {"hard": [data["deliverable"]], "soft": []} if vouched else {}
    told = {name: data.get(name) for name in ("from", "to", "reason", "hard", "soft")}
    return {**item, **told, **about, "vouched": vouched}


def _deliverables(reader: Unit, object: str) -> dict[str, Label]:
    """What the deliverables of an object's pipeline are called."""
    pipeline = reader.snapshot.pipeline_of(object)
    return {item.name: item.label for _, item in pipeline.deliverables()} if pipeline else {}


def _rows(
    reader: Unit,
    key: tuple[Any, ...],
    readings: Iterable[tuple[str, Expression | None]],
    make: Callable[[], Select[Any]],
    **params: Any,
) -> list[tuple[Any, ...]]:
    """The rows of a statement; see `_bound`."""
    return reader.execute(*_bound(reader, key, readings, make, **params)).fetchall()


def _bound(
    reader: Unit,
    key: tuple[Any, ...],
    readings: Iterable[tuple[str, Expression | None]],
    make: Callable[[], Select[Any]],
    **params: Any,
) -> tuple[bytes, list[Any]]:
    """A statement with its values, made once for its `key` and for what it reads: (object, condition) pairs."""
    around = [circumstances(reader, object, filter) for object, filter in readings]
    kept = reader.edition.statements
    whole = ("panel", *key, *around)
    statement = kept.get(whole) or kept.put(whole, render(make()))
    return statement.bound(**scope_params(reader.principal), **params)


_ANSWERS = {
    PanelKind.LIST: _list,
    PanelKind.CHART: _chart,
    PanelKind.TIMERS: _timers,
    PanelKind.NOTICES: _notices,
    PanelKind.OVERRIDES: _overrides,
    PanelKind.FALLING: _falling,
}
