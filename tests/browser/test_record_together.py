"""Several people on one record: merging what they type, comments, following, and the way back."""

import io
import re

from PIL import Image
from playwright.sync_api import expect

from tests.browser.desk import PHONE, Desk
from tests.browser.given import a_contact, a_signed_scan, an_opportunity, an_opportunity_in_discovery
from tests.browser.held import hold_back
from tests.browser.test_record import edit, path_of


def test_the_next_step_is_said_and_done_until_the_gate_is_open(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity_in_discovery(rep)
    page = desk.open("rep", path_of(opportunity))
    step = page.get_by_role("region", name="建议的下一步")
    expect(step).to_contain_text("下一步：完成「需求确认」")
    step.get_by_role("button", name="标为完成").click()
    expect(step).to_contain_text("签好「痛点确认表（客户签字）」")
    given = {"object": "opportunity", "record": opportunity["id"], "kind": "pain_confirmation"}
    scan = ("签字.pdf", a_signed_scan(rep, opportunity))
    assert rep.post("/api/files", files={"file": scan}, data=given).status_code == 201
    expect(step).to_contain_text("填写「客户预算」")
    step.get_by_role("button", name="填写").click()
    page.get_by_role("tooltip").get_by_label("客户预算", exact=True).fill("500000")
    page.get_by_role("tooltip").get_by_role("button", name="保存").click()
    expect(step).to_contain_text("补充「决策人」")
    a_contact(rep, {"id": opportunity["account"]}, "decision_maker")
    page.reload()
    expect(step).to_contain_text("上传「客户IT架构图」")
    step.get_by_label("客户IT架构图").set_input_files(
        {"name": "架构图.txt", "mimeType": "text/plain", "buffer": "架构".encode()}
    )
    expect(step).to_contain_text("交付物已齐")
    step.get_by_role("button", name="推进到「方案演示」").click()
    expect(step).to_contain_text("完成「方案演示」")


def test_others_changes_come_in_while_one_types_and_only_a_collision_asks(desk: Desk) -> None:
    rep, manager = desk.api("rep"), desk.api("manager")
    opportunity = an_opportunity(rep, next_step="初稿", amount=1000)
    path = f"/api/records/opportunity/{opportunity['id']}"
    page = desk.open("rep", path_of(opportunity))
    edit(page, "下一步", "我的写法")
    manager.json(
        "PATCH", path, {"version": opportunity["version"], "amount": 990000, "next_step": "经理的写法"}
    )
    panel = page.get_by_role("tabpanel")
    expect(panel).to_contain_text("对方刚改为经理的写法")
    panel.get_by_role("button", name="保留我的").click()
    expect(panel).to_contain_text(f"{manager.me['name']}刚修改了金额")
    expect(panel).to_contain_text("990,000")
    page.reload()
    expect(panel).to_contain_text("已恢复您上次未保存的修改")
    page.keyboard.press("Control+s")
    expect(page.get_by_role("region", name="未保存的修改")).to_be_hidden()
    saved = rep.json("GET", path)
    assert (saved["next_step"], saved["amount"]) == ("我的写法", 990000)


def test_a_comment_reaches_whom_it_mentions_and_follows_the_record_s_access(desk: Desk) -> None:
    rep, manager, finance = desk.api("rep"), desk.api("manager"), desk.api("csm")
    opportunity = an_opportunity(rep)
    assert finance.get(f"/api/records/opportunity/{opportunity['id']}").status_code == 404
    page = desk.open("rep", path_of(opportunity, "timeline"), refusals={422})
    box = page.get_by_label("写评论")
    for person in (finance, manager):
        box.press_sequentially(f"@{person.me['name']}")
        page.get_by_role("option", name=person.me["name"]).or_(
            page.locator(".ant-mentions-dropdown-menu-item").filter(has_text=person.me["name"])
        ).first.click()
        box.press_sequentially("请看一下价格")
        if person is finance:
            page.get_by_role("button", name="发送").click()
            expect(page.get_by_role("alert")).to_contain_text(f"{finance.me['name']} 无权查看这条记录")
            box.fill("")
    page.keyboard.press("Control+Enter")
    said = page.get_by_role("article", name=f"{rep.me['name']} 的评论")
    expect(said).to_contain_text("请看一下价格")
    expect(page.get_by_role("button", name="已关注")).to_be_visible()
    told = manager.json("GET", "/api/notifications")["items"][0]
    assert told["record"] == opportunity["id"]
    assert "提到了您" in told["message"]["zh"]

    said.get_by_role("button", name="编辑评论").click()
    said.get_by_label("写评论").fill("不用看了")
    said.get_by_role("button", name="保存").click()
    expect(said).to_contain_text("不用看了")
    said.get_by_role("button", name="删除评论").click()
    expect(said).to_be_hidden()
    expect(page.get_by_role("tabpanel")).to_contain_text("删除了评论")


def test_a_field_s_history_leads_back_to_an_older_value(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep, amount=1000)
    path = f"/api/records/opportunity/{opportunity['id']}"
    rep.json("PATCH", path, {"version": opportunity["version"], "amount": 250000, "next_step": "拜访"})
    page = desk.open("rep", path_of(opportunity))
    page.get_by_role("button", name="「金额」的历史").click(force=True)
    past = page.get_by_role("dialog", name="「金额」的历史")
    expect(past.get_by_role("listitem")).to_have_count(2)
    past.get_by_role("listitem").filter(has_text="1,000").get_by_role("button", name="恢复此值").click()
    expect(past.get_by_role("listitem")).to_have_count(3)
    assert rep.json("GET", path)["amount"] == 1000
    page.keyboard.press("Escape")

    page.get_by_role("tab", name="动态").click()
    timeline = page.get_by_role("tabpanel")
    expect(timeline).to_contain_text("拜访")
    timeline.get_by_role("button", name="推进", exact=True).click()
    expect(timeline).to_contain_text("没有符合条件的动态")


def test_amounts_of_the_past_keep_their_currency_and_are_restored_with_it(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep, amount=1000)
    path = f"/api/records/opportunity/{opportunity['id']}"
    now = rep.json("PATCH", path, {"version": opportunity["version"], "amount": 2000})
    rep.json("PATCH", path, {"version": now["version"], "amount_currency": "USD"})
    page = desk.open("rep", path_of(opportunity, "timeline"))
    changes = page.get_by_role("tabpanel").get_by_role("listitem").filter(has_not=page.get_by_role("list"))
    expect(changes.filter(has_text="金额¥2,000$2,000")).to_be_visible()
    expect(changes.filter(has_text="金额¥1,000¥2,000")).to_be_visible()

    page.get_by_role("tab", name="详情").click()
    page.get_by_role("button", name="「金额」的历史").click(force=True)
    past = page.get_by_role("dialog", name="「金额」的历史")
    expect(past.get_by_role("listitem").filter(has_text="$2,000")).to_contain_text("当前值")
    past.get_by_role("listitem").filter(has_text="¥2,000").get_by_role("button", name="恢复此值").click()
    expect(past.get_by_role("listitem")).to_have_count(4)
    restored = rep.json("GET", path)
    assert (restored["amount"], restored["amount_currency"]) == (2000, "CNY")


def test_a_comment_box_keeps_what_is_typed_while_it_is_sent(desk: Desk) -> None:
    opportunity = an_opportunity(desk.api("rep"))
    page = desk.open("rep", path_of(opportunity, "timeline"))
    under_way = hold_back(page, re.compile("/comments$"), "POST")
    box = page.get_by_label("写评论")
    box.fill("第一句")
    box.press("Control+Enter")
    let_go = under_way()
    box.fill("第二句")
    let_go()
    expect(page.get_by_role("article").filter(has_text="第一句")).to_be_visible()
    expect(box).to_have_value("第二句")
    box.press("Control+Enter")
    expect(page.get_by_role("article").filter(has_text="第二句")).to_be_visible()
    expect(box).to_have_value("")


def test_on_a_phone_the_next_step_and_the_comment_are_at_hand(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", path_of(opportunity), size=PHONE)
    step = page.get_by_role("region", name="建议的下一步")
    step.get_by_role("button", name="标为完成").tap()
    expect(step).to_contain_text("签好「痛点确认表（客户签字）」")
    page.get_by_role("tab", name="动态").tap()
    page.get_by_label("写评论").fill("已当面确认")
    page.get_by_role("button", name="发送").tap()
    expect(page.get_by_role("article")).to_contain_text("已当面确认")


def test_a_call_is_noted_in_two_clicks_and_the_next_step_is_asked_for(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity_in_discovery(rep)
    page = desk.open("rep", path_of(opportunity))
    bar = page.get_by_role("region", name="快速记录")
    expect(bar).to_contain_text("还没有安排下一步")
    bar.get_by_role("button", name="电话").click()
    form = bar.get_by_role("form", name="新建电话")
    page.keyboard.type("Budget is agreed")
    form.get_by_role("button", name="保存").click()
    asked = bar.get_by_role("form", name="安排下一步")
    asked.get_by_label("下一步", exact=True).fill("寄出方案")
    asked.get_by_role("button", name="3 天后").click()
    asked.get_by_role("button", name="保存").click()
    expect(bar.get_by_role("button", name=re.compile("^寄出方案"))).to_be_visible()

    found = rep.json(
        "GET", "/api/records/activity", params={"filter": f'opportunity == "{opportunity["id"]}"'}
    )
    assert [(one["kind"], one["content"], one["account"]) for one in found["items"]] == [
        ("call", "Budget is agreed", opportunity["account"])
    ]
    page.get_by_role("tab", name="跟进").click()
    panel = page.get_by_role("tabpanel")
    expect(panel.get_by_role("link", name=f"电话：{opportunity['name']}")).to_be_visible()
    panel.get_by_role("button", name="查看全部").click()
    expect(page.get_by_role("heading", name="跟进记录", level=1)).to_be_visible()
    expect(page.get_by_role("link", name=f"电话：{opportunity['name']}")).to_be_visible()


def test_the_form_of_a_new_record_leaves_out_what_only_comes_later(desk: Desk) -> None:
    page = desk.open("rep", "/records/task")
    page.get_by_role("button", name="新建任务").first.click()
    form = page.get_by_role("dialog", name="新建任务")
    expect(form.get_by_label("截止日期")).to_be_visible()
    expect(form.get_by_text("已完成")).to_have_count(0)
    expect(form.get_by_text("完成日期")).to_have_count(0)


def test_files_are_looked_at_one_after_the_other_without_leaving_the_page(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep)
    for name, kind in (("现场.png", "PNG"), ("方案.pdf", "PDF")):
        stream = io.BytesIO()
        Image.new("RGB", (420, 594), "teal").save(stream, kind)
        rep.post(
            "/api/files",
            files={"file": (name, stream.getvalue())},
            data={"object": "opportunity", "record": opportunity["id"], "kind": "attachment"},
        )
    page = desk.open("rep", path_of(opportunity, "files"))
    page.get_by_role("button", name="方案.pdf").click()
    look = page.get_by_role("dialog", name="方案.pdf")
    drawn = look.get_by_role("img", name="第 1 页，共 1 页")
    expect(drawn).to_have_js_property("complete", True)
    assert drawn.evaluate("image => image.naturalWidth") > 400
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("dialog", name="现场.png").get_by_role("img", name="现场.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
