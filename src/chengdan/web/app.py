"""The application: endpoints, live stream, page, and what wraps every response."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chengdan.run.live import Hub
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.store.lane import Lane
from chengdan.web import (
    access,
    audit,
    audits,
    auth,
    bulk,
    catalog,
    comments,
    conflicts,
    exports,
    feeds,
    files,
    finding,
    health,
    histories,
    home,
    imports,
    inbox,
    jobs,
    leaving,
    live,
    mail,
    mail_accounts,
    merging,
    metrics,
    mining,
    openapi,
    outlets,
    people,
    pools,
    process,
    public,
    records,
    scores,
    signing,
    studio,
    tracking,
    views,
)
from chengdan.web.endpoint import Endpoint, answerer
from chengdan.web.language import locale_of
from chengdan.web.problem import MethodNotAllowed, NoSuchPath, as_error, problem_response
from chengdan.web.routing import Endpoints
from chengdan.web.security import Security
from chengdan.web.static import Page
from chengdan.web.threads import Threads

_DESCRIBED: tuple[Endpoint, ...] = (
    *bulk.ENDPOINTS,
    *merging.ENDPOINTS,
    *finding.ENDPOINTS,
    *imports.ENDPOINTS,
    *histories.ENDPOINTS,
    *jobs.ENDPOINTS,
    *exports.ENDPOINTS,
    *records.ENDPOINTS,
    *access.ENDPOINTS,
    *process.ENDPOINTS,
    *mining.ENDPOINTS,
    *files.ENDPOINTS,
    *signing.ENDPOINTS,
    *comments.ENDPOINTS,
    *conflicts.ENDPOINTS,
    *leaving.ENDPOINTS,
    *pools.ENDPOINTS,
    *audit.ENDPOINTS,
    *audits.ENDPOINTS,
    *auth.ENDPOINTS,
    *people.ENDPOINTS,
    *catalog.ENDPOINTS,
    *inbox.ENDPOINTS,
    *outlets.ENDPOINTS,
    *views.ENDPOINTS,
    *home.ENDPOINTS,
    *metrics.ENDPOINTS,
    *scores.ENDPOINTS,
    *studio.ENDPOINTS,
    *feeds.ENDPOINTS,
    *public.ENDPOINTS,
    *mail.ENDPOINTS,
    *mail_accounts.ENDPOINTS,
    *tracking.ENDPOINTS,
    *health.ENDPOINTS,
)
HANDLER_THREADS = 40
LANE_CONNECTIONS = 6
ENDPOINTS = (*_DESCRIBED, openapi.endpoint(_DESCRIBED))


def create_app(runtime: Runtime, stopping: threading.Event | None = None) -> Starlette:
    """The ASGI application over a runtime. Live streams end when `stopping` is set."""

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        app.state.hub.start()
        try:
            yield
        finally:
            app.state.hub.stop()
            app.state.lane.close()

    pages = Page()
    app = Starlette(
        routes=[
            _endpoints(),
            *live.ROUTES,
            Route("/api/{path:path}", _no_such_path, methods=["GET"]),
            Route("/p/{token}", pages.public, methods=["GET"]),
            Route("/{path:path}", pages.answer, methods=["GET"]),
        ],
        middleware=[Middleware(Security)],
        exception_handlers={HTTPException: _http_error, Exception: _unexpected},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    app.state.runtime = runtime
    app.state.doorman = Doorman(runtime)
    app.state.threads = Threads(HANDLER_THREADS)
    app.state.lane = Lane(runtime.url, LANE_CONNECTIONS)
    app.state.hub = Hub(runtime)
    app.state.stopping = stopping or threading.Event()
    return app


def _endpoints() -> Endpoints:
    found = Endpoints()
    for endpoint in ENDPOINTS:
        found.add(endpoint.method, endpoint.path, answerer(endpoint))
    return found


async def _no_such_path(request: Request) -> Response:
    return problem_response(NoSuchPath(), locale_of(request))


async def _http_error(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    response = problem_response(MethodNotAllowed() if status == 405 else NoSuchPath(), locale_of(request))
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


async def _unexpected(request: Request, error: Exception) -> Response:
    return problem_response(as_error(error), locale_of(request))
