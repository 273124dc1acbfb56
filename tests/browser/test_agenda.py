import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.given import a_name
from tests.browser.held import hold_back


def test_a_day_s_tasks_are_added_ticked_off_and_put_off(desk: Desk) -> None:
    rep = desk.api("rep")
    subject = a_name("给王总回电话")
    page = desk.open("rep", f"/records/task?view=task_agenda&q={subject}")
    line = page.get_by_role("textbox", name="添加任务")
    line.fill(f"明天{subject}")
    expect(page.get_by_text("明天", exact=True)).to_be_visible()
    line.press("Enter")
    week = page.get_by_role("region", name="本周")
    tick = week.get_by_role("checkbox", name=f"完成：{subject}")
    expect(tick).not_to_be_checked()
    expect(line).to_have_value("")
    query = {"filter": f'subject == "{subject}"'}
    [made] = rep.json("GET", "/api/records/task", params=query)["items"]
    assert made["owner"] == rep.me["id"]

    tick.click()
    expect(week).to_have_count(0)
    [done] = rep.json("GET", "/api/records/task", params=query)["items"]
    assert (done["done"], done["done_on"] is not None) == (True, True)
    page.get_by_role("button", name="撤销").click()
    expect(tick).to_be_visible()
    [again] = rep.json("GET", "/api/records/task", params=query)["items"]
    assert (again["done"], again["done_on"]) == (False, None)

    week.get_by_text(subject).hover()
    week.get_by_role("button", name="改期").click()
    page.get_by_role("menuitem", name="一周后").click()
    expect(page.get_by_role("region", name="以后").get_by_text(subject)).to_be_visible()
    [later] = rep.json("GET", "/api/records/task", params=query)["items"]
    assert date.fromisoformat(later["due_on"]) - date.fromisoformat(made["due_on"]) == timedelta(days=6)


def test_the_next_task_is_typed_while_the_one_before_is_sent(desk: Desk) -> None:
    first, second = a_name("第一件"), a_name("第二件")
    page = desk.open("rep", f"/records/task?view=task_agenda&q={first}")
    under_way = hold_back(page, re.compile("/api/records/task$"), "POST")
    line = page.get_by_role("textbox", name="添加任务")
    line.fill(first)
    line.press("Enter")
    let_go = under_way()
    line.fill(second)
    let_go()
    expect(page.get_by_role("link", name=first)).to_be_visible()
    expect(line).to_have_value(second)


def test_the_day_is_walked_through_and_ticked_off_by_keyboard(desk: Desk) -> None:
    rep, mark = desk.api("rep"), a_name("键盘")
    for number in (1, 2):
        task = {"subject": f"{mark}-{number}", "due_on": f"2030-01-0{number}"}
        rep.json("POST", "/api/records/task", task, 201)
    page = desk.open("rep", f"/records/task?view=task_agenda&q={mark}")
    first, second = (page.get_by_role("link", name=f"{mark}-{number}") for number in (1, 2))
    expect(second).to_be_visible()
    page.keyboard.press("j")
    expect(first).to_be_focused()
    page.keyboard.press("j")
    expect(second).to_be_focused()
    page.keyboard.press("k")
    page.keyboard.press("x")
    expect(first).to_have_count(0)
    expect(second).to_be_focused()
    kept = rep.json("GET", "/api/records/task", params={"q": mark, "sort": "due_on"})["items"]
    assert [task["done"] for task in kept] == [True, False]
