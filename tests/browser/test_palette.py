"""Everything by keyboard: ⌘K finds, goes, creates and acts; `g` leads; `?` tells which keys there are."""

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.given import an_account, an_opportunity


def ask(page: Page, text: str) -> None:
    """Open ⌘K and type."""
    page.keyboard.press("Control+k")
    page.get_by_role("combobox", name="搜索记录").fill(text)


def test_the_record_that_is_open_is_acted_on_by_keyboard(desk: Desk) -> None:
    made = an_opportunity(desk.api("manager"))
    page = desk.open("manager", f"/records/opportunity/{made['id']}", refusals={409})
    expect(page.get_by_role("heading", name=made["name"], level=1)).to_be_visible()

    ask(page, "转交")
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="转交给谁？").fill("王")
    option = page.get_by_role("option").first
    expect(option).to_contain_text("王")
    page.keyboard.press("Enter")
    expect(page.get_by_text("已转交给王")).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        page.keyboard.press("Control+z")
    page.reload()
    expect(page.get_by_role("heading", name=made["name"], level=1)).to_be_visible()

    ask(page, "推进到「需求分析」")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="进入「需求分析」")).to_be_visible()


def test_recent_records_and_pinyin_initials_lead_back(desk: Desk) -> None:
    account = an_account(desk.api("rep"))
    page = desk.open("rep", f"/records/account/{account['id']}")
    expect(page.get_by_role("heading", name=account["name"], level=1)).to_be_visible()
    ask(page, "jzds")
    expect(page.get_by_role("option", name="竞争对手").first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="竞争对手", level=1)).to_be_visible()
    ask(page, "")
    page.get_by_role("option", name=account["name"]).click()
    expect(page.get_by_role("heading", name=account["name"], level=1)).to_be_visible()


def test_g_leads_and_the_question_mark_tells(desk: Desk) -> None:
    page = desk.open("rep", "/records/task")
    expect(page.get_by_role("heading", name="任务", level=1)).to_be_visible()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="快捷键")
    expect(sheet).to_contain_text("在列表里搜索")
    expect(sheet).to_contain_text("通知")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="通知", level=1)).to_be_visible()
    page.keyboard.press("g")
    page.keyboard.press("l")
    expect(page.get_by_role("heading", name="商机", level=1)).to_be_visible()
