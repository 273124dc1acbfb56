"""Outlets as an administrator sets them up, and what people choose of the ways in which notifications reach them."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.run.outgoing.vendor import CHECKS, Vendor, vendor


@pytest.fixture
def robot() -> Iterator[Vendor]:
    with vendor(CHECKS["dingtalk"][0]) as robot:
        yield robot


def test_an_outlet_is_made_tried_mended_and_heard_of_in_the_log(desk: Desk, robot: Vendor) -> None:
    page = desk.open("admin", "/settings/outlets", refusals={422})
    page.get_by_role("button", name="新建渠道").click()
    form = page.get_by_role("dialog", name="新建渠道")
    form.get_by_role("radiogroup", name="种类").get_by_text("钉钉").click()
    form.get_by_label("名称").fill("测试群")
    form.get_by_label("地址").fill("http://example.com/robot")
    form.get_by_role("button", name="保存").click()
    expect(form.get_by_role("alert")).to_contain_text("应以 https:// 开头")
    form.get_by_label("地址").fill(robot.url + CHECKS["dingtalk"][1])
    form.get_by_role("textbox", name="密钥").fill("SEC2")
    form.get_by_label("角色").click()
    page.get_by_title("销售经理").click()
    page.keyboard.press("Escape")
    form.get_by_role("button", name="保存").click()
    item = page.get_by_role("listitem").filter(has_text="测试群")
    expect(item).to_contain_text("全部通知 → 销售经理")
    item.get_by_role("button", name="测试「测试群」").click()
    expect(item.get_by_role("status")).to_have_text("没有送达：errcode 310000: sign not match")

    item.get_by_role("button", name="修改「测试群」").click()
    form = page.get_by_role("dialog", name="修改渠道")
    form.get_by_role("textbox", name="密钥").fill("SEC1")
    form.get_by_role("button", name="保存").click()
    expect(form).to_have_count(0)
    item.get_by_role("button", name="测试「测试群」").click()
    expect(item.get_by_role("status")).to_have_text("测试消息已送达。")
    page.get_by_text("发送记录").click()
    log = page.get_by_role("listitem").filter(has_text="测试群")
    expect(log).to_have_count(2)
    expect(log.first).to_contain_text("已送达")
    log.last.get_by_role("button", name="重发").click()
    expect(log.filter(has_text="已送达")).to_have_count(2, timeout=20_000)

    page.get_by_text("渠道", exact=True).click()
    item.get_by_role("button", name="修改「测试群」").click()
    page.get_by_role("button", name="删除渠道").click()
    page.get_by_role("button", name="确认删除").click()
    expect(item).to_have_count(0)


def test_nobody_else_comes_to_the_page(desk: Desk) -> None:
    page = desk.open("rep", "/settings/outlets")
    expect(page.get_by_role("heading", name="找不到", exact=False)).to_be_visible()
    expect(page.get_by_role("link", name="通知渠道")).to_have_count(0)


def test_a_person_chooses_chats_and_digest_on_the_phone(desk: Desk) -> None:
    page = desk.open("csm", "/settings/notifications", size=PHONE)
    chat = page.get_by_role("switch", name="有人提到我: 群消息")
    chat.tap()
    expect(chat).not_to_be_checked()
    page.get_by_role("radiogroup", name="邮件摘要").get_by_text("每周").tap()
    page.get_by_label("摘要时间").fill("09:15")
    page.reload()
    expect(chat).not_to_be_checked()
    expect(page.get_by_label("摘要时间")).to_have_value("09:15")
    chosen = desk.api("csm").json("GET", "/api/notifications/settings")["digest"]
    assert (chosen["every"], chosen["minute"], chosen["weekday"]) == ("weekly", 555, 0)
