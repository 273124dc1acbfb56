"""What somebody who leaves holds, and to whom it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Text, Uuid, any_, bindparam, func, literal, not_, select

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.expr import Kind
from chengdan.expr.sql import compile_filter
from chengdan.kernel.field import FieldType
from chengdan.kernel.process_audit import ProcessAudit
from chengdan.run.audits.reviewing import JUDGING
from chengdan.run.errors import Forbidden, NotFound
from chengdan.run.holding import require
from chengdan.run.leaving import beside
from chengdan.run.mail import accounts
from chengdan.store.statement import render
from chengdan.store.unit import Unit

PERMISSION, MANAGING = "hand_over", "manage_users"
OWNER = "owner"
MAX_RECEIVERS = 50
_LEAVER: LiteralString = 'SELECT name, team, active FROM data."user" WHERE id = %s AND archived_at IS NULL'


class BadReceiver(ChengdanError):
    """Somebody who cannot take over: the leaver, or nobody active."""

    code = "LEAVE-001"
    status = 422
    zh = "接手人必须是另一位在职的人。"
    en = "Whoever takes over must be somebody else who is active."


class ReceiverMissing(ChengdanError):
    code = "LEAVE-002"
    status = 422
    zh = "没有说明“{object}”交给谁。"
    en = "It is not said who takes over {object}."
    hint_zh = "选一位默认接手人，或逐类指定。"
    hint_en = "Choose somebody for all, or somebody for each kind."


class NoPoolForIt(ChengdanError):
    code = "LEAVE-003"
    status = 422
    zh = "“{object}”没有公海。"
    en = "{object} has no pool."


class NotForChoosing(ChengdanError):
    """Reviews of an audit, which only somebody who is not tied to them may take over."""

    code = "LEAVE-005"
    status = 422
    zh = "“{object}”只能由与被审的事无关的审计人接手，不能指定。"
    en = "{object} go to reviewers who are not tied to them; nobody chooses whom."


@dataclass(frozen=True, slots=True)
class Place:
    """Where records name a person: the object, and the field; of reviews the audit that says who may take over."""

    object: str
    field: str
    audit: ProcessAudit | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Where records go: to one or several people in turn (`to`), into the `pool`, or nowhere (`keep`)."""

    to: tuple[UUID, ...] = ()
    pool: bool = False
    keep: bool = False


def places(unit: Unit) -> list[Place]:
    """Every field of a record that names a user and may be given another one; parents before their children.

    Of an audit that is the owner of a review, whose turn it is: who was drawn, judged and decided stays as it was.
    """
    audits = unit.snapshot.audits.values()
    reviews = {audit.reviews: audit for audit in audits}
    books = {name for audit in audits for name in (audit.draws, audit.verdicts)}
    rank = unit.snapshot.upwards
    objects = sorted(unit.snapshot.objects.values(), key=lambda item: -rank.get(item.name, 0))
    found = []
    for item in objects:
        if item.name in books:
            continue
        found.append(Place(item.name, OWNER, reviews.get(item.name)))
        if item.name not in reviews:
            found += [
                Place(item.name, field.name)
                for field in item.fields
                if field.type is FieldType.USER and not (field.system or field.readonly or field.derived)
            ]
    return found


def condition(unit: Unit, place: Place, table: Any) -> list[ColumnElement[bool]]:
    """Which records go: unarchived ones of the open parameter `person` that don't stay with who did them."""
    conditions = [table.c[place.field] == bindparam("person", type_=Uuid), table.c.archived_at.is_(None)]
    if place.audit is not None:
        conditions.append(table.c.status == any_(literal([str(one) for one in JUDGING], ARRAY(Text))))
    stays = unit.snapshot.objects[place.object].stays
    if stays:
        expression = unit.snapshot.compiled(place.object, stays, expect=Kind.BOOLEAN).expression
        conditions.append(not_(func.coalesce(compile_filter(expression, table, unit.sql_context), False)))
    return conditions


@dataclass(frozen=True, slots=True)
class Leaver:
    """Somebody whose things go to others; `active` until the account is closed, which may have come first."""

    name: str
    team: UUID | None
    active: bool


def leaver(unit: Unit, person: UUID) -> Leaver:
    """Somebody whom the principal may hand over: anybody for those who manage users, else people of their teams.

    Raises NotPermitted, NotFound, Forbidden.
    """
    require(unit, PERMISSION)
    row = unit.execute(_LEAVER, (person,)).fetchone()
    if row is None:
        raise NotFound(path="person")
    known = Leaver(*row)
    if not in_charge_of(unit, person, known.team):
        raise Forbidden(path="person")
    return known


