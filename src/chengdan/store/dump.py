"""The whole database to a file and back, by PostgreSQL's own programs (of the newest version, for any server)."""

import os
import re
import subprocess
from pathlib import Path

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from chengdan.base.errors import ChengdanError
from chengdan.store.programs import run_program

HEAD_BYTES = 4096
UNKNOWN_BEFORE_17 = b"SET transaction_timeout = 0;"


class BackupFailed(ChengdanError):
    """The backup could not be written; nothing was left behind."""

    code = "BACKUP-002"
    status = 500
    zh = "备份失败：{reason}"
    en = "The backup failed: {reason}"


class RestoreFailed(ChengdanError):
    """The database refused the restore; everything was undone."""

    code = "BACKUP-008"
    status = 500
    zh = "恢复失败，未作任何更改：{reason}"
    en = "The restore failed and changed nothing: {reason}"


def dump_database(url: str, dump: Path) -> str:
    """Write the database as of one instant, owners and grants left out; the version of its server.

    Raises `BackupFailed`.
    """
    conninfo, environment = _connection(url)
    arguments = ["--format=custom", "--no-owner", "--no-acl", f"--file={dump}", f"--dbname={conninfo}"]
    done = run_program("pg_dump", arguments, environment=environment)
    if done.returncode != 0:
        raise BackupFailed(reason=_complaint(done.stderr))
    with psycopg.connect(url) as connection:
        return connection.info.parameter_status("server_version") or ""


def load_database(url: str, dump: Path) -> None:
    """Run a dump in one transaction; raises `RestoreFailed` and then nothing has changed.

    The dump becomes a script beside it first, because `pg_restore` always sets something that servers before
    version 17 don't know.
    """
    script = dump.with_suffix(".sql")
    _require_success(run_program("pg_restore", ["--no-owner", "--no-acl", f"--file={script}", str(dump)]))
    _blank_out(script, UNKNOWN_BEFORE_17)
    conninfo, environment = _connection(url)
    arguments = ["--no-psqlrc", "--quiet", "--single-transaction", "--variable=ON_ERROR_STOP=1"]
    arguments += [f"--file={script}", f"--dbname={conninfo}"]
    _require_success(run_program("psql", arguments, environment=environment))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def _blank_out(script: Path, statement: bytes) -> None:
    """Overwrite a statement of the script's head with spaces."""
    with script.open("r+b") as file:
        position = file.read(HEAD_BYTES).find(statement)
        if position >= 0:
            file.seek(position)
            file.write(b" " * len(statement))


def _connection(url: str) -> tuple[str, dict[str, str]]:
    """The connection string for a program, and an environment with the password, which `ps` must not show."""
    options = conninfo_to_dict(url)
    password = options.pop("password", None)
    environment = dict(os.environ) if password is None else {**os.environ, "PGPASSWORD": str(password)}
    return make_conninfo("", **options), environment


def _require_success(done: subprocess.CompletedProcess[str]) -> None:
    if done.returncode != 0:
        raise RestoreFailed(reason=_complaint(done.stderr))


def _complaint(stderr: str) -> str:
    """The first error of a program, without its name and the place in its script."""
    lines = [line for line in stderr.splitlines() if "error:" in line.lower()] or stderr.splitlines() or [""]
    return re.split(r"error:\s*", lines[0], maxsplit=1, flags=re.IGNORECASE)[-1]
