"""Taking a hand-over back: whatever nobody moved on since goes to where it was, and the person is let in again."""

from collections.abc import Mapping
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
from chengdan.run.jobs import JobState, Progress, defer
from chengdan.run.leaving import beside
from chengdan.run.leaving.moving import HAND_OVER, PART
from chengdan.run.leaving.plan import OWNER, PERMISSION, places
from chengdan.run.leaving.report import FOLLOWER, MAIL, Handed, Report, forget
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Unit

TAKE_BACK = "take_back"
UNDO_DAYS = 30
_JOB: LiteralString = "SELECT payload, state, finished_at FROM chengdan.job WHERE id = %s AND kind = %s"
_LEFT_TO_TAKE: LiteralString = (
    "SELECT object, record_id, field, old_user, new_user, old_team FROM chengdan.handed WHERE job = %s "
    "ORDER BY record_id, field LIMIT %s"
)
_PAST: LiteralString = (
    "SELECT j.id, j.payload, j.state, j.result, j.done, j.total, j.finished_at, u.name, "
    "EXISTS (SELECT 1 FROM chengdan.handed h WHERE h.job = j.id) FROM chengdan.job j "
    'LEFT JOIN data."user" u ON u.id = j.owner WHERE j.kind = ANY(%s) AND (%s OR j.owner = %s) '
    "ORDER BY j.created_at DESC LIMIT 50"
)


class TooLateToTakeBack(ChengdanError):
    code = "LEAVE-004"
    status = 409
    zh = "这次交接不能撤销：还没完成，已经撤销过，或者超过了 {days} 天。"
    en = "The hand-over can't be taken back: it isn't done, was taken back already, or is more than {days} days old."


def request_back(unit: Unit, job: UUID) -> UUID:
    """Ask to take a hand-over back. Raises NotPermitted, NotFound, TooLateToTakeBack."""
    require(unit, PERMISSION)
    row = unit.execute(_JOB, (job, HAND_OVER)).fetchone()
    if row is None:
        raise NotFound()
    payload, state, finished_at = row
    left = unit.execute("SELECT count(*) FROM chengdan.handed WHERE job = %s", (job,)).fetchone()
    if not _may_go_back(state, bool(left and left[0]), finished_at, unit.now):
        raise TooLateToTakeBack(days=UNDO_DAYS)
    asked = {"of": str(job), "person": payload["person"], "name": payload["name"], "close": payload["close"]}
    return defer(unit, TAKE_BACK, asked, left[0] if left else 0)


def _may_go_back(state: str, left: bool, finished_at: datetime, now: datetime) -> bool:
    return state == JobState.DONE and left and now - finished_at <= timedelta(days=UNDO_DAYS)


def run_take_back(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Give back what nobody moved on since, and let the person in again."""
    payload, report = progress.job.payload, Report.of(progress.result)
    of, person = UUID(payload["of"]), UUID(payload["person"])
    cause = f"{TAKE_BACK}/{progress.job.id}"
    if payload["close"]:
        with runtime.unit(progress.principal, cause) as unit:
            apply(
                unit.within(automation(unit.principal), cause), Update("user", person, None, {"active": True})
            )
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
            "beside": result.get("beside", {}),
            "refused": result.get("refused", []),
            "done": done,
            "total": total,
            "closed": payload["close"],
            "finished_at": finished_at,
            "can_take_back": "of" not in payload and _may_go_back(state, handed, finished_at, reader.now),
        }
        for id, payload, state, result, done, total, finished_at, by, handed in rows
    ]
