"""What leaves for each vendor: the payload and the signature as the vendor documents them, and what its answers mean."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest

from chengdan.base.label import Label
from chengdan.kernel.outlet import KINDS, Line, Message, fitting

NOW = datetime(2026, 3, 2, 1, 30, 0, 123_000, tzinfo=UTC)
URL = "https://crm.example.com/records/opportunity/1"
LINE = Line(
    UUID(int=7),
    "opportunity_won",
    NOW,
    Label("赢单：华信产线升级", "Won: Huaxin"),
    ("陈明", "李芳"),
    "opportunity",
    UUID(int=1),
    url=URL,
)
URGENT = Line(UUID(int=8), "concern_serious", NOW, Label("严重顾虑", "Serious concern"), count=3, urgent=True)
WEBHOOK_SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


def sent(
    kind: str, *lines: Line, address: str = "https://host/x?key=1", secret: str = "", locale: Any = "zh-CN"
) -> Any:
    request = KINDS[kind].request(address, secret, Message(lines, locale), NOW)
    return request, json.loads(request.body)


def test_wecom_takes_markdown_and_its_key_stands_in_the_address() -> None:
    request, body = sent("wecom", LINE, URGENT)

    assert request.url == "https://host/x?key=1"
    assert body == {
        "msgtype": "markdown",
        "markdown": {
            "content": f"**赢单：华信产线升级**\n> 陈明、李芳\n[打开]({URL})\n\n"
            '<font color="warning">紧急</font> **严重顾虑（3 次）**'
        },
    }


def test_dingtalk_is_signed_in_the_address_and_shows_one_thing_as_a_card() -> None:
    request, body = sent("dingtalk", LINE, address="https://host/robot/send?access_token=t", secret="SECabc")
    query = parse_qs(urlsplit(request.url).query)
    timestamp = query["timestamp"][0]
    expected = hmac.new(b"SECabc", f"{timestamp}\nSECabc".encode(), hashlib.sha256).digest()

    assert timestamp == "1772415000123"
    assert query["access_token"] == ["t"]
    assert base64.b64decode(query["sign"][0]) == expected
    assert body == {
        "msgtype": "actionCard",
        "actionCard": {
            "title": "成单 · 赢单：华信产线升级",
            "text": "#### 赢单：华信产线升级\n\n> 陈明、李芳\n\n###### 成单 · 通知",
            "singleTitle": "打开",
            "singleURL": URL,
        },
    }


def test_dingtalk_shows_several_things_as_one_text() -> None:
    request, body = sent("dingtalk", LINE, URGENT, address="https://host/robot/send?access_token=t")

    assert request.url == "https://host/robot/send?access_token=t"
    assert body["markdown"]["title"] == "成单 · 2 条通知"
    assert body["markdown"]["text"].count("---") == 1
    assert f"[打开]({URL})" in body["markdown"]["text"]


def test_feishu_is_signed_in_the_body_and_shows_a_card() -> None:
    request, body = sent("feishu", LINE, URGENT, secret="abc", locale="en")
    key = f"{body['timestamp']}\nabc".encode()

    assert request.url == "https://host/x?key=1"
    assert body["timestamp"] == "1772415000"
    assert base64.b64decode(body["sign"]) == hmac.new(key, b"", hashlib.sha256).digest()
    assert body["msg_type"] == "interactive"
    assert body["card"]["header"]["template"] == "red"
    assert [element["tag"] for element in body["card"]["elements"]] == ["div", "action", "hr", "div"]
    assert body["card"]["elements"][0]["text"]["content"] == "**Won: Huaxin**\n陈明, 李芳"
    assert body["card"]["elements"][1]["actions"][0]["url"] == URL
    assert "sign" not in sent("feishu", LINE)[1]


def test_a_webhook_is_signed_as_standard_webhooks_say() -> None:
    request, body = sent("webhook", LINE, secret=WEBHOOK_SECRET)
    headers = request.headers
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + request.body
    expected = base64.b64encode(hmac.new(b"k" * 32, signed, hashlib.sha256).digest()).decode()

    assert headers == {
        "webhook-id": "msg_00000000000000000000000000000007",
        "webhook-timestamp": "1772415000",
        "webhook-signature": f"v1,{expected}",
    }
    assert body["type"] == "notification.created"
    assert body["data"] == {
        "kind": "opportunity_won",
        "at": "2026-03-02T01:30:00.123000+00:00",
        "urgent": False,
        "message": {"zh": "赢单：华信产线升级", "en": "Won: Huaxin"},
        "count": 1,
        "people": ["陈明", "李芳"],
        "object": "opportunity",
        "record": "00000000-0000-0000-0000-000000000001",
        "url": URL,
    }


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_words_of_a_record_are_no_markup_and_mention_nobody(kind: str) -> None:
    wild = Line(UUID(int=9), "k", NOW, Label("<@all> [点我](http://evil) **x**", ""), ("<at id=all></at>",))

    text = sent(kind, wild)[0].body.decode()

    assert "<@all>" not in text and "<at id" not in text and "](http://evil)" not in text
    assert "＜@all＞ ［点我］（http://evil） ＊＊x＊＊" in text


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_what_leaves_at_once_keeps_below_the_limit_of_the_vendor(kind: str) -> None:
    long = Line(
        UUID(int=9), "k", NOW, Label("长" * 2_000, ""), ("名字" * 20,) * 500, url="https://h/" + "x" * 300
    )
    outlet = KINDS[kind]

    message = fitting(outlet, Message((long,) * 50), NOW)

    assert 1 <= len(message.lines) <= outlet.most
    assert len(outlet.request("https://h", "s", message, NOW).body) <= outlet.max_bytes + 200


@pytest.mark.parametrize(
    ("kind", "status", "answer", "verdict"),
    [
        ("wecom", 200, {"errcode": 0, "errmsg": "ok"}, (True, "ok", False)),
        ("wecom", 200, {"errcode": 93000, "errmsg": "invalid webhook url"}, (False, "errcode 93000: invalid webhook url", False)),
        ("wecom", 200, {"errcode": 45009, "errmsg": "freq"}, (False, "errcode 45009: freq", True)),
        ("dingtalk", 200, {"errcode": 310000, "errmsg": "sign not match"}, (False, "errcode 310000: sign not match", False)),
        ("dingtalk", 200, {"errcode": 130101, "errmsg": "too fast"}, (False, "errcode 130101: too fast", True)),
        ("feishu", 200, {"code": 0, "msg": "success"}, (True, "ok", False)),
        ("feishu", 200, {"code": 19021, "msg": "sign match fail"}, (False, "code 19021: sign match fail", False)),
        ("feishu", 502, {}, (False, "HTTP 502", False)),
        ("webhook", 204, {}, (True, "HTTP 204", False)),
        ("webhook", 302, {}, (False, "HTTP 302", False)),
        ("webhook", 429, {}, (False, "HTTP 429", True)),
    ],
)  # fmt: skip
def test_an_answer_says_whether_it_arrived(
    kind: str, status: int, answer: dict[str, Any], verdict: tuple[bool, str, bool]
) -> None:
    found = KINDS[kind].verdict(status, answer)

    assert (found.arrived, found.answer, found.slow) == verdict
