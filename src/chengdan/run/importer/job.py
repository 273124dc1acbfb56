"""An import as a job: asked for in a request, done by a worker, its refused rows handed back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chengdan.run.errors import NotFound
from chengdan.run.holding import object_of, require
from chengdan.run.importer.batch import import_table
from chengdan.run.importer.outcome import Terms
from chengdan.run.importer.plan import ImportPlan, check_plan, read_plan
from chengdan.run.importer.refused import header
from chengdan.run.importer.tally import checkpoint
from chengdan.run.jobs import Job, JobState, Progress, defer
from chengdan.run.runtime import Runtime
from chengdan.run.tabular import open_table
from chengdan.store.unit import Unit

KIND = "import"


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
    if not job.payload.get("dry_run") or job.state is not JobState.DONE:
        raise NotFound()
    object_of(unit, job.payload["object"])
    return defer(unit, job.kind, {**job.payload, "dry_run": False})


def run_import(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Do the job from wherever it stands; its result counts rows and has the header of those refused.

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
        move = checkpoint(progress, total, header(progress, table.columns))
        import_table(runtime, table, plan, terms, move, skip=progress.done)
        return {}
