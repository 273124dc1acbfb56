"""Definitions in and out: export, validate, plan, publish."""

from pathlib import Path
from typing import Annotated

import typer

from chengdan.cli.opening import opened
from chengdan.run import apps
from chengdan.run.publish import validated

Folder = Annotated[Path, typer.Argument(help="The folder of manifests.")]


def register(commands: typer.Typer) -> None:
    for command in (export, validate, plan, publish):
        commands.command()(command)


def export(folder: Folder) -> None:
    """Write the manifests in force to a folder, to the byte."""
    with opened() as runtime:
        apps.write(runtime.snapshot.files, folder)
        typer.echo(f"{folder}: {len(runtime.snapshot.files)} files, version {runtime.snapshot.version}")


def validate(folder: Folder) -> None:
    """Check the manifests of a folder and list everything that is wrong."""
    snapshot = validated(apps.on_disk(folder))
    typer.echo(f"{folder}: {len(snapshot.objects)} objects, {len(snapshot.rules)} rules")


def plan(folder: Folder) -> None:
    """Show what publishing a folder would change."""
    with opened() as runtime:
        found = runtime.plan(apps.on_disk(folder))
    for difference in found.differences:
        typer.echo(f"{difference.act} {difference.kind} {difference.name}")
    for step in found.steps:
        typer.echo(f"database: {step.kind} {step.table}.{step.name}")


def publish(
    folder: Folder, note: Annotated[str, typer.Option(help="What this version is about.")] = ""
) -> None:
    """Publish the manifests of a folder; every process takes them up within a second."""
    with opened() as runtime:
        snapshot = runtime.publish(apps.on_disk(folder), note=note)
    typer.echo(f"{folder}: version {snapshot.version}")
