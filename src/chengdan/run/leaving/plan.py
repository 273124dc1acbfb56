"""What somebody who leaves holds, and to whom it goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, bindparam, func, not_, select

from chengdan.base.errors import ChengdanError
from chengdan.expr import Kind
from chengdan.expr.sql import compile_filter
from chengdan.kernel.field import FieldType
from chengdan.run.errors import Forbidden, NotFound
from chengdan.run.holding import require
from chengdan.run.principals import Known, resolve
from chengdan.store.statement import render
from chengdan.store.unit import Unit

PERMISSION = "hand_over"
OWNER = "owner"
MAX_RECEIVERS = 50
_BESIDE: Mapping[str, LiteralString] = {
    "views": "SELECT count(*) FROM chengdan.saved_view WHERE owner = %s AND shared <> 'none'",
    "shares": "SELECT count(*) FROM chengdan.share WHERE grantee = %s AND (until IS NULL OR until > now())",
    "mail": "SELECT count(*) FROM chengdan.mail_account WHERE owner = %s",
    "sessions": "SELECT count(*) FROM chengdan.session WHERE user_id = %s AND expires_at > now()",
    "tokens": "SELECT count(*) FROM chengdan.api_token WHERE user_id = %s AND revoked_at IS NULL",
}
"""What hangs on a person beside records: shared views go along, the rest ends with the account."""


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


@dataclass(frozen=True, slots=True)
class Place:
    """Where records name a person: the object, and the field."""

    object: str
    field: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Where records go: to one or several people in turn (`to`), into the `pool`, or nowhere (`keep`)."""

    to: tuple[UUID, ...] = ()
    pool: bool = False
    keep: bool = False


def places(unit: Unit) -> list[Place]:
    """Every field of a record that names a user and may be given another one; parents before their children."""
    rank = unit.snapshot.upwards
    objects = sorted(unit.snapshot.objects.values(), key=lambda item: -rank.get(item.name, 0))
    found = []
    for item in objects:
        found.append(Place(item.name, OWNER))
        found += [
            Place(item.name, field.name)
            for field in item.fields
            if field.type is FieldType.USER and not (field.system or field.readonly or field.derived)
        ]
    return found


def condition(unit: Unit, place: Place, table: Any) -> list[ColumnElement[bool]]:
    """Which records go: unarchived ones of the open parameter `person` that don't stay with who did them."""
    conditions = [table.c[place.field] == bindparam("person", type_=Uuid), table.c.archived_at.is_(None)]
    stays = unit.snapshot.objects[place.object].stays
    if stays:
        expression = unit.snapshot.compiled(place.object, stays, expect=Kind.BOOLEAN).expression
        conditions.append(not_(func.coalesce(compile_filter(expression, table, unit.sql_context), False)))
    return conditions


def leaver(unit: Unit, person: UUID) -> Known:
    """Somebody whom the principal may hand over: anybody for those who manage users, else people of their teams.

    Raises NotPermitted, NotFound, Forbidden.
    """
    require(unit, PERMISSION)
    known = resolve(unit.connection, person, unit.snapshot, unit.principal.locale, unit.principal.time_zone)
    if known is None:
        raise NotFound(path="person")
    above = unit.snapshot.permitted(unit.principal, "manage_users")
    if person == unit.principal.user or not (above or known.team in unit.principal.team_tree):
        raise Forbidden(path="person")
    return known


def preview(reader: Unit, person: UUID) -> Mapping[str, Any]:
    """What somebody holds, by object and field, and what else hangs on them. Raises as `leaver`."""
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
        "person": {"id": person, "label": known.principal.name},
        "records": [
            {
                "object": place.object,
                "field": place.field,
                "label": objects[place.object].by_name[place.field].label,
                "count": count,
                "pool": place.field == OWNER and reader.snapshot.pool_of(place.object) is not None,
            }
            for place, count in zip(asked, row, strict=True)
            if count
        ],
        "beside": {
            name: (reader.execute(question, (person,)).fetchone() or (0,))[0]
            for name, question in _BESIDE.items()
        },
        "may_close": reader.snapshot.permitted(reader.principal, "manage_users"),
    }


def read_rules(unit: Unit, person: UUID, given: Mapping[str, Any], rest: Sequence[UUID]) -> dict[str, Rule]:
    """Who takes over each object, checked. Raises BadReceiver, ReceiverMissing, NoPoolForIt."""
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
        if place.object not in rules and rest:
            rules[place.object] = Rule(tuple(rest))
        rule = rules.get(place.object)
        if rule is None or not (rule.to or rule.pool or rule.keep):
            raise ReceiverMissing(path=place.object, object=unit.snapshot.objects[place.object].label)
    _check_receivers(unit, person, {one for rule in rules.values() for one in rule.to})
    return rules


def _check_receivers(unit: Unit, person: UUID, receivers: set[UUID]) -> None:
    active = unit.execute(
        'SELECT id FROM data."user" WHERE id = ANY(%s) AND active AND archived_at IS NULL',
        (sorted(receivers),),
    ).fetchall()
    if person in receivers or len(active) != len(receivers) or len(receivers) > MAX_RECEIVERS:
        raise BadReceiver(path="to")
