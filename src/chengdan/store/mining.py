"""What process analysis asks of the marks: visits of stages by `lead` and `lag`, and figures over them, within the viewer's reach.

A visit counts on the day it ended: then it is known how, and how long it took, and no period is unfair to what is still open.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    FromClause,
    Select,
    Subquery,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    case,
    cast,
    column,
    exists,
    extract,
    func,
    literal,
    literal_column,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on
from sqlalchemy.sql.functions import FunctionElement

from chengdan.expr import Expression
from chengdan.kernel.field import NUMERIC, FieldType
from chengdan.kernel.mark import MarkKind
from chengdan.kernel.pipeline import Pipeline, StageKind
from chengdan.store import system
from chengdan.store.panels import within
from chengdan.store.query import Viewing, labelled, stored

MOST_EDGES = 400
MOST_GROUPS = 500
BANDS = 4
"""Into how many bands of equal size amounts are cut to find like records."""

Condition = ColumnElement[bool]
_SINCE = bindparam("since", type_=system.Instant)
_UNTIL = bindparam("until", type_=system.Instant)


@dataclass(frozen=True)
class Sample:
    """Which records are looked at: those of a pipeline's object within the viewer's reach that satisfy the filter.

    The period is left open in the statements: `since` and `until`.
    """

    viewing: Viewing
    pipeline: Pipeline
    filter: Expression | None

    @property
    def object(self) -> str:
        return self.pipeline.object

    def names(self, *kinds: StageKind) -> list[str]:
        return [stage.name for stage in self.pipeline.stages if stage.kind in kinds]

    def records(self) -> CTE:
        """The records, with what figures are grouped by."""
        table = self.viewing.edition.tables.alias(self.object)
        conditions = within(self.viewing, self.object, table, self.filter)
        stage = table.c[self.pipeline.field].label("now")
        return select(table.c.id, table.c.owner, table.c.team, stage).where(*conditions).cte("records")

    def place(self, stage: ColumnElement[Any]) -> ColumnElement[int]:
        """The place of a stage in the order of the pipeline; null for one that it has no longer."""
        order = {name.name: index for index, name in enumerate(self.pipeline.stages)}
        return case(order, value=stage, else_=None)

    def among(self, stage: ColumnElement[Any], *kinds: StageKind) -> Condition:
        return _one_of(stage, self.names(*kinds))


@dataclass(frozen=True)
class Visits:
    """The visits of stages: one row each, with how it ended."""

    sample: Sample
    rows: CTE

    @classmethod
    def of(cls, sample: Sample) -> "Visits":
        mark, records = system.mark.alias("m"), sample.records()
        chosen = (
            select(
                mark.c.record_id,
                records.c.owner,
                records.c.team,
                records.c.now,
                mark.c.name.label("stage"),
                mark.c.at.label("entered_at"),
                mark.c.met.label("came_with"),
                mark.c.without.label("came_without"),
                _along(mark, func.lag(mark.c.name)).label("before"),
                _along(mark, func.lead(mark.c.name)).label("next"),
                _along(mark, func.lead(mark.c.at)).label("left_at"),
                _along(mark, func.lead(mark.c.met)).label("met"),
                _along(mark, func.lead(mark.c.without)).label("without"),
                _along(mark, func.first_value(mark.c.at)).label("began_at"),
                _along(mark, func.row_number(), mark.c.name).label("nth"),
            )
            .select_from(mark.join(records, records.c.id == mark.c.record_id))
            .where(mark.c.object == sample.object, mark.c.kind == str(MarkKind.ENTERED))
        )
        return cls(sample, chosen.cte("visits"))

    @property
    def entered(self) -> Condition:
        return _inside(self.rows.c.entered_at)

    @property
    def ended(self) -> Condition:
        return _inside(self.rows.c.left_at)

    @property
    def forward(self) -> Condition:
        c, place = self.rows.c, self.sample.place
        return and_(self.ended, place(c.next) > place(c.stage), ~self.sample.among(c.next, StageKind.LOST))

    @property
    def lost(self) -> Condition:
        return and_(self.ended, self.sample.among(self.rows.c.next, StageKind.LOST))

    @property
    def back(self) -> Condition:
        c, place = self.rows.c, self.sample.place
        return and_(self.ended, place(c.next) < place(c.stage), ~self.sample.among(c.next, StageKind.LOST))

    @property
    def open(self) -> Condition:
        return and_(self.rows.c.left_at.is_(None), self.sample.among(self.rows.c.stage, StageKind.OPEN))

    @property
    def again(self) -> Condition:
        return and_(self.entered, self.rows.c.nth > 1)

    @property
    def bounced(self) -> Condition:
        """To a stage and straight back to where it came from: the second half of a ping-pong."""
        return and_(self.ended, self.rows.c.before == self.rows.c.next)

    @property
    def stay(self) -> ColumnElement[Any]:
        return _seconds(self.rows.c.left_at - self.rows.c.entered_at)

    def outcome(self, *kinds: StageKind) -> Condition:
        """Entered a final stage in the period, and stands there now."""
        c = self.rows.c
        return and_(self.entered, c.left_at.is_(None), self.sample.among(c.stage, *kinds))


def _one_of(column: ColumnElement[Any], names: Sequence[str]) -> Condition:
    return column == any_(literal(names, ARRAY(Text)))


def _along(
    mark: FromClause, function: FunctionElement[Any], *apart: ColumnElement[Any]
) -> ColumnElement[Any]:
    """A window function along the marks of each record, from the first to the present one; `apart` splits them further."""
    return function.over(
        partition_by=[mark.c.record_id, *apart], order_by=[mark.c.at, mark.c.id], rows=(None, 0)
    )


def _inside(at: ColumnElement[Any]) -> Condition:
    return and_(at >= _SINCE, at < _UNTIL)


def _seconds(span: ColumnElement[Any]) -> ColumnElement[Any]:
    return cast(extract("epoch", span), Float)


def _typical(value: ColumnElement[Any], where: Condition) -> ColumnElement[Any]:
    """Median and 90th percentile."""
    shares = cast(literal_column("'{0.5,0.9}'"), ARRAY(Float))
    return func.percentile_cont(shares).within_group(value).filter(where)


def _count(where: Condition) -> ColumnElement[int]:
    return func.count().filter(where)


def stages_statement(sample: Sample) -> Select[Any]:
    """Per stage: entered, ended, went on, were lost, went back, are there now, entered again; [median, p90] of seconds spent."""
    visits = Visits.of(sample)
    counted = (
        visits.entered,
        visits.ended,
        visits.forward,
        visits.lost,
        visits.back,
        visits.open,
        visits.again,
    )
    figures = [_count(where) for where in counted]
    return select(visits.rows.c.stage, *figures, _typical(visits.stay, visits.ended)).group_by(
        visits.rows.c.stage
    )


def outcome_statement(sample: Sample) -> Select[Any]:
    """Over the records that were won or lost in the period: how many of each, and [median, p90] of seconds until won."""
    visits = Visits.of(sample)
    won, lost = visits.outcome(StageKind.WON), visits.outcome(StageKind.LOST)
    taken = _seconds(visits.rows.c.entered_at - visits.rows.c.began_at)
    return select(_count(won), _count(lost), _typical(taken, won))


def flow_statement(sample: Sample) -> Select[Any]:
    """Per pair of stages that follow each other: how often, [median, p90] of seconds in the first, how often straight back."""
    visits = Visits.of(sample)
    c = visits.rows.c
    return (
        select(c.stage, c.next, func.count(), _typical(visits.stay, true()), _count(visits.bounced))
        .where(visits.ended)
        .group_by(c.stage, c.next)
        .order_by(func.count().desc())
        .limit(MOST_EDGES)
    )


def _crossings(visits: Visits, where: Condition) -> CTE:
    """For each record and deliverable the last time that a gate demanded it: whether it went without."""
    c = visits.rows.c
    columns = (c.record_id, c.owner, c.team, c.now, c.left_at)
    rows = _demanded(visits, (c.met, c.without), columns, where)
    last = (
        select(rows)
        .ext(distinct_on(rows.c.record_id, rows.c.name))
        .order_by(rows.c.record_id, rows.c.name, rows.c.left_at.desc())
    )
    return last.cte("crossings")


def _demanded(
    visits: Visits,
    sides: tuple[ColumnElement[Any], ColumnElement[Any]],
    columns: Sequence[ColumnElement[Any]],
    where: Condition,
) -> Subquery:
    """A row for each deliverable in the lists of a visit: in the first those that were there, in the second those that lacked."""
    parts = []
    for names, without in zip(sides, (False, True), strict=True):
        each = func.unnest(names).table_valued(column("name", Text)).lateral("each")
        parts.append(
            select(*columns, each.c.name, literal(without).label("without"))
            .select_from(visits.rows.join(each, true()))
            .where(where)
        )
    return union_all(*parts).subquery("demanded")


def demands_statement(sample: Sample) -> Select[Any]:
    """Per deliverable: over how many records its gate was passed with it and without it in the period."""
    crossings = _crossings(visits := Visits.of(sample), visits.forward)
    without = crossings.c.without
    return select(crossings.c.name, _count(~without), _count(without)).group_by(crossings.c.name)


def substeps_statement(sample: Sample) -> Select[Any]:
    """Per sub-step: times done, times done again, times undone, and [median, p90] of seconds since its stage was entered."""
    rows = _steps(sample)
    done = rows.c.kind == str(MarkKind.DONE)
    since = _seconds(rows.c.at - rows.c.entered_at)
    return (
        select(
            rows.c.name,
            _count(done),
            _count(and_(done, rows.c.nth > 1)),
            _count(rows.c.kind == str(MarkKind.UNDONE)),
            _typical(since, done),
        )
        .where(rows.c.kind != str(MarkKind.ENTERED), _inside(rows.c.at))
        .group_by(rows.c.name)
    )


def _steps(sample: Sample) -> CTE:
    """What was done, each with when the stage of that moment was entered, and which time it was."""
    mark, records = system.mark.alias("m"), sample.records()
    entered = func.max(case((mark.c.kind == str(MarkKind.ENTERED), mark.c.at)))
    kinds = [str(kind) for kind in (MarkKind.ENTERED, MarkKind.DONE, MarkKind.UNDONE)]
    return (
        select(
            mark.c.record_id,
            mark.c.kind,
            mark.c.name,
            mark.c.at,
            _along(mark, entered).label("entered_at"),
            _along(mark, func.row_number(), mark.c.name, mark.c.kind).label("nth"),
        )
        .select_from(mark.join(records, records.c.id == mark.c.record_id))
        .where(mark.c.object == sample.object, _one_of(mark.c.kind, kinds))
        .cte("steps")
    )


def map_statement(sample: Sample, with_substeps: bool) -> Select[Any]:
    """The directly-follows graph: from, to, how often, median seconds between. An empty name is the beginning."""
    mark, records = system.mark.alias("m"), sample.records()
    kinds = [MarkKind.ENTERED, MarkKind.DONE] if with_substeps else [MarkKind.ENTERED]
    rows = (
        select(
            mark.c.name,
            mark.c.at,
            _along(mark, func.lag(mark.c.name)).label("before"),
            _along(mark, func.lag(mark.c.at)).label("before_at"),
        )
        .select_from(mark.join(records, records.c.id == mark.c.record_id))
        .where(mark.c.object == sample.object, _one_of(mark.c.kind, [str(kind) for kind in kinds]))
        .cte("followed")
    )
    origin = func.coalesce(rows.c.before, "")
    between = _seconds(rows.c.at - rows.c.before_at)
    median = func.percentile_cont(literal_column("0.5")).within_group(between)
    return (
        select(origin, rows.c.name, func.count(), median)
        .where(_inside(rows.c.at))
        .group_by(origin, rows.c.name)
        .order_by(func.count().desc())
        .limit(MOST_EDGES)
    )


def skippers_statement(sample: Sample, name: str) -> Select[Any]:
    """For one deliverable, per owner with his team: passes with it, without it, and of each of these how many were won, lost."""
    crossings = _crossings(visits := Visits.of(sample), visits.forward)
    c = crossings.c
    won, lost = sample.among(c.now, StageKind.WON), sample.among(c.now, StageKind.LOST)
    groups = (
        select(
            c.team,
            c.owner,
            *(
                _count(and_(side, *more))
                for side in (~c.without, c.without)
                for more in ((), (won,), (lost,))
            ),
        )
        .where(c.name == name)
        .group_by(c.team, c.owner)
        .order_by(func.count().desc())
        .limit(MOST_GROUPS)
    ).subquery("groups")
    g = list(groups.c)
    return select(labelled(sample.viewing, "team", g[0]), labelled(sample.viewing, "user", g[1]), *g[2:])


def alike_statement(sample: Sample, name: str, fields: Sequence[str]) -> Select[Any]:
    """For one deliverable, per group of like records whose outcome is known: with it: how many, of these won; the same without."""
    crossings = _crossings(visits := Visits.of(sample), visits.forward)
    item = sample.viewing.edition.snapshot.objects[sample.object]
    table = sample.viewing.edition.tables.alias(sample.object)
    groups = []
    for number, field in enumerate(fields):
        value = stored(sample.viewing, item, field, table)
        if item.by_name[field].type in (*NUMERIC, FieldType.MONEY, FieldType.INTEGER):
            value = case((value.is_(None), 0), else_=func.ntile(BANDS).over(order_by=value))
        groups.append(func.coalesce(cast(value, Text), "").label(f"g{number}"))
    c = crossings.c
    won = sample.among(c.now, StageKind.WON).label("won")
    rows = (
        select(c.without, won, *groups)
        .select_from(crossings.join(table, table.c.id == c.record_id))
        .where(c.name == name, sample.among(c.now, StageKind.WON, StageKind.LOST))
        .subquery("outcomes")
    )
    side = rows.c.without
    counted = [~side, and_(~side, rows.c.won), side, and_(side, rows.c.won)]
    figures: list[ColumnElement[Any]] = [_count(where) for where in counted]
    return select(*figures).group_by(*(rows.c[f"g{number}"] for number in range(len(fields))))


def closed_statement(sample: Sample) -> Select[Any]:
    """Over the records won or lost in the period, per deliverable: passed its gate with it, of these won; the same without."""
    visits = Visits.of(sample)
    closed = (
        select(visits.rows.c.record_id).where(visits.outcome(StageKind.WON, StageKind.LOST)).cte("closed")
    )
    crossed = and_(
        visits.rows.c.record_id.in_(select(closed.c.record_id)),
        sample.place(visits.rows.c.next) > sample.place(visits.rows.c.stage),
        ~sample.among(visits.rows.c.next, StageKind.LOST),
    )
    crossings = _crossings(visits, crossed)
    c = crossings.c
    won = sample.among(c.now, StageKind.WON)
    counted = (~c.without, and_(~c.without, won), c.without, and_(c.without, won))
    return select(c.name, *[_count(where) for where in counted]).group_by(c.name)


def entries_statement(sample: Sample) -> Select[Any]:
    """Over the visits that ended in the period, per stage and deliverable of the gate before it: came in with it, of these
    went on; came in without it, of these went on."""
    visits = Visits.of(sample)
    c = visits.rows.c
    forward = visits.forward.label("forward")
    rows = _demanded(visits, (c.came_with, c.came_without), (c.stage, forward), visits.ended)
    r = rows.c
    counted = [~r.without, and_(~r.without, r.forward), r.without, and_(r.without, r.forward)]
    return select(r.stage, r.name, *[_count(where) for where in counted]).group_by(r.stage, r.name)


def log_records_statement(sample: Sample, references: Sequence[str], limit: int) -> Select[Any]:
    """The records with a mark in the period behind the open parameter `after`, by id: id, title, stage, references with labels."""
    table = sample.viewing.edition.tables.alias(sample.object)
    item = sample.viewing.edition.snapshot.objects[sample.object]
    mark = system.mark.alias("m")
    touched = exists().where(
        mark.c.object == sample.object, mark.c.record_id == table.c.id, _inside(mark.c.at)
    )
    hidden = item.title in sample.viewing.access(sample.object).hidden
    title = literal(None) if hidden else stored(sample.viewing, item, item.title, table)
    related = [labelled(sample.viewing, item.by_name[name].object, table.c[name]) for name in references]
    return (
        select(table.c.id, cast(title, Text), table.c[sample.pipeline.field], *related)
        .where(
            *within(sample.viewing, sample.object, table, sample.filter),
            touched,
            table.c.id > bindparam("after", type_=Uuid),
        )
        .order_by(table.c.id)
        .limit(limit)
    )


def log_marks_statement(sample: Sample) -> Select[Any]:
    """The marks of the records `ids` (an open parameter): number, record, instant, kind, name, stage, and who did it."""
    mark, user = system.mark.alias("m"), sample.viewing.seen("user")
    return (
        select(
            mark.c.id,
            mark.c.record_id,
            mark.c.at,
            mark.c.kind,
            mark.c.name,
            mark.c.stage,
            func.coalesce(mark.c.resource, user.c.name),
        )
        .select_from(mark.outerjoin(user, user.c.id == mark.c.actor))
        .where(mark.c.object == sample.object, mark.c.record_id == any_(bindparam("ids", type_=ARRAY(Uuid))))
        .order_by(mark.c.record_id, mark.c.at, mark.c.id)
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the report, to be opened: what is counted, of which stage, towards which, of which sub-step."""

    measure: str
    stage: str = ""
    to: str = ""
    step: str = ""


