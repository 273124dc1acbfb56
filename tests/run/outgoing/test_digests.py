"""Digests by e-mail: at their time, of what was not read, once, through a real SMTP server."""

import email
import email.policy
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from chengdan.kernel.digest import Rhythm
from chengdan.run import channels, inbox
from chengdan.run.channels import Chosen
from chengdan.run.outgoing import digests
from tests.databases import Databases
from tests.lab.lab import MING
from tests.lab.manifests import manifests
from tests.processes import free_port
from tests.run.outgoing.conftest import RECORD, Desk, open_desk


class Post:
    """A mail server's inbox; `refusal`, where set, answers everything."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refusal = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        if self.refusal:
            return self.refusal
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        return "250 OK"


@pytest.fixture
def post() -> Iterator[tuple[Post, str]]:
    handler = Post()
    port = free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def mailing(
    databases: Databases, lab_database: str, tmp_path: Path, post: tuple[Post, str]
) -> Iterator[Desk]:
    """A lab with a mail server, in which Ming has an address and a digest at the next full minute."""
    with (
        databases.fresh(lab_database) as url,
        open_desk(url, tmp_path, smtp_url=post[1], smtp_from="成单 <no-reply@example.com>") as desk,
    ):
        shown = manifests()["objects/user.yaml"].rstrip()
        files = {
            "objects/user.yaml": shown + "\n  - {name: email, type: email, label: {zh: 邮箱, en: E-mail}}\n"
        }
        desk.runtime.publish(manifests(files))
        with desk.runtime.pool.connection() as connection:
            connection.execute(
                'UPDATE data."user" SET email = %s WHERE id = %s', ("ming@example.com", MING.user)
            )
        now = desk.clock() + timedelta(hours=8)
        with desk.runtime.unit(MING) as unit:
            channels.send_digest(unit, Rhythm("daily", (now.hour * 60 + now.minute + 1) % 1440))
        yield desk


def turn(desk: Desk, wait: timedelta = timedelta()) -> None:
    desk.clock.ahead += wait
    digests.write_due(desk.runtime)
    digests.send_letters(desk.runtime)


def test_it_tells_once_a_day_what_was_not_read(mailing: Desk, post: tuple[Post, str]) -> None:
    mailing.tell([MING], "请看", urgent=True)
    mailing.tell([MING], "读过的")
    mailing.tell([MING], "不要的", kind="@moved")
    with mailing.runtime.unit(MING) as unit:
        channels.choose(unit, {"@moved": Chosen(True, None, digest=False)})
        read = mailing.query("SELECT id FROM chengdan.notification WHERE zh = '读过的'")
        inbox.mark_read(unit, [read[0][0]])
    turn(mailing)
    early = len(post[0].mails)
    turn(mailing, timedelta(minutes=2))
    turn(mailing)
    turn(mailing, timedelta(days=1))
    mailing.tell([MING], "第二天")
    turn(mailing, timedelta(days=1))

    first, second = post[0].mails
    assert early == 0
    assert (first["to"], first["subject"]) == ("ming@example.com", "成单：1 条未读通知")
    assert str(first["from"]) == "成单 <no-reply@example.com>"
    assert first["message-id"].endswith("@example.com>")
    text = first.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "[紧急] 请看" in text and "读过的" not in text and "不要的" not in text
    assert f"/records/job/{RECORD}" in text
    assert "第二天" in second.get_body(("html",)).get_content()  # type: ignore[union-attr]
    assert [(state, count) for _, state, _, count, _ in mailing.log()] == [("sent", 1), ("sent", 1)]
    assert mailing.query("SELECT count(*) FROM chengdan.delivery WHERE body IS NOT NULL") == [(0,)]


def test_a_refusal_is_tried_again_under_the_same_id(mailing: Desk, post: tuple[Post, str]) -> None:
    mailing.tell([MING])
    post[0].refusal = "451 later"
    turn(mailing, timedelta(minutes=2))
    refused = mailing.log()
    post[0].refusal = ""
    turn(mailing, timedelta(seconds=30))
    early = len(post[0].mails)
    turn(mailing, timedelta(seconds=60))
    [(id,)] = mailing.query("SELECT id FROM chengdan.delivery")

    assert [(state, attempts) for _, state, attempts, *_ in refused] == [("waiting", 1)]
    assert "451" in refused[0][4]
    assert early == 0
    assert [mail["message-id"] for mail in post[0].mails] == [f"<{id}@example.com>"]


def test_no_server_keeps_what_was_not_read_for_later(mailing: Desk) -> None:
    mailing.tell([MING])
    away = mailing.runtime.config
    object.__setattr__(mailing.runtime, "config", type(away)(home=away.home))
    turn(mailing, timedelta(minutes=2))
    waited = mailing.log()
    object.__setattr__(mailing.runtime, "config", away)
    turn(mailing, timedelta(days=1))

    assert waited == []
    assert [state for _, state, *_ in mailing.log()] == ["sent"]


def test_one_who_stops_it_gets_none(mailing: Desk, post: tuple[Post, str]) -> None:
    mailing.tell([MING])
    with mailing.runtime.unit(MING) as unit:
        channels.send_digest(unit, None)
    turn(mailing, timedelta(days=2))

    assert post[0].mails == []
