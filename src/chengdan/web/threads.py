"""Worker threads for handlers: one queue, one hop there and one back.

A request spends most of its time waiting for PostgreSQL in such a thread. The pool of anyio does the same with a condition
and a limiter per hop, which cost as much as the rest of a small request.
"""

import asyncio
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
Job = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class Threads:
    """At most `size` threads, started as they are needed; they end with the process."""

    def __init__(self, size: int) -> None:
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._size = size
        self._started = 0
        self._busy = 0

    async def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, done in one of the threads; or what it raises."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        if self._busy >= self._started < self._size:
            self._start()
        self._busy += 1
        self._jobs.put((loop, future, work))
        try:
            return await future
        finally:
            self._busy -= 1

    def _start(self) -> None:
        self._started += 1
        threading.Thread(target=self._serve, name=f"handler-{self._started}", daemon=True).start()

    def _serve(self) -> None:
        while True:
            loop, future, work = self._jobs.get()
            try:
                result = work()
            except BaseException as error:
                _tell(loop, _fail, future, error)
            else:
                _tell(loop, _finish, future, result)


def _tell(loop: asyncio.AbstractEventLoop, how: Callable[..., None], *what: Any) -> None:
    """Tell the loop what became of the work; once it is closed, nobody waits for that any more."""
    try:
        loop.call_soon_threadsafe(how, *what)
    except RuntimeError:
        if not loop.is_closed():
            raise


def _finish(future: "asyncio.Future[T]", result: T) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: "asyncio.Future[Any]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
