"""Signatures over HTTP: the form, the scan that is asked about, the link by which a customer signs, and what may be seen of it."""

import math
from io import BytesIO

import pypdfium2
import pytest

from chengdan.run.documents import FONT, inspect_seals
from chengdan.store.signatures import certificates
from tests.browser.given import an_opportunity_in_discovery
from tests.web.site import Json, Site, Visitor

pytestmark = pytest.mark.skipif(not FONT.is_file(), reason="the page isn't built: make ui")
STROKES = [[[round(0.2 + t / 70, 4), round(0.5 + 0.3 * math.sin(t / 2), 4)] for t in range(40)]]
GIVEN = {"name": "王敏", "consent": True, "strokes": STROKES}


def at(record: Json, rest: str) -> str:
    return f"/api/records/opportunity/{record['id']}{rest}"


def form(visitor: Visitor, record: Json, template: str = "pain_confirmation", status: int = 200) -> bytes:
    answer = visitor.get(at(record, f"/forms/{template}"), params={"deliverable": "pain_form"})
    assert answer.status_code == status, answer.text[:500]
    return answer.content


def scan(visitor: Visitor, record: Json, content: bytes, kind: str = "pain_confirmation") -> Json:
    picture, stream = pypdfium2.PdfDocument(content)[0].render(scale=150 / 72).to_pil(), BytesIO()
    picture.save(stream, "JPEG", quality=80)
    filed = {"object": "opportunity", "record": record["id"], "kind": kind}
    answer: Json = visitor.post(
        "/api/files", files={"file": ("扫描.jpg", stream.getvalue())}, data=filed
    ).json()
    return answer


def state(visitor: Visitor, record: Json) -> Json:
    found = visitor.json("GET", at(record, "/gate"))
    return next(
        one for stage in found["stages"] for one in stage["deliverables"] if one["name"] == "pain_form"
    )


def unmet(visitor: Visitor, record: Json) -> dict[str, str]:
    asked = visitor.json("GET", at(record, "/gate"), params={"to": "demo"})
    return {reason["deliverable"]: reason["code"] for reason in asked["reasons"]}


def asked(visitor: Visitor, record: Json) -> str:
    link = visitor.json("POST", at(record, "/signature/link"), {"deliverable": "pain_form"}, 201)
    assert link["qr"].startswith("<svg")
    return str(link["url"].rpartition("/")[2])


def test_a_form_is_filled_in_from_the_record(rep: Visitor) -> None:
    opportunity = an_opportunity_in_discovery(rep, description="漏检率 3% #let x")
    document = pypdfium2.PdfDocument(form(rep, opportunity))
    text = document[0].get_textpage().get_text_range()

    assert len(document) == 1
    shown = ("痛点确认表", opportunity["name"], "漏检率3%#letx", "客户签字")
    assert [words for words in shown if words not in text.replace(" ", "")] == []
    form(rep, opportunity, "nothing", 404)
    assert rep.get("/api/records/account/" + opportunity["account"] + "/forms/quote").status_code == 404


def test_a_form_shows_nothing_that_its_reader_may_not_see(site: Site, rep: Visitor) -> None:
    opportunity = an_opportunity_in_discovery(rep)
    path = at(opportunity, "/forms/quote")

    assert rep.get(path).status_code == 200
    assert site.stranger().json("GET", path, status=401)["code"] == "AUTH-001"
    assert site.log_in("finance").json("GET", path, status=404)["code"] == "RECORD-001"


def test_an_unsigned_scan_is_asked_about_and_answered_for_by_who_may(rep: Visitor, manager: Visitor) -> None:
    opportunity = an_opportunity_in_discovery(rep)
    assert unmet(rep, opportunity)["pain_form"] == "GATE-015"

    scan(rep, opportunity, form(rep, opportunity))
    kept = state(rep, opportunity)
    assert (kept["met"], kept["note"], kept["signature"]["state"]) == (False, "unsigned", "unsigned")
    told = manager.json("GET", "/api/notifications")["items"]
    assert [one for one in told if "没有找到签字" in str(one) and one["record"] == opportunity["id"]]
    assert unmet(rep, opportunity)["pain_form"] == "GATE-017"

    answer = {"signature": kept["signature"]["id"], "reason": "盖了骑缝章"}
    assert rep.post(at(opportunity, "/signature/vouch"), json=answer).status_code == 403
    assert (
        manager.post(at(opportunity, "/signature/vouch"), json={**answer, "reason": " "}).status_code == 422
    )
    assert state(rep, opportunity)["met"] is False
    manager.json("POST", at(opportunity, "/signature/vouch"), answer, 204)
    kept = state(rep, opportunity)
    assert (kept["met"], kept["signature"]["state"], kept["signature"]["reason"]) == (
        True,
        "vouched",
        "盖了骑缝章",
    )
    assert manager.post(at(opportunity, "/signature/vouch"), json=answer).status_code == 404
    kinds = [event["kind"] for event in rep.json("GET", at(opportunity, "/timeline"))["items"]]
    assert kinds[:3] == ["signature.vouched", "signature.missing", "file.attached"]


def test_the_form_of_another_record_is_refused_and_nothing_is_filed(rep: Visitor) -> None:
    one, other = an_opportunity_in_discovery(rep), an_opportunity_in_discovery(rep)

    assert scan(rep, one, form(rep, other))["code"] == "SCAN-006"
    assert rep.json("GET", at(one, "/files"))["items"] == []
    assert "signature" not in state(rep, one)


