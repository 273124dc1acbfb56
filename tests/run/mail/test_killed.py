"""Killed while it sends: a mail goes out once, or a person is asked; never twice."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from chengdan.run.mail.outgoing import send_due
from tests.run.mail.conftest import Office
from tests.run.mail.post_office import HOST, SmtpServer

SENDER = Path(__file__).with_name("sender.py")


def killed_at(office: Office, smtp: SmtpServer, point: str) -> None:
    """A worker that is killed -9 when the server stops answering at `point`."""
    smtp.hang = point
    command = [
        sys.executable,
        "-m",
        "tests.run.mail.sender",
        office.runtime.url,
        str(office.runtime.config.home),
        HOST,
    ]
    worker = subprocess.Popen(command, cwd=SENDER.parents[3], stderr=subprocess.DEVNULL)
    assert smtp.reached.wait(120)
    worker.kill()
    worker.wait()
    smtp.hang = ""
    office.pass_time(seconds=2)


@pytest.mark.crash
def test_a_worker_killed_before_the_message_leaves_it_to_the_next(office: Office, smtp: SmtpServer) -> None:
    queued = office.queue(office.draft())

    killed_at(office, smtp, "rcpt")
    assert send_due(office.runtime, timedelta(seconds=1))

    assert [message["Message-ID"] for message in smtp.messages] == [queued["message_id"]]
    assert office.email(queued["id"])["status"] == "sent"


@pytest.mark.crash
def test_a_worker_killed_after_the_message_sends_it_no_second_time(office: Office, smtp: SmtpServer) -> None:
    queued = office.queue(office.draft())

    killed_at(office, smtp, "data")
    assert not send_due(office.runtime, timedelta(seconds=1))

    assert [message["Message-ID"] for message in smtp.messages] == [queued["message_id"]]
    assert office.email(queued["id"])["status"] == "uncertain"
