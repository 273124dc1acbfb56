"""What do 100 k pending timers cost, and how fast do 10 k due ones fire?

100 k timers of the rule `opportunity_silent` lie in the future: the median of an idle poll, against a bare SELECT 1. Then
10 k of them fall due: each fires its rule, which tells the owner and the manager, leaves its events and goes. The baseline
does the bare work of such a batch in one transaction: claim, insert three events and two notifications each, delete.
"""

import statistics
import sys
import time
from collections.abc import Callable
from typing import LiteralString

import psycopg

from benchmarks.company import Company, company
from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio, seconds_each
from chengdan.run.schedule import fire_due

BATCH = 200
SET: LiteralString = (
    "INSERT INTO chengdan.timer (object, record_id, key, due_at, rule, snapshot) "
    "SELECT 'opportunity', id, %s, now() + interval '30 days', 'opportunity_silence_watch', 1 FROM data.opportunity "
    "WHERE stage NOT IN ('won', 'lost') ORDER BY id DESC LIMIT %s"
)
CALL: LiteralString = (
    "UPDATE chengdan.timer SET due_at = now() - interval '1 minute' WHERE id IN "
    "(SELECT id FROM chengdan.timer WHERE key = %s AND due_at > now() ORDER BY id LIMIT %s)"
)
BARE: tuple[LiteralString, ...] = (
    "CREATE TEMP TABLE claimed ON COMMIT DROP AS SELECT id, object, record_id FROM chengdan.timer "
    "WHERE key = 'bare' AND due_at <= now() ORDER BY due_at LIMIT 200 FOR UPDATE SKIP LOCKED",
    "INSERT INTO chengdan.event (at, cause, object, record_id, kind, data, snapshot) "
    "SELECT now(), 'bare', object, record_id, 'timer.fired', '{}', 1 FROM claimed, generate_series(1, 4)",
    "INSERT INTO chengdan.notification (id, user_id, zh, en, urgent, object, record_id) "
    "SELECT uuidv7(), uuidv7(), '商机已 72 小时没有跟进', 'No follow-up for 72 hours', false, object, record_id "
    "FROM claimed, generate_series(1, 2)",
    "DELETE FROM chengdan.timer WHERE id IN (SELECT id FROM claimed)",
)


def fired(made: Company, count: int) -> Callable[[], float]:
    """Timers per second when `count` fall due at once."""

    def run() -> float:
        _call(made, "silent", count)
        start, done = time.perf_counter(), 0
        while taken := fire_due(made.runtime):
            done += taken
        if done != count:
            raise ValueError(done)
        return done / (time.perf_counter() - start)

    return run


def bare(
    made: Company, connection: psycopg.Connection[tuple[object, ...]], count: int
) -> Callable[[], float]:
    """The same by set-wise SQL, batch by batch."""

    def run() -> float:
        _call(made, "bare", count)
        start = time.perf_counter()
        for _ in range(count // BATCH):
            with connection.transaction():
                for statement in BARE:
                    connection.execute(statement)
        return count / (time.perf_counter() - start)

    return run


def _call(made: Company, key: str, count: int) -> None:
    with made.runtime.pool.connection() as connection:
        if connection.execute(CALL, (key, count)).rowcount != count:
            raise ValueError(key)


def main() -> None:
    quick = is_quick(__doc__)
    pending, due, rounds = (10_000, 1_000, 2) if quick else (100_000, 10_000, 3)
    with company(opportunities=2 * pending) as made:
        with made.runtime.pool.connection() as connection:
            connection.execute('UPDATE data.team SET lead = (SELECT min(id::text)::uuid FROM data."user")')
            connection.execute(SET, ("silent", pending))
            connection.execute(SET, ("bare", (rounds + 1) * due))
        with psycopg.connect(made.runtime.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE chengdan.timer")
            polls = alternate(
                9,
                {
                    "bare": lambda: seconds_each(lambda: connection.execute("SELECT 1").fetchone(), 50),
                    "product": lambda: seconds_each(lambda: fire_due(made.runtime), 50),
                },
            )
            rates = alternate(rounds, {"bare": bare(made, connection, due), "product": fired(made, due)})
    conclude(
        sys.modules[__name__],
        "timers",
        [
            Figure(f"idle poll with {pending:,} pending", statistics.median(polls["product"]) * 1000, "ms", at_most=5),
            Figure("idle poll / SELECT 1", median_ratio(polls["product"], polls["bare"]), "×"),
            Figure(f"firing {due:,} due timers", statistics.median(rates["product"]), "timers/s", at_least=2_000),
            Figure("set-wise SQL", statistics.median(rates["bare"]), "timers/s"),
            Figure("rate / set-wise SQL", median_ratio(rates["product"], rates["bare"]), "×"),
        ],
        quick=quick,
    )  # fmt: skip


if __name__ == "__main__":
    main()
