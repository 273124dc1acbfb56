"""What a test takes as given: records of its own, made over HTTP, so that tests don't meet each other's."""

import math
from io import BytesIO
from uuid import uuid4

import pypdfium2
from PIL import ImageDraw

from tests.web.site import Json, Visitor

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def a_name(beginning: str) -> str:
    """A name that no other record has."""
    return f"{beginning}{uuid4().hex[:8]}"


def an_account(visitor: Visitor) -> Json:
    account: Json = visitor.json("POST", "/api/records/account", {"name": a_name("华辰精密")}, 201)
    return account


def a_contact(visitor: Visitor, account: Json, role: str) -> Json:
    """Somebody of the account who can be reached."""
    contact: Json = visitor.json(
        "POST",
        "/api/records/contact",
        {"name": "周敏", "account": account["id"], "mobile": "13800138000", "role": role},
        201,
    )
    return contact


def an_opportunity(visitor: Visitor, **values: object) -> Json:
    """A fresh opportunity of the visitor, in the first stage."""
    opportunity: Json = visitor.json(
        "POST", "/api/records/opportunity", {"name": a_name("质检系统"), **values}, 201
    )
    return opportunity


def an_opportunity_in_discovery(visitor: Visitor, **values: object) -> Json:
    """One whose account has a contact but no decision-maker, and that has none of what leads on to the demo."""
    account = an_account(visitor)
    a_contact(visitor, account, "user")
    opportunity = an_opportunity(visitor, account=account["id"], **values)
    moved: Json = visitor.json(
        "POST",
        f"/api/records/opportunity/{opportunity['id']}/move",
        {"to": "discovery", "version": opportunity["version"], "reason": "展会上已当面聊过"},
    )
    return moved


def a_signed_scan(visitor: Visitor, opportunity: Json) -> bytes:
    """The pain confirmation form of an opportunity as it comes back: printed, signed in the box, and scanned to a PDF."""
    form = visitor.get(
        f"/api/records/opportunity/{opportunity['id']}/forms/pain_confirmation",
        params={"deliverable": "pain_form"},
    )
    assert form.status_code == 200, form.text
    document, scan = pypdfium2.PdfDocument(form.content), BytesIO()
    page = document[len(document) - 1].render(scale=150 / 72).to_pil()
    mm = page.width / 210
    line = [((97 + 1.5 * t) * mm, (272 + 6 * math.sin(t / 2)) * mm) for t in range(21)]
    ImageDraw.Draw(page).line(line, fill="navy", width=3)
    page.save(scan, "PDF", resolution=150)
    return scan.getvalue()
