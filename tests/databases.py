"""Empty databases for tests: made in some 40 ms each from a template, dropped afterwards."""

import fcntl
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

import psycopg
from psycopg import sql

from chengdan.base.setup import ClusterOfOtherVersion, DatabaseNotStarted
from chengdan.store.engine import Engine

REPOSITORY = Path(__file__).resolve().parent.parent
MEMORY = Path("/dev/shm")
ROOMY_BYTES = 8 << 30


def _place() -> Path:
    """The folder for the server's files: in memory where there is plenty, for a copy of a database is a thousand files."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).total >= ROOMY_BYTES
    return MEMORY if roomy else Path(tempfile.gettempdir())


HOME = _place() / f"chengdan-tests-{os.getuid()}-{sha256(os.fsencode(REPOSITORY)).hexdigest()[:8]}"
FAST_AND_FORGETFUL = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "400",
    "max_wal_size": "512MB",
    "shared_buffers": "128MB",
}
"""Tests give up safety against power cuts; production never does."""


class Databases:
    """Makes and drops databases on the server behind `url`; names carry the process id, so leftovers are known."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._numbers = itertools.count(1)

    def create(self, template: str = "template1") -> str:
        """The URL of a new database, a copy of `template` (the name of a database that nobody is connected to)."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
        self._run(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return self._url.replace("/chengdan?", f"/{name}?")

    def template(self, name: str, make: Callable[[str], None]) -> str:
        """The name of a database that `make` filled by its URL, to be copied: once for all processes of a run of the tests."""
        run = os.getppid() if is_one_of_several() else os.getpid()
        kept = f"test_{run}_{name}"
        with _locked(name):
            if not self._exists(kept):
                url = self.create()
                make(url)
                rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                self._run(rename.format(sql.Identifier(name_of(url)), sql.Identifier(kept)))
        return kept

    def drop(self, url: str) -> None:
        """Drop the database of `url`, cutting sessions that are still open."""
        statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        self._run(statement.format(sql.Identifier(name_of(url))))

    @contextmanager
    def fresh(self, template: str = "template1") -> Iterator[str]:
        """The URL of a database that lasts as long as the context."""
        url = self.create(template)
        try:
            yield url
        finally:
            self.drop(url)

    def drop_leftovers(self) -> None:
        """Drop what killed test runs left behind."""
        with psycopg.connect(self._url, autocommit=True) as connection:
            names = connection.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, 'test_')"
            ).fetchall()
        for (name,) in names:
            if not Path("/proc", name.split("_")[1]).exists():
                self.drop(self._url.replace("/chengdan?", f"/{name}?"))

    def _exists(self, name: str) -> bool:
        with psycopg.connect(self._url) as connection:
            found = connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone()
        return found is not None

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(statement)


def is_one_of_several() -> bool:
    """Whether this process is one of those that run the tests for their parent."""
    return "PYTEST_XDIST_WORKER" in os.environ


def name_of(url: str) -> str:
    """The name of the database of a libpq URL."""
    return str(psycopg.conninfo.conninfo_to_dict(url)["dbname"])


@contextmanager
def _locked(name: str) -> Iterator[None]:
    """Held by one process of this checkout's tests at a time."""
    with HOME.with_name(f"{HOME.name}-{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def running_test_server() -> Iterator[Engine]:
    """The one server that all test processes of this checkout share; between runs it is kept on disk, but not in memory."""
    with _locked("server"):
        engine = _start()
    try:
        yield engine
    finally:
        with _locked("server"):
            if engine.stop() and HOME.parent == MEMORY:
                shutil.rmtree(HOME)


def _start() -> Engine:
    try:
        return Engine.start(HOME, settings=FAST_AND_FORGETFUL)
    except (ClusterOfOtherVersion, DatabaseNotStarted):
        shutil.rmtree(HOME)
        return Engine.start(HOME, settings=FAST_AND_FORGETFUL)
