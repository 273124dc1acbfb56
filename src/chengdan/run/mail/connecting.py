"""Connections to mail servers: which hosts are allowed, encryption, log-in; what goes wrong becomes a clear error."""

import imaplib
import ipaddress
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from imap_tools import BaseMailBox, MailBox, MailBoxStartTls, MailBoxUnencrypted
from imap_tools.errors import ImapToolsError, MailboxLoginError

from chengdan.base.config import Config
from chengdan.base.label import Label
from chengdan.run.mail import oauth
from chengdan.run.mail.accounts import OAUTH2, PLAIN, STARTTLS, TLS, MailAccount, Server
from chengdan.run.mail.errors import HostRefused, LoginRefused, ServerUnreachable
from chengdan.store.secrets import Secrets

TIMEOUT_SECONDS = 30
PORTS = frozenset({25, 143, 465, 587, 993, 2525})
CANT_RESOLVE = Label("找不到这台主机", "there is no such host")
NO_ANSWER = Label("没有应答", "there is no answer")
NO_TLS = Label(
    "加密连接失败，证书或加密方式不对", "the encrypted connection failed: its certificate or kind is wrong"
)
NOT_MAIL = Label("应答不像邮件服务器", "it doesn't answer as a mail server does")


def check_host(config: Config, server: Server) -> None:
    """Raises HostRefused for what this installation does not connect to.

    With `mail_hosts` only hosts that fit one of its patterns (`smtp.example.com`, `*.corp.example`, `10.1.2.3`) are, on
    any port; without, every public host on the ports of mail, encrypted.
    """
    if config.mail_hosts:
        allowed = _is_named(config.mail_hosts, server.host)
    else:
        allowed = (
            server.port in PORTS and server.security != PLAIN and all(map(_is_public, _addresses(server)))
        )
    if not allowed:
        raise HostRefused(path="host", host=server.host, port=server.port)


def check_token_url(config: Config, url: str) -> None:
    """The same for the address that gives access tokens: named, or public and encrypted. Raises HostRefused."""
    parts = urlsplit(url)
    server = Server(parts.hostname or "", parts.port or 443, TLS if parts.scheme == "https" else PLAIN)
    if config.mail_hosts:
        allowed = _is_named(config.mail_hosts, server.host)
    else:
        allowed = server.security == TLS and all(map(_is_public, _addresses(server)))
    if not allowed:
        raise HostRefused(path="token_url", host=server.host, port=server.port)


def _is_named(patterns: str, host: str) -> bool:
    named = (pattern.strip().lower() for pattern in patterns.split(","))
    return any(pattern and fnmatchcase(host.lower().rstrip("."), pattern) for pattern in named)


def _addresses(server: Server) -> list[str]:
    try:
        return [
            str(found[4][0])
            for found in socket.getaddrinfo(server.host, server.port, type=socket.SOCK_STREAM)
        ]
    except (OSError, UnicodeError):
        raise unreachable(server, CANT_RESOLVE) from None


def _is_public(address: str) -> bool:
    return ipaddress.ip_address(address.partition("%")[0]).is_global


@contextmanager
def smtp(config: Config, vault: Secrets, account: MailAccount) -> Iterator[smtplib.SMTP]:
    """A connection that is logged in and ready to take a message.

    Raises HostRefused, ServerUnreachable, LoginRefused, TokenRefused, SecretUnreadable.
    """
    server = account.smtp
    check_host(config, server)
    with _translated(server):
        if server.security == TLS:
            client: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host, server.port, timeout=TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            client = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        if server.security == STARTTLS:
            client.starttls(context=ssl.create_default_context())
        client.ehlo_or_helo_if_needed()
    try:
        with _translated(server):
            _log_in(config, client, vault, account)
        yield client
    finally:
        with suppress(smtplib.SMTPException, OSError):
            client.quit()


def _log_in(config: Config, client: smtplib.SMTP, vault: Secrets, account: MailAccount) -> None:
    secrets = account.secrets(vault)
    if not secrets or not client.has_extn("auth"):
        return
    if account.auth == OAUTH2:
        check_token_url(config, account.token_url)
        token = oauth.access_token(account, secrets)

        def answer(challenge: bytes | None = None) -> str:
            return "" if challenge else oauth.bearer(account.login, token)

        try:
            client.auth("XOAUTH2", answer, initial_response_ok=True)
        except smtplib.SMTPAuthenticationError:
            oauth.forget(account)
            raise
    else:
        client.login(account.login, secrets["password"])


@contextmanager
def mailbox(config: Config, vault: Secrets, account: MailAccount) -> Iterator[BaseMailBox]:
    """The account's INBOX, read without marking anything. Raises as `smtp`."""
    server = account.imap
    check_host(config, server)
    secrets = account.secrets(vault)
    with _translated(server):
        box = _opened(server)
    try:
        with _translated(server):
            if account.auth == OAUTH2:
                check_token_url(config, account.token_url)
                _show_token(box, account, oauth.access_token(account, secrets))
            else:
                box.login(account.login, secrets.get("password", ""), initial_folder=None)
            box.folder.set("INBOX", readonly=True)
        yield box
    finally:
        with suppress(imaplib.IMAP4.error, OSError, ImapToolsError):
            box.logout()


def _opened(server: Server) -> BaseMailBox:
    if server.security == PLAIN:
        return MailBoxUnencrypted(server.host, server.port, timeout=TIMEOUT_SECONDS)
    kind = MailBox if server.security == TLS else MailBoxStartTls
    return kind(server.host, server.port, timeout=TIMEOUT_SECONDS, ssl_context=ssl.create_default_context())


def _show_token(box: BaseMailBox, account: MailAccount, token: str) -> None:
    try:
        box.xoauth2(account.login, token, initial_folder=None)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error:
        oauth.forget(account)
        raise LoginRefused(host=account.imap.host) from None


@contextmanager
def _translated(server: Server) -> Iterator[None]:
    """What libraries raise on the way in, as errors that say where and why."""
    try:
        yield
    except (smtplib.SMTPAuthenticationError, MailboxLoginError):
        raise LoginRefused(host=server.host) from None
    except ssl.SSLError:
        raise unreachable(server, NO_TLS) from None
    except socket.gaierror:
        raise unreachable(server, CANT_RESOLVE) from None
    except OSError as error:
        protocol = isinstance(error, smtplib.SMTPException) and not isinstance(
            error, smtplib.SMTPServerDisconnected
        )
        raise unreachable(server, NOT_MAIL if protocol else NO_ANSWER) from None
    except (imaplib.IMAP4.error, ImapToolsError):
        raise unreachable(server, NOT_MAIL) from None


def unreachable(server: Server, why: Label) -> ServerUnreachable:
    """That a server can't be reached; `why` is one of the labels above."""
    return ServerUnreachable(host=server.host, port=server.port, why=why)
