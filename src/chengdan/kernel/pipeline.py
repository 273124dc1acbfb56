"""Pipelines: the ordered stages of an object, and what must be delivered to pass them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum
from functools import cached_property

from chengdan.base.label import Label
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped


class StageKind(StrEnum):
    OPEN = "open"
    WON = "won"
    LOST = "lost"


class DeliverableKind(StrEnum):
    FIELD = "field"
    CONDITION = "condition"
    FILE = "file"
    CHECKLIST = "checklist"
    RECORD = "record"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Due:
    """When something is asked for ahead of its gate: as a child of the inverse `of` comes to satisfy `when`."""

    of: str
    when: str


@dataclass(frozen=True, slots=True)
class Deliverable:
    """One thing that a stage demands.

    `field`: the field that must be filled (kind field). `condition`: what must hold (condition), or what a child must
    be like (record, over the inverse `of` with the variable `item`; at least `count`). `file_kind`: what a file
    must be filed as (file, at least `count`). A checklist sub-step is ticked by a person under its own `name`. A customer's
    signature stands on the form `template`, scanned or drawn through a link that lives for `link_hours`; with `fresh` it
    no longer counts once the record says something else than the signed form. `template` is a form to fill in for a file too.
    Hard deliverables block; soft ones need a reason to go on without.
    """

    name: str
    kind: DeliverableKind
    label: Label
    hint: Label
    hard: bool = True
    field: str = ""
    condition: str = ""
    of: str = ""
    file_kind: str = ""
    count: int = 1
    template: str = ""
    fresh: bool = False
    link_hours: int = 72
    due: Due | None = None
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    @property
    def filed_as(self) -> str:
        """The kind under which what proves it is filed."""
        return self.file_kind or self.name


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage. `entry` must be met to come in, `exit` to pass on towards a later stage."""

    name: str
    label: Label
    kind: StageKind = StageKind.OPEN
    probability: int = 0
    color: str = ""
    sla_days: int = 0
    entry: tuple[Deliverable, ...] = ()
    exit: tuple[Deliverable, ...] = ()
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True)
class Pipeline:
    """Stages in order over one select field of an object.

    `alike` are the fields by which process analysis finds like records to compare.
    """

    name: str
    label: Label
    object: str
    field: str
    stages: tuple[Stage, ...]
    alike: tuple[str, ...] = ()
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    def position(self, stage: str) -> int:
        """The place of a stage in the order, from 0. KeyError when there is none of that name."""
        return self._positions[stage]

    def stage(self, name: str) -> Stage:
        return self.stages[self.position(name)]

    def has(self, stage: str | None) -> bool:
        return stage in self._positions

    @cached_property
    def signatures(self) -> Mapping[str, Deliverable]:
        """The deliverables that ask for a signature, by what their papers are filed as."""
        kinds = (item for _, item in self.deliverables() if item.kind is DeliverableKind.SIGNATURE)
        return {item.filed_as: item for item in kinds}

    @cached_property
    def _positions(self) -> Mapping[str | None, int]:
        return {stage.name: index for index, stage in enumerate(self.stages)}

    def passed(self, origin: str | None, target: str) -> tuple[tuple[Stage, Deliverable], ...]:
        """Every deliverable that a move from `origin` (None: a new record) to `target` must show.

        A move towards a later stage passes the entries and exits of all open stages on the way, so that jumping proves
        as much as walking, and those of won ones where an open stage comes after the win; a move to a lost stage or
        backwards passes none. Coming back from a lost stage, or from one
        that the pipeline no longer has, counts as starting anew. The entry of the target is always demanded.
        KeyError for a target that is no stage.
        """
        return self._passed[origin if self.has(origin) else None, target]

    @cached_property
    def _passed(self) -> Mapping[tuple[str | None, str], tuple[tuple[Stage, Deliverable], ...]]:
        names = [stage.name for stage in self.stages]
        return {
            (origin, target): tuple(self._on_the_way(origin, target))
            for origin in (None, *names)
            for target in names
        }

    def _on_the_way(self, origin: str | None, target: str) -> Iterator[tuple[Stage, Deliverable]]:
        goal = self.stage(target)
        if goal.kind is not StageKind.LOST:
            kinds = (StageKind.OPEN, StageKind.WON) if goal.kind is StageKind.OPEN else (StageKind.OPEN,)
            for stage in self.stages[self._start(origin) : self.position(target)]:
                if stage.kind in kinds:
                    if stage.name != origin:
                        yield from ((stage, item) for item in stage.entry)
                    yield from ((stage, item) for item in stage.exit)
        yield from ((goal, item) for item in goal.entry)

    def _start(self, origin: str | None) -> int:
        """The place from which a move out of `origin` has to prove its way."""
        if origin is None or self.stage(origin).kind is StageKind.LOST:
            return 0
        return self.position(origin)

    @cached_property
    def evidence(self) -> Mapping[tuple[DeliverableKind, str], tuple[tuple[str, str], ...]]:
        """Which deliverables (stage, name) a field or a kind of files is evidence of."""
        found: dict[tuple[DeliverableKind, str], tuple[tuple[str, str], ...]] = {}
        for stage, item in self.deliverables():
            named = item.filed_as if item.kind is DeliverableKind.SIGNATURE else item.file_kind
            key = (item.kind, item.field if item.kind is DeliverableKind.FIELD else named)
            if key[1]:
                found[key] = (*found.get(key, ()), (stage.name, item.name))
        return found

    def deliverable(self, name: str) -> Deliverable | None:
        """The deliverable of that name."""
        return next((item for _, item in self.deliverables() if item.name == name), None)

    def deliverables(self) -> Iterator[tuple[Stage, Deliverable]]:
        for stage in self.stages:
            yield from ((stage, item) for item in (*stage.entry, *stage.exit))


def read_pipeline(m: Mapped) -> Pipeline:
    """The definition in a manifest of the kind `pipeline`."""
    return Pipeline(
        place=m.place,
        name=m.name("pipeline"),
        label=m.label("label"),
        object=m.text("object"),
        field=m.text("field"),
        alike=m.texts("alike"),
        stages=tuple(_stage(item) for item in m.each("stages")),
    )


def _stage(m: Mapped) -> Stage:
    stage = Stage(
        place=m.place,
        name=m.name("name"),
        label=m.label("label"),
        kind=m.choice("kind", StageKind, StageKind.OPEN),
        probability=m.integer("probability"),
        color=m.text("color", ""),
        sla_days=m.integer("sla_days"),
        entry=tuple(_deliverable(item) for item in m.each("entry")),
        exit=tuple(_deliverable(item) for item in m.each("exit")),
    )
    m.close()
    return stage


def _deliverable(m: Mapped) -> Deliverable:
    due = m.one("due")
    deliverable = Deliverable(
        place=m.place,
        name=m.name("name"),
        kind=m.choice("kind", DeliverableKind),
        label=m.label("label"),
        hint=m.label("hint"),
        hard=m.flag("hard", True),
        field=m.text("field", ""),
        condition=m.text("condition", ""),
        of=m.text("of", ""),
        file_kind=m.text("file_kind", ""),
        count=m.integer("count", 1),
        template=m.text("template", ""),
        fresh=m.flag("fresh"),
        link_hours=m.integer("link_hours", 72),
        due=_due(due) if due else None,
    )
    m.close()
    return deliverable


def _due(m: Mapped) -> Due:
    due = Due(m.text("of"), m.text("when"))
    m.close()
    return due
