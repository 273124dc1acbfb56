"""Serving the application: in this process, or in several that share one port and are started again when they die."""

import asyncio
import errno
import multiprocessing
import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.context import SpawnProcess
from types import FrameType
from typing import Any

import uvicorn
from starlette.applications import Starlette

from chengdan.base.config import Config
from chengdan.base.setup import PortInUse, require_port_free
from chengdan.run.runtime import Runtime
from chengdan.web.app import create_app
from chengdan.web.gathering import GatheringProtocol

SIGNALS = (signal.SIGINT, signal.SIGTERM)
GRACE_SECONDS = 1
KEEP_ALIVE_SECONDS = 75
STOP_SECONDS = 3.0
WATCH_SECONDS = 0.2
AGAIN_SECONDS = 1.0
BACKLOG = 2_048
SHARES_PORT = sys.platform == "linux"


class _Server(uvicorn.Server):
    """A server that ends its live streams at once when it is told to stop, and leaves cleaning up to its caller."""

    def __init__(self, config: uvicorn.Config, stopping: threading.Event, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._stopping = stopping
        self._ready = ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        before = {number: signal.signal(number, self.handle_exit) for number in SIGNALS}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._stopping.set()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._ready()


def bind(host: str, port: int) -> socket.socket:
    """The listening socket. Raises PortInUse, BadSetting."""
    require_port_free(host, port)
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    try:
        return _listen(family, kind, protocol, address)
    except OSError as failure:
        if failure.errno == errno.EADDRINUSE:
            raise PortInUse(host=host, port=port) from None
        raise


def _listen(family: int, kind: int, protocol: int, address: Any) -> socket.socket:
    listener = socket.socket(family, kind, protocol)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if SHARES_PORT:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener


def _listeners(first: socket.socket, count: int) -> list[socket.socket]:
    """A listening socket for each process, so that the system spreads connections over them; one for all elsewhere.

    On one socket the process that wakes first would take every connection there is.
    """
    if not SHARES_PORT:
        return [first] * count
    address = first.getsockname()
    return [first, *(_listen(first.family, first.type, first.proto, address) for _ in range(count - 1))]


def configured(app: Starlette) -> uvicorn.Config:
    """How the application is served: without a log of requests, and stopped within seconds."""
    return uvicorn.Config(
        app,
        http=GatheringProtocol,
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )


def serve(runtime: Runtime, listener: socket.socket, ready: Callable[[], None]) -> None:
    """Serve in this process until SIGINT or SIGTERM; `ready` is called once requests are answered."""
    _run(runtime, listener, threading.Event(), ready)


def _run(
    runtime: Runtime, listener: socket.socket, stopping: threading.Event, ready: Callable[[], None]
) -> None:
    config = configured(create_app(runtime, stopping))
    server = _Server(config, stopping, ready)
    factory = config.get_loop_factory()
    with asyncio.Runner(loop_factory=factory) as runner:
        runner.run(server.serve(sockets=[listener]))


def serve_in_processes(
    config: Config, listener: socket.socket, count: int, *, demo: bool, ready: Callable[[], None]
) -> None:
    """Serve in `count` processes until SIGINT or SIGTERM. One that dies is started again, on the socket it had."""
    context = multiprocessing.get_context("spawn")
    is_ready = context.Event()
    stop = threading.Event()

    listeners = _listeners(listener, count)

    def launch(own: socket.socket) -> SpawnProcess:
        process = context.Process(target=_child, args=(config, own, demo, is_ready), name="chengdan-web")
        process.start()
        return process

    with _stopped_by_signals(stop):
        children = [launch(own) for own in listeners]
        announced = False
        while not stop.wait(WATCH_SECONDS):
            if is_ready.is_set() and not announced:
                announced = True
                ready()
            for index, child in enumerate(children):
                if child.exitcode is not None and not stop.wait(AGAIN_SECONDS):
                    children[index] = launch(listeners[index])
        _end(children)
    for own in listeners:
        own.close()


def _end(children: list[SpawnProcess]) -> None:
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.terminate()
    for child in children:
        child.join(max(0.0, deadline - time.monotonic()))
        if child.exitcode is None:
            child.kill()
            child.join()


@contextmanager
def _stopped_by_signals(stop: threading.Event) -> Iterator[None]:
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def wait_for_signal() -> None:
    """Return at SIGINT or SIGTERM."""
    stop = threading.Event()
    with _stopped_by_signals(stop):
        while not stop.wait(WATCH_SECONDS):
            pass


def _child(config: Config, listener: socket.socket, demo: bool, is_ready: threading.Event) -> None:
    """One process of several. It ends when its parent does, however that ended."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    stopping = threading.Event()
    threading.Thread(target=_follow_parent, name="parent-watcher", daemon=True).start()
    with Runtime.open(config) as runtime:
        runtime.demo = demo
        _run(runtime, listener, stopping, is_ready.set)


def _follow_parent() -> None:
    """End this process when its parent is gone: in order, or, should it still be starting, at once."""
    parent = multiprocessing.parent_process()
    while parent is not None and os.getppid() == parent.pid:
        time.sleep(WATCH_SECONDS)
    deadline = time.monotonic() + STOP_SECONDS
    while time.monotonic() < deadline:
        signal.raise_signal(signal.SIGTERM)
        time.sleep(WATCH_SECONDS)
    os._exit(1)
