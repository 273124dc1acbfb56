"""Settling a conflict: by sharing or handing over the record, or by a person's word. A merge settles one by itself."""

from collections.abc import Callable
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.event import Event, EventKind
from chengdan.run.commands import Command, Settle, Share, Update
from chengdan.run.conflicts.keeping import IGNORED, OPEN, RESOLVED
from chengdan.run.errors import NotFound
from chengdan.run.explain import seen
from chengdan.run.holding import hold, object_of, require
from chengdan.store.unit import Row, Unit

Apply = Callable[[Unit, Command], Row]
PERMISSION = "conflicts"
SHARE, HAND_OVER, DONE, IGNORE, REOPEN = HOWS = ("share", "hand_over", "done", "ignore", "reopen")
MAX_REASON = 1_000
_FIND: LiteralString = (
    "SELECT name, record_id, other_id, people, state FROM chengdan.conflict "
    "WHERE id = %s AND object = %s AND (record_id = %s OR other_id = %s) FOR UPDATE"
)
_SETTLE: LiteralString = "UPDATE chengdan.conflict SET state = %s, how = %s, reason = %s, settled_at = %s, settled_by = %s WHERE id = %s"


class UnknownSettlement(ChengdanError):
    code = "CONFLICT-001"
    status = 422
    zh = "不认识的处理方式“{how}”。"
    en = "There is no way `{how}` to settle a conflict."
    hint_zh = "可用：share、hand_over、done、ignore、reopen。"
    hint_en = "Use share, hand_over, done, ignore or reopen."


class ReasonMissing(ChengdanError):
    """A conflict that is borne, or said to be over, without saying why."""

    code = "CONFLICT-002"
    status = 422
    zh = "请写明原因。"
    en = "Say why."


class ReceiverMissing(ChengdanError):
    code = "CONFLICT-003"
    status = 422
    zh = "请选择移交给谁。"
    en = "Say to whom the record goes."


def settle(unit: Unit, command: Settle, apply: Apply) -> Row:
    """Settle a conflict of a record within reach.

    Sharing is for whoever may share the record, handing over for whoever may change its owner; the rest needs the
    permission `conflicts`. Raises NotFound, UnknownSettlement, ReasonMissing, ReceiverMissing, and as `Share` and `Update`.
    """
    object_of(unit, command.object)
    if command.how not in HOWS:
        raise UnknownSettlement(path="how", how=command.how)
    seen(unit, command.object, command.id)
    row = unit.execute(_FIND, (command.conflict, command.object, command.id, command.id)).fetchone()
    if row is None:
        raise NotFound()
    name, record, other, people, _ = row
    if command.how == SHARE:
        _share(unit, command, people, apply)
    elif command.how == HAND_OVER:
        _hand_over(unit, command, apply)
    else:
        require(unit, PERMISSION)
        if not command.reason.strip():
            raise ReasonMissing(path="reason")
    state = {IGNORE: IGNORED, REOPEN: OPEN}.get(command.how, RESOLVED)
    reason = command.reason.strip()[:MAX_REASON]
    settled: tuple[Any, Any] = (None, None) if state == OPEN else (unit.now, unit.actor)
    unit.later(_SETTLE, (state, command.how, reason, *settled, command.conflict))
    data = {"conflict": name, "how": command.how, "reason": reason}
    for side in (record, other):
        if side is not None:
            unit.record(Event(EventKind.CONFLICT_SETTLED, command.object, side, data))
    return unit.work.records.get((command.object, command.id)) or seen(unit, command.object, command.id)


def _share(unit: Unit, command: Settle, people: list[UUID], apply: Apply) -> None:
    owner = hold(unit, command.object, command.id, None)["owner"]
    for person in people:
        if person != owner:
            apply(unit, Share(command.object, command.id, person, "update"))


def _hand_over(unit: Unit, command: Settle, apply: Apply) -> None:
    if command.person is None:
        raise ReceiverMissing(path="person")
    row = unit.execute('SELECT team FROM data."user" WHERE id = %s', (command.person,)).fetchone()
    team = row[0] if row else None
    apply(unit, Update(command.object, command.id, None, {"owner": command.person, "team": team}))
