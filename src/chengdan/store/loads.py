"""Whether a history that was loaded at once is whole. One that was cut short is taken away: nobody has worked with it yet."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import psycopg

from chengdan.base.errors import ChengdanError
from chengdan.store.connection import Connection

LOCK = 7_061_119
"""Held for as long as a load lasts."""
HELPERS = 7_061_120
"""Shared by the processes that write for a load; they outlive one that is killed by the block that they are at."""


class PartlyLoaded(ChengdanError):
    code = "LOAD-002"
    status = 409
    zh = "演示公司没有装完：还在装，或中途停了。"
    en = "The demo company is not whole: it is still being loaded, or loading was cut short."
    hint_zh = "在装就等它装完；停了就再运行 make run（或 chengdan demo），会从头装。"
    hint_en = "Wait until it is loaded; if that was cut short, make run (or chengdan demo) loads it anew."


@contextmanager
def alone(url: str) -> Iterator[None]:
    """Let nobody else load meanwhile, or take away what is being loaded. Raises PartlyLoaded when somebody does.

    Waits for those who still write for a load that is over.
    """
    with psycopg.connect(url, autocommit=True) as guard:
        row = guard.execute("SELECT pg_try_advisory_lock(%s)", (LOCK,)).fetchone()
        if not row or not row[0]:
            raise PartlyLoaded()
        guard.execute("SELECT pg_advisory_lock(%s)", (HELPERS,))
        guard.execute("SELECT pg_advisory_unlock(%s)", (HELPERS,))
        yield


def help_load(connection: Connection) -> None:
    """Let whoever wants to load or take away wait for what this connection writes, as long as it is open."""
    connection.execute("SELECT pg_advisory_lock_shared(%s)", (HELPERS,))


def begin(connection: Connection, now: datetime) -> None:
    """Note that a load begins."""
    connection.execute("INSERT INTO chengdan.load (begun_at) VALUES (%s)", (now,))


def end(connection: Connection, now: datetime) -> None:
    """Note that what was loaded is whole."""
    connection.execute("UPDATE chengdan.load SET ended_at = %s WHERE ended_at IS NULL", (now,))


def is_partial(url: str) -> bool:
    """Whether a load was begun that has not ended."""
    with psycopg.connect(url) as connection:
        there = connection.execute("SELECT to_regclass('chengdan.load') IS NOT NULL").fetchone()
        if not there or not there[0]:
            return False
        return connection.execute("SELECT FROM chengdan.load WHERE ended_at IS NULL").fetchone() is not None


def discard(url: str) -> None:
    """Take away an installation whose load was cut short, all of it. Raises PartlyLoaded while somebody loads it."""
    with alone(url), psycopg.connect(url) as connection:
        connection.execute("DROP SCHEMA IF EXISTS data, chengdan, procrastinate CASCADE")
