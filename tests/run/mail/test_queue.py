"""The queue: a mail that the server took is sent once whatever fails afterwards, and a claim moves nothing of another's."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from chengdan.run.mail import drafting, queue
from chengdan.run.mail.outgoing import send_due, settle_lost, tell_late
from chengdan.run.mail.queue import Claimed, Place
from tests.run.mail.conftest import Office
from tests.run.mail.post_office import SmtpServer

SHORT, LONG = timedelta(seconds=1), timedelta(minutes=5)
SENT = "{updated: [status]}", 'status == "sent"'


def place_of(office: Office, id: UUID) -> str:
    [row] = office.rows("SELECT state FROM chengdan.mail_outgoing WHERE email = %s", id)
    return str(row["state"])


def times_told(office: Office, id: UUID) -> int:
    return len(office.rows("SELECT 1 FROM chengdan.event WHERE record_id = %s AND kind = 'mail.sent'", id))


REFUSE = """
CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
CREATE TRIGGER refuse BEFORE UPDATE ON chengdan.mail_outgoing FOR EACH ROW WHEN (NEW.state = 'sent')
    EXECUTE FUNCTION public.refuse()
"""


@contextmanager
def refusing_to_end(office: Office) -> Iterator[None]:
    """A while in which the database does not write down that a mail was sent."""
    with office.runtime.pool.connection() as connection:
        connection.execute(REFUSE)
    try:
        yield
    finally:
        with office.runtime.pool.connection() as connection:
            connection.execute("DROP FUNCTION public.refuse CASCADE")


def test_a_mail_whose_record_refuses_to_be_told_is_sent_once_and_told_later(
    office: Office, smtp: SmtpServer
) -> None:
    with office.refusing(*SENT):
        queued = office.queue(office.draft())
        assert send_due(office.runtime)
        office.pass_time(days=2)
        assert not send_due(office.runtime)
        assert tell_late(office.runtime) == 1

        assert (place_of(office, queued["id"]), len(smtp.messages)) == ("sent", 1)
        assert office.email(queued["id"])["status"] == "queued"
        assert tell_late(office.runtime) == 0

    office.pass_time(minutes=6)
    assert tell_late(office.runtime) == 1

    mail = office.email(queued["id"])
    assert (mail["status"], mail["failure_kind"], times_told(office, queued["id"])) == ("sent", None, 1)
    assert (tell_late(office.runtime), send_due(office.runtime), len(smtp.messages)) == (0, False, 1)


def test_a_mail_whose_end_can_not_be_written_down_is_sent_once_and_uncertain(
    office: Office, smtp: SmtpServer
) -> None:
    queued = office.queue(office.draft())
    with refusing_to_end(office), pytest.raises(psycopg.Error):
        send_due(office.runtime)

    for _ in range(3):
        office.pass_time(hours=3)
        assert not send_due(office.runtime)

    assert len(smtp.messages) == 1
    assert (place_of(office, queued["id"]), office.email(queued["id"])["status"]) == (
        "uncertain",
        "uncertain",
    )


def test_a_record_that_can_not_be_told_of_a_failure_does_not_keep_its_mail_in_the_queue(
    office: Office, smtp: SmtpServer
) -> None:
    smtp.answers = ["554 looks like spam"]
    queued = office.queue(office.draft())
    with office.refusing("{updated: [status]}", 'status == "failed"'):
        assert send_due(office.runtime)
        other = office.queue(office.draft(subject="另一封"))
        assert send_due(office.runtime)

    assert (place_of(office, queued["id"]), office.email(other["id"])["status"]) == ("failed", "sent")
    office.pass_time(minutes=1)
    assert tell_late(office.runtime) == 1
    assert office.email(queued["id"])["status"] == "failed"


def claimed(office: Office, held: timedelta) -> Claimed:
    found = queue.claim(office.runtime, held)
    assert found is not None
    return found


def test_a_worker_that_was_held_up_moves_nothing_that_another_has_taken_over(office: Office) -> None:
    mail = office.queue(office.draft())["id"]
    slow = claimed(office, SHORT)
    office.pass_time(seconds=2)
    quick = claimed(office, LONG)
    assert queue.hand(office.runtime, quick, LONG)

    every = tuple(Place)
    assert not queue.hand(office.runtime, slow, LONG)
    assert not queue.put_off(office.runtime, slow, every, office.clock())
    assert not queue.end(office.runtime, slow, every, Place.FAILED)

    assert place_of(office, mail) == "handing"
    assert queue.end(office.runtime, quick, (Place.HANDING,), Place.SENT)


def test_a_worker_that_was_lost_moves_nothing_of_the_mail_that_was_queued_again(office: Office) -> None:
    mail = office.queue(office.draft())["id"]
    slow = claimed(office, SHORT)
    assert queue.hand(office.runtime, slow, SHORT)
    office.pass_time(seconds=2)
    assert settle_lost(office.runtime) == 1
    with office.runtime.unit(office.rep) as unit:
        drafting.decide(unit, mail, again=True)
    quick = claimed(office, LONG)

    assert not queue.put_off(office.runtime, slow, tuple(Place), office.clock())
    assert not queue.end(office.runtime, slow, tuple(Place), Place.FAILED)

    assert (slow.attempts, quick.attempts, place_of(office, mail)) == (1, 1, "waiting")


def test_what_went_wrong_elsewhere_does_not_put_off_a_mail_that_the_server_was_given(office: Office) -> None:
    mail = office.queue(office.draft())["id"]
    mine = claimed(office, LONG)
    assert queue.hand(office.runtime, mine, LONG)

    assert not queue.put_off(office.runtime, mine, (Place.WAITING,), office.clock())

    assert place_of(office, mail) == "handing"
