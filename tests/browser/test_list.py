import re

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.desk import Desk
from tests.browser.given import a_name, an_opportunity


def rows(page: Page) -> Locator:
    return page.locator("tbody tr:not([aria-hidden])")


def titles(page: Page) -> Locator:
    return page.locator("tbody").get_by_role("rowheader")


def scroll_on(page: Page, beyond: str) -> None:
    """Turns the wheel until a row is no longer drawn; at the end of what is loaded that takes until more has come."""
    for _ in range(100):
        page.mouse.wheel(0, 600)
        page.wait_for_timeout(100)
        if beyond not in titles(page).locator("a").evaluate_all("links => links.map(link => link.href)"):
            return
    raise AssertionError(f"the list does not go on beyond {beyond}")


def column(page: Page, name: str) -> list[str]:
    """The texts of a column, from top to bottom."""
    heads = [text.strip() for text in page.get_by_role("columnheader").all_inner_texts()]
    place = heads.index(name) + 1
    return [text.strip() for text in page.locator(f"tbody tr > :nth-child({place})").all_inner_texts()]


def test_a_view_shows_what_it_promises(desk: Desk) -> None:
    page = desk.open("manager", "/records/opportunity?view=opportunity_team")
    expect(rows(page).first).to_be_visible()
    assert not {"赢单", "输单"} & set(column(page, "阶段"))
    page.get_by_role("button", name=re.compile(r"^更多 \d")).click()
    page.get_by_role("menuitem", name="输单复盘").click()
    expect(rows(page).first).to_be_visible()
    expect(page.get_by_role("columnheader", name="输单原因")).to_be_visible()


def test_what_is_read_ahead_is_what_the_list_then_shows(desk: Desk) -> None:
    page = desk.open("manager", "/")
    asked: list[str] = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if "/api/records/opportunity?" in request.url else None,
    )
    for address in ("?view=opportunity_team", "?view=opportunity_team&sort=-amount&columns=amount,owner"):
        asked.clear()
        page.goto(f"/records/opportunity{address}")
        expect(rows(page).first).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert len(asked) == 1, asked


def test_finds_by_what_is_typed_and_takes_it_back(desk: Desk) -> None:
    opportunity = an_opportunity(desk.api("rep"))
    page = desk.open("rep", "/records/opportunity?view=opportunity_mine")
    expect(rows(page).nth(1)).to_be_visible()
    page.keyboard.press("/")
    page.keyboard.type(opportunity["name"])
    expect(rows(page)).to_have_count(1)
    expect(titles(page)).to_have_text([opportunity["name"]])
    page.get_by_role("searchbox").fill("")
    expect(rows(page).nth(1)).to_be_visible()


def test_the_search_box_keeps_what_is_typed_when_its_beginning_has_been_found(desk: Desk) -> None:
    mark = a_name("查找")
    an_opportunity(desk.api("rep"), name=f"{mark} 甲")
    page = desk.open("rep", "/records/opportunity?view=opportunity_mine")
    box = page.get_by_role("searchbox")
    box.press_sequentially(f"{mark} ")
    expect(rows(page)).to_have_count(1)
    box.press_sequentially("乙")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    expect(box).to_have_value(f"{mark} 乙")
    page.get_by_role("button", name="查看全部").click()
    expect(box).to_have_value("")


def test_says_what_to_do_when_nothing_matches(desk: Desk) -> None:
    page = desk.open("rep", f"/records/opportunity?q={a_name('没有这个')}")
    expect(page.get_by_text("没有符合条件的记录")).to_be_visible()
    page.get_by_role("button", name="查看全部").click()
    expect(rows(page).first).to_be_visible()


def test_sorts_by_a_column_and_back(desk: Desk) -> None:
    mark = a_name("排序")
    for amount in (300_000, 100_000, 200_000):
        an_opportunity(desk.api("rep"), name=f"{mark}-{amount}", amount=amount)
    page = desk.open("rep", f"/records/opportunity?view=opportunity_mine&q={mark}")
    expect(rows(page)).to_have_count(3)
    head = page.get_by_role("columnheader", name="金额")
    for direction, amounts in (
        ("ascending", (100_000, 200_000, 300_000)),
        ("descending", (300_000, 200_000, 100_000)),
    ):
        head.get_by_role("button").click()
        expect(head).to_have_attribute("aria-sort", direction)
        expect(titles(page)).to_have_text([f"{mark}-{amount}" for amount in amounts])


def test_goes_on_when_the_end_of_the_page_is_reached(desk: Desk) -> None:
    page = desk.open("manager", "/records/activity?view=activity_recent")
    expect(rows(page).first).to_be_visible()
    seen: set[str] = set()
    for _ in range(8):
        links = titles(page).locator("a").evaluate_all("links => links.map(link => link.href)")
        assert len(links) == len(set(links)) <= 60
        seen.update(links)
        rows(page).nth(len(links) - 8).hover()
        scroll_on(page, beyond=links[0])
    assert len(seen) > 100


def test_a_page_that_does_not_come_leaves_what_is_there_and_is_asked_for_again(desk: Desk) -> None:
    page = desk.open("manager", "/records/opportunity?view=opportunity_team", refusals={503})
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, json={"detail": "稍后再试"})

    further = re.compile(r"/api/records/activity\?.*cursor=")
    page.route(further, refuse)
    page.goto(f"{desk.staff.url}/records/activity?view=activity_recent")
    expect(rows(page).first).to_be_visible()
    first = titles(page).locator("a").first.get_attribute("href")
    rows(page).last.hover()
    expect(page.get_by_role("alert")).to_contain_text("稍后再试")
    expect(rows(page).first).to_be_visible()
    assert len(asked) == 1
    page.unroute(further)
    page.get_by_role("button", name="加载更多").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    scroll_on(page, beyond=f"{desk.staff.url}{first}")


def test_opens_a_record_with_the_keyboard_alone(desk: Desk) -> None:
    opportunity = an_opportunity(desk.api("rep"))
    page = desk.open("rep", f"/records/opportunity?view=opportunity_mine&q={opportunity['name']}")
    expect(rows(page)).to_have_count(1)
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=opportunity["name"], level=1)).to_be_visible()


def test_a_column_is_made_wider_by_keyboard_and_stays_so(desk: Desk) -> None:
    page = desk.open("rep", "/records/opportunity?view=opportunity_mine")
    edge = page.get_by_role("separator", name="调整「金额」的列宽")
    edge.focus()
    before = int(edge.get_attribute("aria-valuenow") or 0)
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    expect(edge).to_have_attribute("aria-valuenow", str(before + 32))
    box = page.get_by_role("columnheader", name="金额").bounding_box()
    assert box
    assert round(box["width"]) == before + 32
    page.reload()
    expect(rows(page).first).to_be_visible()
    again = page.get_by_role("columnheader", name="金额").bounding_box()
    assert again
    assert round(again["width"]) == before + 32


def test_lists_are_as_dense_as_the_settings_say(desk: Desk) -> None:
    page = desk.open("rep", "/settings")
    page.get_by_role("radiogroup", name="疏密").get_by_text("紧凑").click()
    page.goto("/records/opportunity?view=opportunity_mine")
    box = rows(page).first.bounding_box()
    assert box
    assert box["height"] == 30
