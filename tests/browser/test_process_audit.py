"""The process audit at the page: a result contested by its owner, the draw verified, the bonus looked into."""

import re

from playwright.sync_api import expect

from tests.browser.axe import grave
from tests.browser.desk import PHONE, Desk


def test_an_owner_contests_a_result_on_the_phone(desk: Desk) -> None:
    page = desk.open("rep", "/audits", size=PHONE)
    expect(page.get_by_role("heading", name="过程审计", level=1)).to_be_visible()
    mine = page.get_by_role("region", name="等您处理").get_by_role("listitem").first
    expect(mine).to_contain_text("已出结果")
    mine.get_by_role("link").click()
    expect(page.get_by_role("article").first).to_be_visible()
    assert grave(page) == []
    page.get_by_role("button", name="申诉", exact=True).click()
    page.get_by_role("textbox", name="申诉理由").fill("签字页在附件第二页")
    page.get_by_role("button", name="提交申诉").click()
    outcome = page.get_by_role("complementary", name="结果")
    expect(outcome).to_contain_text("申诉复核中")
    expect(outcome).to_contain_text("签字页在附件第二页")
    expect(outcome.get_by_role("button", name="接受结果")).to_have_count(0)


def test_a_reviewer_judges_every_deliverable_and_hands_in(desk: Desk) -> None:
    ops = desk.api("sales_ops")
    filter = f'status == "assigned" and owner == "{ops.me["id"]}"'
    found = ops.json("GET", "/api/records/audit_review", params={"filter": filter, "limit": "1"})
    page = desk.open("sales_ops", f"/audits/process/{found['items'][0]['id']}")
    cards = page.get_by_role("article")
    expect(cards.first).to_be_visible()
    hand_in = page.get_by_role("button", name="提交审计结果")
    expect(hand_in).to_be_disabled()
    assert grave(page) == []
    for number in range(cards.count()):
        cards.nth(number).get_by_text("合格", exact=True).click()
        expect(page.get_by_text(re.compile(rf"已判定 {number + 1} / "))).to_be_visible()
    hand_in.click()
    expect(page.get_by_role("complementary", name="结果")).to_contain_text("已出结果")
    expect(page.get_by_role("complementary", name="结果")).to_contain_text("100")


def test_a_draw_is_verified_and_the_bonus_opens_its_reviews(desk: Desk) -> None:
    page = desk.open("sales_ops", "/audits?tab=draws")
    expect(page.get_by_text("预定抽取")).to_be_visible()
    verify = page.get_by_role("button", name="验证", exact=True)
    draw = page.get_by_role("region").filter(has=verify).nth(1)
    draw.get_by_role("button", name="验证", exact=True).click()
    expect(draw.get_by_role("status")).to_contain_text("验证通过")
    with page.expect_download() as download:
        draw.get_by_role("link", name="导出").click()
    assert download.value.suggested_filename.startswith("process-20")

    page.get_by_text("季度奖金", exact=True).click()
    bonus = page.get_by_role("region", name="季度奖金")
    expect(bonus.locator("button[aria-expanded=false]").first).to_be_visible()
    assert grave(page) == []
    bonus.locator("button[aria-expanded=false]").first.click()
    bonus.get_by_role("list").get_by_role("link").first.click()
    expect(page.get_by_role("complementary", name="结果")).to_contain_text("终审")


def test_those_without_audits_have_no_such_page(desk: Desk) -> None:
    page = desk.open("legal", "/audits")
    expect(page.get_by_role("main")).to_contain_text("这个页面不存在")
    expect(page.get_by_role("link", name="过程审计")).to_have_count(0)
