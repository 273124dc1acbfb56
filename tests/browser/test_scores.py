"""Health in the page: an account's card, the board, and weights tried out, published and taken back."""

import re

from playwright.sync_api import expect

from tests.browser.desk import Desk


def test_the_board_leads_to_an_account_that_says_why(desk: Desk) -> None:
    page = desk.open("csm", "/scores/health")
    change = page.get_by_role("region", name="一周内变灯").get_by_role("listitem").first
    name = change.locator("[class*=cut]").first.inner_text()
    change.get_by_role("link").click()

    card = page.get_by_role("region", name="健康度")
    expect(page.get_by_role("heading", name=name).first).to_be_visible()
    expect(card.get_by_role("list", name="主要原因").get_by_role("listitem").first).to_contain_text("分")
    expect(card.get_by_role("img", name="近三个月的变化")).to_be_visible()
    card.get_by_role("button", name="把握").click()
    expect(card.get_by_text("30 天接触次数")).to_be_visible()


def test_weights_are_tried_out_published_and_taken_back(desk: Desk) -> None:
    page = desk.open("sales_ops", "/scores/health/tuning")
    trial = page.get_by_role("complementary", name="试算")
    expect(trial).to_contain_text("条中 0 条变灯")

    page.get_by_label("红灯低于").fill("64")
    page.keyboard.press("Tab")
    expect(trial).to_contain_text(re.compile("条中 [1-9][0-9]* 条变灯"))
    trial.get_by_role("button", name="发布 1 处改动").click()

    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_label("红灯低于")).to_have_value("40")
    expect(page.get_by_role("region", name="发布记录")).to_contain_text(re.compile(r"恢复到第 \d+ 版"))


def test_tuning_is_not_there_for_those_who_may_not_publish(desk: Desk) -> None:
    page = desk.open("rep", "/scores/health/tuning")
    expect(page.get_by_role("main")).to_contain_text("这个页面不存在")
