"""Mail in the page: a letter is written from an opportunity, sent over a real server, and told on the timeline."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from tests.browser.desk import Desk
from tests.browser.given import a_contact, an_account, an_opportunity
from tests.run.mail.post_office import HOST, PASSWORD, SmtpServer, smtp_server
from tests.web.site import Json

CUSTOMER = "zhou@huachen.example"


@pytest.fixture
def smtp(desk: Desk) -> Iterator[SmtpServer]:
    """The server behind the manager's mail account."""
    manager = desk.api("manager")
    with smtp_server() as server:
        account = manager.json("POST", "/api/mail/accounts", {"address": "chen@chengdan.example", "name": "陈建华", "password": PASSWORD, "smtp_host": HOST, "smtp_port": server.port, "smtp_security": "none"}, 201)  # fmt: skip
        yield server
        manager.json("DELETE", f"/api/mail/accounts/{account['id']}", status=204)


def begun(desk: Desk) -> tuple[Page, Locator, Json]:
    """A page with a mail begun from an opportunity: the page, the composer and the draft."""
    manager = desk.api("manager")
    opportunity = an_opportunity(manager)
    page = desk.open("manager", f"/records/opportunity/{opportunity['id']}?tab=timeline", refusals={409})
    with page.expect_response("**/api/mail/drafts") as answer:
        page.get_by_role("button", name="写邮件").click()
    return page, page.get_by_role("dialog", name="写邮件"), answer.value.json()


def written(desk: Desk, draft: Json) -> Json:
    """The mail as the server has it."""
    mail: Json = desk.api("manager").json("GET", f"/api/mail/mails/{draft['id']}")
    return mail


def test_every_chosen_file_is_enclosed(desk: Desk, smtp: SmtpServer) -> None:
    page, composer, draft = begun(desk)
    composer.get_by_role("textbox", name="收件人").fill(CUSTOMER)
    composer.get_by_role("textbox", name="主题").fill("资料")
    composer.get_by_role("textbox", name="正文").fill("见附件")
    names = ["方案.txt", "报价.txt", "案例.txt"]
    composer.locator("input[type=file]").set_input_files(
        [FilePayload(name=name, mimeType="text/plain", buffer=name.encode()) for name in names]
    )
    expect(composer.get_by_role("listitem")).to_have_count(3)
    expect(composer.get_by_role("status")).to_have_text("草稿已保存")
    assert [file["name"] for file in written(desk, draft)["files"]] == names
    composer.get_by_role("button", name="发送", exact=True).click()
    expect(composer).to_be_hidden()
    told = page.get_by_role("tabpanel").get_by_role("listitem").filter(has_text="发出了邮件")
    expect(told).to_contain_text("资料")
    assert [part.get_filename() for part in smtp.messages[0].iter_attachments()] == names


def test_a_mail_that_cannot_be_kept_is_neither_closed_nor_lost_silently(desk: Desk) -> None:
    page, composer, draft = begun(desk)
    body = composer.get_by_role("textbox", name="正文")
    body.fill("第一句")
    expect(composer.get_by_role("status")).to_have_text("草稿已保存")
    desk.watches[-1].expect_failures()
    page.context.set_offline(True)
    body.fill("第一句，第二句")
    expect(composer.get_by_role("status")).to_have_text("没有保存：连不上服务器")
    composer.get_by_role("button", name="关闭").click()
    asked = page.get_by_role("dialog").filter(has_text="草稿还没有保存")
    asked.get_by_role("button", name="接着写").click()
    expect(asked).to_have_count(0)
    expect(body).to_have_value("第一句，第二句")
    page.context.set_offline(False)
    expect(composer.get_by_role("status")).to_have_text("草稿已保存")
    assert written(desk, draft)["body"] == "第一句，第二句"

    page.context.set_offline(True)
    body.fill("第一句，第二句，第三句")
    composer.get_by_role("button", name="关闭").click()
    asked.get_by_role("button", name="仍要离开").click()
    expect(composer).to_be_hidden()
    page.context.set_offline(False)
    page.goto("/mail?box=drafts")
    page.get_by_role("button").filter(has_text="第一句").first.click()
    expect(page.get_by_role("dialog").get_by_role("textbox", name="正文")).to_have_value(
        "第一句，第二句，第三句"
    )
    expect(page.get_by_text("已恢复您上次未保存的修改")).to_be_visible()


def test_a_draft_that_was_changed_elsewhere_is_kept_and_sent_all_the_same(
    desk: Desk, smtp: SmtpServer
) -> None:
    _page, composer, draft = begun(desk)
    composer.get_by_role("textbox", name="收件人").fill(CUSTOMER)
    composer.get_by_role("textbox", name="主题").fill("资料")
    composer.get_by_role("textbox", name="正文").fill("早上好")
    expect(composer.get_by_role("status")).to_have_text("草稿已保存")
    path = f"/api/records/email/{draft['id']}"
    manager = desk.api("manager")
    manager.json("PATCH", path, {"subject": "别处改的", "version": written(desk, draft)["version"]})
    composer.get_by_role("textbox", name="正文").fill("早上好，李总")
    expect(composer.get_by_role("status")).to_have_text("草稿已保存")
    now = written(desk, draft)
    assert (now["subject"], now["body"]) == ("资料", "早上好，李总")
    manager.json("PATCH", path, {"subject": "又在别处改的", "version": now["version"]})
    composer.get_by_role("button", name="发送", exact=True).click()
    expect(composer).to_be_hidden()
    sent = written(desk, draft)
    assert (sent["subject"], sent["status"] == "draft") == ("资料", False)


def test_a_letter_from_an_opportunity_is_sent_and_shows_on_its_timeline(desk: Desk, smtp: SmtpServer) -> None:
    manager = desk.api("manager")
    account = an_account(manager)
    contact = a_contact(manager, account, "user")
    manager.json("PATCH", f"/api/records/contact/{contact['id']}", {"email": CUSTOMER, "version": contact["version"]})  # fmt: skip
    opportunity = an_opportunity(manager, account=account["id"], primary_contact=contact["id"])
    page = desk.open("manager", f"/records/opportunity/{opportunity['id']}?tab=timeline")

    page.get_by_role("button", name="写邮件").click()
    composer = page.get_by_role("dialog", name="写邮件")
    page.get_by_role("combobox", name="套用模板").click()
    page.get_by_title("方案与报价").last.click()
    subject = f"{account['name']}：{opportunity['name']}方案与报价"
    expect(composer.get_by_role("textbox", name="主题")).to_have_value(subject)
    composer.get_by_role("button", name="发送", exact=True).click()

    expect(composer).to_be_hidden()
    told = page.get_by_role("tabpanel").get_by_role("listitem").filter(has_text="发出了邮件")
    expect(told).to_contain_text(subject)
    [message] = smtp.messages
    assert (message["Subject"], message["To"]) == (subject, f"周敏 <{CUSTOMER}>")
