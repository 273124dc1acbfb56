import re

from playwright.sync_api import Page, expect

from tests.browser.axe import grave
from tests.browser.desk import PHONE, Desk
from tests.browser.given import an_opportunity_in_discovery


def write_a_name(page: Page) -> None:
    """Two strokes on the pad, as a finger draws them."""
    box = page.get_by_role("img", name="签名板").bounding_box()
    assert box
    for start, height in ((0.15, 0.3), (0.45, 0.7)):
        page.mouse.move(box["x"] + start * box["width"], box["y"] + height * box["height"])
        page.mouse.down()
        page.mouse.move(box["x"] + (start + 0.3) * box["width"], box["y"] + 0.5 * box["height"], steps=6)
        page.mouse.up()


def test_a_customer_signs_on_their_phone_and_the_deliverable_is_met(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity_in_discovery(rep)
    page = desk.open("rep", f"/records/opportunity/{opportunity['id']}")
    panel = page.get_by_role("complementary", name="阶段交付物")
    form = panel.get_by_role("listitem").filter(has_text="痛点确认表")
    form.get_by_role("button", name="请客户在手机上签字").click()
    expect(form.get_by_role("img", name=re.compile("二维码"))).to_be_visible()
    link = form.get_by_role("textbox", name="签字链接").input_value()

    phone = desk.open(None, link.removeprefix(desk.staff.url), size=PHONE)
    expect(phone.get_by_role("heading", level=1)).to_have_text(f"痛点确认表 {opportunity['name']}")
    phone.get_by_role("button", name="确认签字").tap()
    expect(phone.get_by_role("alert")).to_have_text("请填写您的姓名。")
    phone.get_by_label("您的姓名").fill("王敏")
    phone.get_by_role("img", name="签名板").scroll_into_view_if_needed()
    write_a_name(phone)
    phone.get_by_role("checkbox").check()
    assert grave(phone) == []
    phone.get_by_role("button", name="确认签字").tap()
    expect(phone.get_by_role("heading", name="签字完成，谢谢")).to_be_visible()

    expect(form).to_contain_text("王敏在手机上签字")
    expect(form.get_by_role("img", name="已完成")).to_be_visible()
    again = desk.open(None, link.removeprefix(desk.staff.url), size=PHONE, refusals={410})
    expect(again.get_by_role("heading", level=1)).to_contain_text("只能用一次")
    expect(again.get_by_role("button")).to_have_count(0)
