"""Finding conflicts: what a definition finds among some records, or among all."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from chengdan.kernel.conflict import Conflict, ConflictKind
from chengdan.store import conflicts as statements
from chengdan.store import likenesses
from chengdan.store.statement import render
from chengdan.store.unit import Unit

_VERSION = re.compile(
    r"(?:[\s_\-—.]*(?:v?\d+(?:\.\d+)*|\(\d+\)|（\d+）|final|new|最终版?|定稿|最新版?|修订版?|第?[一二三四五六七八九十]+版|版))+$"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A clash: the record, the `other` one of a pair, what tells it from other clashes of the record, whom it concerns.

    `facts` are its evidence, latest first.
    """

    record: UUID
    other: UUID | None
    subject: str
    people: tuple[UUID, ...]
    facts: Sequence[Mapping[str, Any]]

    @property
    def sides(self) -> tuple[UUID, ...]:
        """The record and, of a pair, the other one."""
        return (self.record,) if self.other is None else (self.record, self.other)


def find(unit: Unit, conflict: Conflict, ids: Sequence[UUID] | None = None) -> Iterator[Found]:
    """What `conflict` finds among the records `ids`; None: among all."""
    return _FINDERS[conflict.kind](unit, conflict, ids)


def stem(name: str) -> str:
    """The name of a file without its ending and what tells versions apart."""
    bare = name.rpartition(".")[0] or name
    return (_VERSION.sub("", bare.casefold().strip()) or bare.casefold()).strip()


def _rows(
    unit: Unit, make: partial[Select[Any]], conflict: Conflict, ids: Sequence[UUID] | None
) -> list[Any]:
    since = unit.now - timedelta(days=conflict.days)
    sql, params = render(make(some=ids is not None)).bound(ids=list(ids or ()), since=since, now=unit.now)
    return unit.execute(sql, params).fetchall()


def _people(unit: Unit, conflict: Conflict, ids: Sequence[UUID] | None) -> Iterator[Found]:
    child = unit.snapshot.children_of(conflict.object)[conflict.of]
    make = partial(statements.people_statement, unit.edition, unit.sql_context, conflict, child)
    by_record = defaultdict(list)
    for record, person, at, made in _rows(unit, make, conflict, ids):
        by_record[record].append({"user": person, "at": at, "object": child.object, "record": made})
    for record, facts in by_record.items():
        yield Found(record, None, "", tuple(fact["user"] for fact in facts), facts)


def _twins(unit: Unit, conflict: Conflict, ids: Sequence[UUID] | None) -> Iterator[Found]:
    what = likenesses.compared(unit, [conflict])
    make = partial(statements.twins_statement, unit.edition, unit.sql_context, conflict, what)
    names = {one.mark: one.field.name for one in what}
    done = set()
    for one, owner, other, others, marks in _rows(unit, make, conflict, ids):
        pair = tuple(sorted(((one, owner), (other, others)), key=lambda side: side[0]))
        (record, first), (twin, second) = pair
        if (record, twin) not in done:
            done.add((record, twin))
            people = tuple(dict.fromkeys(owner for owner in (first, second) if owner is not None))
            yield Found(record, twin, str(twin), people, [{"field": names[mark]} for mark in marks])


def _files(unit: Unit, conflict: Conflict, ids: Sequence[UUID] | None) -> Iterator[Found]:
    child = unit.snapshot.children_of(conflict.object)[conflict.of]
    make = partial(statements.files_statement, unit.edition, unit.sql_context, conflict, child)
    groups: dict[tuple[UUID, str], list[dict[str, Any]]] = defaultdict(list)
    owners: dict[tuple[UUID, str], dict[UUID, None]] = defaultdict(dict)
    for record, file, name, sha256, made, user, at, owner in _rows(unit, make, conflict, ids):
        place = record, stem(name)
        fact = {"user": user, "at": at, "object": child.object, "record": made}
        groups[place].append({**fact, "file": file, "name": name, "sha256": sha256})
        owners[place].update(dict.fromkeys(person for person in (owner, user) if person is not None))
    for (record, subject), facts in groups.items():
        if len({fact["sha256"] for fact in facts}) > 1:
            yield Found(record, None, subject, tuple(owners[record, subject]), facts[:20])


_FINDERS = {ConflictKind.PEOPLE: _people, ConflictKind.TWINS: _twins, ConflictKind.FILES: _files}
