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
from playwright.sync_api import Browser, Page, sync_playwright

from tests.processes import running_server

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "screens"
SIZES = {"1440": (1440, 900), "390": (390, 844)}
PASSWORD = "chengdan-demo"
LAUNCH = ["--headless", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]  # fmt: skip
COLOURS = 96


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
        for theme in ("light", "dark"):
            for name, size in SIZES.items():
                _take(browser, server.url, name, size, theme)
        browser.close()
    return 0


def _take(browser: Browser, url: str, name: str, size: tuple[int, int], theme: str) -> None:
    with _logged_in(browser, url, size, theme) as page:
        shots = {
            "list": "/records/opportunity?view=opportunity_mine",
            "board": "/records/opportunity?view=opportunity_board",
            "record": f"/records/opportunity/{_discovery(page, url)}",
        }
        for what, path in shots.items():
            page.goto(url + path)
            page.wait_for_load_state("networkidle")
            _save(page, f"{what}-{name}-{theme}")


@contextmanager
def _logged_in(browser: Browser, url: str, size: tuple[int, int], theme: str) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        locale="zh-CN",
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        service_workers="block",
    )
    context.request.post(f"{url}/api/auth/login", data={"username": "rep", "password": PASSWORD})
    yield context.new_page()
    context.close()


def _discovery(page: Page, url: str) -> str:
    """A record on its way, with a gate before it."""
    answer = page.context.request.get(
        f"{url}/api/records/opportunity",
        params={"view": "opportunity_mine", "filter": 'stage == "discovery" and amount > 0', "limit": "1"},
    )
    return str(answer.json()["items"][0]["id"])


def _save(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    sys.exit(main())
