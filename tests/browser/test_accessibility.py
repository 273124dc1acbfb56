import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import AXE, grave
from tests.browser.desk import PHONE, WIDE, Desk
from tests.browser.given import an_opportunity_in_discovery

SETTLED = "new Promise(done => requestIdleCallback(done, {timeout: 1000}))"
PAGES = (
    "/",
    "/records/opportunity?view=opportunity_mine",
    "/records/opportunity?view=opportunity_board",
    "/records/account",
    "/records/opportunity/{id}",
    "/records/opportunity/{id}?tab=timeline",
    "/records/opportunity/{id}?tab=files",
    "/records/nothing",
    "/records/task?view=task_agenda",
    "/calendar?whose=all",
    "/calendar?whose=all&span=week",
    "/jobs",
    "/settings/notifications",
)

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="axe-core isn't installed: make ui")


def at_both_sizes(page: Page, within: str = "html") -> list[str]:
    found = []
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        found += [f"{size['width']} px: {finding}" for finding in grave(page, within)]
    return found


def in_every_look(page: Page) -> list[str]:
    """The findings at both sizes, light and dark."""
    found = at_both_sizes(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.evaluate(SETTLED)
    return found + [f"dark: {finding}" for finding in at_both_sizes(page)]


@pytest.mark.parametrize("path", PAGES)
def test_keeps_nobody_out(desk: Desk, path: str) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", path.format(id=opportunity["id"]))
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.locator("[class*=bone]")).to_have_count(0)
    assert in_every_look(page) == []


def test_the_log_in_keeps_nobody_out(desk: Desk) -> None:
    page = desk.open(None, "/login")
    expect(page.get_by_role("button", name="销售", exact=True)).to_be_visible()
    assert in_every_look(page) == []


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_forms_keep_nobody_out(desk: Desk, dark: bool) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("manager", f"/records/opportunity/{opportunity['id']}", dark=dark, refusals={409})
    page.get_by_role("button", name="推进到「方案演示」").click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(5)
    assert at_both_sizes(page) == []


@pytest.mark.parametrize(
    "path",
    ["/audit", "/settings/tokens", "/settings/outlets", "/settings/outlets?tab=log", "/records/lead/import"],
)
def test_the_pages_of_administration_keep_nobody_out(desk: Desk, path: str) -> None:
    page = desk.open("admin", path)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.locator("[class*=bone]")).to_have_count(0)
    assert in_every_look(page) == []


@pytest.mark.parametrize("item", ["共享…", "谁能看到", "与另一条合并", "登录与会话"])
def test_the_panels_of_a_record_s_menu_keep_nobody_out(desk: Desk, item: str) -> None:
    admin = desk.api("admin")
    object = "user" if item == "登录与会话" else "account"
    page = desk.open("admin", f"/records/{object}/{admin.first(object)['id']}")
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name=item).click()
    panel = page.get_by_role("dialog")
    expect(panel.get_by_role("button").first).to_be_visible()
    if item == "与另一条合并":
        panel.get_by_role("combobox").click()
        page.locator(".ant-select-item-option").nth(1).click()
        expect(panel.get_by_role("table")).to_be_visible()
    expect(panel.locator("[class*=bone]")).to_have_count(0)
    page.evaluate(SETTLED)
    assert at_both_sizes(page, ".ant-drawer") == []


@pytest.mark.parametrize("path", ["/process", "/process/sales?tab=map", "/process/sales?tab=comparison"])
def test_process_analysis_keeps_nobody_out(desk: Desk, path: str) -> None:
    page = desk.open("manager", path)
    expect(page.get_by_role("table").or_(page.get_by_role("application")).first).to_be_visible()
    expect(page.locator("[class*=bone]")).to_have_count(0)
    assert in_every_look(page) == []