def test_a_customer_signs_by_a_link_once_and_the_gate_knows(site: Site, rep: Visitor) -> None:
    opportunity = an_opportunity_in_discovery(rep, description="漏检率 3%")
    path = f"/api/public/{asked(rep, opportunity)}"
    customer = site.stranger(**{"User-Agent": "phone"})
    shown = customer.json("GET", path)

    assert shown.keys() == {"purpose", "expires_at", "title", "pages", "document"}
    assert shown["title"] == f"痛点确认表 {opportunity['name']}"
    assert customer.get(f"{path}/pages/1").content[8:12] == b"WEBP"
    assert [customer.get(f"{path}/pages/{page}").status_code for page in ("0", "2", "x")] == [404, 404, 404]
    assert state(rep, opportunity)["asked"]["opened_at"] is not None
    for wrong in (
        {**GIVEN, "name": " "},
        {**GIVEN, "consent": False},
        {**GIVEN, "strokes": []},
        {**GIVEN, "x": 1},
    ):
        assert customer.post(path, json=wrong).status_code == 422
    assert state(rep, opportunity)["met"] is False

    customer.json("POST", path, GIVEN)
    kept = state(rep, opportunity)
    assert (kept["met"], kept["signature"]["signer"], kept["signature"]["method"]) == (True, "王敏", "drawn")
    assert "pain_form" not in unmet(rep, opportunity)
    assert customer.post(path, json=GIVEN).json()["code"] == "LINK-003"
    assert customer.get(path).json()["code"] == "LINK-003"

    sealed = rep.get(kept["signature"]["file"]["url"]).content
    with site.runtime.read_pool.connection() as connection:
        [report] = inspect_seals(sealed, certificates(connection))
        [row] = connection.execute(
            "SELECT document, address, device FROM chengdan.signature WHERE id = %s",
            (kept["signature"]["id"],),
        ).fetchall()
    assert (report.signer, report.intact, report.ours, report.shown) == (
        "王敏",
        True,
        True,
        shown["document"],
    )
    assert (row[0], len(row[1]), row[2]) == (shown["document"], 32, "phone")
    assert rep.get("/api/signature/certificates").text.startswith("-----BEGIN CERTIFICATE-----")


def test_a_newer_link_ends_the_one_before_and_one_that_is_taken_back_opens_nothing(
    site: Site, rep: Visitor
) -> None:
    opportunity = an_opportunity_in_discovery(rep)
    old, new = asked(rep, opportunity), asked(rep, opportunity)
    customer = site.stranger()

    assert [customer.get(f"/api/public/{token}").status_code for token in (old, new)] == [404, 200]
    rep.json("DELETE", at(opportunity, "/signature/link"), params={"deliverable": "pain_form"}, status=204)
    assert customer.post(f"/api/public/{new}", json=GIVEN).json()["code"] == "LINK-001"
    assert state(rep, opportunity).get("asked") is None


def test_only_signatures_are_asked_for_and_only_by_who_may_change_the_record(
    site: Site, rep: Visitor, admin: Visitor
) -> None:
    opportunity = an_opportunity_in_discovery(rep)
    path, body = at(opportunity, "/signature/link"), {"deliverable": "pain_form"}

    assert rep.json("POST", path, {"deliverable": "budget"}, 404)["code"] == "SIGN-001"
    assert site.log_in("csm").json("POST", path, body, 404)["code"] == "RECORD-001"
    foreign = an_opportunity_in_discovery(admin)
    admin.json("POST", at(foreign, "/shares"), {"user": rep.me["id"], "act": "read"})
    assert rep.json("POST", at(foreign, "/signature/link"), body, 403)["code"] == "ACCESS-001"
    assert state(admin, foreign).get("asked") is None


def test_a_paper_that_is_taken_off_proves_nothing_any_more(site: Site, rep: Visitor) -> None:
    opportunity = an_opportunity_in_discovery(rep)
    site.stranger().json("POST", f"/api/public/{asked(rep, opportunity)}", GIVEN)
    file = state(rep, opportunity)["signature"]["file"]["id"]

    rep.json("DELETE", f"/api/files/{file}", status=204)
    assert unmet(rep, opportunity)["pain_form"] == "GATE-015"


def test_booking_a_demo_asks_for_the_architecture_diagram_on_the_spot(rep: Visitor) -> None:
    opportunity = an_opportunity_in_discovery(rep)
    body = {"subject": "演示", "kind": "demo", "at": "2031-03-12T10:00:00Z", "opportunity": opportunity["id"]}
    answer = rep.post("/api/records/activity", json=body)

    assert (answer.status_code, answer.json()["code"]) == (409, "GATE-005")
    assert answer.json()["due"] == {"object": "opportunity", "id": opportunity["id"]}
    assert [reason["deliverable"] for reason in answer.json()["errors"]] == ["it_architecture"]
    past = rep.post("/api/records/activity", json={**body, "at": "2024-03-12T10:00:00Z"})
    assert past.status_code == 201
    later = {"at": "2031-03-12T10:00:00Z", "version": past.json()["version"]}
    moved = rep.patch(f"/api/records/activity/{past.json()['id']}", json=later)
    assert (moved.status_code, moved.json()["code"]) == (409, "GATE-005")
