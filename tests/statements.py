"""How many statements something sends to PostgreSQL."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import psycopg

from chengdan.store.connection import Connection

_SENDERS = (psycopg.Cursor.execute.__code__, Connection.run.__code__)


def statements(run: Callable[[], object]) -> int:
    """How many statements `run` sends from this thread; COPY is not among them."""
    sent = 0

    def count(frame: FrameType, event: str, _: Any) -> None:
        nonlocal sent
        sent += event == "call" and frame.f_code in _SENDERS

    sys.setprofile(count)
    try:
        run()
    finally:
        sys.setprofile(None)
    return sent
