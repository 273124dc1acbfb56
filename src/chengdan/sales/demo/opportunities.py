"""Opportunities, walked through their stages with the evidence that each gate asks for."""

from bisect import bisect_left
from collections import defaultdict
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from chengdan.sales.demo.batch import (
    FILE_ATTACHED,
    GATE_OVERRIDDEN,
    SIGNATURE_MISSING,
    SIGNATURE_VOUCHED,
    SIGNED,
    SUBSTEP_DONE,
    Batch,
    Story,
    batch,
)
from chengdan.sales.demo.course import (
    DEMO,
    DISCOVERY,
    NEGOTIATION,
    PROPOSAL,
    PROSPECTING,
    STAGES,
    Course,
    Quotas,
    Walk,
    walk,
)
from chengdan.sales.demo.customers import Customer
from chengdan.sales.demo.documents import Document, documents
from chengdan.sales.demo.market import Market
from chengdan.sales.demo.organisation import Organisation
from chengdan.sales.demo.words import LOSS_NOTES, NEEDS, NEXT_STEPS, PROJECTS
from chengdan.sales.demo.workdays import WorkDays
from chengdan.sdk import id_at

PIPELINE = "sales"
FIELDS = (
    "name", "number", "account", "primary_contact", "product", "stage", "presales", "description", "amount",
    "amount_currency", "budget", "budget_currency", "discount", "cost", "cost_currency", "close_on", "forecast",
    "lead_source", "campaign", "competitor", "next_step", "next_step_on", "needs_help", "engaged_on", "closed_on",
    "loss_reason", "loss_note",
)  # fmt: skip
_HOUR = 3600
_LOSS_REASONS = ("price", "competitor", "budget", "no_decision", "function", "timing", "relationship")
_LOSS_WEIGHTS = (30, 20, 16, 12, 10, 7, 5)
_WITHOUT_ACCOUNT = 0.012
_QUOTED_ANEW = 0.16
_QUOTED_ANEW_DAYS = (2, 3, 4)
"""Working days into the negotiation on which it goes back, is quoted anew, and goes on."""
_TOUCHED_LATELY = 0.55
_SOFT_REASONS = (
    "战略客户，折扣已与总监沟通",
    "竞品已降价，按特价跟进并附比价单",
    "三年维保一并签订，综合毛利达标",
    "年底冲刺，客户承诺本月内付首款",
)
_UNCONFIRMED = (
    "客户催报价，架构图先按以往项目估计",
    "对方 IT 排期紧，报价后再确认",
    "方案与上一期相近，未再找客户确认",
)

_FORMS_PER_BARE_ONE = 17
_VOUCHED_REASONS = (
    "客户盖了骑缝章代替签字，原件已核对",
    "签在附页，附页另存于合同袋",
    "扫描时签字栏被裁掉，已看过原件",
)


class Opportunities:
    """Tells the opportunities of a block; their numbers go on after the `before` ones in the blocks before it."""

    def __init__(self, days: WorkDays, organisation: Organisation, market: Market, before: int) -> None:
        self.days = days
        self.organisation = organisation
        self.market = market
        self.numbers = defaultdict[int, int](lambda: before)
        self.quotas = Quotas.fresh()

    def block(self, rng: Random, customers: list[Customer], count: int) -> tuple[list[Course], Batch]:
        """`count` opportunities of these customers, in the order they were made. Accounts that bought become customers."""
        starts = sorted(
            (day, int(rng.random() * self.days.seconds(day))) for day in self.days.draw(rng, count)
        )
        known = [customer.day for customer in customers]
        courses: list[Course] = []
        stories: list[Story] = []
        bought: dict[UUID, tuple[datetime, Customer]] = {}
        for day, second in starts:
            met = bisect_left(known, day)
            customer = (
                customers[int(rng.random() * met)] if met and rng.random() >= _WITHOUT_ACCOUNT else None
            )
            telling = _Telling(self, rng, customer, day, second)
            courses.append(telling.course)
            stories.append(telling.story)
            if telling.course.walk.won and customer is not None:
                signed = (telling.story.stage_since, customer)
                bought[customer.id] = min(signed, bought.get(customer.id, signed), key=lambda item: item[0])
        for at, customer in bought.values():
            customer.story.update(at, customer.seat.user, {"status": "customer"})
        return courses, batch("opportunity", FIELDS, stories, staged=True)

    def number(self, day: int) -> str:
        year = self.days.dates[day].year
        self.numbers[year] += 1
        return f"OPP-{year}-{self.numbers[year]:05}"


