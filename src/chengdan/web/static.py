"""The page: its files with their caching, and `index.html` for every address that the page itself routes."""

import mimetypes
import zlib
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOLDER = Path(__file__).resolve().parent.parent / "static"
FOREVER = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"
NEVER = "no-store"
COMPRESSIBLE = ("text/", "application/javascript", "application/json", "image/svg+xml", "application/wasm")
SMALL_BYTES = 1_024
NOT_BUILT = (
    "页面尚未构建，请运行 make ui。API 可用：/api/health\n"
    "The page isn't built; run make ui. The API works: /api/health\n"
)
mimetypes.add_type("application/javascript", ".js")
mimetypes.add_type("application/manifest+json", ".webmanifest")


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the page as it is sent: plain and, where that is smaller, gzipped."""

    content: bytes
    gzipped: bytes | None
    media_type: str
    etag: str
    changed: float


class Page:
    """The built page in a folder. Files are read once, and again when they change."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._folder = folder
        self._assets: dict[str, Asset] = {}

    def answer(self, request: Request) -> Response:
        """The file of the request's path; the page itself for an address without an extension; else 404."""
        path = request.path_params["path"]
        asset = self._asset(path) if path else None
        if asset is not None:
            return _send(request, asset, FOREVER if path.startswith("assets/") else REVALIDATE)
        if "." in path.rpartition("/")[2]:
            return PlainTextResponse("404", 404)
        index = self._asset("index.html")
        return PlainTextResponse(NOT_BUILT, 503) if index is None else _send(request, index, REVALIDATE)

    def public(self, request: Request) -> Response:
        """The page of the public room, the same for every token."""
        asset = self._asset("public.html")
        return PlainTextResponse(NOT_BUILT, 503) if asset is None else _send(request, asset, NEVER)

    def _asset(self, path: str) -> Asset | None:
        if "\x00" in path:
            return None
        file = (self._folder / path).resolve()
        if self._folder not in file.parents or not file.is_file():
            return None
        changed = file.stat().st_mtime
        known = self._assets.get(path)
        if known is None or known.changed != changed:
            known = self._assets[path] = _read(file, changed)
        return known


def _read(file: Path, changed: float) -> Asset:
    content = file.read_bytes()
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    gzipped = None
    if len(content) > SMALL_BYTES and media_type.startswith(COMPRESSIBLE):
        ready = file.with_name(f"{file.name}.gz")
        gzipped = ready.read_bytes() if ready.is_file() else zlib.compress(content, 6, 31)
    return Asset(content, gzipped, media_type, f'"{sha256(content).hexdigest()[:24]}"', changed)


def _send(request: Request, asset: Asset, caching: str) -> Response:
    headers = {"cache-control": caching, "etag": asset.etag, "vary": "Accept-Encoding"}
    if request.headers.get("if-none-match") == asset.etag:
        return Response(status_code=304, headers=headers)
    body = asset.content
    if asset.gzipped is not None and "gzip" in request.headers.get("accept-encoding", ""):
        body = asset.gzipped
        headers["content-encoding"] = "gzip"
    return Response(body, 200, headers, media_type=asset.media_type)
