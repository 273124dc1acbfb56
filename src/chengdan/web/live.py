"""The live stream: server-sent events of what the visitor may see.

It begins after the place that `after` names (see `GET /api/me`), and is resumed by Last-Event-ID.
"""

import asyncio
import threading
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from chengdan.base.json import dumps_text
from chengdan.run.live import Hub, News, missed, told
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman, NotLoggedIn, Visitor
from chengdan.web.endpoint import known_visitor
from chengdan.web.language import locale_of
from chengdan.web.problem import as_error, problem_response

PING_SECONDS = 15.0
LOOK_SECONDS = 0.5
BACKLOG = 200
MAX_ID_DIGITS = 18
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


async def live(request: Request) -> Response:
    """`record`, `notification`, `job` and `snapshot` events; a ping every 15 s keeps proxies awake."""
    doorman: Doorman = request.app.state.doorman
    try:
        visitor = await run_in_threadpool(known_visitor, doorman, request)
    except Exception as error:  # the edge: whatever happens becomes a problem
        return problem_response(as_error(error), locale_of(request))
    last = request.headers.get("last-event-id", "") or request.query_params.get("after", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) <= MAX_ID_DIGITS else None
    stream = Stream(request.app.state.runtime, doorman, request.app.state.hub, visitor)
    body = stream.body(after, request.app.state.stopping)
    return StreamingResponse(body, headers=HEADERS, media_type="text/event-stream")


class Stream:
    """One visitor's stream. It ends with the session, when the server stops, or when the reader can't keep up."""

    def __init__(self, runtime: Runtime, doorman: Doorman, hub: Hub, visitor: Visitor) -> None:
        self._runtime = runtime
        self._doorman = doorman
        self._hub = hub
        self._visitor = visitor
        self._queue: asyncio.Queue[News] = asyncio.Queue(BACKLOG)
        self._overrun = False

    async def body(self, after: int | None, stopping: threading.Event) -> AsyncIterator[str]:
        """The text of the stream, beginning with what was missed since the event `after`."""
        loop = asyncio.get_running_loop()
        listener = await run_in_threadpool(
            self._hub.listen,
            self._visitor.principal.user,
            lambda news: loop.call_soon_threadsafe(self._take, news),
        )
        try:
            yield "retry: 2000\n\n"
            if after is not None:
                yield await run_in_threadpool(
                    self._write, await run_in_threadpool(missed, self._runtime, after)
                )
            quiet = 0.0
            while not (stopping.is_set() or self._overrun):
                try:
                    news = await asyncio.wait_for(self._queue.get(), LOOK_SECONDS)
                except TimeoutError:
                    quiet += LOOK_SECONDS
                    if quiet >= PING_SECONDS:
                        quiet = 0.0
                        await run_in_threadpool(self._doorman.still_there, self._visitor)
                        yield ": ping\n\n"
                    continue
                text = await run_in_threadpool(self._write, news)
                if text:
                    quiet = 0.0
                    yield text
        except NotLoggedIn:
            return
        finally:
            self._hub.leave(listener)

    def _take(self, news: News) -> None:
        try:
            self._queue.put_nowait(news)
        except asyncio.QueueFull:
            self._overrun = True

    def _write(self, news: News) -> str:
        """News as events for this visitor, as of their rights now.

        Only the last one carries the place after the news; whoever loses the stream before it hears all of them again.
        """
        visitor = self._doorman.still_there(self._visitor)
        heard = told(self._runtime, visitor.principal, news)
        last = len(heard) - 1
        return "".join(
            f"id: {news.upto if index == last else news.since}\nevent: {name}\ndata: {dumps_text(data)}\n\n"
            for index, (name, data) in enumerate(heard)
        )


ROUTES = (Route("/api/live", live, methods=["GET"]),)
