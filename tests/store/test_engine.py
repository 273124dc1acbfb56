"""The embedded server: starts, is shared, survives kills, and says clearly what is wrong."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from chengdan.base.config import Config
from chengdan.base.setup import (
    ClusterOfOtherVersion,
    DatabaseNotUtf8,
    DatabaseTooOld,
    DatabaseUnreachable,
    DiskFull,
    FolderNotWritable,
)
from chengdan.store import cluster
from chengdan.store.engine import Engine, check_database, open_database
from tests.databases import FAST_AND_FORGETFUL, Databases, name_of
from tests.processes import database_pid

WAIT_SECONDS = 30


def query(url: str, statement: str) -> object:
    """The single value of a query."""
    with psycopg.connect(url) as connection:
        row = connection.execute(statement.encode()).fetchone()
    return row[0] if row else None


def fast(home: Path) -> Engine:
    """A server started without safety against power cuts, which halves the time of `initdb`."""
    return Engine.start(home, settings=FAST_AND_FORGETFUL)


def test_gives_an_empty_utf8_database(database_url: str) -> None:
    assert query(database_url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == 0
    assert query(database_url, "SHOW server_encoding") == "UTF8"


def test_finds_trigrams_of_chinese_text(database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE EXTENSION pg_trgm")
        row = connection.execute("SELECT similarity('北京仁和医院', '北京仁和医院')").fetchone()

    assert row == (1.0,)


def test_is_durable_and_off_the_network_by_default(home: Path) -> None:
    with Engine.start(home) as engine:
        shown = {
            name: query(engine.url, f"SHOW {name}")
            for name in (
                "fsync",
                "full_page_writes",
                "synchronous_commit",
                "listen_addresses",
                "unix_socket_permissions",
            )
        }

    assert shown == {
        "fsync": "on",
        "full_page_writes": "on",
        "synchronous_commit": "on",
        "listen_addresses": "",
        "unix_socket_permissions": "0700",
    }


def test_settings_of_the_operator_win(home: Path) -> None:
    fast(home).stop()
    (home / "postgres" / cluster.LOCAL_SETTINGS_FILE).write_text("work_mem = '7MB'\n")

    with fast(home) as engine:
        assert query(engine.url, "SHOW work_mem") == "7MB"


def test_is_shared_and_stopped_by_its_last_user(home: Path) -> None:
    first = fast(home)
    second = fast(home)

    assert first.url == second.url
    assert first.stop() is False
    assert query(second.url, "SELECT 1") == 1
    assert second.stop() is True
    assert database_pid(home) is None


def test_works_in_a_folder_too_deep_for_a_socket(home: Path) -> None:
    deep = home / ("很深的文件夹" * 8)

    with fast(deep) as engine:
        assert query(engine.url, "SELECT 1") == 1

    assert not cluster.Cluster.at(deep).socket_folder.exists()


def test_starts_despite_a_pid_file_whose_number_another_program_took(home: Path) -> None:
    fast(home).stop()
    (home / "postgres" / "postmaster.pid").write_text(
        f"{os.getpid()}\n{home / 'postgres'}\n1\n5432\n\n\n\nready\n"
    )

    with fast(home) as engine:
        assert query(engine.url, "SELECT 1") == 1


@pytest.mark.crash
def test_a_server_that_outlived_its_killed_parent_is_adopted_and_stopped(home: Path) -> None:
    program = (
        "import sys, time, pathlib; from chengdan.store.engine import Engine\n"
        "engine = Engine.start(pathlib.Path(sys.argv[1])); print('up', flush=True); time.sleep(600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program, home], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    assert parent.stdout.readline() == b"up\n"
    orphan = database_pid(home)

    parent.kill()
    parent.communicate()
    engine = Engine.start(home)

    assert database_pid(home) == orphan
    assert query(engine.url, "SELECT 1") == 1
    assert engine.stop() is True
    assert database_pid(home) is None


@pytest.mark.crash
def test_a_killed_server_comes_back_with_everything_committed(home: Path) -> None:
    with Engine.start(home) as engine:
        with psycopg.connect(engine.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
        killed = database_pid(home)
        assert killed is not None

        os.kill(killed, signal.SIGKILL)

        assert answer_when_back(engine.url) == 42
        assert database_pid(home) != killed


def answer_when_back(url: str) -> object:
    """The committed value, as soon as the server answers again."""
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            return query(url, "SELECT answer FROM kept")
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_starts_though_a_dying_server_looks_alive_for_a_moment(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fast(home).stop()
    settle, looks = cluster.Cluster.settle, iter([True])
    monkeypatch.setattr(cluster.Cluster, "settle", lambda self: next(looks, None) or settle(self))
    with fast(home) as engine:
        assert query(engine.url, "SELECT 1") == 1


def test_refuses_a_folder_of_another_major_version(home: Path) -> None:
    fast(home).stop()
    (home / "postgres" / "PG_VERSION").write_text("16\n")

    with pytest.raises(ClusterOfOtherVersion) as refusal:
        fast(home)

    assert refusal.value.code == "SETUP-007"
    assert (refusal.value.data["found"], refusal.value.data["needed"]) == ("16", "18")


def test_names_a_folder_that_cannot_be_made(home: Path) -> None:
    home.write_text("a file, not a folder")

    with pytest.raises(FolderNotWritable) as refusal:
        Engine.start(home / "inside")

    assert refusal.value.data["folder"] == str(home / "inside")


def test_refuses_to_start_on_a_full_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "NEEDED_MB", 10**12)

    with pytest.raises(DiskFull) as refusal:
        Engine.start(home)

    assert refusal.value.code == "SETUP-004"
    assert not (home / "postgres").exists()


def test_uses_the_database_of_the_url(database_url: str, tmp_path: Path) -> None:
    config = Config(home=tmp_path / "unused", database_url=database_url)

    with open_database(config) as url:
        assert url == database_url

    assert not (tmp_path / "unused").exists()


def test_says_why_the_url_cannot_be_reached_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnreachable) as refusal:
        check_database(f"postgresql://me:geheim@/nowhere?host={tmp_path}")

    assert refusal.value.data["url"] == f"postgresql://me:***@/nowhere?host={tmp_path}"
    assert "No such file or directory" in refusal.value.data["reason"]
    assert "\n" not in str(refusal.value)


def test_refuses_a_server_that_is_too_old(database_url: str) -> None:
    with pytest.raises(DatabaseTooOld) as refusal:
        check_database(database_url, oldest_major=99)

    assert refusal.value.data["found"].startswith("18.")


def test_refuses_a_database_that_is_not_utf8(databases: Databases, database_url: str) -> None:
    name = f"{name_of(database_url)}_ascii"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            psycopg.sql.SQL(
                "CREATE DATABASE {} TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C' STRATEGY file_copy"
            ).format(psycopg.sql.Identifier(name))
        )
    url = database_url.replace(name_of(database_url), name)

    with pytest.raises(DatabaseNotUtf8) as refusal:
        check_database(url)
    databases.drop(url)

    assert refusal.value.data["encoding"] == "SQL_ASCII"
