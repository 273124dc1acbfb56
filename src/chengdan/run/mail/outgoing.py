"""Outgoing: queued mails go to their servers, each once, though a worker may be killed at any moment.

What is sent is fixed before the first attempt: the very bytes, Message-ID included, are kept. Just before the server is
given a message, that is written down and committed (`handing`). A worker that dies before leaves the mail to be sent by
another; one that dies after leaves it `uncertain`, which a person decides, or a reply: it is never sent twice on a guess.

The queue says what became of a mail, and its record is told: the end of the queue row is committed first, alone. A record
that can't be told, such as one that was archived, is told later (`tell_late`), and nothing is sent for it again. A mail that
is archived when its turn comes is not sent: it leaves the queue `cancelled`, and is a draft again when it comes back.
"""

import logging
import smtplib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from types import MappingProxyType
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from chengdan.base.errors import ChengdanError
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.mail import Failure, MailStatus
from chengdan.run.errors import NotFound
from chengdan.run.explain import seen
from chengdan.run.mail import accounts, connecting, oauth, queue, threads
from chengdan.run.mail.accounts import MailAccount
from chengdan.run.mail.addresses import Person, parsed
from chengdan.run.mail.errors import MessageRefused, NoAccount
from chengdan.run.mail.failing import failure, failure_of
from chengdan.run.mail.queue import Claimed, Place
from chengdan.run.mail.room import ROOM, hold_mail, mail_of, write
from chengdan.run.mail.tracking import Tracker
from chengdan.run.mail.writing import Enclosure, Outgoing, written
from chengdan.run.runtime import Runtime
from chengdan.store.files import PDF_TYPE
from chengdan.store.secrets import SecretUnreadable
from chengdan.store.unit import Row, Unit

HELD = timedelta(minutes=5)
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=2)
MAX_ATTEMPTS = 14
"""About a day of trying."""

_log = logging.getLogger(__name__)
_SOURCE: LiteralString = "SELECT sha256 FROM chengdan.mail_source WHERE email = %s"
_KEEP: LiteralString = "INSERT INTO chengdan.mail_source (email, account, sha256, size) VALUES (%s, %s, %s, %s) ON CONFLICT (email) DO NOTHING"
_FILES: LiteralString = "SELECT id, name, mime, sha256 FROM chengdan.file WHERE id = ANY(%s) AND removed_at IS NULL ORDER BY created_at, id"
_UNKEEP: LiteralString = "DELETE FROM chengdan.mail_source WHERE email = %s"
_STATUS: Mapping[Place, MailStatus] = MappingProxyType(
    {
        Place.SENT: MailStatus.SENT,
        Place.UNCERTAIN: MailStatus.UNCERTAIN,
        Place.FAILED: MailStatus.FAILED,
        Place.CANCELLED: MailStatus.DRAFT,
    }
)
"""What a record is told of how its mail ended."""

_BEFORE: Mapping[Place, Sequence[Place]] = MappingProxyType(
    {
        Place.SENT: (Place.HANDING, Place.UNCERTAIN),
        Place.UNCERTAIN: (Place.HANDING,),
        Place.CANCELLED: (Place.WAITING,),
    }
)
"""Where a mail stands when its worker says how it ended; one taken for lost was sent if its worker still knows."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a mail: how it ended, what its record says of a failure, by role, and who was refused."""

    how: Place
    said: Mapping[str, Any] = field(default_factory=failure)
    refused: Sequence[str] = ()


INTERRUPTED = Ended(Place.UNCERTAIN, failure(Failure.INTERRUPTED))


def send_due(runtime: Runtime, held: timedelta = HELD) -> bool:
    """Send one mail that is due; False when none is. Whatever goes wrong concerns that mail alone.

    What goes wrong before the server has the mail puts it off; nothing that goes wrong afterwards does.
    """
    if runtime.snapshot.mail is None:
        return False
    settle_lost(runtime)
    claimed = queue.claim(runtime, held)
    if claimed is None:
        return False
    try:
        ended = _send(runtime, claimed, held)
    except Exception as error:
        if not isinstance(error, ChengdanError):
            _log.exception("a mail met a fault of the program")
        _try_later(runtime, claimed, error)
    else:
        if ended is not None:
            _end(runtime, claimed, ended, _BEFORE[ended.how])
    return True


def settle_lost(runtime: Runtime) -> int:
    """Mark the mails whose worker died while the server was given them; returns how many there were."""
    lost = queue.lose(runtime)
    for email in lost:
        _tell(runtime, email, INTERRUPTED)
    return len(lost)


def tell_late(runtime: Runtime) -> int:
    """Tell the records that were not told what became of their mail, as those that came back from the archive; how many."""
    found = queue.untold(runtime, HELD) if runtime.snapshot.mail is not None else []
    for email, how in found:
        known: Mapping[Place, Ended] = {Place.UNCERTAIN: INTERRUPTED, Place.FAILED: Ended(how, {})}
        _tell(runtime, email, known.get(how, Ended(how)))
    return len(found)


def _end(runtime: Runtime, claimed: Claimed, ended: Ended, at: Sequence[Place]) -> None:
    """End a mail that stands at one of `at`, then tell its record."""
    if queue.end(runtime, claimed, at, ended.how):
        _tell(runtime, claimed.email, ended)
    else:
        _log.warning("mail %s was another's when it was %s", claimed.email, ended.how)


