"""How much of bare psycopg's rate is left over HTTP, through the whole path of a request?

`chengdan serve` with two processes over 100 k opportunities; 8 reps, each over a connection and a session of their own,
create, update, list 50 and get, each for some seconds, in turns with bare psycopg, which has 8 connections and does: the
same row and one event in one commit; the same columns and one event in one commit; the 50 newest rows within the rep's
reach (own or team); the row. Client, server and PostgreSQL share the machine; the clients of both are 8 threads of one
process. fsync on. The resident memory is that of the larger server process after all rounds.
"""

import itertools
import os
import re
import signal
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql

from benchmarks.client import Client
from benchmarks.company import Company, company
from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio, per_second, resident_mb
from chengdan.base.ids import new_id
from chengdan.base.json import dumps_text
from chengdan.kernel.access import Principal
from chengdan.run.sessions import set_password

CONCURRENCY = 8
PASSWORD = "benchmark-password"
VERSION = re.compile(rb'"version":(\d+)')
EVENT: LiteralString = (
    "INSERT INTO chengdan.event (at, actor, cause, object, record_id, kind, data, snapshot) "
    "VALUES (now(), %s, 'bare', 'opportunity', %s, %s, %s::jsonb, 1)"
)
NEWEST = sql.SQL(
    "SELECT * FROM data.opportunity WHERE (owner = %s OR team = %s) AND archived_at IS NULL ORDER BY id DESC LIMIT 50"
)
ONE = sql.SQL("SELECT * FROM data.opportunity WHERE id = %s")
Act = Callable[[], object]
_turns = itertools.count(1)


@dataclass(frozen=True)
class Place:
    """One rep with the ids to work on."""

    rep: Principal
    account: UUID
    own: Sequence[UUID]


def values(turn: int, account: UUID) -> dict[str, Any]:
    """A new opportunity as a form sends it."""
    day = f"2026-{turn % 12 + 1:02}-{turn % 28 + 1:02}"
    return {
        "name": f"新商机 {turn}", "account": str(account), "description": f"需求与背景 {turn}",
        "amount": f"{turn % 900_000}.5", "budget": f"{turn % 900_000 + 1}.5", "discount": turn % 10,
        "close_on": day, "forecast": "pipeline", "next_step": f"下一步 {turn}", "next_step_on": day,
        "needs_help": False, "engaged_on": day,
    }  # fmt: skip


def edits(turn: int) -> dict[str, Any]:
    """What a rep changes after a call."""
    day = f"2026-{turn % 12 + 1:02}-{turn % 28 + 1:02}"
    return {
        "amount": f"{turn % 900_000}.5", "discount": turn % 10, "close_on": day, "next_step": f"下一步 {turn}",
        "next_step_on": day, "description": f"需求与背景 {turn}", "forecast": ("commit", "pipeline")[turn % 2],
    }  # fmt: skip


def over_http(client: Client, place: Place) -> Mapping[str, Act]:
    """The four acts over HTTP."""
    path = "/api/records/opportunity"
    versions = dict.fromkeys(place.own, 1)
    own = itertools.cycle(place.own)

    def update() -> None:
        id = next(own)
        body = client.request("PATCH", f"{path}/{id}", {"version": versions[id], **edits(next(_turns))})
        found = VERSION.search(body)
        versions[id] = int(found[1]) if found else 0

    return {
        "create": lambda: client.request("POST", path, values(next(_turns), place.account)),
        "update": update,
        "list of 50": lambda: client.request("GET", f"{path}?limit=50"),
        "get": lambda: client.request("GET", f"{path}/{next(own)}"),
    }


def bare(connection: psycopg.Connection[tuple[Any, ...]], place: Place) -> Mapping[str, Act]:
    """The four acts in bare psycopg."""
    rep, own = place.rep, itertools.cycle(place.own)

    def create() -> None:
        given = values(next(_turns), place.account)
        row = {"id": new_id(), "version": 1, "owner": rep.user, "team": rep.teams[0], **_STAGE, **given}
        stamps = {"created_by": rep.user, "updated_by": rep.user, "number": f"B-{next(_turns)}"}
        _written(connection, _insert({**row, **stamps}), [*row.values(), *stamps.values()], row["id"], given)

    def update() -> None:
        given, id = edits(next(_turns)), next(own)
        _written(connection, _update(given), [*given.values(), rep.user, id], id, given)

    def _written(
        connection: psycopg.Connection[tuple[Any, ...]],
        statement: sql.Composed,
        params: list[Any],
        id: UUID,
        facts: Any,
    ) -> None:
        with connection.transaction():
            connection.execute(statement, params)
            connection.execute(EVENT, (rep.user, id, "record.updated", dumps_text({"changes": facts})))

    return {
        "create": create,
        "update": update,
        "list of 50": lambda: connection.execute(NEWEST, (rep.user, rep.teams[0])).fetchall(),
        "get": lambda: connection.execute(ONE, (next(own),)).fetchone(),
    }


