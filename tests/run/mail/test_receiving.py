"""Receiving: customers' mails land in their threads, once; what is private stays out; bounces are told."""

from base64 import b64encode
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage

import pytest
from imap_tools.folder import FolderInfo

from chengdan.run.errors import NotFound
from chengdan.run.mail import strangers
from chengdan.run.mail.folders import sent_folder
from chengdan.run.mail.taking import Taken, take
from tests.run.mail.conftest import ADDRESS, CUSTOMER, Office, with_imap
from tests.run.mail.post_office import ImapServer, SmtpServer, letter


@dataclass
class Inbox:
    """The mailbox of the office as the mail room sees it, without a server in between."""

    office: Office

    def take(self, message: EmailMessage) -> Taken:
        return take(self.office.runtime, self.office.mailbox, message.as_bytes(policy=policy.SMTP))


@pytest.fixture
def inbox(office: Office) -> Inbox:
    return Inbox(office)


def reply(office: Office, body: str = "收到，价格能否再谈？", **headers: str) -> EmailMessage:
    """A reply of the customer's to the newest mail."""
    sent = office.emails()[-1]
    return letter(f"王敏 <{CUSTOMER}>", ADDRESS, f"Re: {sent['subject']}", body, In_Reply_To=sent["message_id"], **headers)  # fmt: skip


