"""Archived: what a mail hangs to may be archived, and so may the mail itself; neither holds up any other mail."""

from datetime import timedelta
from email import policy
from uuid import UUID

import pytest

from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run.commands import Archive, Create, Restore, Update
from chengdan.run.mail import drafting, outgoing
from chengdan.run.mail.outgoing import send_due
from chengdan.run.mail.taking import Taken, take
from chengdan.store.unit import Row
from tests.run.mail.conftest import ADDRESS, CUSTOMER, Office, with_imap
from tests.run.mail.post_office import ImapServer, SmtpServer, letter

ADMIN = Principal(new_id(), "maker", frozenset({"admin"}))


def archive(office: Office, object: str, id: UUID) -> None:
    office.runtime.act(ADMIN, Archive(object, id))


def restore(office: Office, mail: Row) -> Row:
    """The mail after it came back from the archive, and the mail room looked at it."""
    office.pass_time(minutes=1)
    office.runtime.act(ADMIN, Restore("email", mail["id"]))
    outgoing.tell_late(office.runtime)
    return office.email(mail["id"])


def queue_of(office: Office, mail: Row) -> tuple[str, int]:
    """Where a mail stands in the queue, and how often it was tried."""
    [row] = office.rows("SELECT state, attempts FROM chengdan.mail_outgoing WHERE email = %s", mail["id"])
    return row["state"], row["attempts"]


def hangs_to(mail: Row) -> set[str]:
    return {name for name in ("opportunity", "account", "contact", "lead") if mail[name] is not None}


@pytest.mark.parametrize(
    ("archived", "left"),
    [
        ("opportunity", {"account", "contact"}),
        ("account", {"opportunity", "contact"}),
        ("contact", {"opportunity", "account"}),
    ],
)
def test_a_reply_comes_in_without_what_was_archived_of_its_thread(
    office: Office, imap: ImapServer, archived: str, left: set[str]
) -> None:
    desk = with_imap(office, imap)
    sent = desk.sent()
    archive(office, archived, getattr(office, archived)["id"])
    reply = letter(f"王敏 <{CUSTOMER}>", ADDRESS, "Re: 方案与报价", In_Reply_To=sent["message_id"])
    imap.deliver(reply, letter("mum@family.example", ADDRESS, "周末"))

    assert desk.fetch() == 2

    answer = desk.emails()[-1]
    assert (answer["subject"], answer["thread"], hangs_to(answer)) == ("Re: 方案与报价", sent["thread"], left)
    assert desk.fetch() == 0


def test_a_reply_comes_in_when_its_lead_was_archived(office: Office) -> None:
    source, _ = office.runtime.act(ADMIN, Create("lead_source", {"name": "展会"}))
    values = {
        "name": "赵强",
        "company": "远洋物流",
        "email": "zhao@yuanyang.example",
        "source": str(source["id"]),
    }
    lead, _ = office.runtime.act(office.rep, Create("lead", values))
    first = letter("zhao@yuanyang.example", ADDRESS, "询价")
    assert take(office.runtime, office.mailbox, first.as_bytes(policy=policy.SMTP)) is Taken.TAKEN
    [asked] = office.emails()
    assert asked["lead"] == lead["id"]
    archive(office, "lead", lead["id"])

    again = letter("zhao@yuanyang.example", ADDRESS, "Re: 询价", In_Reply_To=asked["message_id"])
    assert take(office.runtime, office.mailbox, again.as_bytes(policy=policy.SMTP)) is Taken.TAKEN

    assert hangs_to(office.emails()[-1]) == set()


def test_a_mail_to_a_team_is_its_account_s_owner_s_when_whose_it_would_be_was_archived(
    office: Office,
) -> None:
    office.change_account(team=str(office.rep.teams[0]))
    gone, _ = office.runtime.act(ADMIN, Create("user", {"username": "sun", "name": "孙宁", "roles": ["rep"]}))
    values = {"name": "周岚", "account": str(office.account["id"]), "email": "zhou@huaxin.example"}
    office.runtime.act(ADMIN, Create("contact", {**values, "owner": str(gone["id"])}))
    archive(office, "user", gone["id"])

    message = letter("zhou@huaxin.example", ADDRESS, "询价")
    assert take(office.runtime, office.mailbox, message.as_bytes(policy=policy.SMTP)) is Taken.TAKEN

    assert [mail["owner"] for mail in office.emails()] == [office.rep.user]


