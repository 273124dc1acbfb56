"""Work in the background: imports with their preview and their refused rows, and how far each job is."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import orjson
from starlette.datastructures import UploadFile
from starlette.responses import Response, StreamingResponse

from chengdan.run import jobs
from chengdan.run.errors import NotFound
from chengdan.run.holding import object_of, require
from chengdan.run.importer import (
    ImportPlan,
    ImportRequest,
    SavedMapping,
    preview,
    read_plan,
    request_import,
    save_mapping,
    saved_mappings,
)
from chengdan.run.jobs import Job, JobState
from chengdan.store.files import safe_name
from chengdan.web.call import Call, bad_request
from chengdan.web.endpoint import Endpoint, json_response
from chengdan.web.exports import MEDIA_TYPES
from chengdan.web.files import attachment, chunks
from chengdan.web.records import ALL

TAG = "jobs"
CHUNK_BYTES = 1 << 18
MAX_REASON = 2_000


class Given(NamedTuple):
    """The table in a form: the upload, and what the user calls it."""

    file: UploadFile
    name: str


def preview_import(call: Call) -> Response:
    """What the file holds, and the field that each column probably goes to."""
    object, principal = call.path("object"), call.visitor.principal
    given = _given(call)
    with call.runtime.reader(principal) as reader:
        require(reader, "import")
        _, access = object_of(reader, object)
        saved = saved_mappings(reader, object)
    with _on_disk(given) as path:
        found = preview(call.runtime.snapshot, access, path, given.name, call.field("sheet") or None)
    columns = [
        {"name": one.name, "samples": one.samples, "suggested": one.suggested} for one in found.columns
    ]
    return json_response(
        {
            "columns": columns,
            "rows": found.rows,
            "sheet": found.sheet,
            "sheets": found.sheets,
            "encoding": found.encoding,
            "saved_mappings": [_saved_json(one) for one in saved],
        }
    )


def start_import(call: Call) -> Response:
    """Keep the file and ask for its import; 202 with the job's id."""
    object, principal = call.path("object"), call.visitor.principal
    plan = read_plan(object, _json_field(call, "mapping"), call.field("key"))
    given = _given(call)
    with call.runtime.reader(principal) as reader:
        require(reader, "import")
        object_of(reader, object)
    limit = call.runtime.config.max_upload_mb << 20
    stored = call.runtime.blobs.put(given.file.file, name=given.name, max_bytes=limit)
    request = ImportRequest(
        stored.sha256,
        given.name,
        plan,
        call.field("override_reason")[:MAX_REASON],
        call.field("dry_run") in ("true", "1"),
        call.field("sheet"),
    )
    with call.runtime.unit(principal) as unit:
        if call.field("save_as").strip():
            save_mapping(unit, call.field("save_as"), plan)
        id = request_import(unit, request)
    return json_response({"job": id}, 202, {"location": f"/api/jobs/{id}"})


def list_jobs(call: Call) -> Response:
    with call.runtime.reader(call.visitor.principal) as reader:
        return json_response({"items": [job_json(job) for job in jobs.list_jobs(reader)]})


def get_job(call: Call) -> Response:
    return json_response(job_json(_job(call)))


def cancel_job(call: Call) -> Response:
    with call.runtime.unit(call.visitor.principal) as unit:
        return json_response(job_json(jobs.cancel(unit, call.path_id())))


def refused_rows(call: Call) -> Response:
    """The rows that were refused, as CSV with their lines and reasons."""
    file = _job(call).result.get("errors_file")
    if not file:
        raise NotFound()
    headers = attachment("refused.csv")
    return StreamingResponse(chunks(call.runtime.blobs.open(file)), 200, headers, media_type="text/csv")


def made_file(call: Call) -> Response:
    """The file that a job made."""
    job = _job(call)
    file, name = job.result.get("file"), str(job.result.get("file_name") or "file")
    if not file:
        raise NotFound()
    media_type = MEDIA_TYPES.get(name.rpartition(".")[2], "application/octet-stream")
    return StreamingResponse(
        chunks(call.runtime.blobs.open(file)), 200, attachment(name), media_type=media_type
    )


