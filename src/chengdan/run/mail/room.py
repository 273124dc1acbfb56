"""The room: how the mail room acts, and how it speaks of the mail object by roles."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg import sql

from chengdan.kernel.access import NOBODY, Principal
from chengdan.kernel.field import FieldType
from chengdan.kernel.mail import Mail
from chengdan.kernel.object import Object
from chengdan.kernel.snapshot import POSTMAN, Snapshot
from chengdan.run.action import apply
from chengdan.run.commands import Update
from chengdan.run.errors import NotFound, RecordArchived
from chengdan.run.holding import hold
from chengdan.run.mail.errors import NoMail
from chengdan.store import records
from chengdan.store.unit import Row, Unit

ROOM = Principal(NOBODY, POSTMAN.name, frozenset({POSTMAN.name}))
_BY_MESSAGE_ID = sql.SQL("SELECT id FROM data.{object} WHERE {message_id} = ANY(%s) AND archived_at IS NULL")


def mail_of(snapshot: Snapshot) -> tuple[Object, Mail]:
    """The mail object and its roles. Raises NoMail."""
    item = snapshot.mail
    if item is None or item.mail is None:
        raise NoMail()
    return item, item.mail


def room(unit: Unit, cause: str = "") -> Unit:
    """The same unit, acted in by the mail room; the actor stays."""
    return replace(unit, principal=replace(ROOM, user=unit.principal.user), cause=cause or unit.cause)


def values(mail: Mail, **roles: Any) -> dict[str, Any]:
    """Values by field from values by role."""
    return {mail[role]: value for role, value in roles.items()}


def write(unit: Unit, id: UUID, **roles: Any) -> Row:
    """Write what the mail room keeps of a message, or anything else of it, by role."""
    item, mail = mail_of(unit.snapshot)
    return apply(room(unit), Update(item.name, id, None, values(mail, **roles)))


def hold_mail(unit: Unit, id: UUID) -> Row | None:
    """A message's record, locked, for the mail room to write; None for one that is archived or gone."""
    item, _ = mail_of(unit.snapshot)
    try:
        return hold(room(unit), item.name, id, None)
    except (NotFound, RecordArchived):
        return None


def by_role(mail: Mail, row: Mapping[str, Any], role: str) -> Any:
    return row[mail[role]]


def relations(item: Object) -> Mapping[str, str]:
    """The references by which a mail hangs to other records: field → object."""
    return {
        field.name: field.object
        for field in item.fields
        if field.type is FieldType.REFERENCE and field.inverse is not None
    }


def alive(unit: Unit, item: Object, given: Mapping[str, Any]) -> dict[str, Any]:
    """The relations of a mail among `given` that point to a record, without those to one that is archived or not to be seen."""
    pointing = {
        name: (object, given[name]) for name, object in relations(item).items() if given.get(name) is not None
    }
    wanted: dict[str, set[UUID]] = {}
    for object, id in pointing.values():
        wanted.setdefault(object, set()).add(id)
    found = records.visible_among(unit, wanted)
    return {name: key[1] for name, key in pointing.items() if key in found}


def find_by_message_id(unit: Unit, ids: list[str]) -> list[UUID]:
    """The mails with one of these Message-IDs."""
    if not ids:
        return []
    item, mail = mail_of(unit.snapshot)
    query = _BY_MESSAGE_ID.format(
        object=sql.Identifier(item.name), message_id=sql.Identifier(mail["message_id"])
    )
    return [id for (id,) in unit.execute(query, (ids,)).fetchall()]