def report(message_id: str, action: str = "failed") -> EmailMessage:
    """A delivery status notification."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "MAILER-DAEMON@mx.example", ADDRESS, "Undelivered"
    message["Message-ID"] = f"<report-{action}@mx.example>"
    message["Content-Type"] = 'multipart/report; report-type=delivery-status; boundary="b"'
    raw = (
        "--b\r\nContent-Type: text/plain\r\n\r\nnot delivered\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        f"Final-Recipient: rfc822; {CUSTOMER}\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    )
    message.set_payload(raw)
    return message


def test_a_reply_joins_its_thread_and_what_the_thread_hangs_to(office: Office, inbox: Inbox) -> None:
    sent = office.sent()

    assert inbox.take(reply(office)) is Taken.TAKEN

    answer = office.emails()[-1]
    assert (answer["direction"], answer["status"], answer["unread"]) == ("incoming", "received", True)
    assert answer["thread"] == sent["thread"]
    assert answer["opportunity"] == office.opportunity["id"]
    assert (answer["account"], answer["contact"], answer["owner"]) == (
        office.account["id"],
        office.contact["id"],
        office.rep.user,
    )
    assert answer["sender"] == f"王敏 <{CUSTOMER}>"
    assert office.email(sent["id"])["replied_at"] is not None


def test_a_message_is_taken_in_once_however_often_it_comes(office: Office, inbox: Inbox) -> None:
    office.sent()
    answer = reply(office)

    assert [inbox.take(answer) for _ in range(2)] == [Taken.TAKEN, Taken.KNOWN]
    assert len(office.emails()) == 2


def test_our_own_mail_that_comes_back_as_a_copy_is_known(office: Office, inbox: Inbox) -> None:
    sent = office.sent()

    assert inbox.take(letter(ADDRESS, ADDRESS, "Re", message_id=sent["message_id"])) is Taken.KNOWN


def test_a_reply_without_references_finds_its_thread_by_the_address(office: Office, inbox: Inbox) -> None:
    office.change_account(plus_addresses=True)
    sent = office.sent()

    taken = inbox.take(letter("assistant@huaxin.example", f"li+{sent['thread']}@chengdan.example", "价格"))

    assert taken is Taken.TAKEN
    assert office.emails()[-1]["thread"] == sent["thread"]


def test_what_is_quoted_is_left_out_of_the_words(office: Office, inbox: Inbox) -> None:
    office.sent()

    inbox.take(reply(office, "可以接受。\n\n在 2026年11月29日，李思远 写道：\n> 见附件。\n"))

    assert office.emails()[-1]["body"] == "可以接受。"


def test_an_automatic_reply_is_shown_but_answers_nothing(office: Office, inbox: Inbox) -> None:
    sent = office.sent(kind="proposal")

    inbox.take(reply(office, "我在休假", Auto_Submitted="auto-replied"))

    assert office.emails()[-1]["automatic"] is True
    assert office.email(sent["id"])["replied_at"] is None
    assert timer_keys(office) == ["proposal_reply", "silent"]


def test_a_contact_who_writes_first_is_filed_under_the_account(office: Office, inbox: Inbox) -> None:
    assert inbox.take(letter(CUSTOMER.upper(), ADDRESS, "请教")) is Taken.TAKEN

    [mail] = office.emails()
    assert (mail["contact"], mail["account"], mail["opportunity"]) == (
        office.contact["id"],
        office.account["id"],
        None,
    )


def test_private_mail_stays_out_and_its_words_are_sealed(office: Office, inbox: Inbox) -> None:
    assert inbox.take(letter("mum@family.example", ADDRESS, "周末回家吗", "带点水果")) is Taken.STRANGER

    assert office.emails() == []
    [kept] = office.rows("SELECT * FROM chengdan.mail_stranger")
    assert "带点水果".encode() not in bytes(kept["raw"])
    with office.runtime.reader(office.rep) as reader:
        [offered] = strangers.offered(reader)
    assert (offered.sender, offered.subject) == ("mum@family.example", "周末回家吗")
    with office.runtime.reader(office.manager) as reader:
        assert strangers.offered(reader) == []


def test_nobody_else_may_open_what_a_stranger_wrote(office: Office, inbox: Inbox) -> None:
    inbox.take(letter("new@client.example", ADDRESS, "询价"))
    [kept] = office.rows("SELECT id FROM chengdan.mail_stranger")

    with pytest.raises(NotFound), office.runtime.unit(office.manager) as unit:
        strangers.opened(unit, office.runtime.secrets, kept["id"])
    with pytest.raises(NotFound), office.runtime.unit(office.manager) as unit:
        strangers.withdraw(unit, kept["id"])

    with office.runtime.reader(office.rep) as reader:
        account, raw, sender = strangers.opened(reader, office.runtime.secrets, kept["id"])
    assert (account, sender) == (office.mailbox.id, "new@client.example")
    assert take(office.runtime, office.mailbox, raw, linked=True) is Taken.TAKEN
    assert office.emails()[0]["subject"] == "询价"


@pytest.mark.parametrize("headers", [{"Precedence": "bulk"}, {"Auto_Submitted": "auto-generated"}])
def test_newsletters_are_not_even_offered(office: Office, inbox: Inbox, headers: dict[str, str]) -> None:
    assert inbox.take(letter("news@shop.example", ADDRESS, "双十一", **headers)) is Taken.IGNORED
    assert office.rows("SELECT 1 FROM chengdan.mail_stranger") == []


def test_a_bounce_marks_its_mail_and_says_why(office: Office, inbox: Inbox) -> None:
    sent = office.sent()

    assert inbox.take(report(sent["message_id"])) is Taken.BOUNCE

    mail = office.email(sent["id"])
    assert (mail["status"], mail["failure_kind"]) == ("bounced", "bounced")
    assert mail["failure"] == f"{CUSTOMER}: 550 5.1.1 user unknown"
    assert mail["bounced_at"] is not None
    assert len(office.emails()) == 1


def test_a_report_of_delay_is_no_bounce(office: Office, inbox: Inbox) -> None:
    sent = office.sent()

    assert inbox.take(report(sent["message_id"], "delayed")) is Taken.BOUNCE
    mail = office.email(sent["id"])
    assert (mail["status"], mail["failure_kind"]) == ("sent", "delayed")


def test_a_report_about_somebody_elses_mail_is_ignored(office: Office, inbox: Inbox) -> None:
    assert inbox.take(report("<unknown@elsewhere.example>")) is Taken.IGNORED
    assert office.emails() == []


def test_attachments_come_in_by_the_rules_of_uploads(office: Office, inbox: Inbox) -> None:
    office.sent()
    message = reply(office)
    message.add_attachment(
        b"%PDF-1.7\n%\xe2\xe3\n" + b"0" * 100, maintype="application", subtype="pdf", filename="架构图.pdf"
    )
    message.add_attachment(
        b"MZ\x90\x00" + b"0" * 100, maintype="application", subtype="octet-stream", filename="run.exe"
    )

    inbox.take(message)

    answer = office.emails()[-1]
    files = office.rows("SELECT name, kind, object, record_id FROM chengdan.file")
    assert [(file["name"], file["kind"], file["object"], file["record_id"]) for file in files] == [
        ("架构图.pdf", "files", "email", answer["id"])
    ]
    assert len(answer["files"]) == 1


def test_mail_in_gb2312_is_read(office: Office, inbox: Inbox) -> None:
    office.sent()
    message = reply(office)
    message.replace_header("Content-Type", 'text/plain; charset="gb2312"')
    message.replace_header("Content-Transfer-Encoding", "base64")
    message.set_payload(b64encode("价格可以，请发合同。".encode("gb18030")).decode())

    inbox.take(message)

    assert office.emails()[-1]["body"] == "价格可以，请发合同。"


def test_a_mailbox_is_read_from_now_on_and_left_as_it_was(office: Office, imap: ImapServer) -> None:
    imap.deliver(letter(CUSTOMER, ADDRESS, "从前"))
    desk = with_imap(office, imap)
    desk.sent()
    imap.deliver(reply(desk), letter("mum@family.example", ADDRESS, "周末"))

    assert desk.fetch() == 2
    assert desk.fetch() == 0

    assert [mail["subject"] for mail in desk.emails()] == ["方案与报价", "Re: 方案与报价"]
    assert imap.unread() == 3


def test_what_another_program_sent_joins_its_thread_once(
    office: Office, imap: ImapServer, smtp: SmtpServer
) -> None:
    desk = with_imap(office, imap)
    first = desk.sent()
    imap.deliver(reply(desk))
    desk.fetch()
    received = desk.emails()[-1]
    words = letter("li.alias@chengdan.example", CUSTOMER, "Re: 方案与报价", "价格可以再谈。", In_Reply_To=received["message_id"])  # fmt: skip
    private = letter(ADDRESS, "mum@family.example", "周末")
    out = letter(ADDRESS, CUSTOMER, "外出", "我在休假", Auto_Submitted="auto-replied")
    imap.deliver(smtp.messages[0], words, private, out, folder="Sent")

    assert desk.fetch() == 4
    assert desk.fetch() == 0

    [_, _, answer] = desk.emails()
    assert (answer["direction"], answer["status"], answer["unread"]) == ("outgoing", "sent", False)
    assert (answer["body"], answer["thread"], answer["owner"]) == (
        "价格可以再谈。",
        first["thread"],
        office.rep.user,
    )
    assert answer["opportunity"] == office.opportunity["id"]
    assert desk.rows("SELECT 1 FROM chengdan.mail_stranger") == []
    told = desk.rows("SELECT kind, data ->> 'rule' AS rule FROM chengdan.event WHERE record_id = %s", answer["id"])  # fmt: skip
    assert {("mail.sent", None), ("rule.fired", "email_sent")} <= {(one["kind"], one["rule"]) for one in told}
    imap.deliver(letter(CUSTOMER, ADDRESS, "在吗"))
    assert desk.fetch() == 1


def test_sent_mail_stays_out_when_its_owner_says_so(office: Office, imap: ImapServer) -> None:
    desk = with_imap(office, imap)
    desk.change_account(takes_sent=False)
    imap.deliver(letter(ADDRESS, CUSTOMER, "另一个程序写的"), folder="Sent")

    assert desk.fetch() == 0
    assert desk.emails() == []


@pytest.mark.parametrize(
    ("folders", "sent"),
    [
        ([("Sent", "/", ()), ("Ausgang", "/", ("\\HasNoChildren", "\\Sent"))], "Ausgang"),
        ([("INBOX", ".", ()), ("INBOX.Sent Items", ".", ())], "INBOX.Sent Items"),
        ([("[Gmail]", "/", ("\\Noselect",)), ("[Gmail]/已发邮件", "/", ("\\Sent",))], "[Gmail]/已发邮件"),
        ([("已发送", "/", ()), ("草稿箱", "/", ())], "已发送"),
        ([("Sent", "/", ("\\Noselect",)), ("Sent Messages", "/", ())], "Sent Messages"),
        ([("INBOX", "NIL", ()), ("Consent", "NIL", ())], ""),
    ],
)
def test_the_folder_of_sent_mail_is_known_by_its_flag_else_by_its_name(
    folders: list[tuple[str, str, tuple[str, ...]]], sent: str
) -> None:
    assert sent_folder([FolderInfo(*one) for one in folders]) == sent


@pytest.mark.parametrize(
    "broken",
    [
        b"Subject: nobody wrote this\r\n\r\nx",
        b"From: wang@huaxin.example\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset*\r\n\r\nx",
    ],
)
def test_a_message_that_can_not_be_read_holds_up_no_other(
    office: Office, imap: ImapServer, broken: bytes
) -> None:
    desk = with_imap(office, imap)
    imap.deliver(broken, letter(CUSTOMER, ADDRESS, "在吗"))

    desk.fetch()

    assert [mail["subject"] for mail in desk.emails()] == ["在吗"]
    assert desk.fetch() == 0


def test_control_characters_in_headers_are_left_out(office: Office) -> None:
    raw = (
        b'From: "W\x00M" <wang@huaxin.example>\r\nSubject: a\x00b\r\nMessage-ID: <a\x00b@c.example>\r\n\r\nx'
    )

    assert take(office.runtime, office.mailbox, raw) is Taken.TAKEN

    [mail] = office.emails()
    assert (mail["subject"], mail["message_id"]) == ("ab", "<ab@c.example>")


def timer_keys(office: Office) -> list[str]:
    rows = office.rows(
        "SELECT key FROM chengdan.timer WHERE record_id = %s ORDER BY key", office.opportunity["id"]
    )
    return [row["key"] for row in rows]
