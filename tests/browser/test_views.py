import re

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.given import a_name, an_account, an_opportunity
from tests.browser.held import hold_back


def menu(page: Page, item: str) -> None:
    page.get_by_role("button", name="视图操作").click()
    page.get_by_role("menuitem", name=item).click()


def test_a_view_is_saved_shared_started_with_and_had_back(desk: Desk) -> None:
    name = a_name("大单")
    page = desk.open(
        "manager", "/records/opportunity?view=opportunity_team&filter=amount > 300000&group=stage"
    )
    expect(page.get_by_role("tab", selected=True)).to_contain_text("有未保存的更改")
    page.get_by_role("button", name="另存为视图").click()
    page.get_by_label("视图名称").fill(name)
    page.get_by_role("radio", name=re.compile("我的团队")).check()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("tab", name=name, selected=True)).to_be_visible()
    expect(page.locator("tbody").get_by_role("button", expanded=True).first).to_be_visible()
    menu(page, "设为我的默认视图")
    page.goto("/records/opportunity")
    expect(page.get_by_role("tab", name=name, selected=True)).to_be_visible()

    reader = desk.open("rep", "/records/opportunity")
    reader.get_by_role("tab", name=name).click()
    reader.get_by_role("button", name="筛选", exact=True).click()
    expect(reader.get_by_label("表达式")).to_have_value(re.compile("amount > 300000$"))
    reader.get_by_role("button", name="清除筛选").click()
    expect(reader.get_by_role("button", name="另存为视图")).to_be_visible()
    expect(reader.get_by_role("button", name="保存", exact=True)).to_have_count(0)
    reader.get_by_role("button", name="还原更改").click()
    expect(reader.get_by_role("button", name="另存为视图")).to_have_count(0)
    expect(reader.get_by_role("tab", name=name, selected=True)).to_be_visible()

    menu(page, "删除视图")
    expect(page.get_by_role("tab", name=name)).to_have_count(0)
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_role("tab", name=name, selected=True)).to_be_visible()


def test_cells_are_edited_taken_back_and_settled_field_by_field(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep, next_step="回访")
    path = f"/api/records/opportunity/{opportunity['id']}"
    page = desk.open(
        "rep", f"/records/opportunity?view=opportunity_mine&q={opportunity['name']}", refusals={409}
    )
    cell = page.locator("td[data-field=next_step]")
    cell.click()
    page.get_by_role("textbox", name="下一步").fill("约周五演示")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已保存“下一步”")).to_be_visible()
    assert rep.json("GET", path)["next_step"] == "约周五演示"
    page.keyboard.press("Control+z")
    expect(cell).to_have_text("回访")
    expect(page.get_by_text(re.compile("^已还原"))).to_be_visible()

    cell.click()
    box = page.get_by_role("textbox", name="下一步")
    box.fill("我的想法")
    rep.json("PATCH", path, {"version": rep.json("GET", path)["version"], "next_step": "别人的想法"})
    box.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("别人的想法")
    dialog.get_by_role("button", name="按选择保存").click()
    expect(cell).to_have_text("我的想法")


def test_a_cell_that_is_refused_while_the_next_one_is_open_can_be_gone_back_to(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    path = f"/api/records/account/{account['id']}"
    page = desk.open("rep", f"/records/account?q={account['name']}&columns=website,city", refusals={409, 422})
    under_way = hold_back(page, re.compile(f"{path}$"), "PATCH")
    page.locator("td[data-field=website]").click()
    box = page.get_by_role("textbox", name="网站")
    box.fill("ftp://nowhere")
    box.press("Tab")
    let_go = under_way()
    page.get_by_role("textbox", name="城市").fill("苏州")
    let_go()
    notice = page.get_by_role("alert").filter(has_text=f"“{account['name']}”的「网站」没有保存")
    expect(notice).to_contain_text("http")
    notice.get_by_role("button", name="回去改").click()
    expect(box).to_have_value("ftp://nowhere")
    expect(notice).to_have_count(0)
    assert rep.json("GET", path)["website"] is None
    box.fill("https://somewhere.cn")
    box.press("Enter")
    expect(page.get_by_text("已保存“网站”")).to_be_visible()
    saved = rep.json("GET", path)
    assert (saved["website"], saved["city"]) == ("https://somewhere.cn", "苏州")


def test_moves_edits_ticks_and_previews_by_keyboard(desk: Desk) -> None:
    opportunity = an_opportunity(desk.api("sales_ops"))
    page = desk.open("sales_ops", f"/records/opportunity?view=all&q={opportunity['name']}")
    expect(page.locator("tbody").get_by_role("rowheader")).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Space")
    panel = page.get_by_role("complementary", name=f"预览：{opportunity['name']}")
    expect(panel).to_contain_text(opportunity["number"])
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    page.keyboard.press("x")
    expect(page.get_by_text("已选 1 条")).to_be_visible()
    page.keyboard.press("e")
    expect(page.locator("[data-editor]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-editor]")).to_have_count(0)
