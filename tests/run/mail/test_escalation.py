"""Escalation: a proposal that nobody answers in time calls for help; a reply, a call or a meeting is an answer."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from chengdan.run import apps, schedule
from chengdan.run.commands import Create, Update
from chengdan.run.mail.taking import take
from chengdan.store.unit import Row
from tests.run.mail.conftest import ADDRESS, CUSTOMER, Office
from tests.run.mail.post_office import letter

RULE = "rules/email_proposal_sent.yaml"


def after(office: Office, **by: float) -> None:
    office.pass_time(**by)
    schedule.fire_due(office.runtime)


def needs_help(office: Office) -> bool:
    found = office.rows("SELECT needs_help FROM data.opportunity WHERE id = %s", office.opportunity["id"])
    return bool(found[0]["needs_help"])


def told(office: Office) -> set[str]:
    names = {office.rep.user: "rep", office.manager.user: "manager"}
    rows = office.rows(
        "SELECT user_id FROM chengdan.notification WHERE rule = 'opportunity_proposal_unanswered'"
    )
    return {names[row["user_id"]] for row in rows}


def test_a_proposal_unanswered_for_48_hours_calls_the_manager_and_makes_a_task(office: Office) -> None:
    office.sent(kind="proposal")

    after(office, hours=47, minutes=59)
    assert not needs_help(office)
    after(office, minutes=2)

    assert needs_help(office)
    assert told(office) == {"rep", "manager"}
    tasks = office.rows("SELECT subject, owner, priority FROM data.task WHERE subject LIKE '协同介入%%'")
    assert [(task["subject"], task["owner"], task["priority"]) for task in tasks] == [
        ("协同介入：华信云平台 报价 48 小时无回应", office.rep.user, "high")
    ]


def test_a_reply_cancels_it(office: Office) -> None:
    sent = office.sent(kind="proposal")
    office.pass_time(hours=20)

    message = letter(CUSTOMER, ADDRESS, "Re", In_Reply_To=sent["message_id"])
    take(office.runtime, office.mailbox, message.as_bytes())

    after(office, hours=100)
    assert not needs_help(office)


@pytest.mark.parametrize(
    ("kind", "outcome", "calls_for_help"),
    [
        ("call", "positive", False),
        ("meeting", None, False),
        ("call", "no_answer", True),
        ("email", "neutral", True),
        ("note", None, True),
    ],
)
def test_a_call_or_a_meeting_cancels_it_and_what_is_no_answer_does_not(
    office: Office, kind: str, outcome: str | None, calls_for_help: bool
) -> None:
    office.sent(kind="proposal")
    values = {"subject": "x", "kind": kind, "outcome": outcome, "opportunity": str(office.opportunity["id"])}
    office.runtime.act(office.rep, Create("activity", values))

    after(office, hours=49)

    assert needs_help(office) is calls_for_help


def logged(office: Office, **values: object) -> Row:
    """A call of the rep about the opportunity."""
    of = {"subject": "x", "kind": "call", "opportunity": str(office.opportunity["id"])}
    return office.runtime.act(office.rep, Create("activity", {**of, **values}))[0]


def test_a_meeting_that_is_only_planned_is_no_answer_until_it_was_held(office: Office) -> None:
    office.sent(kind="proposal")
    planned = {"kind": "meeting", "at": (office.runtime.clock() + timedelta(hours=30)).isoformat()}
    meeting = logged(office, **planned)
    office.pass_time(hours=31)
    office.runtime.act(office.rep, Update("activity", meeting["id"], None, {"outcome": "neutral"}))

    after(office, hours=100)
    assert not needs_help(office)


def test_a_meeting_that_was_planned_and_of_which_nobody_tells_is_no_answer(office: Office) -> None:
    office.sent(kind="proposal")
    logged(office, kind="meeting", at=(office.runtime.clock() + timedelta(hours=30)).isoformat())

    after(office, hours=49)
    assert needs_help(office)


def test_a_call_that_turns_out_to_have_been_answered_cancels_it(office: Office) -> None:
    office.sent(kind="proposal")
    call = logged(office, outcome="no_answer")
    office.runtime.act(office.rep, Update("activity", call["id"], None, {"outcome": "positive"}))

    after(office, hours=49)
    assert not needs_help(office)


def test_a_call_of_before_that_is_written_down_late_is_no_answer(office: Office) -> None:
    office.sent(kind="proposal")
    logged(office, at=(office.opportunity["stage_since"] - timedelta(hours=2)).isoformat())

    after(office, hours=49)
    assert needs_help(office)


def test_a_mail_of_another_kind_starts_no_clock(office: Office) -> None:
    office.sent(kind="general")

    after(office, hours=49)

    assert not needs_help(office)


def test_a_proposal_that_was_not_sent_starts_no_clock(office: Office) -> None:
    office.queue(office.draft(kind="proposal"))

    after(office, hours=100)

    assert not needs_help(office)


@pytest.fixture
def working(office: Office) -> Iterator[Office]:
    """The office where the clock of proposals counts working hours, as a change of one word in YAML makes it."""
    shipped = apps.shipped("chengdan.sales")
    text = shipped[RULE].replace("after: 48h, working: false", "after: 16h, working: true")
    office.runtime.publish({**shipped, RULE: text})
    yield office
    office.runtime.publish(shipped)


def test_the_clock_counts_working_hours_when_the_rule_says_so(working: Office) -> None:
    sent = working.sent(kind="proposal")

    [timer] = working.rows("SELECT due_at FROM chengdan.timer WHERE key = 'proposal_reply'")
    calendar = working.runtime.edition.calendar
    assert timer["due_at"] == calendar.add_working_time(sent["at"], timedelta(hours=16))
