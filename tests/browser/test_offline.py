"""Without a network: what is written waits in the browser and is sent once when the network is back."""

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.desk import PHONE, Desk
from tests.browser.given import (
    PDF,
    a_contact,
    a_name,
    an_account,
    an_opportunity,
    an_opportunity_in_discovery,
)
from tests.web.site import Json, Visitor

READY = """() => ["CreatePanel", "OutboxPanel"].every((part) =>
    performance.getEntriesByType("resource").some((entry) => entry.name.includes(`/${part}-`)))"""
ACCOUNTS = "/api/records/account"


def named(visitor: Visitor, name: str) -> list[Json]:
    """The accounts of that name."""
    items: list[Json] = visitor.json("GET", ACCOUNTS, params={"q": name})["items"]
    return items


def cut(desk: Desk, page: Page) -> None:
    """Take the network away, once the page has loaded what it needs."""
    page.wait_for_function(READY)
    page.wait_for_load_state("networkidle")
    desk.watches[-1].expect_failures()
    page.context.set_offline(True)


def create(page: Page, name: str, website: str = "") -> None:
    """Fill in the form for a new account and send it off."""
    page.wait_for_function(READY)
    page.keyboard.press("c")
    form = page.get_by_role("dialog", name="新建客户")
    form.get_by_label("客户名称").fill(name)
    form.get_by_label("网站").fill(website)
    form.get_by_role("button", name="新建", exact=True).click()
    expect(form).to_be_hidden()


def test_what_is_created_without_a_network_waits_and_is_sent_once(desk: Desk) -> None:
    rep, name = desk.api("rep"), a_name("离线客户")
    page = desk.open("rep", "/records/account", size=PHONE)
    expect(page.get_by_role("heading", name="客户", level=1)).to_be_visible()
    second = page.context.new_page()
    second.goto("/records/account")
    expect(second.get_by_role("heading", name="客户", level=1)).to_be_visible()

    cut(desk, page)
    expect(page.get_by_role("button", name="离线", exact=True)).to_be_visible()
    create(page, name)
    expect(second.get_by_role("button", name="1 条待发送")).to_be_visible()

    page.get_by_role("button", name="1 条待发送").click()
    panel = page.get_by_role("dialog", name="待发送")
    expect(panel.get_by_role("listitem")).to_contain_text(name)
    panel.get_by_role("button", name="编辑").click()
    form = page.get_by_role("dialog", name="新建客户")
    form.get_by_label("客户名称").fill(f"{name}（改）")
    form.get_by_role("button", name="保存并发送").click()
    expect(form).to_be_hidden()
    assert named(rep, name) == []

    page.context.set_offline(False)
    for tab in (page, second):
        expect(tab.get_by_role("button", name="1 条待发送")).to_be_hidden()
    assert [account["name"] for account in named(rep, name)] == [f"{name}（改）"]


def test_what_was_carried_out_although_the_answer_was_lost_is_not_done_again(desk: Desk) -> None:
    rep, name = desk.api("rep"), a_name("丢失回答")
    page = desk.open("rep", "/records/account")
    expect(page.get_by_role("heading", name="客户", level=1)).to_be_visible()
    keys: list[str | None] = []

    def lose(route: Route) -> None:
        """Let the server carry it out; keep its first answer from the page."""
        keys.append(route.request.headers.get("idempotency-key"))
        if len(keys) > 1:
            route.continue_()
            return
        assert route.fetch().status == 201
        route.abort("connectionreset")

    desk.watches[-1].expect_failures()
    page.route(
        lambda url: url.endswith(ACCOUNTS),
        lambda route: lose(route) if route.request.method == "POST" else route.continue_(),
    )
    create(page, name)
    expect(page.get_by_text("已发送 1 条离线内容")).to_be_visible()
    expect(page.get_by_role("button", name="条待发送")).to_be_hidden()
    assert len(named(rep, name)) == 1
    assert len(keys) == 2
    assert len(set(keys)) == 1


