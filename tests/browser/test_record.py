import re

from playwright.sync_api import Page, expect

from tests.browser.desk import Desk
from tests.browser.given import a_signed_scan, an_account, an_opportunity, an_opportunity_in_discovery
from tests.browser.held import hold_back
from tests.web.site import Json


def path_of(opportunity: Json, tab: str = "") -> str:
    return f"/records/opportunity/{opportunity['id']}" + (f"?tab={tab}" if tab else "")


def edit(page: Page, field: str, text: str) -> None:
    """Press a field's value and type another."""
    page.get_by_role("button", name=f"编辑{field}", exact=True).click(force=True)
    page.get_by_label(field, exact=True).fill(text)


def test_fields_are_edited_in_place_and_saved_together(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep)
    page = desk.open("rep", path_of(opportunity))
    edit(page, "下一步", "周五前寄出方案")
    edit(page, "金额", "1280000")
    expect(page.get_by_text("128万")).to_be_visible()
    bar = page.get_by_role("region", name="未保存的修改")
    expect(bar).to_contain_text("2 处修改未保存")
    page.keyboard.press("Control+s")
    expect(bar).to_be_hidden()
    saved = rep.json("GET", f"/api/records/opportunity/{opportunity['id']}")
    assert (saved["next_step"], saved["amount"]) == ("周五前寄出方案", 1280000)
    assert saved["version"] == opportunity["version"] + 1
    page.get_by_role("tab", name="动态").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("周五前寄出方案")


def test_a_value_that_is_refused_is_named_at_its_field(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    page = desk.open("rep", f"/records/account/{account['id']}", refusals={422})
    edit(page, "网站", "ftp://nowhere")
    page.get_by_role("region", name="未保存的修改").get_by_role("button", name="保存").click()
    expect(page.get_by_role("tabpanel").get_by_role("alert")).to_contain_text("http")
    assert rep.json("GET", f"/api/records/account/{account['id']}")["version"] == account["version"]


def test_an_amount_is_read_as_people_write_it_and_can_be_emptied(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep)
    path = f"/api/records/opportunity/{opportunity['id']}"
    page = desk.open("rep", path_of(opportunity), refusals={422})
    bar = page.get_by_role("region", name="未保存的修改")
    page.get_by_role("button", name="编辑金额", exact=True).click(force=True)
    page.get_by_label("金额", exact=True).press("Tab")
    expect(bar).to_have_count(0)
    page.get_by_label("金额", exact=True).press("Escape")
    for typed, amount in (("１.5亿", 150_000_000), ("", None), ("120万", 1_200_000)):
        edit(page, "金额", typed)
        page.keyboard.press("Control+s")
        expect(bar).to_have_count(0)
        assert rep.json("GET", path)["amount"] == amount

    edit(page, "金额", "120x")
    panel = page.get_by_role("tabpanel")
    expect(panel.get_by_role("alert")).to_contain_text("读不出数字")
    page.keyboard.press("Control+s")
    expect(panel).to_contain_text("应是数字")
    expect(page.get_by_label("金额", exact=True)).to_have_value("120x")
    assert rep.json("GET", path)["amount"] == 1_200_000


def test_what_is_typed_while_a_save_is_under_way_stays(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep, next_step="初稿")
    path = f"/api/records/opportunity/{opportunity['id']}"
    page = desk.open("rep", path_of(opportunity))
    under_way = hold_back(page, re.compile(f"{path}$"), "PATCH")
    edit(page, "下一步", "约周五")
    page.keyboard.press("Control+s")
    let_go = under_way()
    box = page.get_by_role("textbox", name="下一步")
    box.fill("初稿")
    let_go()
    expect(page.get_by_text("已保存", exact=True)).to_be_visible()
    bar = page.get_by_role("region", name="未保存的修改")
    expect(bar).to_contain_text("1 处修改未保存")
    expect(box).to_have_value("初稿")
    expect(page.get_by_role("button", name="保留我的")).to_have_count(0)
    assert rep.json("GET", path)["next_step"] == "约周五"
    page.keyboard.press("Control+s")
    expect(bar).to_have_count(0)
    assert rep.json("GET", path)["next_step"] == "初稿"


def test_a_link_is_copied_where_the_browser_has_no_clipboard_for_pages(desk: Desk) -> None:
    opportunity = an_opportunity(desk.api("rep"))
    page = desk.open("rep", path_of(opportunity, "timeline"))
    page.add_init_script("Object.defineProperty(Navigator.prototype, 'clipboard', { get: () => undefined })")
    page.reload()
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="复制链接").click()
    expect(page.get_by_text("链接已复制")).to_be_visible()
    box = page.get_by_label("写评论")
    box.focus()
    page.keyboard.press("ControlOrMeta+v")
    expect(box).to_have_value(page.url)


