"""The robot of a DingTalk group (钉钉自定义机器人): signed in the address, one thing as a card with a button, several as Markdown.

https://open.dingtalk.com/document/robots/custom-robot-access — at most 20 messages a minute; the signature is
base64(HMAC-SHA256(secret, "<timestamp>\\n<secret>")), the timestamp in milliseconds and not older than an hour.
"""

from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from hmac import digest
from typing import Any
from urllib.parse import quote_plus

from chengdan.base.json import dumps
from chengdan.kernel.outlet.message import Line, Message, Request, Verdict, names, verdict_of_code, words

TOO_FAST = (130101,)


def request(address: str, secret: str, message: Message, now: datetime) -> Request:
    return Request(_signed(address, secret, now) if secret else address, dumps(_body(message)))


def verdict(status: int, answer: Mapping[str, Any]) -> Verdict:
    return verdict_of_code(status, answer, "errcode", "errmsg", TOO_FAST)


def _signed(address: str, secret: str, now: datetime) -> str:
    timestamp = round(now.timestamp() * 1000)
    signature = b64encode(digest(secret.encode(), f"{timestamp}\n{secret}".encode(), "sha256"))
    separator = "&" if "?" in address else "?"
    return f"{address}{separator}timestamp={timestamp}&sign={quote_plus(signature)}"


def _body(message: Message) -> Mapping[str, Any]:
    foot = f"\n\n###### {message.word.notice}"
    if len(message.lines) == 1 and message.lines[0].url:
        [line] = message.lines
        card = {
            "title": message.title,
            "text": _paragraph(line, message, link=False) + foot,
            "singleTitle": message.word.open,
            "singleURL": line.url,
        }
        return {"msgtype": "actionCard", "actionCard": card}
    text = "\n\n---\n\n".join(_paragraph(line, message, link=True) for line in message.lines)
    return {"msgtype": "markdown", "markdown": {"title": message.title, "text": text + foot}}


def _paragraph(line: Line, message: Message, *, link: bool) -> str:
    said = f"#### {words(line, message.locale)}"
    if line.urgent:
        said = f'#### <font color="#d4380d">{message.word.urgent}</font> {words(line, message.locale)}'
    if people := names(line, message.locale):
        said += f"\n\n> {people}"
    return said + (f"\n\n[{message.word.open}]({line.url})" if link and line.url else "")
