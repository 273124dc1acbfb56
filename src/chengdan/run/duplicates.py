"""Duplicates: what may be there already of a record that is about to be made, as far as its maker may know.

Of records that the maker may not see only an exact likeness is told: that it is there, by which field, and whom to ask.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from rapidfuzz import fuzz
from sqlalchemy import ARRAY, Uuid, any_, literal, select

from chengdan.kernel.access import Act
from chengdan.kernel.conflict import ConflictKind
from chengdan.kernel.likeness import Likeness
from chengdan.run.errors import Forbidden
from chengdan.run.holding import object_of
from chengdan.run.people import names_of
from chengdan.store import likenesses
from chengdan.store.likenesses import Compared
from chengdan.store.statement import render
from chengdan.store.unit import Unit
from chengdan.store.visibility import reach, scope_params

MAX_SHOWN = 8
MAX_EXACT = 50
LEAST_SCORE = 78.0
"""Of near company names those are worth a look that agree this much, 0–100; most of them are other companies all the same."""


@dataclass(frozen=True, slots=True)
class Like:
    """A record that may be the same: by which field, how near (100: the same), and whether that is exact."""

    record: UUID
    field: str
    score: float
    exact: bool


def duplicates(reader: Unit, object: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Records that may be the same as one with these `values`, the nearest first. Raises NoSuchObject, Forbidden."""
    item, access = object_of(reader, object)
    if not access.may(Act.CREATE):
        raise Forbidden()
    twins = [
        one for one in reader.snapshot.conflicts.values()
        if one.object == item.name and one.kind is ConflictKind.TWINS
    ]  # fmt: skip
    found: dict[UUID, Like] = {}
    what = [one for one in likenesses.compared(reader, twins) if one.field.name not in access.hidden]
    for like in (*_exact(reader, object, what, values), *_near(reader, object, what, values)):
        known = found.get(like.record)
        if known is None or like.score > known.score:
            found[like.record] = like
    return _shown(reader, object, sorted(found.values(), key=lambda one: (-one.score, str(one.record))))


def _exact(reader: Unit, object: str, what: list[Compared], values: Mapping[str, Any]) -> list[Like]:
    keys = {one.mark: key for one in what if (key := one.key(values.get(one.field.name)))}
    fields = {one.mark: one.field.name for one in what}
    rows = likenesses.same(reader, object, keys, MAX_EXACT)
    return [Like(id, fields[mark], 100.0, True) for id, mark in rows]


def _near(reader: Unit, object: str, what: list[Compared], values: Mapping[str, Any]) -> list[Like]:
    """Company names that are almost the same, cities aside."""
    found = []
    for one in what:
        key = one.key(values.get(one.field.name)) if one.like is Likeness.COMPANY else ""
        if not key:
            continue
        city, _, core = key.partition("|")
        for id, other in likenesses.near(reader, object, one.mark, key):
            elsewhere, _, named = other.partition("|")
            score = fuzz.ratio(core, named)
            if city and elsewhere and city != elsewhere:
                score -= 15
            if score >= LEAST_SCORE and other != key:
                found.append(Like(id, one.field.name, min(score, 99.0), False))
    return found


def _shown(reader: Unit, object: str, likes: list[Like]) -> list[dict[str, Any]]:
    if not likes:
        return []
    item, table = reader.snapshot.objects[object], reader.tables[object]
    within = reach(reader.snapshot, reader.principal, object, Act.READ, table, reader.sql_context)
    ids = [one.record for one in likes]
    query = select(table.c.id, table.c[item.title], table.c.owner, within).where(
        table.c.id == any_(literal(ids, ARRAY(Uuid))), table.c.archived_at.is_(None)
    )
    sql, params = render(query).bound(**scope_params(reader.principal))
    heads = {id: rest for id, *rest in reader.execute(sql, params).fetchall()}
    names = names_of(reader, {owner for _, owner, _ in heads.values() if owner is not None})
    titled = item.title not in reader.snapshot.access(reader.principal, object).hidden
    shown = []
    for one in likes:
        if one.record not in heads:
            continue
        title, owner, visible = heads[one.record]
        if not visible and not one.exact:
            continue
        shown.append(
            {
                "id": one.record if visible else None,
                "label": title if visible and titled else None,
                "owner": {"id": owner, "label": names.get(str(owner))} if owner else None,
                "field": one.field,
                "exact": one.exact,
                "score": round(one.score),
            }
        )
    return shown[:MAX_SHOWN]
