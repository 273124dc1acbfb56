"""The schedule goes on whatever one of its steps meets."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, cast

from psycopg import sql

from chengdan.run import schedule
from tests.lab.lab import MING, Lab
from tests.lab.manifests import manifests

TWICE = """\
conflict: twice
label: {zh: 重复, en: Twice}
kind: twins
object: client
fields: [name]
"""
SEALED = "SELECT coalesce(max(xid_to), 0) > %s FROM chengdan.seal"
WATCHED = "SELECT EXISTS (SELECT FROM chengdan.reading WHERE name = 'conflicts')"
SECONDS = 30


@contextmanager
def running(lab: Lab) -> Iterator[threading.Thread]:
    stop = threading.Event()
    thread = threading.Thread(target=schedule.run, args=(lab.runtime, stop), daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        stop.set()
        thread.join(SECONDS)


def is_sealed(lab: Lab, thread: threading.Thread) -> None:
    """Wait until something that happens now is sealed."""
    made = lab.create(MING, "job")
    [(xid,)] = lab.query("SELECT max(xid) FROM chengdan.event WHERE record_id = %s", made["id"])
    deadline = time.monotonic() + SECONDS
    while lab.query(SEALED, xid) != [(True,)]:
        assert thread.is_alive()
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_fault_of_the_program_in_one_step_ends_no_other(own_lab: Lab) -> None:
    config = own_lab.runtime.config
    own_lab.runtime.config = replace(config, time_zone=cast(Any, "Nowhere/At-All"))
    with running(own_lab) as thread:
        for _ in range(2):
            is_sealed(own_lab, thread)


def test_what_the_database_refuses_one_step_holds_up_no_other_and_is_tried_again(own_lab: Lab) -> None:
    own_lab.runtime.publish(manifests({"conflicts/twice.yaml": TWICE}))
    rename(own_lab, "reading", "lost")
    with running(own_lab) as thread:
        is_sealed(own_lab, thread)
        rename(own_lab, "lost", "reading")
        deadline = time.monotonic() + SECONDS
        while own_lab.query(WATCHED) == [(False,)]:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def rename(lab: Lab, old: str, new: str) -> None:
    """Give a table of the system another name."""
    statement = sql.SQL("ALTER TABLE {} RENAME TO {}")
    with lab.runtime.pool.connection() as connection:
        connection.execute(statement.format(sql.Identifier("chengdan", old), sql.Identifier(new)))
