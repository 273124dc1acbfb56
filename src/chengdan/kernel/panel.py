"""Panels: what a role's home is made of. Each shows some records, a figure over them, or what waits for the viewer."""

from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum

from chengdan.base.label import Label
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped


class PanelKind(StrEnum):
    """How a panel shows what it is about.

    `list`: records. `figure`: one number. `chart`: a number per group. `timers`: timers of rules that soon run out.
    `notices`: unread notifications. `falling`: records that soon fall into their pool. `overrides`: gates that somebody went past lately, with the reason given.
    """

    LIST = "list"
    FIGURE = "figure"
    CHART = "chart"
    TIMERS = "timers"
    NOTICES = "notices"
    OVERRIDES = "overrides"
    FALLING = "falling"


class Whose(StrEnum):
    """Among which records a panel looks: the viewer's own, all within reach, or those that the home as a whole is about."""

    MINE = "mine"
    ALL = "all"
    HOME = "home"


class ChartShape(StrEnum):
    BAR = "bar"
    COLUMN = "column"
    FUNNEL = "funnel"


FREE_OF_OBJECT = frozenset({PanelKind.TIMERS, PanelKind.NOTICES})
"""Kinds of panels that are about whatever waits for the viewer."""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `view` or `object` with `filter` says which records; what is not said is taken from the view.

    A `list` shows `columns` in the order of `sort`, at most `limit`; `tick` is a boolean field that a tick sets; with
    `blockers` each record says what its next stage still asks for. A `figure` or `chart` works out `function` of `field`, the
    chart for each value of `by` (a date counts by months). `warn` marks a figure above zero as bad news; `wide` takes two
    columns of the page. A list with `sections` has a page of its own too: all its records under
    headings by these fields, with further columns `details`, the field `total` summed up; for a meeting. `empty` tells what
    will stand here and how to make it appear.
    """

    name: str
    label: Label
    kind: PanelKind
    object: str = ""
    view: str = ""
    filter: str = ""
    sort: str = ""
    columns: tuple[str, ...] = ()
    limit: int = 6
    whose: Whose = Whose.HOME
    by: str = ""
    function: str = "count"
    field: str = ""
    shape: ChartShape = ChartShape.BAR
    tick: str = ""
    blockers: bool = False
    warn: bool = False
    wide: bool = False
    sections: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    total: str = ""
    empty: Label | None = None
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)


def read_panel(m: Mapped) -> Panel:
    """The definition in a manifest of the kind `panel`."""
    return Panel(
        place=m.place,
        name=m.name("panel"),
        label=m.label("label"),
        kind=m.choice("kind", PanelKind),
        object=m.text("object", ""),
        view=m.text("view", ""),
        filter=m.text("filter", ""),
        sort=m.text("sort", ""),
        columns=m.texts("columns"),
        limit=m.integer("limit", 6),
        whose=m.choice("whose", Whose, Whose.HOME),
        by=m.text("by", ""),
        function=m.text("function", "count"),
        field=m.text("field", ""),
        shape=m.choice("shape", ChartShape, ChartShape.BAR),
        tick=m.text("tick", ""),
        blockers=m.flag("blockers"),
        warn=m.flag("warn"),
        wide=m.flag("wide"),
        sections=m.texts("sections"),
        details=m.texts("details"),
        total=m.text("total", ""),
        empty=m.optional_label("empty"),
    )
