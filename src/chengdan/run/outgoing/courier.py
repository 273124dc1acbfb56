"""The courier: sends what waits, in threads of `serve` and `worker`, as many processes as there are.

An outlet is leased and its lines are marked as being sent in one transaction; then the message leaves, with no transaction
open; another transaction notes what came of it. Killed in between, the lease runs out and the lines are sent again: a robot
may say a thing twice, never not at all, and a webhook knows the second by its id.
"""

import logging
import threading
from datetime import datetime, timedelta
from uuid import UUID

import psycopg

from chengdan.base.errors import ChengdanError
from chengdan.base.ids import new_id
from chengdan.base.label import Label
from chengdan.kernel.outlet import KINDS, Line, Message, Verdict, fitting
from chengdan.run.outgoing import digests
from chengdan.run.outgoing.links import link
from chengdan.run.outgoing.passing_on import BATCH, pass_on
from chengdan.run.outgoing.post import Gate, post
from chengdan.run.runtime import Runtime
from chengdan.store import deliveries, outlets
from chengdan.store.deliveries import Waiting
from chengdan.store.outlets import Outlet

POLL_SECONDS = 1.0
FORGET_EVERY = 3_600
SLOWER = timedelta(seconds=60)
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
_log = logging.getLogger(__name__)


def purpose(outlet: UUID, what: str) -> str:
    """What a sealed address or secret of an outlet is sealed for."""
    return f"outlet/{outlet}/{what}"


def send_next(runtime: Runtime) -> bool:
    """Send one message through the outlet whose turn it is; false when none may send or has anything to say."""
    now, lease = runtime.clock(), new_id()
    with runtime.pool.connection() as connection:
        outlet = outlets.take(connection, now, lease)
        if outlet is None:
            return False
        kind = KINDS[outlet.kind]
        found = deliveries.waiting(connection, outlet.id, now, kind.most)
        message = fitting(kind, _message(runtime, outlet, found), now) if found else None
        leaving = found[: len(message.lines)] if message else []
        deliveries.sending(connection, [one.id for one in leaving])
    if message is None:
        return finish(runtime, outlet, lease, [], Verdict(True, ""))
    return finish(runtime, outlet, lease, [one.id for one in leaving], deliver(runtime, outlet, message))


def deliver(runtime: Runtime, outlet: Outlet, message: Message) -> Verdict:
    """Send a message now; whatever goes wrong is told by the verdict."""
    kind = KINDS[outlet.kind]
    try:
        address = runtime.secrets.open(outlet.address, purpose(outlet.id, "address"))
        secret = runtime.secrets.open(outlet.secret, purpose(outlet.id, "secret")) if outlet.secret else ""
        answer = post(
            kind.request(address, secret, message, runtime.clock()), Gate.of(runtime.config.outgoing_allow)
        )
    except ChengdanError as error:
        return Verdict(False, f"{error.code} {error.message('en' if outlet.locale == 'en' else 'zh-CN')}")
    return kind.verdict(answer.status, answer.body)


def finish(runtime: Runtime, outlet: Outlet, lease: UUID, ids: list[UUID], verdict: Verdict) -> bool:
    """Note what came of a message and give the outlet back; true."""
    now = runtime.clock()
    failures = 0 if verdict.arrived else outlet.failures if verdict.slow else outlet.failures + 1
    with runtime.pool.connection() as connection:
        if not outlets.give_back(
            connection, outlet, lease, failures, _next_at(outlet, verdict, failures, now)
        ):
            _log.warning("outlet %s took longer than its lease", outlet.id)
        elif verdict.arrived:
            deliveries.sent(connection, ids, verdict.answer, now)
        elif verdict.slow:
            deliveries.spared(connection, ids, verdict.answer, now)
        else:
            deliveries.failed(connection, ids, verdict.answer)
    return True


def _next_at(outlet: Outlet, verdict: Verdict, failures: int, now: datetime) -> datetime:
    """When the outlet may send again: after its spacing, later when it asked for that, twice as late at each failure."""
    if verdict.arrived:
        return now + KINDS[outlet.kind].spacing
    if verdict.slow:
        return now + SLOWER
    return now + min(FIRST_WAIT * (1 << min(failures - 1, 10)), LONGEST_WAIT)


def _message(runtime: Runtime, outlet: Outlet, found: list[Waiting]) -> Message:
    lines = (
        Line(
            one.id,
            one.kind,
            one.at,
            Label(one.zh, one.en),
            tuple(one.people),
            one.object,
            one.record,
            one.count,
            one.urgent,
            link(runtime.config, one.object, one.record),
        )
        for one in found
    )
    return Message(tuple(lines), "en" if outlet.locale == "en" else "zh-CN")


def run(runtime: Runtime, stop: threading.Event) -> None:
    """Pass on and send until `stop` is set. Survives a database that goes away for a while."""
    polls = 0
    while not stop.is_set():
        try:
            busy = _turn(runtime)
            if not busy and polls % FORGET_EVERY == 0:
                with runtime.pool.connection() as connection:
                    deliveries.forget(connection, runtime.clock())
        except psycopg.Error as error:
            _log.warning("the courier lost the database, trying again: %s", type(error).__name__)
            busy = False
        except Exception:
            _log.exception("the courier met a fault of the program")
            busy = False
        if not busy:
            polls += 1
            stop.wait(POLL_SECONDS)


def _turn(runtime: Runtime) -> bool:
    """A bit of everything; true when there is more to do at once."""
    many = pass_on(runtime) == BATCH
    wrote = digests.write_due(runtime)
    posted = digests.send_letters(runtime)
    return send_next(runtime) or posted or wrote or many
