"""Reading: the bytes of a message become who wrote what to whom; bounces and automatic replies are told apart."""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import parsedate_to_datetime

from chengdan.run.mail.addresses import Person, met
from chengdan.run.mail.errors import UnreadableMessage
from chengdan.run.mail.quoting import split_html, split_text
from chengdan.run.mail.sanitising import words_of

MAX_BYTES = 40_000_000
MAX_PARTS = 200
MAX_FILES = 50
MAX_REFERENCES = 100
_MESSAGE_ID = re.compile(r"<[^<>\s\x00-\x1f]{3,400}>")
_AUTOMATIC_SUBJECT = re.compile(
    r"\s*(?:automatic reply|auto(?:matic)?[- ]?reply|out of (?:the )?office|自动回复|自動回覆|外出|休假)[:：]?",
    re.I,
)
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a message."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Bounce:
    """A report that a message did not arrive: which one, and why, in the server's words."""

    message_id: str
    recipient: str
    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Received:
    """A message that came in: `said` is what its writer says, `quoted` what follows below."""

    message_id: str
    sender: Person
    to: list[Person]
    cc: list[Person]
    subject: str
    said: str
    quoted: str
    at: datetime | None
    references: list[str]
    automatic: bool
    bounce: Bounce | None
    files: list[Attached]
    delivered_to: list[Person]


def parse(raw: bytes) -> EmailMessage:
    """The message as the standard library reads it. Raises UnreadableMessage."""
    if len(raw) > MAX_BYTES or not raw.strip():
        raise UnreadableMessage()
    message = BytesParser(policy=policy.default).parsebytes(raw)
    if not isinstance(message, EmailMessage):
        raise UnreadableMessage()
    return message


def received(raw: bytes) -> Received:
    """What a message says. Raises UnreadableMessage for one without a sender, or that is broken."""
    try:
        return _received(parse(raw))
    except UnreadableMessage:
        raise
    except Exception as fault:
        raise UnreadableMessage() from fault  # the standard library's parser fails in many ways


def _received(message: EmailMessage) -> Received:
    senders = met([_header(message, "From")])
    if not senders:
        raise UnreadableMessage()
    said, quoted = _words(message)
    ids = _MESSAGE_ID.findall(_header(message, "Message-ID"))
    return Received(
        message_id=ids[0] if ids else "",
        sender=senders[0],
        to=met([_header(message, "To")]),
        cc=met([_header(message, "Cc")]),
        subject=fit(" ".join(_header(message, "Subject").split()), 300),
        said=said,
        quoted=quoted,
        at=_instant(_header(message, "Date")),
        references=_references(message),
        automatic=_is_automatic(message),
        bounce=_bounce(message),
        files=list(_files(message)),
        delivered_to=met([_header(message, name) for name in ("Delivered-To", "X-Original-To", "To", "Cc")]),
    )


def html_of(raw: bytes) -> tuple[str, str, Mapping[str, str]]:
    """The HTML of a message before it is cleaned: what is said, what is quoted, and its own pictures by Content-ID."""
    message = parse(raw)
    part = _body(message, "html")
    if part is None:
        return "", "", {}
    said, quoted = split_html(_content(part))
    return said, quoted, _pictures(message)


def fit(text: str, most: int) -> str:
    """Text that a field can hold."""
    return _UNFIT.sub("", text)[:most]


def _header(message: EmailMessage, name: str) -> str:
    """A header's text; empty when it is missing or beyond reading."""
    try:
        return _UNFIT.sub("", str(message.get(name) or ""))
    except (ValueError, IndexError, AttributeError, KeyError, LookupError):
        return ""


def _references(message: EmailMessage) -> list[str]:
    """The messages that this one answers, the nearest first."""
    answered = _MESSAGE_ID.findall(_header(message, "In-Reply-To"))
    before = _MESSAGE_ID.findall(_header(message, "References"))
    return list(dict.fromkeys((*answered, *reversed(before))))[:MAX_REFERENCES]


