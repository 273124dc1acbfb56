"""The desk: what a person does with mails beyond writing them: reading their HTML, saying who a stranger is."""

import html
from collections.abc import Mapping
from typing import Any, LiteralString
from uuid import UUID

from chengdan.base.errors import Locale
from chengdan.kernel.access import Principal
from chengdan.kernel.mail import Correspondents, Direction
from chengdan.run.action import apply
from chengdan.run.commands import Update
from chengdan.run.errors import NotFound
from chengdan.run.explain import seen
from chengdan.run.mail import accounts, letters, strangers
from chengdan.run.mail.reading import html_of, received
from chengdan.run.mail.room import find_by_message_id, mail_of, room
from chengdan.run.mail.sanitising import clean, has_remote_pictures
from chengdan.run.mail.taking import identity, take
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Unit

_SOURCE: LiteralString = "SELECT sha256 FROM chengdan.mail_source WHERE email = %s"


def body_of(runtime: Runtime, reader: Unit, id: UUID, *, remote: bool, quoted: bool) -> str:
    """What a mail says as harmless HTML: its own where it came in with some, else its text. Raises NotFound.

    With `quoted`, what it quotes instead; with `remote`, with pictures from elsewhere.
    """
    item, mail = mail_of(reader.snapshot)
    row = seen(reader, item.name, id)
    if mail["body"] in reader.snapshot.access(reader.principal, item.name).hidden:
        raise NotFound()
    raw = _source(runtime, reader, id) if row[mail["direction"]] == Direction.INCOMING else None
    if raw is not None:
        said, below, pictures = html_of(raw)
        if said or below:
            return clean(below if quoted else said, pictures, remote=remote)
        text = received(raw).quoted if quoted else row[mail["body"]]
    else:
        text = "" if quoted else row[mail["body"]]
    return f'<div style="white-space: pre-wrap">{html.escape(text or "")}</div>'


def about_body(runtime: Runtime, reader: Unit, shown: Mapping[str, Any]) -> Mapping[str, bool]:
    """Of a mail that the viewer sees: whether it has HTML, quotes something, and has pictures from elsewhere."""
    raw = _source(runtime, reader, UUID(shown["id"])) if shown["direction"] == Direction.INCOMING else None
    if raw is None:
        return {"rich": False, "quotes": False, "pictures": False}
    said, below, _ = html_of(raw)
    rich = bool(said or below)
    quotes = bool(below.strip() or (not rich and received(raw).quoted))
    return {"rich": rich, "quotes": quotes, "pictures": has_remote_pictures(said)}


def _source(runtime: Runtime, reader: Unit, id: UUID) -> bytes | None:
    row = reader.execute(_SOURCE, (id,)).fetchone()
    if row is None:
        return None
    with runtime.blobs.open(row[0]) as stream:
        return stream.read()


def filled_letter(reader: Unit, name: str, object: str, record: UUID, locale: Locale) -> Mapping[str, Any]:
    """A letter with its places filled from a record. Raises NotFound, NoSuchLetter."""
    row = seen(reader, object, record)
    letter = letters.find(reader, name, object)
    subject, body = letters.fill(reader, letter, row, locale)
    return {"subject": subject, "body": body, "kind": letter.kind}


def strangers_of(reader: Unit) -> list[Mapping[str, Any]]:
    return [one.as_json() for one in strangers.offered(reader)]


def dismiss_stranger(unit: Unit, id: UUID) -> None:
    """Leave a stranger's mail out for good. Raises NotFound."""
    strangers.withdraw(unit, id)


def link_stranger(
    runtime: Runtime, principal: Principal, id: UUID, object: str, record: UUID, cause: str
) -> UUID | None:
    """Take a stranger's mail in as one of this record's; the record gets the address where it has none.

    It is offered until it is in. The mail's id; None where it was too large to be kept. Raises NotFound, Forbidden, and
    what keeps it from becoming a record.
    """
    item, mail = mail_of(runtime.snapshot)
    people = next((one for one in mail.people if one.object == object), None)
    if people is None:
        raise NotFound(path="object")
    with runtime.unit(principal, cause) as unit:
        account, raw, sender = strangers.opened(unit, runtime.secrets, id)
        _remember(unit, people, record, sender)
        mailbox = accounts.find(unit.connection, account)
        if not raw:
            strangers.withdraw(unit, id)
            return None
        if mailbox is None:
            raise NotFound()
    take(runtime, mailbox, raw, linked=True)
    with runtime.unit(principal, cause) as unit:
        found = find_by_message_id(unit, [identity(received(raw), raw)])
        if not found:
            raise NotFound()
        if seen(room(unit), item.name, found[0])[people.field] is None:
            apply(unit, Update(item.name, found[0], None, {people.field: str(record)}))
        strangers.withdraw(unit, id)
    return found[0]


def _remember(unit: Unit, people: Correspondents, record: UUID, address: str) -> None:
    row = seen(unit, people.object, record)
    if not row[people.address]:
        apply(unit, Update(people.object, record, None, {people.address: address}))
