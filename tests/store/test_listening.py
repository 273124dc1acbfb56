"""Hearing what the database announces, across a break, until told to stop."""

import queue
from collections.abc import Iterator

import psycopg
import pytest

from chengdan.store.listening import Listener

CHANNELS = ("first", "second")
SECONDS = 30


@pytest.fixture
def heard(database_url: str) -> Iterator["queue.Queue[str]"]:
    """What a listener hears; "connected" whenever it begins to."""
    heard: queue.Queue[str] = queue.Queue()
    listener = Listener(database_url, CHANNELS, lambda: heard.put("connected"), heard.put)
    listener.start()
    assert heard.get(timeout=SECONDS) == "connected"
    yield heard
    listener.stop()


def test_it_hears_its_channels_in_the_order_of_the_commits(
    heard: "queue.Queue[str]", database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        for channel in ("second", "third", "first"):
            connection.execute("SELECT pg_notify(%s, '')", (channel,))

    assert [heard.get(timeout=SECONDS) for _ in CHANNELS] == ["second", "first"]
    assert heard.empty()


def test_after_a_break_it_connects_again_and_hears_on(heard: "queue.Queue[str]", database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        assert heard.get(timeout=SECONDS) == "connected"
        connection.execute("NOTIFY first")

    assert heard.get(timeout=SECONDS) == "first"


def test_once_stopped_it_holds_no_connection(database_url: str) -> None:
    connected: queue.Queue[bool] = queue.Queue()
    listener = Listener(database_url, CHANNELS, lambda: connected.put(True), lambda channel: None)
    listener.start()
    connected.get(timeout=SECONDS)
    listener.stop()

    with psycopg.connect(database_url) as connection:
        others = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
            "AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
        ).fetchone()
    assert others == (0,)
