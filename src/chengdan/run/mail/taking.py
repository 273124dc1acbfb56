"""Taking in: a message that came becomes a record where somebody known wrote it, and nothing at all where it is private.

Known are those whose address stands with a contact (or whoever the definitions name), and whoever writes in a thread of
ours. What others write is not taken in: the owner of the mailbox alone is offered its sender and subject, sealed otherwise.
So is what should have come in, but was refused by the definitions: nothing is lost, and no message holds up the next.
"""

import hashlib
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from io import BytesIO
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.mail import Direction, Failure, MailStatus
from chengdan.kernel.object import Object
from chengdan.kernel.snapshot import PEOPLE
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.explain import seen
from chengdan.run.mail import strangers
from chengdan.run.mail.accounts import MailAccount
from chengdan.run.mail.addresses import Person, listed
from chengdan.run.mail.errors import NoMail
from chengdan.run.mail.failing import failure
from chengdan.run.mail.reading import Attached, Bounce, Received, received
from chengdan.run.mail.room import ROOM, alive, find_by_message_id, hold_mail, mail_of, values, write
from chengdan.run.runtime import Runtime
from chengdan.store import records
from chengdan.store.files import HEAD_BYTES, check_upload, safe_name
from chengdan.store.unit import Row, Unit

FUTURE = timedelta(minutes=5)
_log = logging.getLogger(__name__)
_SEEN: LiteralString = "INSERT INTO chengdan.mail_seen (account, message_id, at) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING RETURNING account"
_ALONE: LiteralString = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 7001))"
_FILE: LiteralString = (
    "INSERT INTO chengdan.file (id, sha256, name, size, mime, kind, object, record_id, created_at, created_by) "
    "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_SOURCE: LiteralString = "INSERT INTO chengdan.mail_source (email, account, sha256, size) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING"
_OURS: LiteralString = "SELECT 1 FROM chengdan.mail_account WHERE lower(address) = %s"
_PERSON = sql.SQL(
    "SELECT id, owner FROM data.{object} WHERE {address} = ANY(%s) AND archived_at IS NULL ORDER BY updated_at DESC LIMIT 1"
)
_THREAD = sql.SQL(
    "SELECT id FROM data.{object} WHERE {thread} = ANY(%s) AND archived_at IS NULL ORDER BY id DESC LIMIT 1"
)


class Taken(StrEnum):
    """What became of a message."""

    TAKEN = "taken"
    KNOWN = "known"
    BOUNCE = "bounce"
    STRANGER = "stranger"
    IGNORED = "ignored"
    KEPT = "kept"
    """Refused by the definitions, and kept for the owner of the mailbox."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file of a message that is in the blob store."""

    name: str
    mime: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class _Coming:
    """A message at the door: into whose mailbox it comes, and whether it is one of ours that comes back."""

    account: MailAccount
    message: Received
    raw: bytes
    outgoing: bool

    @property
    def id(self) -> str:
        return identity(self.message, self.raw)


def identity(message: Received, raw: bytes) -> str:
    """The Message-ID by which a message is known; one that has none goes by its content."""
    return message.message_id or f"<{hashlib.sha256(raw).hexdigest()}@unnamed>"


def take(
    runtime: Runtime, account: MailAccount, raw: bytes, *, linked: bool = False, sent: bool = False
) -> Taken:
    """Take in one message, once however often it comes.

    `linked`: its owner said that it belongs here. `sent`: it lies among what the owner sent, whatever address it bears.
    What somebody wrote to us and the definitions refuse is kept for the mailbox's owner, unless it was `linked` by them: they
    are told why. Raises UnreadableMessage, any other refusal, and what `is_general`.
    """
    message = received(raw)
    with runtime.reader(ROOM) as reader:
        coming = _Coming(account, message, raw, sent or _is_ours(reader, account, message.sender))
        wanted = linked or _is_wanted(reader, message, coming.outgoing)
    try:
        return _take_in(runtime, coming, wanted, linked)
    except ChengdanError as refusal:
        if linked or coming.outgoing or message.bounce is not None or is_general(refusal):
            raise
        return _keep_refused(runtime, coming, refusal)


def is_general(error: ChengdanError) -> bool:
    """Whether an error is the installation's, so that any other message would meet it too."""
    return error.status >= 500 or isinstance(error, NoMail)


def _take_in(runtime: Runtime, coming: _Coming, wanted: bool, linked: bool) -> Taken:
    message, raw = coming.message, coming.raw
    files = [kept for file in message.files if (kept := _keep(runtime, file))] if wanted else []
    source = runtime.blobs.put(BytesIO(raw), name="mail", max_bytes=len(raw) + 1) if wanted else None
    with runtime.unit(ROOM, "mail") as unit:
        first = _is_first(unit, coming)
        if not (first or linked) or find_by_message_id(unit, [coming.id]):
            return Taken.KNOWN
        if message.bounce is not None:
            return Taken.BOUNCE if _bounced(unit, message.bounce) else Taken.IGNORED
        if source is None:
            return _stranger(unit, runtime, coming)
        email = _record(unit, coming, files)
        unit.execute(_SOURCE, (email, coming.account.id, source.sha256, source.size))
    return Taken.TAKEN


def _is_first(unit: Unit, coming: _Coming) -> bool:
    """Note that a message came into its mailbox, alone with it until the unit ends; whether it did for the first time."""
    unit.execute(_ALONE, (coming.id,))
    return unit.execute(_SEEN, (coming.account.id, coming.id, unit.now)).fetchone() is not None


def _keep_refused(runtime: Runtime, coming: _Coming, refusal: ChengdanError) -> Taken:
    """Offer a message that can't become a record to the owner of its mailbox, whole, to be taken in once that can be."""
    reasons = ", ".join(f"{reason.code} {reason.path}".rstrip() for reason in refusal.reasons())
    _log.warning(
        "a message of mailbox %s was refused (%s), its owner is offered it", coming.account.id, reasons
    )
    with runtime.unit(ROOM, "mail") as unit:
        if not _is_first(unit, coming):
            return Taken.KNOWN
        strangers.offer(unit, runtime.secrets, coming.account, coming.message, coming.raw, whole=True)
    return Taken.KEPT


def _is_wanted(reader: Unit, message: Received, outgoing: bool) -> bool:
    """Whether a message is about a customer: by its thread or by who wrote it; what we sent by itself is about nothing."""
    if message.bounce is not None or (outgoing and message.automatic):
        return False
    if _answered(reader, message) is not None:
        return True
    if outgoing:
        return any(_correspondents(reader, person) for person in (*message.to, *message.cc))
    return bool(_correspondents(reader, message.sender))


def _is_ours(unit: Unit, account: MailAccount, person: Person) -> bool:
    address = person.address.lower()
    return address == account.address.lower() or unit.execute(_OURS, (address,)).fetchone() is not None


def _answered(unit: Unit, message: Received) -> UUID | None:
    """The mail that a message answers: by its references, else by the thread in the address that it was sent to."""
    item, mail = mail_of(unit.snapshot)
    for reference in message.references:
        found = find_by_message_id(unit, [reference])
        if found:
            return found[0]
    tokens = [
        person.address.partition("@")[0].rpartition("+")[2]
        for person in message.delivered_to
        if "+" in person.address
    ]
    if not tokens:
        return None
    query = _THREAD.format(object=sql.Identifier(item.name), thread=sql.Identifier(mail["thread"]))
    row = unit.execute(query, (tokens,)).fetchone()
    return row[0] if row else None


def _correspondents(unit: Unit, person: Person) -> dict[str, tuple[UUID, UUID | None]]:
    """Who somebody is: for each reference of the mail, the record with this address and its owner."""
    _, mail = mail_of(unit.snapshot)
    found = {}
    for people in mail.people:
        query = _PERSON.format(object=sql.Identifier(people.object), address=sql.Identifier(people.address))
        row = unit.execute(query, (sorted({person.address, person.address.lower()}),)).fetchone()
        if row is not None:
            found[people.field] = (row[0], row[1])
    return found


def _keep(runtime: Runtime, file: Attached) -> _Kept | None:
    """Keep a file that came with a message, by the rules of uploads; None for one that they refuse."""
    name, limit = safe_name(file.name), runtime.config.max_upload_mb << 20
    try:
        mime = check_upload(file.content[:HEAD_BYTES], name, len(file.content), max_bytes=limit)
    except ChengdanError as refusal:
        _log.info("a file of a mail was not taken in: %s", refusal.code)
        return None
    stored = runtime.blobs.put(BytesIO(file.content), name=name, max_bytes=limit)
    return _Kept(name, mime, stored.sha256, stored.size)


def _bounced(unit: Unit, bounce: Bounce) -> bool:
    """Mark the mail that a report is about; False when it is none of ours."""
    found = find_by_message_id(unit, [bounce.message_id])
    row = hold_mail(unit, found[0]) if found else None
    if row is None:
        return False
    item, mail = mail_of(unit.snapshot)
    why = f"{bounce.recipient}: {bounce.reason}" if bounce.recipient else bounce.reason
    if bounce.permanent:
        write(
            unit, row["id"], status=MailStatus.BOUNCED, bounced_at=unit.now, **failure(Failure.BOUNCED, why)
        )
        facts = {"recipient": bounce.recipient, "reason": bounce.reason}
        unit.record(Event(EventKind.MAIL_BOUNCED, item.name, row["id"], facts))
    elif row[mail["failure_kind"]] is None:
        write(unit, row["id"], **failure(Failure.DELAYED, why))
    return True


def _stranger(unit: Unit, runtime: Runtime, coming: _Coming) -> Taken:
    if not coming.account.offers_strangers or coming.message.automatic or coming.outgoing:
        return Taken.IGNORED
    strangers.offer(unit, runtime.secrets, coming.account, coming.message, coming.raw)
    return Taken.STRANGER


def _record(unit: Unit, coming: _Coming, files: list[_Kept]) -> UUID:
    """The message as a record, in its thread; what it answers is marked as answered."""
    item, mail = mail_of(unit.snapshot)
    message, outgoing = coming.message, coming.outgoing
    answered = _answered(unit, message)
    parent = seen(unit, item.name, answered) if answered is not None else None
    people = [message.sender] if not outgoing else [*message.to, *message.cc]
    known = next((found for person in people if (found := _correspondents(unit, person))), {})
    email = new_id()
    thread = parent[mail["thread"]] if parent is not None and parent[mail["thread"]] else email.hex
    owner = _owner(unit, coming.account, parent, known)
    given = _related(unit, item, parent, known) | values(
        mail,
        direction=Direction.OUTGOING if outgoing else Direction.INCOMING,
        status=MailStatus.SENT if outgoing else MailStatus.RECEIVED,
        sender=str(message.sender)[:300],
        to=listed(message.to)[:4_000],
        cc=listed(message.cc)[:4_000],
        subject=message.subject,
        body=message.said,
        at=_moment(unit, message.at),
        thread=thread,
        message_id=coming.id[:500],
        in_reply_to=next(iter(message.references), None),
        unread=not outgoing,
        automatic=message.automatic,
        tracked=False,
        files=[str(file) for file in _filed(unit, item.name, mail["files"], email, owner, files)] or None,
    )
    apply(unit, Create(item.name, {**given, "owner": str(owner)}, id=email))
    if outgoing:
        unit.record(Event(EventKind.MAIL_SENT, item.name, email, {"elsewhere": True}))
    else:
        unit.record(Event(EventKind.MAIL_RECEIVED, item.name, email, {"automatic": message.automatic}))
    if parent is not None and not outgoing and not message.automatic:
        _mark_answered(unit, parent["id"])
    return email


def _mark_answered(unit: Unit, id: UUID) -> None:
    """A reply says that its mail arrived, and when it was first answered."""
    _, mail = mail_of(unit.snapshot)
    row = hold_mail(unit, id)
    if row is None or row[mail["direction"]] != Direction.OUTGOING:
        return
    news: dict[str, Any] = {}
    if row[mail["replied_at"]] is None:
        news["replied_at"] = unit.now
    if row[mail["status"]] == MailStatus.UNCERTAIN:
        news |= {"status": MailStatus.SENT, "at": row[mail["at"]] or unit.now, **failure()}
    if news:
        write(unit, id, **news)


def _owner(
    unit: Unit, account: MailAccount, parent: Row | None, known: dict[str, tuple[UUID, UUID | None]]
) -> UUID:
    """Whose a mail is: of an own mailbox its owner's, of a team's whoever has the thread, else the customer."""
    if account.team is None:
        return account.owner
    had = [parent["owner"] if parent is not None else None, *(owner for _, owner in known.values())]
    owners = [owner for owner in had if owner is not None]
    there = records.visible(unit, PEOPLE, owners)
    return next((owner for owner in owners if owner in there), account.owner)


def _related(
    unit: Unit, item: Object, parent: Row | None, known: dict[str, tuple[UUID, UUID | None]]
) -> dict[str, Any]:
    """What a mail hangs to: what its thread does, as far as that is not archived, else who wrote it."""
    given = alive(unit, item, parent) if parent is not None else {}
    for name, (id, _) in known.items():
        given.setdefault(name, id)
    return given


def _moment(unit: Unit, said: datetime | None) -> datetime:
    """When a message was written, as far as its date is to be believed."""
    return (
        said if said is not None and unit.now - timedelta(days=3650) < said <= unit.now + FUTURE else unit.now
    )


def _filed(unit: Unit, object: str, kind: str, email: UUID, by: UUID, files: list[_Kept]) -> list[UUID]:
    made = []
    for file in files:
        id = new_id()
        row = (id, file.sha256, file.name, file.size, file.mime, kind, object, email, unit.now, by)
        unit.execute(_FILE, row)
        made.append(id)
    return made
