"""Nobody is kept out of the log-in, of panels, and of pages that are no scene: `test_scenes` looks at those with their pictures."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import AXE, COLORS, grave
from tests.browser.desk import Desk
from tests.browser.scenes import SIZES, THEMES, wear

PAGES = ("/records/nothing", "/calendar?whose=all&span=week")

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="axe-core isn't installed: make ui")


def in_every_look(page: Page, within: str = "html") -> list[str]:
    """The findings at both sizes, light and dark."""
    found = []
    for theme in THEMES:
        wear(page, theme)
        for size in SIZES:
            page.set_viewport_size(size)
            found += [
                f"{size['width']} px, {theme}: {finding}"
                for finding in grave(page, within, COLORS if theme == "dark" else ())
            ]
    return found


@pytest.mark.parametrize("path", PAGES)
def test_keeps_nobody_out(desk: Desk, path: str) -> None:
    page = desk.open("rep", path)
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.locator("[class*=bone]")).to_have_count(0)
    assert in_every_look(page) == []


def test_the_log_in_keeps_nobody_out(desk: Desk) -> None:
    page = desk.open(None, "/login")
    expect(page.get_by_role("button", name="销售", exact=True)).to_be_visible()
    assert in_every_look(page) == []


@pytest.mark.parametrize("item", ["与另一条合并", "登录与会话"])
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
    assert in_every_look(page, ".ant-drawer") == []
