"""Facts: what expressions read around a record, fetched when they ask."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.expr import NO_NEEDS, Context, Needs
from chengdan.kernel.gate import Evidence, Surroundings
from chengdan.store import records
from chengdan.store.signatures import signatures_of
from chengdan.store.unit import Unit

Path = tuple[str, ...]


class UnitFacts:
    """The surroundings of one record within a unit, as far as `needs` names them. Each fact is read once."""

    def __init__(self, unit: Unit, record: Mapping[str, Any], needs: Needs) -> None:
        self._unit = unit
        self._record = record
        self._needs = needs
        self._ones: dict[Path, Mapping[str, Any] | None] = {}
        self._lists: dict[tuple[Path, str], Sequence[Mapping[str, Any]]] = {}

    def one(self, path: Path) -> Mapping[str, Any] | None:
        if not path:
            return self._record
        if path not in self._ones:
            self._ones[path] = self._fetch(path)
        return self._ones[path]

    def many(self, path: Path, inverse: str) -> Sequence[Mapping[str, Any]]:
        key = (path, inverse)
        if key not in self._lists:
            self._lists[key] = self._children(path, inverse)
        return self._lists[key]

    def _fetch(self, path: Path) -> Mapping[str, Any] | None:
        holder = self.one(path[:-1])
        id = holder.get(path[-1]) if holder is not None else None
        if id is None:
            return None
        return records.fetch(self._unit, self._needs.objects[path], id, self._needs.references[path])

    def _children(self, path: Path, inverse: str) -> Sequence[Mapping[str, Any]]:
        parent = self._parent(path)
        if parent is None:
            return ()
        wanted = self._needs.lists[path, inverse]
        if self._unit.pending(wanted.object):
            self._unit.flush()
        return records.children(self._unit, wanted.object, wanted.via, parent, wanted.fields)

    def _parent(self, path: Path) -> UUID | None:
        if not path:
            own: UUID = self._record["id"]
            return own
        holder = self.one(path[:-1])
        return holder.get(path[-1]) if holder is not None else None


def context(unit: Unit, record: Mapping[str, Any], needs: Needs = NO_NEEDS) -> Context:
    """What an expression over `record` sees in this unit."""
    return Context(
        now=unit.now,
        me=unit.actor,
        zone=ZoneInfo(unit.principal.time_zone),
        calendar=unit.edition.calendar,
        facts=UnitFacts(unit, record, needs),
    )


def evidence(unit: Unit, record: Mapping[str, Any], around: Surroundings) -> Evidence:
    """What a gate over `record` sees: the context, and the files and signatures filed under it."""
    return Evidence(
        context(unit, record, around.needs),
        files_of(unit, record["id"]) if around.files else {},
        signatures_of(unit, record["id"]) if around.signatures else {},
    )


def files_of(unit: Unit, record: UUID) -> Mapping[str, int]:
    """How many files of each kind are filed under a record; the same content twice is one."""
    ahead = unit.work.files.get(record)
    if ahead is not None:
        return ahead
    rows = unit.execute(
        "SELECT kind, count(DISTINCT sha256) FROM chengdan.file WHERE record_id = %s AND removed_at IS NULL GROUP BY kind",
        (record,),
    ).fetchall()
    return {kind: int(count) for kind, count in rows}
