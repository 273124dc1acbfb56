"""Taking a hand-over back: whatever nobody moved on since goes to where it was, and the person is let in again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.run.action import apply
from chengdan.run.audits.reviewing import JUDGING, pass_to
from chengdan.run.commands import Update
from chengdan.run.errors import NotFound
from chengdan.run.following import automation
from chengdan.run.holding import hold, require
from chengdan.run.jobs import ENDED, JobState, Progress, defer
from chengdan.run.leaving import beside
from chengdan.run.leaving.moving import HAND_OVER, PART
from chengdan.run.leaving.plan import MANAGING, OWNER, PERMISSION, in_charge_of, leaver, places
from chengdan.run.leaving.report import FOLLOWER, MAIL, Handed, Report, forget
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Unit

TAKE_BACK = "take_back"
UNDO_DAYS = 30
_JOB: LiteralString = (
    "SELECT owner, payload, state, result, finished_at, (SELECT count(*) FROM chengdan.handed h WHERE h.job = j.id) "
    "FROM chengdan.job j WHERE id = %s AND kind = %s"
)
_LEFT_TO_TAKE: LiteralString = (
    "SELECT object, record_id, field, old_user, new_user, old_team FROM chengdan.handed WHERE job = %s "
    "ORDER BY record_id, field LIMIT %s"
)
_PAST: LiteralString = (
    "SELECT j.id, j.payload, j.state, j.result, j.done, j.total, j.finished_at, u.name, "
    "EXISTS (SELECT 1 FROM chengdan.handed h WHERE h.job = j.id)::int, p.id IS NOT NULL, p.team FROM chengdan.job j "
    'LEFT JOIN data."user" u ON u.id = j.owner '
    "LEFT JOIN data.\"user\" p ON p.id = (j.payload ->> 'person')::uuid AND p.archived_at IS NULL "
    "WHERE j.kind = ANY(%s) AND (%s OR j.owner = %s) ORDER BY j.created_at DESC LIMIT 50"
)


class TooLateToTakeBack(ChengdanError):
    code = "LEAVE-004"
    status = 409
    zh = "这次交接不能撤销：还在进行，没有可撤销的内容，或者超过了 {days} 天。"
    en = "The hand-over can't be taken back: it is still going on, nothing of it is left, or it is more than {days} days old."


@dataclass(frozen=True, slots=True)
class Undone:
    """A hand-over that is to be undone: of whom, whether it closed their account, how it stands, and how much is left of it."""

    person: UUID
    name: str
    closed: bool
    state: JobState
    finished_at: datetime | None
    left: int

    @classmethod
    def of(
        cls,
        payload: Mapping[str, Any],
        state: str,
        result: Mapping[str, Any],
        finished_at: datetime | None,
        left: int,
    ) -> "Undone":
        """From its job. One that was done before results said whether the account was closed did what was asked of it."""
        closed = payload["close"] and bool(result.get("closed", state == JobState.DONE))
        return cls(UUID(payload["person"]), payload["name"], closed, JobState(state), finished_at, left)

    def in_time(self, now: datetime) -> bool:
        """Whether it ended, in whatever way, not too long ago, and something that it moved is left."""
        if self.state not in ENDED or self.finished_at is None:
            return False
        return self.left > 0 and now - self.finished_at <= timedelta(days=UNDO_DAYS)


def request_back(unit: Unit, job: UUID) -> UUID:
    """Ask to take a hand-over back. Raises as `_permitted`, and TooLateToTakeBack."""
    undone = _permitted(unit, job)
    if not undone.in_time(unit.now):
        raise TooLateToTakeBack(days=UNDO_DAYS)
    person = str(undone.person)
    asked = {"of": str(job), "person": person, "name": undone.name, "close": undone.closed}
    return defer(unit, TAKE_BACK, asked, undone.left)


def _permitted(unit: Unit, job: UUID) -> Undone:
    """A hand-over that the principal may take back: their own or, for those who manage users, anybody's.

    They must be in charge of the person as for handing over, and manage users where it closed the account.
    Raises NotPermitted, NotFound, Forbidden.
    """
    require(unit, PERMISSION)
    row = unit.execute(_JOB, (job, HAND_OVER)).fetchone()
    every = unit.snapshot.permitted(unit.principal, MANAGING)
    if row is None or not (every or row[0] == unit.principal.user):
        raise NotFound()
    undone = Undone.of(*row[1:])
    leaver(unit, undone.person)
    if undone.closed:
        require(unit, MANAGING)
    return undone


def run_take_back(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Give back what nobody moved on since, and let the person in again. Raises as `_permitted`."""
    of, report = UUID(progress.job.payload["of"]), Report.of(progress.result)
    cause = f"{TAKE_BACK}/{progress.job.id}"
    with runtime.unit(progress.principal, cause) as unit:
        undone = _permitted(unit, of)
        if undone.closed:
            _let_in_again(unit, undone.person)
    while True:
        with runtime.unit(progress.principal, cause) as unit:
            rows = [Handed(*row) for row in unit.execute(_LEFT_TO_TAKE, (of, PART)).fetchall()]
        if not rows:
            return report.as_json()
        for handed in rows:
            try:
                runtime.attempt(progress.principal, cause, partial(_take, of, handed, report))
            except ChengdanError as error:
                report.refuse(handed.object, handed.record, error)
                with runtime.unit(progress.principal, cause) as unit:
                    forget(unit, of, handed)
        with runtime.unit(progress.principal, cause) as unit:
            progress.move(unit, progress.done + len(rows), report.as_json())


