"""One deliverable that is skipped: by whom, and what became of the records, plain and among like ones."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    Text,
    and_,
    case,
    cast,
    func,
    select,
)

from chengdan.kernel.field import NUMERIC, FieldType
from chengdan.kernel.pipeline import StageKind
from chengdan.store.mining.deliverables import crossings
from chengdan.store.mining.moves import Moves
from chengdan.store.mining.sample import Sample, count
from chengdan.store.query import labelled, stored

MOST_GROUPS = 500
BANDS = 4
"""Into how many bands of equal size amounts are cut to find like records."""


def skippers_statement(sample: Sample, name: str) -> Select[Any]:
    """For one deliverable, per owner with his team: passes with it, without it, and of each of these how many were won, lost."""
    c = _passes(sample, name).c
    won, lost = sample.among(c.now, StageKind.WON), sample.among(c.now, StageKind.LOST)
    groups = (
        select(
            c.team,
            c.owner,
            *(count(and_(side, *more)) for side in (~c.lacked, c.lacked) for more in ((), (won,), (lost,))),
        )
        .group_by(c.team, c.owner)
        .order_by(func.count().desc())
        .limit(MOST_GROUPS)
    ).subquery("groups")
    g = list(groups.c)
    return select(labelled(sample.viewing, "team", g[0]), labelled(sample.viewing, "user", g[1]), *g[2:])


def alike_statement(sample: Sample, name: str, fields: Sequence[str]) -> Select[Any]:
    """For one deliverable, per group of like records whose outcome is known: with it: how many, of these won; the same without."""
    passes = _passes(sample, name)
    item = sample.viewing.edition.snapshot.objects[sample.object]
    table = sample.viewing.edition.tables.alias(sample.object)
    groups = []
    for number, field in enumerate(fields):
        value = stored(sample.viewing, item, field, table)
        if item.by_name[field].type in (*NUMERIC, FieldType.MONEY, FieldType.INTEGER):
            value = case((value.is_(None), 0), else_=func.ntile(BANDS).over(order_by=[value, table.c.id]))
        groups.append(func.coalesce(cast(value, Text), "").label(f"g{number}"))
    c = passes.c
    won = sample.among(c.now, StageKind.WON).label("won")
    rows = (
        select(c.lacked, won, *groups)
        .select_from(passes.join(table, table.c.id == c.record_id))
        .where(sample.among(c.now, StageKind.WON, StageKind.LOST))
        .subquery("outcomes")
    )
    side = rows.c.lacked
    counted = [~side, and_(~side, rows.c.won), side, and_(side, rows.c.won)]
    figures: list[ColumnElement[Any]] = [count(where) for where in counted]
    return select(*figures).group_by(*(rows.c[f"g{number}"] for number in range(len(fields))))


def _passes(sample: Sample, name: str) -> CTE:
    """Where the deliverable was demanded in the period, whose record that was, and where it stands now."""
    moves = Moves(sample)
    return crossings(moves, moves.inside, name)
