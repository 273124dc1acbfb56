"""Is every proposal that nobody answered in 48 hours found, and no other: over BPI 2012 and over 100 k simulated timers?

The offers of the BPI 2012 log (O_SENT, and what answers it) go through the shipped rules as mails, under a clock that is
moved from event to event; whose timers fire is compared with what one SQL window function says of the same events. Then
100 k proposals are sent at random moments of a month, two thirds answered at random ones, and compared in the same way.
The baseline is that SQL statement, which answers the question without doing anything.
"""

import random
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import LiteralString
from uuid import UUID

from benchmarks.measure import Figure, conclude, is_quick
from chengdan.base.config import Config
from chengdan.base.ids import new_id
from chengdan.kernel.access import Principal
from chengdan.run import apps
from chengdan.run.action import apply
from chengdan.run.commands import Create, Update
from chengdan.run.histories.xes import read_xes
from chengdan.run.mail.room import ROOM
from chengdan.run.runtime import Runtime
from chengdan.run.schedule import fire_due

LOG = Path(__file__).resolve().parents[2] / "shared" / "data" / "offers_log" / "bpic2012.xes.gz"
SENT = "O_SENT"
ANSWERS = frozenset({"O_SENT_BACK", "O_ACCEPTED", "O_DECLINED", "O_CANCELLED"})
"""What ends the waiting for an answer: the customer sends it back, or the offer is decided on or withdrawn."""

WAIT = timedelta(hours=48)
BATCH = 2_000
FAR = datetime(2100, 1, 1, tzinfo=UTC)
EVENTS: LiteralString = "CREATE TEMP TABLE told (seq integer, subject text, at timestamptz, sent boolean)"
COPY: LiteralString = "COPY told (seq, subject, at, sent) FROM STDIN"
UNANSWERED: LiteralString = """
SELECT subject, at FROM (
    SELECT subject, at, sent, lead(at) OVER (PARTITION BY subject ORDER BY at, seq) AS next FROM told
) events
WHERE sent AND (next IS NULL OR next >= at + interval '48 hours')
"""
FIRED: LiteralString = (
    "SELECT record_id, (data ->> 'due_at')::timestamptz FROM chengdan.event "
    "WHERE kind = 'timer.fired' AND data ->> 'key' = 'proposal_reply'"
)
ASIDE: LiteralString = "DELETE FROM chengdan.timer WHERE key <> 'proposal_reply'"


@dataclass(frozen=True, slots=True)
class Told:
    """One event: an offer to `subject` was sent, or it was answered."""

    subject: str
    at: datetime
    sent: bool


