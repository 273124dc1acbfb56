"""Strangers: mails of unknown senders, offered to the owner of the mailbox alone; sealed, and gone after a month.

Mails that the definitions refused wait here too.
"""

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.ids import new_id
from chengdan.run.errors import NotFound
from chengdan.run.mail.accounts import MailAccount
from chengdan.run.mail.reading import Received
from chengdan.store.connection import Connection
from chengdan.store.secrets import Secrets
from chengdan.store.unit import Unit

KEPT = timedelta(days=30)
MAX_RAW = 2_000_000
MAX_LISTED = 100
MAX_OF_ACCOUNT = 500
_OFFER: LiteralString = (
    "INSERT INTO chengdan.mail_stranger (id, account, sender, name, subject, at, raw) "
    "SELECT %(id)s, %(account)s, %(sender)s, %(name)s, %(subject)s, %(at)s, %(raw)s WHERE "
    "%(whole)s OR (SELECT count(*) FROM chengdan.mail_stranger WHERE account = %(account)s) < %(most)s"
)
_LIST: LiteralString = (
    "SELECT s.id, s.account, s.sender, s.name, s.subject, s.at FROM chengdan.mail_stranger s JOIN chengdan.mail_account a "
    "ON a.id = s.account WHERE a.owner = %s ORDER BY s.at DESC LIMIT %s"
)
_ONE: LiteralString = (
    "SELECT s.account, s.raw, s.sender FROM chengdan.mail_stranger s JOIN chengdan.mail_account a ON a.id = s.account "
    "WHERE s.id = %s AND a.owner = %s"
)
_GONE: LiteralString = (
    "DELETE FROM chengdan.mail_stranger s USING chengdan.mail_account a WHERE s.id = %s AND a.id = s.account "
    "AND a.owner = %s RETURNING s.id"
)
_OLD: LiteralString = "DELETE FROM chengdan.mail_stranger WHERE at < %s"


@dataclass(frozen=True, slots=True)
class Stranger:
    """A mail of somebody unknown, as far as it is told."""

    id: UUID
    account: UUID
    sender: str
    name: str
    subject: str
    at: datetime

    def as_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "account": self.account,
            "sender": self.sender,
            "name": self.name,
            "subject": self.subject,
            "at": self.at,
        }


def offer(
    unit: Unit, secrets: Secrets, account: MailAccount, message: Received, raw: bytes, *, whole: bool = False
) -> None:
    """Keep a stranger's mail for its owner to decide on; one that is too large only by its sender and subject.

    With `whole` all of it however large it is, and beside however many others: for what must not be lost.
    """
    id = new_id()
    text = base64.b64encode(raw).decode() if whole or len(raw) <= MAX_RAW else ""
    unit.execute(
        _OFFER,
        {
            "id": id,
            "account": account.id,
            "sender": message.sender.address,
            "name": message.sender.name,
            "subject": message.subject,
            "at": message.at if message.at is not None and message.at <= unit.now else unit.now,
            "raw": secrets.seal(text, _place(id)),
            "whole": whole,
            "most": MAX_OF_ACCOUNT,
        },
    )


def offered(reader: Unit) -> list[Stranger]:
    """The mails of strangers in the principal's own mailboxes, the latest first."""
    rows = reader.execute(_LIST, (reader.principal.user, MAX_LISTED)).fetchall()
    return [Stranger(*row) for row in rows]


def opened(unit: Unit, secrets: Secrets, id: UUID) -> tuple[UUID, bytes, str]:
    """An offer: the account, the message (empty: it was too large) and its sender. Raises NotFound, SecretUnreadable."""
    row = unit.execute(_ONE, (id, unit.principal.user)).fetchone()
    if row is None:
        raise NotFound()
    account, sealed, sender = row
    return account, base64.b64decode(secrets.open(sealed, _place(id))), sender


def withdraw(unit: Unit, id: UUID) -> None:
    """Take an offer away. Raises NotFound."""
    if unit.execute(_GONE, (id, unit.principal.user)).fetchone() is None:
        raise NotFound()


def forget_old(connection: Connection, now: datetime) -> None:
    connection.execute(_OLD, (now - KEPT,))


def _place(id: UUID) -> str:
    return f"mail_stranger/{id}"
