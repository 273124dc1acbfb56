"""Notifications as a person meets them: they come by themselves, are read, and stay away when they are not wanted."""

from playwright.sync_api import Page, expect

from tests.browser.desk import PHONE, Desk
from tests.browser.given import an_opportunity
from tests.web.site import Json, Visitor


def mention(writer: Visitor, reader: Visitor, record: Json, text: str) -> None:
    writer.json(
        "POST",
        f"/api/records/opportunity/{record['id']}/comments",
        {"text": text, "mentions": [reader.me["id"]]},
        201,
    )


def settings_of(page: Page) -> None:
    page.get_by_role("button", name="账户：").click()
    page.get_by_role("menuitem", name="设置", exact=True).click()


def test_somebody_who_is_mentioned_hears_of_it_at_once_in_every_tab(desk: Desk) -> None:
    manager, rep = desk.api("manager"), desk.api("rep")
    made = an_opportunity(manager)
    page = desk.open("manager", "/records/task")
    with page.expect_response("**/api/live*"):
        page.reload()
    second = page.context.new_page()
    second.goto("/notifications")
    expect(second.get_by_role("heading", name="通知", level=1)).to_be_visible()
    share = {"user": rep.me["id"], "act": "read"}
    manager.json("POST", f"/api/records/opportunity/{made['id']}/shares", share)
    mention(rep, manager, made, "请看报价")

    toast = page.get_by_role("alert").filter(has_text="提到了您：请看报价")
    expect(toast).to_be_visible()
    expect(second.get_by_role("listitem").filter(has_text="请看报价")).to_be_visible()
    toast.get_by_role("button", name="打开").click()
    expect(page.get_by_role("heading", name=made["name"], level=1)).to_be_visible()
    expect(second.get_by_role("listitem").filter(has_text="请看报价").get_by_label("未读")).to_have_count(0)


def test_what_is_switched_off_stays_away(desk: Desk) -> None:
    manager, rep = desk.api("manager"), desk.api("rep")
    made = an_opportunity(rep)
    page = desk.open("rep", "/records/task", size=PHONE)
    settings_of(page)
    page.get_by_role("link", name="选择").tap()
    switch = page.get_by_role("switch", name="有人提到我: 通知")
    switch.tap()
    expect(switch).not_to_be_checked()
    page.reload()
    expect(page.get_by_role("switch", name="有人提到我: 通知")).not_to_be_checked()
    mention(manager, rep, made, "不会看到")
    texts = [item["message"]["zh"] for item in rep.json("GET", "/api/notifications")["items"]]
    assert not any("不会看到" in text for text in texts)
    page.get_by_role("switch", name="有人提到我: 通知").tap()
    expect(page.get_by_role("switch", name="有人提到我: 弹出提醒")).to_be_enabled()


def test_the_language_goes_with_the_person_to_a_fresh_browser(desk: Desk) -> None:
    page = desk.open("presales", "/settings")
    page.get_by_text("English", exact=True).click()
    expect(page.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    other = desk.open("presales", "/settings")
    expect(other.get_by_role("heading", name="Settings", level=1)).to_be_visible()
    other.get_by_text("中文", exact=True).click()
    expect(other.get_by_role("heading", name="设置", level=1)).to_be_visible()


def test_a_session_elsewhere_is_ended(desk: Desk) -> None:
    page = desk.open("finance", "/settings")
    other = desk.staff.fresh("finance")
    page.reload()
    devices = page.get_by_role("region", name="登录设备")
    line = devices.get_by_role("listitem").filter(has_text="python-httpx").filter(has_not_text="当前设备")
    line.get_by_role("button", name="结束登录").click()
    expect(line).to_have_count(0)
    assert other.get("/api/me").status_code == 401
