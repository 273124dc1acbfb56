"""Killed without warning, again and again: what was acknowledged is there, nothing is there by half, the chain verifies."""

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from chengdan.base.config import Config
from chengdan.run import schedule
from chengdan.run.commands import Update
from chengdan.run.runtime import Runtime
from chengdan.run.sessions import set_password
from chengdan.store import sealing
from chengdan.store.engine import open_database
from tests.lab.lab import KEEPER, WRONG_ROLLUPS, build_lab, open_lab
from tests.lab.manifests import edited
from tests.processes import ServerProcess, database_pid, start_server, stop_database
from tests.run.caller import PREFIX, Caller

ROUNDS = int(os.environ.get("TEST_CRASH_ROUNDS", "10"))
SERVER, BOTH, DATABASE_FIRST = WAYS = ("server", "both", "database first")
"""How the rounds over HTTP end, one after the other: the server dies; its database and, within a moment, it; its database,
which it starts again and goes on with, and then it."""

CALLERS = 4
WRITTEN_BYTES = 2_000
"""What a writer says at least before it is killed: more than ten records, however busy the machine is."""

WRITTEN_RECORDS = 20
"""What callers are told at least before their server is killed."""

WITHOUT_EVENTS = """
SELECT id FROM data.job j WHERE version > (SELECT count(*) FROM chengdan.event e WHERE e.record_id = j.id)
"""
TWICE = f"""
SELECT name FROM data.job WHERE name LIKE '{PREFIX}-%' GROUP BY name HAVING count(*) > 1
"""
PASSWORD = "let-me-in-again"
KEEPER_TOO = "{value: keeper, label: {zh: 管理员, en: Keeper}}, {value: head,"
WRITER = Path(__file__).with_name("writer.py")
ROOT = WRITER.parents[2]
Told = Mapping[tuple[str, UUID], int]


@pytest.fixture
def lab_home(home: Path) -> Iterator[Path]:
    """An installation of its own with the lab in it and a keeper who may log in, safe against power cuts as in production."""
    with open_database(Config(home=home)) as url:
        build_lab(url, home, edited("objects/user.yaml", "{value: head,", KEEPER_TOO))
        with open_lab(url, home) as lab:
            lab.act(KEEPER, Update("user", KEEPER.user, None, {"roles": ["keeper"]}))
            set_password(lab.runtime, KEEPER.user, PASSWORD)
    yield home
    stop_database(home)


def acknowledged(output: str) -> Told:
    """The highest version of each record that the writer was told of; a last line that was cut off doesn't count."""
    told: dict[tuple[str, UUID], int] = {}
    for line in output.splitlines(keepends=True):
        if line.endswith("\n"):
            object, id, version = line.split()
            told[object, UUID(id)] = max(int(version), told.get((object, UUID(id)), 0))
    return told


@pytest.mark.crash
def test_nothing_acknowledged_is_lost_and_nothing_is_there_by_half(lab_home: Path) -> None:
    random = Random(7)
    callers = [Caller(seed, KEEPER.name, PASSWORD) for seed in range(CALLERS)]
    told: dict[tuple[str, UUID], int] = {}
    for round in range(ROUNDS):
        if round % 3 == 2:
            told.update(_served(lab_home, callers, random, WAYS[round // 3 % len(WAYS)]))
        else:
            told.update(_written(lab_home, random, with_database=round % 2 == 1))
        with Runtime.open(Config(home=lab_home)) as runtime:
            _assert_whole(runtime, told)
    assert len(told) > ROUNDS * 10


def _written(home: Path, random: Random, with_database: bool) -> Told:
    """What a process that writes by itself was told before it was killed."""
    with tempfile.TemporaryFile("w+") as out:
        writer = subprocess.Popen(
            [sys.executable, WRITER, home], stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT
        )
        _await(lambda: os.fstat(out.fileno()).st_size >= WRITTEN_BYTES, writer)
        time.sleep(random.uniform(0.05, 0.6))
        database = database_pid(home)
        assert database is not None
        if with_database:
            os.kill(database, signal.SIGKILL)
        writer.kill()
        writer.wait()
        out.seek(0)
        return acknowledged(out.read())


def _served(home: Path, callers: Sequence[Caller], random: Random, dying: str) -> Told:
    """What callers were told by `chengdan serve` before it was killed, in this round and before.

    They are refused nothing, but for a moment in which the database is away.
    """
    server = start_server(home)
    threads = [threading.Thread(target=caller.call, args=(server.url,)) for caller in callers]
    try:
        for thread in threads:
            thread.start()
        _await_answers(callers, server)
        time.sleep(random.uniform(0.05, 0.3))
        if dying != SERVER:
            server.kill_database()
        if dying == DATABASE_FIRST:
            _await_answers(callers, server)
        time.sleep(random.uniform(0, 0.6) if dying == BOTH else 0)
        assert all(thread.is_alive() for thread in threads)
    finally:
        server.kill()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    assert {status for caller in callers for status in caller.refused} <= {503}
    return {key: version for caller in callers for key, version in caller.told.items()}


def _await_answers(callers: Sequence[Caller], server: ServerProcess) -> None:
    """Wait until enough was acknowledged from now on."""
    wanted = sum(len(caller.told) for caller in callers) + WRITTEN_RECORDS
    _await(lambda: sum(len(caller.told) for caller in callers) >= wanted, server.process)


def _await(written: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while not written():
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)


def _assert_whole(runtime: Runtime, told: Told) -> None:
    """Everything acknowledged is there with its events, nothing twice, and figures and seals are right, also new ones."""
    with runtime.pool.connection() as connection:
        there = {
            (object, id): version
            for object in ("client", "job")
            for id, version in connection.execute(f"SELECT id, version FROM data.{object}").fetchall()
        }
        assert {key: version for key, version in told.items() if there.get(key, 0) < version} == {}
        for wrong in (WRONG_ROLLUPS, WITHOUT_EVENTS, TWICE):
            assert connection.execute(wrong).fetchall() == []
        assert sealing.verify(connection)[1] == []
    schedule.seal(runtime)
    with runtime.pool.connection() as connection:
        total, findings = sealing.verify(connection)
    assert findings == []
    assert total >= sum(told.values())
