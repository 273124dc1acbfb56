"""Mail over HTTP: accounts, drafts, threads, what a mail shows, strangers, the webhook and tracked links."""

import base64
import hmac
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import orjson
import pytest
from PIL import Image

from chengdan.base.config import Config
from chengdan.run.mail.outgoing import send_due
from chengdan.run.mail.visits import judge_visits
from chengdan.run.runtime import Runtime
from tests.databases import Databases
from tests.lab.lab import MovingClock
from tests.run.mail.conftest import refusing
from tests.run.mail.post_office import HOST, PASSWORD, SmtpServer, letter, smtp_server
from tests.web.site import Json, Site, Visitor, serving

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0 Safari/537.36"
CUSTOMER = "wang@huaxin.example"


@dataclass
class Desk:
    """A rep at work: the site, the SMTP server behind it, the account, and an opportunity with somebody to write to."""

    site: Site
    smtp: SmtpServer
    clock: MovingClock
    rep: Visitor
    manager: Visitor
    account: Json
    opportunity: Json

    def draft(self, **changes: Any) -> Json:
        record = {"object": "opportunity", "record": self.opportunity["id"]}
        made = self.rep.json("POST", "/api/mail/drafts", record, 201)
        values = {"to": CUSTOMER, "subject": "方案", "body": "您好", **changes, "version": made["version"]}
        path = f"/api/records/email/{made['id']}"
        return {**made, "version": self.rep.json("PATCH", path, values)["version"]}

    def sent(self, **changes: Any) -> tuple[Json, EmailMessage]:
        draft = self.draft(**changes)
        path = f"/api/mail/mails/{draft['id']}/send"
        mail = self.rep.json("POST", path, {"version": draft["version"], "account": self.account["id"]})
        assert mail["status"] == "queued"
        assert send_due(self.site.runtime)
        sent: Json = self.rep.json("GET", f"/api/mail/mails/{draft['id']}")
        return sent, self.smtp.messages[-1]

    def inbound(self, message: EmailMessage, secret: str, at: float | None = None) -> httpx.Response:
        raw = base64.b64encode(message.as_bytes(policy=policy.SMTP)).decode()
        body, stamp = orjson.dumps({"message": raw}), str(int(at if at is not None else time.time()))
        signature = hmac.new(secret.encode(), stamp.encode() + b"." + body, sha256).hexdigest()
        headers = {"X-Chengdan-Timestamp": stamp, "X-Chengdan-Signature": f"sha256={signature}", "Content-Type": "application/json"}  # fmt: skip
        return httpx.post(
            f"{self.site.url}/api/mail/inbound/{self.account['id']}", content=body, headers=headers
        )


@pytest.fixture(scope="module")
def desk(
    databases: Databases, company_database: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Desk]:
    config = Config(
        home=tmp_path_factory.mktemp("site"), mail_hosts=HOST, public_url="https://crm.chengdan.example"
    )
    clock = MovingClock()
    with (
        smtp_server() as smtp,
        databases.fresh(company_database) as url,
        Runtime.over(url, config, clock) as runtime,
        serving(runtime) as address,
    ):
        site = Site(address, runtime)
        rep, manager = site.log_in("rep"), site.log_in("manager")
        account = rep.json("POST", "/api/mail/accounts", {"address": "li@chengdan.example", "name": "李思远", "password": PASSWORD, "smtp_host": HOST, "smtp_port": smtp.port, "smtp_security": "none"}, 201)  # fmt: skip
        yield Desk(site, smtp, clock, rep, manager, account, rep.first("opportunity", filter="owner == me"))


def test_an_account_tells_nobody_its_secrets(desk: Desk) -> None:
    listed = desk.rep.get("/api/mail/accounts").text

    assert PASSWORD not in listed
    assert '"has_secret":true' in listed
    with desk.site.runtime.pool.connection() as connection:
        rows = connection.execute("SELECT to_jsonb(a)::text FROM chengdan.mail_account a").fetchall()
        events = connection.execute(
            "SELECT data::text FROM chengdan.event WHERE kind = 'mail.account_changed'"
        ).fetchall()
    assert all(PASSWORD not in row[0] and PASSWORD.encode().hex() not in row[0] for row in rows + events)
    assert len(events) > 0
    assert desk.manager.json("GET", "/api/mail/accounts")["items"] == []