_STAGE = {"stage": "prospecting", "amount_currency": "CNY", "budget_currency": "CNY", "activity_count": 0, "open_concern_count": 0}  # fmt: skip


def _insert(row: Mapping[str, Any]) -> sql.Composed:
    names = [*row, "created_at", "updated_at", "stage_since"]
    places = [*(["%s"] * len(row)), "now()", "now()", "now()"]
    return sql.SQL("INSERT INTO data.opportunity ({}) VALUES ({})").format(
        sql.SQL(", ").join(map(sql.Identifier, names)), sql.SQL(", ").join(map(sql.SQL, places))
    )


def _update(row: Mapping[str, Any]) -> sql.Composed:
    settings = sql.SQL(", ").join(sql.SQL("{} = %s").format(sql.Identifier(name)) for name in row)
    return sql.SQL(
        "UPDATE data.opportunity SET {}, version = version + 1, updated_at = now(), updated_by = %s WHERE id = %s"
    ).format(settings)


@contextmanager
def server(home: Path, port: int) -> Iterator[int]:
    """`chengdan serve` with two processes; its process id."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("CHENGDAN_")},
        "CHENGDAN_HOME": str(home),
        "CHENGDAN_PORT": str(port),
        "CHENGDAN_WORKERS": "2",
    }
    command = [str(Path(sys.executable).with_name("chengdan")), "serve"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        try:
            _wait_for(port, process)
            yield process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise ChildProcessError(process.returncode)
        try:
            client = Client(port)
            client.request("GET", "/api/health")
            client.close()
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError("the server doesn't answer")


def places(made: Company, each: int) -> Iterator[Place]:
    """Reps who can log in, each with opportunities and an account of their own."""
    with made.runtime.pool.connection() as connection:
        for rep in made.reps[: 2 * CONCURRENCY]:
            own = connection.execute(
                "SELECT id FROM data.opportunity WHERE owner = %s ORDER BY id DESC LIMIT %s", (rep.user, each)
            ).fetchall()
            account = connection.execute(
                "SELECT id FROM data.account WHERE owner = %s LIMIT 1", (rep.user,)
            ).fetchone()
            yield Place(rep, account[0] if account else own[0][0], [id for (id,) in own])


def children(pid: int) -> list[int]:
    """The processes that a process started."""
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(child) for child in text.split()]


def largest_server_mb(pid: int) -> float:
    """Resident memory of the larger web process."""
    webs = [child for child in children(pid) if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return max(resident_mb(child) for child in webs)


def _rate(all_acts: Sequence[Mapping[str, Act]], act: str, seconds: float) -> Callable[[], float]:
    return lambda: per_second([acts[act] for acts in all_acts], seconds)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def main() -> None:
    quick = is_quick(__doc__)
    count, rounds, seconds = (10_000, 2, 2.0) if quick else (100_000, 5, 5.0)
    figures: list[Figure] = []
    with company(opportunities=count, activities=count) as made:
        all_places = list(places(made, 50))
        for place in all_places[:CONCURRENCY]:
            set_password(made.runtime, place.rep.user, PASSWORD)
        port = free_port()
        with server(made.home, port) as pid:
            clients = [Client(port) for _ in range(CONCURRENCY)]
            for client, place in zip(clients, all_places, strict=False):
                client.log_in(place.rep.name, PASSWORD)
            connections = [psycopg.connect(made.runtime.url, autocommit=True) for _ in clients]
            ours = [over_http(client, place) for client, place in zip(clients, all_places, strict=False)]
            theirs = [
                bare(connection, place)
                for connection, place in zip(connections, all_places[CONCURRENCY:], strict=True)
            ]
            for act in ours[0]:
                found = alternate(
                    rounds,
                    {"bare": _rate(theirs, act, seconds), "http": _rate(ours, act, seconds)},
                )
                figures += [
                    Figure(
                        f"{act}: rate / bare", median_ratio(found["http"], found["bare"]), "×", at_least=0.3
                    ),
                    Figure(f"{act}: over HTTP", statistics.median(found["http"]), "/s"),
                    Figure(f"{act}: bare", statistics.median(found["bare"]), "/s"),
                ]
            figures.append(
                Figure("resident memory of a server process", largest_server_mb(pid), "MB", at_most=250)
            )
            for client, connection in zip(clients, connections, strict=True):
                client.close()
                connection.close()
    conclude(sys.modules[__name__], "http", figures, quick=quick)


if __name__ == "__main__":
    main()