def _tell(runtime: Runtime, email: UUID, ended: Ended) -> None:
    """Tell a mail's record what became of it, once."""
    _on_record(runtime, email, ended.how, lambda unit, row: _write_end(unit, row, ended))


def _write_end(unit: Unit, row: Row, ended: Ended) -> None:
    item, mail = mail_of(unit.snapshot)
    roles: dict[str, Any] = {"status": _STATUS[ended.how], **ended.said}
    if ended.how is Place.SENT:
        roles["at"] = row[mail["at"]] or unit.now
    elif ended.how is Place.CANCELLED:
        unit.execute(_UNKEEP, (row["id"],))
    write(unit, row["id"], **roles)
    if ended.how is Place.SENT:
        unit.record(Event(EventKind.MAIL_SENT, item.name, row["id"], {"refused": sorted(ended.refused)}))


def _on_record(runtime: Runtime, email: UUID, place: Place, carry_out: Callable[[Unit, Row], object]) -> None:
    """Write what the queue knows of a mail on its record, where that is there and waits for it, and the mail still stands so.

    Where it can't be written, that is logged, and `tell_late` tries again: the queue goes on.
    """

    def attempt(unit: Unit) -> None:
        _, mail = mail_of(unit.snapshot)
        row = hold_mail(unit, email)
        waits = row is not None and row[mail["status"]] in (MailStatus.QUEUED, MailStatus.UNCERTAIN)
        if row is not None and waits and queue.place_of(unit, email) is place:
            carry_out(unit, row)

    try:
        runtime.attempt(ROOM, "mail", attempt)
    except psycopg.OperationalError:
        raise
    except Exception:
        _log.exception("the record of mail %s could not be told what became of it", email)


def _send(runtime: Runtime, claimed: Claimed, held: timedelta) -> Ended | None:
    """Send a mail; None when another worker has taken it over. Raises whatever kept the server from taking it."""
    row = _record_of(runtime, claimed.email)
    if row is None:
        _log.info("mail %s was archived before its turn and is not sent", claimed.email)
        return Ended(Place.CANCELLED)
    with runtime.pool.connection() as connection:
        account = accounts.find(connection, claimed.account)
    if account is None or not account.sends:
        raise NoAccount()
    raw, people = _prepared(runtime, claimed, account, row)
    with connecting.smtp(runtime.config, runtime.secrets, account) as client:
        oauth.keep_renewed(runtime, account)
        refused = _addressed(client, account, people)
        if not queue.hand(runtime, claimed, held):
            return None
        return _handed_over(client, raw, refused)


def _record_of(runtime: Runtime, email: UUID) -> Row | None:
    """The record of a mail that is to be sent; None for one that was archived or is gone."""
    item, _ = mail_of(runtime.snapshot)
    with runtime.reader(ROOM) as reader:
        try:
            row = seen(reader, item.name, email)
        except NotFound:
            return None
    return row if row["archived_at"] is None else None


def _prepared(runtime: Runtime, claimed: Claimed, account: MailAccount, row: Row) -> tuple[bytes, list[str]]:
    """The bytes to send, made once and kept, and to whom they go."""
    _, mail = mail_of(runtime.snapshot)
    with runtime.reader(ROOM) as reader:
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


def _handed_over(client: smtplib.SMTP, raw: bytes, refused: Mapping[str, str]) -> Ended:
    """Give the server the message: it is sent, or nobody knows. Raises MessageRefused when the server says that it is not."""
    try:
        code, words = client.data(raw)
    except smtplib.SMTPDataError as error:
        raise _refusal(error.smtp_code, error.smtp_error) from None
    except Exception as error:  # whatever it is, the server may have the message
        _log.warning("it is unknown whether a mail was sent: %s", type(error).__name__)
        return INTERRUPTED
    if code >= 400:
        raise _refusal(code, words)
    if not refused:
        return Ended(Place.SENT)
    lacking = "; ".join(f"{person}: {why}" for person, why in refused.items())
    return Ended(Place.SENT, failure(Failure.PARTLY_REFUSED, lacking), tuple(refused))


def _try_later(runtime: Runtime, claimed: Claimed, error: Exception) -> None:
    """Put a mail off, twice as long each time; give it up when the server won't ever take it, or after MAX_ATTEMPTS.

    One that the server was being given is put off by the server's own word alone.
    """
    final = isinstance(error, (SecretUnreadable, NoAccount)) or (
        isinstance(error, MessageRefused) and bool(error.data.get("permanent"))
    )
    said = failure_of(error)
    at = (Place.WAITING, Place.HANDING) if isinstance(error, MessageRefused) else (Place.WAITING,)
    if final or claimed.attempts >= MAX_ATTEMPTS:
        _end(runtime, claimed, Ended(Place.FAILED, said), at)
    else:
        wait = min(FIRST_WAIT * 2 ** (claimed.attempts - 1), LONGEST_WAIT)
        if queue.put_off(runtime, claimed, at, runtime.clock() + wait):
            _on_record(
                runtime, claimed.email, Place.WAITING, lambda unit, row: write(unit, row["id"], **said)
            )
    _log.warning(
        "mail %s was not sent (attempt %d): %s", claimed.email, claimed.attempts, said["failure_kind"]
    )


def _refusal(code: int, words: bytes | str) -> MessageRefused:
    return MessageRefused(why=_said(code, words), permanent=code >= 500)


def _said(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"[:300]
