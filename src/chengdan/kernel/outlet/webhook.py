"""A program of one's own: JSON, signed as Standard Webhooks 1.0 says (https://www.standardwebhooks.com).

`webhook-signature` is "v1," and base64(HMAC-SHA256(key, "<webhook-id>.<webhook-timestamp>.<body>")); the key is what follows
`whsec_` in the secret, decoded from base64. The id stays the same when a message is sent again.
"""

import binascii
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from hmac import digest
from typing import Any

from chengdan.base.json import dumps
from chengdan.kernel.outlet.message import Line, Message, Request, Verdict

PREFIX = "whsec_"
MIN_KEY_BYTES, MAX_KEY_BYTES = 24, 64


def request(address: str, secret: str, message: Message, now: datetime) -> Request:
    [line] = message.lines
    id, timestamp, body = f"msg_{line.id.hex}", int(now.timestamp()), dumps(_body(line, now))
    signature = digest(key_of(secret), f"{id}.{timestamp}.".encode() + body, "sha256")
    headers = {
        "webhook-id": id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{b64encode(signature).decode()}",
    }
    return Request(address, body, headers)


def verdict(status: int, answer: Mapping[str, Any]) -> Verdict:
    return Verdict(200 <= status < 300, f"HTTP {status}", slow=status in (429, 503))


def key_of(secret: str) -> bytes:
    """The key in a secret; empty when it is none."""
    try:
        key = b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        return b""
    return key if MIN_KEY_BYTES <= len(key) <= MAX_KEY_BYTES else b""


def _body(line: Line, now: datetime) -> Mapping[str, Any]:
    return {
        "type": "notification.created",
        "timestamp": now,
        "data": {
            "kind": line.kind,
            "at": line.at,
            "urgent": line.urgent,
            "message": {"zh": line.text.zh, "en": line.text.en},
            "count": line.count,
            "people": list(line.people),
            "object": line.object or None,
            "record": line.record,
            "url": line.url or None,
        },
    }
