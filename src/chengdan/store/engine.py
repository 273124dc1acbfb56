"""The database server: the embedded PostgreSQL in the Chengdan home, or one reached by URL.

Several processes may use one home at once. Each holds a shared lock on `postgres.users` for as long as it uses
the server, and whoever lets go last stops it. Locks die with their process, so a killed process leaves no trace:
the next start adopts a server that outlived it. Starting and stopping are serialised by `postgres.lock`.
"""

import fcntl
import logging
import subprocess
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import IO
from urllib.parse import urlsplit

import psycopg

from chengdan.base.config import Config
from chengdan.base.errors import ChengdanError
from chengdan.base.setup import DatabaseNotStarted, DatabaseNotUtf8, DatabaseTooOld, DatabaseUnreachable
from chengdan.store.cluster import ROLE, Cluster

OLDEST_MAJOR = 15
CONNECT_SECONDS = 10
WATCH_SECONDS = 0.5
RETRY_SECONDS = 5.0
LEFTOVERS_SECONDS = 0.5
LEFTOVERS_TRIES = 20

_log = logging.getLogger(__name__)


class Engine:
    """A running embedded server; a context manager that stops it on leaving, unless others still use it.

    While it is in use a watcher starts it again should it die.
    """

    def __init__(self, cluster: Cluster, users: IO[bytes], settings: Mapping[str, str]) -> None:
        self._cluster = cluster
        self._users = users
        self._settings = settings
        self._child: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="postgres-watcher", daemon=True)

    @classmethod
    def start(cls, home: Path, *, settings: Mapping[str, str] | None = None) -> "Engine":
        """Start the server of `home`, or join it if it runs. `settings` go over the defaults of `store.cluster`.

        Raises the errors of `chengdan.base.setup`, each of which is one clear line.
        """
        cluster = Cluster.at(home.absolute())
        with _exclusive(cluster):
            users = _lock_file(cluster, "users").open("ab")
            fcntl.flock(users, fcntl.LOCK_SH)
            engine = cls(cluster, users, settings or {})
            try:
                engine._ensure_answering()
            except BaseException:
                users.close()
                raise
        engine._watcher.start()
        return engine

    @property
    def url(self) -> str:
        """The libpq URL of the database `chengdan`."""
        return self._cluster.url()

    def stop(self) -> bool:
        """Let go of the server; stop it if nobody else uses it, which the result tells."""
        if self._stopping.is_set():
            return False
        self._stopping.set()
        with _exclusive(self._cluster):
            try:
                fcntl.flock(self._users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            finally:
                self._users.close()
            self._halt()
        return True

    def __enter__(self) -> "Engine":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _ensure_answering(self) -> None:
        """Needs the exclusive lock. A server that was killed just now looks alive for a moment, but does not answer."""
        for tries_left in reversed(range(LEFTOVERS_TRIES)):
            self._ensure_running()
            try:
                _create_database(self._cluster)
                return
            except psycopg.OperationalError as failure:
                if not tries_left:
                    raise DatabaseNotStarted(reason=_in_a_line(failure), log=str(self._cluster.log)) from None
            self._stopping.wait(LEFTOVERS_SECONDS)

    def _ensure_running(self) -> None:
        """Needs the exclusive lock. A killed server's sessions may need a moment to notice it and leave."""
        if self._cluster.settle():
            return
        self._cluster.prepare(self._settings)
        for tries_left in reversed(range(LEFTOVERS_TRIES)):
            try:
                self._child = self._cluster.launch()
                return
            except DatabaseNotStarted as failure:
                if "shared memory" not in failure.data["reason"] or not tries_left:
                    raise
            self._stopping.wait(LEFTOVERS_SECONDS)

    def _halt(self) -> None:
        pid = self._cluster.running()
        if pid is not None:
            self._cluster.halt(pid)
        if self._child is not None:
            self._child.wait()

    def _watch(self) -> None:
        while not self._stopping.wait(WATCH_SECONDS):
            if self._child is not None:
                self._child.poll()
            if self._cluster.running() is not None:
                continue
            with _exclusive(self._cluster):
                if not self._stopping.is_set():
                    self._restart()

    def _restart(self) -> None:
        _log.warning("the embedded database is gone; starting it again")
        try:
            self._ensure_running()
        except ChengdanError as failure:
            _log.error("the embedded database doesn't start: %s", failure)
            self._stopping.wait(RETRY_SECONDS)


@contextmanager
def open_database(config: Config) -> Iterator[str]:
    """The libpq URL of the database to use, for as long as the context lasts.

    `config.database_url`, checked; else the embedded server of `config.home`, started or joined.
    """
    if config.database_url is not None:
        check_database(config.database_url)
        yield config.database_url
        return
    with Engine.start(config.home) as engine:
        yield engine.url


def check_database(url: str, oldest_major: int = OLDEST_MAJOR) -> None:
    """Raise `DatabaseUnreachable`, `DatabaseTooOld` or `DatabaseNotUtf8` unless Chengdan can work with it."""
    try:
        with psycopg.connect(url, connect_timeout=CONNECT_SECONDS) as connection:
            version = connection.info.server_version
            encoding = connection.info.parameter_status("server_encoding")
    except psycopg.Error as failure:
        raise DatabaseUnreachable(url=_without_password(url), reason=_in_a_line(failure)) from None
    if version < oldest_major * 10_000:
        raise DatabaseTooOld(found=f"{version // 10_000}.{version % 10_000}", needed=str(oldest_major))
    if encoding != "UTF8":
        raise DatabaseNotUtf8(encoding=encoding)


def _create_database(cluster: Cluster) -> None:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [ROLE]).fetchone()
        if found is None:
            connection.execute("CREATE DATABASE chengdan")


def _lock_file(cluster: Cluster, purpose: str) -> Path:
    return cluster.folder.with_suffix(f".{purpose}")


@contextmanager
def _exclusive(cluster: Cluster) -> Iterator[None]:
    """Nobody else starts or stops this cluster meanwhile."""
    with _lock_file(cluster, "lock").open("ab") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _in_a_line(failure: psycopg.Error) -> str:
    return " ".join(str(failure).split())


def _without_password(url: str) -> str:
    password = urlsplit(url).password
    return url.replace(f":{password}@", ":***@", 1) if password else url
