"""A backup gives everything back, or says what is wrong and changes nothing."""

import io
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from chengdan.store.archive import (
    DUMP,
    MANIFEST,
    ArchiveDamaged,
    ArchiveMissing,
    ArchiveTooNew,
    Manifest,
    read_archive,
)
from chengdan.store.backup import (
    ArchiveExists,
    DatabaseNotEmpty,
    FilesNotEmpty,
    backup,
    restore,
    verify,
)
from chengdan.store.dump import BackupFailed, RestoreFailed
from tests.databases import Databases

SCHEMA = """
CREATE EXTENSION pg_trgm;
CREATE SCHEMA data;
CREATE TABLE data.account (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name text NOT NULL, amount numeric(18, 2));
CREATE INDEX account_name ON data.account USING gin (name gin_trgm_ops);
CREATE TABLE data.event (seq bigint GENERATED ALWAYS AS IDENTITY, at timestamptz, body jsonb) PARTITION BY RANGE (at);
CREATE TABLE data.event_2026 PARTITION OF data.event FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
INSERT INTO data.account (name, amount) SELECT '北京仁和医院 ' || n, n + 0.25 FROM generate_series(1, 500) AS n;
INSERT INTO data.event (at, body) SELECT '2026-03-01', jsonb_build_object('n', n) FROM generate_series(1, 200) AS n;
"""
CONTENTS = """
SELECT (SELECT md5(string_agg(account::text, '|' ORDER BY id)) FROM data.account),
       (SELECT md5(string_agg(event::text, '|' ORDER BY seq)) FROM data.event)
"""


@pytest.fixture
def company(database_url: str) -> str:
    """A database with an extension, an index, partitions, identities and Chinese text."""
    with psycopg.connect(database_url) as connection:
        connection.execute(SCHEMA)
    return database_url


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    """A second, empty database to restore into."""
    with databases.fresh() as url:
        yield url


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two uploaded files, one of them empty."""
    folder = tmp_path / "files"
    (folder / "ab").mkdir(parents=True)
    (folder / "ab" / "合同.pdf").write_bytes(bytes(range(256)) * 9000)
    (folder / "empty").touch()
    return folder


@pytest.fixture
def archive(company: str, files: Path, tmp_path: Path) -> Path:
    """A backup of the company and its files."""
    backup(company, files, tmp_path / "company.chengdan")
    return tmp_path / "company.chengdan"


def contents(url: str) -> object:
    """A digest of all rows."""
    with psycopg.connect(url) as connection:
        return connection.execute(CONTENTS.encode()).fetchone()


def table_count(url: str) -> object:
    """How many tables of users there are."""
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname IN ('data', 'public')"
        ).fetchone()


def tree(folder: Path) -> dict[str, bytes]:
    """The files below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def rewrite(archive: Path, change: dict[str, bytes | None]) -> None:
    """Replace, add (bytes) or take out (None) members of an archive."""
    with tarfile.open(archive) as tar:
        members = {member.name: tar.extractfile(member).read() for member in tar}  # type: ignore[union-attr]
    members.update({name: content for name, content in change.items() if content is not None})
    with tarfile.open(archive, "w") as tar:
        for name, content in members.items():
            if name not in change or change[name] is not None:
                member = tarfile.TarInfo(name)
                member.size = len(content)
                tar.addfile(member, io.BytesIO(content))


def test_gives_everything_back(archive: Path, company: str, files: Path, empty: str, tmp_path: Path) -> None:
    restored_files = tmp_path / "other" / "files"

    manifest = restore(archive, empty, restored_files)

    assert contents(empty) == contents(company)
    assert tree(restored_files) == tree(files)
    assert set(manifest.parts) == {DUMP, "files/ab/合同.pdf", "files/empty"}
    assert manifest == verify(archive)


def test_identities_go_on_where_they_were(archive: Path, empty: str, tmp_path: Path) -> None:
    restore(archive, empty, tmp_path / "other")

    with psycopg.connect(empty) as connection:
        row = connection.execute("INSERT INTO data.event (at) VALUES ('2026-04-01') RETURNING seq").fetchone()

    assert row == (201,)


def test_without_a_files_folder_only_the_database_is_saved(company: str, empty: str, tmp_path: Path) -> None:
    backup(company, None, tmp_path / "archive")

    manifest = restore(tmp_path / "archive", empty, None)

    assert set(manifest.parts) == {DUMP}
    assert contents(empty) == contents(company)


def test_an_older_backup_is_never_overwritten(archive: Path, company: str, files: Path) -> None:
    before = archive.read_bytes()

    with pytest.raises(ArchiveExists):
        backup(company, files, archive)

    assert archive.read_bytes() == before


