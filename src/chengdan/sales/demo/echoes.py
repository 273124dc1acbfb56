"""What the rules would have left behind of the last days: timers that still run, and notifications, some of them unread.

The history is made, not lived, so no rule ran while it was. This says for the latest of it what the rules in `rules/` say,
in their words, so that each person finds a believable morning.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from chengdan.sales.demo.batch import CREATED, MOVED, NOTIFIED, UPDATED, Batch, Event, instant_of
from chengdan.sales.demo.organisation import Organisation
from chengdan.sales.demo.workdays import WorkDays
from chengdan.sdk import id_at

RECENT = timedelta(days=7)
SILENCE = timedelta(hours=72)
REPLY = timedelta(hours=48)
FIRST_TOUCH = timedelta(hours=24)
ANSWER_DAYS = 2
"""Sixteen working hours."""

_CLOSED = ("won", "lost")
_BIG = 1_000_000
_STEEP = 20
_READ_AFTER = timedelta(hours=30)
_READ_AT_ONCE = 0.35
_NAMES_OF_LOSSES = {
    "price": ("价格", "Price"), "function": ("功能不符", "Missing function"), "budget": ("预算取消", "Budget cancelled"),
    "competitor": ("输给竞品", "Lost to a competitor"), "relationship": ("关系不足", "Weak relationship"),
    "timing": ("时机不对", "Wrong time"), "no_decision": ("未做决定", "No decision"),
}  # fmt: skip


class Timer(NamedTuple):
    """A timer that runs: a row of the system's table, the snapshot aside."""

    object: str
    record: UUID
    key: str
    due_at: datetime
    rule: str


class Notice(NamedTuple):
    """A notification: a row of the system's table."""

    id: UUID
    user: UUID
    at: datetime
    zh: str
    en: str
    urgent: bool
    object: str
    record: UUID
    rule: str
    read_at: datetime | None


