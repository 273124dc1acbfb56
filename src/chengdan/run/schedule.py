"""The schedule: fires timers, watches for conflicts, seals the journal, takes audits on, keeps partitions ahead of time.

A batch of timers is claimed, acted on and taken away in one transaction: a worker that dies leaves them as they were, and
two workers never take the same. A batch that fails is done again timer by timer, so one bad timer holds up no other. Nor
does one thing that the schedule does hold up the others: what goes wrong in it is logged, and it is tried again.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import psycopg

from chengdan.base.errors import ChengdanError
from chengdan.kernel.access import NOBODY, Principal
from chengdan.kernel.event import Event, EventKind
from chengdan.kernel.snapshot import AUTOMATION
from chengdan.run import audits
from chengdan.run.action import apply
from chengdan.run.conflicts import watching
from chengdan.run.following import follow
from chengdan.run.pools import falling
from chengdan.run.react import Change
from chengdan.run.runtime import Runtime
from chengdan.store import journal, records, sealing, timers
from chengdan.store.timers import Due
from chengdan.store.unit import Unit

POLL_SECONDS = 1.0
SEAL_SECONDS = 3.0
AUDIT_SECONDS = 20.0
RETRY_SECONDS = 5.0
AHEAD = timedelta(days=62)
CLOCK = Principal(NOBODY, AUTOMATION.name, frozenset({AUTOMATION.name}))
_log = logging.getLogger(__name__)


def fire_due(runtime: Runtime) -> int:
    """Fire one batch of timers that have run out; returns how many were taken.

    Whatever goes wrong in a rule, be it a fault of the program, puts off that timer alone.
    """
    try:
        return _fire(runtime, timers.BATCH)
    except Exception as error:
        _log.warning("a batch of timers failed, going on one by one: %s", error)
        return _fire_singly(runtime)


def _fire(runtime: Runtime, limit: int) -> int:
    """Fire at most `limit` timers. They are taken away before their rules run, which may start them again."""
    with runtime.unit(CLOCK, "timer", batch=True) as unit:
        due = timers.claim(unit.connection, unit.now, limit)
        if due:
            timers.done(unit, [timer.id for timer in due])
        for object in sorted({timer.object for timer in due} & unit.snapshot.objects.keys()):
            records.lock(unit, object, [timer.record for timer in due if timer.object == object])
        for timer in due:
            if timer.object in unit.snapshot.objects:
                _ring(unit, timer)
    return len(due)


def _ring(unit: Unit, timer: Due) -> None:
    """Run what a timer sets off, unless its record is archived or gone."""
    held = records.lock(unit, timer.object, [timer.record]).get(timer.record)
    if held is None or held.row["archived_at"] is not None:
        return
    row = held.row
    unit.work.fired.clear()
    acting = unit.within(CLOCK, f"timer/{timer.key}")
    acting.record(
        Event(EventKind.TIMER_FIRED, timer.object, timer.record, {"key": timer.key, "due_at": timer.due_at})
    )
    change = Change(EventKind.TIMER_FIRED, timer.object, row, row, timer=timer.key)
    for ordered in follow(acting, change):
        apply(ordered.unit, ordered.command)


def _fire_singly(runtime: Runtime) -> int:
    taken = 0
    for _ in range(timers.BATCH):
        try:
            fired = _fire(runtime, 1)
        except Exception as error:
            if not isinstance(error, (ChengdanError, psycopg.Error)):
                _log.exception("a timer met a fault of the program")
            fired = _put_off(runtime, str(error) or type(error).__name__)
        if not fired:
            break
        taken += fired
    return taken


def _put_off(runtime: Runtime, error: str) -> int:
    with runtime.pool.connection() as connection:
        now = runtime.clock()
        due = timers.claim(connection, now, 1)
        for timer in due:
            _log.error("timer %s of %s failed: %s", timer.key, timer.record, error)
            timers.failed(connection, timer, error, now)
    return len(due)


def seal(runtime: Runtime) -> int:
    """Seal the journal up to now; returns how many events were sealed."""
    with runtime.pool.connection() as connection:
        return sealing.seal(connection)


@dataclass(slots=True)
class _Step:
    """Something that the schedule does every so many seconds, and when it is next due by the monotonic clock."""

    work: Callable[[Runtime], object]
    seconds: float = 0.0
    due: float = 0.0

    def take(self, runtime: Runtime) -> object:
        """What the work returns where it is due; None where it is not, or fails: then it is logged and waits a little."""
        if time.monotonic() < self.due:
            return None
        seconds, done = max(self.seconds, RETRY_SECONDS), None
        try:
            done, seconds = self.work(runtime), self.seconds
        except psycopg.Error as error:
            _log.warning("the database failed `%s`, trying again: %s", self.work.__name__, error)
        except Exception:
            _log.exception("`%s` met a fault of the program, trying again", self.work.__name__)
        self.due = time.monotonic() + seconds
        return done


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Work until `stop` is set. Survives whatever one of its steps meets, also a database that goes away for a while."""
    ringing = _Step(fire_due)
    steps = [
        _Step(watching.follow),
        _Step(seal, SEAL_SECONDS),
        _Step(_keep_partitions, SEAL_SECONDS),
        _Step(watching.sweep_due, SEAL_SECONDS),
        _Step(falling.fall_due, SEAL_SECONDS),
        _Step(audits.advance, AUDIT_SECONDS),
    ]
    while not stop.is_set():
        busy = ringing.take(runtime) == timers.BATCH
        for step in steps:
            step.take(runtime)
        if not busy:
            stop.wait(POLL_SECONDS)


def _keep_partitions(runtime: Runtime) -> None:
    today = runtime.clock().date()
    with runtime.pool.connection() as connection:
        journal.ensure_partitions(connection, today, today + AHEAD)
