"""Each role's way through the page: what their home shows, everywhere their navigation leads, and a record with all its tabs."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk

ROLES = ("rep", "manager", "presales", "sales_ops", "finance", "legal", "csm", "admin")


def settled(page: Page) -> None:
    """Nothing is loading any more, and nothing says that it failed."""
    page.wait_for_load_state("networkidle")
    expect(page.locator("[class*=bone]")).to_have_count(0)
    expect(page.get_by_role("alert")).to_have_count(0)


@pytest.mark.parametrize("role", ROLES)
def test_everybody_gets_everywhere_that_the_navigation_leads(desk: Desk, role: str) -> None:
    page = desk.open(role, "/")
    expect(page.get_by_role("heading", name="首页", level=1)).to_be_visible()
    settled(page)
    assert page.get_by_role("region").count() >= 3
    navigation = page.get_by_role("navigation")
    names = [name for name in navigation.get_by_role("link").all_inner_texts() if name not in ("", "首页")]
    assert len(names) >= 8
    opened = False
    for name in names:
        navigation.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        settled(page)
        first = page.locator("main").get_by_role("row").get_by_role("link").first
        if not opened and "/records/" in page.url and first.is_visible():
            opened = True
            through_a_record(page, first.inner_text())


def through_a_record(page: Page, title: str) -> None:
    """Open the first record of a list and look behind its tabs."""
    page.locator("main").get_by_role("row").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name=re.compile(re.escape(title))).first).to_be_visible()
    for tab in page.get_by_role("tab").all():
        tab.click()
        settled(page)
