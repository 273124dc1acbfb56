"""Files over HTTP: uploaded, filed as evidence, only ever served as downloads."""

import io
from uuid import uuid4

import pytest
from PIL import Image

from chengdan.run.documents import FONT
from tests.browser.given import a_signed_scan
from tests.web.site import Json, Site, Visitor

PDF = b"%PDF-1.4 a quote"


def picture() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (900, 600), "navy").save(stream, "PNG")
    return stream.getvalue()


def upload(visitor: Visitor, name: str, content: bytes, status: int = 201, **form: str) -> Json:
    answer = visitor.post("/api/files", files={"file": (name, content)}, data=form)
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


@pytest.fixture
def opportunity(rep: Visitor) -> Json:
    made: Json = rep.json("POST", "/api/records/opportunity", {"name": "资料"}, 201)
    return made


def test_a_file_is_filed_under_its_record(rep: Visitor, opportunity: Json) -> None:
    file = upload(rep, "报价单.pdf", PDF, object="opportunity", record=opportunity["id"], kind="quote")

    assert (file["name"], file["mime"], file["size"], file["kind"]) == (
        "报价单.pdf",
        "application/pdf",
        16,
        "quote",
    )
    assert file["created_by"] == {"id": rep.me["id"], "label": rep.me["name"]}
    assert rep.json("GET", f"/api/records/opportunity/{opportunity['id']}/files")["items"] == [file]


def test_a_file_is_served_as_a_download_that_no_browser_runs(rep: Visitor, opportunity: Json) -> None:
    file = upload(rep, "报价单.pdf", PDF, object="opportunity", record=opportunity["id"])
    answer = rep.get(file["url"])

    assert answer.content == PDF
    assert (
        answer.headers["content-disposition"]
        == "attachment; filename*=UTF-8''%E6%8A%A5%E4%BB%B7%E5%8D%95.pdf"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_a_picture_has_a_thumbnail(rep: Visitor, opportunity: Json) -> None:
    file = upload(rep, "现场.png", picture(), object="opportunity", record=opportunity["id"], kind="photo")
    answer = rep.get(file["thumbnail_url"])

    assert answer.headers["content-type"] == "image/webp"
    assert Image.open(io.BytesIO(answer.content)).size == (320, 213)


@pytest.mark.skipif(not FONT.is_file(), reason="the page isn't built: make ui")
def test_evidence_meets_a_gate(rep: Visitor, opportunity: Json) -> None:
    scan = a_signed_scan(rep, opportunity)
    upload(rep, "a.pdf", scan, object="opportunity", record=opportunity["id"], kind="pain_confirmation")
    state = rep.json("GET", f"/api/records/opportunity/{opportunity['id']}/gate")
    form = [
        item for stage in state["stages"] for item in stage["deliverables"] if item["name"] == "pain_form"
    ]

    assert [(item["met"], item["have"]) for item in form] == [(True, 1)]


def test_a_file_is_as_hidden_as_its_record(site: Site, rep: Visitor, admin: Visitor) -> None:
    mine = {one["id"] for one in rep.json("GET", "/api/records/opportunity?limit=200")["items"]}
    records = admin.json("GET", "/api/records/opportunity?limit=200")["items"]
    foreign = next(one for one in records if one["id"] not in mine)
    file = upload(admin, "a.pdf", PDF, object="opportunity", record=foreign["id"])

    for path in (file["url"], f"{file['url']}/thumbnail", f"/api/files/{uuid4()}"):
        assert rep.get(path).json()["code"] == "RECORD-001"
    assert rep.delete(file["url"]).json()["code"] == "RECORD-001"
    assert admin.get(file["url"]).content == PDF


def test_a_file_that_is_not_filed_is_its_uploaders_alone(rep: Visitor, admin: Visitor) -> None:
    file = upload(rep, "a.pdf", PDF)

    assert rep.get(file["url"]).content == PDF
    assert admin.get(file["url"]).status_code == 404


def test_an_upload_to_a_hidden_record_leaves_nothing(site: Site, rep: Visitor) -> None:
    with site.runtime.pool.connection() as connection:
        before = connection.execute("SELECT count(*) FROM chengdan.file").fetchone()
    refused = upload(rep, "a.pdf", PDF, 404, object="opportunity", record=str(uuid4()))
    with site.runtime.pool.connection() as connection:
        after = connection.execute("SELECT count(*) FROM chengdan.file").fetchone()

    assert (refused["code"], after) == ("RECORD-001", before)


def test_taking_a_file_off_leaves_the_trail(rep: Visitor, opportunity: Json) -> None:
    file = upload(rep, "a.pdf", PDF, object="opportunity", record=opportunity["id"], kind="quote")
    rep.json("DELETE", file["url"], status=204)

    assert rep.json("GET", f"/api/records/opportunity/{opportunity['id']}/files")["items"] == []
    kinds = [
        event["kind"]
        for event in rep.json("GET", f"/api/records/opportunity/{opportunity['id']}/timeline")["items"]
    ]
    assert kinds[:2] == ["file.removed", "file.attached"]


@pytest.mark.parametrize(
    ("name", "content", "status", "code"),
    [
        ("page.html", b"<html><script>alert(1)</script>", 415, "FILE-003"),
        ("picture.svg", b"<svg onload='alert(1)'/>", 415, "FILE-003"),
        ("quote.pdf", b"MZ\x90\x00 a program", 415, "FILE-003"),
        ("quote.pdf", b"\x89PNG\r\n\x1a\n", 415, "FILE-004"),
        ("empty.pdf", b"", 422, "FILE-002"),
    ],
)
def test_what_could_run_or_pretends_is_refused(
    rep: Visitor, name: str, content: bytes, status: int, code: str
) -> None:
    assert upload(rep, name, content, status)["code"] == code


@pytest.mark.parametrize("form", [{"record": "x"}, {"record": str(uuid4()), "object": "a\x00b"}])
def test_a_form_with_wrong_fields_is_refused(rep: Visitor, form: dict[str, str]) -> None:
    assert upload(rep, "a.pdf", PDF, 422, **form)["code"] == "HTTP-422"


def test_a_form_without_a_file_is_refused(rep: Visitor) -> None:
    answer = rep.post("/api/files", files={"other": ("a.pdf", PDF)})

    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "file")


