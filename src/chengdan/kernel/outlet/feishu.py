"""The robot of a Feishu or Lark group (飞书自定义机器人): signed in the body, it takes cards.

https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot — at most 20 KB, 100 messages a minute and 5 a second; the
signature is base64(HMAC-SHA256("<timestamp>\\n<secret>", "")), the timestamp in seconds and not older than an hour.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hmac import digest
from typing import Any

from chengdan.base.json import dumps
from chengdan.kernel.outlet.message import Line, Message, Request, Verdict, names, verdict_of_code, words

TOO_FAST = (11232, 99991400)


def request(address: str, secret: str, message: Message, now: datetime) -> Request:
    body: dict[str, Any] = {"msg_type": "interactive", "card": _card(message)}
    if secret:
        timestamp = str(int(now.timestamp()))
        signature = b64encode(digest(f"{timestamp}\n{secret}".encode(), b"", "sha256")).decode()
        body = {"timestamp": timestamp, "sign": signature, **body}
    return Request(address, dumps(body))


def verdict(status: int, answer: Mapping[str, Any]) -> Verdict:
    return verdict_of_code(status, answer, "code", "msg", TOO_FAST)


def _card(message: Message) -> Mapping[str, Any]:
    elements: list[Mapping[str, Any]] = []
    for line in message.lines:
        if elements:
            elements.append({"tag": "hr"})
        elements.append({"tag": "div", "text": {"tag": "lark_md", "content": _paragraph(line, message)}})
        if line.url:
            elements.append({"tag": "action", "actions": [_button(line, message)]})
    return {
        "config": {"wide_screen_mode": True},
        "header": {
            "template": "red" if message.urgent else "blue",
            "title": {"tag": "plain_text", "content": message.word.notice},
        },
        "elements": elements,
    }


def _paragraph(line: Line, message: Message) -> str:
    said = f"**{words(line, message.locale)}**"
    if line.urgent:
        said = f"<font color='red'>{message.word.urgent}</font> {said}"
    people = names(line, message.locale)
    return f"{said}\n{people}" if people else said


def _button(line: Line, message: Message) -> Mapping[str, Any]:
    text = {"tag": "plain_text", "content": message.word.open}
    return {"tag": "button", "type": "default", "text": text, "url": line.url}
