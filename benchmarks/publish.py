"""How soon is a changed gate in effect in a second process?

A second process runs on the same database and asks its gate again and again for the changed deliverable. The first turns
the deliverable from hard to soft and back, 60 times. Measured from the call of `publish` to the first answer of the new
gate; both read the machine's one monotonic clock. The baseline, in the same run: a bare NOTIFY between two connections.
"""

import multiprocessing
import select
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

import psycopg

from benchmarks.company import Company, company
from benchmarks.measure import Figure, alternate, conclude, is_quick, percentile
from chengdan.base.config import Config
from chengdan.run import apps
from chengdan.run.runtime import Runtime

PATH = "pipelines/sales.yaml"
HARD = "{name: quote_approved, kind: checklist, label:"
SOFT = "{name: quote_approved, kind: checklist, hard: false, label:"


def watch(url: str, home: str, pipe: Pipe) -> None:
    """The second process: tell when its gate changes, and to what."""
    with Runtime.over(url, Config(home=Path(home))) as runtime:
        known = is_hard(runtime)
        pipe.send(("ready", 0.0))
        while not pipe.poll(0.0005):
            if (now := is_hard(runtime)) is not known:
                known = now
                pipe.send((now, time.monotonic()))


def is_hard(runtime: Runtime) -> bool:
    """What the gate in force in this process says of the deliverable."""
    pipeline = runtime.snapshot.pipelines["sales"]
    return next(item.hard for _, item in pipeline.deliverables() if item.name == "quote_approved")


def publisher(made: Company, pipe: Pipe) -> Callable[[], float]:
    """Publish the gate changed, wait for the second process, and return the seconds it took."""
    files = dict(apps.shipped("chengdan.sales"))
    if HARD not in files[PATH]:
        raise LookupError(HARD)
    soft = {**files, PATH: files[PATH].replace(HARD, SOFT)}

    def run() -> float:
        start = time.monotonic()
        made.runtime.publish(soft if is_hard(made.runtime) else files)
        _, at = pipe.recv()
        return float(at - start)

    return run


def notifier(url: str) -> Callable[[], float]:
    """One NOTIFY from connection to connection."""
    sender, receiver = (psycopg.connect(url, autocommit=True) for _ in range(2))
    receiver.execute("LISTEN benchmark")

    def run() -> float:
        start = time.monotonic()
        sender.execute("NOTIFY benchmark")
        select.select([receiver.fileno()], [], [])
        list(receiver.notifies(timeout=0))
        return time.monotonic() - start

    return run


def main() -> None:
    quick = is_quick(__doc__)
    rounds = 5 if quick else 60
    processes = multiprocessing.get_context("spawn")
    with company(opportunities=10_000) as made:
        ours, theirs = processes.Pipe()
        second = processes.Process(target=watch, args=(made.runtime.url, str(made.home), theirs))
        second.start()
        ours.recv()
        found = alternate(
            rounds, {"notify": notifier(made.runtime.url), "publish": publisher(made, ours)}, warm=False
        )
        ours.send("stop")
        second.join()
    conclude(
        sys.modules[__name__],
        "publish",
        [
            Figure("publish to effective, p99", percentile(found["publish"], 0.99), "s", at_most=1.0),
            Figure("publish to effective, median", percentile(found["publish"], 0.5), "s"),
            Figure("bare NOTIFY, median", percentile(found["notify"], 0.5) * 1000, "ms"),
            Figure("publications", len(found["publish"]), "", at_least=None if quick else 50),
        ],
        quick=quick,
    )


if __name__ == "__main__":
    main()
