from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desk import PHONE, WIDE, Desk
from tests.browser.given import an_opportunity_in_discovery

AXE = Path(__file__).resolve().parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
GRAVE = {"serious", "critical"}
PAGES = (
    "/records/opportunity?view=opportunity_mine",
    "/records/opportunity?view=opportunity_board",
    "/records/account",
    "/records/opportunity/{id}",
    "/records/opportunity/{id}?tab=timeline",
    "/records/opportunity/{id}?tab=files",
    "/records/nothing",
    "/jobs",
)

pytestmark = pytest.mark.skipif(not AXE.is_file(), reason="axe-core isn't installed: make ui")


def grave(page: Page) -> list[str]:
    """What axe finds that keeps people out: the rule, and the elements."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{one['id']}: {node['target'][0]} {node['failureSummary']}"
        for one in found["violations"]
        if one["impact"] in GRAVE
        for node in one["nodes"]
    ]


def in_every_look(page: Page) -> dict[str, list[str]]:
    """The findings at both sizes, light and dark."""
    found = {}
    for size in (WIDE, PHONE):
        page.set_viewport_size(size)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            expect(page.locator("html")).to_have_attribute("data-theme", scheme)
            found[f"{size['width']} {scheme}"] = grave(page)
    return {look: findings for look, findings in found.items() if findings}


@pytest.mark.parametrize("path", PAGES)
def test_keeps_nobody_out(desk: Desk, path: str) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("rep", path.format(id=opportunity["id"]))
    expect(page.get_by_role("heading", level=1).first).to_be_visible()
    expect(page.locator("[class*=bone]")).to_have_count(0)
    assert in_every_look(page) == {}


def test_the_log_in_keeps_nobody_out(desk: Desk) -> None:
    page = desk.open(None, "/login")
    expect(page.get_by_role("button", name="销售", exact=True)).to_be_visible()
    assert in_every_look(page) == {}


def test_the_forms_keep_nobody_out(desk: Desk) -> None:
    opportunity = an_opportunity_in_discovery(desk.api("rep"))
    page = desk.open("manager", f"/records/opportunity/{opportunity['id']}", refusals={409})
    page.get_by_role("button", name="推进到「方案演示」").click()
    expect(page.get_by_role("dialog").get_by_role("listitem")).to_have_count(5)
    assert in_every_look(page) == {}
