"""An import as a job: asked for in a request, done by a worker, its refused rows handed back as a file."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from chengdan.kernel.access import Principal
from chengdan.run.errors import NotFound
from chengdan.run.holding import object_of, require
from chengdan.run.importer.batch import Checkpoint, Outcome, Refusal, Terms, import_table, spoken_cells
from chengdan.run.importer.plan import ImportPlan, check_plan, read_plan
from chengdan.run.jobs import Job, JobState, Progress, defer, locale_of
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import Cell, open_table, write_table
from chengdan.store.unit import Unit

KIND = "import"
RECORDS_NAMED = 20
COUNTS = ("created", "updated", "unchanged", "refused")
_EXTRA = {"zh-CN": ("原文件行号", "错误代码", "错误", "建议"), "en": ("line", "code", "error", "hint")}


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """An import to be done: the uploaded file by its hash (see `store.files`), its name, and how to bring it in.

    `override_reason` takes history past gates, for those who may. `dry_run` decides everything and keeps nothing.
    """

    file: str
    name: str
    plan: ImportPlan
    override_reason: str = ""
    dry_run: bool = False
    sheet: str = ""
    header_line: int = 1


def request_import(unit: Unit, request: ImportRequest) -> UUID:
    """Ask for an import in the unit's transaction; the id of its job. Raises NotPermitted, NoSuchObject."""
    require(unit, "import")
    object_of(unit, request.plan.object)
    payload = {
        "object": request.plan.object,
        "plan": request.plan.as_json(),
        "file": request.file,
        "name": request.name,
        "override_reason": request.override_reason,
        "dry_run": request.dry_run,
        "sheet": request.sheet,
        "header_line": request.header_line,
    }
    return defer(unit, KIND, payload)


def run_for_real(unit: Unit, job: Job) -> UUID:
    """Ask for the import that a dry run tried: the same file and plan. Raises NotFound unless `job` is a finished dry run."""
    require(unit, "import")
    if job.kind != KIND or not job.payload["dry_run"] or job.state is not JobState.DONE:
        raise NotFound()
    object_of(unit, job.payload["object"])
    return defer(unit, KIND, {**job.payload, "dry_run": False})


def run_import(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Do the job from wherever it stands; its result counts rows and names the file of those refused.

    Raises NotPermitted, TableUnreadable, Problems (of the plan, or every ragged row), BlobMissing; then nothing was imported.
    """
    payload = progress.job.payload
    principal = progress.principal
    plan = read_plan(payload["object"], payload["plan"])
    terms = Terms(
        principal, f"import/{progress.job.id}", payload["override_reason"].strip(), payload["dry_run"]
    )
    with (
        runtime.blobs.local(payload["file"]) as path,
        open_table(
            path, payload["name"], sheet=payload["sheet"] or None, header_line=payload["header_line"]
        ) as table,
    ):
        with runtime.reader(principal) as reader:
            require(reader, "import")
        check_plan(plan, runtime.snapshot, runtime.snapshot.access(principal, plan.object), table.columns)
        total = table.verify()
        checkpoint = _checkpoint(progress, total)
        import_table(runtime, table, plan, terms, checkpoint, skip=progress.done)
        return {"errors_file": _hand_back(runtime, progress, principal, table.columns)}


def _checkpoint(progress: Progress, total: int) -> Checkpoint:
    def keep(unit: Unit, outcome: Outcome) -> None:
        _keep(unit, progress, outcome.refused)
        progress.move(unit, progress.done + outcome.rows, tallied(progress.result, outcome), total)

    return keep


def tallied(result: Mapping[str, Any], outcome: Outcome) -> dict[str, Any]:
    """The counts so far with those of `outcome` added, and the first records that came in."""
    added = (outcome.created, outcome.updated, outcome.unchanged, len(outcome.refused))
    counts = {name: result.get(name, 0) + more for name, more in zip(COUNTS, added, strict=True)}
    records = [*result.get("records", ()), *map(str, outcome.records)][:RECORDS_NAMED]
    return {**result, **counts, "records": records}


def _keep(unit: Unit, progress: Progress, refused: list[Refusal]) -> None:
    """Keep refused rows until the end of the job, as the importer will read them."""
    if not refused:
        return
    locale = locale_of(unit.principal)
    statement = "COPY chengdan.refused_row (job, line, cells, code, message, hint) FROM STDIN"
    with unit.connection.cursor().copy(statement) as stream:
        for refusal in refused:
            codes = "; ".join(dict.fromkeys(error.code for error in refusal.errors))
            messages = "; ".join(dict.fromkeys(error.message(locale) for error in refusal.errors))
            hints = "; ".join(dict.fromkeys(filter(None, (error.hint(locale) for error in refusal.errors))))
            stream.write_row(
                (progress.job.id, refusal.line, spoken_cells(refusal.cells), codes, messages, hints)
            )


def _hand_back(
    runtime: Runtime, progress: Progress, principal: Principal, columns: tuple[str, ...]
) -> str | None:
    """Write the refused rows to a CSV file with their lines and reasons, which can be mended and imported again."""
    if not progress.result.get("refused"):
        return None
    header = (*columns, *_EXTRA[locale_of(principal)])
    with tempfile.TemporaryDirectory(prefix="chengdan-import-") as folder:
        path = Path(folder) / "refused.csv"
        write_table(path, header, _refused(runtime, progress.job.id), format="csv")
        with path.open("rb") as file:
            stored = runtime.blobs.put(file, name=path.name)
    return stored.sha256


def _refused(runtime: Runtime, job: UUID) -> Iterator[list[Cell]]:
    with runtime.pool.connection() as connection, connection.cursor(name="refused") as cursor:
        cursor.itersize = 2_000
        cursor.execute(
            "SELECT line, cells, code, message, hint FROM chengdan.refused_row WHERE job = %s ORDER BY line",
            (job,),
        )
        for line, cells, code, message, hint in cursor:
            yield [*cells, line, code, message, hint]
