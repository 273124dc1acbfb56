"""How fast is the page on a slow computer, over 1 M records?

Chromium, its CPU slowed down four times, against `chengdan serve` with one process over 1 M opportunities, as the admin, who
sees them all. First visit: nothing cached, until the first list is on screen. Interactions: what a press or a key waits until
the next frame shows its effect (Event Timing, as for INP), the mouse resting for 200 ms where it presses, the longest of each
act's events, the median of rounds; and how long until its records or figures are on screen. Layout shift: the worst round, of
the visit and of all acts after it. The baseline is a bare page of the same browser: one paragraph, one button. Client, server
and PostgreSQL share the machine. CHENGDAN_BENCHMARK_STORES names a folder in which the company is kept for the next run.
"""

import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from playwright.sync_api import Browser, CDPSession, Locator, Page, sync_playwright

from benchmarks.company import ADMIN, company
from benchmarks.http import free_port, server
from benchmarks.measure import Figure, conclude, is_quick
from chengdan.run.sessions import set_password
from tests.browser.conftest import CHROMIUM, FLAGS

SLOWER = 4
PASSWORD = "benchmark-password"
LIST = "/records/opportunity?view=opportunity_recent"
BARE = (
    "<!doctype html><title>bare</title><p>bare</p><button onclick=\"this.textContent += '.'\">press</button>"
)
WATCHING = """
window.seen = {events: [], shift: 0, paint: 0, largest: 0, rows: 0};
new MutationObserver((_, watch) => {
  if (!document.querySelector("[role=row] a, tbody a")) return;
  watch.disconnect();
  requestAnimationFrame(() => setTimeout(() => { seen.rows = performance.now() }));
}).observe(document, {childList: true, subtree: true});
new PerformanceObserver(list => list.getEntries().forEach(e => { if (e.interactionId) seen.events.push(e.duration) }))
  .observe({type: 'event', durationThreshold: 16, buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) seen.shift += e.value }))
  .observe({type: 'layout-shift', buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(e => { seen.largest = e.startTime }))
  .observe({type: 'largest-contentful-paint', buffered: true});
new PerformanceObserver(list => list.getEntries().forEach(e => { if (e.name === 'first-contentful-paint') seen.paint = e.startTime }))
  .observe({type: 'paint', buffered: true});
"""
SIZE = "performance.getEntriesByType('resource').reduce((sum, r) => sum + r.transferSize, 0) / 1024"
ROUTE = """(until) => [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
  .filter(r => r.startTime < until && !r.name.includes('/api/')).reduce((sum, r) => sum + r.transferSize, 0) / 1024"""
"""The page itself, gzipped, that is asked for before the records are on screen; the rest comes when nothing else is to be done."""
IDLE = "new Promise(done => requestIdleCallback(done, {timeout: 3000}))"
"""Until nothing is left to do: who acts has looked at what the act before led to."""
RESTING_MS = 200
"""How long the pointer rests where it presses."""
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 60))))"
FASTEST_MS = 16.0
"""What an interaction counts that is too fast for Event Timing to mention."""


@dataclass(frozen=True)
class Act:
    """Something people do in the list: the input itself, and what is on screen when it is done."""

    name: str
    do: Callable[[Page], None]
    shown: Callable[[Page], None]


def _appears(css: str) -> Callable[[Page], None]:
    """Wait for an element. By CSS: to look for a role or a name again and again keeps the page itself from its work."""
    return lambda page: page.locator(css).first.wait_for()


def _board(page: Page) -> None:
    """A column's head with its sum, and cards in the place of all bones."""
    _appears("section[aria-label='方案演示'] header:has-text('亿')")(page)
    page.locator("main [class*=bone]").first.wait_for(state="detached")


_rows = _appears("[role=row] a, tbody a")


def _press(find: Callable[[Page], Locator]) -> Callable[[Page], None]:
    """Press with the mouse where something is. A click of Playwright's looks, within the event, at what lies under the mouse,
    and no hand presses in the moment in which it arrives."""

    def press(page: Page) -> None:
        box = find(page).bounding_box()
        if box is None:
            raise ValueError("what is to be pressed is not on screen")
        page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        page.wait_for_timeout(RESTING_MS)
        page.mouse.down()
        page.mouse.up()

    return press


ACTS = (
    Act("sort by amount", _press(lambda page: page.get_by_role("columnheader", name="金额").get_by_role("button")), _rows),
    Act("open the search (⌘K)", lambda page: page.keyboard.press("ControlOrMeta+k"), _appears("[role=dialog]")),
    Act("type into it", lambda page: page.keyboard.type("商机 1999"), _appears("[role=option]")),
    Act("close it", lambda page: page.keyboard.press("Escape"), lambda page: page.locator("[role=dialog]").wait_for(state="hidden")),
    Act("open a record", _press(lambda page: page.locator("[role=row] a, tbody a").first), _appears("h1:text-matches('商机 [0-9]')")),
    Act("to the list by the navigation", _press(lambda page: page.get_by_role("link", name="商机", exact=True).first), _rows),
    Act("to the board, with its cards and figures", _press(lambda page: page.get_by_role("tab", name="商机看板")), _board),
    Act("to the home, with its figures", _press(lambda page: page.get_by_role("link", name="首页", exact=True).first), _appears("[data-panel]")),
)  # fmt: skip


