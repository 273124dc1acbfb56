"""How soon is an installation up that has been started before?

The demo company is made once. Then `chengdan serve --demo` (what `make run` starts) is started on it again and again, each
time until its health is asked for and given; ended by SIGTERM, and by SIGKILL of it and of its database. The baseline, in
the same run: starting the embedded PostgreSQL alone on the same data until it takes a connection. Rounds alternate; medians.
"""

import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.measure import Figure, alternate, conclude, is_quick, median_ratio
from chengdan.store.engine import Engine
from tests.processes import database_pid, running_server, start_server, stop_database


def database(home: Path) -> float:
    """Seconds until PostgreSQL alone takes connections."""
    begun = time.perf_counter()
    with Engine.start(home):
        return time.perf_counter() - begun


def started(home: Path, end: Callable[[Path], None]) -> Callable[[], float]:
    """Seconds until all of it is up; then `end` makes sure that nothing of it runs."""

    def run() -> float:
        begun = time.perf_counter()
        server = start_server(home, arguments=["--demo"])
        taken = time.perf_counter() - begun
        server.stop() if end is orderly else server.kill()
        end(home)
        return taken

    return run


def orderly(home: Path) -> None:
    """The server has been told to end, and has ended its database."""
    if database_pid(home) is not None:
        raise AssertionError("the database outlived an orderly end")


def killed(home: Path) -> None:
    """Kill the database too, as if the machine had lost its power."""
    if (pid := database_pid(home)) is not None:
        os.kill(pid, signal.SIGKILL)
    while database_pid(home) is not None:
        time.sleep(0.01)


def main() -> None:
    quick = is_quick(__doc__)
    with tempfile.TemporaryDirectory(prefix="chengdan-start-") as folder:
        home = Path(folder) / "home"
        begun = time.perf_counter()
        with running_server(home, arguments=["--demo"]):
            first = time.perf_counter() - begun
        try:
            found = alternate(
                3 if quick else 9,
                {
                    "database": lambda: database(home),
                    "orderly": started(home, orderly),
                    "killed": started(home, killed),
                },
            )
        finally:
            stop_database(home)
    figures = [
        Figure("start after an orderly end", statistics.median(found["orderly"]), "s", at_most=5),
        Figure("start after kill -9 of server and database", statistics.median(found["killed"]), "s", at_most=5),
        Figure("start after an orderly end / PostgreSQL alone", median_ratio(found["orderly"], found["database"]), "×"),
        Figure("PostgreSQL alone", statistics.median(found["database"]), "s"),
        Figure("first start, with the demo company", first, "s"),
    ]  # fmt: skip
    conclude(sys.modules[__name__], "start", figures, quick=quick)


if __name__ == "__main__":
    main()
