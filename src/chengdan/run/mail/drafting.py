"""Drafting: a mail begun from a record or in answer to another, and handed over to be sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.errors import Locale
from chengdan.base.ids import new_id
from chengdan.kernel.field import FieldType
from chengdan.kernel.mail import Direction, Mail, MailStatus
from chengdan.kernel.object import Object
from chengdan.run.action import apply
from chengdan.run.commands import Create
from chengdan.run.explain import seen
from chengdan.run.holding import hold, object_of
from chengdan.run.mail import accounts, letters, queue
from chengdan.run.mail.accounts import MailAccount
from chengdan.run.mail.addresses import Person, listed, met, parsed
from chengdan.run.mail.errors import (
    MailTooLarge,
    NoAccount,
    NobodyToWriteTo,
    NotDraft,
    NothingToSay,
    NotWaiting,
)
from chengdan.run.mail.failing import failure
from chengdan.run.mail.room import alive, mail_of, relations, values, write
from chengdan.store.statement import render
from chengdan.store.unit import Row, Unit

MAX_ENCLOSED = 20 << 20
_SIZE: LiteralString = (
    "SELECT coalesce(sum(size), 0) FROM chengdan.file WHERE id = ANY(%s) AND removed_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What a draft begins with: the record it is written from, a letter, or the mail it answers (to `all` or its sender)."""

    object: str = ""
    record: UUID | None = None
    letter: str = ""
    locale: Locale = "zh-CN"
    answers: UUID | None = None
    all: bool = False


def begin(unit: Unit, beginning: Beginning) -> Row:
    """A new draft of the principal's. Raises NotFound, Forbidden, NoSuchLetter, NoMail."""
    item, mail = mail_of(unit.snapshot)
    if beginning.answers is not None:
        return _answer(unit, item, mail, beginning.answers, beginning.all)
    given: dict[str, Any] = {}
    if beginning.record is not None:
        row = seen(unit, beginning.object, beginning.record)
        given |= _related(unit, item, beginning.object, row)
        given |= values(mail, to=_addressee(unit, mail, beginning.object, row, given))
        if beginning.letter:
            letter = letters.find(unit, beginning.letter, beginning.object)
            subject, body = letters.fill(unit, letter, row, beginning.locale)
            given |= values(mail, subject=subject, body=body)
            given |= values(mail, kind=letter.kind) if letter.kind else {}
    return apply(unit, Create(item.name, given, id=new_id()))


def _related(unit: Unit, item: Object, object: str, row: Row) -> dict[str, Any]:
    """The references of a mail that is written from a record: the record itself, and what it refers to that is there."""
    found: dict[str, Any] = {}
    source, _ = object_of(unit, object)
    hidden = unit.snapshot.access(unit.principal, object).hidden
    itself = {name: row["id"] for name, target in relations(item).items() if target == object}
    for name, target in relations(item).items():
        pointing = (
            row[field.name]
            for field in source.fields
            if field.type is FieldType.REFERENCE and field.object == target and field.name not in hidden
        )
        found[name] = next((id for id in pointing if id is not None), None)
    return alive(unit, item, found) | itself


def _addressee(unit: Unit, mail: Mail, object: str, row: Row, given: Mapping[str, Any]) -> str:
    """Whom a mail from this record is to: the record itself where it is somebody, else the person that it refers to."""
    for people in mail.people:
        hidden = unit.snapshot.access(unit.principal, people.object).hidden
        id = row["id"] if people.object == object else given.get(people.field)
        if id is None or people.address in hidden:
            continue
        person = seen(unit, people.object, id)
        if person[people.address]:
            title = unit.snapshot.objects[people.object].title
            name = met([f'"{person[title]}" <{person[people.address]}>']) if title not in hidden else []
            return listed(name) or str(person[people.address])
    return ""


def _answer(unit: Unit, item: Object, mail: Mail, id: UUID, to_all: bool) -> Row:
    row = seen(unit, item.name, id)
    incoming = row[mail["direction"]] == Direction.INCOMING
    own = {account.address.lower() for account in accounts.usable(unit)}
    to = met([row[mail["sender"]] or ""]) if incoming else met([row[mail["to"]] or ""])
    further = met([row[mail["to"]] or "", row[mail["cc"]] or ""]) if to_all else []
    known = own | {person.address.lower() for person in to}
    cc = (
        [person for person in further if person.address.lower() not in known]
        if incoming
        else met([row[mail["cc"]] or ""])
    )
    given = values(
        mail, subject=_regarding(row[mail["subject"]] or ""), to=listed(to), cc=listed(cc) if to_all else ""
    )
    given |= alive(unit, item, row)
    draft = apply(unit, Create(item.name, given, id=new_id()))
    return write(
        unit, draft["id"], thread=row[mail["thread"]] or row["id"].hex, in_reply_to=row[mail["message_id"]]
    )


