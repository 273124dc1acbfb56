from playwright.sync_api import expect

from chengdan.cli.demo import PASSWORD
from tests.browser.desk import Desk


def test_lets_a_person_in_and_out_again(desk: Desk) -> None:
    page = desk.open(None, "/", refusals={401})
    page.get_by_label("用户名").fill("rep")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="首页", level=1)).to_be_visible()
    page.get_by_role("button", name="账户：").click()
    page.get_by_role("menuitem", name="退出登录").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    page.goto("/records/opportunity")
    expect(page.get_by_role("heading", name="登录")).to_be_visible()


def test_who_leaves_something_unsent_is_asked_whether_it_stays(desk: Desk) -> None:
    page = desk.open(None, "/login?next=/records/account", refusals={401})
    page.get_by_label("用户名").fill("rep")
    page.get_by_label("密码", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("heading", name="客户", level=1)).to_be_visible()
    page.keyboard.press("c")
    page.get_by_role("dialog", name="新建客户").get_by_label("客户名称").fill("没写完的客户")
    page.wait_for_function("() => Object.keys(localStorage).some((key) => key.startsWith('chengdan.typed/'))")
    page.reload()
    page.get_by_role("button", name="账户：").click()
    page.get_by_role("menuitem", name="退出登录").click()
    asked = page.get_by_role("dialog").filter(has_text="还有没有发送的内容")
    asked.get_by_role("button", name="取消").click()
    expect(asked).to_have_count(0)
    page.get_by_role("button", name="账户：").click()
    page.get_by_role("menuitem", name="退出登录").click()
    asked.get_by_role("button", name="清除并退出").click()
    expect(page.get_by_role("heading", name="登录")).to_be_visible()
    kept = page.evaluate("() => Object.keys(localStorage).filter((key) => key.startsWith('chengdan.typed/'))")
    assert kept == []


def test_says_that_the_password_is_wrong(desk: Desk) -> None:
    page = desk.open(None, "/login", refusals={401})
    page.get_by_label("用户名").fill("manager")
    page.get_by_label("密码", exact=True).fill("not-the-password")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("密码")
    expect(page.get_by_label("用户名")).to_have_value("manager")


def test_goes_on_to_the_page_that_was_asked_for(desk: Desk) -> None:
    page = desk.open(None, "/records/contact?view=contact_all", refusals={401})
    page.get_by_role("button", name="销售运营", exact=True).click()
    expect(page.get_by_role("heading", name="联系人", level=1)).to_be_visible()
    expect(page.get_by_role("tab", name="全部联系人")).to_have_attribute("aria-selected", "true")
