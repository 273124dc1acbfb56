"""Servers on loopback that answer as the vendors document: they check signature and payload, and keep what arrived."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

HOUR = 3600
KEY = b"k" * 32
WEBHOOK_SECRET = "whsec_" + base64.b64encode(KEY).decode()
Json = dict[str, Any]
Answer = tuple[int, Json]


@dataclass
class Vendor:
    """A vendor's server. `said` are the bodies that were let in; `answer`, where set, is given whatever arrives."""

    url: str = ""
    said: list[Json] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    answer: Answer | None = None
    holding: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    def hold(self) -> None:
        """Take requests in and answer none until `let_go`."""
        self.holding.clear()
        self.arrived.clear()

    def let_go(self) -> None:
        self.holding.set()


Check = Callable[[str, "dict[str, str]", bytes], Answer]


@contextmanager
def vendor(check: Check) -> Iterator[Vendor]:
    """A server whose answers `check` makes of (path, headers, body)."""
    kept = Vendor()
    kept.let_go()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            kept.arrived.set()
            kept.holding.wait(20)
            status, answer = kept.answer or check(self.path, headers, body)
            if kept.answer is None and status == 200 and answer.get("errcode", answer.get("code", 0)) == 0:
                kept.said.append(json.loads(body))
                kept.at.append(time.monotonic())
                kept.ids.append(headers.get("webhook-id", ""))
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(answer).encode())

        def log_message(self, format: str, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    kept.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield kept
    finally:
        kept.let_go()
        server.shutdown()
        server.server_close()


def _signed(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


def dingtalk(path: str, headers: dict[str, str], body: bytes) -> Answer:
    query = {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
    if query.get("access_token") != "good":
        return 200, {"errcode": 300001, "errmsg": "token is not exist"}
    fresh = abs(time.time() * 1000 - int(query.get("timestamp", 0))) < HOUR * 1000
    if not fresh or query.get("sign") != _signed(b"SEC1", f"{query['timestamp']}\nSEC1".encode()):
        return 200, {"errcode": 310000, "errmsg": "sign not match"}
    sent = json.loads(body)
    card, text = sent.get("actionCard", {}), sent.get("markdown", {})
    known = {"title", "text", "singleTitle", "singleURL"}
    fits = card.keys() == known if sent["msgtype"] == "actionCard" else text.keys() == {"title", "text"}
    return 200, {"errcode": 0, "errmsg": "ok"} if fits else {"errcode": 40035, "errmsg": "bad body"}


def feishu(path: str, headers: dict[str, str], body: bytes) -> Answer:
    sent = json.loads(body)
    key = f"{sent.get('timestamp')}\nsecret".encode()
    if abs(time.time() - int(sent.get("timestamp", 0))) > HOUR or sent.get("sign") != _signed(key, b""):
        return 200, {
            "code": 19021,
            "msg": "sign match fail or timestamp is not within one hour from current time",
        }
    if sent.get("msg_type") != "interactive" or not sent["card"]["elements"]:
        return 200, {"code": 9499, "msg": "Bad Request"}
    return 200, {"code": 0, "msg": "success", "data": {}}


def wecom(path: str, headers: dict[str, str], body: bytes) -> Answer:
    if parse_qs(urlsplit(path).query).get("key") != ["good"]:
        return 200, {"errcode": 93000, "errmsg": "invalid webhook url"}
    sent = json.loads(body)
    if sent.get("msgtype") != "markdown" or not 0 < len(sent["markdown"]["content"].encode()) <= 4096:
        return 200, {"errcode": 40058, "errmsg": "markdown.content exceed max length 4096"}
    return 200, {"errcode": 0, "errmsg": "ok"}


def webhook(path: str, headers: dict[str, str], body: bytes) -> Answer:
    stamped = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    if headers["webhook-signature"] != "v1," + _signed(KEY, stamped):
        return 401, {}
    return 200, {}


CHECKS: dict[str, tuple[Check, str, str]] = {
    "wecom": (wecom, "/cgi-bin/webhook/send?key=good", ""),
    "dingtalk": (dingtalk, "/robot/send?access_token=good", "SEC1"),
    "feishu": (feishu, "/open-apis/bot/v2/hook/good", "secret"),
    "webhook": (webhook, "/hook", WEBHOOK_SECRET),
}
"""Kind → how its server checks, the path of a good address, and the secret."""
