import re

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.given import an_account


def choose(page: Page, item: str) -> None:
    """Pick an item of the viewer's menu."""
    page.get_by_role("button", name=re.compile("(账户：|Account: )李思远")).click()
    page.get_by_role("menuitem", name=item, exact=True).click()


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_one_shortcut_finds_a_record_goes_anywhere_and_creates(desk: Desk) -> None:
    account = an_account(desk.api("rep"))
    page = desk.open("rep", "/records/task")
    expect(page.get_by_role("heading", name="任务", level=1)).to_be_visible()
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="搜索记录、跳转或新建…")
    box.fill(account["name"])
    expect(page.get_by_role("option", name=account["name"])).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=account["name"], level=1)).to_be_visible()

    page.keyboard.press("Control+k")
    box.fill("竞争对手")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="竞争对手", level=1)).to_be_visible()

    page.keyboard.press("Control+k")
    box.fill("新建任务")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="新建任务")).to_be_visible()


def test_speaks_english_when_asked_and_still_after_a_reload(desk: Desk) -> None:
    page = desk.open("rep", "/records/opportunity")
    choose(page, "English")
    expect(page.get_by_role("heading", name="Opportunities", level=1)).to_be_visible()
    page.reload()
    expect(page.get_by_role("tab", name="My open opportunities")).to_be_visible()
    choose(page, "中文")
    expect(page.get_by_role("heading", name="商机", level=1)).to_be_visible()


def test_is_dark_when_chosen_or_when_the_system_is(desk: Desk) -> None:
    page = desk.open("rep", "/records/opportunity")
    expect(page.get_by_role("heading", name="商机", level=1)).to_be_visible()
    light = background(page)
    choose(page, "深色")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dark = background(page)
    assert dark != light
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    choose(page, "跟随系统")
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert background(page) == dark


def test_what_one_person_saves_another_sees_without_reloading(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    page = desk.open("manager", f"/records/account/{account['id']}")
    expect(page.get_by_role("heading", name=account["name"], level=1)).to_be_visible()
    changed = f"{account['name']}（更名）"
    rep.json(
        "PATCH", f"/api/records/account/{account['id']}", {"version": account["version"], "name": changed}
    )
    expect(page.get_by_role("heading", name=changed, level=1)).to_be_visible()


def test_an_unknown_address_is_missing_within_the_frame(desk: Desk) -> None:
    page = desk.open("rep", "/nowhere/at/all")
    expect(page.get_by_role("heading", name="找不到", level=1)).to_be_visible()
    page.get_by_role("navigation").get_by_role("link", name="日历").click()
    expect(page.get_by_role("heading", name="日历", level=1)).to_be_visible()


def test_what_one_finds_out_has_a_group_for_those_who_may(desk: Desk) -> None:
    names = ["流程分析", "冲突", "健康度"]
    page = desk.open("manager", "/records/task")
    group = page.get_by_role("navigation").get_by_role("button", name="分析", exact=True)
    for name in names:
        expect(page.get_by_role("navigation").get_by_role("link", name=name)).to_be_visible()
    group.click()
    for name in names:
        expect(page.get_by_role("navigation").get_by_role("link", name=name)).to_be_hidden()
    group.click()
    page = desk.open("rep", "/records/task")
    expect(page.get_by_role("navigation").get_by_role("link", name="任务")).to_be_visible()
    expect(page.get_by_role("navigation").get_by_role("link", name="流程分析")).to_be_hidden()