def _let_in_again(unit: Unit, person: UUID) -> None:
    apply(unit.within(automation(unit.principal), unit.cause), Update("user", person, None, {"active": True}))


def _take(of: UUID, handed: Handed, report: Report, unit: Unit) -> None:
    if handed.field == FOLLOWER:
        beside.follow_again(unit, handed)
        report.note_beside("follows")
    elif handed.field == MAIL:
        report.note_beside("mail", int(beside.take_mail_back(unit, handed)))
    elif _take_record(unit, handed):
        report.note(handed.object, handed.old)
    forget(unit, of, handed)


def _take_record(unit: Unit, handed: Handed) -> bool:
    """Give a record back, unless it went on since, or its review is over."""
    mover = unit.within(automation(unit.principal), unit.cause)
    current = hold(mover, handed.object, handed.record, None)
    if current[handed.field] != handed.new:
        return False
    audit = next((place.audit for place in places(unit) if place.object == handed.object), None)
    if audit is None:
        team = {"team": handed.team} if handed.field == OWNER else {}
        apply(mover, Update(handed.object, handed.record, None, {handed.field: handed.old, **team}))
    elif current["status"] in JUDGING:
        pass_to(unit, audit, current, handed.old)
    else:
        return False
    return True


def past(reader: Unit) -> list[dict[str, Any]]:
    """The latest hand-overs: everybody's for those who manage users, else one's own. Raises NotPermitted."""
    require(reader, PERMISSION)
    every = reader.snapshot.permitted(reader.principal, MANAGING)
    rows = reader.execute(_PAST, ([HAND_OVER, TAKE_BACK], every, reader.principal.user)).fetchall()
    return [_past_json(reader, row) for row in rows]


def _past_json(reader: Unit, row: Sequence[Any]) -> dict[str, Any]:
    """A hand-over, or one taken back, by its row of `_PAST`."""
    id, payload, state, result, done, total, finished_at, by, left, there, team = row
    back = "of" in payload
    undone = Undone.of(payload, state, result, finished_at, left)
    closed = payload["close"] if back else undone.closed
    return {
        "id": id,
        "back": back,
        "person": {"id": undone.person, "label": undone.name},
        "by": by,
        "state": state,
        "moved": result.get("moved", {}),
        "beside": result.get("beside", {}),
        "refused": result.get("refused", []),
        "done": done,
        "total": total,
        "closed": closed,
        "finished_at": finished_at,
        "can_take_back": not back
        and undone.in_time(reader.now)
        and there
        and in_charge_of(reader, undone.person, team)
        and (not closed or reader.snapshot.permitted(reader.principal, MANAGING)),
    }
