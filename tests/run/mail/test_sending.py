"""Sending: a draft becomes one message on the wire, with its state on the record whatever the server says."""

from email.message import EmailMessage

import pytest

from chengdan.base.errors import ChengdanError
from chengdan.run.commands import Create, Update
from chengdan.run.mail import drafting
from chengdan.run.mail.errors import BadAddress, NoAccount, NobodyToWriteTo, NotDraft, NothingToSay
from chengdan.run.mail.outgoing import MAX_ATTEMPTS, send_due
from chengdan.store.unit import Row
from tests.run.mail.conftest import ADDRESS, CUSTOMER, Office
from tests.run.mail.post_office import SmtpServer, free_port


def text_of(message: EmailMessage, kind: str = "plain") -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_a_draft_from_an_opportunity_knows_whom_it_is_to_and_what_it_hangs_to(office: Office) -> None:
    draft = office.begin(object="opportunity", record=office.opportunity["id"], letter="proposal")

    assert draft["to"] == f"王敏 <{CUSTOMER}>"
    assert (draft["opportunity"], draft["account"], draft["contact"]) == (
        office.opportunity["id"],
        office.account["id"],
        office.contact["id"],
    )
    assert (draft["status"], draft["direction"], draft["kind"]) == ("draft", "outgoing", "proposal")
    assert draft["subject"] == "华信科技有限公司：华信云平台方案与报价"
    assert draft["body"].startswith("王敏，您好：")
    assert "方案金额：120,000 元" in draft["body"]
    assert "____" in draft["body"]


def test_a_letter_speaks_english_when_asked(office: Office) -> None:
    draft = office.begin(
        object="opportunity", record=office.opportunity["id"], letter="proposal", locale="en"
    )

    assert draft["subject"] == "Proposal: 华信云平台 for 华信科技有限公司"


def test_a_mail_is_sent_once_with_the_message_id_that_was_fixed_when_it_was_queued(
    office: Office, smtp: SmtpServer
) -> None:
    queued = office.queue(office.draft())

    assert send_due(office.runtime)
    assert not send_due(office.runtime)
    sent = office.email(queued["id"])
    [message] = smtp.messages
    assert message["Message-ID"] == queued["message_id"] == sent["message_id"]
    assert (message["From"], message["To"]) == (f"李思远 <{ADDRESS}>", f"王敏 <{CUSTOMER}>")
    assert smtp.envelopes[0].rcpt_tos == [CUSTOMER]
    assert (sent["status"], sent["failure"]) == ("sent", None)
    assert sent["at"] is not None
    assert "见附件。" in text_of(message)
    assert smtp.logins == [(ADDRESS, "PLAIN")] or smtp.logins[0][0] == ADDRESS


def test_nothing_waits_to_be_sent_when_queueing_is_refused(office: Office) -> None:
    draft = office.draft(to="")

    with pytest.raises(NobodyToWriteTo):
        office.queue(draft)

    assert office.email(draft["id"])["status"] == "draft"
    assert not send_due(office.runtime)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"to": "not an address"}, BadAddress),
        ({"cc": "a@b"}, BadAddress),
        ({"to": "x\r\nBcc: y@z.example"}, BadAddress),
        ({"body": "  "}, NothingToSay),
        ({"subject": None}, NothingToSay),
    ],
)
def test_a_mail_that_can_not_go_out_stays_a_draft(
    office: Office, values: dict[str, str], error: type[ChengdanError]
) -> None:
    draft = office.draft(**values)

    with pytest.raises(error):
        office.queue(draft)

    assert office.email(draft["id"])["status"] == "draft"


def test_a_line_break_in_a_subject_makes_no_header(office: Office, smtp: SmtpServer) -> None:
    office.sent(subject="报价\r\nBcc: spy@evil.example")

    assert smtp.messages[0]["Bcc"] is None
    assert smtp.messages[0]["Subject"] == "报价 Bcc: spy@evil.example"


def test_without_an_account_there_is_no_sending(office: Office) -> None:
    draft = office.draft()
    with office.runtime.unit(office.rep) as unit:
        unit.execute("DELETE FROM chengdan.mail_account")

    with pytest.raises(NoAccount):
        office.queue(draft)


def test_what_was_queued_can_be_neither_queued_again_nor_changed(office: Office) -> None:
    queued = office.queue(office.draft())

    with pytest.raises(NotDraft):
        office.queue(queued)
    with pytest.raises(ChengdanError):
        office.runtime.act(office.rep, Update("email", queued["id"], None, {"body": "其他"}))


@pytest.mark.parametrize("field", ["status", "sender", "opened_at", "message_id", "thread", "replied_at"])
def test_nobody_but_the_mail_room_writes_what_it_keeps(office: Office, field: str) -> None:
    values = {"status": "sent", "opened_at": "2026-01-01T00:00:00Z", "replied_at": "2026-01-01T00:00:00Z"}

    with pytest.raises(ChengdanError) as refusal:
        office.runtime.act(office.rep, Create("email", {"subject": "x", field: values.get(field, "x")}))

    assert [reason.code for reason in refusal.value.reasons()] == ["VALUE-004"]
    assert office.emails() == []


