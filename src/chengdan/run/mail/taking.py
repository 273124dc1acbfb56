"""Taking in: a message that came becomes a record where somebody known wrote it, and nothing at all where it is private.

Known are those whose address stands with a contact (or whoever the definitions name), and whoever writes in a thread of
ours. What others write is not taken in: the owner of the mailbox alone is offered its sender and subject, sealed otherwise.
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
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.explain import seen
from chengdan.run.mail import strangers
from chengdan.run.mail.accounts import MailAccount
from chengdan.run.mail.addresses import Person, listed
from chengdan.run.mail.errors import UnreadableMessage
from chengdan.run.mail.failing import failure
from chengdan.run.mail.reading import Attached, Bounce, Received, received
from chengdan.run.mail.room import ROOM, find_by_message_id, mail_of, relations, values, write
from chengdan.run.runtime import Runtime
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


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file of a message that is in the blob store."""

    name: str
    mime: str
    sha256: str
    size: int


def take(
    runtime: Runtime, account: MailAccount, raw: bytes, *, linked: bool = False, sent: bool = False
) -> Taken:
    """Take in one message, once however often it comes.

    `linked`: its owner said that it belongs here. `sent`: it lies among what the owner sent, whatever address it bears.
    Raises UnreadableMessage.
    """
    message = received(raw)
    id = message.message_id or f"<{hashlib.sha256(raw).hexdigest()}@unnamed>"
    with runtime.reader(ROOM) as reader:
        outgoing = sent or _is_ours(reader, account, message.sender)
        wanted = linked or _is_wanted(reader, message, outgoing)
    files = [kept for file in message.files if (kept := _keep(runtime, file))] if wanted else []
    source = runtime.blobs.put(BytesIO(raw), name="mail", max_bytes=len(raw) + 1) if wanted else None
    with runtime.unit(ROOM, "mail") as unit:
        unit.execute(_ALONE, (id,))
        first = unit.execute(_SEEN, (account.id, id, unit.now)).fetchone() is not None
        if not (first or linked) or find_by_message_id(unit, [id]):
            return Taken.KNOWN
        if message.bounce is not None:
            return Taken.BOUNCE if _bounced(unit, message.bounce) else Taken.IGNORED
        if source is None:
            return _stranger(unit, runtime, account, message, raw, outgoing)
        email = _record(unit, account, message, id, files, outgoing)
        unit.execute(_SOURCE, (email, account.id, source.sha256, source.size))
    return Taken.TAKEN


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
    if not found:
        return False
    item, mail = mail_of(unit.snapshot)
    why = f"{bounce.recipient}: {bounce.reason}" if bounce.recipient else bounce.reason
    if bounce.permanent:
        write(unit, found[0], status=MailStatus.BOUNCED, bounced_at=unit.now, **failure(Failure.BOUNCED, why))
        facts = {"recipient": bounce.recipient, "reason": bounce.reason}
        unit.record(Event(EventKind.MAIL_BOUNCED, item.name, found[0], facts))
    elif seen(unit, item.name, found[0])[mail["failure_kind"]] is None:
        write(unit, found[0], **failure(Failure.DELAYED, why))
    return True


def _stranger(
    unit: Unit, runtime: Runtime, account: MailAccount, message: Received, raw: bytes, outgoing: bool
) -> Taken:
    if not account.offers_strangers or message.automatic or outgoing:
        return Taken.IGNORED
    strangers.offer(unit, runtime.secrets, account, message, raw)
    return Taken.STRANGER


def _record(
    unit: Unit, account: MailAccount, message: Received, id: str, files: list[_Kept], outgoing: bool
) -> UUID:
    """The message as a record, in its thread; what it answers is marked as answered."""
    item, mail = mail_of(unit.snapshot)
    answered = _answered(unit, message)
    parent = seen(unit, item.name, answered) if answered is not None else None
    people = [message.sender] if not outgoing else [*message.to, *message.cc]
    known = next((found for person in people if (found := _correspondents(unit, person))), {})
    email = new_id()
    thread = parent[mail["thread"]] if parent is not None and parent[mail["thread"]] else email.hex
    owner = _owner(account, parent, known)
    given = _related(item, parent, known) | values(
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
        message_id=id[:500],
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
        _mark_answered(unit, parent)
    return email


def _mark_answered(unit: Unit, parent: Row) -> None:
    """A reply says that its mail arrived, and when it was first answered."""
    _, mail = mail_of(unit.snapshot)
    if parent[mail["direction"]] != Direction.OUTGOING:
        return
    news: dict[str, Any] = {}
    if parent[mail["replied_at"]] is None:
        news["replied_at"] = unit.now
    if parent[mail["status"]] == MailStatus.UNCERTAIN:
        news |= {"status": MailStatus.SENT, "at": parent[mail["at"]] or unit.now, **failure()}
    if news:
        write(unit, parent["id"], **news)


def _owner(account: MailAccount, parent: Row | None, known: dict[str, tuple[UUID, UUID | None]]) -> UUID:
    """Whose a mail is: of an own mailbox its owner's, of a team's whoever has the thread, else the customer."""
    if account.team is None:
        return account.owner
    owners = [parent["owner"] if parent is not None else None, *(owner for _, owner in known.values())]
    return next((owner for owner in owners if owner is not None), account.owner)


def _related(item: Any, parent: Row | None, known: dict[str, tuple[UUID, UUID | None]]) -> dict[str, Any]:
    given = {
        name: parent[name] for name in relations(item) if parent is not None and parent[name] is not None
    }
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


__all__ = ["Taken", "UnreadableMessage", "take"]
