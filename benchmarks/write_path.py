"""What does one write through the whole path cost against the same write in bare psycopg?

An update changes 20 fields of an opportunity, its stage among them. The product reads and locks it within the writer's
reach, checks types, locks and the gate, evaluates the shipped rules of the object (12, all active), keeps timers and
rollups, and appends events. Bare psycopg updates the same columns of the same table and inserts one event, in one
transaction. 50 k opportunities, fsync on; both have run for a while before, and PostgreSQL has looked at the tables as its
autovacuum would. Concurrency 1: medians of single writes. Concurrency 8: two processes with four
threads each, for the product and for the baseline alike, on records of their own.
"""

import itertools
import multiprocessing
import statistics
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg

from benchmarks.company import Company, company
from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio, per_second, seconds_each
from chengdan.base.config import Config
from chengdan.base.json import dumps_text
from chengdan.kernel.access import Principal
from chengdan.run.commands import Update
from chengdan.run.runtime import Runtime

PROCESSES, THREADS = 2, 4
WARM_WRITES = 200
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


def product(runtime: Runtime, subject: Subject) -> Callable[[], object]:
    """One write through the product, different each time."""
    turns = itertools.count(1)

    def run() -> object:
        values = changes(next(turns), subject)
        return runtime.act(subject.writer, Update("opportunity", subject.id, None, values))

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


def crew(url: str, home: str, subjects: Sequence[Subject], others: Sequence[Subject], pipe: Pipe) -> None:
    """One process of the eight at once: told a name and seconds, it tells the rate of its threads."""
    with Runtime.over(url, Config(home=Path(home))) as runtime:
        connections = [psycopg.connect(url, autocommit=True) for _ in others]
        acts: Mapping[str, Sequence[Callable[[], object]]] = {
            "product": [product(runtime, subject) for subject in subjects],
            "bare": [
                bare(connection, subject) for connection, subject in zip(connections, others, strict=True)
            ],
        }
        pipe.send("ready")
        while (told := pipe.recv()) is not None:
            name, seconds = told
            pipe.send(per_second(acts[name], seconds))


@contextmanager
def crews(made: Company, subjects: Sequence[Subject]) -> Iterator[Sequence[Pipe]]:
    """PROCESSES processes with THREADS threads each; every thread has a record of its own for either act."""
    context = multiprocessing.get_context("spawn")
    pipes, processes = [], []
    for number in range(PROCESSES):
        ours, theirs = context.Pipe()
        own = subjects[number * 2 * THREADS : (number + 1) * 2 * THREADS]
        arguments = (made.runtime.url, str(made.home), own[:THREADS], own[THREADS:], theirs)
        processes.append(context.Process(target=crew, args=arguments))
        pipes.append(ours)
    for process in processes:
        process.start()
    try:
        for pipe in pipes:
            pipe.recv()
        yield pipes
    finally:
        for pipe, process in zip(pipes, processes, strict=True):
            pipe.send(None)
            process.join()


def together(pipes: Sequence[Pipe], name: str, seconds: float) -> float:
    """The rate of all processes at once."""
    for pipe in pipes:
        pipe.send((name, seconds))
    return float(sum(pipe.recv() for pipe in pipes))


def warm(made: Company, acts: Sequence[Callable[[], object]]) -> None:
    """Write for a while, and let PostgreSQL know what its tables are like then."""
    for act in acts:
        for _ in range(WARM_WRITES):
            act()
    with made.runtime.read_pool.connection() as connection:
        connection.execute("VACUUM ANALYZE")


def main() -> None:
    quick = is_quick(__doc__)
    count, rounds, seconds = (5_000, 3, 1.5) if quick else (50_000, 9, 4.0)
    with company(opportunities=count, activities=count) as made:
        subjects = list(_subjects(made, 2 * (THREADS * PROCESSES + 1)))
        with psycopg.connect(made.runtime.url, autocommit=True) as connection:
            plain, through = bare(connection, subjects[-1]), product(made.runtime, subjects[-2])
            warm(made, (plain, through))
            single = alternate(
                rounds,
                {"bare": lambda: seconds_each(plain, 150), "product": lambda: seconds_each(through, 150)},
            )
        with crews(made, subjects) as pipes:
            eight = alternate(
                rounds,
                {
                    "bare": lambda: together(pipes, "bare", seconds),
                    "product": lambda: together(pipes, "product", seconds),
                },
            )
    figures = [
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
        Figure("bare, one write", statistics.median(single["bare"]) * 1000, "ms"),
        Figure("product, one write", statistics.median(single["product"]) * 1000, "ms"),
        Figure("bare, 8 at once", statistics.median(eight["bare"]), "writes/s"),
        Figure("product, 8 at once", statistics.median(eight["product"]), "writes/s"),
    ]
    conclude(sys.modules[__name__], "write_path", figures, quick=quick)


if __name__ == "__main__":
    main()