class _Telling:
    """One opportunity being told."""

    def __init__(
        self, teller: Opportunities, rng: Random, customer: Customer | None, day: int, second: int
    ) -> None:
        self.days = teller.days
        self.market = teller.market
        self.organisation = teller.organisation
        self.rng = rng
        self.customer = customer
        self.seat = customer.seat if customer else rng.choice(teller.organisation.seats)
        self.product, price, cost = teller.market.products[int(rng.random() * len(teller.market.products))]
        quantity = _quantity(rng, price)
        self.amount = max(2_000, int(price * quantity * (0.85 + 0.4 * rng.random())) // 1000 * 1000)
        self.cost = int(cost * quantity * (0.9 + 0.2 * rng.random()))
        self.presales = rng.choice(teller.organisation.presales)
        self.discount = int(rng.random() * rng.random() * 28)
        walked = walk(rng, self.days, teller.quotas, day, self.seat.strength, self._furthest())
        self.story = self._created(day, second, teller.number(day))
        self.course = self._course(walked, second)
        self._tell(walked)

    def _furthest(self) -> int:
        if self.customer is None:
            return PROSPECTING
        return NEGOTIATION if self.customer.has_decision_maker else DISCOVERY

    def _created(self, day: int, second: int, number: str) -> Story:
        rng, customer, date = self.rng, self.customer, self.days.dates[day]
        project = PROJECTS[int(rng.random() * len(PROJECTS))]
        source = (
            customer.story.values["source"] if customer and rng.random() < 0.6 else self.market.source(rng)
        )
        values = {
            "name": f"{customer.short_name if customer else self.seat.city + '待确认客户'}{project}项目",
            "number": number,
            "account": customer.id if customer else None,
            "primary_contact": customer.contacts[0] if customer else None,
            "product": self.product,
            "stage": STAGES[PROSPECTING],
            "description": NEEDS[int(rng.random() * len(NEEDS))],
            "amount": self.amount if rng.random() < 0.7 else None,
            "amount_currency": "CNY",
            "budget_currency": "CNY",
            "cost_currency": "CNY",
            "close_on": date + timedelta(days=60 + int(rng.random() * 80)) if rng.random() < 0.6 else None,
            "forecast": "pipeline",
            "lead_source": source,
            "campaign": self.market.campaign(rng, source, date),
            "competitor": rng.choice(self.market.competitors) if rng.random() < 0.4 else None,
            "needs_help": False,
            "owner": self.seat.user,
            "team": self.seat.team,
        }
        return Story(self.days.id(rng, day, second), self.days.instant(day, second), self.seat.user, values)

    def _course(self, walked: Walk, second: int) -> Course:
        last = walked.end if walked.end is not None else walked.entered[-1]
        if walked.end is None and self.rng.random() < _TOUCHED_LATELY:
            last = max(last, self.days.last - int(self.rng.random() * 3))
        values = self.story.values
        return Course(
            self.story.id, values["name"], self.customer, values.get("primary_contact"), self.seat.user,
            self.seat.team, self.presales if walked.stage >= DEMO else None, values["lead_source"],
            values.get("campaign"), walked, second, last,
        )  # fmt: skip

    def _tell(self, walked: Walk) -> None:
        for stage in range(1, len(walked.entered)):
            day = walked.entered[stage]
            at = self._moment(day)
            self._leave(stage - 1, day, at, walked.confirmed)
            lacking, reason = self._lacking(stage - 1, walked)
            if lacking:
                self._override(at, stage, lacking, reason)
            self.story.move(at, self.seat.user, PIPELINE, "stage", STAGES[stage], lacking)
            self._enter(stage, day, at)
            if stage == NEGOTIATION:
                self._quote_anew(walked, day)
        if walked.end is None:
            self._work_on(walked)
        else:
            self._close(walked, walked.end)

    def _quote_anew(self, walked: Walk, day: int) -> None:
        """Some negotiations go back to the proposal for another quote, and on again."""
        until = self.days.last if walked.end is None else walked.end
        if until - day <= _QUOTED_ANEW_DAYS[-1] or self.rng.random() >= _QUOTED_ANEW:
            return
        back, quoted, on = (self._moment(day + later) for later in _QUOTED_ANEW_DAYS)
        self.story.move(back, self.seat.user, PIPELINE, "stage", STAGES[PROPOSAL])
        self._file(quoted, 0, "quote")
        lacking, reason = self._lacking(PROPOSAL, walked)
        if lacking:
            self._override(on, NEGOTIATION, lacking, reason)
        self.story.move(on, self.seat.user, PIPELINE, "stage", STAGES[NEGOTIATION], lacking)

    def _leave(self, stage: int, day: int, at: datetime, confirmed: bool = True) -> None:
        """The evidence that the exit of `stage` asks for, gathered in the hour before `at`."""
        if stage == PROSPECTING:
            self._update(at, 40, {"engaged_on": self.days.dates[day]})
        elif stage == DISCOVERY:
            self._update(
                at, 50, {"budget": int(self.amount * (0.8 + 0.5 * self.rng.random())) // 1000 * 1000}
            )
            self._substep(at, 40, stage, "needs_confirmed")
            self._signed_form(at, 30)
            self._file(at, 20, "it_architecture")
        elif stage == DEMO:
            close_on = self.days.dates[day] + timedelta(days=30 + int(self.rng.random() * 50))
            self._update(at, 45, {"amount": self.amount, "close_on": close_on})
            self._substep(at, 30, stage, "demo_given")
            if confirmed:
                self._substep(at, 20, stage, "architecture_confirmed")
        elif stage == PROPOSAL:
            self._update(at, 50, {"discount": self.discount})
            self.story.update(
                at - timedelta(minutes=40), self.organisation.named["finance"], {"cost": self.cost}
            )
            self._substep(at, 30, stage, "quote_approved")
            self._file(at, 20, "quote")
        else:
            self._file(at, 40, "contract")

    def _enter(self, stage: int, day: int, at: datetime) -> None:
        if stage == DEMO:
            self.story.update(at, self.seat.user, {"presales": self.presales})
        elif stage == NEGOTIATION:
            forecast = "commit" if self.rng.random() < 0.5 else "best_case"
            self.story.update(at, self.seat.user, {"forecast": forecast})

    def _lacking(self, stage: int, walked: Walk) -> tuple[str, str]:
        """The soft deliverable that `stage` is left without, if one is, and why."""
        if stage == DEMO and not walked.confirmed:
            return "architecture_confirmed", _UNCONFIRMED[self.amount // 1000 % len(_UNCONFIRMED)]
        if stage == PROPOSAL and self.discount > 15:
            return "discount_explained", _SOFT_REASONS[self.amount // 1000 % len(_SOFT_REASONS)]
        return "", ""

    def _override(self, at: datetime, stage: int, lacking: str, reason: str) -> None:
        """The fact that it went on without a soft deliverable."""
        data = {"pipeline": PIPELINE, "from": STAGES[stage - 1], "to": STAGES[stage], "reason": reason}
        self.story.note(at, self.seat.user, GATE_OVERRIDDEN, {**data, "hard": [], "soft": [lacking]})

    def _work_on(self, walked: Walk) -> None:
        """What an open opportunity shows: a next step since it was last touched, a call for help when a quote is ignored."""
        day = self.course.touched
        span = self.days.seconds(day)
        second = int(self.rng.random() * span) if day > walked.entered[-1] else span - 1
        at = max(self.days.instant(day, second), self.story.updated_at)
        next_on = self.days.dates[day] + timedelta(days=1 + int(self.rng.random() * 9))
        step = NEXT_STEPS[int(self.rng.random() * len(NEXT_STEPS))]
        changes: dict[str, Any] = {"next_step": step, "next_step_on": next_on}
        waiting = self.days.last - walked.entered[-1]
        if walked.stage == PROPOSAL and waiting > 4 and self.rng.random() < 0.4:
            changes["needs_help"] = True
        self.story.update(at, self.seat.user, changes)

    def _close(self, walked: Walk, day: int) -> None:
        at = self._moment(day)
        if walked.won:
            self._leave(NEGOTIATION, day, at)
            self._file(at, 10, "signed_contract")
            signed = int(self.amount * (100 - self.discount)) // 100
            self._update(at, 5, {"amount": max(1, signed)})
            self.story.move(at, self.seat.user, PIPELINE, "stage", "won")
        else:
            self._update(at, 10, self._loss())
            self.story.move(at, self.seat.user, PIPELINE, "stage", "lost")
        self.story.update(at, self.seat.user, {"closed_on": self.days.dates[day]})

    def _loss(self) -> dict[str, Any]:
        reason = self.rng.choices(_LOSS_REASONS, _LOSS_WEIGHTS)[0]
        changes: dict[str, Any] = {"loss_reason": reason, "loss_note": LOSS_NOTES[reason]}
        if reason == "competitor" and "competitor" not in self.story.values:
            changes["competitor"] = self.rng.choice(self.market.competitors)
        return changes

    def _moment(self, day: int) -> datetime:
        span = self.days.seconds(day)
        return self.days.instant(day, _HOUR + int(self.rng.random() * (span - _HOUR)))

    def _update(self, at: datetime, minutes: int, changes: dict[str, Any]) -> None:
        self.story.update(at - timedelta(minutes=minutes), self.seat.user, changes)

    def _substep(self, at: datetime, minutes: int, stage: int, name: str) -> None:
        data = {"name": name, "stage": STAGES[stage]}
        self.story.note(at - timedelta(minutes=minutes), self.seat.user, SUBSTEP_DONE, data)

    def _file(self, at: datetime, minutes: int, kind: str) -> UUID:
        attached = at - timedelta(minutes=minutes)
        file = id_at(int(attached.timestamp()) * 1000, self.rng.getrandbits(74))
        self.story.note(attached, self.seat.user, FILE_ATTACHED, _attachment(file, documents()[kind]))
        return file

    def _signed_form(self, at: datetime, minutes: int) -> None:
        """The customer's signed form; now and then the scan shows no signature, and the manager answers for it."""
        bare = self.amount // 1000 % _FORMS_PER_BARE_ONE == 0
        file = self._file(at, minutes, "pain_confirmation_unsigned" if bare else "pain_confirmation")
        signed = at - timedelta(minutes=minutes)
        facts = {
            "deliverable": "pain_form",
            "signature": UUID(int=file.int ^ 1),
            "file": file,
            "method": "scan",
        }
        self.story.note(signed, self.seat.user, SIGNATURE_MISSING if bare else SIGNED, facts)
        if bare:
            reason = _VOUCHED_REASONS[self.amount // 1000 % len(_VOUCHED_REASONS)]
            manager = self.organisation.lead_of(self.seat.team)
            self.story.note(
                signed + timedelta(minutes=5), manager, SIGNATURE_VOUCHED, {**facts, "reason": reason}
            )


def _attachment(file: UUID, document: Document) -> dict[str, Any]:
    return {
        "file": file,
        "name": document.name,
        "kind": document.kind,
        "mime": document.mime,
        "size": len(document.content),
        "sha256": document.sha256,
    }


def _quantity(rng: Random, price: int) -> int:
    if price < 5_000:
        return 20 + int(rng.random() * 160)
    if price < 50_000:
        return 4 + int(rng.random() * 40)
    return 1 + int(rng.random() * 6) if price < 150_000 else 1
