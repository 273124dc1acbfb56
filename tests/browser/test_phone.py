import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import PHONE, WIDE, Desk
from tests.browser.given import an_opportunity_in_discovery

LISTS = (
    "/records/opportunity?view=opportunity_mine",
    "/records/opportunity?view=opportunity_board",
    "/records/account",
    "/records/lead?view=lead_board",
    "/records/activity",
    "/jobs",
)
IN_ENGLISH = {
    "/": "Home",
    "/process": "Process analysis",
    "/conflicts": "Conflicts",
    "/pool": "Pool",
    "/mail": "Mail",
    "/calendar": "Calendar",
    "/ageing": "Open items by age",
    "/audits": "Process audit",
    "/notifications": "Notifications",
    "/settings": "Settings",
}


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the screen."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
def test_no_page_is_wider_than_the_screen(desk: Desk, size: dict[str, int]) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", "/login", size=PHONE if size is PHONE else WIDE)
    record = f"/records/opportunity/{opportunity['id']}"
    found = {}
    for path in (*LISTS, record, f"{record}?tab=timeline", f"{record}?tab=files"):
        page.goto(path)
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        expect(page.locator("[aria-hidden] [class*=bone]")).to_have_count(0)
        found[path] = overflow(page)
    assert {path: pixels for path, pixels in found.items() if pixels > 0} == {}


def test_no_page_is_wider_than_the_screen_in_english(desk: Desk) -> None:
    manager = desk.api("manager")
    manager.json("PATCH", "/api/me", {"locale": "en"})
    try:
        page = desk.open("manager", "/login", size=PHONE)
        found = {}
        for path, title in IN_ENGLISH.items():
            page.goto(path)
            expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
            expect(page.locator("[aria-hidden] [class*=bone]")).to_have_count(0)
            found[path] = overflow(page)
    finally:
        manager.json("PATCH", "/api/me", {"locale": "zh-CN"})
    assert {path: pixels for path, pixels in found.items() if pixels > 0} == {}


def test_the_navigation_lies_below_and_leads_everywhere(desk: Desk) -> None:
    page = desk.open("rep", "/records/opportunity", size=PHONE)
    below = page.get_by_role("navigation", name="导航")
    expect(below).to_be_in_viewport()
    below.get_by_role("link", name="线索").click()
    expect(page.get_by_role("heading", name="线索", level=1)).to_be_visible()
    below.get_by_role("button", name="更多").click()
    page.get_by_role("dialog").get_by_role("button", name="竞争对手").click()
    expect(page.get_by_role("heading", name="竞争对手", level=1)).to_be_visible()


def test_a_list_is_cards_and_a_card_opens(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", f"/records/opportunity?q={opportunity['name']}", size=PHONE)
    expect(page.get_by_role("table")).to_have_count(0)
    card = page.get_by_role("article").filter(has_text=opportunity["name"])
    expect(card).to_contain_text("需求分析")
    card.get_by_role("link", name=opportunity["name"]).tap()
    expect(page.get_by_role("heading", name=opportunity["name"], level=1)).to_be_visible()


def test_what_a_stage_demands_fills_the_screen(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", f"/records/opportunity/{opportunity['id']}?tab=gate", size=PHONE, refusals={409})
    page.get_by_role("button", name="推进到「方案演示」").tap()
    form = page.get_by_role("dialog", name="进入「方案演示」")
    expect(form.get_by_role("listitem")).to_have_count(5)
    box = form.bounding_box()
    assert box
    assert (box["x"], box["width"]) == (0, 390)
    expect(form.get_by_role("button", name="保存并推进")).to_be_in_viewport()