def _job(call: Call) -> Job:
    with call.runtime.reader(call.visitor.principal) as reader:
        return jobs.get(reader, call.path_id())


def job_json(job: Job) -> dict[str, Any]:
    """A job as the page shows it."""
    result = job.result
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "object": job.payload.get("object"),
        "name": job.payload.get("name"),
        "dry_run": job.payload.get("dry_run", False),
        "done": job.done,
        "total": job.total,
        "created": result.get("created", 0),
        "updated": result.get("updated", 0),
        "unchanged": result.get("unchanged", 0),
        "refused": result.get("refused", 0),
        "message": result.get("error", {}).get("message"),
        "errors": result.get("error", {}).get("reasons", []),
        "errors_url": f"/api/jobs/{job.id}/errors" if result.get("errors_file") else None,
        "file_url": f"/api/jobs/{job.id}/file" if result.get("file") else None,
        "rows": result.get("rows"),
        "size": result.get("size"),
        "audit": _audit_json(job),
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "cancelling": job.cancel and job.state is JobState.RUNNING,
    }


def _audit_json(job: Job) -> Mapping[str, Any] | None:
    """What a verification found, once it is done."""
    if "findings" not in job.result:
        return None
    return {name: job.result[name] for name in ("events", "seals", "head", "findings")}


def _saved_json(saved: SavedMapping) -> Mapping[str, Any]:
    """A kept plan as the page's form takes it: column → field."""
    return {
        "name": saved.name,
        "mapping": _simple(saved.plan),
        "plan": saved.plan.as_json(),
        "key": saved.plan.key or None,
    }


def _simple(plan: ImportPlan) -> dict[str, str | None]:
    return {column: targets[0].field if targets else None for column, targets in plan.columns.items()}


def _given(call: Call) -> Given:
    file = call.form.get("file")
    if not isinstance(file, UploadFile):
        raise bad_request("file", "缺少文件", "the file is missing")
    return Given(file, safe_name(file.filename or "file"))


def _json_field(call: Call, name: str) -> Any:
    try:
        return orjson.loads(call.field(name))
    except orjson.JSONDecodeError:
        raise bad_request(name, "不是合法的 JSON", "it is not valid JSON") from None


@contextmanager
def _on_disk(given: Given) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="chengdan-preview-") as target:
        while chunk := given.file.file.read(CHUNK_BYTES):
            target.write(chunk)
        target.flush()
        yield Path(target.name)


def _form(required: list[str], **more: Any) -> dict[str, Any]:
    properties = {"file": {"type": "string", "format": "binary"}, "sheet": {"type": "string"}, **more}
    return {"type": "object", "required": ["file", *required], "properties": properties}


_TEXT = {"type": "string"}
_IMPORT = _form(
    ["mapping"],
    mapping={"type": "string", "contentMediaType": "application/json"},
    key=_TEXT,
    dry_run={"type": "boolean"},
    override_reason=_TEXT,
    save_as=_TEXT,
)
ENDPOINTS = (
    Endpoint(
        "POST",
        f"{ALL}/import/preview",
        preview_import,
        "What a file holds",
        TAG,
        upload=True,
        body=_form([]),
        per_object=True,
    ),
    Endpoint(
        "POST",
        f"{ALL}/import",
        start_import,
        "Import a file",
        TAG,
        status=202,
        upload=True,
        body=_IMPORT,
        per_object=True,
    ),
    Endpoint("GET", "/api/jobs", list_jobs, "Own jobs", TAG),
    Endpoint("GET", "/api/jobs/{id}", get_job, "How far a job is", TAG),
    Endpoint(
        "GET",
        "/api/jobs/{id}/file",
        made_file,
        "The file that a job made",
        TAG,
        media_type="application/octet-stream",
    ),
    Endpoint("POST", "/api/jobs/{id}/cancel", cancel_job, "Stop a job", TAG),
    Endpoint(
        "GET", "/api/jobs/{id}/errors", refused_rows, "The refused rows as CSV", TAG, media_type="text/csv"
    ),
)