@dataclass
class Clock:
    """Stands where it is put."""

    now: datetime = datetime(2020, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


def offers(log: Path, every: int = 1) -> list[Told]:
    """The offers of a log and their answers in the order they happened, of every so many-th case."""
    found = [
        Told(trace.attributes["concept:name"], event.at.astimezone(UTC), event.name == SENT)
        for trace in read_xes(log)
        if (trace.number - 1) % every == 0
        for event in trace.events
        if event.name == SENT or event.name in ANSWERS
    ]
    return sorted(found, key=lambda told: told.at)


def simulated(count: int) -> list[Told]:
    """`count` proposals within a month, two of three answered within four days."""
    draw, start = random.Random(48), datetime(2026, 3, 1, tzinfo=UTC)
    found = []
    for number in range(count):
        sent = start + timedelta(seconds=draw.randrange(30 * 86_400))
        found.append(Told(str(number), sent, True))
        if draw.random() < 2 / 3:
            found.append(Told(str(number), sent + timedelta(seconds=1 + draw.randrange(4 * 86_400)), False))
    return sorted(found, key=lambda told: told.at)


def by_sql(runtime: Runtime, told: Sequence[Told]) -> tuple[set[tuple[str, datetime]], float]:
    """What nobody answered according to one statement, and for how many seconds that took."""
    with runtime.pool.connection() as connection:
        connection.execute(EVENTS)
        with connection.cursor().copy(COPY) as stream:
            for seq, one in enumerate(told):
                stream.write_row((seq, one.subject, one.at, one.sent))
        start = time.perf_counter()
        found = {(subject, at) for subject, at in connection.execute(UNANSWERED).fetchall()}
        taken = time.perf_counter() - start
        connection.execute("DROP TABLE told")
    return found, taken


def by_rules(runtime: Runtime, clock: Clock, told: Sequence[Told]) -> set[tuple[str, datetime]]:
    """Whose timers fire when the events go through the rules, each at its own time.

    The clock goes on before an event whose subject's timer has run out by then: what is one subject's keeps its order.
    """
    subjects = _open(runtime, clock, told)
    window: list[Told] = []
    due: dict[str, datetime] = {}
    for one in told:
        if len(window) >= BATCH or due.get(one.subject, FAR) <= one.at:
            _tell(runtime, window, subjects)
            _fire_until(runtime, clock, one.at)
            window, due = [], {subject: at for subject, at in due.items() if at > one.at}
        window.append(one)
        if one.sent:
            due[one.subject] = one.at + WAIT
        else:
            due.pop(one.subject, None)
    _tell(runtime, window, subjects)
    _fire_until(runtime, clock, FAR)
    names = {id: name for name, id in subjects.items()}
    with runtime.pool.connection() as connection:
        return {(names[record], due - WAIT) for record, due in connection.execute(FIRED).fetchall()}


def _open(runtime: Runtime, clock: Clock, told: Sequence[Told]) -> dict[str, UUID]:
    """An opportunity for each subject, all of one rep's."""
    clock.now = told[0].at - timedelta(days=1)
    maker = Principal(new_id(), "maker", frozenset({"admin"}))
    team, rep = new_id(), new_id()
    subjects = {name: new_id() for name in dict.fromkeys(one.subject for one in told)}
    with runtime.unit(maker, batch=True) as unit:
        apply(unit, Create("team", {"name": "华东"}, id=team))
        apply(
            unit,
            Create(
                "user", {"username": "rep", "name": "李思远", "roles": ["rep"], "team": str(team)}, id=rep
            ),
        )
        unit.flush()
        for name, id in subjects.items():
            apply(unit, Create("opportunity", {"name": name, "owner": str(rep)}, id=id))
    return subjects


def _tell(runtime: Runtime, window: Sequence[Told], subjects: dict[str, UUID]) -> None:
    """Send and take in the mails of some events, each at its own time, in one transaction."""
    with runtime.unit(ROOM, "mail", batch=True) as unit:
        for one in window:
            then = replace(unit, now=one.at)
            id, opportunity = new_id(), str(subjects[one.subject])
            common = {"opportunity": opportunity, "at": one.at.isoformat(), "subject": one.subject}
            if one.sent:
                apply(then, Create("email", {**common, "kind": "proposal", "status": "queued"}, id=id))
                apply(then, Update("email", id, None, {"status": "sent"}))
            else:
                apply(then, Create("email", {**common, "direction": "incoming", "status": "received"}, id=id))
        unit.later(ASIDE, ())


def _fire_until(runtime: Runtime, clock: Clock, until: datetime) -> None:
    """Let the clock go on, and fire what runs out by then."""
    clock.now = until
    while fire_due(runtime):
        pass


def main() -> None:
    quick = is_quick(__doc__)
    figures = []
    for name, told in (
        ("BPI 2012", offers(LOG, 20 if quick else 1)),
        ("simulated", simulated(2_000 if quick else 100_000)),
    ):
        clock = Clock()
        with TemporaryDirectory() as home, Runtime.open(Config(home=Path(home) / "home"), clock) as runtime:
            runtime.publish(apps.shipped("chengdan.sales"))
            expected, plain = by_sql(runtime, told)
            start = time.perf_counter()
            found = by_rules(runtime, clock, told)
            taken = time.perf_counter() - start
        sent = sum(one.sent for one in told)
        figures += [
            Figure(f"{name}: proposals", sent, ""),
            Figure(f"{name}: unanswered in 48 h", len(found), ""),
            Figure(f"{name}: missed or wrong", len(found ^ expected), "", at_most=0),
            Figure(f"{name}: through rules and timers", len(told) / taken, "events/s"),
            Figure(f"{name}: time / SQL alone", taken / plain, "×"),
        ]
    conclude(sys.modules[__name__], "unanswered", figures, quick=quick)


if __name__ == "__main__":
    main()