def test_a_body_that_is_no_form_is_refused(rep: Visitor) -> None:
    assert rep.post("/api/files", json={}).json()["code"] == "HTTP-415"
    broken = rep.post(
        "/api/files", content=b"--x", headers={"content-type": "multipart/form-data; boundary=y"}
    )
    assert broken.status_code == 422


def test_the_pages_of_a_pdf_are_pictures_for_those_who_see_its_record(
    rep: Visitor, admin: Visitor, opportunity: Json
) -> None:
    stream = io.BytesIO()
    first, second = (Image.new("RGB", (600, 800), colour) for colour in ("navy", "teal"))
    first.save(stream, "PDF", save_all=True, append_images=[second])
    file = upload(rep, "方案.pdf", stream.getvalue(), object="opportunity", record=opportunity["id"])

    assert rep.json("GET", file["pages_url"]) == {"count": 2}
    page = rep.get(f"{file['pages_url']}/2")
    assert (page.status_code, page.headers["content-type"]) == (200, "image/webp")
    with Image.open(io.BytesIO(page.content)) as drawn:
        colour = drawn.convert("RGB").quantize(1).getpalette() or []
    assert [round(part / 16) for part in colour[:3]] == [0, 8, 8]
    for number in ("0", "3", "x", "-1", "99999999"):
        assert rep.json("GET", f"{file['pages_url']}/{number}", status=404)["code"] == "RECORD-001"
    hidden = upload(admin, "内部.pdf", stream.getvalue())
    assert rep.json("GET", hidden["pages_url"], status=404)["code"] == "RECORD-001"


def test_a_damaged_pdf_has_no_pages_and_a_picture_none_either(rep: Visitor, opportunity: Json) -> None:
    damaged = upload(rep, "坏.pdf", PDF, object="opportunity", record=opportunity["id"])
    assert rep.json("GET", damaged["pages_url"], status=422)["code"] == "FILE-009"
    image = upload(rep, "图.png", picture(), object="opportunity", record=opportunity["id"])
    assert image["pages_url"] is None
    assert rep.json("GET", f"{image['url']}/pages", status=404)["code"] == "RECORD-001"


def test_an_upload_that_is_sent_twice_happens_once(rep: Visitor, opportunity: Json) -> None:
    headers, address = (
        {"Idempotency-Key": "photo once"},
        f"/api/records/opportunity/{opportunity['id']}/files",
    )
    where = {"object": "opportunity", "record": opportunity["id"], "kind": "quote"}
    first, second = (
        rep.post("/api/files", files={"file": ("报价单.pdf", PDF)}, data=where, headers=headers)
        for _ in range(2)
    )

    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert rep.json("GET", address)["items"] == [first.json()]
    other = rep.post("/api/files", files={"file": ("另一份.pdf", PDF)}, data=where, headers=headers)
    assert (other.status_code, other.json()["code"]) == (409, "HTTP-409")
    assert rep.json("GET", address)["items"] == [first.json()]
