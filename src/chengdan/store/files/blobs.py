"""Stored content, named by its SHA-256: the same bytes are kept once, and a name can't come to mean other bytes."""

import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol

from chengdan.store.files.errors import BlobMissing, FileTooLarge, StorageUnavailable

CHUNK_BYTES = 1 << 18
SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a blob is known by: its hash (64 hex digits) and its size in bytes."""

    sha256: str
    size: int


class Blobs(Protocol):
    """A place that keeps content. Reading what isn't there raises `BlobMissing`; a broken place `StorageUnavailable`."""

    def put(self, source: BinaryIO, *, name: str = "", max_bytes: int | None = None) -> Stored:
        """Keep all of `source`; durable when it returns. Raises `FileTooLarge` for `name` beyond `max_bytes`."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """The content as a stream that can seek; close it."""
        ...

    def local(self, sha256: str) -> AbstractContextManager[Path]:
        """A path to the content, to be read only, for as long as the context lasts."""
        ...

    def exists(self, sha256: str) -> bool:
        """Whether the content is kept here."""
        ...

    def remove(self, sha256: str) -> None:
        """Forget the content; nothing happens when it isn't there. The caller knows that no record needs it."""
        ...


class DiskBlobs:
    """Blobs in a folder: `ab/cd/abcd…`, written beside, flushed to disk, then renamed into place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._incoming = folder / "incoming"

    def put(self, source: BinaryIO, *, name: str = "", max_bytes: int | None = None) -> Stored:
        try:
            self._incoming.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._incoming, delete=False) as incoming:
                return self._keep(source, incoming, Path(incoming.name), name, max_bytes)
        except OSError as failure:
            raise StorageUnavailable(reason=str(failure)) from failure

    def _keep(
        self, source: BinaryIO, file: IO[bytes], path: Path, name: str, max_bytes: int | None
    ) -> Stored:
        try:
            stored = copy_hashed(source, file, name, max_bytes)
            file.flush()
            os.fsync(file.fileno())
            target = self._path(stored.sha256)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                path.replace(target)
                _flush_folder(target.parent)
            return stored
        finally:
            path.unlink(missing_ok=True)

    def open(self, sha256: str) -> BinaryIO:
        try:
            return self._path(sha256).open("rb")
        except FileNotFoundError:
            raise BlobMissing(sha256=sha256) from None
        except OSError as failure:
            raise StorageUnavailable(reason=str(failure)) from failure

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        if not self.exists(sha256):
            raise BlobMissing(sha256=sha256)
        yield self._path(sha256)

    def exists(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        require_hash(sha256)
        return self._folder / sha256[:2] / sha256[2:4] / sha256


def require_hash(sha256: str) -> None:
    """Raise `BlobMissing` for a text that is no hash, so that it never becomes part of a path."""
    if not SHA256.fullmatch(sha256):
        raise BlobMissing(sha256=sha256)


def copy_hashed(source: IO[bytes], target: IO[bytes], name: str, max_bytes: int | None) -> Stored:
    """Copy `source` to `target`; the hash and size of what was copied. Raises `FileTooLarge` beyond `max_bytes`."""
    digest = hashlib.sha256()
    size = 0
    while chunk := source.read(CHUNK_BYTES):
        size += len(chunk)
        if max_bytes is not None and size > max_bytes:
            raise FileTooLarge(path=name, name=name, limit_mb=max_bytes >> 20)
        digest.update(chunk)
        target.write(chunk)
    return Stored(digest.hexdigest(), size)


def _flush_folder(folder: Path) -> None:
    """Make a rename in `folder` survive a power cut, where the system can open a folder."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
