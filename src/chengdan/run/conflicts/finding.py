"""Finding conflicts: what a definition finds among some records."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import Select

from chengdan.kernel.conflict import Conflict, ConflictKind
from chengdan.store import conflicts as statements
from chengdan.store import likenesses
from chengdan.store.statement import render
from chengdan.store.unit import Unit

MAX_FACTS = 20
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


def find(unit: Unit, conflict: Conflict, ids: Sequence[UUID]) -> Iterator[Found]:
    """Whatever `conflict` finds among the records `ids`."""
    return _FINDERS[conflict.kind](unit, conflict, ids)


def stem(name: str) -> str:
    """The name of a file without its ending and what tells versions apart."""
    bare = name.rpartition(".")[0] or name
    return (_VERSION.sub("", bare.casefold().strip()) or bare.casefold()).strip()


def _rows(unit: Unit, conflict: Conflict, statement: Select[Any], ids: Sequence[UUID]) -> Iterator[Any]:
    """All rows of a statement over these records, those of each together; where there are too many, by parts of the records."""
    asked, since = render(statement), unit.now - timedelta(days=conflict.days)
    waiting = [list(ids)]
    while waiting:
        part = waiting.pop()
        limit = statements.MAX_FOUND + 1 if len(part) > 1 else None
        sql, params = asked.bound(ids=part, since=since, now=unit.now, limit=limit)
        rows = unit.execute(sql, params).fetchall()
        if len(rows) == limit:
            middle = len(part) // 2
            waiting += [part[middle:], part[:middle]]
        else:
            yield from rows


def _by_record(rows: Iterable[Any]) -> Iterator[tuple[UUID, Iterator[Any]]]:
    return groupby(rows, key=itemgetter(0))


def _people(unit: Unit, conflict: Conflict, ids: Sequence[UUID]) -> Iterator[Found]:
    child = unit.snapshot.children_of(conflict.object)[conflict.of]
    statement = statements.people_statement(unit.edition, unit.sql_context, conflict, child)
    for record, rows in _by_record(_rows(unit, conflict, statement, ids)):
        facts = [
            {"user": person, "at": at, "object": child.object, "record": made} for _, person, at, made in rows
        ]
        yield Found(record, None, "", tuple(fact["user"] for fact in facts), facts)


def _twins(unit: Unit, conflict: Conflict, ids: Sequence[UUID]) -> Iterator[Found]:
    what = likenesses.compared(unit, [conflict])
    statement = statements.twins_statement(unit.edition, unit.sql_context, conflict, what)
    names = {one.mark: one.field.name for one in what}
    done = set()
    for one, owner, other, others, marks in _rows(unit, conflict, statement, ids):
        pair = tuple(sorted(((one, owner), (other, others)), key=lambda side: side[0]))
        (record, first), (twin, second) = pair
        if (record, twin) not in done:
            done.add((record, twin))
            people = tuple(dict.fromkeys(owner for owner in (first, second) if owner is not None))
            yield Found(record, twin, str(twin), people, [{"field": names[mark]} for mark in marks])


def _files(unit: Unit, conflict: Conflict, ids: Sequence[UUID]) -> Iterator[Found]:
    child = unit.snapshot.children_of(conflict.object)[conflict.of]
    statement = statements.files_statement(unit.edition, unit.sql_context, conflict, child)
    for record, rows in _by_record(_rows(unit, conflict, statement, ids)):
        groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
        owners: dict[str, dict[UUID, None]] = defaultdict(dict)
        for _, file, name, sha256, made, user, at, owner in rows:
            fact = {"user": user, "at": at, "object": child.object, "record": made}
            groups[stem(name)].append({**fact, "file": file, "name": name, "sha256": sha256})
            owners[stem(name)].update(dict.fromkeys(person for person in (owner, user) if person is not None))
        for subject, facts in groups.items():
            if len({fact["sha256"] for fact in facts}) > 1:
                yield Found(record, None, subject, tuple(owners[subject]), facts[:MAX_FACTS])


_FINDERS = {ConflictKind.PEOPLE: _people, ConflictKind.TWINS: _twins, ConflictKind.FILES: _files}