def test_a_backup_that_fails_leaves_nothing(company: str, files: Path, tmp_path: Path) -> None:
    target = tmp_path / "archives" / "archive"
    target.parent.mkdir()

    with pytest.raises(BackupFailed) as refusal:
        backup(company.replace("/test_", "/absent_test_"), files, target)

    assert "does not exist" in refusal.value.data["reason"]
    assert list(target.parent.iterdir()) == []


def test_a_backup_into_a_missing_folder_is_one_clear_line(company: str, files: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupFailed) as refusal:
        backup(company, files, tmp_path / "absent" / "archive")

    assert "No such file or directory" in str(refusal.value)


@pytest.mark.parametrize("part", [DUMP, "files/ab/合同.pdf"])
def test_one_altered_byte_is_found_before_the_database_is_touched(
    archive: Path, empty: str, tmp_path: Path, part: str
) -> None:
    with tarfile.open(archive) as tar:
        middle = tar.getmember(part).offset_data + tar.getmember(part).size // 2
    content = bytearray(archive.read_bytes())
    content[middle] ^= 1
    archive.write_bytes(content)

    with pytest.raises(ArchiveDamaged) as refusal:
        restore(archive, empty, tmp_path / "other" / "files")

    assert refusal.value.data["part"] == part
    assert table_count(empty) == (0,)
    assert list((tmp_path / "other").iterdir()) == []


@pytest.mark.parametrize(
    ("change", "part"),
    [
        ({"files/empty": None}, "files/empty"),
        ({"files/added": b"x"}, "files/added"),
        ({MANIFEST: None}, MANIFEST),
        ({MANIFEST: b"{}"}, MANIFEST),
        ({MANIFEST: b"[1]"}, MANIFEST),
    ],
)
def test_a_missing_or_added_part_is_found(archive: Path, change: dict[str, bytes | None], part: str) -> None:
    rewrite(archive, change)

    with pytest.raises(ArchiveDamaged) as refusal:
        verify(archive)

    assert refusal.value.data["part"] == part


@pytest.mark.parametrize("kept", [0, 100, 10_000, 2_000_000])
def test_a_truncated_archive_is_refused(archive: Path, empty: str, tmp_path: Path, kept: int) -> None:
    archive.write_bytes(archive.read_bytes()[:kept])

    with pytest.raises(ArchiveDamaged):
        restore(archive, empty, tmp_path / "other" / "files")

    assert table_count(empty) == (0,)


@pytest.mark.parametrize("name", ["files/../../outside", "/outside", "outside", "files/./x"])
def test_a_part_cannot_leave_the_folder(archive: Path, empty: str, tmp_path: Path, name: str) -> None:
    with read_archive(archive) as reader:
        manifest = reader.manifest
    forged = replace(manifest, parts={**manifest.parts, name: manifest.parts["files/empty"]})
    rewrite(archive, {name: b"", MANIFEST: forged.to_json()})

    with pytest.raises(ArchiveDamaged) as refusal:
        restore(archive, empty, tmp_path / "other" / "files")

    assert refusal.value.data["part"] == name


def test_an_archive_of_a_later_format_is_refused(archive: Path) -> None:
    with read_archive(archive) as reader:
        later = reader.manifest.to_json().replace(b'"format": 1', b'"format": 2')
    rewrite(archive, {MANIFEST: later})

    with pytest.raises(ArchiveTooNew):
        verify(archive)


def test_a_missing_archive_is_named(empty: str, tmp_path: Path) -> None:
    with pytest.raises(ArchiveMissing) as refusal:
        restore(tmp_path / "absent", empty, None)

    assert refusal.value.data["archive"] == str(tmp_path / "absent")


def test_a_database_in_use_is_not_overwritten(archive: Path, company: str, tmp_path: Path) -> None:
    before = contents(company)

    with pytest.raises(DatabaseNotEmpty) as refusal:
        restore(archive, company, tmp_path / "other" / "files")

    assert refusal.value.data["found"] == "data.account"
    assert contents(company) == before
    assert not (tmp_path / "other").exists()


def test_files_in_use_are_not_overwritten(archive: Path, empty: str, files: Path) -> None:
    before = tree(files)

    with pytest.raises(FilesNotEmpty):
        restore(archive, empty, files)

    assert tree(files) == before
    assert table_count(empty) == (0,)


def test_a_restore_that_the_database_refuses_leaves_nothing(
    archive: Path, empty: str, tmp_path: Path
) -> None:
    with psycopg.connect(empty) as connection:
        connection.execute("CREATE SCHEMA data; CREATE TYPE data.account AS ENUM ('in the way')")

    with pytest.raises(RestoreFailed) as refusal:
        restore(archive, empty, tmp_path / "other" / "files")

    assert "already exists" in refusal.value.data["reason"]
    assert table_count(empty) == (0,)
    assert list((tmp_path / "other").iterdir()) == []


def test_the_manifest_survives_its_round_trip(archive: Path) -> None:
    manifest = verify(archive)

    assert Manifest.from_json(manifest.to_json(), archive) == manifest
