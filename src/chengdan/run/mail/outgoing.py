"""Outgoing: queued mails go to their servers, each once, though a worker may be killed at any moment.

What is sent is fixed before the first attempt: the very bytes, Message-ID included, are kept. Just before the server is
given a message, that is written down and committed (`handing`). A worker that dies before leaves the mail to be sent by
another; one that dies after leaves it `uncertain`, which a person decides, or a reply: it is never sent twice on a guess.
"""

import logging
import smtplib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from io import BytesIO
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.errors import ChengdanError
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.mail import Failure, MailStatus
from chengdan.run.explain import seen
from chengdan.run.mail import accounts, connecting, threads
from chengdan.run.mail.accounts import MailAccount
from chengdan.run.mail.addresses import Person, parsed
from chengdan.run.mail.errors import MessageRefused, NoAccount
from chengdan.run.mail.failing import failure, failure_of
from chengdan.run.mail.room import ROOM, mail_of, write
from chengdan.run.mail.tracking import Tracker
from chengdan.run.mail.writing import Enclosure, Outgoing, written
from chengdan.run.runtime import Runtime
from chengdan.store.files import PDF_TYPE
from chengdan.store.secrets import SecretUnreadable

HELD = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
MAX_ATTEMPTS = 14
"""About a day of trying."""

_log = logging.getLogger(__name__)
_CLAIM: LiteralString = (
    "UPDATE chengdan.mail_outgoing SET held_until = %(until)s, attempts = attempts + 1 WHERE email = ("
    "SELECT email FROM chengdan.mail_outgoing WHERE state = 'waiting' AND due_at <= %(now)s "
    "AND (held_until IS NULL OR held_until < %(now)s) ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) "
    "RETURNING email, account, attempts, queued_at"
)
_HAND: LiteralString = (
    "UPDATE chengdan.mail_outgoing SET state = 'handing', held_until = %s WHERE email = %s AND state = 'waiting' "
    "AND attempts = %s RETURNING email"
)
_AGAIN: LiteralString = (
    "UPDATE chengdan.mail_outgoing SET state = 'waiting', held_until = NULL, due_at = %s WHERE email = %s"
)
_END: LiteralString = "UPDATE chengdan.mail_outgoing SET state = %s, held_until = NULL WHERE email = %s"
_LOST: LiteralString = (
    "SELECT email FROM chengdan.mail_outgoing WHERE state = 'handing' AND held_until < %s LIMIT 50 "
    "FOR UPDATE SKIP LOCKED"
)
_SOURCE: LiteralString = "SELECT sha256 FROM chengdan.mail_source WHERE email = %s"
_KEEP: LiteralString = "INSERT INTO chengdan.mail_source (email, account, sha256, size) VALUES (%s, %s, %s, %s) ON CONFLICT (email) DO NOTHING"
_FILES: LiteralString = "SELECT id, name, mime, sha256 FROM chengdan.file WHERE id = ANY(%s) AND removed_at IS NULL ORDER BY created_at, id"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A mail that this worker sends now."""

    email: UUID
    account: UUID
    attempts: int
    queued_at: Any


def send_due(runtime: Runtime, held: timedelta = HELD) -> bool:
    """Send one mail that is due; False when none is. Whatever goes wrong concerns that mail alone."""
    if runtime.snapshot.mail is None:
        return False
    settle_lost(runtime)
    now = runtime.clock()
    with runtime.pool.connection() as connection:
        row = connection.execute(_CLAIM, {"now": now, "until": now + held}).fetchone()
    if row is None:
        return False
    claimed = Claimed(*row)
    try:
        _send(runtime, claimed, held)
    except ChengdanError as error:
        _try_later(runtime, claimed, error)
    except Exception as error:
        _log.exception("a mail met a fault of the program")
        _try_later(runtime, claimed, error)
    return True


def settle_lost(runtime: Runtime) -> int:
    """Mark the mails whose worker died while the server was given them; returns how many there were."""
    with runtime.unit(ROOM, "mail") as unit:
        lost = [email for (email,) in unit.execute(_LOST, (unit.now,)).fetchall()]
        for email in lost:
            unit.execute(_END, ("uncertain", email))
            write(unit, email, status=MailStatus.UNCERTAIN, **failure(Failure.INTERRUPTED))
    return len(lost)


def _send(runtime: Runtime, claimed: Claimed, held: timedelta) -> None:
    with runtime.pool.connection() as connection:
        account = accounts.find(connection, claimed.account)
    if account is None or not account.sends:
        raise NoAccount()
    raw, people = _prepared(runtime, claimed, account)
    with connecting.smtp(runtime.config, runtime.secrets, account) as client:
        refused = _addressed(client, account, people)
        if not _handing(runtime, claimed, held):
            return
        _hand_over(runtime, claimed, client, raw, refused)


def _prepared(runtime: Runtime, claimed: Claimed, account: MailAccount) -> tuple[bytes, list[str]]:
    """The bytes to send, made once and kept, and to whom they go."""
    item, mail = mail_of(runtime.snapshot)
    with runtime.reader(ROOM) as reader:
        row = seen(reader, item.name, claimed.email)
        kept = reader.execute(_SOURCE, (claimed.email,)).fetchone()
        files = reader.execute(_FILES, ([UUID(id) for id in row[mail["files"]] or ()],)).fetchall()
        answered = threads.answered(reader, row[mail["in_reply_to"]], row[mail["thread"]])
    to, cc = parsed(row[mail["to"]] or ""), parsed(row[mail["cc"]] or "")
    people = [person.address for person in (*to, *cc)]
    if kept is not None:
        with runtime.blobs.open(kept[0]) as stream:
            return stream.read(), people
    base = runtime.config.public_url
    tracks = bool(row[mail["tracked"]]) and runtime.config.mail_tracking and base is not None
    documents = [(id, name) for id, name, mime, _ in files if tracks and mime == PDF_TYPE]
    enclosed = [
        Enclosure(name, mime, _content(runtime, sha256))
        for _, name, mime, sha256 in files
        if not (tracks and mime == PDF_TYPE)
    ]
    outgoing = Outgoing(
        message_id=row[mail["message_id"]],
        sender=Person(account.address, account.name),
        to=to,
        cc=cc,
        subject=row[mail["subject"]],
        body=row[mail["body"]],
        at=claimed.queued_at,
        signature=account.signature,
        quoted=answered.quoted,
        reply_to=_plus(account, row[mail["thread"]]) if account.plus_addresses else None,
        in_reply_to=row[mail["in_reply_to"]] or "",
        references=answered.references,
        files=enclosed,
    )
    with runtime.unit(ROOM, "mail") as unit:
        tracker = Tracker(unit, claimed.email, str(base))
        if tracks:
            shown = [tracker.document(id, name) for id, name in documents]
            raw = written(replace(outgoing, documents=shown, pixel=tracker.pixel()), tracker.link)
        else:
            raw = written(outgoing)
    stored = runtime.blobs.put(BytesIO(raw), name="mail", max_bytes=len(raw) + 1)
    with runtime.pool.connection() as connection:
        connection.execute(_KEEP, (claimed.email, account.id, stored.sha256, stored.size))
    return raw, people


def _content(runtime: Runtime, sha256: str) -> bytes:
    with runtime.blobs.open(sha256) as stream:
        return stream.read()


def _plus(account: MailAccount, thread: str) -> Person:
    """The account's address with the thread in it: for mail programs that lose the Message-ID."""
    local, _, domain = account.address.partition("@")
    return Person(f"{local}+{thread}@{domain}", account.name)


