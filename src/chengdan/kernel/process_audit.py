"""Process audits: every so often a share of an object's records is drawn and each deliverable judged by somebody who is not tied to it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction

from chengdan.base.label import Label
from chengdan.expr import Kind, Type
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped, WrongValue

DRAW_FIELDS = ("name", "period", "status", "announced_at", "draw_at", "population", "list_hash", "share", "seal", "seed", "drawn_at")  # fmt: skip
REVIEW_FIELDS = ("name", "draw", "subject", "judged", "reviewer", "stand_in", "second_reviewer", "stratum", "status", "score", "first_score", "remark", "appeal", "decision", "judged_at", "final_at")  # fmt: skip
VERDICT_FIELDS = ("name", "review", "deliverable", "stage", "weight", "shown", "verdict", "note", "contested")
"""The fields that the objects of draws, reviews and verdicts must have."""

BONUS_INPUTS: Mapping[str, Type] = {
    name: Type(Kind.NUMBER) for name in ("score", "lowest", "reviews", "upheld")
}
"""What a bonus expression reads beside the fields of the user: the mean and the lowest final score of the quarter, how many
reviews were finished, and in how many of them an appeal changed the score."""


class DrawStatus(StrEnum):
    """`announced`: the list is fixed and hashed. `seeded`: the seed is published. `drawn`: the reviews are out."""

    ANNOUNCED = "announced"
    SEEDED = "seeded"
    DRAWN = "drawn"


class ReviewStatus(StrEnum):
    """`assigned`: with the reviewer. `judged`: the owner may appeal. `appealed`: with a second reviewer. `final`: settled."""

    ASSIGNED = "assigned"
    JUDGED = "judged"
    APPEALED = "appealed"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of one deliverable, and how much it weighs in the score. Weight 0 leaves it out."""

    deliverable: str
    weight: int = 1
    ask: Label | None = None
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class ProcessAudit:
    """An audit of `object`: `share` percent of the records that satisfy `where`, stratified by the fields `strata`.

    The first period begins on `begin`, each lasts `every` days. On its first day the list is fixed; the seed is the hash of
    the first seal that covers that announcement; the draw follows `notice_hours` later. Whose work is judged stands in the
    user field `judged`; nobody of `role` reviews a record that names them, or a team of theirs, in one of the fields
    `apart`. `points` are what each verdict scores, 0–100; a verdict without points doesn't count. `bonus` is an expression
    over a user and BONUS_INPUTS: the amount for a quarter.
    """

    name: str
    label: Label
    object: str
    draws: str
    reviews: str
    verdicts: str
    share: Fraction
    begin: date
    every: int
    judged: str
    role: str
    where: str = ""
    strata: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    notice_hours: int = 24
    questions: tuple[Question, ...] = ()
    points: tuple[tuple[str, Decimal], ...] = ()
    bonus: str = ""
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    def period(self, day: date) -> date | None:
        """The first day of the period that `day` lies in; None before the first."""
        if day < self.begin:
            return None
        return self.begin + timedelta(days=(day - self.begin).days // self.every * self.every)

    def question(self, deliverable: str) -> Question:
        """What is asked of a deliverable: with weight 1 unless the audit says otherwise."""
        return next((one for one in self.questions if one.deliverable == deliverable), Question(deliverable))

    def score(self, verdicts: Iterable[tuple[int, str]]) -> Decimal | None:
        """The mean of the points of (weight, verdict) pairs by weight, 0–100 with two digits; None where none counts."""
        points = dict(self.points)
        counted = [(weight, points[verdict]) for weight, verdict in verdicts if verdict in points]
        total = sum(weight for weight, _ in counted)
        if not total:
            return None
        mean = sum((weight * point for weight, point in counted), Decimal(0)) / total
        return mean.quantize(Decimal("0.01"), ROUND_HALF_UP)


def read_process_audit(m: Mapped) -> ProcessAudit:
    """The definition in a manifest of the kind `audit`."""
    return ProcessAudit(
        place=m.place,
        name=m.name("audit"),
        label=m.label("label"),
        object=m.text("object"),
        draws=m.text("draws"),
        reviews=m.text("reviews"),
        verdicts=m.text("verdicts"),
        share=_share(m, m.text("share")),
        begin=_day(m, m.text("begin")),
        every=max(m.integer("every", 14), 1),
        notice_hours=m.integer("notice_hours", 24),
        judged=m.text("judged", "owner"),
        role=m.text("role"),
        where=m.text("where", ""),
        strata=m.texts("strata"),
        apart=m.texts("apart"),
        questions=tuple(_question(item) for item in m.each("questions")),
        points=_points(m, m.pairs("points")),
        bonus=m.text("bonus", ""),
    )


def _question(m: Mapped) -> Question:
    question = Question(m.text("deliverable"), m.integer("weight", 1), m.optional_label("ask"), m.place)
    m.close()
    return question


def _share(m: Mapped, text: str) -> Fraction:
    """A percentage above 0 and up to 100, as a fraction of 1."""
    try:
        share = Fraction(text) / 100
    except (ValueError, ZeroDivisionError):
        share = Fraction(0)
    if not 0 < share <= 1:
        m.complain(
            WrongValue, m.place, "share 应大于 0、不超过 100", "`share` must be above 0 and at most 100"
        )
        return Fraction(1)
    return share


def _day(m: Mapped, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        zh, en = f"“{text}”不是日期", f"`{text}` is no date"
        m.complain(WrongValue, m.place, zh, en, "写成 2026-01-05", "Write 2026-01-05")
        return date.min


def _points(m: Mapped, pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, Decimal], ...]:
    found = []
    for verdict, text in pairs:
        known = text.isascii() and text.isdigit() and int(text) <= 100
        if not known:
            m.complain(
                WrongValue,
                m.place,
                f"“{verdict}”的得分应为 0–100 的整数",
                f"the points of `{verdict}` must be a whole number from 0 to 100",
            )
        found.append((verdict, Decimal(text if known else 0)))
    return tuple(found)
