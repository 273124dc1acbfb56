"""How records within a viewer's reach stand: counted by colour beside an earlier day, and those that changed."""

from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    SmallInteger,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    func,
    null,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from chengdan.kernel.field import FieldType
from chengdan.kernel.score import Color, Score
from chengdan.store.query import Viewing, labelled, stored

_SCORE = table(
    "score", column("score", Text), column("record_id", Uuid), column("figures", JSONB), schema="chengdan"
)
_DAY = table(
    "score_day",
    column("score", Text),
    column("day", Date),
    column("record_id", Uuid),
    column("value", SmallInteger),
    column("color", Text),
    schema="chengdan",
)
MAX_GROUPS = 200


def _beside(viewing: Viewing, score: Score) -> tuple[FromClause, FromClause, FromClause, list[Any]]:
    """The records within reach, beside them how they stood on the open parameter `day`."""
    subject = viewing.edition.tables.alias(score.object)
    then = _DAY.alias()
    day = bindparam("day", type_=Date)
    joined = subject.outerjoin(
        then, (then.c.record_id == subject.c.id) & (then.c.score == score.name) & (then.c.day == day)
    )
    within = [subject.c.archived_at.is_(None), viewing.gathered(score.object, subject)]
    return subject, then, joined, within


def counts_statement(viewing: Viewing, score: Score, group: str) -> Select[Any]:
    """(key, label of the key, colour, colour on the day, records) over the records within reach, by the field `group`."""
    subject, then, joined, within = _beside(viewing, score)
    key: ColumnElement[Any] = subject.c[group] if group else null()
    color = subject.c[score.color_field]
    counted = (
        select(
            key.label("key"), color.label("now"), then.c.color.label("before"), func.count().label("records")
        )
        .select_from(joined)
        .where(*within, color.is_not(None) | then.c.color.is_not(None))
        .group_by(*([key] if group else []), color, then.c.color)
        .subquery("counted")
    )
    label: ColumnElement[Any] = null()
    if group:
        field = viewing.edition.snapshot.objects[score.object].by_name[group]
        if field.type in (FieldType.REFERENCE, FieldType.USER):
            keys = select(counted.c.key).distinct().limit(MAX_GROUPS).subquery("keys")
            names = select(keys.c.key, labelled(viewing, field.object, keys.c.key).label("label")).subquery(
                "names"
            )
            found = counted.join(names, names.c.key.is_not_distinct_from(counted.c.key))
            return select(
                counted.c.key, names.c.label, counted.c.now, counted.c.before, counted.c.records
            ).select_from(found)
    return select(counted.c.key, label, counted.c.now, counted.c.before, counted.c.records)


def turned_statement(viewing: Viewing, score: Score, limit: int) -> Select[Any]:
    """Records within reach whose colour is another than on the day, those that fell furthest first.

    (id, title, owner, value, colour, value and colour on the day, figures)
    """
    subject, then, joined, within = _beside(viewing, score)
    item = viewing.edition.snapshot.objects[score.object]
    hidden = item.title in viewing.access(score.object).hidden
    title = null() if hidden else stored(viewing, item, item.title, subject)
    value, color = subject.c[score.name], subject.c[score.color_field]
    rank = {name: index for index, name in enumerate(Color)}
    fallen = case(rank, value=then.c.color) - case(rank, value=color)
    figures = _SCORE.alias()
    return (
        select(
            subject.c.id,
            cast(title, Text),
            labelled(viewing, "user", subject.c.owner),
            value,
            color,
            then.c.value,
            then.c.color,
            figures.c.figures,
        )
        .select_from(
            joined.join(figures, (figures.c.record_id == subject.c.id) & (figures.c.score == score.name))
        )
        .where(*within, color.is_not(None), then.c.color.is_not(None), color != then.c.color)
        .order_by(fallen.desc(), (value - then.c.value), subject.c.id)
        .limit(limit)
    )


def figures_statement(viewing: Viewing, score: Score) -> Select[Any]:
    """(id, figures) of every record within reach that has a standing, as text."""
    subject, figures = viewing.edition.tables.alias(score.object), _SCORE.alias()
    return (
        select(subject.c.id, cast(figures.c.figures, Text))
        .select_from(
            subject.join(figures, (figures.c.record_id == subject.c.id) & (figures.c.score == score.name))
        )
        .where(subject.c.archived_at.is_(None), viewing.gathered(score.object, subject))
    )


def titles_statement(viewing: Viewing, score: Score) -> Select[Any]:
    """(id, title, owner) of records within reach, by the open parameter `ids`."""
    subject = viewing.edition.tables.alias(score.object)
    item = viewing.edition.snapshot.objects[score.object]
    hidden = item.title in viewing.access(score.object).hidden
    title = null() if hidden else stored(viewing, item, item.title, subject)
    wanted = (
        func.unnest(bindparam("ids", type_=ARRAY(Uuid)))
        .table_valued(column("id", Uuid))
        .render_derived(name="wanted")
    )
    return (
        select(subject.c.id, cast(title, Text), labelled(viewing, "user", subject.c.owner))
        .select_from(subject.join(wanted, wanted.c.id == subject.c.id))
        .where(viewing.reach(score.object, subject))
    )


def compared_day(connection: Any, score: Score, upto: date) -> date | None:
    """The latest day up to `upto` on which standings were kept."""
    row = connection.execute(
        "SELECT max(day) FROM chengdan.score_day WHERE score = %s AND day <= %s", (score.name, upto)
    ).fetchone()
    found: date | None = row[0] if row else None
    return found
