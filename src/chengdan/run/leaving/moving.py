"""The hand-over itself: a job that gives record by record to who takes over, and the one that takes it back.

Each record goes in a unit of its own through the one way to write. What was given is no longer found, so a job that was
killed goes on with what is left; a record that refuses is left with its reason in the report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
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
from chengdan.run.commands import Update
from chengdan.run.errors import NotFound
from chengdan.run.following import automation
from chengdan.run.holding import hold, require
from chengdan.run.jobs import JobState, Progress, defer
from chengdan.run.leaving.plan import (
    OWNER,
    PERMISSION,
    Place,
    Rule,
    condition,
    leaver,
    places,
    preview,
    read_rules,
)
from chengdan.run.pools.claiming import let_go
from chengdan.run.runtime import Runtime
from chengdan.store import sessions
from chengdan.store.statement import render
from chengdan.store.unit import Unit

HAND_OVER, TAKE_BACK = "hand_over", "take_back"
LEFT = "left"
UNDO_DAYS = 30
PART = 50
MAX_REFUSED = 200
_HANDED: LiteralString = (
    "INSERT INTO chengdan.handed (job, object, record_id, field, old_user, new_user, old_team) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING"
)
_FOLLOWED: LiteralString = (
    "SELECT new_user FROM chengdan.handed WHERE job = %s AND record_id = ANY(%s) AND field = 'owner' LIMIT 1"
)
_VIEWS: LiteralString = (
    "UPDATE chengdan.saved_view v SET owner = %s WHERE owner = %s AND shared <> 'none' "
    "AND NOT EXISTS (SELECT 1 FROM chengdan.saved_view o WHERE o.owner = %s AND o.object = v.object AND o.name = v.name)"
)
_JOB: LiteralString = "SELECT payload, state, finished_at FROM chengdan.job WHERE id = %s AND kind = %s"
_LEFT_TO_TAKE: LiteralString = (
    "SELECT object, record_id, field, old_user, new_user, old_team FROM chengdan.handed WHERE job = %s "
    "ORDER BY record_id, field LIMIT %s"
)


class TooLateToTakeBack(ChengdanError):
    code = "LEAVE-004"
    status = 409
    zh = "这次交接不能撤销：还没完成，已经撤销过，或者超过了 {days} 天。"
    en = "The hand-over can't be taken back: it isn't done, was taken back already, or is more than {days} days old."


def request(unit: Unit, person: UUID, given: Mapping[str, Any], rest: list[UUID], *, close: bool) -> UUID:
    """Ask for a hand-over; the id of its job. Raises as `plan.leaver` and `plan.read_rules`."""
    known = leaver(unit, person)
    rules = read_rules(unit, person, given, rest)
    if close:
        require(unit, "manage_users")
    total = sum(one["count"] for one in preview(unit, person)["records"] if not rules[one["object"]].keep)
    shown = {
        name: {"to": list(map(str, rule.to)), "pool": rule.pool, "keep": rule.keep}
        for name, rule in rules.items()
    }
    payload = {"person": str(person), "name": known.principal.name, "rules": shown, "close": close}
    return defer(unit, HAND_OVER, payload, total)


def request_back(unit: Unit, job: UUID) -> UUID:
    """Ask to take a hand-over back. Raises NotPermitted, NotFound, TooLateToTakeBack."""
    require(unit, PERMISSION)
    row = unit.execute(_JOB, (job, HAND_OVER)).fetchone()
    if row is None:
        raise NotFound()
    payload, state, finished_at = row
    left = unit.execute("SELECT count(*) FROM chengdan.handed WHERE job = %s", (job,)).fetchone()
    if (
        state != JobState.DONE
        or not left
        or not left[0]
        or unit.now - finished_at > timedelta(days=UNDO_DAYS)
    ):
        raise TooLateToTakeBack(days=UNDO_DAYS)
    asked = {"of": str(job), "person": payload["person"], "name": payload["name"], "close": payload["close"]}
    return defer(unit, TAKE_BACK, asked, left[0])


@dataclass
class _Report:
    """What came of it so far: how many went by object, what refused, and how far the search is at each place."""

    moved: dict[str, int]
    received: dict[str, int]
    refused: list[dict[str, Any]]

    @classmethod
    def of(cls, result: Mapping[str, Any]) -> "_Report":
        return cls(
            dict(result.get("moved", {})), dict(result.get("received", {})), list(result.get("refused", []))
        )

    def note(self, object: str, receiver: UUID | None) -> None:
        self.moved[object] = self.moved.get(object, 0) + 1
        if receiver is not None:
            self.received[str(receiver)] = self.received.get(str(receiver), 0) + 1

    def refuse(self, object: str, id: UUID, error: ChengdanError) -> None:
        reason = error.reasons()[0]
        if len(self.refused) < MAX_REFUSED:
            told = {"zh": reason.message("zh-CN"), "en": reason.message("en")}
            self.refused.append({"object": object, "id": str(id), "code": reason.code, **told})

    def as_json(self) -> dict[str, Any]:
        return {"moved": self.moved, "received": self.received, "refused": self.refused}


def run_hand_over(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Give everything of a person to who takes over; then, if asked, close the account."""
    payload, report = progress.job.payload, _Report.of(progress.result)
    person = UUID(payload["person"])
    rules = {
        name: Rule(tuple(map(UUID, rule["to"])), rule["pool"], rule["keep"])
        for name, rule in payload["rules"].items()
    }
    with runtime.unit(progress.principal, HAND_OVER) as unit:
        asked = [place for place in places(unit) if place.object in rules and not rules[place.object].keep]
    for place in asked:
        after = UUID(int=0)
        while ids := _next(runtime, progress, place, person, after):
            for id in ids:
                give = partial(_give, progress.job.id, place, rules[place.object], person, report, id=id)
                try:
                    runtime.attempt(progress.principal, f"{HAND_OVER}/{progress.job.id}", give)
                except ChengdanError as error:
                    report.refuse(place.object, id, error)
            after = ids[-1]
            with runtime.unit(progress.principal, HAND_OVER) as unit:
                progress.move(unit, progress.done + len(ids), report.as_json())
    with runtime.unit(progress.principal, f"{HAND_OVER}/{progress.job.id}") as unit:
        _finish(unit, person, payload, rules, report)
    return report.as_json()


