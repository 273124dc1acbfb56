import re

from playwright.sync_api import Locator, Page, expect

from tests.browser.desk import PHONE, Desk
from tests.browser.given import (
    PDF,
    a_contact,
    a_signed_scan,
    an_account,
    an_opportunity,
    an_opportunity_in_discovery,
)
from tests.web.site import Json, Visitor


def board_of(desk: Desk, role: str, opportunity: Json) -> Page:
    """The board with the one card of the opportunity."""
    page = desk.open(
        role, f"/records/opportunity?view=opportunity_board&q={opportunity['name']}", refusals={409}
    )
    expect(card(page, opportunity)).to_be_visible()
    return page


def card(within: Page | Locator, opportunity: Json) -> Locator:
    return within.get_by_role("group", name=opportunity["name"])


def column(page: Page, label: str) -> Locator:
    return page.get_by_role("region", name=label, exact=True)


def drag(page: Page, card: Locator, column: Locator) -> None:
    """Carry a card by mouse to the middle of a column."""
    start, end = card.bounding_box(), column.bounding_box()
    assert start and end
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] - 6)
    page.mouse.down()
    page.mouse.move(start["x"] + start["width"] / 2 + 20, start["y"] + start["height"] / 2, steps=3)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + 120, steps=6)
    page.mouse.up()


def carry_right(page: Page, card: Locator, start: str, end: str) -> None:
    """Lift a card with the keyboard and carry it one column on; a screen reader hears where it is."""
    told = page.get_by_role("status")
    card.focus()
    page.keyboard.press("Space")
    expect(told.filter(has_text=f"在「{start}」上方")).to_be_attached()
    page.keyboard.press("ArrowRight")
    expect(told.filter(has_text=f"在「{end}」上方")).to_be_attached()


def carry_by_touch(page: Page, card: Locator, column: Locator) -> None:
    """Lift a card by a long press, hold it at the right edge until the column has come, and put it down in the middle."""
    box, hand = card.bounding_box(), page.context.new_cdp_session(page)
    assert box
    y = box["y"] + box["height"] - 8

    def touch(kind: str, *places: float) -> None:
        hand.send(
            "Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x in places]}
        )

    def middle() -> float:
        end = column.bounding_box()
        assert end
        return end["x"] + end["width"] / 2

    touch("touchStart", 60)
    expect(page.locator("[class*=lifted]")).to_be_visible()
    for step in range(100):
        if middle() < PHONE["width"]:
            break
        touch("touchMove", 370 + step % 2)
    touch("touchMove", middle())
    touch("touchEnd")


def stage_of(visitor: Visitor, opportunity: Json) -> str:
    return str(visitor.json("GET", f"/api/records/opportunity/{opportunity['id']}")["stage"])


