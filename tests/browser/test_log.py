"""An event log in a table, at the page: its columns recognised, tried, brought in, its reading kept for the next."""

import re

from playwright.sync_api import Page, expect

from tests.browser.axe import grave
from tests.browser.desk import Desk
from tests.browser.given import a_name
from tests.browser.test_import import figure


def give(page: Page, lines: list[str]) -> None:
    content = "\n".join(lines).encode("gb18030")
    page.locator("input[type=file]").set_input_files(
        {"name": "商机台账.csv", "mimeType": "text/csv", "buffer": content}
    )


def test_a_table_of_events_becomes_records_that_went_their_way(desk: Desk) -> None:
    mark = a_name("台账")
    lines = [
        "商机编号,环节,发生时间,经办人,客户",
        f"{mark}-1,需求分析,2024-03-11 09:00,王芳,",
        f"{mark}-1,初步接触,2024-03-04 09:00,王芳,",
        f"{mark}-1,上门拜访,2024-03-12 09:00,李强,",
        f"{mark}-1,输单,2024-04-01 09:00,王芳,",
        f"{mark}-2,初步接触,大概三月,王芳,",
    ]
    ops = desk.api("sales_ops")
    page = desk.open("sales_ops", "/import/log")
    expect(page.get_by_role("heading", name="导入事件日志", level=1)).to_be_visible()
    give(page, lines)
    expect(page.get_by_text("2 条轨迹，4 个事件")).to_be_visible()
    expect(page.get_by_text("第 6 行“发生时间”")).to_be_visible()
    rows = page.get_by_role("listitem")
    for part, column in (("案例", "商机编号"), ("事件", "环节"), ("时间", "发生时间"), ("执行人", "经办人")):
        expect(rows.filter(has=page.get_by_label(f"「{part}」所在的列"))).to_contain_text(column)
    assert grave(page) == []
    page.get_by_label("「上门拜访」的含义").click()
    page.get_by_title("需求确认").last.click()
    page.get_by_label("保存对应关系为").fill(mark)

    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_text("检查完成，未写入数据")).to_be_visible()
    figure(page, "新建", "1")
    figure(page, "拒绝", "1")
    expect(page.get_by_role("table")).to_contain_text("应是时间")
    page.reload()
    page.get_by_role("button", name="正式导入").click()
    expect(page.get_by_text("导入完成")).to_be_visible()
    figure(page, "事件", "4")
    [told] = ops.json("GET", "/api/records/opportunity", params={"q": mark})["items"]
    assert (told["external_key"], told["stage"]) == (f"{mark}-1", "lost")
    assert told["created_at"].startswith("2024-03-04T01:00")
    page.get_by_role("link", name="看流程分析").click()
    expect(page).to_have_url(re.compile(r"/process/sales\?.*since=2024-03-04&until=2024-04-01"))

    page.goto("/import/log")
    give(page, lines)
    page.get_by_label("使用已存的对应关系").click()
    page.get_by_title(mark).last.click()
    expect(rows.filter(has=page.get_by_label("「上门拜访」的含义"))).to_contain_text("需求确认")
