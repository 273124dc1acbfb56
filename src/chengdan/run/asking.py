"""Asking a customer to sign on their phone: a link to exactly this document, and what comes of it.

The document is set when it is asked for and never changes: what is signed is what was shown. The signed one begins with the
same bytes, has the signature in its place, and is sealed; it is filed like a scan.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

from chengdan.base.errors import Locale
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.template import SIZES
from chengdan.run import forms, links
from chengdan.run.action import apply
from chengdan.run.commands import Sign
from chengdan.run.documents import FONT, Sealer
from chengdan.run.holding import hold, object_of
from chengdan.run.links import LinkUnknown, Wanted
from chengdan.run.runtime import Runtime
from chengdan.run.signing import NothingToSign, wanted
from chengdan.run.strokes import Stroke, draw
from chengdan.run.uploads import INSERT_FILE
from chengdan.store import signatures
from chengdan.store.files import PDF_TYPE
from chengdan.store.links import Link

PURPOSE = "signature"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request to sign: the token of its link, which is told once, and until when it may be used."""

    token: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs, as they say, and from where."""

    name: str
    strokes: list[Stroke]
    address: str
    device: str


def ask(
    runtime: Runtime, principal: Principal, object: str, id: UUID, deliverable: str, locale: Locale
) -> Asked:
    """Set the document and make a link to sign it; an earlier link for the same ends.

    Raises NotFound, Forbidden, NothingToSign, and as `forms.form_for`.
    """
    with runtime.reader(principal) as reader:
        item = wanted(reader.snapshot, object_of(reader, object)[0], deliverable)
        if not item.template:
            raise NothingToSign(path="deliverable", name=deliverable)
        form = forms.form_for(reader, object, id, item.template, item.name, locale)
    document = runtime.blobs.put(
        BytesIO(form.content), name=form.name, max_bytes=len(form.content) + 1
    ).sha256
    with runtime.unit(principal) as unit:
        hold(unit, object, id, None)
        links.revoke(unit, id, PURPOSE, {"deliverable": item.name})
        until = unit.now + timedelta(hours=item.link_hours)
        data = {
            "deliverable": item.name,
            "template": form.template.name,
            "document": document,
            "name": form.name,
            "fingerprint": form.fingerprint,
        }
        link, token = links.make(unit, Wanted(PURPOSE, object, id, data, until))
        facts = {"deliverable": item.name, "link": link, "document": document, "until": until}
        unit.record(Event(EventKind.SIGNATURE_ASKED, object, id, facts))
    return Asked(token, until)


def withdraw(runtime: Runtime, principal: Principal, object: str, id: UUID, deliverable: str) -> None:
    """Take the open links for a deliverable back. Raises NoSuchObject, NotFound."""
    with runtime.unit(principal) as unit:
        object_of(unit, object)
        hold(unit, object, id, None)
        links.revoke(unit, id, PURPOSE, {"deliverable": deliverable})


def document_of(runtime: Runtime, link: Link) -> bytes:
    """The document that a link shows."""
    with runtime.blobs.open(str(link.data["document"])) as stream:
        return stream.read()


def title_of(runtime: Runtime, link: Link) -> str:
    """What the document is called."""
    return str(link.data["name"]).removesuffix(".pdf")


def sign(runtime: Runtime, link: Link, signatory: Signatory) -> dict[str, Any]:
    """Close the document with the signature and file it; the link is used up. Raises LinkSpent, LinkUnknown."""
    template = runtime.snapshot.templates.get(str(link.data["template"]))
    if template is None:
        raise LinkUnknown()
    shown, now = document_of(runtime, link), runtime.clock()
    sealer = Sealer(runtime.config.home / "keys")
    caption = f"{signatory.name} {now.astimezone(runtime.config.time_zone):%Y-%m-%d %H:%M}"
    drawn = draw(signatory.strokes, caption, FONT)
    sealed = sealer.seal(shown, drawn, SIZES[template.paper], signatory.name, now)
    name = f"{title_of(runtime, link)}（已签字）.pdf"
    stored = runtime.blobs.put(BytesIO(sealed.content), name=name, max_bytes=len(sealed.content) + 1)
    file = new_id()
    with runtime.unit(links.acting(runtime, link), f"{links.CAUSE}/{link.id}") as unit:
        links.use(unit, link)
        signatures.certify(unit, sealed.certificate)
        unit.execute(
            INSERT_FILE,
            (file, stored.sha256, name, stored.size, PDF_TYPE, "", None, unit.now, unit.actor),
        )
        apply(
            unit,
            Sign(
                link.object,
                link.record,
                str(link.data["deliverable"]),
                file,
                found=True,
                method="drawn",
                fingerprint=str(link.data["fingerprint"]),
                signer=signatory.name,
                document=str(link.data["document"]),
                address=sha256(f"{link.id}/{signatory.address}".encode()).hexdigest()[:32],
                device=signatory.device,
            ),
        )
    return {"signed_at": now, "seal": stored.sha256}