def test_a_refused_drop_asks_for_just_what_is_missing_and_then_goes_on_by_itself(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity_in_discovery(rep)
    page = board_of(desk, "rep", opportunity)
    drag(page, card(page, opportunity), column(page, "方案演示"))
    form = page.get_by_role("dialog", name="进入「方案演示」")
    demands = form.get_by_role("listitem")
    expect(demands).to_have_count(5)
    expect(form.get_by_role("button", name="保存并推进")).to_be_disabled()
    expect(card(column(page, "需求分析"), opportunity)).to_be_visible()
    assert stage_of(rep, opportunity) == "discovery"

    tick = form.get_by_role("checkbox", name="需求确认")
    tick.click()
    expect(tick).to_be_checked()
    form.get_by_label("客户预算").fill("800000")
    files = {"痛点确认表（客户签字）": a_signed_scan(rep, opportunity), "客户IT架构图": PDF}
    for deliverable, content in files.items():
        item = demands.filter(has_text=deliverable)
        item.locator("input[type=file]").set_input_files(
            {"name": f"{deliverable}.pdf", "mimeType": "application/pdf", "buffer": content}
        )
        expect(item.get_by_role("img", name="已完成")).to_be_visible()
    form.get_by_role("button", name="新建联系人").click()
    contact = page.get_by_role("dialog", name="新建联系人")
    contact.get_by_label("姓名").fill("陈总")
    contact.get_by_label("决策角色").fill("决策人")
    page.keyboard.press("Enter")
    contact.get_by_role("button", name="新建", exact=True).click()
    expect(demands.filter(has_text="决策人").get_by_role("img", name="已完成")).to_be_visible()

    form.get_by_role("button", name="保存并推进").click()
    expect(page.get_by_text("已进入「方案演示」")).to_be_visible()
    expect(form).to_be_hidden()
    expect(card(column(page, "方案演示"), opportunity)).to_be_visible()
    moved = rep.json("GET", f"/api/records/opportunity/{opportunity['id']}")
    assert (moved["stage"], moved["budget"]) == ("demo", 800000)


def test_somebody_who_is_there_becomes_the_one_that_the_gate_asks_for(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity_in_discovery(rep)
    page = board_of(desk, "rep", opportunity)
    drag(page, card(page, opportunity), column(page, "方案演示"))
    demand = (
        page.get_by_role("dialog", name="进入「方案演示」")
        .get_by_role("listitem")
        .filter(has_text="决策人")
        .first
    )
    with page.expect_popup() as beside:
        demand.get_by_role("link", name="周敏").click()
    expect(beside.value.get_by_role("heading", name="周敏", level=1)).to_be_visible()
    beside.value.close()
    demand.get_by_role("button", name="改为").click()
    expect(demand.get_by_role("img", name="已完成")).to_be_visible()

    page.get_by_text("已更新「周敏」").get_by_role("button", name="撤销").click()
    expect(demand.get_by_role("img", name="未完成")).to_be_visible()
    query = {"filter": f'account == "{opportunity["account"]}"'}
    [contact] = rep.json("GET", "/api/records/contact", params=query)["items"]
    assert contact["role"] == "user"


def test_a_card_is_carried_by_keyboard(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    a_contact(rep, account, "user")
    opportunity = an_opportunity(rep, account=account["id"])
    rep.json(
        "POST",
        "/api/records/activity",
        {
            "subject": "首次拜访",
            "kind": "visit",
            "at": "2026-11-02T02:00:00Z",
            "opportunity": opportunity["id"],
        },
        201,
    )
    page = board_of(desk, "rep", opportunity)
    carry_right(page, card(page, opportunity), "初步接触", "需求分析")
    page.keyboard.press("Space")
    expect(page.get_by_text("已进入「需求分析」")).to_be_visible()
    expect(card(column(page, "需求分析"), opportunity)).to_be_visible()
    assert stage_of(rep, opportunity) == "discovery"


def test_a_move_is_taken_back_and_a_column_tells_its_figures(desk: Desk) -> None:
    rep = desk.api("rep")
    account = an_account(rep)
    a_contact(rep, account, "user")
    opportunity = an_opportunity(rep, account=account["id"], amount=1_250_000)
    rep.json(
        "POST",
        "/api/records/activity",
        {"subject": "首次拜访", "kind": "visit", "opportunity": opportunity["id"]},
        201,
    )
    page = board_of(desk, "rep", opportunity)
    start, end = column(page, "初步接触"), column(page, "需求分析")
    expect(start.get_by_role("heading").locator("..")).to_contain_text("1")
    expect(start.get_by_role("heading").locator("..")).to_contain_text("¥125万")
    drag(page, card(page, opportunity), end)
    expect(card(end, opportunity)).to_be_visible()
    expect(end.get_by_role("heading").locator("..")).to_contain_text("¥125万")
    expect(page.get_by_role("button", name="撤销")).to_be_visible()
    assert stage_of(rep, opportunity) == "discovery"
    page.keyboard.press("Control+z")
    expect(card(start, opportunity)).to_be_visible()
    expect(page.get_by_text("已进入「初步接触」")).to_be_visible()
    assert stage_of(rep, opportunity) == "prospecting"


def test_a_board_has_its_columns_from_any_select_field(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep)
    page = board_of(desk, "rep", opportunity)
    page.get_by_role("combobox", name="分列").click()
    page.get_by_title("预测判断").click()
    start, end = column(page, "储备"), column(page, "承诺")
    drag(page, card(start, opportunity), end)
    expect(card(end, opportunity)).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    expect(card(start, opportunity)).to_be_visible()
    start.get_by_role("button", name="收起「储备」").click()
    expect(card(page, opportunity)).to_have_count(0)


def test_escape_puts_a_lifted_card_back(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep)
    page = board_of(desk, "rep", opportunity)
    carry_right(page, card(page, opportunity), "初步接触", "需求分析")
    page.keyboard.press("Escape")
    expect(card(column(page, "初步接触"), opportunity)).to_be_visible()
    assert stage_of(rep, opportunity) == "prospecting"


def test_a_manager_goes_past_a_gate_with_a_reason_that_stays(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = board_of(desk, "manager", opportunity)
    drag(page, card(page, opportunity), column(page, "方案演示"))
    form = page.get_by_role("dialog", name="进入「方案演示」")
    form.get_by_role("button", name="越过关卡").click()
    box = form.get_by_role("region", name="越过关卡")
    go = box.get_by_role("button", name="确认越过")
    expect(go).to_be_disabled()
    box.get_by_role("textbox").fill("客户要求先看演示，材料本周补")
    go.click()
    expect(card(column(page, "方案演示"), opportunity)).to_be_visible()

    card(page, opportunity).get_by_role("link", name=opportunity["name"]).click()
    expect(page.get_by_text("越过了关卡")).to_be_visible()
    expect(page.get_by_text("客户要求先看演示，材料本周补")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("需求分析 已通过.*未证实")).first).to_be_visible()
    page.get_by_role("tab", name="动态").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("越过关卡进入「方案演示」")


def test_a_salesperson_isn_t_offered_to_go_past_a_gate(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = board_of(desk, "rep", opportunity)
    drag(page, card(page, opportunity), column(page, "方案演示"))
    form = page.get_by_role("dialog", name="进入「方案演示」")
    expect(form.get_by_role("listitem")).to_have_count(5)
    expect(form.get_by_role("button", name="越过关卡")).to_have_count(0)


def test_a_card_is_carried_by_touch(desk: Desk) -> None:
    rep = desk.api("rep")
    opportunity = an_opportunity(rep, forecast="commit")
    page = desk.open(
        "rep", f"/records/opportunity?view=opportunity_board&by=forecast&q={opportunity['name']}", size=PHONE
    )
    start, end = column(page, "承诺"), column(page, "争取")
    expect(card(start, opportunity)).to_be_visible()
    with page.expect_response(lambda answer: answer.request.method == "PATCH"):
        carry_by_touch(page, card(start, opportunity), end)
    expect(card(end, opportunity)).to_be_visible()
    assert rep.json("GET", f"/api/records/opportunity/{opportunity['id']}")["forecast"] == "best_case"
