"""Killed without warning, again and again: what was acknowledged is there, nothing is there by half, the chain verifies."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from chengdan.base.config import Config
from chengdan.run import schedule
from chengdan.run.runtime import Runtime
from chengdan.store import sealing
from chengdan.store.engine import open_database
from tests.lab.lab import WRONG_ROLLUPS, build_lab
from tests.processes import database_pid, stop_database

ROUNDS = int(os.environ.get("TEST_CRASH_ROUNDS", "10"))
WRITTEN_BYTES = 2_000
"""What a writer says at least before it is killed: more than ten records, however busy the machine is."""
WRITER = Path(__file__).with_name("writer.py")
ROOT = WRITER.parents[2]


@pytest.fixture
def lab_home(home: Path) -> Iterator[Path]:
    """An installation of its own with the lab in it, safe against power cuts as in production."""
    with open_database(Config(home=home)) as url:
        build_lab(url, home)
    yield home
    stop_database(home)


def acknowledged(output: str) -> dict[tuple[str, UUID], int]:
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
    told: dict[tuple[str, UUID], int] = {}
    for round in range(ROUNDS):
        with tempfile.TemporaryFile("w+") as out:
            writer = subprocess.Popen(
                [sys.executable, WRITER, lab_home], stdout=out, stderr=subprocess.DEVNULL, cwd=ROOT
            )
            _await_output(out.fileno(), writer)
            time.sleep(random.uniform(0.05, 0.6))
            database = database_pid(lab_home)
            assert database is not None
            if round % 2:
                os.kill(database, signal.SIGKILL)
            writer.kill()
            writer.wait()
            out.seek(0)
            told.update(acknowledged(out.read()))
        with Runtime.open(Config(home=lab_home)) as runtime, runtime.pool.connection() as connection:
            there = {
                (object, id): version
                for object in ("client", "job")
                for id, version in connection.execute(f"SELECT id, version FROM data.{object}").fetchall()
            }
            lost = {key: version for key, version in told.items() if there.get(key, 0) < version}
            assert lost == {}
            assert sealing.verify(connection)[1] == []
            assert connection.execute(WRONG_ROLLUPS).fetchall() == []
    assert len(told) > ROUNDS * 10
    with Runtime.open(Config(home=lab_home)) as runtime:
        schedule.seal(runtime)
        with runtime.pool.connection() as connection:
            total, findings = sealing.verify(connection)
    assert findings == []
    assert total >= sum(told.values())


def _await_output(descriptor: int, writer: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 60
    while os.fstat(descriptor).st_size < WRITTEN_BYTES:
        assert writer.poll() is None and time.monotonic() < deadline
        time.sleep(0.02)
