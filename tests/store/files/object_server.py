"""An S3 endpoint small enough to read: keeps objects in memory, speaks real HTTP to the client under test."""

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from xml.etree import ElementTree

NOT_FOUND = b'<?xml version="1.0"?><Error><Code>NoSuchKey</Code><Message>none</Message></Error>'


@contextmanager
def object_server() -> Iterator[tuple[str, dict[str, bytes]]]:
    """(its address, the objects it holds by path)"""
    objects: dict[str, bytes] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_PUT(self) -> None:
            objects[self.path] = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(200, b"", hashlib.md5(objects[self.path]).hexdigest())

        def do_GET(self) -> None:
            content = objects.get(self.path)
            if content is None:
                self._answer(404, NOT_FOUND)
                return
            wanted = self.headers.get("Range")
            if wanted is None:
                self._answer(200, content, hashlib.md5(content).hexdigest())
                return
            first, _, last = wanted.removeprefix("bytes=").partition("-")
            end = min(int(last or len(content) - 1), len(content) - 1)
            part = f"bytes {first}-{end}/{len(content)}"
            self._answer(206, content[int(first) : end + 1], hashlib.md5(content).hexdigest(), part)

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_POST(self) -> None:
            """Delete the keys of a list, the only POST that is needed."""
            body = self.rfile.read(int(self.headers["Content-Length"]))
            bucket = self.path.partition("?")[0].rstrip("/")
            answer = b""
            for key in ElementTree.fromstring(body).iter():
                if key.tag.endswith("Key"):
                    objects.pop(f"{bucket}/{key.text}", None)
                    answer += f"<Deleted><Key>{key.text}</Key></Deleted>".encode()
            self._answer(200, b"<DeleteResult>" + answer + b"</DeleteResult>")

        def _answer(self, status: int, body: bytes, tag: str = "", part: str = "") -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Last-Modified", "Wed, 01 Jul 2026 00:00:00 GMT")
            if tag:
                self.send_header("ETag", f'"{tag}"')
            if part:
                self.send_header("Content-Range", part)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", objects
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
