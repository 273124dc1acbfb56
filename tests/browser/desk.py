"""People at their screens: pages that are logged in, at the sizes that the page is made for."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import BrowserContext, Page, StorageState, ViewportSize

from chengdan.cli.demo import PASSWORD
from tests.browser.watch import Watch
from tests.web.site import Visitor

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 15_000
PLACE = "Asia/Shanghai"
"""Where the demo company works, and what day it is there."""
COOKIE = "chengdan_session"

Locale = Literal["zh-CN", "en"]
NewContext = Callable[..., BrowserContext]


@dataclass(frozen=True)
class Staff:
    """The log-ins of the demo company, each logged in once."""

    url: str
    visitors: dict[str, Visitor] = field(default_factory=dict)

    def visitor(self, role: str) -> Visitor:
        """The role over HTTP."""
        if role not in self.visitors:
            self.visitors[role] = self.fresh(role)
        return self.visitors[role]

    def fresh(self, role: str) -> Visitor:
        """The role over HTTP, in a session of its own."""
        visitor = Visitor(base_url=self.url, timeout=30)
        answer = visitor.json("POST", "/api/auth/login", {"username": role, "password": PASSWORD})
        visitor.headers["X-CSRF-Token"] = answer["csrf_token"]
        visitor.me = answer["user"]
        return visitor

    def cookies(self, role: str) -> StorageState:
        """The role's session as a browser keeps it."""
        session = self.visitor(role).cookies[COOKIE]
        return {
            "cookies": [
                {
                    "name": COOKIE,
                    "value": session,
                    "domain": "127.0.0.1",
                    "path": "/",
                    "expires": -1,
                    "httpOnly": True,
                    "secure": False,
                    "sameSite": "Lax",
                }
            ],
            "origins": [],
        }


@dataclass
class Desk:
    """Opens pages for one test, and remembers what went wrong in them."""

    staff: Staff
    new_context: NewContext
    watches: list[Watch] = field(default_factory=list)

    def api(self, role: str) -> Visitor:
        """The role over HTTP: for what a test takes as given."""
        return self.staff.visitor(role)

    def open(
        self,
        role: str | None,
        path: str = "/",
        *,
        size: ViewportSize = WIDE,
        dark: bool = False,
        locale: Locale = "zh-CN",
        refusals: Collection[int] = (),
        worker: bool = False,
    ) -> Page:
        """A page of `role` (None: nobody is logged in) at `path`; `refusals` are statuses that the test means to get.

        `worker`: with the service worker, which other tests do without.
        """
        more: dict[str, Any] = {"storage_state": self.staff.cookies(role)} if role else {}
        more["service_workers"] = "allow" if worker else "block"
        context = self.new_context(
            base_url=self.staff.url,
            viewport=size,
            locale=locale,
            timezone_id=PLACE,
            color_scheme="dark" if dark else "light",
            has_touch=size is PHONE,
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        watch = Watch(refusals)
        self.watches.append(watch)
        page = context.new_page()
        watch.follow(page)
        page.goto(path)
        return page

    def problems(self) -> list[str]:
        """Everything that went wrong unseen, in all pages."""
        return [problem for watch in self.watches for problem in watch.problems]
