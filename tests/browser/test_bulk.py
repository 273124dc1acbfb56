import re

from playwright.sync_api import Route, expect

from tests.browser.desk import Desk
from tests.browser.given import a_name, an_opportunity, an_opportunity_in_discovery


def test_changes_a_field_of_all_that_are_ticked(desk: Desk) -> None:
    mark = a_name("批量")
    for number in (1, 2):
        an_opportunity(desk.api("sales_ops"), name=f"{mark}-{number}")
    page = desk.open("sales_ops", f"/records/opportunity?view=all&q={mark}")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="改字段").click()
    page.get_by_label("选择要改的字段").fill("下一步")
    page.keyboard.press("Enter")
    page.get_by_role("textbox", name="下一步", exact=True).fill("周五前回访")
    page.get_by_role("button", name="应用到所选").click()
    expect(page.get_by_text("已更新 2 条")).to_be_visible()
    expect(page.get_by_role("cell", name="周五前回访")).to_have_count(2)


def test_reports_who_refused_and_why_and_leaves_them_as_they_were(desk: Desk) -> None:
    mark = a_name("批量")
    held = an_opportunity_in_discovery(desk.api("sales_ops"), name=f"{mark}-缺交付物")
    page = desk.open("sales_ops", f"/records/opportunity?view=all&q={mark}")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="移动到").click()
    page.get_by_role("menuitem", name="方案演示").click()
    report = page.get_by_role("dialog")
    expect(report).to_contain_text("完成 0 条，拒绝 1 条")
    expect(report.get_by_role("link", name=held["name"])).to_be_visible()
    for missing in ("需求确认", "痛点确认表", "客户预算", "决策人", "客户IT架构图"):
        expect(report).to_contain_text(missing)
    kept = desk.api("sales_ops").json("GET", f"/api/records/opportunity/{held['id']}")
    assert (kept["stage"], kept["version"]) == ("discovery", held["version"])


def test_selecting_all_ends_with_the_error_when_a_page_does_not_come(desk: Desk) -> None:
    page = desk.open("sales_ops", "/records/activity?view=activity_recent", refusals={503})
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=503, json={"detail": "稍后再试"})

    page.get_by_label("全选").check()
    page.route(re.compile(r"/api/records/activity\?.*cursor="), refuse)
    page.get_by_role("button", name=re.compile("^选择全部符合条件的")).click()
    expect(page.locator(".ant-message").get_by_text("稍后再试")).to_be_visible()
    page.wait_for_timeout(500)
    assert len(asked) == 1


def test_the_palette_acts_on_what_is_ticked(desk: Desk) -> None:
    mark, ops = a_name("批量"), desk.api("sales_ops")
    made = [an_opportunity(ops, name=f"{mark}-{number}") for number in (1, 2)]
    page = desk.open("sales_ops", f"/records/opportunity?view=all&q={mark}")
    page.get_by_label("全选").check()
    page.keyboard.press("ControlOrMeta+k")
    palette = page.get_by_role("dialog")
    palette.get_by_role("combobox").fill("转交")
    expect(palette.get_by_text("已选 2 条")).to_be_visible()
    page.keyboard.press("Enter")
    page.get_by_role("combobox", name="转交给谁？").fill("王晓东")
    page.get_by_role("option", name="王晓东").click()
    expect(page.get_by_text("已更新 2 条")).to_be_visible()
    now = [
        ops.json("GET", f"/api/records/opportunity/{one['id']}", params={"expand": "owner"}) for one in made
    ]
    assert [one["owner"]["label"] for one in now] == ["王晓东", "王晓东"]
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("已还原 2 条")).to_be_visible()
