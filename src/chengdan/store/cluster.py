"""The data folder of the embedded PostgreSQL: making it, its settings, starting and stopping the server on it.

The server listens on a Unix socket only. Nothing here guards against two processes doing this at once:
`store.engine` does.
"""

import hashlib
import os
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from chengdan.base.setup import ClusterOfOtherVersion, DatabaseNotStarted, DiskFull, FolderNotWritable
from chengdan.store.account import Account, identity, server_account
from chengdan.store.programs import major_version, program, run_program

ROLE = "chengdan"
SETTINGS_FILE = "chengdan.conf"
LOCAL_SETTINGS_FILE = "local.conf"
LONGEST_SOCKET_FOLDER = 90
NEEDED_MB = 200
STOP_SECONDS = 60.0
POLL_SECONDS = 0.02
ORPHAN_SECONDS = 10.0
LOG_LIMIT_BYTES = 10_000_000

SETTINGS: Mapping[str, str] = {
    "autovacuum": "on",
    "autovacuum_naptime": "20s",
    "checkpoint_completion_target": "0.9",
    "checkpoint_timeout": "15min",
    "default_statistics_target": "100",
    "effective_cache_size": "1GB",
    "fsync": "on",
    "full_page_writes": "on",
    "jit": "off",
    "lc_messages": "C",
    "listen_addresses": "",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
    "log_min_messages": "warning",
    "maintenance_work_mem": "128MB",
    "max_connections": "100",
    "max_parallel_workers": "2",
    "max_parallel_workers_per_gather": "1",
    "max_wal_size": "2GB",
    "min_wal_size": "160MB",
    "random_page_cost": "1.1",
    "shared_buffers": "256MB",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "unix_socket_permissions": "0700",
    "wal_compression": "on",
    "work_mem": "16MB",
}
"""For a small server: 2 cores, a few GB, solid-state disk. A file `local.conf` in the data folder overrides them."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One data folder and how to reach the server on it."""

    folder: Path
    log: Path
    socket_folder: Path
    account: Account | None

    @classmethod
    def at(cls, home: Path) -> "Cluster":
        """The cluster of a Chengdan home; makes the home, not the cluster."""
        folder = home / "postgres"
        _make_folder(home, 0o711 if os.geteuid() == 0 else 0o700)
        return cls(folder, home / "postgres.log", _socket_folder(folder), server_account(folder))

    def url(self, database: str = ROLE) -> str:
        """The libpq URL of a database of this cluster."""
        return (
            f"postgresql://{ROLE}@/{quote(database, safe='')}?host={quote(str(self.socket_folder), safe='/')}"
        )

    def prepare(self, settings: Mapping[str, str]) -> None:
        """Make the cluster unless it exists, and write its settings (over the defaults).

        Raises `FolderNotWritable`, `DiskFull`, `ClusterOfOtherVersion`, `DatabaseNotStarted`.
        """
        _require_space(self.folder.parent)
        try:
            if self.account is not None:
                self.account.reach(self.folder)
                self.account.reach(program("postgres"))
            self._initialize(durably=settings.get("fsync") != "off")
            self._make_socket_folder()
            self._write_settings({**SETTINGS, **settings})
            _rotate(self.log)
        except PermissionError as failure:
            raise FolderNotWritable(folder=str(failure.filename or self.folder)) from None
        except OSError as failure:
            raise FolderNotWritable(folder=f"{self.folder} ({failure.strerror})") from None

    def running(self) -> int | None:
        """The process id of the server of this folder, if one is alive."""
        try:
            pid = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
        except (FileNotFoundError, IndexError, ValueError):
            return None
        return pid if f"postgres -D {self.folder} -k " in _command_line(pid) else None

    def settle(self) -> bool:
        """Wait out a server that is starting up or shutting down; whether one takes connections in the end."""
        while self.running() is not None:
            if self.ready():
                return True
            time.sleep(POLL_SECONDS)
        return False

    def launch(self) -> "subprocess.Popen[bytes]":
        """Start the server and wait until it takes connections; raises `DatabaseNotStarted`."""
        if self.running() is None:
            self._clear_locks()
        with self.log.open("ab") as log:
            beginning = log.tell()
            process = subprocess.Popen(
                [program("postgres"), "-D", self.folder, "-k", self.socket_folder],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                start_new_session=True,
                **identity(self.account),
            )
        while not self.ready():
            if process.poll() is not None:
                raise DatabaseNotStarted(reason=_complaint(self.log, beginning), log=str(self.log))
            time.sleep(POLL_SECONDS)
        return process

    def _clear_locks(self) -> None:
        """Take away the lock files of a killed server, once the last of its processes has gone.

        The number in them may be taken by another program since, or by a dead process that nobody has buried:
        PostgreSQL would refuse to start because of it. While processes of the old server live on, its own check
        must stand, so the files stay.
        """
        deadline = time.monotonic() + ORPHAN_SECONDS
        while self._has_orphans():
            if time.monotonic() > deadline:
                return
            time.sleep(POLL_SECONDS)
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        for lock in self.socket_folder.glob(".s.PGSQL.*.lock"):
            lock.unlink(missing_ok=True)

    def _has_orphans(self) -> bool:
        """Whether a process of a server of this folder is alive: each works in the folder."""
        folder = self.folder.resolve()
        for place in Path("/proc").glob("[0-9]*/cwd"):
            with suppress(OSError):
                if place.readlink() == folder:
                    return True
        return False

    def ready(self) -> bool:
        """Whether the server says that it takes connections."""
        try:
            lines = (self.folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[7].strip() == "ready"

    def halt(self, pid: int) -> None:
        """Stop the server: sessions are cut, everything committed is kept. Returns when the server is gone."""
        _signal(pid, signal.SIGINT)
        deadline = time.monotonic() + STOP_SECONDS
        while self.running() == pid:
            if time.monotonic() > deadline:
                _signal(pid, signal.SIGQUIT)
                deadline += STOP_SECONDS
            time.sleep(POLL_SECONDS)
        if self.socket_folder != self.folder:
            shutil.rmtree(self.socket_folder, ignore_errors=True)

    def _initialize(self, *, durably: bool) -> None:
        version_file = self.folder / "PG_VERSION"
        if version_file.exists():
            found = version_file.read_text().strip()
            if found != str(major_version()):
                raise ClusterOfOtherVersion(folder=str(self.folder), found=found, needed=str(major_version()))
            return
        making = self.folder.with_name("postgres.new")
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        if self.account is not None:
            self.account.own(making)
        arguments = [
            "--auth=trust",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        made = run_program("initdb", [*arguments, "-U", ROLE, "-D", str(making)], account=self.account)
        if made.returncode != 0:
            shutil.rmtree(making, ignore_errors=True)
            raise DatabaseNotStarted(reason=_last_line(made.stderr), log=str(self.log))
        with (making / "postgresql.conf").open("a") as file:
            file.write(f"\ninclude '{SETTINGS_FILE}'\ninclude '{LOCAL_SETTINGS_FILE}'\n")
        local = making / LOCAL_SETTINGS_FILE
        local.write_text(f"# Your own settings: they win over {SETTINGS_FILE}, which every start rewrites.\n")
        local.chmod(0o644)
        making.rename(self.folder)

    def _write_settings(self, settings: Mapping[str, str]) -> None:
        lines = [f"{name} = '{value}'\n" for name, value in sorted(settings.items())]
        path = self.folder / SETTINGS_FILE
        path.write_text("".join(lines))
        path.chmod(0o644)

    def _make_socket_folder(self) -> None:
        """Only this account may enter the folder, so nobody else on the machine reaches the server."""
        if self.socket_folder == self.folder:
            return
        self.socket_folder.mkdir(mode=0o700, exist_ok=True)
        owner = self.socket_folder.lstat()
        if not stat.S_ISDIR(owner.st_mode) or owner.st_uid not in (
            os.geteuid(),
            self.account and self.account.user,
        ):
            raise PermissionError(None, "it belongs to somebody else", str(self.socket_folder))
        self.socket_folder.chmod(0o700)
        if self.account is not None:
            self.account.own(self.socket_folder)


def _socket_folder(folder: Path) -> Path:
    """The data folder itself, or a short stand-in for it: the path of a socket is limited to about 100 bytes."""
    if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER:
        return folder
    digest = hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]
    return Path("/tmp") / f"chengdan-{digest}"


def _make_folder(folder: Path, mode: int) -> None:
    try:
        if not folder.is_dir():
            folder.mkdir(mode=mode, parents=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError:
        raise FolderNotWritable(folder=str(folder)) from None


def _require_space(folder: Path) -> None:
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < NEEDED_MB:
        raise DiskFull(folder=str(folder), free_mb=free_mb, needed_mb=NEEDED_MB)


def _rotate(log: Path) -> None:
    if log.exists() and log.stat().st_size > LOG_LIMIT_BYTES:
        log.replace(log.with_suffix(".log.1"))


def _command_line(pid: int) -> str:
    """The command line of a process; empty when it is gone (or a zombie)."""
    proc = Path("/proc")
    if (proc / "self").exists():
        try:
            return (proc / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            return ""
    listed = subprocess.run(
        ["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return listed.stdout


def _signal(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _complaint(log: Path, beginning: int) -> str:
    """What the server said last since `beginning` of its log: its FATAL line if there is one."""
    with log.open("rb") as file:
        file.seek(beginning)
        lines = file.read().decode(errors="replace").splitlines()
    fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    return fatal[-1] if fatal else _last_line("\n".join(lines))


def _last_line(text: str) -> str:
    lines = [line for line in text.splitlines() if line.strip()]
    return lines[-1].strip() if lines else "it ended without a word"
