"""The three scenes of the process on the log of the BPI Challenge 2012, brought in at the page by people of a fresh company."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from chengdan.base.config import Config
from chengdan.base.ids import new_id
from chengdan.cli.demo import PASSWORD
from chengdan.cli.people import CONSOLE
from chengdan.run.action import apply
from chengdan.run.commands import Create, Update
from chengdan.run.runtime import Runtime
from chengdan.run.schedule import fire_due
from chengdan.run.sessions import set_password
from tests.browser.desk import Contexts, Desk, Staff
from tests.browser.test_import import figure
from tests.databases import Databases
from tests.logs import OFFERS_LOG, cut_out
from tests.processes import running_server
from tests.web.site import Json, Visitor

WAITING, ALSO_WAITING = "197437", "198017"
"""Applications whose offers were sent and not answered when the log ends."""
LAST = 7_810
NUMBERS = frozenset({*range(1, 41), 7_622, LAST})
"""The traces that are brought in: forty that came to an end, and those of the two applications."""
TEAM = {"rep": "李思远", "manager": "王经理", "presales": "周工", "sales_ops": "赵运营"}
SPAN = "since=2011-09-01&until=2012-03-31"

pytestmark = pytest.mark.skipif(not OFFERS_LOG.is_file(), reason="the data set isn't there")


@dataclass(frozen=True)
class Lenders:
    """The desk of a company without records of its own, and where its database is."""

    desk: Desk
    url: str
    home: Path

    def pass_time(self, hours: float) -> None:
        """Let a worker whose clock is ahead fire what runs out until then."""
        ahead = timedelta(hours=hours)
        with Runtime.over(self.url, Config(home=self.home), lambda: datetime.now(UTC) + ahead) as later:
            while fire_due(later):
                pass


@pytest.fixture
def lenders(
    staff: Staff,
    databases: Databases,
    sales_template: str,
    tmp_path: Path,
    browser: Browser,
    browser_context_args: dict[str, Any],
) -> Iterator[Lenders]:
    """A company of their own; `staff` is asked for because the demo company must be made before there is a browser."""
    home = tmp_path / "home"
    with databases.fresh(sales_template) as url:
        hire(url, home)
        with running_server(home, environment={"CHENGDAN_DATABASE_URL": url}) as server:
            contexts = Contexts(browser, browser_context_args, server.url)
            desk = Desk(Staff(server.url), contexts)
            yield Lenders(desk, url, home)
            problems = desk.problems()
            desk.leave()
    assert problems == []


def hire(url: str, home: Path) -> None:
    """A team with somebody of each role, the manager leading it."""
    team, people = new_id(), {role: new_id() for role in TEAM}
    with Runtime.over(url, Config(home=home)) as runtime:
        with runtime.unit(CONSOLE, "console") as unit:
            apply(unit, Create("team", {"name": "贷款一部"}, id=team))
            unit.flush()
            for role, id in people.items():
                values = {"username": role, "name": TEAM[role], "roles": [role], "team": str(team)}
                apply(unit, Create("user", values, id=id))
            unit.flush()
            apply(unit, Update("team", team, None, {"lead": str(people["manager"])}))
        for id in people.values():
            set_password(runtime, id, PASSWORD)


def bring_in(desk: Desk, log: Path) -> None:
    """Sales operations add the definitions of the log and import it; the rep goes on with what isn't finished."""
    page = desk.open("sales_ops", "/import/log")
    page.locator("input[type=file]").set_input_files(log)
    page.get_by_role("button", name="添加定义").click()
    page.get_by_role("button", name="开始导入").click()
    expect(page.get_by_text("导入完成")).to_be_visible()
    figure(page, "新建", str(len(NUMBERS)))
    figure(page, "拒绝", "0")
    ops, rep = desk.api("sales_ops"), desk.api("rep").me["id"]
    for object, name in (("application", "reference"), ("offer", "application.reference")):
        open_ones = f'{name} == "{WAITING}" or {name} == "{ALSO_WAITING}"'
        report = ops.json(
            "POST", f"/api/records/{object}/bulk", {"filter": open_ones, "changes": {"owner": rep}}
        )
        assert report["refused"] == []


def find(visitor: Visitor, object: str, filter: str) -> Json:
    """The only record of an object that fits."""
    [found] = visitor.json("GET", f"/api/records/{object}", params={"filter": filter})["items"]
    return dict(found)


def open_record(desk: Desk, role: str, object: str, record: Json) -> Page:
    return desk.open(role, f"/records/{object}/{record['id']}", refusals={409})


def send_back(page: Page, day: str) -> None:
    """Move the offer on: the one day that it lacks is asked for."""
    page.get_by_role("button", name="推进到「已寄回」").click()
    form = page.get_by_role("dialog", name="进入「已寄回」")
    expect(form.get_by_role("listitem")).to_have_count(1)
    form.get_by_label("客户寄回日期").fill(day)
    page.keyboard.press("Enter")
    form.get_by_role("button", name="保存并推进").click()
    expect(page.get_by_text("已进入「已寄回」")).to_be_visible()


