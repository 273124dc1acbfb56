"""Event logs: what one holds, the sets that are known, and telling one as records with their history."""

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from starlette.responses import Response

from chengdan.base.label import Label
from chengdan.kernel.snapshot import Snapshot
from chengdan.run.errors import NotFound
from chengdan.run.histories.columns import NO_COLUMNS, LogColumns, read_columns, samples_of, suggest_columns
from chengdan.run.histories.job import HistoryRequest, request_history
from chengdan.run.histories.looking import MAX_EVENTS, Look, look, meanings, plans_for
from chengdan.run.histories.plan import read_history
from chengdan.run.histories.saved import save_history, saved_histories
from chengdan.run.histories.sets import HistorySet, add_set, shipped_sets
from chengdan.run.histories.source import LogFile
from chengdan.run.histories.telling import require_telling
from chengdan.run.publish import validated
from chengdan.run.tabular import open_table
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.imports import APP, MAX_REASON, TAG, form_of, given_file, json_field, on_disk

ALL = "/api/histories"


def preview(call: Call) -> Response:
    """What a log holds, and how it may become records: by which sets, and by which pipelines.

    Of a table also its columns, and which of them tell of events: as given, else as they seem to.
    """
    given, principal = given_file(call), call.visitor.principal
    with call.runtime.reader(principal) as reader:
        require_telling(reader)
        snapshot, saved = reader.snapshot, saved_histories(reader)
    zone, columns = ZoneInfo(principal.time_zone), _columns_of(call)
    with on_disk(given) as path:
        file = LogFile(path, given.name, zone, columns)
        table = None
        if file.is_table:
            with open_table(path, given.name) as opened:
                columns = columns if call.field("columns") else suggest_columns(opened, zone)
                table = {"columns": samples_of(opened), "chosen": columns.as_json()}
        file = replace(file, columns=columns)
        found = look(file.traces(), MAX_EVENTS) if columns.whole or table is None else Look()
    return json_response(
        {
            **_look_json(found),
            "table": table,
            "sets": [
                _set_json(one, found, snapshot) for one in shipped_sets(APP).values() if found.known(one.plan)
            ],
            "plans": [
                {"plan": plan.as_json(), "known": found.known(plan)}
                for plan in plans_for(found, snapshot, principal)
            ],
            "saved": [
                {"name": one.name, "plan": one.plan.as_json(), "columns": one.columns.as_json()}
                for one in saved
            ],
        }
    )


def start(call: Call) -> Response:
    """Keep the log and ask for it to be told; 202 with the job's id."""
    given, principal = given_file(call), call.visitor.principal
    with call.runtime.reader(principal) as reader:
        require_telling(reader)
    plan = _set_of(call.field("set")).plan if call.field("set") else read_history(json_field(call, "plan"))
    columns = _columns_of(call)
    limit = call.runtime.config.max_upload_mb << 20
    stored = call.runtime.blobs.put(given.file.file, name=given.name, max_bytes=limit)
    reason, dry_run = call.field("override_reason")[:MAX_REASON], call.field("dry_run") in ("true", "1")
    with call.runtime.unit(principal) as unit:
        id = request_history(unit, HistoryRequest(stored.sha256, given.name, plan, reason, dry_run, columns))
        if call.field("save_as").strip():
            save_history(unit, call.field("save_as"), plan, columns)
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


def add(call: Call) -> Response:
    """Publish the definitions that a set needs."""
    call.close()
    snapshot = add_set(call.runtime, call.visitor.principal, _set_of(call.path("set")))
    return json_response({"version": snapshot.version})


def _columns_of(call: Call) -> LogColumns:
    return read_columns(json_field(call, "columns")) if call.field("columns") else NO_COLUMNS


def _look_json(found: Look) -> dict[str, Any]:
    fault = found.fault
    return {
        "traces": found.traces,
        "events": found.events,
        "whole": found.whole,
        "since": found.since,
        "until": found.until,
        "unreadable": found.unreadable,
        "fault": fault and Label(fault.message("zh-CN"), fault.message("en")),
        "attributes": [{"name": name, "samples": values} for name, values in found.attributes.items()],
        "activities": [{"name": name, "count": count} for name, count in found.activities.most_common()],
    }


def _set_of(name: str) -> HistorySet:
    found = shipped_sets(APP).get(name)
    if found is None:
        raise NotFound(path="set")
    return found


def _set_json(found: HistorySet, log: Look, snapshot: Snapshot) -> dict[str, Any]:
    """A set as the page shows it: what it adds, and what each activity of the log means by it."""
    ready = found.is_in(snapshot)
    whole = snapshot if ready else validated(found.added_to(snapshot))
    objects = [name for name in whole.objects if name not in snapshot.objects]
    return {
        "name": found.name,
        "label": found.label,
        "known": log.known(found.plan),
        "ready": ready,
        "adds": [whole.objects[name].plural for name in objects],
        "roles": [whole.roles[name].label for name in found.roles if name in whole.roles],
        "meanings": meanings(found.plan, whole),
    }


_TEXT = {"type": "string"}
_LOOK = form_of([], columns={"type": "string", "contentMediaType": "application/json"})
_TELL = form_of(
    [],
    plan={"type": "string", "contentMediaType": "application/json"},
    set=_TEXT,
    columns={"type": "string", "contentMediaType": "application/json"},
    dry_run={"type": "boolean"},
    override_reason=_TEXT,
    save_as=_TEXT,
)
ENDPOINTS = (
    Endpoint("POST", f"{ALL}/preview", preview, "What an event log holds", TAG, upload=True, body=_LOOK),
    Endpoint("POST", ALL, start, "Tell an event log as records", TAG, status=202, upload=True, body=_TELL),
    Endpoint("POST", f"{ALL}/sets/{{set}}", add, "Add the definitions of a set", TAG),
)