def test_changes_made_without_a_network_go_on_top_of_what_others_changed(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    address = f"{ACCOUNTS}/{account['id']}"
    page = desk.open("rep", f"/records/account/{account['id']}", refusals={409})
    expect(page.get_by_role("heading", name=account["name"], level=1)).to_be_visible()

    cut(desk, page)
    edit(page, "网站", "https://example.com")
    expect(page.get_by_role("button", name="1 条待发送")).to_be_visible()
    expect(page.get_by_role("link", name="example.com")).to_be_visible()
    rep.json("PATCH", address, {"version": account["version"], "phone": "0512-6688"})

    page.context.set_offline(False)
    expect(page.get_by_text("已发送 1 条离线内容")).to_be_visible()
    after = rep.json("GET", address)
    assert (after["website"], after["phone"]) == ("https://example.com", "0512-6688")


def test_a_comment_waits_too(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    page = desk.open("rep", f"/records/account/{account['id']}")
    box = page.get_by_label("写评论")
    expect(box).to_be_visible()
    cut(desk, page)
    box.fill("客户明天到访")
    page.get_by_role("button", name="发送", exact=True).click()
    expect(page.get_by_role("button", name="1 条待发送")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_role("button", name="1 条待发送")).to_be_hidden()
    said = rep.json("GET", f"{ACCOUNTS}/{account['id']}/comments")["items"]
    assert [comment["text"] for comment in said] == ["客户明天到访"]


def test_without_a_network_one_save_follows_the_other(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    address = f"{ACCOUNTS}/{account['id']}"
    page = desk.open("rep", f"/records/account/{account['id']}")
    box = page.get_by_label("写评论")
    expect(box).to_be_visible()
    cut(desk, page)
    unsaved = page.get_by_role("region", name="未保存的修改")
    for field, value in (("网站", "https://example.com"), ("总机", "0512-6688")):
        edit(page, field, value)
        expect(unsaved).to_be_hidden()
    for text in ("客户明天到访", "带上样品"):
        box.fill(text)
        page.get_by_role("button", name="发送", exact=True).click()
        expect(box).to_have_value("")
    expect(page.get_by_role("button", name="3 条待发送")).to_be_visible()

    page.context.set_offline(False)
    expect(page.get_by_text("已发送 3 条离线内容")).to_be_visible()
    after = rep.json("GET", address)
    assert (after["website"], after["phone"]) == ("https://example.com", "0512-6688")
    said = rep.json("GET", f"{address}/comments")["items"]
    assert sorted(comment["text"] for comment in said) == ["客户明天到访", "带上样品"]


def test_a_quick_note_without_a_network_is_done_with_once_it_waits(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", f"/records/opportunity/{opportunity['id']}")
    note = page.get_by_role("button", name="电话", exact=True)
    expect(note).to_be_visible()
    cut(desk, page)
    note.click()
    form = page.get_by_role("form", name="新建电话")
    form.get_by_role("textbox", name="内容").fill("约了周五再谈")
    form.get_by_role("button", name="保存", exact=True).click()
    expect(form).to_be_hidden()
    expect(page.get_by_role("button", name="1 条待发送")).to_be_visible()


def opened(page: Page, title: str) -> Locator:
    """The form of that title in which the one thing that waits is edited."""
    page.get_by_role("button", name="1 条待发送").click()
    page.get_by_role("dialog", name="待发送").get_by_role("button", name="编辑").click()
    return page.get_by_role("dialog", name=title)


def come_back(page: Page) -> None:
    """Give the network back, and wait until what waited is sent."""
    page.context.set_offline(False)
    expect(page.get_by_text("已发送 1 条离线内容")).to_be_visible()


def test_a_creation_that_is_sent_while_it_is_edited_takes_the_edit_as_a_change(desk: Desk) -> None:
    rep, name = desk.api("rep"), a_name("边改边发")
    page = desk.open("rep", "/records/account")
    expect(page.get_by_role("heading", name="客户", level=1)).to_be_visible()
    cut(desk, page)
    create(page, name)
    form = opened(page, "新建客户")
    form.get_by_label("网站").fill("https://example.com")
    come_back(page)
    form.get_by_role("button", name="保存并发送").click()
    expect(page.get_by_text("刚才已经发出，您改的内容随后补发")).to_be_visible()
    expect(page.get_by_role("button", name="条待发送")).to_be_hidden()
    assert [account["website"] for account in named(rep, name)] == ["https://example.com"]


def test_changes_and_remarks_that_are_sent_while_they_are_edited_take_the_edit_too(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    address = f"{ACCOUNTS}/{account['id']}"
    page = desk.open("rep", f"/records/account/{account['id']}", refusals={409})
    box = page.get_by_label("写评论")
    expect(box).to_be_visible()
    cut(desk, page)
    edit(page, "网站", "https://example.com")
    form = opened(page, account["name"])
    form.get_by_label("网站").fill("https://example.org")
    come_back(page)
    form.get_by_role("button", name="保存并发送").click()
    expect(page.get_by_text("刚才已经发出，您改的内容随后补发")).to_be_visible()
    expect(page.get_by_role("button", name="条待发送")).to_be_hidden()
    assert rep.json("GET", address)["website"] == "https://example.org"

    page.reload()
    expect(box).to_be_visible()
    cut(desk, page)
    box.fill("客户明天到访")
    page.get_by_role("button", name="发送", exact=True).click()
    form = opened(page, account["name"])
    form.get_by_label("评论").fill("客户后天到访")
    come_back(page)
    form.get_by_role("button", name="保存并发送").click()
    expect(form).to_be_hidden()
    said = rep.json("GET", f"{address}/comments")["items"]
    assert [comment["text"] for comment in said] == ["客户后天到访"]


def test_logging_out_without_a_network_says_that_it_failed(desk: Desk) -> None:
    page = desk.open("rep", "/records/account")
    expect(page.get_by_role("heading", name="客户", level=1)).to_be_visible()
    cut(desk, page)
    page.get_by_role("button", name="账户：").click()
    page.get_by_role("menuitem", name="退出登录").click()
    expect(page.get_by_text("没有退出登录：连不上服务器")).to_be_visible()
    name = a_name("还没有发出")
    create(page, name)
    page.get_by_role("button", name="账户：").click()
    page.get_by_role("menuitem", name="退出登录").click()
    page.get_by_role("button", name="清除并退出").click()
    expect(page.get_by_text("没有退出登录：连不上服务器").last).to_be_visible()
    expect(page.get_by_role("button", name="1 条待发送")).to_be_visible()


def test_what_the_server_refuses_comes_back_with_its_reasons_to_be_corrected(desk: Desk) -> None:
    rep, name = desk.api("rep"), a_name("被退回")
    page = desk.open("rep", "/records/account", refusals={422})
    expect(page.get_by_role("heading", name="客户", level=1)).to_be_visible()
    cut(desk, page)
    create(page, name, website="ftp://nowhere")
    page.context.set_offline(False)
    page.get_by_role("button", name="1 条被退回").click()
    panel = page.get_by_role("dialog", name="待发送")
    expect(panel.get_by_role("alert")).to_contain_text("http")
    panel.get_by_role("button", name="编辑").click()
    form = page.get_by_role("dialog", name="新建客户")
    form.get_by_label("网站").fill("https://example.com")
    form.get_by_role("button", name="保存并发送").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    expect(page.get_by_role("button", name="条被退回")).to_be_hidden()
    assert [account["website"] for account in named(rep, name)] == ["https://example.com"]


def edit(page: Page, field: str, value: str) -> None:
    """Change a field of the record that is open."""
    page.get_by_role("button", name=f"编辑{field}", exact=True).click()
    page.get_by_label(field, exact=True).fill(value)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="保存").click()


def test_a_move_and_a_file_wait_and_are_sent_once(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    a_contact(rep, account, "user")
    opportunity = an_opportunity(rep, account=account["id"])
    visit = {"subject": "首次拜访", "kind": "visit", "opportunity": opportunity["id"]}
    rep.json("POST", "/api/records/activity", visit, 201)
    address = f"/api/records/opportunity/{opportunity['id']}"
    page = desk.open("rep", f"/records/opportunity/{opportunity['id']}?tab=files")
    move = page.get_by_role("button", name="推进到「需求分析」").first
    expect(move).to_be_visible()
    expect(page.get_by_text("还没有文件")).to_be_visible()

    cut(desk, page)
    page.get_by_role("tabpanel").locator("input[type=file]").set_input_files(
        {"name": "现场.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    expect(page.get_by_role("tabpanel")).to_contain_text("现场.pdf")
    move.click()
    expect(page.get_by_role("button", name="2 条待发送")).to_be_visible()
    assert rep.json("GET", address)["stage"] == "prospecting"

    page.context.set_offline(False)
    expect(page.get_by_text("已发送 2 条离线内容")).to_be_visible()
    assert rep.json("GET", address)["stage"] == "discovery"
    assert [file["name"] for file in rep.json("GET", f"{address}/files")["items"]] == ["现场.pdf"]


def test_a_move_that_the_gate_refuses_comes_back_to_be_completed(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", f"/records/opportunity/{opportunity['id']}?tab=gate", refusals={409})
    move = page.get_by_role("button", name="推进到「方案演示」").first
    expect(move).to_be_visible()
    cut(desk, page)
    move.click()
    expect(page.get_by_role("button", name="1 条待发送")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="1 条被退回").click()
    page.get_by_role("dialog", name="待发送").get_by_role("button", name="编辑").click()
    form = page.get_by_role("dialog", name="进入「方案演示」")
    expect(form.get_by_role("listitem")).to_have_count(5)
