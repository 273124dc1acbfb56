"""An event log brought in as a job: asked for in a request, told by a worker, its refused traces handed back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from chengdan.base.label import Label
from chengdan.run.histories.columns import NO_COLUMNS, LogColumns, read_columns
from chengdan.run.histories.looking import look
from chengdan.run.histories.plan import HistoryPlan, check_history, read_history
from chengdan.run.histories.source import LogFile
from chengdan.run.histories.telling import REASON, require_telling, tell_log
from chengdan.run.histories.trace import NAME
from chengdan.run.importer.outcome import Terms
from chengdan.run.importer.refused import header
from chengdan.run.importer.tally import checkpoint
from chengdan.run.jobs import Progress, defer, locale_of
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Unit

KIND = "history"
_EVENTS, _TRACE = Label("事件数", "events"), Label("第几条", "trace")


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """A log to be told: the uploaded file by its hash (see `store.files`), its name, and how; `columns` where it is a table.

    `dry_run` decides everything and keeps nothing.
    """

    file: str
    name: str
    plan: HistoryPlan
    override_reason: str = ""
    dry_run: bool = False
    columns: LogColumns = NO_COLUMNS


def request_history(unit: Unit, request: HistoryRequest) -> UUID:
    """Ask for it in the unit's transaction; the id of its job. Raises NotPermitted, and Problems of the plan."""
    require_telling(unit)
    check_history(request.plan, unit.snapshot, unit.principal)
    payload = {
        "object": request.plan.object,
        "plan": request.plan.as_json(),
        "file": request.file,
        "name": request.name,
        "override_reason": request.override_reason,
        "dry_run": request.dry_run,
        "columns": request.columns.as_json(),
    }
    return defer(unit, KIND, payload)


def run_history(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Do the job from wherever it stands; its result counts traces and events and has the header of those refused.

    The whole log is read before the first trace is told. Raises NotPermitted, XesUnreadable, TableUnreadable,
    Problems, BlobMissing.
    """
    payload = progress.job.payload
    plan = read_history(payload["plan"])
    reason = payload["override_reason"].strip() or REASON
    terms = Terms(progress.principal, f"import/{progress.job.id}", reason, payload["dry_run"])
    with runtime.reader(progress.principal) as reader:
        require_telling(reader)
        check_history(plan, reader.snapshot, progress.principal)
    columns = read_columns(payload.get("columns", {}))
    attribute = plan.fields[plan.key]
    called = columns.case if columns.case and attribute == NAME else attribute
    told = header(progress, (called, _EVENTS.text(locale_of(progress.principal))), _TRACE)
    with runtime.blobs.local(payload["file"]) as path:
        file = LogFile(path, payload["name"], ZoneInfo(progress.principal.time_zone), columns)
        log = look(file.traces())
        move = checkpoint(progress, log.traces, told)
        tell_log(runtime, file.traces(), plan, terms, move, skip=progress.done)
    return {"since": log.since, "until": log.until}
