"""The marks as a log of events, to be taken away."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    exists,
    func,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from chengdan.store import system
from chengdan.store.mining.sample import Sample, inside
from chengdan.store.panels import within
from chengdan.store.query import labelled, stored


def log_records_statement(sample: Sample, references: Sequence[str], limit: int) -> Select[Any]:
    """The records with a mark in the period behind the open parameter `after`, by id: id, title, stage, references with labels."""
    table = sample.viewing.edition.tables.alias(sample.object)
    item = sample.viewing.edition.snapshot.objects[sample.object]
    mark = system.mark.alias("m")
    touched = exists().where(
        mark.c.object == sample.object, mark.c.record_id == table.c.id, inside(mark.c.at)
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
