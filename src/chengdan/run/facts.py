"""Facts: what expressions read around a record, fetched when they ask."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.expr import Context, Needs
from chengdan.kernel.gate import Evidence
from chengdan.store import records
from chengdan.store.signatures import signatures_of
from chengdan.store.unit import Unit

Path = tuple[str, ...]


class UnitFacts:
    """The surroundings of one record within a unit, as far as `needs` names them. Each fact is read once."""

    def __init__(self, unit: Unit, record: Mapping[str, Any], needs: Iterable[Needs]) -> None:
        self._unit = unit
        self._record = record
        self._needs = tuple(needs)
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
        object = next(needs.objects[path] for needs in self._needs if path in needs.objects)
        columns = {name for needs in self._needs for name in needs.references.get(path, ())}
        return records.fetch(self._unit, object, id, columns)

    def _children(self, path: Path, inverse: str) -> Sequence[Mapping[str, Any]]:
        parent = self._parent(path)
        if parent is None:
            return ()
        wanted = [found for needs in self._needs if (found := needs.lists.get((path, inverse)))]
        columns = {name for need in wanted for name in need.fields}
        if self._unit.pending(wanted[0].object):
            self._unit.flush()
        return records.children(self._unit, wanted[0].object, wanted[0].via, parent, columns)

    def _parent(self, path: Path) -> UUID | None:
        if not path:
            own: UUID = self._record["id"]
            return own
        holder = self.one(path[:-1])
        return holder.get(path[-1]) if holder is not None else None


def context(unit: Unit, record: Mapping[str, Any], needs: Iterable[Needs] = ()) -> Context:
    """What an expression over `record` sees in this unit."""
    return Context(
        now=unit.now,
        me=unit.actor,
        zone=ZoneInfo(unit.principal.time_zone),
        calendar=unit.edition.calendar,
        facts=UnitFacts(unit, record, needs),
    )


def evidence(
    unit: Unit,
    record: Mapping[str, Any],
    needs: Iterable[Needs],
    *,
    with_files: bool = True,
    with_signatures: bool = False,
) -> Evidence:
    """What a gate over `record` sees: the context, and the files and signatures filed under it."""
    return Evidence(
        context(unit, record, needs),
        files_of(unit, record["id"]) if with_files else {},
        signatures_of(unit, record["id"]) if with_signatures else {},
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
