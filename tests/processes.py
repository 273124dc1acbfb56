"""Chengdan as its users run it: a process of its own, on a free port, that a test may kill."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chengdan.store.cluster import Cluster

START_SECONDS = 120
STOP_SECONDS = 60
PROGRAM = Path(sys.executable).with_name("chengdan")


@dataclass(frozen=True, slots=True)
class ServerProcess:
    """A running `chengdan serve`; `url` has no slash at its end."""

    process: "subprocess.Popen[bytes]"
    url: str
    home: Path
    log: Path

    def kill(self) -> None:
        """SIGKILL: no clean-up of any kind. The embedded database outlives it."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """SIGTERM, as a service manager does; the exit status."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)

    def interrupt(self) -> int:
        """SIGINT, as Ctrl-C does; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(STOP_SECONDS)

    def kill_database(self) -> None:
        """SIGKILL for the embedded PostgreSQL of the home."""
        pid = database_pid(self.home)
        if pid is not None:
            os.kill(pid, signal.SIGKILL)


def start_server(
    home: Path, *, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> ServerProcess:
    """Start `chengdan serve` on `home` and a free port, and wait until /api/health answers 200."""
    port = free_port()
    settings = {"CHENGDAN_HOME": str(home), "CHENGDAN_PORT": str(port), **(environment or {})}
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("CHENGDAN_")}
    path = home.with_name(f"{home.name}.log")
    with path.open("ab") as log:
        process = subprocess.Popen(
            [PROGRAM, "serve", *arguments],
            env={**inherited, **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
    server = ServerProcess(process, f"http://127.0.0.1:{port}", home, path)
    await_health(server)
    return server


def await_health(server: ServerProcess) -> None:
    """Wait until /api/health answers 200; fails with the log when the process ends or takes too long."""
    deadline = time.monotonic() + START_SECONDS
    while not _is_healthy(server.url):
        if server.process.poll() is not None or time.monotonic() > deadline:
            server.kill()
            raise AssertionError(
                f"chengdan serve isn't healthy:\n{server.log.read_text(errors='replace')[-4000:]}"
            )
        time.sleep(0.05)


@contextmanager
def running_server(
    home: Path, *, arguments: Sequence[str] = (), environment: Mapping[str, str] | None = None
) -> Iterator[ServerProcess]:
    """A server for the length of the context; afterwards neither it nor its database runs."""
    server = start_server(home, arguments=arguments, environment=environment)
    try:
        yield server
    finally:
        server.kill()
        stop_database(home)


def database_pid(home: Path) -> int | None:
    """The process id of the embedded PostgreSQL of `home`, if it is alive."""
    return Cluster.at(home).running() if home.is_dir() else None


def stop_database(home: Path) -> None:
    """Stop the embedded PostgreSQL of `home` if it outlived its users."""
    pid = database_pid(home)
    if pid is not None:
        Cluster.at(home).halt(pid)


def free_port() -> int:
    """A TCP port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _is_healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/api/health", timeout=5) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
