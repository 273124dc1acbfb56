"""The audits of the demo company: a draw of the last period with reviews in every state, and one that is announced.

They are held as anybody would hold them, so the draw can be recomputed like any other.
"""

import time
from datetime import date, timedelta
from random import Random
from typing import Any
from uuid import UUID

from chengdan.kernel.access import Principal
from chengdan.kernel.process_audit import ProcessAudit
from chengdan.run import schedule
from chengdan.run.audits import announce, carry_out, publish_seed
from chengdan.run.audits.reviewing import accept, appeal, give_verdict, submit, verdicts_of
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import Doorman
from chengdan.sales.demo.reviewing import APPEALS, DECISION, NOTES, REMARKS

SHOWN, JUDGE = "rep", "sales_ops"
"""The log-ins that must find something to do."""
MOST_DRAWS = 6
MOST_JUDGED = 26
LEFT_TO_JUDGE = 3
SEAL_PATIENCE_S = 60.0
"""How long an announcement waits for its seal, which covers nothing younger than the oldest transaction of the server."""
_REVIEWS = """
SELECT r.id, r.owner, r.judged, u.username, o.username FROM data.audit_review r
JOIN data."user" u ON u.id = r.judged JOIN data."user" o ON o.id = r.owner
ORDER BY u.username <> %s, r.id
"""
FATES = ("final", "final", "final", "judged", "final", "appealed", "final", "assigned", "decided", "final")
"""What becomes of one review after the other."""


def hold_audits(runtime: Runtime) -> None:
    """Draw for the periods before this one until the rep with a log-in is among them, review a part, announce this period's."""
    for audit in runtime.snapshot.audits.values():
        office = _Office(runtime, audit)
        for past in range(1, MOST_DRAWS + 1):
            day = runtime.clock().date() - timedelta(days=past * audit.every)
            if not _seeded(runtime, audit, day, timedelta(0)):
                break  # the worker draws once the server lets it
            carry_out(runtime, audit)
            if any(whose == SHOWN for *_, whose, _ in office.reviews()):
                break
        _seeded(runtime, audit)
        office.work()


def _seeded(
    runtime: Runtime, audit: ProcessAudit, day: date | None = None, notice: timedelta | None = None
) -> bool:
    """Publish the list of a period, and its seed; whether the seed came in time."""
    if announce(runtime, audit, day, notice) is None:
        return False
    deadline = time.monotonic() + SEAL_PATIENCE_S
    while True:
        schedule.seal(runtime)
        if publish_seed(runtime, audit) is not None:
            return True
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)


class _Office:
    """The reviewers at work, and those whose work they judge."""

    def __init__(self, runtime: Runtime, audit: ProcessAudit) -> None:
        self.runtime = runtime
        self.audit = audit
        self.rng = Random(1)
        self.doorman = Doorman(runtime)
        self.people: dict[UUID, Principal] = {}

    def person(self, id: UUID) -> Principal:
        if id not in self.people:
            self.people[id] = self.doorman.principal_of(id)
        return self.people[id]

    def reviews(self) -> list[tuple[UUID, UUID, UUID, str, str]]:
        """The reviews: id, reviewer, whose work, and the usernames of both, those of the rep with a log-in first."""
        with self.runtime.pool.connection() as connection:
            return connection.execute(_REVIEWS, (SHOWN,)).fetchall()

    def work(self) -> None:
        """Take the reviews to their fates. The rep who is shown has a result to contest, the reviewer some to judge."""
        left = LEFT_TO_JUDGE
        for number, (review, reviewer, owner, whose, who) in enumerate(self.reviews()[:MOST_JUDGED]):
            fate = FATES[number % len(FATES)] if number else "judged"
            if who == JUDGE and whose != SHOWN and left:
                fate, left = "assigned", left - 1
            if fate != "assigned":
                self._review(review, self.person(reviewer), self.person(owner), fate)

    def _review(self, review: UUID, reviewer: Principal, owner: Principal, fate: str) -> None:
        with self.runtime.unit(reviewer, "page") as unit:
            for verdict in verdicts_of(unit, self.audit, review):
                give_verdict(unit, self.audit, verdict["id"], self._finding(verdict["shown"]))
            submit(unit, self.audit, review, self.rng.choice(REMARKS))
            doubtful = [one["id"] for one in verdicts_of(unit, self.audit, review) if one["verdict"] != "met"]
        if fate in ("appealed", "decided") and doubtful:
            self._appeal(review, owner, doubtful[:2], fate == "decided")
        elif fate != "judged":
            with self.runtime.unit(owner, "page") as unit:
                accept(unit, self.audit, review)

    def _finding(self, shown: bool) -> dict[str, Any]:
        odds = (0.8, 0.16, 0.04) if shown else (0.05, 0.35, 0.6)
        verdict = self.rng.choices(("met", "partly", "unmet"), odds)[0]
        return {"verdict": verdict, "note": self.rng.choice(NOTES[verdict]) or None}

    def _appeal(self, review: UUID, owner: Principal, doubtful: list[UUID], decide: bool) -> None:
        with self.runtime.unit(owner, "page") as unit:
            second = appeal(unit, self.audit, review, self.rng.choice(APPEALS), doubtful)["second_reviewer"]
        if decide:
            with self.runtime.unit(self.person(second), "page") as unit:
                give_verdict(unit, self.audit, doubtful[0], {"verdict": "met"})
                submit(unit, self.audit, review, DECISION)
