"""Somebody leaves: seen beforehand, handed over in one go, and taken back, at the page."""

import re

from playwright.sync_api import expect

from tests.browser.axe import grave
from tests.browser.desk import Desk
from tests.browser.given import a_name


def test_everything_of_a_leaver_goes_to_others_and_comes_back(desk: Desk) -> None:
    admin = desk.api("admin")
    team = admin.first("team")["id"]
    name, taker = a_name("林晓"), a_name("何川")
    leaver, heir = (
        admin.json(
            "POST",
            "/api/records/user",
            {"username": one, "name": one, "roles": ["rep"], "team": team},
            201,
        )
        for one in (name, taker)
    )
    account, lead = (
        admin.json("POST", f"/api/records/{object}", {**values, "owner": leaver["id"]}, 201)
        for object, values in (
            ("account", {"name": a_name("海川机电")}),
            ("lead", {"name": name, "company": name, "source": admin.first("lead_source")["id"]}),
        )
    )

    def owners() -> list[str | None]:
        made = (("account", account), ("lead", lead))
        return [admin.json("GET", f"/api/records/{object}/{one['id']}")["owner"] for object, one in made]

    page = desk.open("admin", f"/handover/{leaver['id']}")
    expect(page.get_by_role("heading", name=f"交接：{name}", level=1)).to_be_visible()
    lines = page.get_by_role("table").get_by_role("row")
    expect(lines.filter(has_text=re.compile("^客户"))).to_contain_text("1")
    expect(lines.filter(has_text=re.compile("^线索"))).to_contain_text("1")
    start = page.get_by_role("button", name="开始交接")
    expect(start).to_be_disabled()
    page.get_by_label("客户交给谁").click()
    page.get_by_title("退回公海").last.click()
    rest = page.get_by_role("combobox", name="默认接手人", exact=True)
    rest.fill(taker)
    page.get_by_title(re.compile(f"^{taker}")).filter(visible=True).click()
    page.keyboard.press("Escape")
    assert grave(page) == []

    start.click()
    past = page.get_by_role("region", name="交接记录")
    expect(past.get_by_role("status")).to_contain_text("已完成")
    expect(past.get_by_role("status")).to_contain_text(re.compile("客户 1.*线索 1|线索 1.*客户 1"))
    assert owners() == [None, heir["id"]]
    assert admin.json("GET", f"/api/records/user/{leaver['id']}")["active"] is False

    past.get_by_role("button", name="撤销").click()
    expect(past.get_by_role("status")).to_have_count(2)
    expect(past.get_by_role("status").first).to_contain_text("已完成")
    assert owners() == [leaver["id"], leaver["id"]]
    assert admin.json("GET", f"/api/records/user/{leaver['id']}")["active"] is True
