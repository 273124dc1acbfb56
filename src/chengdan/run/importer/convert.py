"""Rows become drafts: each cell read as its field reads it, references still as the words that name them. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.field import TEXTUAL, Field, FieldType
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.importer.cells import Reader, Reading, as_text, reader_of
from chengdan.run.importer.past import Entry, Past
from chengdan.run.importer.plan import REFERRING, ImportPlan, placeholders
from chengdan.run.tabular import Cell, Row

MEMO = 4_096
"""Cells of a column whose reading is remembered: most columns say few things often."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A field whose cells name records: of which object, and by which of its fields, tried in turn."""

    field: Field
    object: str
    by: tuple[str, ...]
    listed: bool


@dataclass(slots=True)
class Draft:
    """One row on its way: its line and cells, the raw values read so far, what names records, and what is wrong with it.

    `past`: how its record came to its stage, where the row tells that.
    """

    line: int
    cells: tuple[Cell, ...]
    values: dict[str, Any] = field(default_factory=dict)
    named: list[tuple[Naming, Any]] = field(default_factory=list)
    problems: list[ChengdanError] = field(default_factory=list)
    past: tuple[Entry, ...] = ()
    key: str = ""
    id: UUID | None = None


class _Column:
    """How the cells of one column are read for one field."""

    def __init__(self, index: int, name: str, values: Mapping[str, str], reader: Reader, memorable: bool) -> None:  # fmt: skip
        self.index = index
        self.name = name
        self.naming: Naming | None = None
        self._values = values
        self._reader = reader
        self._memo: dict[Any, Any] | None = {} if memorable else None

    def read(self, cell: Cell) -> Any:
        """The raw value; None for an empty cell. Raises InvalidValue."""
        memo = self._memo
        if memo is None:
            return self._read(cell)
        key = (type(cell), cell)
        if key in memo:
            return memo[key]
        value = self._read(cell)
        if len(memo) < MEMO:
            memo[key] = value
        return value

    def _read(self, cell: Cell) -> Any:
        text = cell.strip() if isinstance(cell, str) else cell
        if text is None or text == "":
            return None
        if self._values:
            text = self._values.get(as_text(text), text)
        return self._reader(text)


class Converter:
    """Turns the rows of one table into drafts, as the plan says."""

    def __init__(
        self, plan: ImportPlan, snapshot: Snapshot, columns: Sequence[str], reading: Reading
    ) -> None:
        self._plan = plan
        self._item = snapshot.objects[plan.object]
        self._snapshot = snapshot
        self._reading = reading
        self._columns = [
            self._column(columns.index(column), target.field, target.values, target.lookup)
            for column, target in plan.targets()
        ]
        self._texts = [
            (template, self._mapped(template, columns), self._column(-1, name, {}, ""))
            for name, template in (plan.compose or {}).items()
        ]
        self._pipeline = snapshot.pipeline_of(plan.object) if plan.entered else None
        self._past = Past(plan, snapshot, columns, reading)

    def _column(self, index: int, name: str, values: Mapping[str, str], lookup: str) -> _Column:
        field = self._item.field(name)
        if field is None:
            return _Column(index, name, values, as_text, memorable=False)
        column = _Column(
            index, name, values, reader_of(field, self._reading), memorable=field.type not in TEXTUAL
        )
        if field.type in REFERRING:
            column.naming = Naming(
                field, field.object, self._ways(field, lookup), field.type is FieldType.REFERENCES
            )
        return column

    @property
    def named_by(self) -> frozenset[str]:
        """The fields of the object itself by which cells of this file name its records."""
        namings = [column.naming for column in self._columns if column.naming is not None]
        return frozenset(one.by[0] for one in namings if one.object == self._plan.object)

    def _ways(self, field: Field, lookup: str) -> tuple[str, ...]:
        if lookup:
            return (lookup,)
        return ("username", "name") if field.object == "user" else (self._snapshot.objects[field.object].title,)  # fmt: skip

    def _mapped(self, template: str, columns: Sequence[str]) -> Mapping[str, tuple[int, Mapping[str, str]]]:
        """For each column that a composed text names: its place, and the value map of its first target."""
        found = {}
        for name in placeholders(template):
            targets = self._plan.columns.get(name, ())
            found[name] = (columns.index(name), targets[0].values if targets else {})
        return found

    def convert(self, row: Row) -> Draft:
        """The draft of a row; what can't be read is among its problems."""
        line, cells = row
        draft = Draft(line, cells)
        for column in self._columns:
            self._take(draft, column, cells[column.index])
        for template, mapped, column in self._texts:
            words = {name: _word(cells[index], values) for name, (index, values) in mapped.items()}
            self._take(draft, column, " ".join(template.format_map(words).split()))
        if self._pipeline is not None:
            self._look_back(draft, self._pipeline.field)
        key = draft.values.get(self._plan.key) if self._plan.key else None
        draft.key = "" if key is None else as_text(key)
        return draft

    def _look_back(self, draft: Draft, field: str) -> None:
        """Take from the row how its record came to its stage, and to which, where it doesn't name that."""
        try:
            draft.past = self._past.of(draft.cells, draft.values.get(field))
        except ChengdanError as error:
            draft.problems.append(error)
        if draft.past:
            draft.values[field] = draft.past[-1].stage

    def _take(self, draft: Draft, column: _Column, cell: Cell) -> None:
        try:
            value = column.read(cell)
        except ChengdanError as error:
            draft.problems.append(error)
            return
        if value is None:
            if self._plan.clear_empty:
                draft.values[column.name] = None
        elif column.naming is not None:
            draft.named.append((column.naming, value))
        else:
            draft.values[column.name] = value


def _word(cell: Cell, values: Mapping[str, str]) -> str:
    text = as_text(cell)
    return values.get(text, text)
