"""`serve` and `worker`: the web, the schedule and the jobs."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from chengdan.base.config import Config
from chengdan.cli.demo import PASSWORD, is_demo, load_demo
from chengdan.cli.opening import opened
from chengdan.run import loading, schedule, scoring
from chengdan.run.mail import postman
from chengdan.run.outgoing import courier
from chengdan.run.runtime import Runtime
from chengdan.run.worker import run_worker
from chengdan.sales.demo import LOGINS
from chengdan.web import server

JOIN_SECONDS = 2.0


def register(commands: typer.Typer) -> None:
    commands.command()(serve)
    commands.command()(worker)
    commands.command(name="demo")(demo)


def serve(
    demo: Annotated[bool, typer.Option(help="Load the demo company into an empty installation.")] = False,
) -> None:
    """Serve the page and the API, with timers and jobs. Ctrl-C stops it."""
    config = Config.read()
    listener = server.bind(config.host, config.port)
    with opened(config, to_load=demo) as runtime:
        if demo and loading.is_empty(runtime):
            typer.echo("正在装入演示公司… Loading the demo company…")
            load_demo(runtime, told=_tell)
            _tell("")
        runtime.demo = demo and is_demo(runtime)
        with _background(runtime):
            if config.workers == 1:
                server.serve(runtime, listener, lambda: _announce(config, runtime.demo))
            else:
                server.serve_in_processes(
                    config,
                    listener,
                    config.workers,
                    demo=runtime.demo,
                    ready=lambda: _announce(config, runtime.demo),
                )
    listener.close()


def worker() -> None:
    """Fire timers and do jobs, without the web: for more processes, or more hosts, over one database."""
    with opened() as runtime, _background(runtime):
        typer.echo("后台进程已启动。The worker is running.")
        server.wait_for_signal()


def demo(
    scale: Annotated[float, typer.Option(help="1 is about 2,000 opportunities.", min=0.01, max=1_000)] = 1.0,
    seed: Annotated[int, typer.Option(help="The same seed makes the same company.")] = 1,
) -> None:
    """Load the demo company into an empty installation."""
    with opened(to_load=True) as runtime:
        counts = load_demo(runtime, scale, seed, _tell)
        _tell("")
        for object, count in counts.items():
            typer.echo(f"{object}: {count:,}")
    _say_logins()


@contextmanager
def _background(runtime: Runtime) -> Iterator[None]:
    """The schedule, the scores, the worker of jobs and two couriers, in threads for as long as the context lasts.

    Two, so that an outlet that answers late does not hold up the others.
    """
    stop = threading.Event()
    threads = [
        threading.Thread(target=target, args=(runtime, stop), name=name, daemon=True)
        for name, target in (
            ("schedule", schedule.run),
            ("scores", scoring.run),
            ("jobs", run_worker),
            ("courier", courier.run),
            ("courier-2", courier.run),
            ("mail", postman.run),
        )
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(JOIN_SECONDS)


def _tell(step: str) -> None:
    """Say on a terminal what is being done, on one line."""
    if sys.stderr.isatty():
        typer.echo(f"\r\033[K{step}", nl=False, err=True)


def _announce(config: Config, demo: bool) -> None:
    host = "127.0.0.1" if config.host in ("0.0.0.0", "::") else config.host
    url = config.public_url or f"http://{f'[{host}]' if ':' in host else host}:{config.port}"
    typer.echo(f"成单已启动：{url}\nChengdan is running: {url}")
    if demo:
        _say_logins()


def _say_logins() -> None:
    names = ", ".join(LOGINS)
    typer.echo(f"演示账号（密码均为 {PASSWORD}）：{names}\nDemo log-ins (password {PASSWORD}): {names}")
