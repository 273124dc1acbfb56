"""Reading ahead for a batch: what gates and rules will ask about its records, in one statement per list of children."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from chengdan.expr import Needs
from chengdan.kernel.event import EventKind
from chengdan.kernel.gate import Surroundings
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.importer.convert import Draft
from chengdan.store.preload import preload, preload_children, preload_files
from chengdan.store.signatures import preload_signatures
from chengdan.store.unit import Unit


def read_ahead(unit: Unit, object: str, drafts: Sequence[Draft]) -> None:
    """Read the files of the drafts' records, and the children of these and of what they refer to.

    Needs ids in the drafts, and the records that exist already locked. What lies further off is read when it is asked for.
    """
    there = {draft.id for draft in drafts if draft.id and (object, draft.id) in unit.work.records}
    new = {draft.id for draft in drafts if draft.id} - there
    preload_files(unit, there, new)
    preload_signatures(unit, there, new)
    for (path, child, via), columns in _lists(unit.snapshot, object).items():
        if path:
            preload_children(unit, child, via, _referred(unit, object, drafts, path), columns)
        else:
            preload_children(unit, child, via, there, columns, new)


def read_referred(unit: Unit, drafts: Sequence[Draft]) -> None:
    """Read the records that the drafts name, and the teams of the users among them: a record's team is that of its owner."""
    referred: dict[str, set[UUID]] = defaultdict(set)
    for draft in drafts:
        for naming, _ in draft.named:
            value = draft.values.get(naming.field.name)
            if isinstance(value, UUID):
                referred[naming.object].add(value)
            elif value:
                referred[naming.object].update(map(UUID, value))
    for object in sorted(referred):
        preload(unit, object, referred[object], referred=True)
    for id in referred["user"]:
        row = unit.work.records.get(("user", id))
        if row is not None:
            unit.work.teams[id] = row["team"]
    preload(unit, "team", {*unit.work.teams.values(), *unit.principal.teams[:1]} - {None})


def _lists(snapshot: Snapshot, object: str) -> dict[tuple[str, str, str], set[str]]:
    """The columns of children that gates and rules read: by the reference to their parent (empty: the record itself)."""
    found: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for (path, _), wanted in Needs.joined(_needs(snapshot, object)).lists.items():
        if len(path) <= 1:
            found["".join(path), wanted.object, wanted.via].update(wanted.fields)
    return found


def _needs(snapshot: Snapshot, object: str) -> Iterator[Needs]:
    pipeline = snapshot.pipeline_of(object)
    if pipeline is not None:
        yield Surroundings.of(snapshot, object, (item for _, item in pipeline.deliverables())).needs
    for kind in EventKind:
        yield snapshot.rule_needs(object, kind)


def _referred(unit: Unit, object: str, drafts: Sequence[Draft], name: str) -> set[UUID]:
    """The records that the drafts refer to through a field, once they are written."""
    found: set[UUID] = set()
    for draft in drafts:
        known = unit.work.records.get((object, draft.id)) if draft.id else None
        value = draft.values.get(name, known[name] if known else None)
        if isinstance(value, UUID):
            found.add(value)
    return found
