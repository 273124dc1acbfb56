"""A newcomer is let in: made by an administrator, sent a link, logged in with a password of their own, logged out."""

from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.given import a_name

PASSWORD = "长江后浪推前浪-2026"


def test_a_newcomer_is_made_invited_and_logs_in_on_a_phone(desk: Desk) -> None:
    username, name = a_name("new"), a_name("新人")
    admin = desk.open("admin", "/records/user")
    admin.get_by_role("button", name="新建用户").click()
    form = admin.get_by_role("dialog", name="新建用户")
    form.get_by_label("用户名").fill(username)
    form.get_by_label("姓名").fill(name)
    form.get_by_role("combobox", name="角色").fill("销售")
    admin.locator(".ant-select-item-option").filter(has_text="销售").first.click()
    form.get_by_role("button", name="新建", exact=True).click()
    expect(admin.get_by_role("heading", name=name, level=1)).to_be_visible()
    admin.get_by_role("button", name="更多操作").click()
    admin.get_by_role("menuitem", name="登录与会话").click()
    panel = admin.get_by_role("dialog", name=f"{name}的登录")
    expect(panel).to_contain_text("还没有密码")
    panel.get_by_role("button", name="生成链接").click()
    link = admin.get_by_test_id("link").inner_text()

    phone = desk.open(None, link.partition("/welcome")[1] + link.partition("/welcome")[2], size=PHONE)
    expect(phone.get_by_role("heading", level=1)).to_contain_text(name)
    phone.get_by_label("新密码").fill(PASSWORD)
    phone.get_by_label("再输一次").fill("不一样的密码也够长")
    phone.get_by_role("button", name="设置密码").click()
    expect(phone.get_by_role("alert")).to_contain_text("两次输入的密码不一样")
    phone.get_by_label("再输一次").fill(PASSWORD)
    phone.get_by_role("button", name="设置密码").click()
    phone.get_by_role("button", name="去登录").click()
    phone.get_by_label("用户名").fill(username)
    phone.get_by_label("密码").fill(PASSWORD)
    phone.get_by_role("button", name="登录", exact=True).click()
    expect(phone.get_by_role("navigation")).to_be_visible()

    admin.keyboard.press("Escape")
    admin.get_by_role("button", name="更多操作").click()
    admin.get_by_role("menuitem", name="登录与会话").click()
    panel.get_by_role("button", name="结束 1 个会话").click()
    expect(panel.get_by_role("button", name="结束 1 个会话")).to_be_hidden()


def test_a_link_that_is_over_says_so(desk: Desk) -> None:
    page = desk.open(None, "/welcome#nonsense", refusals={404})
    expect(page.get_by_role("heading", level=1)).to_have_text("链接已失效")
    expect(page.get_by_role("main")).to_contain_text("请向管理员要一个新的")
