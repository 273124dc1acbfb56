"""The postman: a thread that sends what is queued, judges visits, and sees to it that every mailbox is watched."""

import logging
import threading
from collections.abc import Callable

import psycopg

from chengdan.run.mail import strangers
from chengdan.run.mail.mailboxes import Watchers
from chengdan.run.mail.outgoing import send_due, tell_late
from chengdan.run.mail.visits import judge_visits
from chengdan.run.runtime import Runtime

POLL_SECONDS = 1.0
TEND_EVERY = 10
FORGET_EVERY = 3_600
STOP_SECONDS = 1.0
_log = logging.getLogger(__name__)


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Work until `stop` is set. Survives a database that goes away for a while, and whatever else goes wrong."""
    watchers = Watchers(runtime, stop)
    duties: tuple[tuple[int, Callable[[], object]], ...] = (
        (1, lambda: judge_visits(runtime)),
        (TEND_EVERY, lambda: tell_late(runtime)),
        (TEND_EVERY, watchers.tend),
        (FORGET_EVERY, lambda: _forget_strangers(runtime)),
    )
    round = 0
    while not stop.is_set():
        if _done(lambda: send_due(runtime)):
            continue
        for every, duty in duties:
            if round % every == 0:
                _done(duty)
        round += 1
        stop.wait(POLL_SECONDS)
    watchers.join(STOP_SECONDS)


def _done(duty: Callable[[], object]) -> bool:
    """Whether a duty found something to do; one that fails keeps none of the others from being done."""
    try:
        return bool(duty())
    except psycopg.Error as error:
        _log.warning("the postman lost the database, trying again: %s", type(error).__name__)
    except Exception:
        _log.exception("the postman met a fault of the program")
    return False


def _forget_strangers(runtime: Runtime) -> None:
    with runtime.pool.connection() as connection:
        strangers.forget_old(connection, runtime.clock())
