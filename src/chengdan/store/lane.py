"""Connections of an event loop, on which it waits for small answers itself.

Handing such a request to a thread and waking the loop again costs as much as all else that is done for it.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import pq

from chengdan.store.connection import OPTIONS, Connection

_log = logging.getLogger(__name__)


class Lane:
    """At most `size` connections, made in the background as they are needed. To be used in one event loop."""

    def __init__(self, url: str, size: int) -> None:
        self._url = url
        self._size = size
        self._made = 0
        self._free: list[Connection] = []
        self._making: set[asyncio.Task[None]] = set()
        self._closed = False

    @contextmanager
    def connection(self) -> Iterator[Connection | None]:
        """The free connection that was used last; None when there is none. One that is left amid a statement is closed."""
        if not self._free:
            self._make()
            yield None
            return
        connection = self._free.pop()
        try:
            yield connection
        finally:
            if connection.pgconn.transaction_status == pq.TransactionStatus.IDLE and not self._closed:
                self._free.append(connection)
            else:
                self._made -= 1
                connection.close()

    def close(self) -> None:
        """Close every connection that is not in use, and the others when they are left."""
        self._closed = True
        while self._free:
            self._free.pop().close()

    def _make(self) -> None:
        if self._made < self._size and not self._closed:
            self._made += 1
            task = asyncio.get_running_loop().create_task(self._connect())
            self._making.add(task)
            task.add_done_callback(self._making.discard)

    async def _connect(self) -> None:
        try:
            connection = await asyncio.to_thread(
                Connection.connect, self._url, options=OPTIONS, autocommit=True
            )
        except psycopg.Error as error:
            self._made -= 1
            _log.warning("no connection for the event loop: %s", type(error).__name__)
            return
        if self._closed:
            connection.close()
        else:
            self._free.append(connection)