def test_testing_an_account_says_of_each_server_how_it_went(desk: Desk) -> None:
    path = f"/api/mail/accounts/{desk.account['id']}"

    assert desk.rep.json("POST", f"{path}/test", {}) == {"smtp": {"ok": True}, "imap": None}
    desk.rep.json(
        "PATCH", path, {"password": "wrong", "imap_host": HOST, "imap_port": 1, "imap_security": "none"}
    )
    found = desk.rep.json("POST", f"{path}/test", {})
    desk.rep.json("PATCH", path, {"password": PASSWORD, "imap_host": ""})

    assert (found["smtp"]["ok"], found["smtp"]["code"]) == (False, "MAIL-007")
    assert (found["imap"]["ok"], found["imap"]["code"]) == (False, "MAIL-006")
    assert "授权码" in found["smtp"]["hint"]


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"address": "nobody"}, "address"),
        ({"smtp_port": 70000}, "smtp_port"),
        ({"auth": "magic"}, "auth"),
        ({"team": "01900000-0000-7000-8000-000000000000"}, "team"),
        ({"name": "x\r\nBcc: y"}, "name"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_member_of_an_account_is_named(desk: Desk, values: Json, path: str) -> None:
    problem = desk.rep.json("PATCH", f"/api/mail/accounts/{desk.account['id']}", values, 422)

    assert (problem["code"], problem["errors"][0]["path"]) == ("MAIL-004", path)


def test_another_s_account_is_not_there(desk: Desk) -> None:
    path = f"/api/mail/accounts/{desk.account['id']}"

    for method, tail in (("PATCH", ""), ("DELETE", ""), ("POST", "/test"), ("POST", "/webhook")):
        desk.manager.json(method, path + tail, {} if method != "DELETE" else None, 404)


def test_an_address_has_one_account(desk: Desk) -> None:
    problem = desk.manager.json("POST", "/api/mail/accounts", {"address": "LI@chengdan.example"}, 409)

    assert problem["code"] == "MAIL-003"


def test_a_server_within_the_network_is_refused_unless_it_is_named(own_site: Site) -> None:
    rep = own_site.log_in("rep")
    account = rep.json("POST", "/api/mail/accounts", {"address": "a@b.example", "password": "x", "smtp_host": "127.0.0.1", "smtp_port": 465, "imap_host": "localhost"}, 201)  # fmt: skip

    found = rep.json("POST", f"/api/mail/accounts/{account['id']}/test", {})

    assert (found["smtp"]["code"], found["imap"]["code"]) == ("MAIL-005", "MAIL-005")


def test_a_mail_from_an_opportunity_shows_in_its_thread_and_on_the_timeline(desk: Desk) -> None:
    sent, message = desk.sent(subject="时间线")

    thread = desk.rep.json("GET", f"/api/mail/threads/{sent['thread']}")
    assert [(one["subject"], one["status"]) for one in thread["items"]] == [("时间线", "sent")]
    assert message["Message-ID"] == sent["message_id"]
    path = f"/api/records/opportunity/{desk.opportunity['id']}/timeline?kind=mails"
    event = desk.rep.json("GET", path)["items"][0]
    assert (event["kind"], event["object"], event["title"]) == ("mail.sent", "email", "时间线")


def test_boxes_hold_what_waits_for_whom(desk: Desk) -> None:
    secret = desk.rep.json("POST", f"/api/mail/accounts/{desk.account['id']}/webhook", {}, 201)["secret"]
    sent, _ = desk.sent(subject="盒子")

    def threads(box: str) -> list[str]:
        return [one["thread"] for one in desk.rep.json("GET", f"/api/mail/threads?box={box}")["items"]]

    assert sent["thread"] in threads("awaiting")
    answer = letter(CUSTOMER, "li@chengdan.example", "Re: 盒子", "好的", In_Reply_To=sent["message_id"])
    assert desk.inbound(answer, secret).json() == {"taken": "taken"}
    assert sent["thread"] not in threads("awaiting")
    assert sent["thread"] in threads("unanswered")
    assert sent["thread"] in threads("unread")
    before = desk.rep.json("GET", "/api/mail/counts")["unread"]
    assert desk.rep.json("POST", f"/api/mail/threads/{sent['thread']}/read", {}) == {"changed": 1}
    assert desk.rep.json("GET", "/api/mail/counts")["unread"] == before - 1
    reply = desk.rep.json(
        "POST", "/api/mail/drafts", {"answers": str(_last(desk, sent["thread"])["id"])}, 201
    )
    assert (reply["subject"], reply["to"], reply["thread"]) == ("Re: 盒子", CUSTOMER, sent["thread"])
    assert sent["thread"] in threads("drafts")


def _last(desk: Desk, thread: str) -> Json:
    last: Json = desk.rep.json("GET", f"/api/mail/threads/{thread}")["items"][-1]
    return last


def test_somebody_out_of_reach_sees_no_thread_and_no_body(desk: Desk) -> None:
    sent, _ = desk.sent()
    finance = desk.site.log_in("finance")

    finance.json("GET", f"/api/mail/threads/{sent['thread']}", status=404)
    finance.json("GET", f"/api/mail/mails/{sent['id']}/body", status=404)
    finance.json("POST", f"/api/mail/mails/{sent['id']}/decide", {"again": True}, 404)
    assert finance.json("GET", "/api/mail/threads?whose=all")["items"] == []


@pytest.mark.parametrize("username", ["manager", "sales_ops", "admin"])
def test_a_draft_is_there_for_its_writer_alone(desk: Desk, username: str) -> None:
    q, colleague = f"底价先不说-{username}", desk.site.log_in(username)
    draft = desk.draft(subject=q)
    id = draft["id"]

    def found(who: Visitor) -> list[Any]:
        """By list, filter, global search, pick list, boxes, timeline and trail: what of the draft somebody comes upon."""
        lists = [
            f"/api/records/email?q={q}",
            f'/api/records/email?filter=subject == "{q}"',
            f"/api/records/email/options?q={q}",
            f"/api/mail/threads?whose=all&q={q}",
            f"/api/mail/threads?whose=all&box=drafts&q={q}",
            f"/api/search?q={q}",
        ]
        hits = [who.json("GET", path)["items"] for path in lists]
        timeline = who.json("GET", f"/api/records/opportunity/{desk.opportunity['id']}/timeline?limit=200")
        hits.append([one for one in timeline["items"] if one["record"] == id])
        if who.get("/api/events").status_code == 200:
            hits.append(who.json("GET", f"/api/events?record={id}")["items"])
        figures = {"filter": f'subject == "{q}"', "group_by": ["subject"]}
        hits.append(who.json("POST", "/api/records/email/aggregate", figures)["rows"])
        return [hit for some in hits for hit in some]

    assert found(colleague) == []
    colleague.json("GET", f"/api/records/email/{id}", status=404)
    colleague.json("GET", f"/api/records/email/{id}/timeline", status=404)
    colleague.json("PATCH", f"/api/records/email/{id}", {"subject": "x", "version": draft["version"]}, 404)
    colleague.json("GET", f"/api/mail/mails/{id}/body", status=404)
    colleague.json("GET", f"/api/mail/threads/{UUID(id).hex}", status=404)
    assert len(found(desk.rep)) >= 5

    by = {"version": draft["version"], "account": desk.account["id"]}
    desk.rep.json("POST", f"/api/mail/mails/{id}/send", by)
    assert send_due(desk.site.runtime)
    assert colleague.json("GET", f"/api/records/email/{id}")["status"] == "sent"


def test_a_share_opens_no_draft(desk: Desk) -> None:
    draft = desk.draft()
    path = f"/api/records/email/{draft['id']}"
    csm = desk.site.log_in("csm")

    desk.rep.json("POST", f"{path}/shares", {"user": csm.me["id"], "act": "update"})

    csm.json("GET", path, status=404)
    why = desk.rep.json("GET", f"{path}/access?user={csm.me['id']}")
    assert (why["allowed"], {way["where"] for way in why["ways"] if way["in_scope"]}) == (
        False,
        {'owner == me or not (status == "draft")'},
    )


def test_only_its_writer_sends_a_draft(desk: Desk) -> None:
    draft = desk.draft()

    desk.manager.json("POST", f"/api/mail/mails/{draft['id']}/send", {"version": draft["version"]}, 404)
    assert desk.rep.json("GET", f"/api/mail/mails/{draft['id']}")["status"] == "draft"


def test_the_webhook_takes_what_is_signed_and_fresh(desk: Desk) -> None:
    secret = desk.rep.json("POST", f"/api/mail/accounts/{desk.account['id']}/webhook", {}, 201)["secret"]
    message = letter("someone@else.example", "li@chengdan.example", "签名")

    assert desk.inbound(message, "wrong").status_code == 401
    assert desk.inbound(message, secret, time.time() - 400).status_code == 401
    assert desk.inbound(message, secret).json() == {"taken": "stranger"}
    assert desk.inbound(message, secret).json() == {"taken": "known"}


def test_the_webhook_keeps_what_the_definitions_refuse(desk: Desk) -> None:
    secret = desk.rep.json("POST", f"/api/mail/accounts/{desk.account['id']}/webhook", {}, 201)["secret"]
    sent, _ = desk.sent()
    answer = letter(CUSTOMER, "li@chengdan.example", "被拒", "好的", In_Reply_To=sent["message_id"])

    with refusing(desk.site.runtime, "{created: true}", 'subject == "被拒"'):
        answers = [desk.inbound(answer, secret).json() for _ in range(2)]

    assert answers == [{"taken": "kept"}, {"taken": "known"}]
    offered = desk.rep.json("GET", "/api/mail/strangers")["items"]
    assert [one["sender"] for one in offered if one["subject"] == "被拒"] == [CUSTOMER]


def test_the_webhook_takes_an_answer_to_what_was_archived_since(desk: Desk) -> None:
    secret = desk.rep.json("POST", f"/api/mail/accounts/{desk.account['id']}/webhook", {}, 201)["secret"]
    sent, _ = desk.sent()
    admin, path = desk.site.log_in("admin"), f"/api/records/opportunity/{desk.opportunity['id']}"
    answer = letter(CUSTOMER, "li@chengdan.example", "Re: 归档", "好的", In_Reply_To=sent["message_id"])

    admin.json("DELETE", path)
    taken = desk.inbound(answer, secret).json()
    admin.json("POST", f"{path}/restore", {})

    assert taken == {"taken": "taken"}
    assert "opportunity" not in {one["field"] for one in _last(desk, sent["thread"])["related"]}


def test_a_stranger_becomes_a_contact_when_the_owner_says_so(desk: Desk) -> None:
    secret = desk.rep.json("POST", f"/api/mail/accounts/{desk.account['id']}/webhook", {}, 201)["secret"]
    desk.inbound(letter("new@client.example", "li@chengdan.example", "询价", "多少钱？"), secret)
    stranger = next(
        one for one in desk.rep.json("GET", "/api/mail/strangers")["items"] if one["subject"] == "询价"
    )
    account = desk.rep.first("account", filter="owner == me")
    contact = desk.rep.json("POST", "/api/records/contact", {"name": "新客户", "account": account["id"]}, 201)

    path, body = f"/api/mail/strangers/{stranger['id']}", {"object": "contact", "record": contact["id"]}
    desk.manager.json("POST", f"{path}/link", body, 404)
    mail = desk.rep.json("POST", f"{path}/link", body)

    assert (mail["subject"], mail["body"]) == ("询价", "多少钱？")
    assert desk.rep.json("GET", f"/api/records/contact/{contact['id']}")["email"] == "new@client.example"
    desk.rep.json("DELETE", path, status=404)


def test_what_a_customer_sends_as_html_is_a_page_in_which_nothing_runs(desk: Desk) -> None:
    secret = desk.rep.json("POST", f"/api/mail/accounts/{desk.account['id']}/webhook", {}, 201)["secret"]
    sent, _ = desk.sent()
    message = letter(CUSTOMER, "li@chengdan.example", "Re", In_Reply_To=sent["message_id"])
    message.add_alternative('<p>好<script>alert(1)</script></p><img src="https://x.example/p.png"><div class="gmail_quote">旧</div>', subtype="html")  # fmt: skip
    desk.inbound(message, secret)
    mail = _last(desk, sent["thread"])

    shut = desk.rep.get(f"/api/mail/mails/{mail['id']}/body")
    opened = desk.rep.get(f"/api/mail/mails/{mail['id']}/body?pictures=true")
    quoted = desk.rep.get(f"/api/mail/mails/{mail['id']}/body?quoted=true")

    assert (mail["rich"], mail["quotes"], mail["pictures"]) == (True, True, True)
    assert ("alert" in shut.text, "x.example" in shut.text, "旧" in shut.text) == (False, False, False)
    assert "https://x.example/p.png" in opened.text
    assert "旧" in quoted.text
    policy_of = shut.headers["content-security-policy"]
    assert "default-src 'none'" in policy_of and "sandbox" in policy_of and "img-src data:" in policy_of
    assert "https:" in opened.headers["content-security-policy"]


def test_following_a_link_leads_on_and_counts_once_it_is_known_to_be_a_person(desk: Desk) -> None:
    sent, message = desk.sent(body="看 https://example.com/a?b=1")
    [link] = re.findall(r"https://crm\.chengdan\.example(/m/\S+)", _text(message))

    desk.clock.ahead += timedelta(minutes=10)
    scanned = desk.site.stranger(**{"User-Agent": "Barracuda/1.0 scanner"}).get(link, follow_redirects=False)
    looked = desk.site.stranger(**{"User-Agent": CHROME}).head(link, follow_redirects=False)
    desk.clock.ahead += timedelta(seconds=6)
    judge_visits(desk.site.runtime)
    assert _opened(desk, sent) is None
    followed = desk.site.stranger(**{"User-Agent": CHROME}).get(link, follow_redirects=False)
    judge_visits(desk.site.runtime)
    assert _opened(desk, sent) is None
    desk.clock.ahead += timedelta(seconds=6)
    judge_visits(desk.site.runtime)

    assert {answer.status_code for answer in (scanned, looked, followed)} == {302}
    assert followed.headers["location"] == "https://example.com/a?b=1"
    assert followed.headers["referrer-policy"] == "no-referrer"
    assert _opened(desk, sent) is not None
    [visit] = _last(desk, sent["thread"])["visits"]
    assert (visit["kind"], visit["label"], visit["times"]) == ("link", "https://example.com/a?b=1", 1)


def test_a_pdf_is_read_page_by_page_and_tells_for_how_long(desk: Desk) -> None:
    pages = [Image.new("RGB", (200, 280), shade) for shade in ("white", "gray")]
    stream = BytesIO()
    pages[0].save(stream, "PDF", save_all=True, append_images=pages[1:])
    file = desk.rep.json("POST", "/api/files", status=201, files={"file": ("方案.pdf", stream.getvalue())})
    sent, message = desk.sent(files=[file["id"]])
    [token] = re.findall(r"https://crm\.chengdan\.example/p/(\S+)", _text(message))
    reader = desk.site.stranger(**{"User-Agent": CHROME})
    desk.clock.ahead += timedelta(minutes=10)

    shown = reader.json("GET", f"/api/public/{token}")
    page = reader.get(f"/api/public/{token}/pages/2")
    reader.json("POST", f"/api/public/{token}", {"visit": shown["visit"], "pages": {"1": 5, "2": 12}})
    reader.json("POST", f"/api/public/{token}", {"visit": shown["visit"], "pages": {"2": 8}})
    desk.clock.ahead += timedelta(seconds=6)
    judge_visits(desk.site.runtime)

    assert list(message.iter_attachments()) == []
    assert (shown["name"], shown["pages"], shown["sender"]) == ("方案.pdf", 2, "李思远")
    assert (page.status_code, page.headers["content-type"]) == (200, "image/webp")
    assert reader.get(f"/api/public/{token}/pages/3").status_code == 404
    mail = _last(desk, sent["thread"])
    assert [(view["page"], view["seconds"]) for view in mail["pages"]] == [(1, 5), (2, 20)]
    assert [visit["kind"] for visit in mail["visits"]] == ["document"]


def test_a_link_that_is_none_says_so_and_a_picture_shows_nothing(desk: Desk) -> None:
    stranger = desk.site.stranger()

    assert stranger.get("/m/nothing").json()["code"] == "LINK-001"
    picture = desk.site.stranger(Accept="image/avif,image/*").get("/m/nothing")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/gif")


def _text(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def _opened(desk: Desk, sent: Json) -> str | None:
    found: str | None = desk.rep.json("GET", f"/api/mail/mails/{sent['id']}")["opened_at"]
    return found
