import re
from datetime import UTC, datetime, timedelta

import httpx
from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import PHONE, Desk
from tests.browser.given import a_name
from tests.web.site import Json, Visitor

QUIET = "2031-03"
"""A month that the demo company has no plans for."""


def a_task(visitor: Visitor, due_on: str) -> Json:
    task: Json = visitor.json(
        "POST", "/api/records/task", {"subject": a_name("样品寄送"), "due_on": due_on}, 201
    )
    return task


def entry(page: Page, record: Json) -> Locator:
    return page.get_by_role("link", name=re.compile(f"任务, {record['subject']}, "))


def day(page: Page, label: str) -> Locator:
    """The cell of a day, by its date button."""
    return page.get_by_role("button", name=label, exact=True).locator("xpath=../..")


def due_on(visitor: Visitor, task: Json) -> str:
    return str(visitor.json("GET", f"/api/records/task/{task['id']}")["due_on"])


def test_an_entry_is_carried_to_another_day_and_back(desk: Desk) -> None:
    rep = desk.api("rep")
    task = a_task(rep, f"{QUIET}-12")
    page = desk.open("rep", f"/calendar?on={QUIET}-12")
    expect(page.get_by_role("heading", name="2031年3月")).to_be_visible()
    entry(page, task).hover()
    page.mouse.down()
    target = day(page, "3月20日周四").bounding_box()
    assert target
    page.mouse.move(target["x"] + 40, target["y"] + 10, steps=4)
    page.mouse.move(target["x"] + 60, target["y"] + 60, steps=4)
    page.mouse.up()
    expect(page.get_by_text(f"「{task['subject']}」改到 3月20日周四")).to_be_visible()
    assert due_on(rep, task) == f"{QUIET}-20"
    page.keyboard.press("Control+z")
    expect(page.get_by_role("link", name=re.compile(f"{task['subject']}, 3月12日"))).to_be_visible()
    assert due_on(rep, task) == f"{QUIET}-12"

    entry(page, task).focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("status").filter(has_text="在「3月12日周三」上方")).to_be_attached()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("status").filter(has_text="在「3月13日周四」上方")).to_be_attached()
    page.keyboard.press("Space")
    expect(page.get_by_role("link", name=re.compile(f"{task['subject']}, 3月13日"))).to_be_visible()
    assert due_on(rep, task) == f"{QUIET}-13"


def test_a_click_on_a_day_creates_with_the_date_filled_in(desk: Desk) -> None:
    subject = a_name("约见采购")
    page = desk.open("rep", f"/calendar?on={QUIET}-05")
    day(page, "3月27日周四").hover()
    page.get_by_role("button", name="在3月27日周四新建").click()
    page.get_by_role("menuitem", name="新建任务").click()
    form = page.get_by_role("dialog", name="新建任务")
    expect(form.get_by_label("截止日期")).to_have_value(f"{QUIET}-27")
    form.locator("#new-subject").fill(subject)
    form.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_role("link", name=re.compile(f"{subject}, 3月27日"))).to_be_visible()
    page.get_by_role("button", name="任务日历").click()
    expect(page.get_by_role("link", name=re.compile(subject))).to_have_count(0)


def test_an_activity_is_carried_to_another_time(desk: Desk) -> None:
    rep = desk.api("rep")
    subject = a_name("方案讲解")
    made = rep.json(
        "POST",
        "/api/records/activity",
        {"subject": subject, "kind": "demo", "at": "2031-03-12T10:00:00Z", "minutes": 60},
        201,
    )
    page = desk.open("rep", f"/calendar?on={QUIET}-12&span=week")
    block = page.get_by_role("link", name=re.compile(subject))
    box = block.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 24, box["y"] + 60, steps=4)
    page.mouse.move(box["x"] + 20, box["y"] + 10 + 72, steps=4)
    page.mouse.up()
    expect(page.get_by_text(re.compile(f"「{subject}」改到 3月12日周三 "))).to_be_visible()
    moved = rep.json("GET", f"/api/records/activity/{made['id']}")
    assert moved["at"][:16] == "2031-03-12T11:30"


def test_the_phone_shows_the_month_as_dots_and_a_list(desk: Desk) -> None:
    task = a_task(desk.api("rep"), f"{QUIET}-18")
    page = desk.open("rep", f"/calendar?on={QUIET}-18", size=PHONE)
    expect(page.get_by_role("button", name=re.compile("^3月18日周二，[1-9]"))).to_be_visible()
    expect(page.get_by_role("region", name="3月18日周二").get_by_text(task["subject"])).to_be_visible()


def test_a_calendar_program_subscribes_until_the_link_is_stopped(desk: Desk) -> None:
    rep = desk.api("rep")
    subject = a_name("收样品回执")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).date().isoformat()
    rep.json("POST", "/api/records/task", {"subject": subject, "due_on": tomorrow}, 201)
    page = desk.open("rep", "/calendar")
    page.get_by_role("button", name="订阅").click()
    panel = page.get_by_role("dialog", name="订阅日历")
    panel.get_by_role("button", name="生成链接").click()
    link = panel.get_by_role("textbox", name="订阅链接").input_value()
    answer = httpx.get(link)
    assert (answer.status_code, subject in answer.text) == (200, True)
    panel.get_by_role("button", name="停用链接").click()
    expect(panel.get_by_role("button", name="生成链接")).to_be_visible()
    assert httpx.get(link).status_code == 404
