"""A post office on loopback: an SMTP server that keeps what it is given, and an IMAP server that messages are put into."""

import asyncio
import base64
import imaplib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
PASSWORD = "app-password"


@dataclass
class SmtpServer:
    """What it was given, in order. `answers` are what it says to the next messages instead of taking them."""

    port: int = 0
    envelopes: list[Envelope] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)
    logins: list[tuple[str, str]] = field(default_factory=list)
    token: str = "access-1"
    hang: str = ""
    """Where it says nothing any more: `rcpt`, or `data` after it has taken the message."""
    reached: threading.Event = field(default_factory=threading.Event)

    def begin_anew(self) -> None:
        """Forget what was, as a server just started."""
        for kept in (self.envelopes, self.answers, self.refused, self.logins):
            kept.clear()
        self.hang, self.token = "", "access-1"
        self.reached.clear()

    @property
    def messages(self) -> list[EmailMessage]:
        found = [message_from_bytes(content(one), policy=policy.default) for one in self.envelopes]
        return [message for message in found if isinstance(message, EmailMessage)]

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.hang == "rcpt":
            await self._wait()
        if address in self.refused:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 taken"
        if answer == "break after taking":
            self.envelopes.append(envelope)
            server.transport.close()  # type: ignore[union-attr]
            return "250 taken"
        if answer.startswith("250"):
            self.envelopes.append(envelope)
        if self.hang == "data":
            await self._wait()
        return answer

    async def _wait(self) -> None:
        self.reached.set()
        await asyncio.sleep(60)

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:  # noqa: N802
        shown = base64.b64decode(args[1]).decode() if len(args) > 1 else ""
        self.logins.append(("XOAUTH2", shown))
        return AuthResult(success=f"auth=Bearer {self.token}\x01" in shown)

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        login, password = data.login.decode(), data.password.decode()
        self.logins.append((login, mechanism))
        return AuthResult(success=password == PASSWORD, handled=False)


def content(envelope: Envelope) -> bytes:
    """The bytes of a message that was given."""
    found = envelope.content
    return found.encode() if isinstance(found, str) else bytes(found or b"")


@contextmanager
def smtp_server() -> Iterator[SmtpServer]:
    server = SmtpServer(port=free_port())
    controller = Controller(
        server,
        hostname=HOST,
        port=server.port,
        authenticator=server.authenticate,
        auth_require_tls=False,
        auth_required=True,
    )
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@dataclass(frozen=True)
class ImapServer:
    """One mailbox, in memory, with an inbox and a folder of what was sent."""

    port: int
    user: str

    def make(self, folder: str) -> None:
        with self._session() as session:
            assert session.create(folder)[0] == "OK"

    def deliver(self, *messages: EmailMessage | bytes, folder: str = "INBOX") -> None:
        """Put messages into a folder of the mailbox, as the provider does."""
        with self._session() as session:
            for message in messages:
                raw = message if isinstance(message, bytes) else message.as_bytes(policy=policy.SMTP)
                assert session.append(folder, "", imaplib.Time2Internaldate(time.time()), raw)[0] == "OK"

    def unread(self) -> int:
        """How many messages nobody marked as seen."""
        with self._session() as session:
            session.select("INBOX", readonly=True)
            return len(session.search(None, "UNSEEN")[1][0].split())

    @contextmanager
    def _session(self) -> Iterator[imaplib.IMAP4]:
        session = imaplib.IMAP4(HOST, self.port, timeout=10)
        session.login(self.user, PASSWORD)
        yield session
        session.logout()


@contextmanager
def imap_server(user: str) -> Iterator[ImapServer]:
    port = free_port()
    command = [
        sys.executable,
        "-c",
        "from pymap.main import main; main()",
        "--host",
        HOST,
        "--port",
        str(port),
        "--no-tls",
    ]
    command += [
        "--no-service",
        "admin",
        "--no-service",
        "managesieve",
        "dict",
        "--demo-user",
        user,
        "--demo-password",
        PASSWORD,
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(port)
        server = ImapServer(port, user)
        server.make("Sent")
        yield server
    finally:
        process.kill()
        process.wait()


def _wait_for(port: int) -> None:
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError(port)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def letter(sender: str, to: str, subject: str, body: str = "您好", **headers: str) -> EmailMessage:
    """A message as a customer's program writes it."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, to, subject
    message["Message-ID"] = headers.pop(
        "message_id", f"<{abs(hash((sender, subject, body)))}@customer.example>"
    )
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(body)
    return message
