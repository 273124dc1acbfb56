"""The postman at work: real servers, threads of its own; what is queued goes out and what comes in is there in seconds."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

import pytest

from chengdan.run.commands import Archive
from chengdan.run.mail import accounts, oauth, postman
from tests.run.mail.conftest import ADDRESS, CUSTOMER, Office
from tests.run.mail.post_office import HOST, ImapServer, SmtpServer, letter

PATIENCE = 30.0
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
VISITED = """
INSERT INTO chengdan.mail_hit (link, email, at, method, agent, network)
SELECT id, record_id, %s, 'GET', %s, '' FROM chengdan.public_link WHERE record_id = %s AND purpose = 'mail_link'
"""


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.05)


@contextmanager
def at_work(office: Office) -> Iterator[None]:
    stop = threading.Event()
    worker = threading.Thread(target=postman.run, args=(office.runtime, stop), daemon=True)
    worker.start()
    try:
        yield
    finally:
        stop.set()
        worker.join(PATIENCE)


def subjects(office: Office) -> list[str]:
    return [mail["subject"] for mail in office.emails()]


def test_a_proposal_goes_out_and_the_reply_that_comes_in_stops_the_clock(
    office: Office, smtp: SmtpServer, imap: ImapServer
) -> None:
    office.change_account(imap_host=HOST, imap_port=imap.port, imap_security="none")
    with at_work(office):
        wait_for(
            lambda: office.rows("SELECT checked_at FROM chengdan.mail_account")[0]["checked_at"] is not None
        )
        queued = office.queue(office.draft(kind="proposal"))
        wait_for(lambda: office.email(queued["id"])["status"] == "sent")
        timers = "SELECT key FROM chengdan.timer WHERE key = 'proposal_reply'"
        assert len(office.rows(timers)) == 1

        imap.deliver(
            letter(f"王敏 <{CUSTOMER}>", ADDRESS, "Re: 方案与报价", In_Reply_To=queued["message_id"])
        )
        wait_for(lambda: "Re: 方案与报价" in subjects(office))

        assert office.rows(timers) == []
        assert office.email(queued["id"])["replied_at"] is not None
    assert len(smtp.messages) == 1


def test_a_mailbox_that_can_not_be_read_says_why_and_is_tried_later(office: Office, imap: ImapServer) -> None:
    office.change_account(imap_host=HOST, imap_port=imap.port, imap_security="none", password="wrong")

    with at_work(office):
        wait_for(lambda: office.rows("SELECT failure FROM chengdan.mail_account")[0]["failure"] is not None)

    [account] = office.rows("SELECT failure, failures, held_until FROM chengdan.mail_account")
    assert (account["failure"]["code"], account["failures"]) == ("MAIL-007", 1)
    assert account["held_until"] > office.clock()


def test_an_archived_mail_stops_nobody(office: Office, smtp: SmtpServer) -> None:
    waiting, lost, sent = (office.queue(office.draft(subject=subject)) for subject in ("等", "失", "发"))
    with office.runtime.pool.connection() as connection:
        handing = "UPDATE chengdan.mail_outgoing SET state = 'handing', held_until = %s WHERE email = %s"
        connection.execute(handing, (office.clock() - timedelta(seconds=1), lost["id"]))
    for mail in (waiting, lost):
        office.runtime.act(office.rep, Archive("email", mail["id"]))

    with at_work(office):
        wait_for(lambda: office.email(sent["id"])["status"] == "sent")
        wait_for(lambda: office.rows("SELECT 1 FROM chengdan.mail_outgoing WHERE state = 'cancelled'") != [])

    assert [message["Subject"] for message in smtp.messages] == ["发"]


def test_a_fault_in_one_duty_keeps_none_of_the_others_from_being_done(
    office: Office, smtp: SmtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    with office.refusing("{updated: [opened_at]}", "opened_at != null"):
        opened = office.sent(body="看 https://example.com/a")
        office.pass_time(hours=1)
        with office.runtime.pool.connection() as connection:
            connection.execute(VISITED, (office.clock() - timedelta(minutes=1), CHROME, opened["id"]))
        with at_work(office):
            wait_for(lambda: "the postman met a fault" in caplog.text)
            queued = office.queue(office.draft())
            wait_for(lambda: office.email(queued["id"])["status"] == "sent")

    assert len(smtp.messages) == 2


class TokenEndpoint(BaseHTTPRequestHandler):
    """Gives an access token for the right refresh token, and the one that takes its place."""

    asked: list[dict[str, list[str]]] = []  # noqa: RUF012

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["content-length"])).decode())
        self.asked.append(form)
        good = form.get("refresh_token") in (["refresh-1"], ["refresh-2"])
        given = {"access_token": "access-1", "refresh_token": "refresh-2", "expires_in": 3600}
        body = given if good else {"error": "invalid_grant"}
        self.send_response(200 if good else 400)
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def token_url() -> Iterator[str]:
    TokenEndpoint.asked.clear()
    server = HTTPServer((HOST, 0), TokenEndpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://{HOST}:{server.server_port}/token"
    server.shutdown()


def test_a_refresh_token_logs_in_by_xoauth2(office: Office, smtp: SmtpServer, token_url: str) -> None:
    office.change_account(auth="oauth2", token_url=token_url, client_id="app", client_secret="s", refresh_token="refresh-1")  # fmt: skip

    assert [office.sent()["status"], office.sent()["status"]] == ["sent", "sent"]

    assert smtp.logins == [("XOAUTH2", f"user={ADDRESS}\x01auth=Bearer access-1\x01\x01")] * 2
    assert [form["grant_type"] for form in TokenEndpoint.asked] == [["refresh_token"]]
    with office.runtime.pool.connection() as connection:
        account = accounts.find(connection, office.mailbox.id)
    assert account is not None
    assert account.secrets(office.runtime.secrets) == {"client_secret": "s", "refresh_token": "refresh-2"}
    oauth.forget(account)
    assert office.sent()["status"] == "sent"
    assert [form["refresh_token"] for form in TokenEndpoint.asked] == [["refresh-1"], ["refresh-2"]]


def test_a_refresh_token_that_was_revoked_is_said_clearly(
    office: Office, smtp: SmtpServer, token_url: str
) -> None:
    office.change_account(auth="oauth2", token_url=token_url, client_id="app", refresh_token="refresh-0")

    mail = office.sent()

    assert (mail["status"], mail["failure_kind"], mail["failure"]) == (
        "queued",
        "token_refused",
        "invalid_grant",
    )
    assert smtp.messages == []
