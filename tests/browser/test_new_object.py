"""An object that nobody has programmed: published as text, and there it is, with all that objects have."""

import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.browser.desk import Desk, Staff
from tests.browser.test_board import card, column, drag
from tests.web.site import Visitor

OBJECT = """\
object: {name}
label: {{zh: 样品借用, en: Sample loan}}
plural: {{zh: 样品借用单, en: Sample loans}}
title: purpose
icon: box
search: [purpose]
sections:
  - {{name: basics, label: {{zh: 借用信息, en: Loan}}}}
fields:
  - {{name: purpose, type: text, label: {{zh: 用途, en: Purpose}}, required: true, max_length: 100, section: basics}}
  - {{name: account, type: reference, object: account, label: {{zh: 借给, en: Lent to}}, section: basics, inverse: {{name: {name}s, label: {{zh: 样品借用, en: Sample loans}}}}}}
  - {{name: value, type: money, label: {{zh: 货值, en: Value}}, currency: CNY, digits: 2, minimum: 0, section: basics}}
  - {{name: stage, type: select, label: {{zh: 进度, en: Progress}}, section: basics}}
"""
PIPELINE = """\
pipeline: {name}
label: {{zh: 借用流程, en: Loan process}}
object: {name}
field: stage
stages:
  - name: asked
    label: {{zh: 已申请, en: Asked}}
    kind: open
    probability: 10
    exit:
      - {{name: valued, kind: field, field: value, label: {{zh: 货值, en: Value}}, hint: {{zh: 填写货值, en: Fill in the value}}}}
  - {{name: lent, label: {{zh: 已借出, en: Lent}}, kind: open, probability: 50}}
  - {{name: back, label: {{zh: 已归还, en: Back}}, kind: won, probability: 100}}
"""
VIEW = """\
view: {name}_all
label: {{zh: 全部借用, en: All loans}}
object: {name}
kind: list
columns: [purpose, account, stage, value]
"""
GRANT = """\
  - object: {name}
    read: [own, team]
    create: [own]
    update: [own]
    hidden: [value]
"""
GRANT_MANAGER = """\
  - object: {name}
    read: [all]
    create: [own]
    update: [all]
"""


@pytest.fixture(scope="module")
def loan(staff: Staff) -> Iterator[str]:
    """The name of the object, published with its process, its view and what two roles may do with it."""
    name = f"loan_{uuid4().hex[:6]}"
    admin = staff.visitor("admin")
    before = admin.json("GET", "/api/studio/export")["files"]
    after = {
        **before,
        f"objects/{name}.yaml": OBJECT.format(name=name),
        f"pipelines/{name}.yaml": PIPELINE.format(name=name),
        f"views/{name}_all.yaml": VIEW.format(name=name),
        "roles/rep.yaml": before["roles/rep.yaml"] + GRANT.format(name=name),
        "roles/manager.yaml": before["roles/manager.yaml"] + GRANT_MANAGER.format(name=name),
    }
    admin.json("POST", "/api/studio/publish", {"files": after, "note": "样品借用"})
    yield name


def a_loan(visitor: Visitor, name: str, purpose: str) -> dict[str, object]:
    made: dict[str, object] = visitor.json("POST", f"/api/records/{name}", {"purpose": purpose}, 201)
    return made


def test_has_a_place_in_the_navigation_a_list_and_a_form(desk: Desk, loan: str) -> None:
    page = desk.open("manager", "/records/opportunity")
    page.get_by_role("navigation", name="导航").get_by_role("link", name="样品借用单").click()
    expect(page.get_by_role("heading", name="样品借用单", level=1)).to_be_visible()
    page.get_by_role("button", name="新建样品借用").first.click()
    form = page.get_by_role("dialog", name="新建样品借用")
    form.get_by_role("button", name="新建", exact=True).click()
    expect(form.get_by_role("alert")).to_have_text("必填")
    form.get_by_label("用途").fill("产线试装")
    form.get_by_label("货值").fill("36000")
    form.get_by_role("button", name="新建", exact=True).click()
    expect(page.get_by_role("heading", name="产线试装", level=1)).to_be_visible()
    expect(page.get_by_role("list", name="借用流程")).to_be_visible()
    page.goto(f"/records/{loan}")
    expect(page.get_by_role("tab", name="全部借用")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("row", name=re.compile("产线试装"))).to_contain_text("3.6万")


def test_has_a_board_with_its_own_gate(desk: Desk, loan: str) -> None:
    made = a_loan(desk.api("manager"), loan, "展台样机")
    page = desk.open("manager", f"/records/{loan}?layout=board&q=展台样机", refusals={409})
    lent = {"name": str(made["purpose"])}
    expect(card(column(page, "已申请"), lent)).to_be_visible()
    drag(page, card(page, lent), column(page, "已借出"))
    form = page.get_by_role("dialog", name="进入「已借出」")
    form.get_by_label("货值").fill("5000")
    form.get_by_role("button", name="保存并推进").click()
    expect(card(column(page, "已借出"), lent)).to_be_visible()


def test_keeps_what_a_role_may_not_see_from_it(desk: Desk, loan: str) -> None:
    a_loan(desk.api("manager"), loan, "经理自留")
    own = a_loan(desk.api("rep"), loan, "我的样品")
    page = desk.open("rep", f"/records/{loan}")
    expect(page.get_by_role("rowheader", name="我的样品")).to_be_visible()
    expect(page.get_by_role("columnheader", name="货值")).to_have_count(0)
    page.goto(f"/records/{loan}/{own['id']}")
    expect(page.get_by_role("heading", name="我的样品", level=1)).to_be_visible()
    expect(page.get_by_role("tabpanel")).not_to_contain_text("货值")
    other = desk.open("finance", f"/records/{loan}")
    expect(other.get_by_role("main")).to_contain_text("这个页面不存在")


def test_hangs_on_the_record_that_it_points_to(desk: Desk, loan: str) -> None:
    manager = desk.api("manager")
    account = manager.first("account")
    page = desk.open("manager", f"/records/account/{account['id']}?tab={loan}s")
    expect(page.get_by_role("tab", name="样品借用")).to_have_attribute("aria-selected", "true")
    page.get_by_role("tabpanel").get_by_role("button", name="新建样品借用").click()
    form = page.get_by_role("dialog", name="新建样品借用")
    expect(form).to_contain_text(account["name"])