def _addressed(client: smtplib.SMTP, account: MailAccount, people: list[str]) -> dict[str, str]:
    """Tell the server from whom and to whom; those whom it refuses for good, with its words.

    Raises MessageRefused when it takes it for nobody, or for nobody now, and ServerUnreachable.
    """
    try:
        code, words = client.mail(account.address)
        if code >= 400:
            raise _refusal(code, words)
        refused: dict[str, str] = {}
        for person in people:
            code, words = client.rcpt(person)
            if 400 <= code < 500:
                raise _refusal(code, words)
            if code >= 500:
                refused[person] = _said(code, words)
        if len(refused) == len(people):
            raise MessageRefused(why="; ".join(refused.values())[:400], permanent=True)
        return refused
    except (smtplib.SMTPException, OSError):
        raise connecting.unreachable(account.smtp, connecting.NO_ANSWER) from None


def _handing(runtime: Runtime, claimed: Claimed, held: timedelta) -> bool:
    """Write down, committed, that the server is given the mail now; False when another worker has taken it over."""
    with runtime.pool.connection() as connection:
        params = (runtime.clock() + held, claimed.email, claimed.attempts)
        return connection.execute(_HAND, params).fetchone() is not None


def _hand_over(
    runtime: Runtime, claimed: Claimed, client: smtplib.SMTP, raw: bytes, refused: Mapping[str, str]
) -> None:
    try:
        code, words = client.data(raw)
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error) from None
    except (smtplib.SMTPException, OSError):
        with runtime.unit(ROOM, "mail") as unit:
            unit.execute(_END, ("uncertain", claimed.email))
            write(unit, claimed.email, status=MailStatus.UNCERTAIN, **failure(Failure.INTERRUPTED))
        return
    if code >= 400:
        raise _refusal(code, words)
    _sent(runtime, claimed, refused)


def _sent(runtime: Runtime, claimed: Claimed, refused: Mapping[str, str]) -> None:
    item, _ = mail_of(runtime.snapshot)
    lacking = "; ".join(f"{person}: {why}" for person, why in refused.items())
    told = failure(Failure.PARTLY_REFUSED, lacking) if refused else failure()
    with runtime.unit(ROOM, "mail") as unit:
        unit.execute(_END, ("sent", claimed.email))
        write(unit, claimed.email, status=MailStatus.SENT, at=unit.now, **told)
        unit.record(Event(EventKind.MAIL_SENT, item.name, claimed.email, {"refused": sorted(refused)}))


def _try_later(runtime: Runtime, claimed: Claimed, error: Exception) -> None:
    """Put a mail off, twice as long each time; give it up when the server won't ever take it, or after MAX_ATTEMPTS."""
    final = isinstance(error, (SecretUnreadable, NoAccount)) or (
        isinstance(error, MessageRefused) and bool(error.data.get("permanent"))
    )
    told = failure_of(error)
    with runtime.unit(ROOM, "mail") as unit:
        if final or claimed.attempts >= MAX_ATTEMPTS:
            unit.execute(_END, ("failed", claimed.email))
            write(unit, claimed.email, status=MailStatus.FAILED, **told)
        else:
            wait = min(FIRST_WAIT * 2 ** (claimed.attempts - 1), LONGEST_WAIT)
            unit.execute(_AGAIN, (unit.now + wait, claimed.email))
            write(unit, claimed.email, **told)
    _log.warning(
        "mail %s was not sent (attempt %d): %s", claimed.email, claimed.attempts, told["failure_kind"]
    )


def _refusal(code: int, words: bytes | str) -> MessageRefused:
    return MessageRefused(why=_said(code, words), permanent=code >= 500)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:300]
