"""The application: endpoints, live stream, page, and what wraps every response."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chengdan.run.live import Hub
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.web import auth, catalog, files, health, inbox, jobs, live, process, records, studio
from chengdan.web.endpoint import Call, Endpoint, json_response, route
from chengdan.web.openapi import document
from chengdan.web.problem import MethodNotAllowed, NoSuchPath, as_error, locale_of, problem_response
from chengdan.web.security import SecurityHeaders
from chengdan.web.static import Page

SMALLEST_ZIPPED = 1_000


def openapi(call: Call) -> Response:
    return json_response(document(call.runtime.snapshot, ENDPOINTS))


ENDPOINTS: tuple[Endpoint, ...] = (
    *records.ENDPOINTS,
    *process.ENDPOINTS,
    *files.ENDPOINTS,
    *auth.ENDPOINTS,
    *catalog.ENDPOINTS,
    *inbox.ENDPOINTS,
    *jobs.ENDPOINTS,
    *studio.ENDPOINTS,
    *health.ENDPOINTS,
    Endpoint("GET", "/api/openapi.json", openapi, "This description", "health", public=True),
)


def create_app(runtime: Runtime, stopping: threading.Event | None = None) -> Starlette:
    """The ASGI application over a runtime. Live streams end when `stopping` is set."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.hub.start()
        try:
            yield
        finally:
            app.state.hub.stop()

    app = Starlette(
        routes=[
            *map(route, ENDPOINTS),
            *live.ROUTES,
            Route("/{path:path}", Page().answer, methods=["GET", "HEAD"]),
        ],
        middleware=[
            Middleware(SecurityHeaders),
            Middleware(GZipMiddleware, minimum_size=SMALLEST_ZIPPED, compresslevel=1),
        ],
        exception_handlers={HTTPException: _http_error, Exception: _unexpected},
        lifespan=lifespan,
    )
    app.state.runtime = runtime
    app.state.doorman = Doorman(runtime)
    app.state.hub = Hub(runtime)
    app.state.stopping = stopping or threading.Event()
    return app


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    return problem_response(MethodNotAllowed() if status == 405 else NoSuchPath(), locale_of(request))


async def _unexpected(request: Request, error: Exception) -> Response:
    return problem_response(as_error(error), locale_of(request))