def _next(runtime: Runtime, progress: Progress, place: Place, person: UUID, after: UUID) -> list[UUID]:
    with runtime.unit(progress.principal, HAND_OVER) as unit:
        table = unit.tables.alias(place.object)
        query = select(table.c.id).where(
            *condition(unit, place, table), table.c.id > bindparam("after", type_=Uuid)
        )
        sql, params = render(query.order_by(table.c.id).limit(PART)).bound(person=person, after=after)
        return [id for (id,) in unit.execute(sql, params).fetchall()]


def _give(
    job: UUID, place: Place, rule: Rule, person: UUID, report: _Report, unit: Unit, *, id: UUID
) -> None:
    """Give one record: where it belongs to one that went before, to the same person."""
    mover = unit.within(automation(unit.principal), unit.cause)
    row = hold(mover, place.object, id, None)
    if row[place.field] != person:
        return
    pool = unit.snapshot.pool_of(place.object)
    receiver: UUID | None = None
    if place.field == OWNER and rule.pool and pool is not None:
        let_go(unit, pool, row, LEFT, "", apply)
    elif rule.to:
        receiver = _receiver(unit, job, place, rule, row, report)
        changes: dict[str, Any] = {place.field: receiver}
        if place.field == OWNER:
            changes["team"] = _team(unit, receiver)
        apply(mover, Update(place.object, id, None, changes))
    else:
        return
    unit.later(_HANDED, (job, place.object, id, place.field, person, receiver, row["team"]))
    report.note(place.object, receiver)


def _receiver(
    unit: Unit, job: UUID, place: Place, rule: Rule, row: Mapping[str, Any], report: _Report
) -> UUID:
    """Who takes a record: whoever took the one it belongs to, else the next in turn."""
    if len(rule.to) == 1:
        return rule.to[0]
    fields = unit.snapshot.objects[place.object].fields
    parents = [row[field.name] for field in fields if field.type is FieldType.REFERENCE and row[field.name]]
    found = unit.execute(_FOLLOWED, (job, parents)).fetchone() if parents else None
    if found is not None and found[0] in rule.to:
        return UUID(str(found[0]))
    return rule.to[report.moved.get(place.object, 0) % len(rule.to)]


def _team(unit: Unit, person: UUID) -> UUID | None:
    row = unit.execute('SELECT team FROM data."user" WHERE id = %s', (person,)).fetchone()
    return row[0] if row else None


