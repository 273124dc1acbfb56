"""A light HTTP client for measuring: one raw socket, kept alive, no more parsed than is needed."""

import json
import re
import socket
from dataclasses import dataclass, field
from typing import Any

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)


class Refused(Exception):
    """An answer with a status other than 2xx."""


@dataclass
class Client:
    """One connection, with the headers of a session once logged in."""

    port: int
    _socket: socket.socket = field(init=False)
    _headers: str = ""

    def __post_init__(self) -> None:
        self._socket = socket.create_connection(("127.0.0.1", self.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def log_in(self, username: str, password: str) -> None:
        """Open a session; later requests carry it."""
        head, body = self._exchange("POST", "/api/auth/login", {"username": username, "password": password})
        cookie = _COOKIE.search(head)
        if cookie is None:
            raise Refused(head, body)
        token = json.loads(body)["csrf_token"]
        self._headers = f"cookie: {cookie[1].decode()}\r\nx-csrf-token: {token}\r\n"

    def request(self, method: str, path: str, body: Any = None) -> bytes:
        """The body of the answer. Raises Refused."""
        return self._exchange(method, path, body)[1]

    def close(self) -> None:
        self._socket.close()

    def _exchange(self, method: str, path: str, body: Any) -> tuple[bytes, bytes]:
        content = b"" if body is None else json.dumps(body).encode()
        about = f"content-type: application/json\r\ncontent-length: {len(content)}\r\n" if content else ""
        head = f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n{self._headers}{about}\r\n"
        self._socket.sendall(head.encode() + content)
        return self._receive()

    def _receive(self) -> tuple[bytes, bytes]:
        data = b""
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head = data[:end]
        length = _LENGTH.search(head)
        size = int(length[1]) if length else 0
        parts = [data[end + 4 :]]
        have = len(parts[0])
        while have < size:
            parts.append(self._more())
            have += len(parts[-1])
        body = b"".join(parts)
        if not head.startswith(b"HTTP/1.1 2"):
            raise Refused(head.decode(), body.decode())
        return head, body

    def _more(self) -> bytes:
        data = self._socket.recv(262_144)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data
