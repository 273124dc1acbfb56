"""Forms and signatures: a form filled in, a customer asked to sign, the page on which they do, and whoever answers for a scan."""

import io
from collections.abc import Mapping
from typing import Any

import segno
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import load_der_x509_certificate
from starlette.responses import Response

from chengdan.run import asking, forms
from chengdan.run.asking import Signatory
from chengdan.run.commands import Vouch
from chengdan.run.errors import NotFound
from chengdan.run.strokes import read_strokes
from chengdan.store.files import PDF_TYPE, pages
from chengdan.store.links import Link
from chengdan.store.signatures import certificates
from chengdan.web.call import Call, bad_request, read_text
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.files import attachment
from chengdan.web.purpose import Purpose
from chengdan.web.records import ONE, cause

TAG = "signatures"
MAX_NAME = 60
MAX_DEVICE = 300


def form(call: Call) -> Response:
    """A template filled in from a record, to be downloaded."""
    object, id, template = call.path("object"), call.path_id(), call.path("template")
    with call.runtime.reader(call.visitor.principal) as reader:
        found = forms.form_for(reader, object, id, template, call.query("deliverable"), call.locale)
    return Response(found.content, 200, attachment(found.name), media_type=PDF_TYPE)


def ask(call: Call) -> Response:
    """A link by which a customer signs, and the same as a QR code; told once."""
    deliverable = call.take("deliverable", str)
    call.close()
    asked = asking.ask(
        call.runtime, call.visitor.principal, call.path("object"), call.path_id(), deliverable, call.locale
    )
    base = (call.runtime.config.public_url or str(call.request.base_url)).rstrip("/")
    url = f"{base}/p/{asked.token}"
    return json_response({"url": url, "qr": qr(url), "until": asked.until}, 201)


def withdraw(call: Call) -> Response:
    """Take the link for a deliverable back."""
    asking.withdraw(
        call.runtime, call.visitor.principal, call.path("object"), call.path_id(), call.query("deliverable")
    )
    return Response(status_code=204)


def vouch(call: Call) -> Response:
    reason = call.take("reason", str)
    signature = call.take_id("signature")
    call.close()
    command = Vouch(call.path("object"), call.path_id(), signature, reason)
    call.runtime.act(call.visitor.principal, command, cause(call))
    return Response(status_code=204)


def certificate(call: Call) -> Response:
    """The certificates of this installation's seals, for programs that verify PDFs."""
    with call.runtime.read_pool.connection() as connection:
        found = certificates(connection)
    if not found:
        raise NotFound()
    body = b"".join(_pem(one) for one in found)
    return Response(body, 200, attachment("chengdan-seal.pem"), media_type="application/x-pem-file")


def _pem(certificate: bytes) -> bytes:
    return load_der_x509_certificate(certificate).public_bytes(Encoding.PEM)


def qr(url: str) -> str:
    """A QR code as SVG."""
    drawing = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawing, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True, light="#fff"
    )
    return drawing.getvalue().decode()


# --- the public page


def _show(call: Call, link: Link) -> Mapping[str, Any]:
    count = pages(io.BytesIO(asking.document_of(call.runtime, link))).count
    return {
        "title": asking.title_of(call.runtime, link),
        "pages": count,
        "document": link.data["document"],
    }


def _page(call: Call, link: Link, number: int) -> bytes:
    picture = pages(io.BytesIO(asking.document_of(call.runtime, link)), number).picture
    if not picture:
        raise NotFound()
    return picture


def _take(call: Call, link: Link) -> Mapping[str, Any]:
    name = read_text("name", call.take("name", str)).strip()
    consent, strokes = call.take("consent", bool), call.take("strokes", list)
    call.close()
    if not 1 <= len(name) <= MAX_NAME or not name.isprintable():
        raise bad_request(
            "name", f"请填写姓名，至多 {MAX_NAME} 个字", f"a name of at most {MAX_NAME} characters"
        )
    if not consent:
        raise bad_request("consent", "请先确认同意", "consent is needed")
    address = call.request.client.host if call.request.client else ""
    device = call.request.headers.get("user-agent", "")[:MAX_DEVICE]
    return asking.sign(call.runtime, link, Signatory(name, read_strokes(strokes), address, device))


PURPOSE = Purpose(asking.PURPOSE, _show, _page, _take)
_TEXT = {"type": "string"}
_ASK = {
    "type": "object",
    "required": ["deliverable"],
    "additionalProperties": False,
    "properties": {"deliverable": _TEXT},
}
_VOUCH = {
    "type": "object",
    "required": ["signature", "reason"],
    "additionalProperties": False,
    "properties": {"signature": {"type": "string", "format": "uuid"}, "reason": _TEXT},
}
ENDPOINTS = (
    Endpoint(
        "GET",
        ONE + "/forms/{template}",
        form,
        "A form filled in from a record, as PDF",
        TAG,
        query=("deliverable",),
        per_object=True,
        media_type=PDF_TYPE,
    ),
    Endpoint(
        "POST",
        ONE + "/signature/link",
        ask,
        "Make a link by which a customer signs; it is shown once",
        TAG,
        per_object=True,
        status=201,
        body=_ASK,
    ),
    Endpoint(
        "DELETE",
        ONE + "/signature/link",
        withdraw,
        "Take the link for a signature back",
        TAG,
        query=("deliverable",),
        per_object=True,
        status=204,
    ),
    Endpoint(
        "POST",
        ONE + "/signature/vouch",
        vouch,
        "Answer for a scan on which no signature was found",
        TAG,
        per_object=True,
        status=204,
        body=_VOUCH,
    ),
    Endpoint(
        "GET",
        "/api/signature/certificates",
        certificate,
        "The certificates of the seals on signed documents",
        TAG,
        media_type="application/x-pem-file",
    ),
)
