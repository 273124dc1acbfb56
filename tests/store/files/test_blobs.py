"""Content on disk and in an object store behaves alike: found by its hash, kept once, never half there."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from chengdan.base.config import Config
from chengdan.store.files import Blobs, DiskBlobs, ObjectBlobs, Stored, configured_blobs
from chengdan.store.files.errors import BlobMissing, FileTooLarge, StorageUnavailable
from tests.store.files.object_server import object_server

CONTENT = "合同正文".encode() * 100_000
HASH = hashlib.sha256(CONTENT).hexdigest()


class Broken(io.BytesIO):
    """A stream that breaks off, as an upload does."""

    def read(self, size: int | None = -1, /) -> bytes:
        if self.tell():
            raise ConnectionResetError
        return super().read(size)


@pytest.fixture(params=["disk", "memory", "s3"])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Blobs]:
    if request.param == "disk":
        yield DiskBlobs(tmp_path / "files")
    elif request.param == "memory":
        yield ObjectBlobs(MemoryStore())
    else:
        with object_server() as (address, _):
            yield configured_blobs(s3_config(address))


def s3_config(address: str) -> Config:
    return Config(
        s3_url="s3://attachments/chengdan",
        s3_endpoint=address,
        s3_region="us-east-1",
        s3_access_key_id="id",
        s3_secret_access_key="secret",
    )


def test_gives_back_what_was_put(blobs: Blobs) -> None:
    assert blobs.put(io.BytesIO(CONTENT)) == Stored(HASH, len(CONTENT))

    assert blobs.exists(HASH)
    with blobs.open(HASH) as stream:
        assert stream.read() == CONTENT
        stream.seek(12)
        assert stream.read(12) == "合同正文".encode()
    with blobs.local(HASH) as path:
        assert path.read_bytes() == CONTENT


def test_the_same_content_is_kept_once(blobs: Blobs) -> None:
    assert blobs.put(io.BytesIO(CONTENT)) == blobs.put(io.BytesIO(CONTENT))

    blobs.remove(HASH)
    assert not blobs.exists(HASH)


def test_removing_twice_is_harmless(blobs: Blobs) -> None:
    blobs.put(io.BytesIO(CONTENT))

    blobs.remove(HASH)
    blobs.remove(HASH)

    assert not blobs.exists(HASH)


def test_says_what_is_missing(blobs: Blobs) -> None:
    with pytest.raises(BlobMissing) as missing:
        blobs.open(HASH)
    assert missing.value.data == {"sha256": HASH}
    with pytest.raises(BlobMissing), blobs.local(HASH):
        pass


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "a" * 63, HASH.upper(), HASH + "\n"])
def test_a_text_that_is_no_hash_is_never_a_path(blobs: Blobs, name: str) -> None:
    with pytest.raises(BlobMissing):
        blobs.open(name)
    with pytest.raises(BlobMissing):
        blobs.remove(name)


def test_stops_at_the_size_limit(blobs: Blobs) -> None:
    with pytest.raises(FileTooLarge) as refusal:
        blobs.put(io.BytesIO(CONTENT), name="合同.pdf", max_bytes=len(CONTENT) - 1)

    assert refusal.value.data == {"name": "合同.pdf", "limit_mb": 1}
    assert not blobs.exists(HASH)


def test_disk_keeps_nothing_of_a_broken_upload(tmp_path: Path) -> None:
    with pytest.raises(StorageUnavailable):
        DiskBlobs(tmp_path).put(Broken(CONTENT))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_disk_spreads_blobs_over_folders(tmp_path: Path) -> None:
    DiskBlobs(tmp_path).put(io.BytesIO(CONTENT))

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [
        tmp_path / HASH[:2] / HASH[2:4] / HASH
    ]


def test_settings_choose_the_folder_or_the_bucket(tmp_path: Path) -> None:
    configured_blobs(Config(home=tmp_path)).put(io.BytesIO(CONTENT))
    with object_server() as (address, objects):
        configured_blobs(s3_config(address)).put(io.BytesIO(CONTENT))

    assert (tmp_path / "files" / HASH[:2] / HASH[2:4] / HASH).is_file()
    assert objects == {f"/attachments/chengdan/{HASH[:2]}/{HASH[2:4]}/{HASH}": CONTENT}


def test_a_large_object_is_sent_whole(tmp_path: Path) -> None:
    blobs = ObjectBlobs(MemoryStore())
    large = bytes(range(256)) * (80 << 10)

    stored = blobs.put(io.BytesIO(large))

    with blobs.open(stored.sha256) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == stored.sha256


def test_says_that_the_object_store_cannot_be_reached() -> None:
    with object_server() as (address, _):
        blobs = configured_blobs(s3_config(address))

    with pytest.raises(StorageUnavailable) as refusal:
        blobs.put(io.BytesIO(CONTENT))

    assert refusal.value.code == "FILE-008"
    assert "secret" not in str(refusal.value)
