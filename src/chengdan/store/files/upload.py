"""Which files are taken in: nothing that runs, nothing that pretends to be something else."""

import re
import unicodedata

from chengdan.store.files.errors import FileEmpty, FileTooLarge, FileTypeForbidden, FileTypeMismatch
from chengdan.store.files.media import HTML, OLE, OLE_TYPES, OPEN_XML_TYPES, SCRIPT, SVG, extension, sniff

INLINE_TYPES = frozenset(
    {
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/gif",
        "image/webp",
        "image/bmp",
        "image/avif",
        "text/plain",
    }
)
"""Types a page may show in place, sent with `nosniff`; all others are only ever downloads."""

MAX_NAME_CHARACTERS = 200

_FORBIDDEN_TYPES = frozenset(
    {
        HTML, SVG, SCRIPT, "application/x-msdownload", "application/x-executable", "application/x-mach-binary",
        "application/x-ms-shortcut", "application/java-archive", "application/vnd.android.package-archive",
        "application/wasm", "application/x-shockwave-flash", "application/x-google-chrome-extension",
        "application/x-deb", "application/x-rpm", "application/vnd.ms-cab-compressed",
    }
)  # fmt: skip
_FORBIDDEN_EXTENSIONS = frozenset(
    {
        "exe", "dll", "com", "scr", "pif", "cpl", "msi", "msp", "bat", "cmd", "ps1", "psm1", "vbs",
        "vbe", "js", "mjs", "cjs", "jse", "wsf", "wsh", "hta", "lnk", "url", "reg", "inf", "jar",
        "class", "apk", "sh", "bash", "app", "command", "deb", "rpm", "html", "htm", "xhtml", "xht",
        "shtml", "mht", "mhtml", "svg", "svgz", "swf", "php", "asp", "aspx", "jsp", "py", "xll",
    }
)  # fmt: skip
_IMAGES = {
    "png": {"image/png", "image/apng"},
    "jpg": {"image/jpeg"},
    "jpeg": {"image/jpeg"},
    "gif": {"image/gif"},
    "webp": {"image/webp"},
    "bmp": {"image/bmp"},
    "tif": {"image/tiff"},
    "tiff": {"image/tiff"},
    "heic": {"image/heic"},
    "avif": {"image/avif"},
}
_EXPECTED: dict[str, set[str]] = {
    **_IMAGES,
    **{kind: {media_type, OLE} for kind, media_type in OPEN_XML_TYPES.items()},
    **{kind: {media_type} for kind, media_type in OLE_TYPES.items()},
    "doc": {OLE_TYPES["doc"], "application/rtf"},
    "pdf": {"application/pdf"},
    "zip": {"application/zip"},
    "csv": {"text/csv"},
    "txt": {"text/plain"},
    "json": {"application/json"},
}
_UNSAFE_IN_NAME = re.compile(r'[<>:"|?*]')


def check_upload(head: bytes, name: str, size: int, *, max_bytes: int) -> str:
    """The media type to store for a file of `size` bytes that starts with `head` (8 KB).

    Raises `FileTooLarge`, `FileEmpty`, `FileTypeForbidden` or `FileTypeMismatch`.
    """
    if size > max_bytes:
        raise FileTooLarge(path=name, name=name, limit_mb=max_bytes >> 20)
    if size == 0:
        raise FileEmpty(path=name, name=name)
    kind = extension(name)
    if kind in _FORBIDDEN_EXTENSIONS:
        raise FileTypeForbidden(path=name, name=name, found=f".{kind}")
    found = sniff(head, name)
    if found in _FORBIDDEN_TYPES:
        raise FileTypeForbidden(path=name, name=name, found=found)
    if found not in _EXPECTED.get(kind, {found}):
        raise FileTypeMismatch(path=name, name=name, found=found, extension=kind)
    return found


def safe_name(name: str) -> str:
    """`name` without folders, control and direction marks, or characters that a file system refuses; never empty."""
    last = name.replace("\\", "/").rpartition("/")[2]
    visible = "".join(
        character for character in last if unicodedata.category(character) not in ("Cc", "Cf", "Cs")
    )
    clean = _UNSAFE_IN_NAME.sub("_", visible).strip(". ") or "file"
    if len(clean) <= MAX_NAME_CHARACTERS:
        return clean
    ending = f".{extension(clean)}"[:20] if extension(clean) else ""
    return clean[: MAX_NAME_CHARACTERS - len(ending)] + ending
