"""The postman: a thread that sends what is queued, judges visits, and sees to it that every mailbox is watched."""

import logging
import threading

import psycopg

from chengdan.run.mail import strangers
from chengdan.run.mail.mailboxes import Watchers
from chengdan.run.mail.outgoing import send_due
from chengdan.run.mail.visits import judge_visits
from chengdan.run.runtime import Runtime

POLL_SECONDS = 1.0
TEND_EVERY = 10
FORGET_EVERY = 3_600
STOP_SECONDS = 1.0
_log = logging.getLogger(__name__)


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Work until `stop` is set. Survives a database that goes away for a while."""
    watchers = Watchers(runtime, stop)
    round = 0
    while not stop.is_set():
        try:
            busy = send_due(runtime)
            if not busy:
                judge_visits(runtime)
                if round % TEND_EVERY == 0 and runtime.snapshot.mail is not None:
                    watchers.tend()
                if round % FORGET_EVERY == 0:
                    with runtime.pool.connection() as connection:
                        strangers.forget_old(connection, runtime.clock())
                round += 1
        except psycopg.Error as error:
            _log.warning("the postman lost the database, trying again: %s", type(error).__name__)
            busy = False
        if not busy:
            stop.wait(POLL_SECONDS)
    watchers.join(STOP_SECONDS)