@pytest.mark.parametrize("archived", ["opportunity", "account", "contact"])
def test_a_mail_can_be_answered_when_what_it_hangs_to_was_archived(office: Office, archived: str) -> None:
    sent = office.sent()
    archive(office, archived, getattr(office, archived)["id"])

    draft = office.begin(answers=sent["id"])

    assert (draft["thread"], draft["to"]) == (sent["thread"], f"王敏 <{CUSTOMER}>")
    assert hangs_to(draft) == {"opportunity", "account", "contact"} - {archived}


@pytest.mark.parametrize("archived", ["account", "contact"])
def test_a_mail_can_be_written_from_a_record_that_refers_to_what_was_archived(
    office: Office, archived: str
) -> None:
    archive(office, archived, getattr(office, archived)["id"])

    draft = office.begin(object="opportunity", record=office.opportunity["id"])

    assert hangs_to(draft) == {"opportunity", "account", "contact"} - {archived}


def test_an_archived_mail_is_not_sent_and_a_draft_again_when_it_comes_back(
    office: Office, smtp: SmtpServer
) -> None:
    queued = office.queue(office.draft())
    archive(office, "email", queued["id"])
    other = office.queue(office.draft(subject="另一封"))

    assert send_due(office.runtime)
    assert send_due(office.runtime)
    assert not send_due(office.runtime)

    assert [message["Subject"] for message in smtp.messages] == ["另一封"]
    assert queue_of(office, queued)[0] == "cancelled"
    assert (office.email(queued["id"])["status"], office.email(other["id"])["status"]) == ("queued", "sent")
    assert restore(office, queued)["status"] == "draft"
    assert not send_due(office.runtime)


def test_a_mail_that_came_back_goes_out_as_it_is_written_then(office: Office, smtp: SmtpServer) -> None:
    smtp.answers = ["451 try later"]
    queued = office.queue(office.draft(body="旧的"))
    assert send_due(office.runtime)
    archive(office, "email", queued["id"])
    office.pass_time(seconds=61)
    assert send_due(office.runtime)

    draft = restore(office, queued)
    assert (draft["status"], draft["failure_kind"], draft["failure"]) == ("draft", None, None)
    office.runtime.act(office.rep, Update("email", draft["id"], None, {"body": "新的"}))
    office.queue(draft)
    assert send_due(office.runtime)

    [message] = smtp.messages
    body = message.get_body(("plain",))
    assert body is not None
    assert "新的" in body.get_content()
    assert office.email(queued["id"])["status"] == "sent"


def test_a_mail_archived_and_restored_before_its_turn_is_sent(office: Office, smtp: SmtpServer) -> None:
    queued = office.queue(office.draft())
    archive(office, "email", queued["id"])
    office.runtime.act(ADMIN, Restore("email", queued["id"]))

    assert send_due(office.runtime)

    assert office.email(queued["id"])["status"] == "sent"


def test_a_mail_that_is_gone_leaves_the_queue(office: Office, smtp: SmtpServer) -> None:
    queued = office.queue(office.draft())
    with office.runtime.pool.connection() as connection:
        connection.execute("DELETE FROM data.email")

    assert send_due(office.runtime)
    assert not send_due(office.runtime)

    assert (queue_of(office, queued)[0], smtp.messages) == ("cancelled", [])


def test_an_archived_mail_whose_worker_died_holds_up_no_other_and_is_told_when_it_comes_back(
    office: Office, smtp: SmtpServer
) -> None:
    lost = [office.queue(office.draft(subject=subject)) for subject in ("甲", "乙")]
    with office.runtime.pool.connection() as connection:
        connection.execute(
            "UPDATE chengdan.mail_outgoing SET state = 'handing', held_until = %s",
            (office.clock() - timedelta(seconds=1),),
        )
    archive(office, "email", lost[0]["id"])
    waiting = office.queue(office.draft(subject="丙"))

    assert send_due(office.runtime)

    assert office.email(waiting["id"])["status"] == "sent"
    assert [queue_of(office, mail)[0] for mail in lost] == ["uncertain", "uncertain"]
    assert [office.email(mail["id"])["status"] for mail in lost] == ["queued", "uncertain"]
    office.pass_time(minutes=10)
    back = restore(office, lost[0])
    assert (back["status"], back["failure_kind"]) == ("uncertain", "interrupted")
    with office.runtime.unit(office.rep) as unit:
        drafting.decide(unit, lost[0]["id"], again=False)
    assert office.email(lost[0]["id"])["status"] == "sent"
