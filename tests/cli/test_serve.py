"""`chengdan serve` as a process: it starts, answers, stops and comes back."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from chengdan.store import loads
from chengdan.store.cluster import Cluster
from tests.processes import PROGRAM, ServerProcess, database_pid, running_server, start_server, stop_database

PASSWORD = "chengdan-demo"
STOP_SECONDS = 60


@contextmanager
def logged_in(server: ServerProcess) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=30) as client:
        answer = client.post("/api/auth/login", json={"username": "rep", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        yield client


@pytest.fixture(scope="module")
def made_home() -> Iterator[Path]:
    """A home with a very small demo company in it, to be copied; nothing runs in it."""
    folder = Path(tempfile.mkdtemp(prefix="chengdan-made-"))
    home = folder / "home"
    settings = {**os.environ, "CHENGDAN_HOME": str(home)}
    subprocess.run([PROGRAM, "demo", "--scale", "0.01"], env=settings, check=True, stdout=subprocess.DEVNULL)
    yield home
    shutil.rmtree(folder)


@pytest.fixture
def demo_home(made_home: Path, home: Path) -> Path:
    """A home of the test's own with a very small demo company in it."""
    subprocess.run(["cp", "-a", made_home, home], check=True)
    return home


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_says_where_and_who_and_stops_cleanly_with_a_stream_open(
    demo_home: Path, number: signal.Signals
) -> None:
    with running_server(demo_home, arguments=["--demo"]) as server, logged_in(server) as client:
        with client.stream("GET", "/api/live") as stream:
            assert stream.status_code == 200
            server.process.send_signal(number)
            assert server.process.wait(STOP_SECONDS) == 0
        said = server.log.read_text()

    assert f"成单已启动：{server.url}" in said
    assert "rep, manager, presales" in said
    assert "Traceback" not in said
    assert database_pid(demo_home) is None


def test_several_processes_share_the_port_and_one_that_dies_is_replaced(demo_home: Path) -> None:
    with running_server(demo_home, arguments=["--demo"], environment={"CHENGDAN_WORKERS": "2"}) as server:
        children = children_of(server.process.pid)
        assert len(children) == 2
        with logged_in(server) as client:
            assert client.get("/api/me").status_code == 200
        os.kill(min(children), signal.SIGKILL)
        deadline = time.monotonic() + 30
        while len(children_of(server.process.pid) - children) == 0 and time.monotonic() < deadline:
            time.sleep(0.1)
        assert len(children_of(server.process.pid)) == 2
        assert server.interrupt() == 0
        said = server.log.read_text()

    assert "Traceback" not in said
    assert database_pid(demo_home) is None


def children_of(pid: int) -> set[int]:
    """The web processes that a server started, by their name in the process list."""
    found = set()
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                stat = (folder / "stat").read_text().rpartition(")")[2].split()
                command = (folder / "cmdline").read_bytes()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(stat[1]) == pid and b"multiprocessing.spawn" in command:
                found.add(int(folder.name))
    return found


def test_a_killed_server_leaves_a_database_that_the_next_one_takes_up(demo_home: Path) -> None:
    server = start_server(demo_home, arguments=["--demo"])
    try:
        with logged_in(server) as client:
            made = client.post("/api/records/opportunity", json={"name": "杀不掉"}).json()
        server.kill()
        with running_server(demo_home, arguments=["--demo"]) as again, logged_in(again) as client:
            assert client.get(f"/api/records/opportunity/{made['id']}").json() == made
    finally:
        stop_database(demo_home)


def test_a_company_whose_loading_was_killed_is_loaded_anew(home: Path) -> None:
    settings = {**os.environ, "CHENGDAN_HOME": str(home)}
    loader = subprocess.Popen([PROGRAM, "demo", "--scale", "0.2"], env=settings)
    deadline = time.monotonic() + STOP_SECONDS
    while not begun(home) and loader.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    loader.kill()
    loader.wait()

    refused = subprocess.run([PROGRAM, "audit", "verify"], env=settings, capture_output=True, text=True)
    assert (refused.returncode, "LOAD-002" in refused.stderr) == (1, True)
    subprocess.run([PROGRAM, "demo", "--scale", "0.01"], env=settings, check=True)
    with running_server(home, arguments=["--demo"]) as server, logged_in(server) as client:
        assert len(client.get("/api/records/product").json()["items"]) == 10


def begun(home: Path) -> bool:
    """Whether the load of a demo company into this home is noted, and not yet its end."""
    try:
        return loads.is_partial(Cluster.at(home).url())
    except psycopg.OperationalError:
        return False


def test_web_processes_do_not_outlive_their_parent(demo_home: Path) -> None:
    server = start_server(demo_home, environment={"CHENGDAN_WORKERS": "2"})
    try:
        children = children_of(server.process.pid)
        server.kill()
        deadline = time.monotonic() + 20
        while any(Path("/proc", str(child)).exists() for child in children) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert [child for child in children if Path("/proc", str(child)).exists()] == []
    finally:
        stop_database(demo_home)


def test_a_port_in_use_is_one_clear_line(demo_home: Path, tmp_path: Path) -> None:
    with running_server(demo_home) as server:
        port = server.url.rpartition(":")[2]
        with pytest.raises(AssertionError, match="SETUP-008"):
            start_server(tmp_path / "other", environment={"CHENGDAN_PORT": port})
