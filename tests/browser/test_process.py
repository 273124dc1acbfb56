"""Process analysis: the story of the demo company is told at first sight, figures open their records, a gate becomes hard and soft."""

import re

from playwright.sync_api import expect

from tests.browser.desk import Desk

STEP = "客户IT架构图确认"


def test_what_changed_is_told_and_made_a_hard_gate_and_back(desk: Desk) -> None:
    page = desk.open("sales_ops", "/process")
    told = page.get_by_role("region", name="最大的变化")
    expect(told).to_contain_text(re.compile(r"「报价」的转化率 −\d+"))
    expect(told).to_contain_text(re.compile(rf"8\d% 跳过了「{STEP}」"))

    page.get_by_role("button", name=re.compile(rf"^{STEP} · 跳过：\d+，")).click()
    records = page.get_by_role("dialog", name=f"{STEP} · 跳过")
    expect(records.get_by_role("listitem").first).to_be_visible()
    records.get_by_role("button", name="关闭").click()

    told.get_by_role("button", name="看谁在跳过").click()
    panel = page.get_by_role("dialog", name=STEP)
    expect(panel).to_contain_text(re.compile(r"会拦下 \d+ 次推进"))
    panel.get_by_role("button", name="设为硬关卡").click()
    expect(panel).to_contain_text("现在是硬关卡")
    page.get_by_role("button", name="撤销").click()
    expect(panel).to_contain_text("现在是软关卡")


def test_the_map_has_a_table_for_those_who_do_not_see_it(desk: Desk) -> None:
    page = desk.open("manager", "/process/sales?tab=map")
    expect(page.get_by_role("application")).to_be_visible()
    page.get_by_role("button", name="看成表格").click()
    expect(page.get_by_role("rowheader", name="初步接触").first).to_be_visible()


def test_it_is_not_there_for_those_who_may_not(desk: Desk) -> None:
    page = desk.open("rep", "/process")
    expect(page.get_by_role("main")).to_contain_text("这个页面不存在")
    expect(page.get_by_role("link", name="流程分析")).to_have_count(0)