def _regarding(subject: str) -> str:
    return (
        subject
        if subject.lower().startswith(("re:", "回复:", "回复：", "答复:", "答复："))
        else f"Re: {subject}"[:300]
    )


def send(unit: Unit, id: UUID, version: int | None, account: UUID | None) -> Row:
    """Hand a draft over to be sent, in the unit's transaction; its Message-ID is fixed from now on.

    Raises NotDraft, NoAccount, NobodyToWriteTo, BadAddress, NothingToSay, MailTooLarge, and as `hold` does.
    """
    item, mail = mail_of(unit.snapshot)
    row = hold(unit, item.name, id, version)
    if row[mail["status"]] != MailStatus.DRAFT:
        raise NotDraft()
    sender = _sender(unit, row[mail["thread"]], account)
    people = parsed(row[mail["to"]] or "")
    parsed(row[mail["cc"]] or "")
    if not people:
        raise NobodyToWriteTo(path=mail["to"])
    if not (row[mail["subject"]] or "").strip() or not (row[mail["body"]] or "").strip():
        raise NothingToSay(path=mail["subject"])
    _check_size(unit, row[mail["files"]] or ())
    domain = sender.address.rpartition("@")[2]
    sent = write(
        unit,
        id,
        status=MailStatus.QUEUED,
        sender=str(Person(sender.address, sender.name)),
        message_id=f"<{id.hex}.chengdan@{domain}>",
        thread=row[mail["thread"]] or id.hex,
        **failure(),
    )
    queue.put(unit, id, sender.id)
    return sent


def _sender(unit: Unit, thread: str | None, chosen: UUID | None) -> MailAccount:
    """The account to send from: the chosen one, else the first of one's own that sends."""
    if chosen is not None:
        account = accounts.usable_one(unit, chosen)
        if not account.sends:
            raise NoAccount(path="account")
        return account
    found = next((account for account in accounts.usable(unit) if account.sends), None)
    if found is None:
        raise NoAccount(path="account")
    return found


def _check_size(unit: Unit, files: Any) -> None:
    row = unit.execute(_SIZE, ([UUID(file) for file in files],)).fetchone()
    size = int(row[0]) if row else 0
    if size > MAX_ENCLOSED:
        raise MailTooLarge(size=size >> 20, limit=MAX_ENCLOSED >> 20)


def decide(unit: Unit, id: UUID, *, again: bool) -> Row:
    """Settle a mail that failed, or of which nobody knows whether it was sent: send it `again`, or count it as sent.

    A second copy bears the same Message-ID. Raises NotWaiting, and as `hold` does.
    """
    item, mail = mail_of(unit.snapshot)
    row = hold(unit, item.name, id, None)
    status = row[mail["status"]]
    if status not in (MailStatus.UNCERTAIN, MailStatus.FAILED) or (status == MailStatus.FAILED and not again):
        raise NotWaiting()
    if not again:
        queue.settle(unit, id)
        return write(unit, id, status=MailStatus.SENT, at=row[mail["at"]] or unit.now, **failure())
    sender = _sender(unit, row[mail["thread"]], queue.account_of(unit, id))
    queue.put(unit, id, sender.id)
    return write(unit, id, status=MailStatus.QUEUED, **failure())


def mark(unit: Unit, thread: str, *, unread: bool) -> int:
    """Mark the mails of a thread as read or unread, as far as they are the principal's own; returns how many changed."""
    item, mail = mail_of(unit.snapshot)
    ids = _own_received(unit, item, mail, thread, unread)
    for id in ids:
        write(unit, id, unread=unread)
    return len(ids)


def _own_received(unit: Unit, item: Object, mail: Mail, thread: str, unread: bool) -> list[UUID]:
    table = unit.tables[item.name]
    query = (
        table.select()
        .with_only_columns(table.c.id)
        .where(
            table.c[mail["thread"]] == thread,
            table.c.owner == unit.principal.user,
            table.c[mail["direction"]] == Direction.INCOMING,
            table.c[mail["unread"]].is_not(unread),
            table.c.archived_at.is_(None),
        )
        .order_by(table.c.id.desc())
        .limit(200)
    )
    sql, params = render(query).bound()
    return [id for (id,) in unit.execute(sql, params).fetchall()]
