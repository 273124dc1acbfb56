"""Blobs in an S3-compatible object store, through `obstore`."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import obstore
from obstore.exceptions import BaseError
from obstore.store import ObjectStore, S3Store

from chengdan.base.config import Config
from chengdan.store.files.blobs import Blobs, DiskBlobs, Stored, copy_hashed, require_hash
from chengdan.store.files.errors import BlobMissing, StorageUnavailable

if TYPE_CHECKING:
    from obstore import ReadableFile
    from obstore.store import S3Config

PART_BYTES = 8 << 20
CONNECT_TIMEOUT = timedelta(seconds=5)
MAX_RETRIES = 3
RETRY_TIMEOUT = timedelta(seconds=20)


class ObjectBlobs:
    """Blobs as objects `ab/cd/abcd…` of any store that obstore knows."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def put(self, source: BinaryIO, *, name: str = "", max_bytes: int | None = None) -> Stored:
        with tempfile.TemporaryFile() as spool:
            stored = copy_hashed(source, spool, name, max_bytes)
            if not self.exists(stored.sha256):
                spool.seek(0)
                try:
                    obstore.put(self._store, _key(stored.sha256), spool, chunk_size=PART_BYTES)
                except (BaseError, OSError) as failure:
                    raise _unavailable(failure) from failure
        return stored

    def open(self, sha256: str) -> BinaryIO:
        try:
            reader = obstore.open_reader(self._store, _key(sha256))
        except FileNotFoundError:
            raise BlobMissing(sha256=sha256) from None
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure
        return io.BufferedReader(_Raw(reader))

    @contextmanager
    def local(self, sha256: str) -> Iterator[Path]:
        with tempfile.TemporaryDirectory(prefix="chengdan-blob-") as folder:
            path = Path(folder) / sha256
            with self.open(sha256) as source, path.open("wb") as target:
                copy_hashed(source, target, sha256, None)
            yield path

    def exists(self, sha256: str) -> bool:
        try:
            obstore.head(self._store, _key(sha256))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure
        return True

    def remove(self, sha256: str) -> None:
        try:
            obstore.delete(self._store, _key(sha256))
        except FileNotFoundError:
            return
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure


def configured_blobs(config: Config) -> Blobs:
    """Where the settings say files are kept: the bucket of `s3_url`, else the folder `files_dir`."""
    if config.s3_url is None:
        return DiskBlobs(config.files_dir)
    wanted: S3Config = {}
    if config.s3_endpoint is not None:
        wanted["endpoint"] = config.s3_endpoint
    if config.s3_region is not None:
        wanted["region"] = config.s3_region
    if config.s3_access_key_id is not None:
        wanted["access_key_id"] = config.s3_access_key_id
    if config.s3_secret_access_key is not None:
        wanted["secret_access_key"] = config.s3_secret_access_key
    plain = (config.s3_endpoint or "").startswith("http://")
    return ObjectBlobs(
        S3Store.from_url(
            config.s3_url,
            config=wanted,
            client_options={"allow_http": plain, "connect_timeout": CONNECT_TIMEOUT},
            retry_config={"max_retries": MAX_RETRIES, "retry_timeout": RETRY_TIMEOUT},
        )
    )


class _Raw(io.RawIOBase):
    """An obstore reader as a raw stream of Python."""

    def __init__(self, reader: "ReadableFile") -> None:
        self._reader = reader

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._reader.seek(offset, whence)

    def tell(self) -> int:
        return self._reader.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            content = self._reader.read(len(buffer))
        except (BaseError, OSError) as failure:
            raise _unavailable(failure) from failure
        buffer[: len(content)] = memoryview(content)
        return len(content)

    def close(self) -> None:
        if not self.closed:
            self._reader.close()
        super().close()


def _key(sha256: str) -> str:
    require_hash(sha256)
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}"


def _unavailable(failure: Exception) -> StorageUnavailable:
    return StorageUnavailable(reason=str(failure).partition("\n")[0])
