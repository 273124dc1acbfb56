"""The page as an app on the phone: it opens and shows what was read last without a network, and to nobody else."""

import re

from playwright.sync_api import Page, expect

from tests.browser.desk import PHONE, Desk
from tests.browser.given import an_account

READY = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"
READS = "caches.open('chengdan-reads').then((cache) => cache.keys()).then((keys) => keys.length)"


def cut(desk: Desk, page: Page) -> None:
    """Take the network away from the page and its worker."""
    desk.watches[-1].expect_failures()
    page.context.set_offline(True)


def test_opens_without_a_network_and_shows_what_was_read_last(desk: Desk) -> None:
    account = an_account(desk.api("rep"))
    page = desk.open("rep", "/", size=PHONE, worker=True)
    page.wait_for_function(READY)
    page.goto(f"/records/account/{account['id']}")
    expect(page.get_by_role("heading", name=account["name"], level=1)).to_be_visible()
    page.goto(f"/records/account?q={account['name']}")
    expect(page.get_by_role("article").filter(has_text=account["name"])).to_be_visible()
    page.wait_for_load_state("networkidle")

    cut(desk, page)
    page.reload()
    card = page.get_by_role("article").filter(has_text=account["name"])
    expect(page.get_by_role("button", name="离线", exact=True)).to_be_visible()
    card.get_by_role("link", name=account["name"]).tap()
    expect(page.get_by_role("heading", name=account["name"], level=1)).to_be_visible()


def test_whoever_logs_out_leaves_nothing_to_read(desk: Desk) -> None:
    page = desk.open(None, "/login", worker=True, refusals={401})
    page.get_by_label("用户名").fill("rep")
    page.get_by_label("密码").fill("chengdan-demo")
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("button", name=re.compile("(账户：|Account: )李思远"))).to_be_visible()
    page.wait_for_function(READY)
    page.goto("/records/account")
    expect(page.get_by_role("heading", name="客户", level=1)).to_be_visible()
    page.wait_for_function(f"{READS}.then((count) => count > 0)")
    page.get_by_role("button", name=re.compile("(账户：|Account: )李思远")).click()
    page.get_by_role("menuitem", name="退出登录").click()
    expect(page.get_by_role("button", name="登录", exact=True)).to_be_visible()
    page.wait_for_function(f"{READS}.then((count) => count === 0)")


def test_says_what_it_is_when_it_is_installed(desk: Desk) -> None:
    page = desk.open(None, "/login", refusals={401})
    manifest = page.request.get("/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    assert manifest.json()["display"] == "standalone"
    for icon in manifest.json()["icons"]:
        assert page.request.get(icon["src"]).headers["content-type"] == icon["type"]
    worker = page.request.get("/sw.js")
    assert worker.headers["content-type"].startswith("application/javascript")
    assert worker.headers["cache-control"] == "no-cache"


def test_says_that_a_newer_version_is_there_and_changes_to_it(desk: Desk) -> None:
    page = desk.open("rep", "/records/account", worker=True)
    page.wait_for_function(READY)
    page.evaluate(
        """() => {
            document.querySelector('script[type="module"][src]').src = "/assets/of-yesterday.js";
            return navigator.serviceWorker.register("/sw.js?today");
        }"""
    )
    notice = page.get_by_role("button", name="有新版本")
    with page.expect_event("load"):
        notice.click()
    expect(page.get_by_role("heading", name="客户", level=1)).to_be_visible()
    expect(notice).to_have_count(0)
