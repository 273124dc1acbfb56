"""People at their screens: pages that are logged in, at the sizes that the page is made for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from chengdan.cli.demo import PASSWORD
from tests.browser.watch import Watch
from tests.web.site import Visitor

WIDE: ViewportSize = {"width": 1440, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PATIENCE_MS = 30_000
PLACE = "Asia/Shanghai"
"""Where the demo company works, and what day it is there."""
COOKIE = "chengdan_session"

STORED = "local_storage,indexeddb,cache_storage,service_workers,file_systems,websql"

Locale = Literal["zh-CN", "en"]


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

    def log_in(self, context: BrowserContext, role: str) -> None:
        """Let the browser have the role's session."""
        session = self.visitor(role).cookies[COOKIE]
        context.add_cookies([{"name": COOKIE, "value": session, "url": self.url, "httpOnly": True}])


class Contexts:
    """Browser contexts that one test after the other uses, so that none loads and compiles the page anew.

    What is kept between them is the browser's cache alone.
    """

    def __init__(self, browser: Browser, given: Mapping[str, Any], origin: str) -> None:
        self._browser = browser
        self._given = given
        self._origin = origin
        self._free: dict[str, list[BrowserContext]] = {}

    def take(self, options: Mapping[str, Any]) -> BrowserContext:
        """A context with these options that nobody uses."""
        free = self._free.get(repr(options))
        return free.pop() if free else self._browser.new_context(**self._given, **options)

    def put_back(self, options: Mapping[str, Any], context: BrowserContext) -> None:
        """Forget what the page has stored, and who was logged in."""
        context.set_offline(False)
        for page in context.pages:
            page.close(run_before_unload=False)
        page = context.new_page()
        context.new_cdp_session(page).send(
            "Storage.clearDataForOrigin", {"origin": self._origin, "storageTypes": STORED}
        )
        page.close()
        context.clear_cookies()
        context.clear_permissions()
        self._free.setdefault(repr(options), []).append(context)


@dataclass
class Desk:
    """Opens pages for one test, and remembers what went wrong in them."""

    staff: Staff
    contexts: Contexts
    watches: list[Watch] = field(default_factory=list)
    _lent: list[tuple[Mapping[str, Any], BrowserContext]] = field(default_factory=list)

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
        options = {
            "base_url": self.staff.url,
            "viewport": size,
            "locale": locale,
            "timezone_id": PLACE,
            "color_scheme": "dark" if dark else "light",
            "has_touch": size is PHONE,
            "service_workers": "allow" if worker else "block",
        }
        context = self.contexts.take(options)
        self._lent.append((options, context))
        context.set_default_timeout(PATIENCE_MS)
        if role:
            self.staff.log_in(context, role)
        watch = Watch(refusals)
        self.watches.append(watch)
        page = context.new_page()
        watch.follow(page)
        page.goto(path)
        return page

    def problems(self) -> list[str]:
        """Everything that went wrong unseen, in all pages."""
        return [problem for watch in self.watches for problem in watch.problems]

    def leave(self) -> None:
        """Close all pages."""
        while self._lent:
            self.contexts.put_back(*self._lent.pop())