@dataclass(frozen=True)
class Visit:
    """What a first visit took: ms, the share of the screen that moved, and KB."""

    paint: float
    largest: float
    rows: float
    shift: float
    route: float
    size: float


def opened(browser: Browser, base: str, cookies: Sequence[object]) -> tuple[Page, CDPSession]:
    """A page in a browser that has cached nothing, slowed down."""
    context = browser.new_context(
        base_url=base, locale="zh-CN", viewport={"width": 1440, "height": 900}, service_workers="block"
    )
    if cookies:
        context.add_cookies(list(cookies))  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(WATCHING)
    session = context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page, session


def visit(page: Page) -> Visit:
    """Go to the list."""
    page.goto(LIST)
    _rows(page)
    page.wait_for_load_state("networkidle")
    page.evaluate(FRAMES)
    seen: Mapping[str, float] = page.evaluate("seen")
    route = float(page.evaluate(ROUTE, seen["rows"]))
    return Visit(
        seen["paint"], seen["largest"], seen["rows"], seen["shift"], route, float(page.evaluate(SIZE))
    )


def carried_out(page: Page, act: Act) -> tuple[float, float]:
    """How long the longest event of an act waited for its frame, and how long until all was on screen, in ms."""
    page.evaluate(IDLE)
    page.evaluate("seen.events.length = 0")
    start = float(page.evaluate("performance.now()"))
    act.do(page)
    act.shown(page)
    shown = float(page.evaluate("performance.now()")) - start
    page.evaluate(FRAMES)
    events: list[float] = page.evaluate("seen.events")
    return max(events, default=FASTEST_MS), shown


def bare(browser: Browser) -> tuple[float, float]:
    """First paint and a press of the button of the bare page, in ms."""
    page, _ = opened(browser, "http://127.0.0.1", ())
    page.route("http://127.0.0.1/bare", lambda route: route.fulfill(body=BARE, content_type="text/html"))
    page.goto("http://127.0.0.1/bare")
    page.evaluate(FRAMES)
    paint = float(page.evaluate("seen.paint"))
    _press(lambda page: page.get_by_role("button"))(page)
    page.evaluate(FRAMES)
    events: list[float] = page.evaluate("seen.events")
    page.context.close()
    return paint, max(events, default=FASTEST_MS)


def measured(browser: Browser, base: str, rounds: int) -> list[Figure]:
    """All figures, over so many rounds."""
    context = browser.new_context(base_url=base, locale="zh-CN")
    context.request.post("/api/auth/login", data={"username": ADMIN.name, "password": PASSWORD})
    cookies = context.cookies()
    context.close()
    plain, visits, shifts = [], [], []
    waits: dict[str, list[float]] = {act.name: [] for act in ACTS}
    shown: dict[str, list[float]] = {act.name: [] for act in ACTS}
    for number in range(rounds + 1):
        found = bare(browser)
        page, _ = opened(browser, base, cookies)
        first = visit(page)
        for act in ACTS:
            wait, done = carried_out(page, act)
            if number:
                waits[act.name].append(wait)
                shown[act.name].append(done)
        shifts.append(float(page.evaluate("seen.shift")) - first.shift)
        page.context.close()
        if number:
            plain.append(found)
            visits.append(first)
    middle = statistics.median
    paint, press = (middle(figures) for figures in zip(*plain, strict=True))
    return [
        Figure("first visit: first paint", middle(v.paint for v in visits), "ms"),
        Figure("first visit: first paint / bare page", middle(v.paint for v in visits) / paint, "×"),
        Figure("first visit: largest paint", middle(v.largest for v in visits), "ms", at_most=2_500),
        Figure("first visit: rows on screen", middle(v.rows for v in visits), "ms"),
        Figure("first visit: layout shift", max(v.shift for v in visits), "", at_most=0.02),
        Figure("first visit: page until the rows are on screen, gzip", middle(v.route for v in visits), "KB", at_most=420),
        Figure("first visit: transferred, with what is read ahead", middle(v.size for v in visits), "KB"),
        Figure("all acts: layout shift", max(shifts), "", at_most=0.02),
        *(Figure(f"{name}: next frame", middle(found), "ms", at_most=100) for name, found in waits.items()),
        *(Figure(f"{name}: next frame / press on the bare page", middle(found) / press, "×") for name, found in waits.items()),
        *(Figure(f"{name}: all on screen", middle(found), "ms") for name, found in shown.items()),
    ]  # fmt: skip


def main() -> None:
    quick = is_quick(__doc__)
    count, rounds = (20_000, 2) if quick else (1_000_000, 5)
    with company(opportunities=count, users=200, teams=40, reads=True) as made:
        set_password(made.runtime, ADMIN.user, PASSWORD)
        port = free_port()
        with server(made.home, port), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, chromium_sandbox=False, args=FLAGS)
            figures = measured(browser, f"http://127.0.0.1:{port}", rounds)
            browser.close()
    conclude(sys.modules[__name__], "page", figures, quick=quick)


if __name__ == "__main__":
    main()
