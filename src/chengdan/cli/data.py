"""Data in and out: imports, backup, restore, and the proof that no event was touched."""

import sys
from contextlib import suppress
from importlib import resources
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from chengdan.base.config import Config
from chengdan.cli.opening import SALES, opened
from chengdan.cli.people import ADMIN, principal_of
from chengdan.run import audits
from chengdan.run.errors import NotFound
from chengdan.run.histories.plan import check_history
from chengdan.run.histories.sets import set_on_disk, shipped_sets
from chengdan.run.histories.telling import REASON, Told, require_telling, tell_log
from chengdan.run.histories.xes import read_xes
from chengdan.run.importer.outcome import Terms
from chengdan.run.importer.sets import StepReport, import_set, read_set
from chengdan.run.runtime import Runtime, rebuild_marks
from chengdan.store import sealing
from chengdan.store.backup import backup as write_backup
from chengdan.store.backup import restore as read_backup
from chengdan.store.engine import open_database
from chengdan.store.unit import Unit

MAVEN = "sales/maven/import.yaml"
Folder = Annotated[Path, typer.Argument(exists=True, file_okay=False, help="The folder with the files.")]
Username = Annotated[str, typer.Option("--as", help="The user who imports.")]
Reason = Annotated[str, typer.Option(help="Why records may come in past a gate.")]


def register(commands: typer.Typer) -> None:
    imports = typer.Typer(help="Import several files by one description.", no_args_is_help=True)
    imports.command()(maven)
    imports.command()(xes)
    imports.command(name="set")(set_)
    commands.add_typer(imports, name="import")
    commands.command()(backup)
    commands.command()(restore)
    process = typer.Typer(help="What process analysis reads.", no_args_is_help=True)
    process.command()(rebuild)
    process.callback()(lambda: None)
    commands.add_typer(process, name="process")
    audit = typer.Typer(help="Prove the trail, and the draws of process audits.", no_args_is_help=True)
    audit.command()(verify)
    audit.command()(redraw)
    commands.add_typer(audit, name="audit")


def maven(folder: Folder, username: Username = ADMIN, override_reason: Reason = REASON) -> None:
    """Import the CRM data set of Maven Analytics from the folder with its CSV files."""
    text = (resources.files("chengdan") / MAVEN).read_text("utf-8")
    _import(text, folder, username, override_reason)


def set_(
    description: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="The YAML description.")],
    folder: Folder,
    username: Username = ADMIN,
    override_reason: Reason = "",
) -> None:
    """Import the files of a folder step by step, as a YAML description says."""
    _import(description.read_text("utf-8"), folder, username, override_reason)


def xes(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="The event log, .xes or .xes.gz.")
    ],
    set_: Annotated[
        str, typer.Option("--set", help="How it becomes records: bpi2012, or a folder.")
    ] = "bpi2012",
    username: Username = ADMIN,
    override_reason: Reason = REASON,
) -> None:
    """Import an event log as records with their history; the set's objects and pipelines are added first."""
    found = set_on_disk(Path(set_)) if Path(set_).is_dir() else shipped_sets(SALES)[set_]
    report = Told()

    def count(_: Unit, told: Told) -> None:
        report.add(told)
        _say_history(report)

    with opened() as runtime:
        files = found.added_to(runtime.snapshot)
        if files != runtime.snapshot.files:
            runtime.publish(files, note=f"import {found.name}")
        principal = principal_of(runtime, username)
        with runtime.reader(principal) as reader:
            require_telling(reader)
        check_history(found.plan, runtime.snapshot, principal)
        terms = Terms(principal, f"import/{file.name}", override_reason)
        tell_log(runtime, read_xes(file), found.plan, terms, count)
    for refusal in report.refused[:20]:
        reasons = "; ".join(str(error) for error in refusal.errors)
        typer.echo(f"  trace {refusal.line}: {reasons}", err=True)
    if report.refused:
        sys.exit(1)


def _say_history(report: Told) -> None:
    typer.echo(
        f"{report.created:,} traces created, {report.unchanged:,} there already, {len(report.refused):,} refused; "
        f"{report.events:,} events told, {report.unknown:,} not known"
    )


def _import(text: str, folder: Path, username: str, override_reason: str) -> None:
    steps = read_set(text).steps
    with opened() as runtime:
        principal = principal_of(runtime, username)
        reports = import_set(runtime, principal, steps, folder, override_reason, _say)
    if any(report.refused for report in reports):
        sys.exit(1)


def _say(report: StepReport) -> None:
    typer.echo(
        f"{report.file} → {report.object}: {report.created} created, {report.updated} updated, "
        f"{report.unchanged} unchanged, {report.refused} refused"
    )
    for refusal in report.refusals[:20]:
        reasons = "; ".join(str(error) for error in refusal.errors)
        typer.echo(f"  {report.file}:{refusal.line} {reasons}", err=True)


def backup(target: Annotated[Path, typer.Argument(help="The archive to write.")]) -> None:
    """Write the whole database and the uploaded files to one archive."""
    config = Config.read()
    with open_database(config) as url:
        manifest = write_backup(url, None if config.s3_url else config.files_dir, target)
    typer.echo(f"{target}: {len(manifest.parts)} parts, PostgreSQL {manifest.postgres}")


def restore(archive: Annotated[Path, typer.Argument(help="The archive to put back.")]) -> None:
    """Put an archive back into an empty installation."""
    config = Config.read()
    with open_database(config) as url:
        manifest = read_backup(archive, url, None if config.s3_url else config.files_dir)
    typer.echo(f"{archive}: {manifest.created_at:%Y-%m-%d %H:%M} UTC, Chengdan {manifest.version}")


def verify() -> None:
    """Recompute the hash chain over all events: finds any that was altered, added or taken away."""
    with opened() as runtime, runtime.pool.connection() as connection:
        total, findings = sealing.verify(connection)
    for finding in findings:
        typer.echo(f"seal {finding.seal}: {finding.what}", err=True)
    if findings:
        sys.exit(1)
    typer.echo(f"{total:,} 条事件完好。{total:,} events are intact.")


def redraw(
    draw: Annotated[str, typer.Argument(help="The id of the draw; not needed with --file.")] = "",
    file: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="An exported draw; no database is asked."),
    ] = None,
) -> None:
    """Recompute a draw of a process audit: same list, same seed, same files drawn and assigned."""
    if file is not None:
        found = audits.redraw_text(file.read_text("utf-8"))
    else:
        with opened() as runtime:
            found = _redrawn(runtime, draw)
    for what, ids in (("missing", found.missing), ("extra", found.extra), ("misassigned", found.misassigned)):
        for id in ids:
            typer.echo(f"{what}: {id}", err=True)
    if found.seed_holds is False:
        typer.echo("种子不是事件链给出的。The seed is not the one of the chain of events.", err=True)
    if not found.holds:
        sys.exit(1)
    typer.echo(f"{found.name}: {found.drawn} / {found.population} 抽取无误。The draw holds.")


def _redrawn(runtime: Runtime, draw: str) -> audits.Redrawn:
    for audit in runtime.snapshot.audits.values():
        with suppress(NotFound, ValueError):
            return audits.redraw(runtime, audit, UUID(draw))
    raise NotFound(path="draw")


def rebuild() -> None:
    """Make the marks that process analysis reads again from the journal."""
    with opened() as runtime, runtime.pool.connection() as connection:
        typer.echo(f"{rebuild_marks(connection, runtime.edition):,} marks")
