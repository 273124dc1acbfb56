"""Requests that are held back until a test has done what happens while they are under way."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, Route


def hold_back(page: Page, address: re.Pattern[str], method: str) -> Callable[[], Callable[[], None]]:
    """Hold back the next request of `method` to `address`.

    What is returned waits until the request is made, and returns what lets it go.
    """
    held: list[Route] = []

    def take(route: Route) -> None:
        if route.request.method == method and not held:
            held.append(route)
        else:
            route.fallback()

    def wait() -> Callable[[], None]:
        for _ in range(300):
            if held:
                return held[0].fallback
            page.wait_for_timeout(50)
        raise AssertionError(f"nobody asked {method} {address.pattern}")

    page.route(address, take)
    return wait
