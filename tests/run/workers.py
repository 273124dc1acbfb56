"""Workers for tests: in a thread, and in a process of its own that a test kills."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from chengdan.kernel.access import Principal
from chengdan.run import jobs, worker
from chengdan.run.runtime import Runtime

PATIENCE_SECONDS = 60
KILLED = """
import sys, threading
from pathlib import Path
from chengdan.base.config import Config
from chengdan.run import worker
from chengdan.run.runtime import Runtime

with Runtime.over(sys.argv[1], Config(home=Path(sys.argv[2]))) as runtime:
    print("ready", flush=True)
    worker.run_worker(runtime, threading.Event(), stalled_seconds=2.0)
"""


def seen(runtime: Runtime, who: Principal, id: UUID) -> jobs.Job:
    with runtime.reader(who) as reader:
        return jobs.get(reader, id)


def set_entry(runtime: Runtime, id: UUID, status: str) -> None:
    """Bring the job's entry in the queue into a state."""
    with runtime.pool.connection() as connection:
        connection.execute("SELECT set_config('search_path', %s, true)", (jobs.SCHEMA,))
        connection.execute("UPDATE procrastinate_jobs SET status = %s WHERE lock = %s", (status, str(id)))


@contextmanager
def working(runtime: Runtime, handlers: Mapping[str, worker.Handler]) -> Iterator[threading.Event]:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_worker, args=(runtime, stop, handlers, 2.0))
    thread.start()
    try:
        yield stop
    finally:
        stop.set()
        thread.join()


def eventually(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def kill_when(runtime: Runtime, is_so: Callable[[], bool]) -> None:
    """Let a worker in a process of its own do jobs, and send it SIGKILL as soon as it is so."""
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, runtime.url, str(runtime.config.home)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    try:
        eventually(is_so)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