def figure_statement(sample: Sample, figure: Figure, limit: int) -> Select[Any]:
    """The records behind a figure, the latest first: id, title, owner, stage, when, seconds; and how many there are at all."""
    visits = Visits.of(sample)
    found = _behind(sample, visits, figure)
    ranked = select(
        found.c.record_id,
        found.c.at,
        found.c.seconds,
        func.row_number().over(partition_by=found.c.record_id, order_by=found.c.at.desc()).label("nth"),
    ).subquery("ranked")
    once = (
        select(ranked.c.record_id, ranked.c.at, ranked.c.seconds, func.count().over().label("total"))
        .where(ranked.c.nth == 1)
        .order_by(ranked.c.at.desc())
        .limit(limit)
        .subquery("once")
    )
    item = sample.viewing.edition.snapshot.objects[sample.object]
    table = sample.viewing.edition.tables.alias(sample.object)
    hidden = item.title in sample.viewing.access(sample.object).hidden
    title = literal(None) if hidden else stored(sample.viewing, item, item.title, table)
    return (
        select(
            table.c.id,
            cast(title, Text),
            labelled(sample.viewing, "user", table.c.owner),
            table.c[sample.pipeline.field],
            once.c.at,
            once.c.seconds,
            once.c.total,
        )
        .select_from(once.join(table, table.c.id == once.c.record_id))
        .order_by(once.c.at.desc())
    )