class Echoes:
    """Adds to the batches of a block what their latest events would have set off."""

    def __init__(self, rng: Random, days: WorkDays, organisation: Organisation) -> None:
        self.rng = rng
        self.days = days
        self.now = days.now
        self.since = days.now - RECENT
        self.named = organisation.named
        self.presales = organisation.presales
        self.leads = {team.id: team.values.get("lead") for team in organisation.stories["team"]}

    def add(self, batches: Iterable[Batch]) -> None:
        """Give each of these batches its timers, notifications and the events of these."""
        made = {batch.object: batch for batch in batches}
        touched = self._touched(made["activity"])
        self._opportunities(made["opportunity"], touched)
        self._leads(made["lead"])
        self._concerns(made["concern"])
        self._tasks(made["task"])
        for batch in made.values():
            batch.events.sort(key=instant_of)

    # --- what each object's rules leave

    def _opportunities(self, batch: Batch, touched: Mapping[UUID, datetime]) -> None:
        records = _records(batch)
        awake: dict[UUID, datetime] = {}
        for event in list(batch.events):
            at, _, kind, id, data = event
            if _wakes(kind, data):
                awake[id] = at
            if at >= self.since:
                self._opportunity_event(batch, records[id], event, touched)
        for id, at in awake.items():
            record = records[id]
            if record["stage"] not in _CLOSED:
                last = max(at, touched.get(id, at))
                rule = "activity_logged" if last > at else "opportunity_silence_watch"
                self._silence(batch, record, last + SILENCE, rule)

    def _opportunity_event(
        self, batch: Batch, record: Mapping[str, Any], event: Event, touched: Mapping[UUID, datetime]
    ) -> None:
        at, actor, kind, _, data = event
        name, lead = record["name"], self.leads.get(record["team"])
        changes = data.get("changes", {})
        if kind == MOVED and data["to"] == "won":
            amount = f"{record['amount']:,}"
            people = [record["owner"], lead, self.named["finance"], self.named["csm"]]
            self._tell(batch, record, at, people, (f"赢单：{name}，金额 {amount}", f"Won: {name}, amount {amount}"), "opportunity_won", actor)  # fmt: skip
        elif kind == MOVED and data["to"] == "lost":
            zh, en = _NAMES_OF_LOSSES[record["loss_reason"]]
            self._tell(batch, record, at, [lead, self.named["sales_ops"]], (f"输单：{name}，原因：{zh}", f"Lost: {name}, reason {en}"), "opportunity_lost", actor)  # fmt: skip
        elif kind == MOVED and data["to"] == "proposal" and record["stage"] == "proposal":
            due = at + REPLY
            if due > self.now and touched.get(record["id"], at) <= at:
                batch.timers.append(Timer("opportunity", record["id"], "proposal_reply", due, "opportunity_proposal_sent"))  # fmt: skip
        if "discount" in changes and (changes["discount"][1] or 0) > _STEEP:
            discount = changes["discount"][1]
            words = (f"{name} 折扣率 {discount}%", f"{name} has a discount of {discount} %")
            self._tell(
                batch, record, at, [lead, self.named["finance"]], words, "opportunity_discounted", actor
            )
        if "amount" in changes and (changes["amount"][1] or 0) >= _BIG > (changes["amount"][0] or 0):
            amount = f"{changes['amount'][1]:,}"
            words = (f"大单：{name}，金额 {amount}", f"Big opportunity: {name}, amount {amount}")
            self._tell(batch, record, at, [lead, self.named["sales_ops"]], words, "opportunity_big", actor)
        if changes.get("needs_help", (None, None))[1]:
            words = (f"「{name}」需要协同介入", f"{name} needs help")
            self._tell(batch, record, at, [lead, *self.presales], words, "opportunity_needs_help", actor)

    def _silence(self, batch: Batch, record: Mapping[str, Any], due: datetime, rule: str) -> None:
        if due > self.now:
            batch.timers.append(Timer("opportunity", record["id"], "silent", due, rule))
        elif due > self.since:
            words = (
                f"「{record['name']}」已 72 小时没有跟进",
                f"No follow-up on {record['name']} for 72 hours",
            )
            people = [record["owner"], self.leads.get(record["team"])]
            self._tell(batch, record, due, people, words, "opportunity_silent")

    def _leads(self, batch: Batch) -> None:
        for record in _records(batch).values():
            due = record["created_at"] + FIRST_TOUCH
            if record["status"] != "new" or due <= self.since:
                continue
            if due > self.now:
                batch.timers.append(Timer("lead", record["id"], "first_touch", due, "lead_first_touch_due"))
            else:
                words = (
                    f"线索 {record['company']} 24 小时无人联系",
                    f"Nobody contacted the lead {record['company']} in 24 hours",
                )
                people = [record["owner"], self.leads.get(record["team"])]
                self._tell(batch, record, due, people, words, "lead_untouched")

    def _concerns(self, batch: Batch) -> None:
        for record in _records(batch).values():
            at = record["created_at"]
            lead = self.leads.get(record["team"])
            if at >= self.since and record["severity"] == "high":
                words = (f"严重顾虑：{record['subject']}", f"Serious concern: {record['subject']}")
                self._tell(batch, record, at, [lead, *self.presales], words, "concern_serious", record["owner"], urgent=True)  # fmt: skip
            if record["status"] != "open":
                continue
            due = self.days.later(at, ANSWER_DAYS)
            if due > self.now:
                batch.timers.append(Timer("concern", record["id"], "unanswered", due, "concern_raised"))
            elif due > self.since:
                words = (
                    f"顾虑两个工作日未答复：{record['subject']}",
                    f"Unanswered for two working days: {record['subject']}",
                )
                self._tell(batch, record, due, [record["owner"], lead], words, "concern_unanswered", urgent=True)  # fmt: skip

    def _tasks(self, batch: Batch) -> None:
        for record in _records(batch).values():
            if record["created_at"] >= self.since and record["owner"] != record["created_by"]:
                subject, due = record["subject"], record["due_on"]
                words = (f"新任务：{subject}，{due} 前完成", f"New task: {subject}, due {due}")
                self._tell(batch, record, record["created_at"], [record["owner"]], words, "task_assigned")

    # --- leaving it

    def _touched(self, batch: Batch) -> dict[UUID, datetime]:
        """When somebody last reached the customer of each opportunity."""
        at, kind, outcome, opportunity = (
            batch.columns.index(name) for name in ("at", "kind", "outcome", "opportunity")
        )
        found: dict[UUID, datetime] = {}
        for row in batch.rows:
            if row[opportunity] is not None and row[kind] != "note" and row[outcome] != "no_answer":
                found[row[opportunity]] = max(row[at], found.get(row[opportunity], row[at]))
        return found

    def _tell(
        self,
        batch: Batch,
        record: Mapping[str, Any],
        at: datetime,
        people: Iterable[UUID | None],
        words: tuple[str, str],
        rule: str,
        actor: UUID | None = None,
        *,
        urgent: bool = False,
    ) -> None:
        """Tell everybody but who did it; what is older than a day or so has mostly been read."""
        for user in dict.fromkeys(people):
            if user is None or user == actor:
                continue
            id = id_at(int(at.timestamp() * 1000), self.rng.getrandbits(74))
            read = at + timedelta(minutes=5 + int(self.rng.random() * 200))
            old = self.now - at > _READ_AFTER
            seen = read < self.now and (old or self.rng.random() < _READ_AT_ONCE)
            batch.notices.append(Notice(id, user, at, *words, urgent, batch.object, record["id"], rule, read if seen else None))  # fmt: skip
            told = {"user": user, "notification": id, "urgent": urgent}
            batch.events.append((at, actor or record["owner"], NOTIFIED, record["id"], told))


def _wakes(kind: str, data: Mapping[str, Any]) -> bool:
    """Whether an event starts the watch for silence anew."""
    if kind == UPDATED:
        return bool({"next_step", "amount"} & data["changes"].keys())
    return kind in (CREATED, MOVED)


def _records(batch: Batch) -> dict[UUID, dict[str, Any]]:
    return {row[0]: dict(zip(batch.columns, row, strict=True)) for row in batch.rows}
