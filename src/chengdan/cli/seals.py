"""The seals of signed documents: is this file as it was when it was signed, and is the seal ours?"""

import sys
from pathlib import Path
from typing import Annotated

import typer

from chengdan.cli.opening import opened
from chengdan.run.documents import inspect_seals
from chengdan.store.signatures import certificates


def verify(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A signed document (PDF).")],
) -> None:
    """Verify the seal of a signed document; ends with status 1 when it was altered or isn't ours."""
    with opened() as runtime, runtime.read_pool.connection() as connection:
        known = certificates(connection)
    reports = inspect_seals(file.read_bytes(), known)
    for report in reports:
        at = f"{report.sealed_at:%Y-%m-%d %H:%M} UTC" if report.sealed_at else "?"
        state = "完好 intact" if report.intact and report.shown else "已被改动 ALTERED"
        whose = "本系统加封 sealed here" if report.ours else "不是本系统加封 NOT sealed here"
        typer.echo(f"{report.signer} · {at} · {state} · {whose} · sha256:{report.shown}")
    if not all(report.intact and report.shown and report.ours for report in reports):
        sys.exit(1)


def register(commands: typer.Typer) -> None:
    group = typer.Typer(no_args_is_help=True, help="Seals of signed documents.")
    group.command("verify")(verify)
    commands.add_typer(group, name="seal")
