"""`desk` opens the page as anybody of the demo company, in Chromium, on a server of its own for each worker."""

import shutil
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.desk import PATIENCE_MS, Contexts, Desk, Staff
from tests.databases import Databases
from tests.processes import running_server
from tests.web.site import build_company

CHROMIUM = next(
    (path for path in map(Path, ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")) if path.exists()),
    Path("/usr/bin/chromium-headless-shell"),
)
"""Debian's Chromium without windows, which has far less to draw, or the whole one."""
FLAGS = [
    "--headless",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is in this folder, and put it last, beginning with what needs the company untouched.

    Playwright keeps an event loop running in the thread of the tests, where others start loops of their own.
    """
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)

    def place(item: pytest.Item) -> tuple[bool, bool]:
        marked = item.get_closest_marker
        return marked("browser") is not None, marked("untouched") is None

    items.sort(key=place)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is absent")
    return {"executable_path": CHROMIUM, "chromium_sandbox": False, "args": FLAGS}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    return {"reduced_motion": "reduce", "accept_downloads": True}


@pytest.fixture(scope="session")
def staff(databases: Databases, shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Staff]:
    """A demo company behind a `chengdan serve`: made once in a run of the tests, and copied for each of its processes."""
    if not resources.files("chengdan").joinpath("static", "index.html").is_file():
        pytest.skip("the page isn't built: make ui")
    expect.set_options(timeout=PATIENCE_MS)
    made = shared / "demo"
    template = databases.template("demo", lambda url: build_company(url, made, 1.0))
    home = tmp_path_factory.mktemp("browser") / "home"
    shutil.copytree(made, home)
    with databases.fresh(template) as url:
        settings = {
            "CHENGDAN_DATABASE_URL": url,
            "CHENGDAN_OUTGOING_ALLOW": "127.0.0.1",
            "CHENGDAN_MAIL_HOSTS": "127.0.0.1",
        }
        with running_server(home, arguments=["--demo"], environment=settings) as server:
            yield Staff(server.url)


@pytest.fixture(scope="session")
def contexts(staff: Staff, browser: Browser, browser_context_args: dict[str, Any]) -> Contexts:
    """Browser contexts for one test after the other."""
    return Contexts(browser, browser_context_args, staff.url)


@pytest.fixture
def desk(staff: Staff, contexts: Contexts) -> Iterator[Desk]:
    """Opens pages for a test; nothing may go wrong in them unseen."""
    desk = Desk(staff, contexts)
    yield desk
    problems = desk.problems()
    desk.leave()
    assert problems == []
