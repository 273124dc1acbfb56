"""Batches: rows written in one transaction each, every row through `run.action`; a row that is refused spoils no other.

Queries per batch do not grow with its rows: one finds the records by key, one locks them, one per way of naming resolves
references, one per object reads them ahead.
"""

from collections.abc import Sequence
from itertools import islice
from zoneinfo import ZoneInfo

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.kernel.record import MissingValue
from chengdan.run.action import apply
from chengdan.run.commands import Create, Move, Update
from chengdan.run.importer.ahead import read_ahead, read_referred
from chengdan.run.importer.cells import Reading
from chengdan.run.importer.convert import Converter, Draft
from chengdan.run.importer.errors import KeyMissing, SeveralMatches
from chengdan.run.importer.lookup import Lookups
from chengdan.run.importer.narrowing import narrow
from chengdan.run.importer.outcome import Checkpoint, Outcome, Refusal, Rehearsal, Terms
from chengdan.run.importer.past import Entry
from chengdan.run.importer.plan import ImportPlan
from chengdan.run.importer.rehearsed import Rehearsed
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import Row as Line
from chengdan.run.tabular import Table
from chengdan.store import records
from chengdan.store.unit import Row, Unit

BATCH_ROWS = 1_000


class Batches:
    """Writes batches of one import one after the other."""

    def __init__(
        self,
        runtime: Runtime,
        plan: ImportPlan,
        terms: Terms,
        converter: Converter,
        checkpoint: Checkpoint[Outcome],
    ) -> None:
        self._runtime = runtime
        self._plan = plan
        self._terms = terms
        self._converter = converter
        self._checkpoint = checkpoint
        self._lookups = Lookups(plan.object)
        self._rehearsed = Rehearsed(plan.object, converter.named_by)
        permitted = runtime.snapshot.permitted(terms.principal, "override_gate")
        self._override = terms.override_reason if permitted else ""

    def write(self, rows: Sequence[Line]) -> None:
        """Import `rows`, and call the checkpoint in the transaction of each part of them.

        Raises only what is no row's fault: a lost database, or what the checkpoint raises.
        """
        narrow(rows, self._transact, self._refuse)

    def _refuse(self, row: Line, error: ChengdanError) -> None:
        line, cells = row
        with self._runtime.unit(self._terms.principal, self._terms.cause, batch=True) as unit:
            self._checkpoint(unit, Outcome(refused=[Refusal(line, cells, (error,))]))

    def _transact(self, rows: Sequence[Line]) -> None:
        terms = self._terms
        outcome = Outcome()
        try:
            with self._runtime.unit(terms.principal, terms.cause, batch=True) as unit:
                unit.work.quiet = terms.dry_run or bool(terms.override_reason)
                drafts = [self._converter.convert(row) for row in rows]
                self._prepare(unit, drafts)
                for draft in drafts:
                    self._apply(unit, draft, outcome)
                unit.flush()
                if terms.dry_run:
                    outcome.records.clear()
                    raise Rehearsal
                self._checkpoint(unit, outcome)
        except Rehearsal:
            self._rehearsed.remember(drafts, {refusal.line for refusal in outcome.refused})
            with self._runtime.unit(terms.principal, terms.cause, batch=True) as unit:
                self._checkpoint(unit, outcome)

    def _prepare(self, unit: Unit, drafts: Sequence[Draft]) -> None:
        """Find which records the drafts are, lock them, resolve what they refer to, and read ahead what will be asked."""
        if self._plan.key:
            self._find(unit, drafts)
        else:
            for draft in drafts:
                draft.id = new_id()
        self._lookups.resolve(unit, drafts, self._rehearsed.borne, self._rehearsed.several)
        read_referred(unit, drafts)
        read_ahead(unit, self._plan.object, drafts)

    def _find(self, unit: Unit, drafts: Sequence[Draft]) -> None:
        """Give every draft with a key its id: of the record that is there (which is locked), else a new one."""
        item = unit.snapshot.objects[self._plan.object]
        label = item.by_name[self._plan.key].label
        wanted = sorted({draft.key for draft in drafts if draft.key})
        found = records.find_by_key(unit, item.name, self._plan.key, wanted) if wanted else {}
        there = {key: ids[0] for key, ids in found.items() if len(ids) == 1}
        records.lock(unit, item.name, list(there.values()))
        keys = dict(there)
        for draft in drafts:
            if not draft.key:
                draft.problems.append(KeyMissing(path=self._plan.key, label=label))
            elif draft.key in found and draft.key not in there:
                count = len(found[draft.key])
                draft.problems.append(
                    SeveralMatches(path=self._plan.key, label=label, value=draft.key, count=count)
                )
            else:
                draft.id = keys.setdefault(draft.key, self._rehearsed.keys.get(draft.key) or new_id())

    def _apply(self, unit: Unit, draft: Draft, outcome: Outcome) -> None:
        if draft.problems:
            outcome.refused.append(Refusal(draft.line, draft.cells, tuple(draft.problems)))
            return
        emptied: frozenset[str] = frozenset()
        if self._terms.dry_run:
            if draft.key in self._rehearsed.keys:
                outcome.updated += 1
                return
            emptied = self._rehearsed.take_off(draft)
        before = left_in(unit)
        try:
            self._carry_out(unit, draft, outcome)
        except ChengdanError as error:
            if left_in(unit) != before:
                raise
            reasons = tuple(reason for reason in error.reasons() if not _only_taken_off(reason, emptied))
            if reasons:
                outcome.refused.append(Refusal(draft.line, draft.cells, reasons))
            else:
                outcome.created += 1

    def _carry_out(self, unit: Unit, draft: Draft, outcome: Outcome) -> None:
        object, reason = self._plan.object, self._terms.override_reason
        known = unit.work.records.get((object, draft.id)) if draft.id is not None else None
        if draft.id is None or known is None:
            row = self._create(unit, draft)
            outcome.created += 1
            outcome.records.append(row["id"])
            return
        row = apply(unit, Update(object, draft.id, None, draft.values, reason, self._override))
        if row["version"] == known["version"]:
            outcome.unchanged += 1
        else:
            outcome.updated += 1
            outcome.records.append(row["id"])

    def _create(self, unit: Unit, draft: Draft) -> Row:
        """Make the record: at once in its stage, or the way it went where the row tells that and gates may be passed."""
        object, reason, override = self._plan.object, self._terms.override_reason, self._override
        pipeline = unit.snapshot.pipeline_of(object)
        if pipeline is None or not draft.past or not override:
            return apply(unit, Create(object, draft.values, reason, override, draft.id))
        first, *later = draft.past
        values = {**draft.values, pipeline.field: first.stage}
        row = apply(_at(unit, first), Create(object, values, reason, override, draft.id))
        for entry in later:
            row = apply(_at(unit, entry), Move(object, row["id"], None, entry.stage, reason, override))
        return row


