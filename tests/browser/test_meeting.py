"""The morning meeting: what is silent, by team and owner, with what holds it up; printed, exported. And the checklist."""

import re

from playwright.sync_api import expect

from tests.browser.axe import grave
from tests.browser.desk import PHONE, Desk
from tests.browser.given import an_opportunity_in_discovery


def test_the_list_is_grouped_summed_up_exported_and_printed(desk: Desk) -> None:
    page = desk.open("sales_ops", "/meeting")
    expect(page.get_by_role("heading", name="沉默商机（72 小时）")).to_be_visible()
    team = page.get_by_role("heading", level=3).first
    expect(team).to_contain_text(re.compile(r"[1-9]\d* 条 · ¥"))
    expect(page.get_by_role("heading", level=4).first).to_contain_text(re.compile(r"\d+ 条"))
    first = page.get_by_role("table").first.get_by_role("row").nth(1)
    expect(first).to_contain_text(re.compile("进入「.+」(还缺|前建议补上)："))
    assert grave(page) == []

    page.get_by_role("button", name="导出").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name=re.compile("Excel")).click()
    assert re.fullmatch(r"沉默商机（72 小时） 20\d\d-\d\d-\d\d\.xlsx", download.value.suggested_filename)
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name="打印").click()
    expect(page).to_have_title("printed")
    page.emulate_media(media="print")
    expect(first).to_be_visible()
    expect(page.get_by_role("button", name="打印")).to_be_hidden()


def test_a_manager_turns_to_their_own_on_the_phone(desk: Desk) -> None:
    page = desk.open("manager", "/meeting", size=PHONE)
    expect(page.get_by_role("heading", level=4).first).to_be_visible()
    assert grave(page) == []
    page.get_by_role("radiogroup", name="看谁的").get_by_text("我的", exact=True).click()
    expect(page).to_have_url(re.compile("whose=mine$"))
    expect(page.get_by_role("status")).to_contain_text("没有要过的")


def test_the_follow_up_checklist_is_ticked_on_the_record(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", f"/records/opportunity/{opportunity['id']}")
    checklist = page.get_by_role("region", name="客户跟进检查清单")
    expect(checklist.get_by_role("checkbox")).to_have_count(3)
    before = int(checklist.get_by_role("heading").inner_text().split("/")[0][-1])
    box = checklist.get_by_role("checkbox", name=re.compile("方案演示"))
    box.click()
    expect(checklist.get_by_role("heading")).to_contain_text(f"{before + 1}/3")
    expect(box).to_be_checked()
    box.click()
    expect(checklist.get_by_role("heading")).to_contain_text(f"{before}/3")