def see_a_step_that_cannot_be_skipped(desk: Desk) -> None:
    """Approving takes an offer that came back, and an offer comes back on a day: each is asked for, given, and then it goes on."""
    rep = desk.api("rep")
    application = find(rep, "application", f'reference == "{WAITING}"')
    offer = find(rep, "offer", f'application == "{application["id"]}" and stage == "sent"')
    approving = open_record(desk, "rep", "application", application)
    approving.get_by_role("button", name="推进到「已批准」").click()
    form = approving.get_by_role("dialog", name="进入「已批准」")
    lacking = form.get_by_role("listitem").filter(has_text="客户寄回的报价")
    expect(lacking).to_contain_text("推进到「已寄回」")
    expect(form.get_by_role("listitem").filter(has_text="已登记")).to_contain_text("建议")
    form.get_by_label("未完成的原因").fill("材料齐全，先批准")
    expect(form.get_by_role("button", name="保存并推进")).to_be_disabled()

    send_back(open_record(desk, "rep", "offer", offer), "2012-03-01")

    expect(lacking.get_by_role("img", name="已完成")).to_be_visible()
    form.get_by_role("button", name="保存并推进").click()
    expect(approving.get_by_text("已进入「已批准」")).to_be_visible()
    assert find(rep, "offer", f'name == "{offer["name"]}"')["returned_on"] == "2012-03-01"
    assert find(rep, "application", f'reference == "{WAITING}"')["stage"] == "approved"


def see_who_is_told_of_silence(lenders: Lenders) -> None:
    """An offer that nobody answers for 48 hours calls manager and presales and makes a task; one that came back does not."""
    desk, rep = lenders.desk, lenders.desk.api("rep")
    application = find(rep, "application", f'reference == "{ALSO_WAITING}"')
    page = open_record(desk, "rep", "application", application)
    page.get_by_role("tab", name="报价").click()
    for name in ("无人答复", "已经答复"):
        page.get_by_role("tabpanel").get_by_role("button", name="新建贷款报价").click()
        form = page.get_by_role("dialog", name="新建贷款报价")
        form.get_by_label("名称").fill(name)
        form.get_by_role("button", name="新建", exact=True).click()
        expect(form).to_be_hidden()
    silent, answered = (find(rep, "offer", f'name == "{name}"') for name in ("无人答复", "已经答复"))
    for offer in (silent, answered):
        page = open_record(desk, "rep", "offer", offer)
        path = page.get_by_role("list", name="贷款报价流程")
        path.get_by_role("button", name=re.compile("^已发出")).click()
        expect(page.get_by_text("已进入「已发出」")).to_be_visible()
    send_back(page, "2026-03-02")
    told = "报价 无人答复 发出 48 小时无回应，需协同介入"
    manager = desk.open("manager", "/notifications")
    expect(manager.get_by_role("heading", name="通知", level=1)).to_be_visible()

    lenders.pass_time(hours=49)

    for seen in (manager, desk.open("presales", "/notifications")):
        expect(seen.get_by_role("listitem").filter(has_text=told)).to_be_visible()
        expect(seen.get_by_role("listitem").filter(has_text="已经答复")).to_have_count(0)
    manager.goto("/records/offer?view=offer_needs_help")
    expect(manager.get_by_role("link", name="无人答复")).to_be_visible()
    expect(manager.get_by_role("link", name="已经答复")).to_have_count(0)
    page = open_record(desk, "rep", "offer", silent)
    page.get_by_role("tab", name="任务").click()
    expect(page.get_by_role("tabpanel")).to_contain_text("协同介入：报价 无人答复 48 小时无回应")


def see_a_skipped_step_made_hard_and_soft_again(desk: Desk) -> None:
    """What is skipped is told as the log has it; one click makes it a hard gate that holds a move up, one takes that back."""
    ops = desk.api("sales_ops")
    page = desk.open("sales_ops", f"/process/application?{SPAN}")
    page.get_by_role("button", name=re.compile("^处理线索")).first.click()
    panel = page.get_by_role("dialog", name="处理线索")
    panel.get_by_role("button", name="设为硬关卡").click()
    expect(panel).to_contain_text("现在是硬关卡")
    made = ops.json(
        "POST", "/api/records/application", {"reference": "新申请", "amount": 5000, "stage": "submitted"}, 201
    )
    move = f"/api/records/application/{made['id']}/move"
    part = ops.json("POST", move, {"to": "partly_submitted", "version": made["version"]})
    onwards = {"to": "preaccepted", "version": part["version"], "reason": "急"}
    refused = ops.json("POST", move, onwards, 409)
    assert [one["deliverable"] for one in refused["errors"] if one["hard"]] == ["handle_lead"]

    page.get_by_role("button", name="撤销").click()
    expect(panel).to_contain_text("现在是软关卡")
    assert ops.json("POST", move, onwards)["stage"] == "preaccepted"


def test_the_log_comes_in_and_its_records_go_through_the_three_scenes(
    lenders: Lenders, tmp_path: Path
) -> None:
    log = tmp_path / "offers.xes.gz"
    cut_out(OFFERS_LOG, NUMBERS, LAST, log)

    bring_in(lenders.desk, log)

    see_a_step_that_cannot_be_skipped(lenders.desk)
    see_who_is_told_of_silence(lenders)
    see_a_skipped_step_made_hard_and_soft_again(lenders.desk)
