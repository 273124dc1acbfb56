"""The hand-over itself: a job that gives record by record to who takes over, then what hangs on the person beside them.

Each record goes in a unit of its own through the one way to write. What was given is no longer found, so a job that was
killed goes on with what is left; a record that refuses is left with its reason in the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy import Uuid, bindparam, select

from chengdan.base.errors import ChengdanError
from chengdan.base.label import Label
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.field import FieldType
from chengdan.run import channels, notify
from chengdan.run.action import apply
from chengdan.run.audits.reviewing import pass_on
from chengdan.run.commands import Update
from chengdan.run.following import automation
from chengdan.run.holding import hold, require
from chengdan.run.jobs import Progress, defer
from chengdan.run.leaving import beside
from chengdan.run.leaving.plan import (
    MANAGING,
    OWNER,
    Place,
    Rule,
    condition,
    leaver,
    places,
    preview,
    read_mail,
    read_rules,
)
from chengdan.run.leaving.report import Handed, Report, keep
from chengdan.run.pools.claiming import going_along, let_go, pool_of
from chengdan.run.runtime import Runtime
from chengdan.store.statement import render
from chengdan.store.unit import Row, Unit

HAND_OVER = "hand_over"
LEFT = "left"
PART = 50
_FOLLOWED: LiteralString = (
    "SELECT new_user FROM chengdan.handed WHERE job = %s AND record_id = ANY(%s) AND field = 'owner' LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class Order:
    """What was asked for: whose things go, by which rules, where mail accounts go (None: closed), and to whom the rest."""

    job: UUID
    person: UUID
    name: str
    rules: Mapping[str, Rule]
    mail: Mapping[UUID, UUID | None]
    heir: UUID | None
    close: bool


def request(
    unit: Unit,
    person: UUID,
    given: Mapping[str, Any],
    rest: list[UUID],
    *,
    close: bool,
    mail: Mapping[str, Any] | None = None,
) -> UUID:
    """Ask for a hand-over; the id of its job. Raises as `plan.leaver`, `plan.read_rules` and `plan.read_mail`."""
    known = leaver(unit, person)
    rules = read_rules(unit, person, given, rest)
    mailboxes = read_mail(unit, person, mail or {}, rest)
    if close:
        require(unit, MANAGING)
    found = preview(unit, person)
    staying = {name for name, rule in rules.items() if rule.keep}
    total = sum(one["count"] for one in found["records"] if one["object"] not in staying)
    shown = {
        name: {"to": list(map(str, rule.to)), "pool": rule.pool, "keep": rule.keep}
        for name, rule in rules.items()
    }
    heir = next(iter([*rest, *(rule.to[0] for rule in rules.values() if rule.to)]), None)
    payload = {
        "person": str(person),
        "name": known.name,
        "rules": shown,
        "mail": {str(id): to and str(to) for id, to in mailboxes.items()},
        "heir": heir and str(heir),
        "close": close and known.active,
    }
    return defer(unit, HAND_OVER, payload, total + found["beside"]["follows"])


def _read_order(job: UUID, payload: Mapping[str, Any]) -> Order:
    rules = {
        name: Rule(tuple(map(UUID, rule["to"])), rule["pool"], rule["keep"])
        for name, rule in payload["rules"].items()
    }
    mail = {UUID(id): UUID(to) if to else None for id, to in payload.get("mail", {}).items()}
    heir = UUID(payload["heir"]) if payload.get("heir") else None
    return Order(job, UUID(payload["person"]), payload["name"], rules, mail, heir, payload["close"])


def run_hand_over(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Give everything of a person to who takes over; then, if asked, close the account."""
    order, report = _read_order(progress.job.id, progress.job.payload), Report.of(progress.result)
    cause = f"{HAND_OVER}/{order.job}"
    with runtime.unit(progress.principal, HAND_OVER) as unit:
        asked = [place for place in places(unit) if place.audit or not order.rules[place.object].keep]
    for place in asked:
        after = UUID(int=0)
        while ids := _next(runtime, progress, place, order.person, after):
            for id in ids:
                try:
                    runtime.attempt(progress.principal, cause, partial(_give, order, place, report, id=id))
                except ChengdanError as error:
                    report.refuse(place.object, id, error)
            after = ids[-1]
            with runtime.unit(progress.principal, HAND_OVER) as unit:
                progress.move(unit, progress.done + len(ids), report.as_json())
    _pass_on_follows(runtime, progress, order, report)
    with runtime.unit(progress.principal, cause) as unit:
        _finish(unit, order, report)
        progress.move(unit, progress.done, report.as_json())
    return report.as_json()


