"""Writing: a record's words and files become a MIME message with text and HTML."""

import html
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from chengdan.run.mail.addresses import Person

URL = re.compile(r"https?://[^\s<>\"'，。；、）】》]+[^\s<>\"'，。；、）】》.,;:!?)]")
Tracked = Callable[[str], str]
"""What a link becomes on its way out."""

_STYLE = "font: 15px/1.7 -apple-system, 'PingFang SC', 'Microsoft YaHei', sans-serif; color: #1f2328"


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes with a message."""

    name: str
    mime: str
    content: bytes


@dataclass(frozen=True, slots=True)
class DocumentLink:
    """A file that is read on a page of ours instead of being enclosed."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be written: `body` is plain text, `quoted` the mail it answers, `references` from the oldest on."""

    message_id: str
    sender: Person
    to: Sequence[Person]
    cc: Sequence[Person]
    subject: str
    body: str
    at: datetime
    signature: str = ""
    quoted: str = ""
    reply_to: Person | None = None
    in_reply_to: str = ""
    references: Sequence[str] = ()
    files: Sequence[Enclosure] = ()
    documents: Sequence[DocumentLink] = ()
    pixel: str = ""


def written(mail: Outgoing, tracked: Tracked = str) -> bytes:
    """The message as it goes over the wire."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["From"] = mail.sender.header
    message["To"] = [person.header for person in mail.to]
    if mail.cc:
        message["Cc"] = [person.header for person in mail.cc]
    if mail.reply_to is not None:
        message["Reply-To"] = mail.reply_to.header
    message["Subject"] = " ".join(mail.subject.split())
    message["Date"] = format_datetime(mail.at)
    message["Message-ID"] = mail.message_id
    if mail.in_reply_to:
        message["In-Reply-To"] = mail.in_reply_to
        message["References"] = " ".join(dict.fromkeys((*mail.references, mail.in_reply_to)))
    message.set_content(_as_text(mail, tracked))
    message.add_alternative(_as_html(mail, tracked), subtype="html")
    for file in mail.files:
        main, _, sub = file.mime.partition("/")
        message.add_attachment(file.content, maintype=main, subtype=sub or "octet-stream", filename=file.name)
    return message.as_bytes()


def recipients(mail: Outgoing) -> list[str]:
    """Whom the server is told to bring it to."""
    return [person.address for person in (*mail.to, *mail.cc)]


def _as_text(mail: Outgoing, tracked: Tracked) -> str:
    parts = [URL.sub(lambda url: tracked(url[0]), mail.body.rstrip())]
    parts += [f"{document.name}\n{document.url}" for document in mail.documents]
    if mail.signature:
        parts.append(f"-- \n{mail.signature.rstrip()}")
    if mail.quoted:
        parts.append("\n".join(f"> {line}" for line in mail.quoted.rstrip().splitlines()))
    return "\n\n".join(parts) + "\n"


def _as_html(mail: Outgoing, tracked: Tracked) -> str:
    parts = [f'<div style="{_STYLE}">', _paragraphs(mail.body, tracked)]
    parts += [
        f'<p>📄 <a href="{html.escape(document.url)}">{html.escape(document.name)}</a></p>'
        for document in mail.documents
    ]
    if mail.signature:
        parts.append(f'<p style="color: #656d76">-- <br>{_lines(mail.signature, str)}</p>')
    parts.append("</div>")
    if mail.quoted:
        parts.append(f'<blockquote type="cite">{_paragraphs(mail.quoted, str)}</blockquote>')
    if mail.pixel:
        parts.append(f'<img src="{html.escape(mail.pixel)}" width="1" height="1" alt="">')
    return f"<!doctype html><html><body>{''.join(parts)}</body></html>"


def _paragraphs(text: str, tracked: Tracked) -> str:
    """Paragraphs, and lines that begin with a dash as a list."""
    return "".join(_block(block, tracked) for block in re.split(r"\n\s*\n", text.strip()))


def _block(block: str, tracked: Tracked) -> str:
    lines = block.split("\n")
    if all(re.match(r"[-•·] ", line) for line in lines):
        entries = "".join(f"<li>{_lines(line[2:], tracked)}</li>" for line in lines)
        return f"<ul>{entries}</ul>"
    return f"<p>{_lines(block, tracked)}</p>"


def _lines(text: str, tracked: Tracked) -> str:
    """Text as HTML: its addresses as links, its lines kept."""
    done, made = 0, []
    for url in URL.finditer(text):
        made.append(html.escape(text[done : url.start()], quote=False))
        made.append(f'<a href="{html.escape(tracked(url[0]))}">{html.escape(url[0], quote=False)}</a>')
        done = url.end()
    made.append(html.escape(text[done:], quote=False))
    return "".join(made).replace("\n", "<br>")
