"""E-mails with customers: of the opportunities worked on of late, a thread or two each, some unanswered, some unread."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from chengdan.sales.demo.activities import Written
from chengdan.sales.demo.batch import Batch, Story, batch
from chengdan.sales.demo.course import DEMO, DISCOVERY, PROPOSAL, Course
from chengdan.sales.demo.organisation import Organisation
from chengdan.sales.demo.temper import Tempered
from chengdan.sales.demo.workdays import WorkDays
from chengdan.sdk import id_at

FIELDS = (
    "subject", "direction", "status", "kind", "sender", "to", "body", "account", "contact", "opportunity", "at",
    "opened_at", "replied_at", "bounced_at", "failure_kind", "failure", "unread", "automatic", "tracked", "thread", "message_id",
    "in_reply_to",
)  # fmt: skip
SENT, RECEIVED = "mail.sent", "mail.received"
OPENED, VIEWED, BOUNCED = "mail.opened", "mail.document_viewed", "mail.bounced"
_DAYS_BACK = 45
_MAILBOX_DAYS = timedelta(days=190)
"""Since when mails are there at all: long enough to tell how customers answered half a year ago."""

_BOUNCED = 0.03
_LATELY = 0.7
_SENDING = timedelta(seconds=2)


class _Talk(NamedTuple):
    """What a thread is about: from which stage on, the kind of its first mail, its words, and how it may be answered."""

    stage: int
    kind: str
    subject: str
    body: str
    answers: tuple[str, ...]
    closing: str


_TALKS = (
    _Talk(
        DISCOVERY, "introduction", "{account}调研纪要与资料",
        "{contact}，您好：\n\n感谢昨天的接待。附上会议纪要和产品资料，痛点部分请您确认是否有遗漏：\n\n- 数据分散在多个系统，月底人工汇总\n- 现场异常靠电话通报，响应慢\n\n如有补充直接回复即可。\n\n{rep}",
        ("纪要收到，基本准确。还有一点：我们希望移动端也能审批。", "收到，谢谢。请补充两个同行业案例，领导想看看。", "信息部还在看资料，周五前给您答复。"),
        "收到，我今天补充进去，明天发您确认版。\n\n{rep}",
    ),
    _Talk(
        DEMO, "meeting", "邀请您参加{product}演示",
        "{contact}，您好：\n\n我们按贵司的业务场景准备了一场演示，约六十分钟。请回复方便的时间与参会同事，并协助提供现有 IT 架构图。\n\n{rep}",
        ("下周三下午可以，IT 和生产各来一位。架构图稍后发您。", "最近在盘点，能否推迟一周？", "可以，请用我们自己的数据演示，样例已发给售前。"),
        "好的，会议邀请已发出，会前一天再与您确认。\n\n{rep}",
    ),
    _Talk(
        PROPOSAL, "proposal", "{account}：{product}方案与报价",
        "{contact}，您好：\n\n方案与报价请见附件，要点如下：\n\n- 分两期实施，一期三个月上线\n- 含一年驻场支持与培训\n\n价格有效期三十天。任何疑问直接回复，我当天答复。\n\n{rep}",
        ("方案看了，价格比预算高一成左右，能否谈谈？", "已提交内部评审，预计下周二出结果。", "请补充数据安全责任的条款，法务要看。", "领导问实施周期能否压缩到两个月。"),
        "明白，我与售前核算后今天给您书面答复。\n\n{rep}",
    ),
)  # fmt: skip

_QUESTIONS = _Talk(
    0, "general", "{account}：需求里的几个问题",
    "{contact}，您好：\n\n整理需求时有几点想再确认：\n\n- 上线范围先覆盖哪几个部门？\n- 与现有 ERP 的对接由哪一方负责？\n- 验收以哪些指标为准？\n\n您方便时回复即可。\n\n{rep}",
    ("先做总部和一个分厂。对接要开个会，周四上午可以吗？", "验收指标我们内部还在讨论，明天给您。", "ERP 是外包的，我把他们的联系人发给您。"),
    "好的，我来约时间，会后把结论发您。\n\n{rep}",
)  # fmt: skip


_LOGGED = {
    "发送方案": _Talk(
        0, "general", "{product}方案书与案例集",
        "{contact}，您好：\n\n方案书与三个同行业案例请见附件，抄送了信息部。您最关心的交付周期在第六页。\n\n{rep}",
        ("收到，内部先看，有问题再联系。", "案例里有一家和我们很像，能约他们聊聊吗？", "请把第二期的范围也写进去。"),
        "好的，我来安排，今天给您答复。\n\n{rep}",
    ),
    "邮件往来": _Talk(
        0, "general", "{product}：几处修改请确认",
        "{contact}，您好：\n\n按您上次的意见改了三处：实施计划、培训安排、验收口径。请确认是否还有出入。\n\n{rep}",
        ("前两处可以，验收口径再斟酌一下。", "没有问题，按这个走。", "培训希望放在上线之后。"),
        "明白，我改好后发您确认版。\n\n{rep}",
    ),
    "会议纪要": _Talk(
        0, "general", "{account}：会议纪要与需求清单",
        "{contact}，您好：\n\n会议纪要与整理后的需求清单请见附件，标黄的三条需要贵司确认。\n\n{rep}",
        ("清单已转给各部门，汇总后回复您。", "第二条不需要，其余确认。", "收到，谢谢。"),
        "好的，我据此更新清单。\n\n{rep}",
    ),
}  # fmt: skip
"""What the mails that activities tell of are about, by the subject of the activity."""


class _Person(NamedTuple):
    name: str
    address: str

    def __str__(self) -> str:
        return f"{self.name} <{self.address}>"


class Emails:
    """Writes the mails of one block of opportunities after another."""

    def __init__(self, days: WorkDays, organisation: Organisation) -> None:
        self.days = days
        self.since = max(0, days.last - _DAYS_BACK)
        self.fresh = days.starts[max(0, days.last - 1)]
        users = organisation.stories["user"]
        self.users = {one.id: _Person(one.values["name"], one.values["email"]) for one in users}

    def block(
        self,
        rng: Random,
        courses: list[Course],
        contacts: Batch,
        written: list[Written],
        tempered: Tempered,
    ) -> Batch:
        """The mails about these opportunities: those of their stages, and those that activities tell of."""
        at = {name: index for index, name in enumerate(contacts.columns)}
        people = {
            row[at["id"]]: _Person(row[at["name"]], row[at["email"]])
            for row in contacts.rows
            if row[at["email"]]
        }
        stories: list[Story] = []
        for course in courses:
            person = people.get(course.contact) if course.contact is not None else None
            if person is not None and course.customer is not None and course.touched >= self.since:
                for talk in _TALKS:
                    on = course.walk.entered[talk.stage :][:1]
                    stories.extend(self._staged(rng, course, person, talk, on, tempered))
                if course.walk.end is None and course.touched > self.days.last - 4 and rng.random() < _LATELY:
                    on = (course.touched - 1,)
                    stories.extend(self._staged(rng, course, person, _QUESTIONS, on, tempered))
        begin = self.days.now - _MAILBOX_DAYS
        for one in written:
            person = people.get(one.course.contact) if one.course.contact is not None else None
            if person is not None and one.course.customer is not None and one.at >= begin:
                opened, answered = one.response.opened_at(one.at), one.response.replied_at(one.at)
                talk, tracked = _LOGGED[one.subject], bool(one.response.tracked)
                stories.extend(
                    self._thread(rng, one.course, person, talk, one.at, opened, answered, tracked=tracked)
                )
        return batch("email", FIELDS, stories)

    def _staged(
        self,
        rng: Random,
        course: Course,
        person: _Person,
        talk: _Talk,
        on: tuple[int, ...],
        tempered: Tempered,
    ) -> Iterator[Story]:
        """The thread of a stage that was entered on the day `on`; the warmer the customer, the likelier it is answered."""
        if not on or course.customer is None:
            return
        day = on[0]
        if day < self.since or (talk.kind in ("introduction", "meeting") and rng.random() < 0.5):
            return
        first = self._instant(rng, day)
        if first > self.days.now:
            return
        warmth = tempered.warmth(course.customer.id, day)
        answered = self._instant(rng, min(day + 1 + int(rng.random() * 2), self.days.last))
        answers = rng.random() < 0.1 + 0.9 * warmth and first < answered < self.days.now
        opened = first + (answered - first) * rng.random() if answers else first + timedelta(hours=1)
        opens = (answers or rng.random() < 0.05 + 0.95 * warmth) and opened < self.days.now
        yield from self._thread(
            rng, course, person, talk, first, opened if opens else None, answered if answers else None
        )

    def _thread(
        self,
        rng: Random,
        course: Course,
        person: _Person,
        talk: _Talk,
        first: datetime,
        opened: datetime | None,
        answered: datetime | None,
        *,
        tracked: bool = True,
    ) -> Iterator[Story]:
        """One thread: our mail, perhaps opened and answered, perhaps answered again by us."""
        assert course.customer is not None
        rep, name = self.users[course.owner], course.customer.short_name
        product = course.name.removeprefix(course.customer.name).removeprefix(name).strip() or "方案"
        words = {"account": name, "contact": person.name, "rep": rep.name, "product": product}
        mail = self._story(rng, course, first, rep, person, outgoing=True)
        mail.values.update(
            kind=talk.kind,
            subject=talk.subject.format_map(words),
            body=talk.body.format_map(words),
            tracked=tracked,
        )
        self._head(mail, mail.id.hex)
        mail.note(first + _SENDING, course.owner, SENT, {})
        if rng.random() < _BOUNCED:
            self._bounce(mail, first + timedelta(minutes=3), person)
            yield mail
            return
        if opened is not None and (answered is None or opened < answered):
            self._open(mail, opened, talk)
        if answered is not None:
            mail.update(answered, None, {"replied_at": answered})
        yield mail
        if answered is not None:
            yield from self._answers(rng, course, person, talk, mail, answered, words)

    @staticmethod
    def _open(mail: Story, at: datetime, talk: _Talk) -> None:
        mail.note(at, None, OPENED, {"at": at, "label": "", "times": 1})
        if talk.kind == "proposal":
            mail.note(at, None, VIEWED, {"at": at, "label": "方案与报价.pdf", "times": 1})
        mail.update(at, None, {"opened_at": at})

    @staticmethod
    def _bounce(mail: Story, at: datetime, person: _Person) -> None:
        why = f"{person.address}: 550 5.1.1 user unknown"
        mail.note(at, None, BOUNCED, {"recipient": person.address})
        mail.update(
            at, None, {"status": "bounced", "bounced_at": at, "failure_kind": "bounced", "failure": why}
        )

    def _answers(
        self,
        rng: Random,
        course: Course,
        person: _Person,
        talk: _Talk,
        mail: Story,
        at: datetime,
        words: Mapping[str, str],
    ) -> Iterator[Story]:
        rep = self.users[course.owner]
        answer = self._story(rng, course, at, rep, person, outgoing=False)
        subject = f"Re: {mail.values['subject']}"
        body = talk.answers[int(rng.random() * len(talk.answers))]
        answer.values.update(subject=subject, body=body, in_reply_to=mail.values["message_id"])
        answer.values["unread"] = at >= self.fresh
        self._head(answer, mail.values["thread"])
        answer.note(at, None, RECEIVED, {"automatic": False})
        yield answer
        closing = at + timedelta(hours=1 + rng.random() * 3)
        if answer.values["unread"] or rng.random() < 0.35 or closing > self.days.now:
            return
        last = self._story(rng, course, closing, rep, person, outgoing=True)
        body = talk.closing.format_map(words)
        last.values.update(
            kind="general", subject=subject, body=body, in_reply_to=answer.values["message_id"]
        )
        self._head(last, mail.values["thread"])
        last.note(closing + _SENDING, course.owner, SENT, {})
        yield last

    def _story(
        self, rng: Random, course: Course, at: datetime, rep: _Person, person: _Person, *, outgoing: bool
    ) -> Story:
        sender, to = (rep, person) if outgoing else (person, rep)
        values: dict[str, Any] = {
            "direction": "outgoing" if outgoing else "incoming",
            "status": "sent" if outgoing else "received",
            "sender": str(sender),
            "to": str(to),
            "account": course.customer.id if course.customer else None,
            "contact": course.contact,
            "opportunity": course.id,
            "at": at,
            "unread": False,
            "automatic": False,
            "tracked": outgoing,
            "owner": course.owner,
            "team": course.team,
        }
        return Story(self._id(rng, at), at, course.owner, values)

    @staticmethod
    def _head(mail: Story, thread: str) -> None:
        """Give a mail its thread and its Message-ID, and let the event that made it say all that it says."""
        domain = mail.values["sender"].rpartition("@")[2].rstrip(">")
        mail.values.update(thread=thread, message_id=f"<{mail.id.hex}.chengdan@{domain}>")
        mail.events[0][4]["values"] = dict(mail.values)

    def _instant(self, rng: Random, day: int) -> datetime:
        day = min(day, self.days.last)
        return self.days.instant(day, int(rng.random() * self.days.seconds(day)))

    def _id(self, rng: Random, at: datetime) -> UUID:
        return id_at(int(at.timestamp() * 1000), rng.getrandbits(74))
