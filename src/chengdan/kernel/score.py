"""Scores: how a record stands, from 0 to 100, by figures that each say something of it; pure, so that a draft can be tried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum

from chengdan.base.label import Label
from chengdan.kernel.field import Field, FieldType, Option
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped

Figures = Mapping[str, float | None]
"""The figure of each metric by its name; None is unknown, which is not nought."""

TOP = 3
SLIGHT = 2.0
"""Points of the whole that a signal must cost or give to be worth a word."""


class Color(StrEnum):
    RED = "red"
    AMBER = "amber"
    GREEN = "green"


COLOR_LABELS: Mapping[Color, Label] = {
    Color.RED: Label("红灯", "Red"),
    Color.AMBER: Label("黄灯", "Amber"),
    Color.GREEN: Label("绿灯", "Green"),
}


@dataclass(frozen=True, slots=True)
class Signal:
    """What a metric says: nothing at `bad`, everything at `good`, in between in proportion; `weight` against the others.

    `words` say it with the figure in the place of `{figure}`.
    """

    metric: str
    weight: float
    bad: float
    good: float
    words: Label

    def points(self, figure: float) -> float:
        """How good a figure is, 0–1."""
        return min(1.0, max(0.0, (figure - self.bad) / (self.good - self.bad)))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What later became of a record: records of `object` refer to it by `per` and ended `on` a day as `won` or `lost`.

    A score speaks of the `days` that follow.
    """

    object: str
    per: str
    on: str
    won: str
    lost: str
    days: int = 60


@dataclass(frozen=True, slots=True)
class Score:
    """A score over the records of `object` that satisfy `where`.

    Below `red` it is red, from `green` on green; with `calibrate` the weights follow what became of records (`outcome`). A record of whose signals less than the share `least` is known has none.
    """

    name: str
    label: Label
    object: str
    signals: tuple[Signal, ...]
    red: float = 40
    green: float = 70
    least: float = 0.3
    where: str = ""
    help: Label | None = None
    outcome: Outcome | None = None
    calibrate: bool = True
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    @property
    def color_field(self) -> str:
        return f"{self.name}_color"

    @property
    def fields(self) -> tuple[Field, Field]:
        """What it adds to its object: the value and the colour, kept by the system."""
        options = tuple(Option(str(color), COLOR_LABELS[color], str(color)) for color in Color)
        color = Label(f"{self.label.zh}灯色", f"{self.label.en} colour")
        return (
            Field(self.name, FieldType.INTEGER, self.label, help=self.help, digits=0, readonly=True, system=True, indexed=True),
            Field(self.color_field, FieldType.SELECT, color, options=options, readonly=True, system=True, indexed=True),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reason:
    """What a signal did to the score: `points` of 100 that it cost (negative) or gave."""

    metric: str
    figure: float
    points: float
    words: Label


@dataclass(frozen=True, slots=True)
class Standing:
    """A record's score: its `value` 0–100 and colour (None while too little is known), and the share of signals `known`."""

    value: int | None
    color: Color | None
    known: float


def standing(score: Score, weights: Mapping[str, float], figures: Figures) -> Standing:
    """The score that figures give, by these weights of its signals."""
    total = known = reached = 0.0
    for signal in score.signals:
        weight = weights[signal.metric]
        total += weight
        figure = figures.get(signal.metric)
        if figure is not None:
            known += weight
            reached += weight * signal.points(figure)
    share = known / total if total else 0.0
    if not known or share < score.least:
        return Standing(None, None, share)
    value = int(100 * reached / known + 0.5)
    return Standing(value, color_of(score, value), share)


def color_of(score: Score, value: int) -> Color:
    if value < score.red:
        return Color.RED
    return Color.GREEN if value >= score.green else Color.AMBER


def reasons(score: Score, weights: Mapping[str, float], figures: Figures) -> Sequence[Reason]:
    """Why a record stands as it does: what costs it most, or, where nothing costs much, what speaks for it most."""
    told = [
        (signal, figure) for signal in score.signals if (figure := figures.get(signal.metric)) is not None
    ]
    known = sum(weights[signal.metric] for signal, _ in told)
    if not known:
        return ()
    found = []
    for signal, figure in told:
        share, points = 100 * weights[signal.metric] / known, signal.points(figure)
        costs, gives = share * (points - 1), share * points
        found.append((costs, gives, signal, figure))
    drags = sorted((item for item in found if item[0] <= -SLIGHT), key=lambda item: item[0])[:TOP]
    if drags:
        return [Reason(signal.metric, figure, costs, signal.words) for costs, _, signal, figure in drags]
    best = sorted((item for item in found if item[1] >= SLIGHT), key=lambda item: -item[1])[:TOP]
    return [Reason(signal.metric, figure, gives, signal.words) for _, gives, signal, figure in best]


def plain_weights(score: Score) -> dict[str, float]:
    """The weights as they are defined."""
    return {signal.metric: signal.weight for signal in score.signals}


def read_score(m: Mapped) -> Score:
    """The definition in a manifest of the kind `score`."""
    outcome = m.one("outcome")
    return Score(
        place=m.place,
        name=m.name("score"),
        label=m.label("label"),
        help=m.optional_label("help"),
        object=m.text("object"),
        where=m.text("where", ""),
        red=float(m.number("red", "40") or 0),
        green=float(m.number("green", "70") or 0),
        least=float(m.number("least", "0.3") or 0),
        outcome=_outcome(outcome) if outcome else None,
        calibrate=m.flag("calibrate", True),
        signals=tuple(_signal(item) for item in m.each("signals")),
    )


def _signal(m: Mapped) -> Signal:
    signal = Signal(
        m.text("metric"),
        float(m.number("weight") or 0),
        float(m.number("bad") or 0),
        float(m.number("good") or 0),
        m.label("words"),
    )
    m.close()
    return signal


def _outcome(m: Mapped) -> Outcome:
    outcome = Outcome(
        m.text("object"),
        m.text("per"),
        m.text("on"),
        m.text("won"),
        m.text("lost"),
        m.integer("days", 60),
    )
    m.close()
    return outcome
