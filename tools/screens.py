"""Take the pictures of docs/screens: `make screens` starts a demo company of its own and looks at its main pages.

Each is a PNG with few colours, so that the repository stays small.
"""

import io
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.processes import running_server

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "screens"
SIZES: tuple[ViewportSize, ...] = ({"width": 1440, "height": 900}, {"width": 390, "height": 844})
PASSWORD = "chengdan-demo"
LAUNCH = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
COLOURS = 200
LEADS = """\
公司,姓名,手机,线索来源,热度
苏州明达精密制造有限公司,孙芳,13900139001,展会,热
无锡云帆智能装备有限公司,李强,13900139002,展会,温
常州启元新材料有限公司,王丽,13900139003,朋友圈,热
南通宏图纺织科技有限公司,,13900139004,展会,冷
"""


def main() -> int:
    """Write all pictures; 0 when done."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_server(Path(folder) / "home", arguments=["--demo"]) as server,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", chromium_sandbox=False, args=LAUNCH
        )
        for size in SIZES:
            for dark in (False, True):
                _take(browser, server.url, size, dark)
        browser.close()
    return 0


def _take(browser: Browser, url: str, size: ViewportSize, dark: bool) -> None:
    look = f"{size['width']}-{'dark' if dark else 'light'}"
    with _logged_in(browser, url, "rep", size, dark) as page:
        record = f"/records/opportunity/{_discovery(page)}"
        for what, path in {
            "list": "/records/opportunity?view=opportunity_mine",
            "board": "/records/opportunity?view=opportunity_board",
            "record": record,
        }.items():
            page.goto(path)
            page.locator("main article, main tbody a, main [role=tabpanel]").first.wait_for()
            _save(page, f"{what}-{look}")
    if dark:
        return
    with _logged_in(browser, url, "manager", size, dark) as page:
        _refused_move(page, record)
        _save(page, f"form-{look}")
    with _logged_in(browser, url, "sales_ops", size, dark) as page:
        _import(page)
        _save(page, f"import-{look}")


@contextmanager
def _logged_in(browser: Browser, url: str, role: str, size: ViewportSize, dark: bool) -> Iterator[Page]:
    context = browser.new_context(
        base_url=url,
        viewport=size,
        locale="zh-CN",
        color_scheme="dark" if dark else "light",
        reduced_motion="reduce",
        service_workers="block",
    )
    context.request.post("/api/auth/login", data={"username": role, "password": PASSWORD})
    yield context.new_page()
    context.close()


def _discovery(page: Page) -> str:
    """A record on its way, with a gate before it."""
    answer = page.context.request.get(
        "/api/records/opportunity",
        params={"view": "opportunity_mine", "filter": 'stage == "discovery" and amount > 0', "limit": "1"},
    )
    return str(answer.json()["items"][0]["id"])


def _refused_move(page: Page, record: str) -> None:
    """The form of what is missing, with the box of those who may go past the gate."""
    page.goto(f"{record}?tab=gate")
    page.get_by_role("button", name="推进到「方案演示」").click()
    page.get_by_role("dialog").get_by_role("button", name="越过关卡").click()


def _import(page: Page) -> None:
    """A trial run of a file of which some rows are refused."""
    page.goto("/records/lead/import")
    page.locator("input[type=file]").set_input_files(
        {"name": "展会名单.csv", "mimeType": "text/csv", "buffer": LEADS.encode("gb18030")}
    )
    page.get_by_role("button", name="试运行").click()
    page.get_by_role("table").wait_for()


def _save(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
