"""Files: uploading, serving as attachments, thumbnails, and the files of a record."""

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse

from chengdan.run import uploads
from chengdan.run.commands import Detach
from chengdan.run.errors import NotFound
from chengdan.store.files import PAGE_TYPE, PDF_TYPE, THUMBNAIL_TYPE, Pages, pages
from chengdan.web.call import Call, bad_request, read_id
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.records import ONE, cause, idempotency_key

TAG = "files"
CHUNK = 256 * 1024
MAX_PAGES = 5_000
_KEPT = {"cache-control": "private, max-age=86400"}


def upload(call: Call) -> Response:
    """Keep the form's `file`; with `object` and `record`, file it there as `kind`. Under an Idempotency-Key only once."""
    given = call.form.get("file")
    if not isinstance(given, UploadFile):
        raise bad_request("file", "缺少文件", "the file is missing")
    filing = None
    if call.field("record"):
        filing = uploads.Filing(
            call.field("object"), read_id("record", call.field("record")), call.field("kind")
        )
    name = given.filename or "file"
    by, key = call.visitor.principal, idempotency_key(call)
    stored = uploads.upload(call.runtime, by, name, given.file, filing, cause(call), key)
    return json_response(stored.as_json(), 201)


def files_of(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        found = uploads.files_of(reader, call.path("object"), call.path_id())
    return json_response({"items": [file.as_json() for file in found]})


def download(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        file = uploads.find(reader, call.path_id())
    headers = {
        **attachment(file.name),
        "content-length": str(file.size),
        "cache-control": "private, max-age=3600",
    }
    return StreamingResponse(chunks(call.runtime.blobs.open(file.sha256)), 200, headers, media_type=file.mime)


def thumbnail(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        file = uploads.find(reader, call.path_id())
    if file.thumbnail is None:
        raise NotFound()
    with call.runtime.blobs.open(file.thumbnail) as stream:
        content = stream.read()
    return Response(content, 200, {"cache-control": "private, max-age=86400"}, media_type=THUMBNAIL_TYPE)


def count_pages(call: Call) -> Response:
    return json_response({"count": _pages_of(call, 0).count}, headers=_KEPT)


def draw_page(call: Call) -> Response:
    """A page of a PDF as a picture; nothing of the document itself reaches the browser."""
    number = call.path("page")
    if not number.isascii() or not number.isdigit() or not 1 <= int(number[:6]) <= MAX_PAGES:
        raise NotFound()
    picture = _pages_of(call, int(number[:6])).picture
    if not picture:
        raise NotFound()
    return Response(picture, 200, _KEPT, media_type=PAGE_TYPE)


def _pages_of(call: Call, page: int) -> Pages:
    with call.runtime.reader(call.visitor.principal) as reader:
        file = uploads.find(reader, call.path_id())
    if file.mime != PDF_TYPE:
        raise NotFound()
    return pages(call.runtime.blobs.open(file.sha256), page)


def remove(call: Call) -> Response:
    call.runtime.act(call.visitor.principal, Detach(call.path_id()), cause(call))
    return Response(status_code=204)


def attachment(name: str) -> dict[str, str]:
    """Headers that make a response a download under this name, never a page."""
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "content-security-policy": "sandbox; default-src 'none'",
    }


def chunks(stream: BinaryIO) -> Iterator[bytes]:
    """A stream's content piece by piece; closed at the end."""
    with stream:
        while chunk := stream.read(CHUNK):
            yield chunk


_UPLOAD = {
    "type": "object",
    "required": ["file"],
    "properties": {
        "file": {"type": "string", "format": "binary"},
        "object": {"type": "string"},
        "record": {"type": "string", "format": "uuid"},
        "kind": {"type": "string"},
    },
}
ENDPOINTS = (
    Endpoint("GET", ONE + "/files", files_of, "The files of a record", TAG, per_object=True),
    Endpoint("POST", "/api/files", upload, "Upload a file", TAG, status=201, upload=True, body=_UPLOAD),
    Endpoint("GET", "/api/files/{id}", download, "Download a file", TAG, media_type="*/*"),
    Endpoint(
        "GET",
        "/api/files/{id}/thumbnail",
        thumbnail,
        "A small picture of an image",
        TAG,
        media_type=THUMBNAIL_TYPE,
    ),
    Endpoint("GET", "/api/files/{id}/pages", count_pages, "How many pages a PDF has", TAG),
    Endpoint("GET", "/api/files/{id}/pages/{page}", draw_page, "A page of a PDF", TAG, media_type=PAGE_TYPE),
    Endpoint("DELETE", "/api/files/{id}", remove, "Take a file off its record", TAG, status=204),
)
