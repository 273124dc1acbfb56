"""A backup archive: one tar file whose last member, `manifest.json`, lists every other part with its SHA-256.

Parts are `database.dump` (pg_dump's custom format) and `files/<path>` for each uploaded file.
"""

import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from chengdan.base.errors import ChengdanError

FORMAT = 1
DUMP = "database.dump"
FILES = "files"
MANIFEST = "manifest.json"
CHUNK_BYTES = 1 << 20


class ArchiveDamaged(ChengdanError):
    """The archive isn't what was written: a part is missing, added or altered; `path` is the archive."""

    code = "BACKUP-003"
    zh = "备份文件已损坏：{part}"
    en = "The backup is damaged: {part}"
    hint_zh = "请使用另一份备份。未恢复任何内容。"
    hint_en = "Use another backup. Nothing was restored."


class ArchiveMissing(ChengdanError):
    """There is no such archive, or it can't be read."""

    code = "BACKUP-005"
    zh = "无法读取备份 {archive}：{reason}"
    en = "The backup {archive} can't be read: {reason}"


class ArchiveTooNew(ChengdanError):
    """The archive was written by a later release."""

    code = "BACKUP-004"
    zh = "该备份由更新的版本 {version} 创建。"
    en = "The backup was made by a later release, {version}."
    hint_zh = "请先升级 Chengdan。"
    hint_en = "Upgrade Chengdan first."


@dataclass(frozen=True, slots=True)
class Part:
    """One member of the archive: its size in bytes and its SHA-256 in hex."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive holds: parts by name, when it was made, by which Chengdan, from which PostgreSQL."""

    created_at: datetime
    version: str
    postgres: str
    parts: Mapping[str, Part] = field(default_factory=dict)

    def to_json(self) -> bytes:
        """The manifest as it lies in the archive."""
        parts = {
            name: {"size": part.size, "sha256": part.sha256} for name, part in sorted(self.parts.items())
        }
        content = {
            "format": FORMAT,
            "created_at": self.created_at.isoformat(),
            "version": self.version,
            "postgres": self.postgres,
            "parts": parts,
        }
        return json.dumps(content, ensure_ascii=False, indent=1).encode()

    @classmethod
    def from_json(cls, content: bytes, archive: Path) -> "Manifest":
        """Raises `ArchiveDamaged` or `ArchiveTooNew`."""
        try:
            read: dict[str, Any] = json.loads(content)
            if read["format"] > FORMAT:
                raise ArchiveTooNew(path=str(archive), version=read["version"])
            parts = {name: Part(part["size"], part["sha256"]) for name, part in read["parts"].items()}
            return cls(datetime.fromisoformat(read["created_at"]), read["version"], read["postgres"], parts)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise ArchiveDamaged(path=str(archive), part=MANIFEST) from None


class Writer:
    """Adds parts to an archive and remembers their hashes."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.parts: dict[str, Part] = {}

    def add(self, name: str, path: Path) -> None:
        """Add the file `path` as the part `name`; raises `FileNotFoundError` before anything is written."""
        with path.open("rb") as file:
            member = self._tar.gettarinfo(arcname=name, fileobj=file)
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            hashing = _Hashing(file)
            self._tar.addfile(member, hashing)
        self.parts[name] = Part(member.size, hashing.digest.hexdigest())

    def finish(self, manifest: Manifest) -> None:
        """Add the manifest: the last thing to do."""
        content = manifest.to_json()
        member = tarfile.TarInfo(MANIFEST)
        member.size = len(content)
        self._tar.addfile(member, io.BytesIO(content))


class Reader:
    """An archive opened to be read, its manifest checked against its table of contents."""

    def __init__(self, tar: tarfile.TarFile, archive: Path) -> None:
        self._tar = tar
        self._archive = archive
        self._members = {member.name: member for member in tar}
        self.manifest = Manifest.from_json(self._content(MANIFEST), archive)
        self._require_listed_parts_only()

    def verify(self) -> None:
        """Read every part and compare its hash; raises `ArchiveDamaged`."""
        for name in self.manifest.parts:
            self._read(name, None)

    def extract(self, folder: Path) -> None:
        """Write every part below `folder`, comparing its hash; raises `ArchiveDamaged` at the first that differs."""
        for name in self.manifest.parts:
            path = folder / name
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with path.open("xb") as file:
                self._read(name, file)

    def _require_listed_parts_only(self) -> None:
        listed = {*self.manifest.parts, MANIFEST}
        for name in sorted(listed ^ self._members.keys()) + [name for name in listed if not _is_safe(name)]:
            raise ArchiveDamaged(path=str(self._archive), part=name)
        if DUMP not in listed:
            raise ArchiveDamaged(path=str(self._archive), part=DUMP)

    def _content(self, name: str) -> bytes:
        output = io.BytesIO()
        if name not in self._members:
            raise ArchiveDamaged(path=str(self._archive), part=name)
        with self._open(name) as file:
            shutil.copyfileobj(file, output)
        return output.getvalue()

    def _read(self, name: str, output: IO[bytes] | None) -> None:
        digest = hashlib.sha256()
        with self._open(name) as file:
            while chunk := file.read(CHUNK_BYTES):
                digest.update(chunk)
                if output is not None:
                    output.write(chunk)
        if digest.hexdigest() != self.manifest.parts[name].sha256:
            raise ArchiveDamaged(path=str(self._archive), part=name)

    def _open(self, name: str) -> IO[bytes]:
        file = self._tar.extractfile(self._members[name])
        if file is None:
            raise ArchiveDamaged(path=str(self._archive), part=name)
        return file


@contextmanager
def read_archive(archive: Path) -> Iterator[Reader]:
    """Open an archive; raises `ArchiveMissing`, `ArchiveDamaged`, `ArchiveTooNew`."""
    try:
        file = archive.open("rb")
    except OSError as failure:
        raise ArchiveMissing(archive=str(archive), reason=failure.strerror) from None
    try:
        with file, tarfile.open(fileobj=file, mode="r:") as tar:
            yield Reader(tar, archive)
    except (tarfile.TarError, EOFError):
        raise ArchiveDamaged(path=str(archive), part=archive.name) from None


class _Hashing(io.RawIOBase):
    """A file whose hash is taken while somebody else reads it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self.digest.update(chunk)
        return chunk


def _is_safe(name: str) -> bool:
    """Whether a part's name stays inside the folder it is unpacked to."""
    path = PurePosixPath(name)
    inside = not path.is_absolute() and ".." not in path.parts and str(path) == name
    return inside and (name in (DUMP, MANIFEST) or (path.parts[0] == FILES and len(path.parts) > 1))
