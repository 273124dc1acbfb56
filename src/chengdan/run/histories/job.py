"""An event log brought in as a job: asked for in a request, told by a worker, its refused traces handed back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from chengdan.base.label import Label
from chengdan.run.histories.looking import look
from chengdan.run.histories.plan import HistoryPlan, check_history, read_history
from chengdan.run.histories.telling import REASON, Checkpoint, Told, require_telling, tell_log
from chengdan.run.importer.batch import Terms
from chengdan.run.importer.refused import hand_back, keep
from chengdan.run.jobs import Progress, defer, locale_of
from chengdan.run.runtime import Runtime
from chengdan.store.unit import Unit

KIND = "history"
RECORDS_NAMED = 20
_EVENTS, _TRACE = Label("事件数", "events"), Label("第几条", "trace")


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """A log to be told: the uploaded file by its hash (see `store.files`), its name, and how. `dry_run` keeps nothing."""

    file: str
    name: str
    plan: HistoryPlan
    override_reason: str = ""
    dry_run: bool = False


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
    }
    return defer(unit, KIND, payload)


def run_history(runtime: Runtime, progress: Progress) -> Mapping[str, Any]:
    """Do the job from wherever it stands; its result counts traces and events and names the file of those refused.

    The whole log is read before the first trace is told. Raises NotPermitted, XesUnreadable, Problems, BlobMissing.
    """
    payload = progress.job.payload
    plan = read_history(payload["plan"])
    reason = payload["override_reason"].strip() or REASON
    terms = Terms(progress.principal, f"import/{progress.job.id}", reason, payload["dry_run"])
    with runtime.reader(progress.principal) as reader:
        require_telling(reader)
        check_history(plan, reader.snapshot, progress.principal)
    with runtime.blobs.local(payload["file"]) as path:
        log = look(path, payload["name"])
        tell_log(runtime, path, plan, terms, _checkpoint(progress, log.traces), skip=progress.done)
    columns = (plan.fields[plan.key], _EVENTS.text(locale_of(progress.principal)))
    file = hand_back(runtime, progress, columns, _TRACE)
    return {"errors_file": file, "since": log.since, "until": log.until}


def _checkpoint(progress: Progress, total: int) -> Checkpoint:
    def move(unit: Unit, told: Told) -> None:
        keep(unit, progress, told.refused)
        progress.move(unit, progress.done + told.traces, _tallied(progress.result, told), total)

    return move


def _tallied(result: Mapping[str, Any], told: Told) -> dict[str, Any]:
    """The counts so far with those of `told` added, the first records."""
    added = {
        "created": told.created,
        "unchanged": told.present,
        "refused": len(told.refused),
        "events": told.events,
        "unknown": told.unknown,
    }
    counts = {name: result.get(name, 0) + more for name, more in added.items()}
    records = [*result.get("records", ()), *map(str, told.records)][:RECORDS_NAMED]
    return {**result, **counts, "records": records}
