"""`desk` opens the page as anybody of the demo company, in Chromium, on a server of its own for each worker."""

import shutil
import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.desk import PATIENCE_MS, Desk, NewContext, Staff
from tests.processes import running_server

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
def staff() -> Iterator[Staff]:
    """The demo company behind a `chengdan serve --demo`."""
    if not resources.files("chengdan").joinpath("static", "index.html").is_file():
        pytest.skip("the page isn't built: make ui")
    expect.set_options(timeout=PATIENCE_MS)
    folder = Path(tempfile.mkdtemp(prefix="chengdan-browser-"))
    allowed = {"CHENGDAN_OUTGOING_ALLOW": "127.0.0.1", "CHENGDAN_MAIL_HOSTS": "127.0.0.1"}
    with running_server(folder / "home", arguments=["--demo"], environment=allowed) as server:
        yield Staff(server.url)
    shutil.rmtree(folder)


@pytest.fixture
def desk(staff: Staff, new_context: NewContext) -> Iterator[Desk]:
    """Opens pages for a test; nothing may go wrong in them unseen."""
    desk = Desk(staff, new_context)
    yield desk
    assert desk.problems() == []
