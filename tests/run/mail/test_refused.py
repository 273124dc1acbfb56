"""Refused: a message that the definitions don't let in is kept for its owner, and holds up no other."""

from email import policy

import pytest

from chengdan.base.errors import Problems
from chengdan.run.mail import desk, strangers
from chengdan.run.mail.taking import Taken, take
from chengdan.store.files.errors import StorageUnavailable
from tests.run.mail.conftest import ADDRESS, CUSTOMER, Office, with_imap
from tests.run.mail.post_office import ImapServer, letter

INCOMING = 'direction == "incoming" and subject == "被拒"'
REFUSED = letter(f"王敏 <{CUSTOMER}>", ADDRESS, "被拒", "多少钱？" * 1_000_000)
"""Larger than what is kept of a stranger's mail."""


def offers(office: Office) -> list[strangers.Stranger]:
    with office.runtime.reader(office.rep) as reader:
        return strangers.offered(reader)


def link(office: Office, offer: strangers.Stranger) -> None:
    made = desk.link_stranger(office.runtime, office.rep, offer.id, "contact", office.contact["id"], "test")
    assert made is not None


def test_a_message_that_is_refused_is_offered_whole_and_the_next_comes_in(
    office: Office, imap: ImapServer
) -> None:
    room = with_imap(office, imap)
    imap.deliver(REFUSED, letter(CUSTOMER, ADDRESS, "在吗"))

    with room.refusing("{created: true}", INCOMING):
        assert room.fetch() == 2
        assert room.fetch() == 0

    assert [mail["subject"] for mail in room.emails()] == ["在吗"]
    [offer] = offers(room)
    assert (offer.sender, offer.subject) == (CUSTOMER, "被拒")
    with room.runtime.reader(room.rep) as reader:
        _, raw, _ = strangers.opened(reader, room.runtime.secrets, offer.id)
    assert len(raw) > strangers.MAX_RAW


def test_what_is_refused_comes_in_once_the_definitions_let_it(office: Office) -> None:
    raw = REFUSED.as_bytes(policy=policy.SMTP)
    with office.refusing("{created: true}", INCOMING):
        assert take(office.runtime, office.mailbox, raw) is Taken.KEPT
        assert take(office.runtime, office.mailbox, raw) is Taken.KNOWN
        [offer] = offers(office)
        with pytest.raises(Problems):
            link(office, offer)
        assert (offers(office), office.emails()) == ([offer], [])

    link(office, offer)

    [mail] = office.emails()
    assert (mail["subject"], mail["contact"]) == ("被拒", office.contact["id"])
    assert offers(office) == []


def test_what_we_sent_and_is_refused_stays_in_its_folder(office: Office, imap: ImapServer) -> None:
    room = with_imap(office, imap)
    sent = [letter(ADDRESS, CUSTOMER, subject) for subject in ("被拒", "报价")]
    imap.deliver(*sent, folder="Sent")

    with room.refusing("{created: true}", 'subject == "被拒"'):
        assert room.fetch() == 1
        assert room.fetch() == 0

    assert [mail["subject"] for mail in room.emails()] == ["报价"]
    assert offers(room) == []


def test_a_message_waits_in_the_mailbox_while_nothing_can_be_stored(office: Office, imap: ImapServer) -> None:
    room = with_imap(office, imap)
    imap.deliver(letter(CUSTOMER, ADDRESS, "在吗"))

    with room.without_storage(), pytest.raises(StorageUnavailable):
        room.fetch()
    assert (room.emails(), offers(room)) == ([], [])

    assert room.fetch() == 1
    assert [mail["subject"] for mail in room.emails()] == ["在吗"]


def test_a_stranger_s_mail_is_offered_until_it_is_in(office: Office) -> None:
    raw = letter("new@client.example", ADDRESS, "询价").as_bytes(policy=policy.SMTP)
    take(office.runtime, office.mailbox, raw)
    [offer] = offers(office)

    with office.without_storage(), pytest.raises(StorageUnavailable):
        link(office, offer)
    assert (offers(office), office.emails()) == ([offer], [])

    link(office, offer)
    assert [mail["subject"] for mail in office.emails()] == ["询价"]
    assert offers(office) == []


def test_a_stranger_s_mail_without_a_message_id_is_linked(office: Office) -> None:
    message = letter("new@client.example", ADDRESS, "询价")
    del message["Message-ID"]
    take(office.runtime, office.mailbox, message.as_bytes(policy=policy.SMTP))

    link(office, offers(office)[0])

    [mail] = office.emails()
    assert mail["contact"] == office.contact["id"]