def _at(unit: Unit, entry: Entry) -> Unit:
    """The unit at the moment of an entry: now, where that is not known."""
    return unit if entry.at is None else unit.telling(entry.at, None)


def import_table(
    runtime: Runtime,
    table: Table,
    plan: ImportPlan,
    terms: Terms,
    checkpoint: Checkpoint[Outcome],
    skip: int = 0,
) -> None:
    """Import the rows of a table behind the first `skip`, batch by batch; see Batches for the checkpoint."""
    reading = Reading(ZoneInfo(terms.principal.time_zone), plan.dates)
    converter = Converter(plan, runtime.snapshot, table.columns, reading)
    batches = Batches(runtime, plan, terms, converter, checkpoint)
    rows = islice(table.rows(), skip, None)
    while batch := list(islice(rows, BATCH_ROWS)):
        batches.write(batch)


def _only_taken_off(reason: ChengdanError, emptied: frozenset[str]) -> bool:
    """Whether a value is missed only because a rehearsal took it off: it names a row of the same file."""
    return isinstance(reason, MissingValue) and reason.path in emptied


def left_in(unit: Unit) -> tuple[int, ...]:
    """How much waits in a unit: what a command that fails half-way would have changed."""
    work = unit.work
    return (len(work.events), len(work.statements), len(work.updates), *map(len, work.inserts.values()))