def test_a_server_that_is_busy_is_tried_again_twice_as_late_each_time(
    office: Office, smtp: SmtpServer
) -> None:
    smtp.answers = ["451 try later", "451 try later"]
    queued = office.queue(office.draft())

    assert send_due(office.runtime)
    assert office.email(queued["id"])["status"] == "queued"
    assert failure_of(office, queued) == ("refused", "451 try later")
    assert not send_due(office.runtime)
    office.pass_time(seconds=61)
    assert send_due(office.runtime)
    office.pass_time(seconds=61)
    assert not send_due(office.runtime)
    office.pass_time(seconds=60)
    assert send_due(office.runtime)

    assert len(smtp.messages) == 1
    assert (office.email(queued["id"])["status"], failure_of(office, queued)) == ("sent", (None, None))


def test_a_message_refused_for_good_fails_at_once_and_can_be_sent_again(
    office: Office, smtp: SmtpServer
) -> None:
    smtp.answers = ["554 looks like spam"]
    queued = office.queue(office.draft())

    assert send_due(office.runtime)
    assert office.email(queued["id"])["status"] == "failed"
    assert failure_of(office, queued) == ("refused", "554 looks like spam")
    with office.runtime.unit(office.rep) as unit:
        drafting.decide(unit, queued["id"], again=True)
    assert send_due(office.runtime)

    assert [message["Message-ID"] for message in smtp.messages] == [queued["message_id"]]
    assert office.email(queued["id"])["status"] == "sent"


def test_recipients_that_do_not_exist_are_named_and_the_others_get_it(
    office: Office, smtp: SmtpServer
) -> None:
    smtp.refused = {"gone@huaxin.example"}

    sent = office.sent(cc="gone@huaxin.example")

    assert smtp.envelopes[0].rcpt_tos == [CUSTOMER]
    assert sent["status"] == "sent"
    assert failure_of(office, sent) == (
        "partly_refused",
        "gone@huaxin.example: 550 5.1.1 no such mailbox",
    )


def test_a_connection_that_breaks_after_the_message_leaves_it_uncertain_and_never_sends_twice(
    office: Office, smtp: SmtpServer
) -> None:
    smtp.answers = ["break after taking"]
    queued = office.queue(office.draft())

    assert send_due(office.runtime)
    office.pass_time(days=2)
    assert not send_due(office.runtime)

    assert office.email(queued["id"])["status"] == "uncertain"
    assert failure_of(office, queued) == ("interrupted", None)
    assert len(smtp.messages) == 1
    with office.runtime.unit(office.rep) as unit:
        drafting.decide(unit, queued["id"], again=False)
    assert office.email(queued["id"])["status"] == "sent"


def test_a_wrong_password_is_said_clearly_and_tried_again_later(office: Office, smtp: SmtpServer) -> None:
    office.change_account(password="wrong")
    queued = office.queue(office.draft())

    assert send_due(office.runtime)

    assert smtp.messages == []
    assert failure_of(office, queued) == ("login_refused", "127.0.0.1")
    office.change_account(password="app-password")
    office.pass_time(seconds=61)
    assert send_due(office.runtime)
    assert len(smtp.messages) == 1


def test_links_are_tracked_unless_the_mail_or_the_installation_says_no(
    office: Office, smtp: SmtpServer
) -> None:
    office.sent(body="看 https://chengdan.example/a?b=1&c=2 。")
    office.sent(body="看 https://chengdan.example/a?b=1&c=2 。", tracked=False)

    tracked, plain = smtp.messages
    assert "https://chengdan.example/a" not in text_of(tracked)
    assert "https://crm.chengdan.example/m/" in text_of(tracked)
    assert "/m/" in text_of(tracked, "html")
    assert "https://chengdan.example/a?b=1&c=2" in text_of(plain)
    assert "/m/" not in text_of(plain, "html")


def test_a_server_that_is_not_there_is_a_kind_of_failure_and_told_in_words_of_both_languages(
    office: Office,
) -> None:
    office.change_account(smtp_port=free_port())
    queued = office.queue(office.draft())

    for _ in range(MAX_ATTEMPTS):
        office.pass_time(hours=3)
        assert send_due(office.runtime)

    assert (office.email(queued["id"])["status"], failure_of(office, queued)[0]) == ("failed", "no_answer")
    told = office.rows("SELECT zh, en FROM chengdan.notification WHERE rule = 'email_failed'")
    assert told == [
        {
            "zh": "邮件《方案与报价》发送失败：邮件服务器没有应答",
            "en": "The mail 方案与报价: Failed. The mail server does not answer",
        }
    ]


def failure_of(office: Office, mail: Row) -> tuple[str | None, str | None]:
    """The kind of a mail's failure, and what the server said."""
    kept = office.email(mail["id"])
    return kept["failure_kind"], kept["failure"]