def _instant(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _is_automatic(message: EmailMessage) -> bool:
    """RFC 3834, and what programs say that don't follow it."""
    submitted = _header(message, "Auto-Submitted").lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or _header(message, "Precedence").lower() in ("bulk", "junk", "auto_reply")
        or any(
            _header(message, name) for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress")
        )
        or _AUTOMATIC_SUBJECT.match(_header(message, "Subject")) is not None
    )


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """The leaves of a message, those of enclosed messages left out."""
    count, waiting = 0, [message]
    while waiting and count < MAX_PARTS:
        part = waiting.pop(0)
        count += 1
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting[:0] = [inner for inner in part.iter_parts() if isinstance(inner, EmailMessage)]
        else:
            yield part


def _body(message: EmailMessage, kind: str) -> EmailMessage | None:
    found = (
        part
        for part in _parts(message)
        if part.get_content_type() == f"text/{kind}" and part.get_content_disposition() != "attachment"
    )
    return next(found, None)


def _content(part: EmailMessage) -> str:
    """The text of a part; where its charset lies, as gb18030, which most such Chinese mail is in."""
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "gb18030"):
        try:
            return raw.decode("gb18030" if charset.lower() in ("gb2312", "gbk") else charset)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("utf-8", "replace")


def _words(message: EmailMessage) -> tuple[str, str]:
    plain = _body(message, "plain")
    if plain is not None and (text := _content(plain)).strip():
        said, quoted = split_text(text.replace("\r\n", "\n"))
    else:
        rich = _body(message, "html")
        above, below = split_html(_content(rich)) if rich is not None else ("", "")
        said, quoted = split_text(words_of(above))
        quoted = "\n".join(part for part in (quoted, words_of(below)) if part)
    return fit(said.strip(), 50_000), fit(quoted, 50_000)


def _files(message: EmailMessage) -> Iterator[Attached]:
    count = 0
    for part in _parts(message):
        name = part.get_filename()
        inline = part.get_content_disposition() != "attachment" and part.get("Content-ID")
        if not name or inline or count >= MAX_FILES:
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and content:
            count += 1
            yield Attached(name, content)


def _pictures(message: EmailMessage) -> dict[str, str]:
    found: dict[str, str] = {}
    for part in _parts(message):
        id = _header(part, "Content-ID").strip("<> ")
        kind = part.get_content_type()
        content = part.get_payload(decode=True)
        if (
            id
            and kind in ("image/png", "image/jpeg", "image/gif", "image/webp")
            and isinstance(content, bytes)
        ):
            found[id] = f"data:{kind};base64,{base64.b64encode(content[:2_000_000]).decode()}"
    return found


def _bounce(message: EmailMessage) -> Bounce | None:
    """A delivery status notification (RFC 3464) about a message that failed or waits."""
    if (
        message.get_content_type() != "multipart/report"
        or message.get_param("report-type") != "delivery-status"
    ):
        return None
    status = next((p for p in message.walk() if p.get_content_type() == "message/delivery-status"), None)
    blocks = status.get_payload() if status is not None else []
    fields = {
        name.lower(): str(value)
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, EmailMessage)
        for name, value in block.items()
    }
    action = fields.get("action", "").lower()
    if action not in ("failed", "delayed"):
        return None
    ids = _MESSAGE_ID.findall(_returned(message))
    reason = fields.get("diagnostic-code", "").partition(";")[2].strip() or fields.get("status", "")
    recipient = fields.get("final-recipient", "").partition(";")[2].strip()
    return Bounce(
        ids[0] if ids else "", fit(recipient, 254), fit(" ".join(reason.split()), 400), action == "failed"
    )


def _returned(message: EmailMessage) -> str:
    """The Message-ID of the message that came back, from what of it is enclosed."""
    for part in message.walk():
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            if isinstance(inner, list) and inner and isinstance(inner[0], EmailMessage):
                return _header(inner[0], "Message-ID")
        if part.get_content_type() == "text/rfc822-headers" and isinstance(part, EmailMessage):
            found = re.search(r"^message-id:\s*(<[^<>\s]+>)", _content(part), re.I | re.M)
            if found:
                return found[1]
    return ""
