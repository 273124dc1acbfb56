"""What does one write through the whole path cost against the same write in bare psycopg?

An update changes 20 fields of an opportunity, its stage among them. The product reads and locks it within the writer's
reach, checks types, locks and the gate, evaluates the shipped rules of the object (12, all active), keeps timers and
rollups, and appends events. Bare psycopg updates the same columns of the same table and inserts one event, in one
transaction. 50 k opportunities, fsync on. Concurrency 1: medians of single writes. Concurrency 8: eight threads each, in
one process for the product and for the baseline alike, on records of their own.
"""

import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from benchmarks.company import Company, company
from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio, per_second, seconds_each
from chengdan.base.json import dumps_text
from chengdan.kernel.access import Principal
from chengdan.run.commands import Update

THREADS = 8
BARE: LiteralString = (
    "UPDATE data.opportunity SET name=%s, description=%s, amount=%s, amount_currency=%s, budget=%s, budget_currency=%s, "
    "discount=%s, close_on=%s, forecast=%s, competitor=%s, next_step=%s, next_step_on=%s, engaged_on=%s, "
    "needs_help=%s, loss_note=%s, loss_reason=%s, closed_on=%s, stage=%s, stage_since=now(), presales=%s, "
    "primary_contact=%s, version = version + 1, updated_at = now(), updated_by=%s WHERE id=%s"
)
EVENT: LiteralString = (
    "INSERT INTO chengdan.event (at, actor, cause, object, record_id, kind, data, snapshot) "
    "VALUES (now(), %s, 'bare', 'opportunity', %s, 'record.updated', %s::jsonb, 1)"
)


@dataclass(frozen=True, slots=True)
class Subject:
    """A record to write to, its owner, and what its references may point to."""

    writer: Principal
    id: UUID
    contact: UUID
    competitor: UUID


def changes(turn: int, others: Subject) -> dict[str, Any]:
    """20 changed fields as they come from a form; the stage goes to and fro through the gate of discovery."""
    day = f"2026-{turn % 12 + 1:02}-{turn % 28 + 1:02}"
    return {
        "name": f"商机 {turn}",
        "description": f"需求 {turn}",
        "amount": f"{turn % 900_000}.5",
        "amount_currency": ("CNY", "USD")[turn % 2],
        "budget": f"{turn % 900_000 + 1}.5",
        "budget_currency": ("CNY", "USD")[turn % 2],
        "discount": turn % 10,
        "close_on": day,
        "forecast": ("commit", "pipeline")[turn % 2],
        "competitor": str(others.competitor) if turn % 2 else None,
        "next_step": f"下一步 {turn}",
        "next_step_on": day,
        "engaged_on": day,
        "needs_help": bool(turn % 2),
        "loss_note": f"复盘 {turn}",
        "loss_reason": ("price", "budget")[turn % 2],
        "closed_on": day,
        "stage": ("prospecting", "discovery")[turn % 2],
        "presales": str(others.writer.user) if turn % 2 else None,
        "primary_contact": str(others.contact) if turn % 2 else None,
    }


def product(made: Company, subject: Subject) -> Callable[[], object]:
    """One write through the product, different each time."""
    turns = itertools.count(1)

    def run() -> object:
        values = changes(next(turns), subject)
        return made.runtime.act(subject.writer, Update("opportunity", subject.id, None, values))

    return run


def bare(connection: psycopg.Connection[Any], subject: Subject) -> Callable[[], object]:
    """The same columns and one event, in one transaction."""
    turns = itertools.count(1)

    def run() -> None:
        values = changes(next(turns), subject)
        user, id = subject.writer.user, subject.id
        with connection.transaction():
            connection.execute(BARE, (*values.values(), user, id))
            connection.execute(EVENT, (user, id, dumps_text({"changes": values})))

    return run


def _subjects(made: Company, count: int) -> Iterator[Subject]:
    """Records in prospecting, each with a contact of its account."""
    by_user = {rep.user: rep for rep in made.reps}
    with made.runtime.pool.connection() as connection:
        competitors = connection.execute("SELECT id FROM data.competitor ORDER BY id").fetchall()
        rows = connection.execute(
            "SELECT o.id, o.owner, c.id FROM data.opportunity o JOIN data.contact c ON c.account = o.account "
            "WHERE o.stage = 'prospecting' ORDER BY o.id DESC LIMIT %s",
            (count,),
        ).fetchall()
    for number, (id, owner, contact) in enumerate(rows):
        yield Subject(by_user[owner], id, contact, competitors[number % len(competitors)][0])


def main() -> None:
    quick = is_quick(__doc__)
    count, rounds, seconds = (5_000, 3, 1.5) if quick else (50_000, 9, 4.0)
    with company(opportunities=count, activities=count, pool_size=THREADS + 2) as made:
        own = list(_subjects(made, 2 * THREADS))
        connections = [psycopg.connect(made.runtime.url, autocommit=True) for _ in range(THREADS)]
        through = [product(made, subject) for subject in own[:THREADS]]
        plain = [
            bare(connection, subject) for connection, subject in zip(connections, own[THREADS:], strict=True)
        ]
        single = alternate(
            rounds,
            {"bare": lambda: seconds_each(plain[0], 150), "product": lambda: seconds_each(through[0], 150)},
        )
        eight = alternate(
            rounds,
            {"bare": lambda: per_second(plain, seconds), "product": lambda: per_second(through, seconds)},
        )
        for connection in connections:
            connection.close()
    conclude(
        sys.modules[__name__],
        "write_path",
        [
            Figure(
                "time of one write / bare, concurrency 1",
                median_ratio(single["product"], single["bare"]),
                "×",
                at_most=3.5,
            ),
            Figure(
                "throughput / bare, concurrency 8",
                median_ratio(eight["product"], eight["bare"]),
                "×",
                at_least=0.4,
            ),
            Figure("bare, one write", sorted(single["bare"])[rounds // 2] * 1000, "ms"),
            Figure("product, one write", sorted(single["product"])[rounds // 2] * 1000, "ms"),
            Figure("bare, 8 threads", sorted(eight["bare"])[rounds // 2], "writes/s"),
            Figure("product, 8 threads", sorted(eight["product"])[rounds // 2], "writes/s"),
        ],
        quick=quick,
    )


if __name__ == "__main__":
    main()