def _next(runtime: Runtime, progress: Progress, place: Place, person: UUID, after: UUID) -> list[UUID]:
    with runtime.unit(progress.principal, HAND_OVER) as unit:
        table = unit.tables.alias(place.object)
        query = select(table.c.id).where(
            *condition(unit, place, table), table.c.id > bindparam("after", type_=Uuid)
        )
        sql, params = render(query.order_by(table.c.id).limit(PART)).bound(person=person, after=after)
        return [id for (id,) in unit.execute(sql, params).fetchall()]


def _give(order: Order, place: Place, report: Report, unit: Unit, *, id: UUID) -> None:
    """Give one record: where it belongs to one that went before, to the same person."""
    mover = unit.within(automation(unit.principal), unit.cause)
    row = hold(mover, place.object, id, None)
    if row[place.field] != order.person:
        return
    if place.audit is not None:
        receiver = pass_on(unit, place.audit, row)
    elif place.field == OWNER and order.rules[place.object].pool:
        _let_go(unit, order, row, place.object, report)
        return
    elif order.rules[place.object].to:
        receiver = _receiver(unit, order, place, row, report)
        changes: dict[str, Any] = {place.field: receiver}
        if place.field == OWNER:
            changes["team"] = _team(unit, receiver)
        apply(mover, Update(place.object, id, None, changes))
    else:
        return
    keep(unit, order.job, Handed(place.object, id, place.field, order.person, receiver, row["team"]))
    report.note(place.object, receiver)


def _let_go(unit: Unit, order: Order, row: Row, object: str, report: Report) -> None:
    """Put a record into its pool, with what goes along with it."""
    pool = pool_of(unit, object)
    along = going_along(unit, pool, row)
    let_go(unit, pool, row, LEFT, "", apply)
    for name, one in ((object, row), *along):
        keep(unit, order.job, Handed(name, one["id"], OWNER, order.person, None, one["team"]))
        report.note(name, None)


def _receiver(unit: Unit, order: Order, place: Place, row: Mapping[str, Any], report: Report) -> UUID:
    """Who takes a record: whoever took the one it belongs to, else the next in turn."""
    to = order.rules[place.object].to
    if len(to) == 1:
        return to[0]
    fields = unit.snapshot.objects[place.object].fields
    parents = [row[field.name] for field in fields if field.type is FieldType.REFERENCE and row[field.name]]
    found = unit.execute(_FOLLOWED, (order.job, parents)).fetchone() if parents else None
    if found is not None and found[0] in to:
        return UUID(str(found[0]))
    return to[report.moved.get(place.object, 0) % len(to)]


def _team(unit: Unit, person: UUID) -> UUID | None:
    row = unit.execute('SELECT team FROM data."user" WHERE id = %s', (person,)).fetchone()
    return row[0] if row else None


def _pass_on_follows(runtime: Runtime, progress: Progress, order: Order, report: Report) -> None:
    """Let who took a record, else the heir, follow what the person followed."""
    after = UUID(int=0)
    while True:
        with runtime.unit(progress.principal, f"{HAND_OVER}/{order.job}") as unit:
            found = beside.followed(unit, order.job, order.person, after, PART)
            if not found:
                return
            for object, id, owner in found:
                to = owner or order.heir
                if to is not None and beside.pass_on_follow(unit, order.job, order.person, object, id, to):
                    report.note_beside("follows")
            after = found[-1][1]
            progress.move(unit, progress.done + len(found), report.as_json())


def _finish(unit: Unit, order: Order, report: Report) -> None:
    """Give shared views and mail accounts on, close the account, tell those who took over."""
    if order.heir is not None:
        report.note_beside("views", beside.pass_on_views(unit, order.person, order.heir))
    beside.pass_on_mail(unit, order.job, order.person, order.name, order.mail, report)
    if order.close:
        beside.close_account(unit, unit.within(automation(unit.principal), unit.cause), order.person)
        report.closed = True
    facts = {"moved": report.moved, "beside": report.beside, "closed": order.close}
    unit.record(Event(EventKind.HANDED_OVER, "user", order.person, facts))
    for receiver, count in report.received.items():
        message = Label(
            f"{order.name}的 {count} 条记录交接给您",
            f"{count} records of {order.name} are yours now",
        )
        notify.tell(
            unit,
            [UUID(receiver)],
            message,
            object="user",
            record=order.person,
            urgent=False,
            rule=channels.HANDED,
        )
