"""A record's menu beyond its fields: shared for a while, explained, merged with its twin; and one's own tokens."""

from playwright.sync_api import Page, expect

from tests.browser.desk import PHONE, Desk
from tests.browser.given import a_contact, a_name, an_account, an_opportunity
from tests.web.site import Json


def menu(page: Page, item: str) -> None:
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name=item).click()


def test_a_record_is_shared_explained_and_taken_back(desk: Desk) -> None:
    owner, colleague = desk.api("sales_ops"), desk.api("rep")
    account = an_account(owner)
    path = f"/api/records/account/{account['id']}"
    colleague.json("GET", path, status=404)
    page = desk.open("sales_ops", f"/records/account/{account['id']}")
    menu(page, "共享…")
    panel = page.get_by_role("dialog", name=f"共享「{account['name']}」")
    person = panel.get_by_role("combobox", name="同事")
    person.fill(colleague.me["name"])
    page.locator(".ant-select-item-option").filter(has_text=colleague.me["name"]).first.click()
    panel.get_by_role("button", name="共享", exact=True).click()
    shares = panel.get_by_role("region", name="已共享给")
    expect(shares).to_contain_text(colleague.me["name"])
    [share] = owner.json("GET", f"{path}/shares")["items"]
    assert (share["act"], share["until"]) == ("read", None)
    shares.get_by_role("button", name=f"收回{colleague.me['name']}的共享").click()
    expect(shares).to_be_hidden()
    page.get_by_role("button", name="撤销").click()
    expect(shares).to_contain_text(colleague.me["name"])
    page.keyboard.press("Escape")

    menu(page, "谁能看到")
    why = page.get_by_role("dialog", name=f"谁能看到「{account['name']}」")
    expect(why.get_by_role("status")).to_contain_text("能看到也能修改")
    page.keyboard.press("Escape")

    contact = a_contact(owner, account, "user")
    page.goto(f"/records/contact/{contact['id']}")
    menu(page, "谁看过")
    looks = page.get_by_role("dialog", name=f"谁看过：{contact['name']}")
    expect(looks.get_by_role("listitem")).to_contain_text([f"{owner.me['name']}打开了记录"])


def test_two_records_that_are_one_are_merged_on_a_phone(desk: Desk) -> None:
    manager = desk.api("manager")
    kept, gone = an_account(manager), an_account(manager)
    a_contact(manager, gone, "user")
    manager.json(
        "PATCH", f"/api/records/account/{gone['id']}", {"version": gone["version"], "city": a_name("城")}
    )
    page = desk.open("manager", f"/records/account/{kept['id']}", size=PHONE)
    menu(page, "与另一条合并")
    panel = page.get_by_role("dialog", name="合并客户")
    panel.get_by_role("combobox", name="另一条记录").fill(gone["name"])
    page.locator(".ant-select-item-option").filter(has_text=gone["name"]).click()
    expect(panel).to_contain_text("联系人")
    expect(panel.get_by_role("radio", name="城市：取另一条的值")).to_be_checked()
    go = panel.get_by_role("button", name="合并客户")
    expect(go).to_be_disabled()
    panel.get_by_role("checkbox", name="我确认归档").check()
    go.click()
    expect(panel.get_by_role("status")).to_contain_text(f"「{gone['name']}」已并入「{kept['name']}」")
    merged: Json = manager.json("GET", f"/api/records/account/{kept['id']}")
    assert merged["city"].startswith("城")
    assert manager.json("GET", f"/api/records/account/{gone['id']}")["archived_at"] is not None


def test_a_token_is_made_shown_once_used_and_revoked(desk: Desk) -> None:
    page = desk.open("rep", "/settings/tokens")
    name = a_name("报表")
    page.get_by_role("button", name="新建令牌").click()
    panel = page.get_by_role("dialog", name="新建令牌")
    panel.get_by_label("名称").fill(name)
    panel.get_by_role("button", name="生成令牌").click()
    token = page.get_by_test_id("token").inner_text()
    assert token.startswith("cdt_")
    stranger = page.request
    answer = stranger.get("/api/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json()["user"]["username"] == "rep"
    page.get_by_role("button", name="我已保存，关闭").click()
    row = page.get_by_role("listitem").filter(has_text=name)
    expect(row).to_contain_text("只读")
    assert token not in page.content()

    row.get_by_role("button", name=f"吊销「{name}」").click()
    row.get_by_role("button", name="确认吊销").click()
    expect(row).to_have_count(0)


def test_what_was_shared_to_be_read_offers_nothing_to_change(desk: Desk) -> None:
    owner, colleague = desk.api("sales_ops"), desk.api("rep")
    opportunity = an_opportunity(owner)
    path = f"/records/opportunity/{opportunity['id']}"
    for act, offered in (("read", 0), ("update", 1)):
        owner.json("POST", f"/api{path}/shares", {"user": colleague.me["id"], "act": act})
        page = desk.open("rep", path)
        expect(page.get_by_role("heading", name=opportunity["name"], level=1)).to_be_visible()
        expect(page.get_by_role("complementary").get_by_text("客户跟进检查清单")).to_be_visible()
        expect(page.get_by_role("button", name="推进到「需求分析」")).to_have_count(offered)
        expect(page.get_by_role("button", name="赢单", exact=True)).to_be_enabled(enabled=offered > 0)
