"""Outlets: where notifications leave Chengdan. Pure: how a message is written and signed, and what an answer means.

An outlet of a vendor is one module with `request` and `verdict`, and one line in KINDS.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chengdan.base.label import Label
from chengdan.kernel.outlet import dingtalk, feishu, webhook, wecom
from chengdan.kernel.outlet.message import Line, Message, Request, Verdict

__all__ = ["KINDS", "Line", "Message", "OutletKind", "Request", "Verdict", "fitting"]

Write = Callable[[str, str, Message, datetime], Request]
Judge = Callable[[int, Mapping[str, Any]], Verdict]


@dataclass(frozen=True, slots=True)
class OutletKind:
    """A vendor's kind of outlet.

    `spacing` is the least time between two messages, so that the vendor's limit per minute is never reached; what comes in
    meanwhile leaves together, at most `most` lines and `max_bytes`. `secret` says whether it has one: "none", "optional"
    or "needed". `starts` is how its address usually starts, for a hint.
    """

    name: str
    label: Label
    starts: str
    secret: str
    spacing: timedelta
    most: int
    max_bytes: int
    request: Write
    verdict: Judge


KINDS: Mapping[str, OutletKind] = {
    kind.name: kind
    for kind in (
        OutletKind(
            "wecom",
            Label("企业微信群机器人", "WeCom robot"),
            "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
            "none",
            timedelta(seconds=3.2),
            10,
            4_000,
            wecom.request,
            wecom.verdict,
        ),
        OutletKind(
            "dingtalk",
            Label("钉钉群机器人", "DingTalk robot"),
            "https://oapi.dingtalk.com/robot/send?access_token=",
            "optional",
            timedelta(seconds=3.2),
            10,
            15_000,
            dingtalk.request,
            dingtalk.verdict,
        ),
        OutletKind(
            "feishu",
            Label("飞书群机器人", "Feishu robot"),
            "https://open.feishu.cn/open-apis/bot/v2/hook/",
            "optional",
            timedelta(seconds=0.7),
            10,
            18_000,
            feishu.request,
            feishu.verdict,
        ),
        OutletKind(
            "webhook",
            Label("Webhook", "Webhook"),
            "https://",
            "needed",
            timedelta(seconds=0.1),
            1,
            200_000,
            webhook.request,
            webhook.verdict,
        ),
    )
}


def fitting(kind: OutletKind, message: Message, now: datetime) -> Message:
    """The message with as many of its first lines as the outlet takes at once; never fewer than one."""
    lines = message.lines[: kind.most]
    while len(lines) > 1:
        taken = Message(lines, message.locale)
        if len(kind.request("", "", taken, now).body) <= kind.max_bytes:
            return taken
        lines = lines[:-1]
    return Message(lines, message.locale)