def test_two_people_saving_at_once_are_merged_field_by_field(desk: Desk) -> None:
    opportunity = an_opportunity(desk.api("rep"), next_step="初稿")
    mine = desk.open("rep", path_of(opportunity), refusals={409})
    edit(mine, "下一步", "我的写法")
    edit(mine, "需求与背景", "只有我改")

    theirs = desk.open("manager", path_of(opportunity))
    edit(theirs, "下一步", "经理的写法")
    theirs.keyboard.press("Control+s")
    expect(theirs.get_by_role("region", name="未保存的修改")).to_be_hidden()

    mine.keyboard.press("Control+s")
    merge = mine.get_by_role("dialog", name="有人先一步保存了这条记录")
    expect(merge).to_contain_text("有 1 个字段双方都改了")
    expect(merge.get_by_role("button", name="合并并保存")).to_be_disabled()
    merge.get_by_role("radio", name="对方的 经理的写法").check()
    merge.get_by_role("button", name="合并并保存").click()
    expect(merge).to_be_hidden()
    saved = desk.api("rep").json("GET", f"/api/records/opportunity/{opportunity['id']}")
    assert (saved["next_step"], saved["description"]) == ("经理的写法", "只有我改")


def test_the_gate_panel_takes_ticks_and_files_and_the_timeline_tells(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity_in_discovery(rep)
    scan = a_signed_scan(rep, opportunity)
    page = desk.open("rep", path_of(opportunity))
    panel = page.get_by_role("complementary", name="阶段交付物")
    meter = panel.get_by_role("progressbar")
    expect(meter).to_have_attribute("aria-valuenow", "0")
    panel.get_by_role("checkbox", name="需求确认", exact=True).click()
    expect(meter).to_have_attribute("aria-valuenow", "1")
    form = panel.get_by_role("listitem").filter(has_text="痛点确认表")
    form.locator("input[type=file]").set_input_files(
        {"name": "痛点确认表-扫描.pdf", "mimeType": "application/pdf", "buffer": scan}
    )
    expect(meter).to_have_attribute("aria-valuenow", "2")

    page.get_by_role("tab", name="动态").click()
    timeline = page.get_by_role("tabpanel")
    expect(timeline).to_contain_text("完成了「需求确认」")
    expect(timeline).to_contain_text("上传了文件 痛点确认表-扫描.pdf")
    page.get_by_role("tab", name="文件").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="下载").click()
    assert download.value.suggested_filename == "痛点确认表-扫描.pdf"
    assert download.value.path().read_bytes() == scan


def test_a_related_record_starts_with_the_pointer_set(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    page = desk.open("rep", f"/records/account/{account['id']}")
    page.get_by_role("tab", name="联系人").click()
    page.get_by_role("tabpanel").get_by_role("button", name="新建联系人").click()
    form = page.get_by_role("dialog", name="新建联系人")
    expect(form).to_contain_text(account["name"])
    form.get_by_label("姓名").fill("赵工")
    form.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_role("tabpanel").get_by_role("link", name="赵工")).to_be_visible()
    found = rep.json("GET", "/api/records/contact", params={"filter": f'account == "{account["id"]}"'})[
        "items"
    ]
    assert [contact["name"] for contact in found] == ["赵工"]


def test_archiving_can_be_taken_back(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    page = desk.open("rep", f"/records/account/{account['id']}")
    page.get_by_role("button", name="更多操作").click()
    page.get_by_role("menuitem", name="归档").click()
    expect(page.get_by_text("客户已归档")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(page.get_by_text("客户已恢复")).to_be_visible()
    assert rep.json("GET", f"/api/records/account/{account['id']}")["archived_at"] is None


def test_pressing_a_stage_on_the_path_opens_what_it_demands(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", path_of(opportunity), refusals={409})
    page.get_by_role("list", name="销售流程").get_by_role("button", name=re.compile("^方案演示")).click()
    expect(page.get_by_role("dialog", name="进入「方案演示」").get_by_role("listitem")).to_have_count(5)


def test_another_s_record_is_not_found(desk: Desk) -> None:
    hidden = an_opportunity(desk.api("sales_ops"))
    page = desk.open("rep", path_of(hidden), refusals={404})
    expect(page.get_by_role("heading", name="找不到", level=1)).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("它不存在，或者您没有查看权限")
    assert hidden["name"] not in page.content()


def test_a_page_that_does_not_exist_says_so(desk: Desk) -> None:
    page = desk.open("rep", "/records/no_such_object")
    expect(page.get_by_role("main")).to_contain_text("这个页面不存在")
    page.get_by_role("button", name="首页").click()
    expect(page.get_by_role("heading", name="首页", level=1)).to_be_visible()
