"""Metrics: one figure over the records of an object, for all of them together or for each record that they belong to."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from decimal import Decimal
from enum import StrEnum

from chengdan.base.label import Label
from chengdan.expr import Kind, Type
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped

PACE = "pace_days"
"""In a metric over an object with a pipeline: the days that won records typically spent in the stage that the record is in."""
EXTRA: Mapping[str, Type] = {PACE: Type(Kind.NUMBER)}


class Function(StrEnum):
    """How records become one figure.

    `count`: how many. `sum`, `avg`, `min`, `max`, `median`: of `value`. `ratio`: those of `part` to those of `against`, each
    counted or, with a `value`, added up. `since`: the days that have passed since the latest `at`.
    """

    COUNT = "count"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    RATIO = "ratio"
    SINCE = "since"


VALUED = frozenset({Function.SUM, Function.AVG, Function.MIN, Function.MAX, Function.MEDIAN})
"""The functions that need a `value`."""


class MetricUnit(StrEnum):
    """What a figure counts, as far as it decides how it is written."""

    COUNT = "count"
    NUMBER = "number"
    DAYS = "days"
    HOURS = "hours"
    RATIO = "ratio"
    TIMES = "times"
    MONEY = "money"


@dataclass(frozen=True, slots=True)
class Metric:
    """One definition of a figure over the records of `object` that satisfy `where`.

    With `per`, a reference of these records, it is also a figure of each record referred to. `at` says when a record counts:
    never before that moment, and with `days` for so long after it. What too few records (`least`) tell is unknown, and so is
    what none tell unless `empty` says what that means; for subjects younger than `ripe_days` nothing is known yet.
    """

    name: str
    label: Label
    object: str
    function: Function
    help: Label | None = None
    per: str = ""
    at: str = ""
    days: int = 0
    where: str = ""
    value: str = ""
    part: str = ""
    against: str = ""
    least: int = 1
    empty: Decimal | None = None
    ripe_days: int = 0
    unit: MetricUnit = MetricUnit.NUMBER
    digits: int = 0
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    def written(self, figure: float) -> Label:
        """The figure as people read it, without its unit but for per cent."""
        if self.unit is MetricUnit.RATIO:
            percent = f"{100 * figure:.{self.digits}f}"
            return Label(f"{percent}%", f"{percent} %")
        text = f"{figure:,.{self.digits}f}"
        return Label(text, text)

    @property
    def conditions(self) -> tuple[str, ...]:
        """The expressions that say which records count."""
        return tuple(text for text in (self.where, self.part, self.against) if text)

    @property
    def reads_pace(self) -> bool:
        """Whether it compares records with the pace of those that were won."""
        return any(PACE in text for text in (*self.conditions, self.value))


def read_metric(m: Mapped) -> Metric:
    """The definition in a manifest of the kind `metric`."""
    return Metric(
        place=m.place,
        name=m.name("metric"),
        label=m.label("label"),
        help=m.optional_label("help"),
        object=m.text("object"),
        per=m.text("per", ""),
        at=m.text("at", ""),
        days=m.integer("days"),
        where=m.text("where", ""),
        function=m.choice("function", Function),
        value=m.text("value", ""),
        part=m.text("part", ""),
        against=m.text("against", ""),
        least=m.integer("least", 1),
        empty=m.number("empty", ""),
        ripe_days=m.integer("ripe_days"),
        unit=m.choice("unit", MetricUnit, MetricUnit.NUMBER),
        digits=m.integer("digits"),
    )
