"""How long does it take to make a large demo company, against COPY of the same rows?

`chengdan demo --scale 100`: 200,000 opportunities with their activities and events over a year, made and loaded by one
process per core, then rollups, indexes, scores of a quarter, and audits by lot over the sealed trail. The baseline copies
the rows of every table that came of it, dumped before, into tables without any index, one after the other. fsync on.
"""

import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from psycopg import sql

from benchmarks.measure import Figure, conclude, is_quick, resident_mb
from chengdan.base.config import Config
from chengdan.cli.demo import load_demo
from chengdan.run import apps
from chengdan.run.runtime import Runtime
from chengdan.store.connection import Connection

SCALE, QUICK_SCALE = 100.0, 2.0
LEAST_ROWS = 1_000
"""Smaller tables are not worth a look."""
STEPS = {
    "装入": "rows and events",
    "汇总": "rollups and indexes",
    "算分": "scores",
    "布置": "the scene",
    "抽查": "sealing and audits",
}
_TABLES = (
    "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname IN ('data', 'chengdan') AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1, 2"
)


class Laps:
    """Hears of the steps, and how long each took."""

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(STEPS, 0.0)
        self._step = next(iter(STEPS))
        self._since = time.perf_counter()

    def __call__(self, told: str) -> None:
        now = time.perf_counter()
        self.seconds[self._step] += now - self._since
        self._since = now
        self._step = next(step for step in STEPS if told.startswith(step))


def tables(connection: Connection) -> list[tuple[sql.Identifier, int]]:
    """The tables with rows, each with how many."""
    found = []
    for schema, name in connection.execute(_TABLES).fetchall():
        table = sql.Identifier(schema, name)
        [(rows,)] = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchall()
        if rows >= LEAST_ROWS:
            found.append((table, rows))
    return found


def copied(connection: Connection, table: sql.Identifier, dump: Path) -> float:
    """How long COPY takes to put a table's rows into one without indexes."""
    with (
        dump.open("wb") as file,
        connection.cursor().copy(sql.SQL("COPY (SELECT * FROM {}) TO STDOUT").format(table)) as rows,
    ):
        file.writelines(rows)
    connection.execute(sql.SQL("CREATE TABLE bare (LIKE {})").format(table))
    connection.commit()
    start = time.perf_counter()
    with dump.open("rb") as file, connection.cursor().copy("COPY bare FROM STDIN") as stream:
        while chunk := file.read(1 << 20):
            stream.write(chunk)
    connection.commit()
    taken = time.perf_counter() - start
    connection.execute("DROP TABLE bare")
    connection.commit()
    dump.unlink()
    return taken


def measured(folder: Path, scale: float) -> Sequence[Figure]:
    """Make the company, then copy what came of it."""
    with Runtime.open(Config(home=folder / "home")) as runtime:
        runtime.publish(apps.shipped("chengdan.sales"), note="benchmark")
        laps, start = Laps(), time.perf_counter()
        counts = load_demo(runtime, scale, told=laps)
        whole = time.perf_counter() - start
        laps(next(iter(STEPS)))
        with runtime.pool.connection() as connection:
            connection.execute("SET statement_timeout = 0")
            found = tables(connection)
            [(size,)] = connection.execute("SELECT pg_database_size(current_database())").fetchall()
            bare = sum(copied(connection, table, folder / "rows") for table, _ in found)
    rows = sum(rows for _, rows in found)
    largest = max(resident_mb(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)
    return [
        Figure("made / COPY of the same rows without indexes", whole / bare, "×"),
        Figure("made", whole / 60, "min"),
        *(Figure(f"of that: {STEPS[step]}", seconds, "s") for step, seconds in laps.seconds.items()),
        Figure("opportunities", counts["opportunity"], "records"),
        Figure("activities", counts["activity"], "records"),
        Figure("rows of all tables, events and marks among them", rows, "rows"),
        Figure("rows a second", rows / whole, "rows/s"),
        Figure("COPY: rows a second", rows / bare, "rows/s"),
        Figure("on disk", size / 1e9, "GB"),
        Figure("memory of the largest process", largest, "MB"),
    ]


def main() -> None:
    quick = is_quick(__doc__)
    folder = Path(tempfile.mkdtemp(prefix="chengdan-benchmark-", dir="/var/tmp"))
    try:
        figures = measured(folder, QUICK_SCALE if quick else SCALE)
    finally:
        shutil.rmtree(folder)
    conclude(sys.modules[__name__], "demo", figures, quick=quick)


if __name__ == "__main__":
    main()
