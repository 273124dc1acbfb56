"""Backup and restore: the whole database and the uploaded files in one archive, checked before it is trusted."""

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from chengdan import __version__
from chengdan.base.clock import utc_now
from chengdan.base.errors import ChengdanError
from chengdan.store.archive import DUMP, FILES, Manifest, Writer, read_archive
from chengdan.store.dump import BackupFailed, RestoreFailed, dump_database, load_database
from chengdan.store.journal import continue_after_restore


class ArchiveExists(ChengdanError):
    """The archive to write is there already; `path` is it."""

    code = "BACKUP-001"
    zh = "文件 {archive} 已存在。"
    en = "The file {archive} exists already."
    hint_zh = "请换一个文件名；备份不会覆盖旧备份。"
    hint_en = "Choose another name; a backup never overwrites an older one."


class DatabaseNotEmpty(ChengdanError):
    """A restore goes into an empty database only; `found` names a table that is in the way."""

    code = "BACKUP-006"
    zh = "数据库不是空的（例如已有表 {found}）。"
    en = "The database isn't empty: it has {found}, for one."
    hint_zh = "请恢复到新建的空数据库，例如新的 CHENGDAN_HOME。"
    hint_en = "Restore into a new, empty database, e.g. with a new CHENGDAN_HOME."


class FilesNotEmpty(ChengdanError):
    """A restore goes into an empty files folder only."""

    code = "BACKUP-007"
    zh = "文件夹 {folder} 不是空的。"
    en = "The folder {folder} isn't empty."
    hint_zh = "请将其移走，或恢复到新的 CHENGDAN_HOME。"
    hint_en = "Move it away, or restore into a new CHENGDAN_HOME."


def backup(url: str, files_dir: Path | None, target: Path) -> Manifest:
    """Write the database of `url` and the files below `files_dir` (`None`: they lie elsewhere) to the archive `target`.

    The database is dumped as of one instant, the files afterwards; files are only ever added, so every file that
    the dump speaks of is there. Raises `ArchiveExists`, `BackupFailed`.
    """
    target = target.absolute()
    if target.exists():
        raise ArchiveExists(archive=str(target))
    partial = target.with_name(f"{target.name}.part")
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            dump = Path(folder) / DUMP
            postgres = dump_database(url, dump)
            manifest = _write(partial, dump, files_dir, postgres)
        partial.rename(target)
    except OSError as failure:
        raise BackupFailed(reason=f"{failure.strerror or failure} ({failure.filename or target})") from None
    finally:
        partial.unlink(missing_ok=True)
    return manifest


def verify(archive: Path) -> Manifest:
    """Read the whole archive and compare every hash; raises `ArchiveDamaged`, `ArchiveMissing`."""
    with read_archive(archive) as reader:
        reader.verify()
        return reader.manifest


def restore(archive: Path, url: str, files_dir: Path | None) -> Manifest:
    """Put an archive back into an empty database and an empty (or no) folder `files_dir`.

    Every hash is compared before the database is touched, which then changes in one transaction: either everything
    is restored or nothing. With `files_dir=None` the files in the archive are left in it.
    Raises `ArchiveDamaged`, `ArchiveTooNew`, `ArchiveMissing`, `DatabaseNotEmpty`, `FilesNotEmpty`, `RestoreFailed`.
    """
    _require_empty(url)
    if files_dir is not None and files_dir.exists() and any(files_dir.iterdir()):
        raise FilesNotEmpty(folder=str(files_dir))
    beside = archive.absolute().parent if files_dir is None else files_dir.absolute().parent
    try:
        beside.mkdir(parents=True, exist_ok=True)
        with (
            tempfile.TemporaryDirectory(dir=beside, prefix="restore-") as folder,
            read_archive(archive) as reader,
        ):
            reader.extract(Path(folder))
            with _moved_in(Path(folder, FILES), files_dir):
                load_database(url, Path(folder, DUMP))
                _continue_journal(url)
            return reader.manifest
    except OSError as failure:
        raise RestoreFailed(reason=f"{failure.strerror or failure} ({failure.filename or beside})") from None


def _continue_journal(url: str) -> None:
    """The restored journal goes on in this PostgreSQL, whose transaction ids know nothing of it."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT to_regclass('chengdan.event') IS NOT NULL").fetchone()
        if row and row[0]:
            continue_after_restore(connection)


def _write(partial: Path, dump: Path, files_dir: Path | None, postgres: str) -> Manifest:
    with partial.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        with tarfile.open(fileobj=file, mode="w") as tar:
            writer = Writer(tar)
            writer.add(DUMP, dump)
            for name, path in _uploaded(files_dir):
                writer.add(name, path)
            manifest = Manifest(utc_now(), __version__, postgres, writer.parts)
            writer.finish(manifest)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _uploaded(files_dir: Path | None) -> Iterator[tuple[str, Path]]:
    """(part, path) of each uploaded file, in a stable order."""
    if files_dir is None:
        return
    for path in sorted(files_dir.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield f"{FILES}/{path.relative_to(files_dir).as_posix()}", path


@contextmanager
def _moved_in(staged: Path, files_dir: Path | None) -> Iterator[None]:
    """`staged` becomes `files_dir` for good, unless the body fails."""
    if files_dir is None or not staged.exists():
        yield
        return
    if files_dir.exists():
        files_dir.rmdir()
    staged.rename(files_dir)
    os.sync()
    try:
        yield
    except BaseException:
        shutil.rmtree(files_dir)
        raise


def _require_empty(url: str) -> None:
    """Tables, views and sequences that an extension brought don't count."""
    with psycopg.connect(url) as connection:
        row = connection.execute(
            """SELECT format('%s.%s', nspname, relname)
            FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
              AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
              AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass
                              AND objid = pg_class.oid AND deptype = 'e')
            ORDER BY 1 LIMIT 1"""
        ).fetchone()
    if row is not None:
        raise DatabaseNotEmpty(found=row[0])
