import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.given import a_name

MAVEN = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "maven_crm"


def figure(page: Page, name: str, value: str) -> None:
    """One of the counts of a result."""
    expect(page.locator("dl > div").filter(has_text=name).get_by_role("definition")).to_have_text(value)


def test_a_file_is_mapped_tried_and_brought_in_but_for_the_rows_that_are_refused(desk: Desk) -> None:
    mark = a_name("导入")
    lines = [
        ["公司", "姓名", "手机", "线索来源", "热度"],
        [f"{mark}-甲", "孙芳", "13900139001", "展会", "热"],
        [f"{mark}-乙", "李强", "13900139002", "展会", "温"],
        [f"{mark}-丙", "王丽", "13900139003", "没有这个来源", "热"],
    ]
    content = "\r\n".join(",".join(line) for line in lines).encode("gb18030")
    ops = desk.api("sales_ops")
    page = desk.open("sales_ops", "/records/lead/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "线索.csv", "mimeType": "text/csv", "buffer": content}
    )
    expect(page.get_by_text("gb18030")).to_be_visible()
    expect(page.get_by_role("list").get_by_role("listitem")).to_have_count(5)

    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_text("检查完成，未写入数据")).to_be_visible()
    figure(page, "新建", "2")
    figure(page, "拒绝", "1")
    refused = page.get_by_role("table")
    expect(refused).to_contain_text(f"{mark}-丙")
    expect(refused).to_contain_text("没有这个来源")
    assert ops.json("GET", "/api/records/lead", params={"q": mark})["items"] == []

    page.reload()
    expect(page.get_by_text("检查完成，未写入数据")).to_be_visible()
    page.get_by_role("button", name="正式导入").click()
    expect(page.get_by_text("导入完成")).to_be_visible()
    figure(page, "新建", "2")
    with page.expect_download() as download:
        page.get_by_role("link", name="下载错误明细").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        errors = list(csv.DictReader(file))
    assert [row["公司"] for row in errors] == [f"{mark}-丙"]

    expect(page.get_by_role("link", name=f"{mark}-甲")).to_be_visible()
    page.get_by_role("button", name="查看线索").click()
    expect(page.get_by_role("heading", name="线索", level=1)).to_be_visible()
    found = ops.json("GET", "/api/records/lead", params={"q": mark})["items"]
    assert sorted(lead["name"] for lead in found) == ["孙芳", "李强"]


def test_deals_of_the_past_come_in_with_the_days_of_their_stages(desk: Desk) -> None:
    mark = a_name("旧单")
    content = f"名称,阶段,何时谈成,何时结案\n{mark},赢单,2024-03-05,2024-06-18\n".encode()
    page = desk.open("sales_ops", "/records/opportunity/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "旧单.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_text("带入各阶段的时间").click()
    for stage, column in (("需求分析", "何时谈成"), ("赢单", "何时结案")):
        page.get_by_label(stage, exact=True).fill(column)
        page.get_by_label(stage, exact=True).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("请填写越过关卡的理由")
    page.get_by_label("越过关卡的理由").fill("旧系统的历史")
    expect(page.get_by_role("alert")).to_have_count(0)
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_text("导入完成")).to_be_visible()
    figure(page, "新建", "1")

    [deal] = desk.api("sales_ops").json("GET", "/api/records/opportunity", params={"q": mark})["items"]
    assert (deal["stage"], deal["created_at"][:10], deal["stage_since"][:10]) == (
        "won",
        "2024-03-04",
        "2024-06-17",
    )


def test_cells_copied_in_excel_are_pasted(desk: Desk) -> None:
    mark = a_name("粘贴")
    page = desk.open("sales_ops", "/records/competitor/import")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    header = download.value.path().read_text("utf-8-sig").splitlines()[0]
    assert header.startswith("名称")
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            window.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true}));
        }""",
        f"名称\t说明\n{mark}\t对手\n",
    )
    expect(page.get_by_text("粘贴的表格.tsv")).to_be_visible()
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_text("导入完成")).to_be_visible()
    page.get_by_role("link", name=mark).click()
    expect(page.get_by_role("heading", name=mark, level=1)).to_be_visible()


@pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven CRM data set is absent")
def test_brings_in_the_accounts_of_a_real_crm(desk: Desk) -> None:
    page = desk.open("sales_ops", "/records/account/import")
    page.locator("input[type=file]").set_input_files(MAVEN / "accounts.csv")
    name = page.get_by_label("「account」对应的字段")
    name.fill("客户名称")
    name.press("Enter")
    columns = page.get_by_role("list").get_by_role("listitem")
    columns.filter(has_text="subsidiary_of").locator(".ant-select-clear").click(force=True)
    columns.filter(has_text="sector").get_by_role("button", name="替换值").click()
    page.get_by_role("button", name="添加").click()
    page.get_by_label("文件中的值").fill("technolgy")
    page.get_by_label("存为").click()
    page.get_by_title("科技").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_text("检查完成，未写入数据")).to_be_visible()
    figure(page, "新建", "85")
    figure(page, "拒绝", "0")


@pytest.mark.skipif(not MAVEN.is_dir(), reason="the Maven CRM data set is absent")
def test_files_of_a_known_system_bring_their_plan(desk: Desk) -> None:
    page = desk.open("sales_ops", "/records/account/import")
    page.locator("input[type=file]").set_input_files(MAVEN / "accounts.csv")
    page.get_by_label("使用已存的对应关系").click()
    page.get_by_title("Maven CRM 销售数据 · 1").click()
    columns = page.get_by_role("list").get_by_role("listitem")
    expect(columns.filter(has_text="sector").get_by_role("button", name="替换值")).to_have_text("1")
    expect(columns.filter(has_text="subsidiary_of")).to_contain_text("不导入")
    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_text("检查完成，未写入数据")).to_be_visible()
    figure(page, "新建", "85")
    figure(page, "拒绝", "0")


def test_is_not_offered_to_those_who_may_not(desk: Desk) -> None:
    page = desk.open("rep", "/records/lead/import")
    expect(page.get_by_role("main")).to_contain_text("这个页面不存在")
