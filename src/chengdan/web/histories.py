"""Event logs: what one holds, the sets that are known, and telling one as records with their history."""

from typing import Any

from starlette.responses import Response

from chengdan.kernel.snapshot import Snapshot
from chengdan.run.errors import NotFound
from chengdan.run.histories.job import HistoryRequest, request_history
from chengdan.run.histories.looking import MAX_EVENTS, Look, look, meanings, plans_for
from chengdan.run.histories.plan import read_history
from chengdan.run.histories.sets import HistorySet, add_set, shipped_sets
from chengdan.run.histories.telling import require_telling
from chengdan.run.publish import validated
from chengdan.web.call import Call
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.imports import MAX_REASON, TAG, form_of, given_file, json_field, on_disk

ALL = "/api/histories"
APP = "chengdan.sales"
"""Where the sets lie that are shipped."""


def preview(call: Call) -> Response:
    """What a log holds, and how it may become records: by which sets, and by which pipelines."""
    given, principal = given_file(call), call.visitor.principal
    with call.runtime.reader(principal) as reader:
        require_telling(reader)
        snapshot = reader.snapshot
    with on_disk(given) as path:
        found = look(path, given.name, MAX_EVENTS)
    plans = plans_for(found, snapshot, principal)
    return json_response(
        {
            "traces": found.traces,
            "events": found.events,
            "whole": found.whole,
            "since": found.since,
            "until": found.until,
            "attributes": [{"name": name, "samples": values} for name, values in found.attributes.items()],
            "activities": [{"name": name, "count": count} for name, count in found.activities.most_common()],
            "sets": [
                _set_json(one, found, snapshot) for one in shipped_sets(APP).values() if found.known(one.plan)
            ],
            "plans": [{"plan": plan.as_json(), "known": found.known(plan)} for plan in plans],
        }
    )


def start(call: Call) -> Response:
    """Keep the log and ask for it to be told; 202 with the job's id."""
    given, principal = given_file(call), call.visitor.principal
    with call.runtime.reader(principal) as reader:
        require_telling(reader)
    plan = _set_of(call.field("set")).plan if call.field("set") else read_history(json_field(call, "plan"))
    limit = call.runtime.config.max_upload_mb << 20
    stored = call.runtime.blobs.put(given.file.file, name=given.name, max_bytes=limit)
    reason, dry_run = call.field("override_reason")[:MAX_REASON], call.field("dry_run") in ("true", "1")
    with call.runtime.unit(principal) as unit:
        id = request_history(unit, HistoryRequest(stored.sha256, given.name, plan, reason, dry_run))
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


def add(call: Call) -> Response:
    """Publish the definitions that a set needs."""
    call.close()
    snapshot = add_set(call.runtime, call.visitor.principal, _set_of(call.path("set")))
    return json_response({"version": snapshot.version})


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
        "roles": [whole.roles[name].label for name in found.plan.grant if name in whole.roles],
        "meanings": meanings(found.plan, whole),
    }


_TEXT = {"type": "string"}
_TELL = form_of(
    [],
    plan={"type": "string", "contentMediaType": "application/json"},
    set=_TEXT,
    dry_run={"type": "boolean"},
    override_reason=_TEXT,
)
ENDPOINTS = (
    Endpoint(
        "POST", f"{ALL}/preview", preview, "What an event log holds", TAG, upload=True, body=form_of([])
    ),
    Endpoint("POST", ALL, start, "Tell an event log as records", TAG, status=202, upload=True, body=_TELL),
    Endpoint("POST", f"{ALL}/sets/{{set}}", add, "Add the definitions of a set", TAG),
)