def _finish(
    unit: Unit, person: UUID, payload: Mapping[str, Any], rules: Mapping[str, Rule], report: _Report
) -> None:
    """Give shared views on, close the account, tell those who took over."""
    heir = next((rule.to[0] for rule in rules.values() if rule.to), None)
    if heir is not None:
        unit.execute(_VIEWS, (heir, person, heir))
    mover = unit.within(automation(unit.principal), unit.cause)
    if payload["close"]:
        apply(mover, Update("user", person, None, {"active": False}))
        sessions.close_sessions(unit.connection, person)
        unit.execute(
            "UPDATE chengdan.api_token SET revoked_at = %s WHERE user_id = %s AND revoked_at IS NULL",
            (unit.now, person),
        )
        unit.execute("DELETE FROM chengdan.calendar_feed WHERE user_id = %s", (person,))
    facts = {"moved": report.moved, "closed": payload["close"]}
    unit.record(Event(EventKind.HANDED_OVER, "user", person, facts))
    for receiver, count in report.received.items():
        message = Label(
            f"{payload['name']}的 {count} 条记录交接给您",
            f"{count} records of {payload['name']} are yours now",
        )
        notify.tell(
            unit, [UUID(receiver)], message, object="user", record=person, urgent=False, rule=channels.HANDED
        )


def run_take_back(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Give back what nobody moved on since, and let the person in again."""
    payload, report = progress.job.payload, _Report.of(progress.result)
    of, person = UUID(payload["of"]), UUID(payload["person"])
    cause = f"{TAKE_BACK}/{progress.job.id}"
    if payload["close"]:
        with runtime.unit(progress.principal, cause) as unit:
            apply(
                unit.within(automation(unit.principal), cause), Update("user", person, None, {"active": True})
            )
    while True:
        with runtime.unit(progress.principal, cause) as unit:
            rows = unit.execute(_LEFT_TO_TAKE, (of, PART)).fetchall()
        if not rows:
            return report.as_json()
        for row in rows:
            try:
                runtime.attempt(progress.principal, cause, partial(_take, of, row, report))
            except ChengdanError as error:
                report.refuse(row[0], row[1], error)
                with runtime.unit(progress.principal, cause) as unit:
                    _forget(unit, of, row)
        with runtime.unit(progress.principal, cause) as unit:
            progress.move(unit, progress.done + len(rows), report.as_json())


def _take(of: UUID, row: tuple[Any, ...], report: _Report, unit: Unit) -> None:
    object, id, field, old, new, team = row
    mover = unit.within(automation(unit.principal), unit.cause)
    current = hold(mover, object, id, None)
    if current[field] == new:
        changes = {field: old, "team": team} if field == OWNER else {field: old}
        apply(mover, Update(object, id, None, changes))
        report.note(object, old)
    _forget(unit, of, row)


def _forget(unit: Unit, of: UUID, row: tuple[Any, ...]) -> None:
    unit.later(
        "DELETE FROM chengdan.handed WHERE job = %s AND record_id = %s AND field = %s", (of, row[1], row[2])
    )


_PAST: LiteralString = (
    "SELECT j.id, j.payload, j.state, j.result, j.done, j.total, j.finished_at, u.name, "
    "EXISTS (SELECT 1 FROM chengdan.handed h WHERE h.job = j.id) FROM chengdan.job j "
    'LEFT JOIN data."user" u ON u.id = j.owner WHERE j.kind = ANY(%s) AND (%s OR j.owner = %s) '
    "ORDER BY j.created_at DESC LIMIT 50"
)


def past(reader: Unit) -> list[dict[str, Any]]:
    """The latest hand-overs: everybody's for those who manage users, else one's own. Raises NotPermitted."""
    require(reader, PERMISSION)
    every = reader.snapshot.permitted(reader.principal, "manage_users")
    rows = reader.execute(_PAST, ([HAND_OVER, TAKE_BACK], every, reader.principal.user)).fetchall()
    return [
        {
            "id": id,
            "back": "of" in payload,
            "person": {"id": payload["person"], "label": payload["name"]},
            "by": by,
            "state": state,
            "moved": result.get("moved", {}),
            "refused": result.get("refused", []),
            "done": done,
            "total": total,
            "closed": payload["close"],
            "finished_at": finished_at,
            "can_take_back": bool(
                "of" not in payload
                and state == JobState.DONE
                and handed
                and reader.now - finished_at <= timedelta(days=UNDO_DAYS)
            ),
        }
        for id, payload, state, result, done, total, finished_at, by, handed in rows
    ]
