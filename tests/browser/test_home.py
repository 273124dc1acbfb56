import re

import pytest
from playwright.sync_api import Locator, Page, ViewportSize, expect

from tests.browser.desk import PHONE, WIDE, Desk
from tests.browser.given import a_name

LONGEST_DUE = "2020-01-01"
"""Before everything that the company left undone, whatever day it is made on: a panel shows a few, the oldest first."""


def panel(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=re.compile(rf"^{name}( [\d+]+)?$"))


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])
def test_a_reps_day_begins_at_home(desk: Desk, size: ViewportSize) -> None:
    subject = a_name("回电王总")
    desk.api("rep").json("POST", "/api/records/task", {"subject": subject, "due_on": LONGEST_DUE}, 201)
    page = desk.open("rep", "/", size=size)
    expect(page.get_by_role("heading", name="首页", level=1)).to_be_visible()
    expect(page.get_by_text(re.compile("好，李思远$"))).to_be_visible()

    box = panel(page, "今天要做").get_by_role("checkbox", name=f"完成：{subject}")
    box.click()
    expect(box).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(box).to_be_visible()
    expect(box).not_to_be_checked()

    page.get_by_role("link", name=re.compile("^沉默商机 ")).click()
    expect(page).to_have_url(re.compile(r"view=opportunity_silent&filter=owner\+%3D%3D\+me$"))
    expect(page.get_by_role("heading", name="商机", level=1)).to_be_visible()


def test_what_is_silent_goes_to_the_morning_meeting(desk: Desk) -> None:
    page = desk.open("manager", "/")
    silent = panel(page, r"沉默商机（72 小时）")
    first = silent.get_by_role("row").nth(1)
    expect(first).to_contain_text(re.compile("进入「.+」(还缺|前建议补上)："))
    title = first.get_by_role("link").first.inner_text()
    page.evaluate("window.print = () => { document.title = 'printed' }")
    silent.get_by_role("button", name="打印清单").click()
    expect(page).to_have_title("printed")
    page.emulate_media(media="print")
    sheet = page.locator(".print-sheet")
    expect(sheet.locator("header")).to_contain_text(
        re.compile(r"沉默商机.*20\d\d年\d+月\d+日 星期. · 上海1组 · 陈建华")
    )
    expect(sheet.locator("tbody tr").first).to_contain_text(title)
    assert sheet.locator("tbody tr").count() > 8
    expect(page.locator("#root")).to_be_hidden()
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(sheet).to_have_count(0)

    silent.get_by_role("button", name="导出清单").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="导出 Excel").click()
    assert download.value.suggested_filename.endswith(".xlsx")


def test_a_manager_turns_to_their_own_and_into_a_chart(desk: Desk) -> None:
    page = desk.open("manager", "/")
    owners = panel(page, "各人进行中金额")
    expect(owners.locator("svg text").first).to_be_visible()
    owners.get_by_role("button", name="看表格").click()
    owners.get_by_role("link", name="李思远").click()
    expect(page.get_by_role("heading", name="商机", level=1)).to_be_visible()
    expect(page).to_have_url(re.compile(r"owner\+%3D%3D\+%22"))
    expect(page.locator("tbody tr:not([aria-hidden])").first).to_be_visible()

    page.goto("/")
    page.get_by_role("radiogroup", name="看谁的").get_by_text("我的", exact=True).click()
    expect(page).to_have_url(re.compile(r"/\?whose=mine$"))
    expect(panel(page, r"沉默商机（72 小时）")).to_contain_text("每个商机 72 小时内都有动静")


def test_news_comes_while_the_page_is_open(desk: Desk) -> None:
    page = desk.open("rep", "/")
    expect(panel(page, "未读消息")).to_be_visible()
    me = desk.api("rep").me["id"]
    subject = a_name("请准备方案")
    desk.api("manager").json(
        "POST", "/api/records/task", {"subject": subject, "due_on": "2020-01-01", "owner": me}, 201
    )
    expect(panel(page, "未读消息").get_by_text(f"新任务：{subject}")).to_be_visible()
    expect(panel(page, "今天要做").get_by_text(subject)).to_be_visible()
    page.get_by_role("button", name="全部已读").click()
    expect(panel(page, "未读消息")).to_contain_text("没有未读消息")
