"""Mail in the page: a letter is written from an opportunity, sent over a real server, and told on the timeline."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.given import a_contact, an_account, an_opportunity
from tests.run.mail.post_office import HOST, PASSWORD, SmtpServer, smtp_server

CUSTOMER = "zhou@huachen.example"


@pytest.fixture
def smtp(desk: Desk) -> Iterator[SmtpServer]:
    """The server behind the manager's mail account."""
    manager = desk.api("manager")
    with smtp_server() as server:
        account = manager.json("POST", "/api/mail/accounts", {"address": "chen@chengdan.example", "name": "陈建华", "password": PASSWORD, "smtp_host": HOST, "smtp_port": server.port, "smtp_security": "none"}, 201)  # fmt: skip
        yield server
        manager.json("DELETE", f"/api/mail/accounts/{account['id']}", status=204)


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