def _behind(sample: Sample, visits: Visits, figure: Figure) -> CTE:
    c = visits.rows.c
    if figure.measure in ("done", "redone"):
        steps = _steps(sample)
        s = steps.c
        conditions = [s.kind == str(MarkKind.DONE), s.name == figure.step, _inside(s.at)]
        if figure.measure == "redone":
            conditions.append(s.nth > 1)
        return (
            select(s.record_id, s.at, _seconds(s.at - s.entered_at).label("seconds"))
            .where(*conditions)
            .cte("found")
        )
    if figure.measure in ("met", "skipped"):
        crossings = _crossings(visits, visits.forward)
        x = crossings.c
        side = x.without if figure.measure == "skipped" else ~x.without
        nothing = cast(literal(None), Float).label("seconds")
        return (
            select(x.record_id, x.left_at.label("at"), nothing)
            .where(x.name == figure.step, side)
            .cte("found")
        )
    where, at = _conditions(visits)[figure.measure]
    conditions = [where]
    if figure.stage:
        conditions.append(c.stage == figure.stage)
    if figure.to:
        conditions.append(c.next == figure.to)
    return select(c.record_id, at.label("at"), visits.stay.label("seconds")).where(*conditions).cte("found")


def _conditions(visits: Visits) -> dict[str, tuple[Condition, ColumnElement[Any]]]:
    c = visits.rows.c
    return {
        "entered": (visits.entered, c.entered_at),
        "ended": (visits.ended, c.left_at),
        "forward": (visits.forward, c.left_at),
        "lost": (visits.lost, c.left_at),
        "back": (visits.back, c.left_at),
        "open": (visits.open, c.entered_at),
        "again": (visits.again, c.entered_at),
        "bounced": (visits.bounced, c.left_at),
        "won_outcome": (visits.outcome(StageKind.WON), c.entered_at),
        "lost_outcome": (visits.outcome(StageKind.LOST), c.entered_at),
    }


MEASURES = (
    "entered", "ended", "forward", "lost", "back", "open", "again", "bounced", "won_outcome", "lost_outcome",
    "done", "redone", "met", "skipped",
)  # fmt: skip
