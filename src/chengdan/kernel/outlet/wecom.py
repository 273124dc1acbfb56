"""The robot of a WeCom group (企业微信群机器人): its key stands in the address, it takes Markdown.

https://developer.work.weixin.qq.com/document/path/91770 — at most 4,096 bytes of text, 20 messages a minute.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chengdan.base.json import dumps
from chengdan.kernel.outlet.message import Line, Message, Request, Verdict, names, verdict_of_code, words

TOO_FAST = (45009,)


def request(address: str, secret: str, message: Message, now: datetime) -> Request:
    text = "\n\n".join(_paragraph(line, message) for line in message.lines)
    return Request(address, dumps({"msgtype": "markdown", "markdown": {"content": text}}))


def verdict(status: int, answer: Mapping[str, Any]) -> Verdict:
    return verdict_of_code(status, answer, "errcode", "errmsg", TOO_FAST)


def _paragraph(line: Line, message: Message) -> str:
    said = f"**{words(line, message.locale)}**"
    if line.urgent:
        said = f'<font color="warning">{message.word.urgent}</font> {said}'
    if people := names(line, message.locale):
        said += f"\n> {people}"
    return said + (f"\n[{message.word.open}]({line.url})" if line.url else "")
