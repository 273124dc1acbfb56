"""The audit trail: found, opened to what changed, verified, taken away; a long list exported as a job."""

import csv
import re

from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.browser.given import an_account

WHOLE_TRAIL_MS = 90_000
"""How long the events of a whole company may take to be verified beside other tests."""


def test_a_change_is_found_opened_and_the_chain_is_verified(desk: Desk) -> None:
    admin = desk.api("admin")
    account = an_account(admin)
    admin.json(
        "PATCH", f"/api/records/account/{account['id']}", {"version": account["version"], "city": "苏州"}
    )
    page = desk.open("admin", "/audit")
    row = page.get_by_role("listitem").filter(has_text=account["name"]).first
    expect(row).to_contain_text("修改")
    row.get_by_role("button", name="详情").click()
    expect(row.get_by_role("table")).to_contain_text("苏州")
    page.get_by_role("combobox", name="事件").fill("新建")
    page.get_by_title("新建", exact=True).click()
    expect(page).to_have_url(re.compile("kind=record.created"))
    expect(row).not_to_contain_text("修改")

    page.get_by_role("button", name="验证封存").click()
    expect(page.get_by_role("status")).to_contain_text("封存完好", timeout=WHOLE_TRAIL_MS)


def test_it_is_not_there_for_those_who_may_not(desk: Desk) -> None:
    page = desk.open("rep", "/audit")
    expect(page.get_by_role("main")).to_contain_text("这个页面不存在")
    expect(page.get_by_role("link", name="审计记录")).to_have_count(0)


def test_a_list_is_exported_with_its_columns(desk: Desk) -> None:
    account = an_account(desk.api("sales_ops"))
    page = desk.open("sales_ops", f"/records/account?view=all&q={account['name']}")
    expect(page.get_by_role("link", name=account["name"])).to_be_visible()
    page.get_by_role("toolbar").get_by_role("button", name="更多").click()
    page.get_by_role("menuitem", name="导出客户").click()
    dialog = page.get_by_role("dialog", name="导出客户")
    dialog.get_by_role("radio", name="CSV").check()
    with page.expect_download() as download:
        dialog.get_by_role("button", name="导出").click()
    assert download.value.suggested_filename == "客户.csv"
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["客户名称"] == account["name"]
    expect(dialog.get_by_role("status")).to_contain_text("已完成，共 1 行")

    page.goto("/jobs")
    expect(page.get_by_role("listitem").filter(has_text="导出客户")).to_contain_text("1 行")
