"""Concerns at the page: raised from what was noted in two clicks, answered with the next note, seen by their ages."""

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import grave
from tests.browser.desk import PHONE, Desk
from tests.browser.given import a_name, an_opportunity_in_discovery
from tests.web.site import Json

SELECT = """element => {
    const range = document.createRange();
    range.selectNodeContents(element);
    getSelection().removeAllRanges();
    getSelection().addRange(range);
}"""


def noted(desk: Desk, words: str) -> tuple[str, str]:
    """An opportunity of the rep with a note of these words: its id and name."""
    rep = desk.api("rep")
    opportunity = an_opportunity_in_discovery(rep)
    note = {"subject": "电话", "kind": "call", "content": words, "opportunity": opportunity["id"]}
    rep.json("POST", "/api/records/activity", note, 201)
    return opportunity["id"], opportunity["name"]


def select(page: Page, words: str) -> None:
    page.get_by_text(words, exact=True).evaluate(SELECT)


def test_a_concern_is_raised_from_a_note_and_answered_with_the_next(desk: Desk) -> None:
    words = a_name("客户担心数据出厂区")
    id, _ = noted(desk, words)
    page = desk.open("rep", f"/records/opportunity/{id}?tab=timeline")
    expect(page.get_by_text(words, exact=True)).to_be_visible()
    select(page, words)
    page.get_by_role("button", name="记为顾虑").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("textbox", name=re.compile("^顾虑"))).to_have_value(words)
    dialog.get_by_role("button", name="新建", exact=True).click()
    expect(dialog).to_have_count(0)

    page.get_by_role("button", name="电话", exact=True).click()
    form = page.get_by_role("form", name="新建电话")
    open_ones = form.get_by_role("group", name=re.compile("还有 1 条顾虑没有答复"))
    open_ones.get_by_role("checkbox", name=words).check()
    assert grave(page) == []
    answer = a_name("已说明全部在厂区内")
    form.get_by_role("textbox", name="内容").fill(answer)
    form.get_by_role("button", name="保存", exact=True).click()
    expect(form).to_have_count(0)
    filter = f'subject == "{words}"'
    found = desk.api("rep").json("GET", "/api/records/concern", params={"filter": filter})["items"]
    assert [(one["status"], one["answer"], one["opportunity"]) for one in found] == [("answered", answer, id)]


def statuses(desk: Desk, concerns: list[Json]) -> list[str]:
    """Where the concerns stand now."""
    rep = desk.api("rep")
    return [rep.json("GET", f"/api/records/concern/{one['id']}")["status"] for one in concerns]


def test_concerns_that_could_not_be_answered_are_named_and_tried_again_without_the_note(desk: Desk) -> None:
    rep, note = desk.api("rep"), a_name("电话里说明")
    opportunity, _ = noted(desk, a_name("客户担心"))
    given = [
        rep.json("POST", "/api/records/concern", {"subject": a_name(words), "opportunity": opportunity}, 201)
        for words in ("价格", "工期", "培训")
    ]
    page = desk.open("rep", f"/records/opportunity/{opportunity}?tab=timeline", refusals={403, 409})
    page.get_by_role("button", name="电话", exact=True).click()
    form = page.get_by_role("form", name="新建电话")
    for concern in given:
        form.get_by_role("checkbox", name=concern["subject"]).check()
    form.get_by_role("textbox", name="内容").fill(note)
    changed, refused = given[0], given[1]
    path = f"/api/records/concern/{changed['id']}"
    rep.json("PATCH", path, {"subject": f"{changed['subject']}（急）", "version": changed["version"]})
    problem = {"code": "ACCESS-001", "title": "无权", "detail": "不能改这条"}
    there = f"**/api/records/concern/{refused['id']}"
    page.route(there, lambda route: route.fulfill(status=403, json=problem))
    form.get_by_role("button", name="保存", exact=True).click()

    expect(form).to_have_count(0)
    failed = page.get_by_role("alert").filter(has_text="没有记为已答复")
    expect(failed).to_contain_text(f"{refused['subject']}：不能改这条")
    assert statuses(desk, given) == ["answered", "open", "answered"]
    page.unroute(there)
    with page.expect_response(there):
        failed.get_by_role("button", name="重试").click()
    expect(failed).to_have_count(0)
    assert statuses(desk, given) == ["answered"] * 3
    filter = f'opportunity == "{opportunity}"'
    found = rep.json("GET", "/api/records/activity", params={"filter": filter})["items"]
    assert [one["content"] for one in found].count(note) == 1


def test_a_finger_on_the_offer_keeps_the_words_that_the_phone_lets_go_of(desk: Desk) -> None:
    words = a_name("客户担心停机时间")
    id, _ = noted(desk, words)
    page = desk.open("rep", f"/records/opportunity/{id}?tab=timeline", size=PHONE)
    expect(page.get_by_text(words, exact=True)).to_be_visible()
    select(page, words)
    offer = page.get_by_role("button", name="记为顾虑")
    box = offer.bounding_box()
    assert box
    assert box["height"] >= 40
    assert box["x"] + box["width"] <= PHONE["width"]

    finger = page.context.new_cdp_session(page)
    point = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    page.evaluate("getSelection().removeAllRanges()")
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    concern = page.get_by_role("dialog").get_by_role("textbox", name=re.compile("^顾虑"))
    expect(concern).to_have_value(words)
    expect(offer).to_have_count(0)
    page.get_by_role("dialog").get_by_role("button", name="新建", exact=True).tap()
    expect(page.get_by_role("dialog")).to_have_count(0)
    found = desk.api("rep").json("GET", "/api/records/concern", params={"q": words})["items"]
    assert [(one["status"], one["opportunity"]) for one in found] == [("open", id)]


def test_ages_lead_to_the_concerns_behind_them(desk: Desk) -> None:
    page = desk.open("manager", "/ageing")
    expect(page.get_by_role("heading", name="待答复时效", level=1)).to_be_visible()
    owners = page.get_by_role("region", name="负责人")
    expect(owners.get_by_role("row").nth(1)).to_be_visible()
    assert grave(page) == []
    number = int(page.get_by_role("link", name=re.compile("^超过 10 天")).locator("b").inner_text())
    page.get_by_role("link", name=re.compile("^超过 10 天")).click()
    expect(page.get_by_role("heading", name="客户顾虑", level=1)).to_be_visible()
    expect(page.locator("tbody tr:not([aria-hidden])")).to_have_count(number)


def test_the_phone_shows_ages_too(desk: Desk) -> None:
    page = desk.open("sales_ops", "/ageing", size=PHONE, dark=True)
    expect(page.get_by_role("region", name="团队").get_by_role("row").nth(1)).to_be_visible()
    assert grave(page) == []
