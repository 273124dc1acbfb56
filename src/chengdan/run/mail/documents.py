"""Documents: a file of a mail as pages that its reader looks at without a log-in."""

from dataclasses import dataclass
from typing import LiteralString
from uuid import UUID

from chengdan.run.explain import seen
from chengdan.run.links import LinkUnknown
from chengdan.run.mail.room import ROOM, mail_of
from chengdan.run.runtime import Runtime
from chengdan.store.files import pages
from chengdan.store.links import Link

_FILE: LiteralString = (
    "SELECT sha256, name FROM chengdan.file WHERE id = %s AND record_id = %s AND removed_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Document:
    """What a reader sees of a document: its name, how many pages, who sent it."""

    name: str
    pages: int
    sender: str


def shown(runtime: Runtime, link: Link) -> Document:
    """The document of a link. Raises LinkUnknown when the file was taken away."""
    item, mail = mail_of(runtime.snapshot)
    sha256, name = _file(runtime, link)
    with runtime.reader(ROOM) as reader:
        sender = seen(reader, item.name, link.record)[mail["sender"]] or ""
    return Document(name, pages(runtime.blobs.open(sha256)).count, sender.partition(" <")[0])


def page(runtime: Runtime, link: Link, number: int) -> bytes:
    """One page as a picture. Raises LinkUnknown."""
    sha256, _ = _file(runtime, link)
    picture = pages(runtime.blobs.open(sha256), number).picture if number > 0 else b""
    if not picture:
        raise LinkUnknown()
    return picture


def _file(runtime: Runtime, link: Link) -> tuple[str, str]:
    with runtime.read_pool.connection() as connection:
        row = connection.execute(_FILE, (UUID(link.data["file"]), link.record)).fetchone()
    if row is None:
        raise LinkUnknown()
    return row[0], row[1]
