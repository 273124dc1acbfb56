"""What goes wrong in a page without being shown to anybody."""

from collections.abc import Collection
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, Response

GIVEN_UP = "net::ERR_ABORTED"
ECHO = "Failed to load resource"


class Watch:
    """Collects uncaught errors, errors on the console, requests that failed and answers that refuse.

    `refusals` are the statuses that a test means to get. Chromium repeats every refusal on the console, and gives up
    what is under way when a page is left: neither is a problem.
    """

    def __init__(self, refusals: Collection[int] = ()) -> None:
        self.problems: list[str] = []
        self._refusals = frozenset(refusals)
        self._unreliable = False

    def expect_failures(self) -> None:
        """From now on requests may fail: the test breaks the network itself."""
        self._unreliable = True

    def follow(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.problems.append(f"uncaught: {error}"))
        page.on("console", self._console)
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(ECHO):
            self.problems.append(f"console: {message.text}")

    def _failed(self, request: Request) -> None:
        if request.failure != GIVEN_UP and not self._unreliable:
            self.problems.append(f"{request.method} {urlsplit(request.url).path}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self._refusals:
            self.problems.append(
                f"{response.request.method} {urlsplit(response.url).path}: {response.status}"
            )
