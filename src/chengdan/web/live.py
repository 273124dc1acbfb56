"""The live stream: server-sent events of what the visitor may see, resumed by Last-Event-ID."""

import asyncio
from collections.abc import AsyncIterator
from queue import Empty, Queue

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from chengdan.base.json import dumps_text
from chengdan.run.live import Hub, News, missed, told
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import NotLoggedIn, Visitor
from chengdan.web.endpoint import known_visitor
from chengdan.web.problem import as_error, locale_of, problem_response

PING_SECONDS = 15.0
LOOK_SECONDS = 0.25
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


async def live(request: Request) -> Response:
    """`record`, `notification` and `snapshot` events; a comment every 15 s keeps proxies awake."""
    runtime: Runtime = request.app.state.runtime
    try:
        visitor = await run_in_threadpool(known_visitor, request.app.state.doorman, request, "GET")
        if visitor is None:
            raise NotLoggedIn()
    except Exception as error:  # the edge: whatever happens becomes a problem
        return problem_response(as_error(error), locale_of(request))
    last = request.headers.get("last-event-id", "")
    after = int(last) if last.isascii() and last.isdigit() and len(last) < 20 else None
    stream = _stream(request, runtime, request.app.state.hub, visitor, after)
    return StreamingResponse(stream, headers=HEADERS, media_type="text/event-stream")


async def _stream(
    request: Request, runtime: Runtime, hub: Hub, visitor: Visitor, after: int | None
) -> AsyncIterator[str]:
    queue: Queue[News] = await run_in_threadpool(hub.listen)
    try:
        yield "retry: 2000\n\n"
        if after is not None:
            yield await run_in_threadpool(
                _written, runtime, visitor, await run_in_threadpool(missed, runtime, after)
            )
        quiet = 0.0
        while not await request.is_disconnected() and not request.app.state.stopping.is_set():
            try:
                news = queue.get_nowait()
            except Empty:
                await asyncio.sleep(LOOK_SECONDS)
                quiet += LOOK_SECONDS
                if quiet >= PING_SECONDS:
                    quiet = 0.0
                    yield ": still here\n\n"
                continue
            quiet = 0.0
            text = await run_in_threadpool(_written, runtime, visitor, news)
            if text:
                yield text
    finally:
        hub.leave(queue)


def _written(runtime: Runtime, visitor: Visitor, news: News) -> str:
    heard = told(runtime, visitor.principal, news)
    return "".join(f"id: {news.upto}\nevent: {name}\ndata: {dumps_text(data)}\n\n" for name, data in heard)


ROUTES = (Route("/api/live", live, methods=["GET"]),)
