"""A running site over a small demo company, and visitors who are logged in to it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from starlette.applications import Starlette

from chengdan.base.config import Config
from chengdan.cli.demo import PASSWORD, load_demo
from chengdan.run import apps
from chengdan.run.runtime import Runtime
from chengdan.web import server
from chengdan.web.app import create_app

Json = dict[str, Any]


class Visitor(httpx.Client):
    """A browser that is logged in: it keeps the cookie and sends the CSRF token."""

    me: Json

    def json(self, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        """The answer's JSON, when its status is the one expected."""
        answer = (
            self.request(method, path, json=body, **more)
            if body is not None
            else self.request(method, path, **more)
        )
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:2000]}"
        return answer.json() if answer.content else None

    def first(self, object: str, **query: Any) -> Json:
        """The newest record of a list that is not empty."""
        found: Json = self.json("GET", f"/api/records/{object}", params=query)["items"][0]
        return found


@dataclass(frozen=True)
class Site:
    """A server on loopback with its runtime."""

    url: str
    runtime: Runtime

    def stranger(self, **headers: str) -> Visitor:
        """Somebody who is not logged in."""
        return Visitor(base_url=self.url, headers=headers, timeout=30)

    def log_in(self, username: str, password: str = PASSWORD) -> Visitor:
        visitor = self.stranger()
        answer = visitor.post("/api/auth/login", json={"username": username, "password": password})
        assert answer.status_code == 200, answer.text
        visitor.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        visitor.me = answer.json()["user"]
        return visitor


def build_company(url: str, home: Path, scale: float) -> None:
    """Publish the sales system in an empty database, and load the demo company with its log-ins."""
    with Runtime.over(url, Config(home=home)) as runtime:
        runtime.publish(apps.shipped("chengdan.sales"))
        load_demo(runtime, scale)


@contextmanager
def open_site(url: str, config: Config) -> Iterator[Site]:
    """A site over the database of `url`, for as long as the context lasts."""
    with Runtime.over(url, config) as runtime:
        runtime.demo = True
        with serving(runtime) as address:
            yield Site(address, runtime)


@contextmanager
def serving(runtime: Runtime) -> Iterator[str]:
    """The URL of a server over `runtime`."""
    stopping = threading.Event()
    with running(create_app(runtime, stopping)) as url:
        yield url
        stopping.set()


@contextmanager
def running(app: Starlette) -> Iterator[str]:
    """The URL of a server of any application, in a thread of its own."""
    listener = server.bind("127.0.0.1", 0)
    ready = threading.Event()
    uvicorn_server = uvicorn.Server(server.configured(app))

    async def run() -> None:
        task = asyncio.create_task(uvicorn_server.serve(sockets=[listener]))
        while not uvicorn_server.started:
            await asyncio.sleep(0.01)
        ready.set()
        await task

    thread = threading.Thread(target=asyncio.run, args=(run(),), daemon=True)
    thread.start()
    assert ready.wait(30)
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        uvicorn_server.should_exit = True
        thread.join(10)
        listener.close()
