"""Sending plain e-mails of the installation itself, over the server that `CHENGDAN_SMTP_URL` names."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from chengdan.base.config import Config

SECONDS = 15.0
_PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail to one address; the id makes a second copy known as such."""

    to: str
    subject: str
    text: str
    html: str
    id: str
    at: datetime


class MailRefused(Exception):
    """The server took one e-mail not, and says why."""


@contextmanager
def opened(config: Config) -> Iterator[smtplib.SMTP]:
    """A session with the server, logged in and over TLS where it offers that. Raises OSError, smtplib.SMTPException."""
    parts = urlsplit(config.smtp_url or "")
    host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
    context = ssl.create_default_context()
    server = (
        smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
        if parts.scheme == "smtps"
        else smtplib.SMTP(host, port, timeout=SECONDS)
    )
    try:
        server.ehlo()
        if parts.scheme == "smtp" and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
        if parts.username:
            server.login(unquote(parts.username), unquote(parts.password or ""))
        yield server
    finally:
        with suppress(OSError, smtplib.SMTPException):
            server.quit()


def sender(config: Config) -> str:
    """Who the e-mails are from."""
    if config.smtp_from:
        return config.smtp_from
    parts = urlsplit(config.smtp_url or "")
    user = unquote(parts.username or "chengdan")
    return user if "@" in user else f"{user}@{parts.hostname}"


def send(server: smtplib.SMTP, config: Config, mail: Mail) -> None:
    """Hand one e-mail over. Raises MailRefused; OSError or smtplib.SMTPException when the session is of no more use."""
    message = EmailMessage()
    message["From"] = sender(config)
    message["To"] = mail.to
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = f"<{mail.id}@{parseaddr(sender(config))[1].rpartition('@')[2] or 'chengdan'}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.text)
    message.add_alternative(mail.html, subtype="html")
    try:
        server.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise MailRefused(str(error)) from None
