from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.given import a_name, an_opportunity


def open_filter(page: Page) -> None:
    page.get_by_role("button", name="筛选", exact=True).click()


def pick(page: Page, label: str, option: str) -> None:
    """Choose an option of a select by typing it."""
    page.get_by_label(label, exact=True).last.click()
    page.get_by_label(label, exact=True).last.fill(option)
    page.keyboard.press("Enter")


def test_conditions_line_by_line_make_the_expression(desk: Desk) -> None:
    mark = a_name("筛选")
    for amount in (100_000, 900_000):
        an_opportunity(desk.api("rep"), name=f"{mark}-{amount}", amount=amount)
    page = desk.open("rep", f"/records/opportunity?view=opportunity_mine&q={mark}")
    expect(page.locator("tbody").get_by_role("rowheader")).to_have_count(2)
    open_filter(page)
    page.get_by_role("button", name="添加条件").click()
    pick(page, "字段", "金额")
    page.get_by_label("值", exact=True).last.fill("500000")
    own = 'owner == me and stage not in ["won", "lost"]'
    expect(page.get_by_label("表达式")).to_have_value(f"{own} and amount >= 500000")
    page.get_by_role("button", name="应用筛选").click()
    expect(page.locator("tbody").get_by_role("rowheader")).to_have_text([f"{mark}-900000"])
    page.get_by_role("button", name="移除条件：金额").click()
    expect(page.locator("tbody").get_by_role("rowheader")).to_have_count(2)


def test_an_expression_may_be_written_in_the_words_of_the_page(desk: Desk) -> None:
    opportunity = an_opportunity(desk.api("rep"), amount=120_000)
    page = desk.open("rep", f"/records/opportunity?view=opportunity_mine&q={opportunity['name']}")
    expect(page.locator("tbody").get_by_role("rowheader")).to_have_count(1)
    open_filter(page)
    page.get_by_label("表达式").fill("金额 > 12万")
    page.get_by_role("button", name="应用筛选").click()
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()


def test_a_mistake_is_shown_where_it_is(desk: Desk) -> None:
    page = desk.open("rep", "/records/opportunity?view=opportunity_mine", refusals={422})
    open_filter(page)
    page.get_by_label("表达式").fill("amonut > 5")
    page.get_by_role("button", name="应用筛选").click()
    problem = page.get_by_role("tooltip").get_by_role("alert")
    expect(problem).to_contain_text("amonut")
    expect(problem).to_contain_text("Amount")
