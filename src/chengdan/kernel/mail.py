"""Mail: which object's records are e-mails, what its fields hold of a message, and the letters that are written from records."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from enum import StrEnum
from types import MappingProxyType

from chengdan.base.label import Label
from chengdan.kernel.field import FieldType
from chengdan.kernel.place import NOWHERE, Place
from chengdan.kernel.reading import Mapped


class Direction(StrEnum):
    OUTGOING = "outgoing"
    INCOMING = "incoming"


class MailStatus(StrEnum):
    """Where a message stands. `uncertain`: the server was given it, and nobody knows whether it took it."""

    DRAFT = "draft"
    QUEUED = "queued"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    FAILED = "failed"
    BOUNCED = "bounced"
    RECEIVED = "received"


class Failure(StrEnum):
    """Why a message did not arrive, or not everywhere. What the server said of it stands beside."""

    NO_ACCOUNT = "no_account"
    SECRET_UNREADABLE = "secret_unreadable"
    HOST_REFUSED = "host_refused"
    NO_SUCH_HOST = "no_such_host"
    NO_ANSWER = "no_answer"
    NO_TLS = "no_tls"
    NOT_MAIL = "not_mail"
    LOGIN_REFUSED = "login_refused"
    TOKEN_REFUSED = "token_refused"
    REFUSED = "refused"
    PARTLY_REFUSED = "partly_refused"
    INTERRUPTED = "interrupted"
    BOUNCED = "bounced"
    DELAYED = "delayed"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class MailRole:
    """What a field may hold of a message: its type, and whether the mail room alone writes it."""

    types: tuple[FieldType, ...]
    kept: bool = False
    options: type[StrEnum] | None = None


_TEXT = (FieldType.TEXT, FieldType.LONG_TEXT)
ROLES: Mapping[str, MailRole] = MappingProxyType(
    {
        "direction": MailRole((FieldType.SELECT,), kept=True, options=Direction),
        "status": MailRole((FieldType.SELECT,), kept=True, options=MailStatus),
        "sender": MailRole(_TEXT, kept=True),
        "to": MailRole(_TEXT),
        "cc": MailRole(_TEXT),
        "subject": MailRole(_TEXT),
        "body": MailRole((FieldType.LONG_TEXT,)),
        "kind": MailRole((FieldType.SELECT,)),
        "files": MailRole((FieldType.FILES,)),
        "tracked": MailRole((FieldType.BOOLEAN,)),
        "thread": MailRole((FieldType.TEXT,), kept=True),
        "message_id": MailRole((FieldType.TEXT,), kept=True),
        "in_reply_to": MailRole((FieldType.TEXT,), kept=True),
        "at": MailRole((FieldType.DATETIME,), kept=True),
        "opened_at": MailRole((FieldType.DATETIME,), kept=True),
        "replied_at": MailRole((FieldType.DATETIME,), kept=True),
        "bounced_at": MailRole((FieldType.DATETIME,), kept=True),
        "failure_kind": MailRole((FieldType.SELECT,), kept=True, options=Failure),
        "failure": MailRole(_TEXT, kept=True),
        "unread": MailRole((FieldType.BOOLEAN,), kept=True),
        "automatic": MailRole((FieldType.BOOLEAN,), kept=True),
    }
)
"""Every role that a field of mail plays; each must be played, so that no part of a message is lost."""


@dataclass(frozen=True, slots=True)
class Correspondents:
    """People who write: the `object` they are records of, the field that has their `address`, and the reference `field`
    of the mail that names them."""

    field: str
    object: str
    address: str


@dataclass(frozen=True)
class Mail:
    """How an object's records are e-mails: the field of each role, and where the people are whose mail is taken in."""

    fields: Mapping[str, str]
    people: tuple[Correspondents, ...] = ()
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)

    def __getitem__(self, role: str) -> str:
        return self.fields[role]

    @property
    def kept(self) -> frozenset[str]:
        """The fields that the mail room alone writes."""
        return frozenset(
            self.fields[name] for name, role in ROLES.items() if role.kept and name in self.fields
        )


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to write from a record of `object`: subject and body with `{expressions}` over it, in both languages.

    `kind` is what the mail's field of that role gets.
    """

    name: str
    label: Label
    object: str
    subject: Label
    body: Label
    kind: str = ""
    order: int = 100
    place: Place = attribute(default=NOWHERE, compare=False, repr=False)


def read_letter(m: Mapped) -> Letter:
    """The definition in a manifest of the kind `letter`."""
    return Letter(
        place=m.place,
        name=m.name("letter"),
        label=m.label("label"),
        object=m.text("object"),
        subject=m.label("subject"),
        body=m.label("body"),
        kind=m.text("kind", ""),
        order=m.integer("order", 100),
    )


def read_mail(m: Mapped) -> Mail:
    """What an object says of the mail that its records are."""
    mail = Mail(dict(m.pairs("fields")), tuple(_correspondents(item) for item in m.each("people")), m.place)
    m.close()
    return mail


def _correspondents(m: Mapped) -> Correspondents:
    people = Correspondents(m.text("field"), m.text("object"), m.text("address"))
    m.close()
    return people
