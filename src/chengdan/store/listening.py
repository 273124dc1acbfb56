"""Hearing what the database announces with NOTIFY, over a connection of its own that is made again when it breaks."""

import logging
import selectors
import socket
import threading
from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg import sql

AGAIN_SECONDS = 1.0
STOP_SECONDS = 5.0

_log = logging.getLogger(__name__)


class Listener:
    """A thread that calls `connected` once it hears, as well as after each break, and `heard` with the channel of a notice."""

    def __init__(
        self,
        url: str,
        channels: Sequence[str],
        connected: Callable[[], None],
        heard: Callable[[str], None],
    ) -> None:
        self._url = url
        self._channels = channels
        self._connected = connected
        self._heard = heard
        self._stop = threading.Event()
        self._waker, self._woken = socket.socketpair()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def stop(self) -> None:
        """Listen no more: wakes the thread, and waits for it."""
        self._stop.set()
        self._waker.close()
        self._thread.join(STOP_SECONDS)

    def _run(self) -> None:
        with self._woken:
            while not self._stop.is_set():
                try:
                    with psycopg.connect(self._url, autocommit=True) as connection:
                        for channel in self._channels:
                            connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                        self._connected()
                        self._follow(connection)
                except psycopg.Error as error:
                    _log.warning("lost the database, trying again: %s", type(error).__name__)
                    self._stop.wait(AGAIN_SECONDS)

    def _follow(self, connection: psycopg.Connection[Any]) -> None:
        """Look, then wait: what came along with the answer to a statement is no reason to wake up any more."""
        with selectors.DefaultSelector() as selector:
            selector.register(connection, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self._stop.is_set():
                for notice in connection.notifies(timeout=0):
                    self._heard(notice.channel)
                selector.select()