def in_charge_of(unit: Unit, person: UUID, team: UUID | None) -> bool:
    """Whether the principal may hand over somebody of `team`: never themselves."""
    above = unit.snapshot.permitted(unit.principal, MANAGING)
    return person != unit.principal.user and (above or team in unit.principal.team_tree)


def preview(reader: Unit, person: UUID) -> Mapping[str, Any]:
    """What somebody holds, by object and field, their mail accounts, and what else hangs on them. Raises as `leaver`."""
    known = leaver(reader, person)
    asked = places(reader)
    counts = []
    for place in asked:
        table = reader.tables.alias(place.object)
        counts.append(select(func.count()).where(*condition(reader, place, table)).scalar_subquery())
    sql, params = render(select(*counts)).bound(person=person)
    row = reader.execute(sql, params).fetchone() or ()
    objects = reader.snapshot.objects
    return {
        "person": {"id": person, "label": known.name, "active": known.active},
        "records": [
            {
                "object": place.object,
                "field": place.field,
                "label": objects[place.object].by_name[place.field].label,
                "count": count,
                "pool": place.field == OWNER and reader.snapshot.pool_of(place.object) is not None,
                "audit": place.audit is not None,
            }
            for place, count in zip(asked, row, strict=True)
            if count
        ],
        "mail": [
            {"id": account.id, "address": account.address, "shared": account.team is not None}
            for account in accounts.of_person(reader, person)
        ],
        "beside": beside.counts(reader, person),
        "may_close": known.active and reader.snapshot.permitted(reader.principal, MANAGING),
    }


def read_rules(unit: Unit, person: UUID, given: Mapping[str, Any], rest: Sequence[UUID]) -> dict[str, Rule]:
    """Who takes over each object, checked. Raises BadReceiver, ReceiverMissing, NoPoolForIt, NotForChoosing."""
    rules: dict[str, Rule] = {}
    for name, rule in given.items():
        item = unit.snapshot.object(name)
        if item is None:
            raise ReceiverMissing(path=name, object=name)
        rules[name] = Rule(
            tuple(UUID(str(one)) for one in rule.get("to", ())),
            bool(rule.get("pool")),
            bool(rule.get("keep")),
        )
        if rules[name].pool and unit.snapshot.pool_of(name) is None:
            raise NoPoolForIt(path=name, object=item.label)
    for place in places(unit):
        label = unit.snapshot.objects[place.object].label
        if place.audit is not None:
            if place.object in rules:
                raise NotForChoosing(path=place.object, object=label)
            continue
        if place.object not in rules and rest:
            rules[place.object] = Rule(tuple(rest))
        rule = rules.get(place.object)
        if rule is None or not (rule.to or rule.pool or rule.keep):
            raise ReceiverMissing(path=place.object, object=label)
    _check_receivers(unit, person, {one for rule in rules.values() for one in rule.to})
    return rules


def read_mail(
    unit: Unit, person: UUID, given: Mapping[str, Any], rest: Sequence[UUID]
) -> dict[UUID, UUID | None]:
    """Who takes over each mail account; None: it is closed. Raises NotFound, BadReceiver, ReceiverMissing."""
    held = {account.id: account for account in accounts.of_person(unit, person)}
    found: dict[UUID, UUID | None] = {}
    for name, rule in given.items():
        if UUID(name) not in held:
            raise NotFound(path=f"mail.{name}")
        found[UUID(name)] = None if rule.get("close") else UUID(str(rule["to"]))
    for id, account in held.items():
        if id not in found and not rest:
            raise ReceiverMissing(path=f"mail.{id}", object=Label(account.address, account.address))
        found.setdefault(id, rest[0] if rest else None)
    _check_receivers(unit, person, {one for one in found.values() if one is not None})
    return found


def _check_receivers(unit: Unit, person: UUID, receivers: set[UUID]) -> None:
    active = unit.execute(
        'SELECT id FROM data."user" WHERE id = ANY(%s) AND active AND archived_at IS NULL',
        (sorted(receivers),),
    ).fetchall()
    if person in receivers or len(active) != len(receivers) or len(receivers) > MAX_RECEIVERS:
        raise BadReceiver(path="to")
