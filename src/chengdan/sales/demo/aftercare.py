"""What customers do once they have bought: tickets, monthly usage and invoices, coloured by how warm they are."""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from uuid import UUID

from chengdan.sales.demo.batch import Batch, Story, batch
from chengdan.sales.demo.course import Course
from chengdan.sales.demo.moods import Mood
from chengdan.sales.demo.organisation import Organisation
from chengdan.sales.demo.workdays import SHANGHAI, WorkDays

TICKET_FIELDS = ("subject", "account", "kind", "opened_on", "closed_on")
USAGE_FIELDS = ("period", "account", "month_on", "active_users", "logins")
INVOICE_FIELDS = ("number", "account", "amount", "amount_currency", "issued_on", "due_on", "paid_on")
_SUBJECTS = {
    "question": ("如何批量导入质检标准", "报表导出格式咨询", "新增产线如何授权", "移动端离线使用咨询"),
    "fault": ("看板数据延迟约十分钟", "终端扫码偶发无响应", "夜班数据未同步", "网关重启后丢失配置"),
    "wish": ("希望支持自定义检验模板", "希望能耗报表按班组统计", "需要与 MES 对接"),
    "complaint": ("实施顾问两次未按约到场", "故障三天未解决", "培训内容与合同不符", "对响应速度不满意"),
}
_WARM_KINDS = ("question", "question", "question", "fault", "fault", "wish", "wish")
_COLD_KINDS = ("complaint", "complaint", "complaint", "fault", "fault", "question")
_DAYS_BETWEEN_TICKETS = 22
_TERM = timedelta(days=30)
_HOUR = 3600
_INVOICES_PER_ORDER = 2


class Aftercare:
    """Tells a block; invoice numbers go on after those of the `before` opportunities in the blocks before it."""

    def __init__(self, days: WorkDays, organisation: Organisation, before: int) -> None:
        self.days = days
        self.organisation = organisation
        self.today = days.now.astimezone(SHANGHAI).date()
        self.invoices = before * _INVOICES_PER_ORDER

    def batches(self, rng: Random, courses: list[Course], moods: dict[UUID, Mood]) -> Iterator[Batch]:
        """What follows from the won courses of a block: from the day that a customer first bought, and by what was bought."""
        tickets: list[Story] = []
        usage: list[Story] = []
        invoices: list[Story] = []
        since: dict[UUID, Course] = {}
        for course in sorted(courses, key=lambda one: one.walk.end or 0):
            if not course.walk.won or course.customer is None or course.walk.end is None:
                continue
            mood = moods[course.customer.id]
            if course.customer.id not in since:
                since[course.customer.id] = course
                tickets.extend(self._tickets(rng, course, mood))
                usage.extend(self._usage(rng, course, mood))
            invoices.extend(self._invoices(rng, course, mood))
        yield batch("ticket", TICKET_FIELDS, tickets)
        yield batch("usage", USAGE_FIELDS, usage)
        yield batch("invoice", INVOICE_FIELDS, invoices)

    def _story(self, rng: Random, course: Course, day: int, by: str, values: dict[str, object]) -> Story:
        second = int(rng.random() * min(_HOUR, self.days.seconds(day)))
        owned = {
            "account": course.customer.id if course.customer else None,
            "owner": course.owner,
            "team": course.team,
        }
        return Story(
            self.days.id(rng, day, second),
            self.days.instant(day, second),
            self.organisation.named[by],
            {**values, **owned},
        )

    def _tickets(self, rng: Random, course: Course, mood: Mood) -> Iterator[Story]:
        day = (course.walk.end or 0) + 3
        while (day := day + 1 + int(rng.expovariate(1 / _DAYS_BETWEEN_TICKETS))) <= self.days.last:
            cold = rng.random() > mood.warmth(day) + 0.15
            kinds = _COLD_KINDS if cold else _WARM_KINDS
            kind = kinds[int(rng.random() * len(kinds))]
            subjects = _SUBJECTS[kind]
            subject = subjects[int(rng.random() * len(subjects))]
            story = self._story(rng, course, day, "csm", {
                "subject": subject, "kind": kind, "opened_on": self.days.dates[day],
            })  # fmt: skip
            closed = day + 1 + int(rng.expovariate(1 / 4))
            if closed <= self.days.last:
                at = self.days.instant(closed, int(rng.random() * min(_HOUR, self.days.seconds(closed))))
                story.update(at, self.organisation.named["csm"], {"closed_on": self.days.dates[closed]})
            yield story

    def _usage(self, rng: Random, course: Course, mood: Mood) -> Iterator[Story]:
        """One figure for every full month since, known on the first working day after it."""
        users = 8 + int(rng.random() * 60)
        month = self.days.dates[course.walk.end or 0].replace(day=1)
        while (following := _next_month(month)) <= self.today:
            day = bisect_left(self.days.dates, following)
            if day > self.days.last:
                return
            warmth = sum(mood.warmth(day - back) for back in (1, 8, 15)) / 3
            active = max(0, round(users * (0.15 + 0.95 * warmth) * (0.9 + 0.2 * rng.random())))
            yield self._story(rng, course, day, "sales_ops", {
                "period": f"{month:%Y-%m}", "month_on": month, "active_users": active,
                "logins": int(active * (8 + 10 * rng.random())),
            })  # fmt: skip
            month = following

    def _invoices(self, rng: Random, course: Course, mood: Mood) -> Iterator[Story]:
        """Half on signature, half after two months; the cold pay late."""
        for part, wait in ((0, 2), (1, 42)):
            day = (course.walk.end or 0) + wait
            if day > self.days.last:
                return
            self.invoices += 1
            due_on = self.days.dates[day] + _TERM
            due = bisect_left(self.days.dates, due_on)
            late = rng.random() > mood.warmth(min(due, self.days.last)) + 0.25
            paid = due + (3 + int(rng.expovariate(1 / 18)) if late else -int(rng.random() * 12))
            amount = 20_000 + int(rng.random() * 180) * 1_000
            story = self._story(rng, course, day, "finance", {
                "number": f"INV-{self.days.dates[day]:%Y}-{self.invoices:05}", "amount": amount + part,
                "amount_currency": "CNY", "issued_on": self.days.dates[day], "due_on": due_on,
            })  # fmt: skip
            paid = max(paid, day + 1)
            if paid <= self.days.last:
                at = self.days.instant(paid, int(rng.random() * min(_HOUR, self.days.seconds(paid))))
                story.update(at, self.organisation.named["finance"], {"paid_on": self.days.dates[paid]})
            yield story


def _next_month(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)
