"""What a file is, told by its first bytes; its name only chooses within a family (text, OLE, office archives)."""

import codecs
import re
from pathlib import PurePath

import filetype  # type: ignore[import-untyped]

HEAD_BYTES = 8192
"""How much of a file `sniff` wants to see."""

UNKNOWN = "application/octet-stream"
ZIP = "application/zip"
OLE = "application/x-ole-storage"
HTML = "text/html"
SVG = "image/svg+xml"
SCRIPT = "text/x-script"

_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"{\\rtf", "application/rtf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"#!", SCRIPT),
)
_PROGRAMS = (
    (b"MZ", "application/x-msdownload"),
    (b"\x7fELF", "application/x-executable"),
    (b"\xca\xfe\xba\xbe", "application/x-mach-binary"),
    (b"\xcf\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xce\xfa\xed\xfe", "application/x-mach-binary"),
    (b"\xfe\xed\xfa\xce", "application/x-mach-binary"),
    (b"\xfe\xed\xfa\xcf", "application/x-mach-binary"),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "application/x-ms-shortcut"),
)
_IN_ZIP = (
    (b"AndroidManifest.xml", "application/vnd.android.package-archive"),
    (b"META-INF/MANIFEST.MF", "application/java-archive"),
    (b"word/", _OPEN_XML + "wordprocessingml.document"),
    (b"xl/", _OPEN_XML + "spreadsheetml.sheet"),
    (b"ppt/", _OPEN_XML + "presentationml.presentation"),
    (b"mimetype" + _OPEN_DOCUMENT.encode() + b"text", _OPEN_DOCUMENT + "text"),
    (b"mimetype" + _OPEN_DOCUMENT.encode() + b"spreadsheet", _OPEN_DOCUMENT + "spreadsheet"),
    (b"mimetype" + _OPEN_DOCUMENT.encode() + b"presentation", _OPEN_DOCUMENT + "presentation"),
)
OPEN_XML_TYPES = {
    "docx": _OPEN_XML + "wordprocessingml.document",
    "xlsx": _OPEN_XML + "spreadsheetml.sheet",
    "pptx": _OPEN_XML + "presentationml.presentation",
}
OLE_TYPES = {
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "msg": "application/vnd.ms-outlook",
    "vsd": "application/vnd.visio",
}
TEXT_TYPES = {
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "json": "application/json",
    "md": "text/markdown",
    "eml": "message/rfc822",
    "ics": "text/calendar",
    "vcf": "text/vcard",
}
_OPEN_XML_MARKS = (b"[Content_Types].xml", b"_rels/", b"docProps/", b"customXml/")
_ZIP_ENTRY = re.compile(rb"PK\x03\x04.{22}(..)..", re.DOTALL)
_PAGE = re.compile(
    r"<(!doctype html|html|head|body|script|iframe|object|embed|table|div|span|form|meta|link|style|title|img|a|p|h1|br|b)[\s/>]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def extension(name: str) -> str:
    """The extension of a file name in lower case, without its dot; empty where there is none."""
    return PurePath(name.replace("\\", "/")).suffix.removeprefix(".").lower()


def sniff(head: bytes, name: str) -> str:
    """The media type of a file that starts with `head` (8 KB are enough) and is called `name`."""
    kind = extension(name)
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature):
            return OLE_TYPES.get(kind, OLE) if media_type == OLE else media_type
    if head.startswith(b"PK\x03\x04"):
        return _in_zip(head, kind)
    text = _as_text(head)
    if text is not None:
        return _in_text(text, kind)
    for signature, media_type in _PROGRAMS:
        if head.startswith(signature):
            return media_type
    guess = filetype.guess(head)
    return UNKNOWN if guess is None else str(guess.mime)


def _in_zip(head: bytes, kind: str) -> str:
    names = b"\n".join(_entry_names(head))
    for mark, media_type in _IN_ZIP:
        if mark in (head if mark.startswith(b"mimetype") else names):
            return media_type
    if any(mark in names for mark in _OPEN_XML_MARKS):
        return OPEN_XML_TYPES.get(kind, ZIP)
    return ZIP


def _entry_names(head: bytes) -> list[bytes]:
    return [
        head[entry.end() : entry.end() + int.from_bytes(entry[1], "little")]
        for entry in _ZIP_ENTRY.finditer(head)
    ]


def _as_text(head: bytes) -> str | None:
    """`head` as text; None where it is none in UTF-8, UTF-16 with a mark, or GB 18030."""
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else ("utf-8-sig", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)
        except UnicodeDecodeError:
            continue
        return None if _CONTROL.search(text) else text
    return None


def _in_text(text: str, kind: str) -> str:
    start = text.lstrip("\ufeff \t\r\n\f").lower()
    if start.startswith("<"):
        if "<svg" in start:
            return SVG
        if _PAGE.search(start):
            return HTML
        return "application/xml" if start.startswith("<?xml") else TEXT_TYPES.get(kind, "text/plain")
    return TEXT_TYPES.get(kind, "text/plain")
