"""What is taken in and what isn't, by content and name."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from chengdan.base.errors import ChengdanError
from chengdan.store.files import HEAD_BYTES, check_upload, safe_name, sniff

MAX_BYTES = 50 << 20
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def archive(*names: str, first: str = "") -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as target:
        for name in names:
            target.writestr(name, first or "<x/>")
    return output.getvalue()


def picture(kind: str) -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (4, 4), "red").save(output, kind)
    return output.getvalue()


ODS = archive("mimetype", first="application/vnd.oasis.opendocument.spreadsheet")


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "合同.pdf", "application/pdf"),
        (picture("PNG"), "a.png", "image/png"),
        (picture("JPEG"), "IMG_1.JPG", "image/jpeg"),
        (picture("GIF"), "a.gif", "image/gif"),
        (picture("WEBP"), "a.webp", "image/webp"),
        (archive("[Content_Types].xml", "word/document.xml"), "方案.docx", DOCX),
        (archive("xl/worksheets/sheet1.xml", "[Content_Types].xml"), "报价.xlsx", XLSX),
        (archive("[Content_Types].xml", "_rels/.rels"), "报价.xlsx", XLSX),
        (OLE, "加密.xlsx", "application/x-ole-storage"),
        (OLE, "老.xls", "application/vnd.ms-excel"),
        (OLE, "无名", "application/x-ole-storage"),
        (ODS, "a.ods", "application/vnd.oasis.opendocument.spreadsheet"),
        (archive("a.txt"), "资料.zip", "application/zip"),
        ("名称,金额\n".encode("gbk"), "a.csv", "text/csv"),
        ("名称,金额\n".encode("utf-16"), "a.csv", "text/csv"),
        (b"BMW,1\nMZ,2\n", "brands.csv", "text/csv"),
        ("会议纪要".encode() * 2000, "a.txt", "text/plain"),
        (b"<?xml version='1.0'?><ofd/>", "a.xml", "application/xml"),
        (b"a < b > c", "a.txt", "text/plain"),
        (b"\x00\x01\x02\x03" * 9, "a.bin", "application/octet-stream"),
        (b"AC1032" + bytes(10), "机房.dwg", "image/vnd.dwg"),
    ],
)
def test_accepts_and_names_what_offices_use(content: bytes, name: str, media_type: str) -> None:
    assert check_upload(content[:HEAD_BYTES], name, len(content), max_bytes=MAX_BYTES) == media_type


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.pdf", "FILE-002"),
        (b"MZ\x90\x00\x03\x00", "合同.pdf", "FILE-003"),
        (b"\x7fELF\x02\x01\x01\x00", "data", "FILE-003"),
        (b"#!/bin/sh\nrm -rf ~\n", "readme.txt", "FILE-003"),
        (b"<!DOCTYPE html><script>alert(1)</script>", "a.txt", "FILE-003"),
        (b"\xef\xbb\xbf  <html>", "报表.xls", "FILE-003"),
        ("<script>alert(1)</script>".encode("utf-16"), "a.csv", "FILE-003"),
        (b"<!-- x --><svg onload='alert(1)'/>", "logo.png", "FILE-003"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "logo.xml", "FILE-003"),
        (archive("META-INF/MANIFEST.MF"), "lib.zip", "FILE-003"),
        (b"plain words", "invoice.pdf.exe", "FILE-003"),
        (b"alert(1)", "a.js", "FILE-003"),
        (b"\x00asm\x01\x00\x00\x00", "a.bin", "FILE-003"),
        (picture("PNG"), "a.jpg", "FILE-004"),
        (archive("word/document.xml"), "a.xlsx", "FILE-004"),
        (archive("a.txt"), "a.docx", "FILE-004"),
        (b"plain words", "a.pdf", "FILE-004"),
        (b"%PDF-1.7", "a.txt", "FILE-004"),
        (b"%PDF-1.7", "a.csv", "FILE-004"),
    ],
)
def test_refuses_what_runs_or_pretends(content: bytes, name: str, code: str) -> None:
    with pytest.raises(ChengdanError) as refusal:
        check_upload(content, name, len(content), max_bytes=MAX_BYTES)

    assert refusal.value.code == code
    assert refusal.value.path == name
    assert name in refusal.value.message("zh-CN")


def test_refuses_what_is_too_large() -> None:
    with pytest.raises(ChengdanError) as refusal:
        check_upload(b"%PDF-1.7", "a.pdf", MAX_BYTES + 1, max_bytes=MAX_BYTES)

    assert (refusal.value.code, refusal.value.data["limit_mb"]) == ("FILE-001", 50)


@given(st.binary(max_size=300), st.sampled_from(["a.docx", "a.csv", "a", "a.png"]))
def test_any_bytes_have_a_type(head: bytes, name: str) -> None:
    assert "/" in sniff(head, name)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\张三\\合同.pdf", "合同.pdf"),
        ("evil\u202efdp.exe", "evilfdp.exe"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie_ x.pdf"),
        (" ... ", "file"),
        ("", "file"),
        ("长" * 300 + ".pdf", "长" * 196 + ".pdf"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe
